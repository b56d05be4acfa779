"""The tests of durability notice when a guard is missing: each is removed once, and the check must find it."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.durability import checks
from tests.durability.databases import ON_POSTGRES
from tests.durability.site import tampered

pytestmark = pytest.mark.xdist_group("durability")
DJANGO_DEFAULTS = {"transaction_mode": None, "timeout": 5, "init_command": None}


def found(faults: list[str], part: str) -> bool:
    print(f"{len(faults)} faults: {faults[:3]}")
    return any(part in fault for fault in faults)


def meets(check: Callable[..., list[str]], part: str) -> bool:
    """Whether a check finds the fault in one of six goes: requests at the same time need not meet."""
    return any(found(check(rounds=2), part) for _ in range(6))


def test_without_the_key_an_answer_is_stored_more_than_once(cast):
    site = cast(tampered("take_everything_for_new"))
    site.start()

    assert found(checks.double_sends(site, rounds=1), "submissions of one comparison")
    assert found(checks.two_tabs(site, rounds=1), "2 saved, 0 told")
    assert found(checks.lost_answers(site, rounds=2), "2 submissions of one comparison")


def test_without_counting_places_the_overlap_is_exceeded(cast):
    site = cast(tampered("count_no_places"))
    site.start()

    assert found(checks.crowd(site, study="guards"), "handed out 6 times")


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite locks the file")
def test_without_row_locks_raters_meet_errors(cast):
    site = cast(tampered("lock_no_rows"))
    site.start(workers=2, threads=8)

    assert found(checks.crowd(site), "told 500")


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite locks the file")
def test_without_taking_turns_a_rater_who_sends_twice_meets_errors(cast):
    site = cast(tampered("take_no_turns"))
    site.start(threads=8)

    assert meets(partial(checks.double_sends, site), "told 500")
    assert meets(partial(checks.two_tabs, site), "1 saved, 0 told")
    assert meets(partial(checks.double_undos, site), "told 500")


@pytest.mark.skipif(ON_POSTGRES, reason="settings of SQLite")
def test_with_the_usual_settings_of_sqlite_writers_meet_errors(cast):
    site = cast(tampered("serve_anyway", sqlite=DJANGO_DEFAULTS))
    site.start(workers=2, threads=8)

    assert found(checks.writers(site), "told 500")


def test_with_answers_acknowledged_before_they_are_stored_a_kill_loses_some(cast):
    site = cast(tampered("acknowledge_first"))
    site.start()

    assert found(checks.killed_server(site, study="guards", kills=1), "acknowledged and lost")


def test_without_the_reclaiming_of_tasks_a_killed_fit_is_stuck(cast):
    site = cast()
    slow, afterwards = tampered("fit_slowly"), tampered("reclaim_nothing")

    faults = checks.killed_worker(site, slow=slow, afterwards=afterwards, moments=["RUNNING"], patience=4)

    assert found(faults, "stuck")


def test_with_files_written_in_place_a_killed_export_is_seen_in_part(cast, tmp_path):
    site = cast(tampered("write_in_place"))
    (tmp_path / "out").mkdir()

    assert found(checks.killed_export(site, tmp_path / "out"), "partial")


def test_with_an_undo_that_takes_nothing_back_the_export_does_not_return(cast):
    site = cast(tampered("undo_nothing"))
    site.start()
    site.spawn(site.command("work"))

    assert found(checks.undone(site), "did not return to its bytes")


def test_without_the_sweep_and_the_look_at_the_lease_no_place_returns_and_no_answer_is_late(cast):
    site = cast(tampered("keep_leases", "never_late"))
    site.start()

    faults = checks.leases(site)

    assert found(faults, "the place did not return")
    assert found(faults, "flags [(False, False)], expected (True, False)")
