"""A build in the background tells how far it is, can be called off, and goes on where a killed worker left it."""

import threading
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.timezone import now

from feedback.datasets.actions import ask_for_release, building, cancel_build, run_build
from feedback.datasets.actions.building import Reporter
from feedback.datasets.models import Build, Release
from feedback.people.models import AuditEntry
from feedback.studies.actions import add_member
from tests import make
from tests.datasets.panel import asked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study(no_worker):
    bob = make.user("Bob")
    made = make.study(prompts=4, rater=bob)
    add_member(study=made, user=make.user("Erin"), role="engineer", by=None)
    for _ in range(6):
        make.judgement(made, bob)
    return made


@pytest.fixture
def erin(study):
    return study.memberships.get(role="engineer").user


@pytest.fixture
def build(study, erin):
    return ask_for_release(terms=asked(study, views=("pairs", "judgements")), by=erin)


@pytest.fixture
def every_step(monkeypatch):
    """Progress is told at every step, and what stands in the row then is collected, as another process sees it."""
    monkeypatch.setattr(building, "TELL_EVERY", 0)
    seen, tell = [], Reporter._tell

    def told(self, done, total):
        running = tell(self, done, total)
        seen.append(Build.objects.values("stage", "done", "total", "state").get(pk=self.build.pk))
        return running

    monkeypatch.setattr(Reporter, "_tell", told)
    return seen


def elsewhere(work):
    """Do it on a connection of its own."""

    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


def workshops():
    home = Path(settings.DATA_DIR) / "workshops"
    return list(home.iterdir()) if home.exists() else []


def test_while_the_snapshot_is_read_others_see_how_far_it_is(build, every_step):
    run_build(build_id=build.public_id)

    build.refresh_from_db()
    assert (build.state, build.release.rows) == ("ready", Release.objects.get().rows)
    assert [one["stage"] for one in every_step if one["done"] == one["total"]] == ["reading", "writing", "packing"]
    reading = [one["done"] for one in every_step if one["stage"] == "reading"]
    assert reading == sorted(reading)
    assert len(set(reading)) > 1
    assert {one["state"] for one in every_step} == {"running"}
    assert workshops() == []


def test_called_off_it_stops_at_the_next_step_and_leaves_nothing(build, erin, every_step, monkeypatch):
    tell = Reporter._tell

    def call_off(self, done, total):
        if self.stage == "writing":
            elsewhere(lambda: cancel_build(build=build, by=erin))
        return tell(self, done, total)

    monkeypatch.setattr(Reporter, "_tell", call_off)

    run_build(build_id=build.public_id)

    build.refresh_from_db()
    assert (build.state, build.release) == ("cancelled", None)
    assert "packing" not in {one["stage"] for one in every_step}
    assert not Release.objects.exists()
    assert workshops() == []
    run_build(build_id=build.public_id)
    assert not Release.objects.exists()


def test_a_build_that_is_done_stays_done(build, erin):
    run_build(build_id=build.public_id)

    assert cancel_build(build=build, by=erin).state == "ready"
    assert not AuditEntry.objects.filter(action="cancel build").exists()


def test_who_may_have_no_release_may_call_none_off(build):
    with pytest.raises(PermissionDenied):
        cancel_build(build=build, by=make.user("Charlie"))

    build.refresh_from_db()
    assert build.is_under_way


def test_a_task_that_is_taken_up_again_goes_on_where_the_killed_worker_was(build, every_step, monkeypatch):
    tell = Reporter._tell

    class Killed(BaseException):
        pass

    def killed(self, done, total):
        if self.stage == "writing":
            raise Killed
        return tell(self, done, total)

    with monkeypatch.context() as patched:
        patched.setattr(Reporter, "_tell", killed)
        with pytest.raises(Killed):
            run_build(build_id=build.public_id)
    build.refresh_from_db()
    assert build.state == "running"
    every_step.clear()

    run_build(build_id=build.public_id)

    build.refresh_from_db()
    assert build.state == "ready"
    assert "reading" not in {one["stage"] for one in every_step}
    assert workshops() == []


def test_a_release_that_cannot_be_made_fails_with_the_reason(study, erin):
    build = ask_for_release(terms=asked(study, min_judgements=9), by=erin)

    run_build(build_id=build.public_id)

    build.refresh_from_db()
    assert build.state == "failed"
    assert "fewer judgements than asked for" in build.reason


def test_a_fault_of_ours_is_told_and_raised_so_that_the_task_is_tried_again(build, monkeypatch):
    def broken(**_):
        raise RuntimeError("a fault")

    with monkeypatch.context() as patched:
        patched.setattr(building, "freeze_release", broken)
        with pytest.raises(RuntimeError, match="a fault"):
            run_build(build_id=build.public_id)
    build.refresh_from_db()
    assert (build.state, "RuntimeError" in build.reason) == ("failed", True)

    run_build(build_id=build.public_id)

    build.refresh_from_db()
    assert (build.state, build.reason) == ("ready", "")


def test_who_asks_again_for_what_is_under_way_gets_the_same_build(study, erin, build):
    assert ask_for_release(terms=asked(study, views=("pairs", "judgements")), by=erin) == build
    assert ask_for_release(terms=asked(study), by=erin) != build


def test_the_time_left_is_reckoned_from_the_rate_of_the_stage():
    started = now()
    build = Build(done=25, total=100, started_at=started, told_at=started + timedelta(seconds=10))

    assert build.left == timedelta(seconds=30)
    assert Build(total=100, started_at=started, told_at=started).left is None
    assert Build(public_id=uuid.uuid4()).left is None
