"""Comparisons with an expert's key come first, teach, and open the way to real work or not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.judging.actions import Key, hand_out, open_keys, open_round, resume
from feedback.judging.criteria import criteria_for
from feedback.judging.forms import to_screen
from feedback.judging.models import Comparison, Purpose
from feedback.judging.qualification import Stage, Verdict, agree, in_words, lesson_of, qualified, standing_of
from feedback.people.actions import rater_of
from feedback.works.models import Work
from tests import make
from tests.judging.answering import send

pytestmark = pytest.mark.django_db
ITEMS, PASS = 4, 3


def keyed_study(*people):
    """Two training and four gold comparisons, in which the work of the lesser id is the better one; then real work."""
    study = make.study(prompts=8, works=2, criteria=("lighting",), qualify_items=ITEMS, qualify_pass=PASS)
    for person in people:
        make.make_rater(study, person)
    pairs = [Work.objects.filter(prompt=prompt).order_by("pk") for prompt in study.collections.get().prompts.all()]
    keys = [
        Key(one.prompt_id, {"lighting": {one.pk: 1, other.pk: 2}}, f"Look at {one}.", gold=number >= 2)
        for number, (one, other) in enumerate(pairs[: 2 + ITEMS])
    ]
    Comparison.objects.filter(study=study).delete()  # as the import does: keys first, then the open round
    open_keys(study=study, keys=keys)
    open_round(study=study, seed=1)
    return study


def answer(study, person, *, well: bool):
    """Judge the next comparison as the key says, or the other way round."""
    assignment = make.assignment(study, person)
    best = assignment.shown_order.index(0)
    return assignment, send(assignment, step=1 if (best == 0) == well else 3)


def test_keys_are_handed_out_first_and_real_work_only_when_they_were_passed(bob):
    study, rater = keyed_study(bob), rater_of(user=bob)

    purposes = [answer(study, bob, well=number != 3)[0].comparison.purpose for number in range(2 + ITEMS)]

    assert purposes == [Purpose.TRAINING] * 2 + [Purpose.GOLD] * ITEMS
    assert (standing_of(rater, study).agreed, standing_of(rater, study).stage) == (3, Stage.WORKING)
    assert make.assignment(study, bob).comparison.purpose == Purpose.UNIFORM


def test_who_fails_gets_no_real_work(bob, charlie):
    study, rater = keyed_study(bob, charlie), rater_of(user=bob)
    for number in range(2 + ITEMS):
        answer(study, bob, well=number < 2)

    assert standing_of(rater, study).stage == Stage.FAILED
    assert not qualified(rater, study)
    assert hand_out(study=study, rater=rater) is None
    assert resume(study=study, rater=rater) is None
    assert make.assignment(study, charlie).comparison.purpose == Purpose.TRAINING


def test_until_the_last_key_is_answered_nothing_else_is_handed_out(bob):
    study, rater = keyed_study(bob), rater_of(user=bob)

    given = [hand_out(study=study, rater=rater) for _ in range(2 + ITEMS + 1)]

    assert given[-1] is None
    assert {one.comparison.purpose for one in given[:-1]} == {Purpose.TRAINING, Purpose.GOLD}
    assert standing_of(rater, study).stage == Stage.QUALIFYING


def test_an_answer_that_follows_the_lesson_does_not_count_again(bob):
    study, rater = keyed_study(bob), rater_of(user=bob)
    for number in range(2 + ITEMS):
        assignment, _ = answer(study, bob, well=number < 2)
        best = assignment.shown_order.index(0)
        send(assignment, step=1 if best == 0 else 3)

    assert standing_of(rater, study).agreed == 0


def test_after_each_answer_the_lesson_tells_the_key_as_it_stood_on_the_screen(bob):
    study = keyed_study(bob)
    well, _ = answer(study, bob, well=True)
    badly, _ = answer(study, bob, well=False)

    agreeing, differing = lesson_of(well), lesson_of(badly)

    assert (agreeing.agrees, agreeing.differs) == (True, [])
    assert (differing.agrees, differing.differs) == (False, ["Lighting"])
    assert differing.key == {"lighting": to_screen(badly, [1, 2])}
    best = "AB"[badly.shown_order.index(0)]
    other = "BA"[badly.shown_order.index(0)]
    (verdict,) = differing.verdicts
    assert verdict == Verdict("Lighting", f"{best} over {other}", f"{other} over {best}", agrees=False)
    assert differing.reason.startswith("Look at p")


@pytest.mark.parametrize(
    ("ranks", "order", "words"),
    [
        ([1, 2], [0, 1], "A over B"),
        ([1, 2], [1, 0], "B over A"),
        ([1, 1], [1, 0], "A = B"),
        ([2, 1, 2], [2, 0, 1], "C over A = B"),
        (None, [0, 1], "no answer"),
    ],
)
def test_an_order_is_told_by_letters(ranks, order, words):
    assert in_words(ranks, order) == words


def test_there_is_no_lesson_before_the_answer_nor_in_real_work(bob):
    keyed, plain = keyed_study(bob), make.study(works=2, rater=bob)

    assert lesson_of(make.assignment(keyed, bob)) is None
    assignment = make.assignment(plain, bob)
    send(assignment)
    assert lesson_of(assignment) is None
    assert qualified(rater_of(user=bob), plain)


def test_keys_are_there_for_every_rater_however_many_come(alice, bob, charlie):
    study = keyed_study(alice, bob, charlie)

    firsts = {make.assignment(study, person).comparison_id for person in (alice, bob, charlie)}

    assert len(firsts) == 1


@pytest.mark.parametrize(
    ("key", "given", "agrees"),
    [
        ([1, 2], [1, 2], True),
        ([1, 2], [2, 1], False),
        ([1, 2], [1, 1], False),
        ([1, 1], [1, 1], True),
        ([1, 1], [1, 2], False),
        ([1, 2, 2], [1, 2, 3], True),
        ([1, 2, 2], [2, 1, 3], False),
        ([1, 2], None, False),
    ],
)
def test_an_answer_agrees_where_it_sets_the_same_works_apart(key, given, agrees):
    assert agree(key, given) == agrees


@given(st.lists(st.integers(1, 4), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_any_relabelling_of_the_same_order_agrees_with_it(ranks, rng):
    steps = dict(zip(sorted(set(ranks)), sorted(rng.sample(range(1, 50), len(set(ranks)))), strict=True))

    assert agree(ranks, [steps[rank] for rank in ranks])


def test_criteria_come_in_an_order_of_each_raters_own_that_stays():
    slugs = tuple(f"criterion-{number}" for number in range(6))
    shuffled = make.study(criteria=slugs, criteria_order="shuffled")
    fixed = make.study(criteria=slugs)
    raters = [make.make_rater(shuffled, make.user(f"Rater {number}")) for number in range(12)]

    orders = [tuple(one.slug for one in criteria_for(shuffled, rater)) for rater in raters]
    random.seed(0)
    again = [tuple(one.slug for one in criteria_for(shuffled, rater)) for rater in raters]

    assert orders == again
    assert len(set(orders)) > 8
    assert {tuple(sorted(order)) for order in orders} == {slugs}
    assert [one.slug for one in criteria_for(fixed, raters[0])] == list(slugs)
