"""kill -9 of the worker while it makes works: what was made stays, the next run goes on, nothing is half."""

import hashlib
import shutil
import time
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.durability.databases import database
from tests.durability.site import Site
from tests.intake.test_leaving_out import folder
from tests.works.making import numbered, write_film

pytestmark = pytest.mark.xdist_group("durability")
WORKER = ("ox_worker", "--interval", "0.2", "--lock-timeout", "2", "--verbosity", "0")
STATE = "SELECT state, fraction FROM works_preparation"
MADE = "SELECT id, sha256, bytes, derivative FROM works_asset WHERE role <> 'original' ORDER BY id"
WITHIN = 120.0  # seconds; half a minute of them is the time that a silent run keeps its hold


@pytest.fixture
def site(static_files, tmp_path) -> Iterator[Site]:
    data = tmp_path / "data"
    data.mkdir()
    with database(data) as url:
        site = Site(data, url)
        (data / "static").symlink_to(settings.STATIC_ROOT)
        try:
            site.manage("migrate", "--verbosity", "0")
            yield site
        finally:
            site.end()


def wait_until(site: Site, reached) -> list[tuple]:
    """The derivatives once that many are made and the state is as asked for."""
    end = time.monotonic() + WITHIN
    while not reached(site.rows(STATE)[0], made := site.rows(MADE)):
        assert time.monotonic() < end, (site.rows(STATE), len(made), site.log.read_text()[-2000:])
        time.sleep(0.05)
    return made


def test_a_killed_worker_leaves_what_it_made_and_the_next_goes_on(site, tmp_path):
    path = folder(tmp_path / "films", "films", broken=())
    film = write_film(tmp_path / "film.mp4", [numbered(frame % 200, (1280, 720)) for frame in range(90)])
    for number in range(4):
        shutil.copy(film, path / "media" / f"{number}.mp4")
        with (path / "media" / f"{number}.mp4").open("ab") as file:
            file.write((9 + number).to_bytes(4) + b"free" + bytes(1 + number))  # another content each
    (path / "works.jsonl").write_text((path / "works.jsonl").read_text().replace(".png", ".mp4"))
    for name in ("judgements", "marks"):
        (path / f"{name}.jsonl").unlink()
    site.manage("import_study", str(path), "--background")

    worker = site.spawn(site.command(*WORKER))
    wait_until(site, lambda _, made: len(made) >= 3)
    site.kill(worker)
    before = site.rows(MADE)
    assert site.rows(STATE)[0][0] == "making"
    assert len(before) < 12

    site.spawn(site.command(*WORKER))
    # A film, a poster and a strip for each of four.
    after = wait_until(site, lambda state, made: state[0] == "ready" and len(made) == 12)

    assert after[: len(before)] == before
    for _, sha256, size, name in after:
        content = (site.data / "files" / "derivatives" / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (size, sha256)
    assert site.rows("SELECT opened_at IS NOT NULL FROM studies_study")[0][0]
    assert site.rows("SELECT count(*) FROM judging_comparison")[0][0] == 6
