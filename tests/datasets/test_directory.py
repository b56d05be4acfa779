"""A folder appears whole or not at all."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from feedback.datasets.actions import write_release
from feedback.datasets.actions.writing import DamagedArchive
from feedback.datasets.making.directory import ForeignDirectory, appearing
from feedback.datasets.models import Release, releases
from tests import make
from tests.datasets.panel import files, freeze, judge_all

ROOT = Path(__file__).resolve().parents[2]


def judged(person, prompts=2, **fields):
    study = make.study(prompts=prompts, **fields)
    judge_all(study, person, {f"p{prompt}-{work}": work for prompt in range(1, prompts + 1) for work in (1, 2, 3)})
    return study


def beside(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir() if path != target)


@pytest.mark.django_db
def test_a_release_replaces_the_release_that_stood_there(bob, tmp_path):
    study = judged(bob)
    write_release(freeze(study, view="judgements"), tmp_path / "out")

    write_release(freeze(study), tmp_path / "out")

    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert [view["view"] for view in manifest["views"]] == ["pairs"]
    assert not (tmp_path / "out" / "data" / "judgements").exists()
    assert beside(tmp_path / "out") == []


@pytest.mark.django_db
def test_an_empty_folder_and_missing_parents_are_taken(bob, tmp_path):
    study = judged(bob)
    (tmp_path / "empty").mkdir()

    write_release(freeze(study), tmp_path / "empty")
    write_release(freeze(study), tmp_path / "new" / "and" / "deep")

    assert files(tmp_path / "empty") == files(tmp_path / "new" / "and" / "deep") != {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["notes.txt", "manifest.json", "data/notes.txt"])
def test_a_foreign_folder_is_refused_and_left_alone(bob, tmp_path, name):
    foreign = tmp_path / "out" / name
    foreign.parent.mkdir(parents=True)
    foreign.write_text("{}")

    with pytest.raises(ForeignDirectory, match="Name another folder"):
        write_release(freeze(judged(bob)), tmp_path / "out")

    assert files(tmp_path / "out") == {name: b"{}"}
    assert beside(tmp_path / "out") == []


@pytest.mark.django_db
def test_a_release_with_notes_of_ones_own_beside_it_is_not_thrown_away(bob, tmp_path):
    study = judged(bob)
    write_release(freeze(study), tmp_path / "out")
    (tmp_path / "out" / "my-notes.md").write_text("Mine.")

    with pytest.raises(ForeignDirectory, match=r"'my-notes\.md'"):
        write_release(freeze(study, view="judgements"), tmp_path / "out")

    assert (tmp_path / "out" / "my-notes.md").read_text() == "Mine."


@pytest.mark.django_db
def test_a_file_or_a_link_where_the_folder_should_be_is_refused(bob, tmp_path):
    study = judged(bob)
    (tmp_path / "file").write_text("A file.")
    (tmp_path / "link").symlink_to(tmp_path)

    for name in ("file", "link"):
        with pytest.raises(ForeignDirectory, match="is not a folder"):
            write_release(freeze(study), tmp_path / name)


@pytest.mark.django_db
def test_a_damaged_archive_is_noticed_and_nothing_is_written(bob, tmp_path):
    release = freeze(judged(bob))
    other = freeze(*release.studies.all(), view="judgements")
    path = Path(releases().path(release.archive.name))
    whole = path.read_bytes()

    for damaged in (
        whole.replace(b"README.md", b"README.mx", 1),
        whole[: len(whole) // 2],
        whole[:200] + b"\0" + whole[201:],
        Path(releases().path(other.archive.name)).read_bytes(),
    ):
        path.write_bytes(damaged)
        with pytest.raises(DamagedArchive, match="export again"):
            write_release(release, tmp_path / "out" / "deep")

    assert files(tmp_path / "out") == {}
    write_release(other, tmp_path / "other")


def test_a_failure_on_the_way_leaves_nothing(tmp_path):
    def fail_half_way():
        with appearing(tmp_path / "out") as part:
            (part / "half").write_text("half")
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        fail_half_way()

    assert list(tmp_path.iterdir()) == []


def test_the_folder_takes_its_name_in_one_step_or_not_at_all(tmp_path, monkeypatch):
    def fail(_part, _target):
        raise OSError("the last step")

    def write():
        with appearing(tmp_path / "out") as part:
            (part / "whole").write_text("whole")

    monkeypatch.setattr(Path, "rename", fail)

    with pytest.raises(OSError, match="the last step"):
        write()

    assert list(tmp_path.iterdir()) == []


def test_what_a_living_process_is_writing_is_not_taken_for_a_leftover(tmp_path):
    with appearing(tmp_path / "out") as first:
        (first / "slow").write_text("slow")
        with appearing(tmp_path / "out") as second:
            (second / "manifest.json").write_text('{"release": "1", "files": [], "other": [{"path": "slow"}]}')
        (first / "manifest.json").write_text('{"release": "1", "files": [], "other": [{"path": "slow"}]}')

    assert (tmp_path / "out" / "slow").read_text() == "slow"
    assert beside(tmp_path / "out") == []


class Export:
    """`manage.py export_release` in a process of its own, on the tests' own database and storage."""

    def __init__(self, study, target: Path, scratch: Path) -> None:
        environment = os.environ | {
            "DATABASE_URL": _database_url(),
            "DATA_DIR": str(settings.DATA_DIR),
            "SECRET_KEY": settings.SECRET_KEY,
            "TMPDIR": str(scratch),
        }
        command = [
            sys.executable,
            "manage.py",
            "export_release",
            study.slug,
            "--out",
            str(target),
            "--view",
            "judgements",
        ]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def __enter__(self) -> subprocess.Popen[str]:
        return self.process

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.communicate()


def _database_url() -> str:
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    host = str(at["HOST"]).replace("/", "%2F")
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{host}:{at['PORT']}/{at['NAME']}"


def _kill_when(process: subprocess.Popen[str], moment: Callable[[], object]) -> bool:
    """Kill the process at the moment, or say that it ended before."""
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        if moment():
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
        time.sleep(0.0005)
    return False


@pytest.mark.django_db(transaction=True)
def test_a_killed_export_leaves_no_partial_folder_and_the_next_one_cleans_up(tmp_path):
    study = judged(make.user("Bob"), prompts=40, slug=f"killed-{uuid.uuid4().hex}")  # a storage folder of its own
    scratch, out = tmp_path / "scratch", tmp_path / "place" / "out"
    scratch.mkdir()
    stored = Path(releases().path(study.slug))
    moments = [
        Release.objects.exists,
        lambda: stored.exists() and list(stored.iterdir()),
        lambda: list(out.parent.glob("*out*")),
        lambda: list(out.parent.glob("*out*/README.md")),
        lambda: list(out.parent.glob("*out*/data/*/train-*")),
        lambda: list(out.parent.glob("*out*/manifest.json")),
    ]

    killed, seen = 0, []
    for moment in moments:
        with Export(study, out, scratch) as process:
            killed += _kill_when(process, moment)
        if out.exists():
            seen.append(files(out))
        assert list(scratch.iterdir()) == []

    assert killed >= 3
    with Export(study, out, scratch) as process:
        assert process.wait(60) == 0, process.stderr.read()
    whole = files(out)
    assert all(found == whole for found in seen)
    assert Release.objects.get().rows == 40 * 3 * 3
    assert beside(out) == []
    assert sorted(file.suffix for file in stored.iterdir()) == [".gz", ".zip"]
