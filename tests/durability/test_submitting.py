"""One answer is stored once, however often it comes and whoever comes at the same time."""

import pytest

from tests.durability import checks

pytestmark = pytest.mark.xdist_group("durability")


def test_the_same_answer_from_eight_threads_is_stored_once_and_confirmed_to_each(site):
    assert checks.double_sends(site) == []


def test_of_two_tabs_one_is_stored_and_the_other_is_told(site):
    assert checks.two_tabs(site) == []


def test_an_answer_sent_again_because_the_reply_was_lost_is_stored_once(site):
    assert checks.lost_answers(site) == []


def test_the_same_undo_from_eight_threads_takes_one_answer_back(site):
    assert checks.double_undos(site) == []


def test_eight_tabs_opened_at_once_show_a_rater_no_comparison_twice(site):
    assert checks.impatient(site) == []


def test_twelve_raters_asking_at_the_same_time_never_exceed_the_overlap(site):
    assert checks.crowd(site) == []


def test_sixteen_writers_at_the_same_time_lose_nothing(site):
    assert checks.writers(site) == []


def test_a_lease_that_runs_out_gives_its_place_back_and_the_late_answer_is_kept_and_flagged(site):
    assert checks.leases(site) == []
