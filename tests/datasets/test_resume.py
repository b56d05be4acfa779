"""An export that was broken off goes on from what it had finished, and ends with the same bytes."""

import json
import re
import shutil
import signal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from feedback.datasets.actions import freeze_release, write_release
from feedback.datasets.actions.freezing import silent
from feedback.datasets.making import shards
from feedback.datasets.making.archive import Damaged
from feedback.datasets.making.workshop import workshop
from feedback.datasets.models import Release, releases
from feedback.datasets.terms import ReleaseRefused
from feedback.works.models import Clearance
from tests import make
from tests.datasets.panel import asked, files, judge_all

pytestmark = pytest.mark.django_db
STAGES = ("reading", "writing", "packing")


class BrokenOff(BaseException):
    """As Ctrl-C, or the power, ends it."""


@pytest.fixture
def study(bob, monkeypatch):
    monkeypatch.setattr(shards, "ROWS_PER_FILE", 20)
    made = make.study(prompts=20)
    judge_all(made, bob, {f"p{prompt}-{work}": work for prompt in range(1, 21) for work in (1, 2, 3)})
    yield made
    shutil.rmtree(settings.DATA_DIR / "workshops", ignore_errors=True)


def breaking(stage, after=0):
    """Progress that breaks off at a stage, when so many steps of it are done."""

    def progress(at, done, _total):
        if at == stage and done >= after:
            raise BrokenOff

    return progress


def break_off(terms, stage, after=0):
    with pytest.raises(BrokenOff):
        freeze_release(terms=terms, progress=breaking(stage, after))


def stages_of(terms, **fields):
    """Which stages a run goes through, and its release."""
    met = []
    release = freeze_release(terms=terms, progress=lambda stage, *_: met.append(stage), **fields).release
    return list(dict.fromkeys(met)), release


def workshops():
    return sorted((Path(settings.DATA_DIR) / "workshops").iterdir())


def timeless(folder):
    """All files below the folder but for the moment it was frozen at."""
    found = files(folder)
    found["manifest.json"] = re.sub(rb'"frozen_at": "[^"]+"', b"", found["manifest.json"])
    return found


def forget(release):
    releases().delete(release.archive.name)
    releases().delete(release.index.name)
    release.delete()


@pytest.mark.parametrize("shape", [{"view": "pairs"}, {"views": ("judgements", "pairs"), "format": "parquet"}])
@pytest.mark.parametrize("stage", STAGES)
def test_resumed_at_any_stage_it_ends_with_the_same_bytes(study, tmp_path, shape, stage):
    whole = freeze_release(terms=asked(study, **shape)).release
    write_release(whole, tmp_path / "whole")
    forget(whole)

    break_off(asked(study, **shape), stage, after=30)
    assert not Release.objects.exists()
    resumed = freeze_release(terms=asked(study, **shape), resume=True).release

    write_release(resumed, tmp_path / "resumed")
    assert timeless(tmp_path / "whole") == timeless(tmp_path / "resumed")
    assert (resumed.public_id, resumed.version) == (whole.public_id, "1.0.0")
    assert workshops() == []


def test_what_was_read_is_not_read_again_and_what_was_written_is_not_written_again(study, monkeypatch):
    terms = asked(study, view="judgements")
    break_off(terms, "writing", after=60)
    written = sorted(path for path in workshops()[0].rglob("*.jsonl") if "files" in path.parts)
    again = []
    write = shards.WRITERS["jsonl"]
    monkeypatch.setitem(shards.WRITERS, "jsonl", lambda file, *args: (again.append(file.name), write(file, *args)))

    stages, release = stages_of(terms, resume=True)

    assert stages == ["writing", "packing"]
    assert len(written) >= 3
    assert len(written) + len(again) == release.files.data().count()
    assert {Path(name).name for name in again}.isdisjoint(path.name for path in written)


def test_broken_off_while_reading_it_reads_again_in_a_snapshot_of_its_own(study, alice):
    terms = asked(study, view="judgements")
    break_off(terms, "reading", after=30)
    make.make_rater(study, alice)
    make.judgement(study, alice)

    stages, release = stages_of(terms, resume=True)

    assert stages == list(STAGES)
    assert release.rows == 20 * 3 * 3 + 3


def test_without_resume_it_begins_again(study):
    terms = asked(study)
    break_off(terms, "writing")

    stages, _ = stages_of(terms)

    assert stages == list(STAGES)
    assert workshops() == []


def test_what_another_version_of_the_code_has_read_is_read_again(study, settings):
    terms = asked(study)
    break_off(terms, "writing")
    settings.CODE_VERSION = "another"

    stages, release = stages_of(terms, resume=True)

    assert (stages, release.code_version) == (list(STAGES), "another")


def test_a_file_that_the_disk_has_not_kept_is_noticed(study):
    terms = asked(study)
    break_off(terms, "packing")
    path = next(path for path in workshops()[0].rglob("train-*.jsonl"))
    path.write_bytes(path.read_bytes().replace(b"{", b"[", 1))

    with pytest.raises(Damaged, match="without --resume"):
        freeze_release(terms=terms, resume=True)

    assert not Release.objects.exists()
    assert freeze_release(terms=terms).release.rows == 180


def test_a_line_of_the_journal_that_is_half_there_is_no_file(study):
    terms = asked(study)
    break_off(terms, "writing", after=60)
    journal = workshops()[0] / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-30])

    assert freeze_release(terms=terms, resume=True).release.rows == 180


def test_a_work_taken_back_while_it_was_made_is_in_no_release(study):
    def take_back(stage, *_):
        if stage == "packing":
            Clearance.objects.filter(work__external_id="p1-1").update(may_export=False)

    with pytest.raises(ReleaseRefused, match="taken back"):
        freeze_release(terms=asked(study), progress=take_back)

    assert not Release.objects.exists()
    assert not any(Path(releases().path("")).rglob(f"{study.slug}/*"))
    assert workshops() == []


def test_a_workshop_in_which_somebody_works_is_left_to_them(study):
    with workshop("same", resume=False) as first:
        (first.folder / "mine").write_text("mine")
        with workshop("same", resume=True) as second:
            assert second.folder != first.folder
        assert (first.folder / "mine").read_text() == "mine"


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_an_export_told_to_stop_leaves_nothing_to_be_seen_and_says_how_to_go_on(study, tmp_path, monkeypatch, told):
    from feedback.progress import Progress

    show = Progress.show

    def interrupted(self, stage, done, total):
        show(self, stage, done, total)
        if stage == "writing":
            signal.raise_signal(told)

    monkeypatch.setattr(Progress, "show", interrupted)
    command = ("export_release", study.slug, "--out", str(tmp_path / "out"))

    # Shells let what they start in the background ignore SIGINT.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.raises(CommandError, match="--resume goes on") as ended:
        call_command(*command)
    signal.signal(signal.SIGINT, usual)

    assert ended.value.returncode == 130
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(Progress, "show", show)
    call_command(*command, "--resume", "--json")
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["rows"] == 180
    assert workshops() == []


def test_progress_ends_with_all_that_there_was_to_do(study):
    told = {}

    def progress(stage, done, total):
        assert 0 <= done <= total
        told[stage] = (done, total)

    release = freeze_release(terms=asked(study, view="judgements"), progress=progress).release

    assert told["reading"] == told["writing"] == (180, 180)
    assert told["packing"][0] == told["packing"][1] > 0
    assert release.rows == 180
    assert silent("reading", 1, 2) is None
