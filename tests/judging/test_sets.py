"""Sets of which only the best, or the best and the worst, are asked."""

import pytest

from feedback.judging.forms import screen_values, to_screen
from feedback.judging.models import Judgement
from tests import make
from tests.judging.answering import faults, send

pytestmark = pytest.mark.django_db


def in_hand(person, ranking):
    study = make.study(works=4, rater=person, form="set", set_size=4, ranking=ranking, criteria=("lighting",))
    return make.assignment(study, person)


def test_the_best_of_a_set_stands_before_all_others_who_are_level(bob):
    assignment = in_hand(bob, "best")

    send(assignment, step="", **{"best.lighting": "2"})

    assert to_screen(assignment, Judgement.objects.get().ranks) == [2, 2, 1, 2]


def test_the_worst_stands_after_all_others(bob):
    assignment = in_hand(bob, "best-worst")

    send(assignment, step="", **{"best.lighting": "0", "worst.lighting": "3"})

    assert to_screen(assignment, Judgement.objects.get().ranks) == [1, 2, 2, 3]


@pytest.mark.parametrize("ranking", ["best", "best-worst"])
def test_undo_brings_the_picks_back(bob, ranking):
    assignment = in_hand(bob, ranking)
    picks = {"best.lighting": "3"} | ({"worst.lighting": "1"} if ranking == "best-worst" else {})
    send(assignment, step="", **picks)

    assert dict(screen_values(assignment, Judgement.objects.get(), 0)) == picks


@pytest.mark.parametrize(
    ("ranking", "picks", "why"),
    [
        ("best", {}, "choose the best work, or 0"),
        ("best-worst", {"best.lighting": "0"}, "choose the best and the worst work, or 0"),
        ("best-worst", {"best.lighting": "0", "worst.lighting": "0"}, "one work cannot be both"),
        ("best", {"best.lighting": "4"}, "less than or equal to 3"),
        ("best", {"rank.lighting.0": "1"}, "choose the best work"),
    ],
)
def test_an_untouched_or_impossible_pick_is_refused(bob, ranking, picks, why):
    assert why in faults(in_hand(bob, ranking), step="", **picks)


def test_who_cannot_judge_picks_nothing(bob):
    send(in_hand(bob, "best-worst"), step=0)

    assert Judgement.objects.get().outcome == "cannot_judge"
