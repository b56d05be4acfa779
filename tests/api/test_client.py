"""The client against a running site: whole or not at all, through cuts, kills and damage."""

import hashlib
import json
import subprocess
import sys
import threading
import time
import zipfile
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from feedback.api.models import Upload
from feedback.client import BuildFailed, Damaged, FolderTaken, Refused, Salon, SalonError, Unreachable
from feedback.client.progress import Bar
from feedback.judging.actions import withdraw_rater
from feedback.people.actions import rater_of
from feedback.works.models import Work
from tests import make
from tests.api.caller import secret_of
from tests.api.line import line_to

ROOT = Path(__file__).resolve().parents[2]
DOWNLOADS = """
import sys
from feedback.client import Salon
Salon(sys.argv[1], sys.argv[2]).frozen(sys.argv[3]).download(sys.argv[4])
"""
STOPS = """
import time
from feedback.client import fetching
fetching._length = lambda path, whole=fetching._length: time.sleep(60) if path.exists() else whole(path)
"""  # once something has arrived, it goes no further


@pytest.fixture
def site(live_server, study, worker):
    """The running site's address and Alice's token."""
    return live_server.url, secret_of(study.memberships.get(role="lead").user)


@pytest.fixture
def salon(site):
    return Salon(*site)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def rows_in(folder: Path) -> list[dict]:
    files = sorted(folder.glob("data/*/*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_it_runs_alone_on_the_standard_library():
    code = (
        "import sys; before = set(sys.modules); import feedback.client;"
        "told = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(told - set(sys.stdlib_module_names)))"
    )

    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "['feedback']"


def test_from_an_address_and_a_token_to_a_folder_that_trains(salon, study, tmp_path):
    path = salon.study(study.slug).release(preset="trl").download(tmp_path / "release")

    assert path == (tmp_path / "release").absolute()
    assert left_in(tmp_path) == ["release"], "nothing else is left behind"
    manifest = json.loads((path / "manifest.json").read_text())
    assert (path / "README.md").read_text().startswith("---\n")
    for file in manifest["files"]:
        assert hashlib.sha256((path / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    assert len(rows_in(path)) == manifest["rows"] > 0
    assert {"prompt", "chosen", "rejected"} <= rows_in(path)[0].keys()


def test_the_same_terms_are_the_same_release_and_are_not_fetched_twice(site, study, tmp_path):
    with line_to(site[0]) as line:
        salon = Salon(line.url, site[1])
        first = salon.study(study.slug).release(preset="trl")
        first.download(tmp_path / "release")
        second = salon.study(study.slug).release(preset="trl")
        second.download(tmp_path / "release")

    assert first.id == second.id
    assert sum("/archive/" in one for one in line.requests) == 1


def test_an_earlier_release_gives_way_and_anything_else_is_left_alone(salon, study, tmp_path):
    chosen = salon.study(study.slug)
    path = chosen.release(preset="trl").download(tmp_path / "release")
    (path / "mine.txt").write_text("a note")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.png").write_text("meow")

    chosen.release(views=["judgements"]).download(path)

    assert json.loads((path / "manifest.json").read_text())["rows"] == 18
    assert not (path / "mine.txt").exists()
    with pytest.raises(FolderTaken, match="another folder"):
        chosen.release(preset="trl").download(tmp_path / "photos")
    assert left_in(tmp_path) == ["photos", "release"]
    assert left_in(tmp_path / "photos") == ["cat.png"]


def test_a_download_that_is_cut_goes_on_where_it_was(site, study, tmp_path):
    with line_to(site[0], path="/archive/", cuts=3, down=3_000) as line:
        salon = Salon(line.url, site[1])

        path = salon.study(study.slug).release(preset="trl").download(tmp_path / "release")

    asked = [int(one.removeprefix("bytes=").removesuffix("-")) for one in line.ranges()]
    assert line.cuts == 0
    assert len(asked) == 3, "the first asks for the whole"
    assert asked == sorted(set(asked))
    assert asked[0] > 0
    assert rows_in(path)
    assert left_in(tmp_path) == ["release"]


def test_a_line_that_lets_nothing_through_ends_with_what_to_do(site, study, tmp_path, monkeypatch):
    monkeypatch.setattr("feedback.client.connection.time.sleep", lambda _: None)
    with line_to(site[0], path="/archive/") as line:
        release = Salon(line.url, site[1]).study(study.slug).release(preset="trl")
        line.cuts, line.down = 10**6, 0
        with pytest.raises(Unreachable, match="did not answer"):
            release.download(tmp_path / "release")
        line.cuts = 0

        assert rows_in(release.download(tmp_path / "release"))


def test_what_arrives_damaged_is_not_kept(site, study, tmp_path):
    with line_to(site[0], path="/archive/", spoils=1) as line:
        release = Salon(line.url, site[1]).study(study.slug).release(preset="trl")

        with pytest.raises(Damaged, match="checksum"):
            release.download(tmp_path / "release")
        after = left_in(tmp_path)
        path = release.download(tmp_path / "release")

    assert after == []
    assert rows_in(path)


def test_a_killed_download_leaves_no_folder_and_the_next_goes_on(site, study, tmp_path):
    release = Salon(*site).study(study.slug).release(preset="trl")
    with line_to(site[0], path="/archive/", cuts=1, down=4_000) as line:
        target = tmp_path / "release"
        asked = [line.url, site[1], release.id, str(target)]
        started = subprocess.Popen([sys.executable, "-c", STOPS + DOWNLOADS, *asked], cwd=ROOT)
        part = tmp_path / f".release.{release.id}.part"
        until(lambda: part.exists() and part.stat().st_size > 1_000)
        started.kill()
        started.wait()
        had = part.stat().st_size
        seen = target.exists()

        subprocess.run([sys.executable, "-c", DOWNLOADS, *asked], cwd=ROOT, check=True)

    assert not seen
    assert line.ranges() == [f"bytes={had}-"]
    assert rows_in(target)
    assert left_in(tmp_path) == ["release"]


def until(holds) -> None:
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("It never came to hold.")


def test_a_superseded_release_is_refused_with_the_reason(salon, study, bob, tmp_path):
    release = salon.study(study.slug).release(preset="trl")
    withdraw_rater(study=study, rater=rater_of(user=bob), reason="withdrawn", by=None)

    with pytest.raises(Refused, match="withdrew") as refused:
        release.download(tmp_path / "release")

    assert refused.value.status == 410
    assert left_in(tmp_path) == []


def test_refusals_say_what_where_and_what_to_do(salon, site, study):
    chosen = salon.study(study.slug)

    with pytest.raises(Refused, match=r"preset: .*is none of: .*trl-chat"):
        chosen.release(preset="trll")
    with pytest.raises(Refused, match="There is nothing here"):
        salon.study("none")
    with pytest.raises(Refused, match="/tokens/"):
        Salon(site[0], "salon_00000000_wrong").studies()
    with pytest.raises(Refused, match="Is this the address of a Salon"):
        Salon(site[0], site[1]).connection.json("GET", "/api/../nothing/")


def test_a_build_that_fails_says_why(salon, alice):
    empty = make.study(lead=alice)

    with pytest.raises(BuildFailed, match="judge"):
        salon.study(empty.slug).release(preset="trl")


def test_a_wait_that_is_too_long_ends(salon, study, settings):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}

    with pytest.raises(Unreachable, match="still waiting"):
        salon.study(study.slug).release(preset="trl", timeout=0.5)


def test_it_waits_as_long_as_the_site_asks(salon, study, settings):
    settings.API_ALLOWANCES = settings.API_ALLOWANCES | {"reading": (2, timedelta(seconds=2))}
    began = time.monotonic()

    for _ in range(4):
        salon.studies()

    assert 1 < time.monotonic() - began < 20


def test_judgements_come_one_at_a_time_and_a_cut_is_told(site, salon, study):
    whole = list(salon.study(study.slug).judgements())
    lighting = list(salon.study(study.slug).judgements(criterion="lighting"))
    with line_to(site[0], path="ndjson", cuts=1, down=4_000) as line:
        broken = Salon(line.url, site[1]).study(study.slug).judgements()
        with pytest.raises(Unreachable, match="broke off"):
            list(broken)

    assert (len(whole), len(lighting)) == (18, 6)


def test_works_with_their_files_arrive_through_cuts(site, study, tmp_path):
    from PIL import Image

    (tmp_path / "pictures").mkdir()
    for number in range(2):
        Image.effect_noise((200, 150), 60 + number).save(tmp_path / "pictures" / f"{number}.png")
    rows = [
        {
            "id": f"new-{number}",
            "prompt": "new",
            "generator": "g",
            "file": f"pictures/{number}.png",
            "licence": "CC0-1.0",
        }
        for number in range(2)
    ]
    with line_to(site[0], path="PATCH ", cuts=2, up=10_000) as line:
        chosen = Salon(line.url, site[1]).study(study.slug)
        prompts = chosen.add_prompts([{"id": "new", "text": "A new prompt."}])
        works = chosen.add_works(rows, media=tmp_path)
        again = chosen.add_works(rows, media=tmp_path)

    sent = [one for one in line.requests if one.startswith("PATCH")]
    offsets = [int(one.lower().split("upload-offset: ")[1].split("\r")[0]) for one in sent]
    assert prompts.added == ["new"]
    assert works.added == ["new-0", "new-1"]
    assert again.unchanged == ["new-0", "new-1"]
    assert line.cuts == 0
    assert any(0 < offset < 30_000 for offset in offsets), offsets
    assert Work.objects.filter(external_id__startswith="new-", medium="image").count() == 2
    assert not Upload.objects.exists()


def test_many_rows_are_sent_in_portions(salon, study, monkeypatch):
    monkeypatch.setattr("feedback.client.salon.ROWS_AT_ONCE", 10)

    told = salon.study(study.slug).add_prompts(
        [{"id": f"n{number:02}", "text": f"Text {number}."} for number in range(25)]
    )

    assert told.added == [f"n{number:02}" for number in range(25)]
    assert sum(1 for _ in salon.study(study.slug).prompts()) == 27


# What it never does.


@pytest.mark.parametrize("url", ["http://salon.example", "http://10.0.0.7:8000", "ftp://salon.example", "https://"])
def test_a_token_is_not_sent_in_the_clear_to_another_machine(url):
    with pytest.raises(SalonError, match=r"https://"):
        Salon(url, "secret")


def test_plain_http_may_be_allowed_and_is_meant_for_this_machine():
    assert Salon("http://10.0.0.7", "secret", insecure=True).connection.origin == "http://10.0.0.7"
    assert Salon("http://[::1]:8000", "secret").connection.origin == "http://[::1]:8000"
    assert "secret" not in repr(Salon("salon.example", "secret"))


def test_it_follows_no_redirect_with_the_token():
    heard = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/stolen/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(Refused, match="leads on to"):
            Salon(f"http://127.0.0.1:{server.server_port}", "secret").studies()
        server.shutdown()

    assert heard == ["/api/v1/studies/"], "nothing more, and nothing elsewhere"


@pytest.mark.parametrize("name", ["../outside", "/absolute", "a/../../outside", "C:\\x", "..\\outside"])
def test_an_archive_that_leads_out_of_its_folder_is_refused(tmp_path, name):
    from feedback.client.folder import unpack

    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("manifest.json", "{}")
        archive.writestr(name, "x")

    with pytest.raises(Damaged, match="outside"):
        unpack(tmp_path / "bad.zip", tmp_path / "in" / "release")

    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "in" / "release").exists()


def test_the_bar_speaks_on_stderr_and_only_to_somebody(capsys):
    with Bar("one.zip", 100, unit="B", show=True) as bar:
        bar.at(50)
        bar.at(100)
    with Bar("two.zip", 100) as bar:
        bar.at(100)

    out, err = capsys.readouterr()
    assert out == ""
    assert "one.zip [" in err
    assert "100%" in err
    assert "two.zip" not in err


def test_an_address_that_nobody_answers_at_is_said_so(monkeypatch):
    monkeypatch.setattr("feedback.client.connection.time.sleep", lambda _: None)

    with pytest.raises(Unreachable, match="did not answer"):
        Salon("http://127.0.0.1:9", "secret").studies()
