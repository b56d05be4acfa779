"""Live: what each judgement moves, against fits that have seen it."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.intake.simulation import simulate
from feedback.judging.actions import hand_out, retract, submit, withdraw_rater
from feedback.judging.models import Purpose
from feedback.results.actions import fit
from feedback.results.live import Following
from feedback.results.models import Estimate, Exclusion, Fit, Live
from feedback.results.standings import newest_fits
from tests import make

pytestmark = pytest.mark.django_db


def shown(study):
    """The newest fits' values as the live rows move them, by criterion, level and id."""
    values = {}
    for key, one in newest_fits(study).items():
        moves = one.live.moves if hasattr(one, "live") else {}
        for row in Estimate.objects.filter(fit=one):
            name = row.work_id or row.generator_id
            values[(*key, name)] = row.value + moves.get(str(name), 0.0)
    return values


def judged(study, rater, *, seed=0):
    """One more judgement by the rater; what they prefer turns with the seed."""
    given = hand_out(study=study, rater=rater)
    size = given.comparison.size
    ranks = [(place + seed) % size + 1 for place in range(size)]
    return submit(assignment=given, key=uuid.uuid4(), replaces=0, answers=make.answers(given, ranks=ranks))


def followed(**fields):
    """A study with a fit, followed, and a rater who has not judged yet."""
    study = make.study(prompts=8, overlap=6, criteria=("lighting",), **fields)
    simulate(study=study, raters=3, judgements=120, seed=1)
    fit(study=study)
    rater = make.make_rater(study, make.user("Late"))
    following = Following()
    following.look([study])
    return study, rater, following


SHAPES = [
    {"works": 4},
    {"works": 4, "form": "set", "set_size": 3},
    {"works": 4, "form": "set", "set_size": 4, "ranking": "best-worst"},
]


@pytest.mark.parametrize("fields", SHAPES, ids=["pairs", "sets", "best-worst"])
def test_live_values_are_those_of_a_refit(fields):
    study, rater, following = followed(**fields)
    before = shown(study)
    for seed in range(8):
        judged(study, rater, seed=seed)
        following.look([study])
    live = shown(study)

    fit(study=study)

    again = shown(study)
    assert live == pytest.approx(again, abs=1e-4)
    assert max(abs(again[key] - before[key]) for key in before) > 0.01


def test_an_undo_and_a_second_thought_take_the_first_answer_out_again():
    study, rater, following = followed(works=4)
    before = shown(study)
    judged(study, rater, seed=0)
    following.look([study])
    moved = shown(study)

    retract(study=study, rater=rater, key=uuid.uuid4())
    following.look([study])
    undone = shown(study)
    judged(study, rater, seed=1)
    following.look([study])

    assert undone == pytest.approx(before, abs=1e-4)
    assert moved != pytest.approx(before, abs=1e-3)
    live = shown(study)
    fit(study=study)
    assert live == pytest.approx(shown(study), abs=1e-4) != undone


def test_what_a_lead_decides_is_read_anew(alice):
    study, rater, following = followed(works=4, lead=alice)
    judged(study, rater)
    following.look([study])
    panel = Fit.objects.filter(study=study).first().study.assignments.exclude(rater=rater).first().rater

    withdraw_rater(study=study, rater=panel, reason="quality", by=alice)
    following.look([study])
    without_one = shown(study)
    fit(study=study)
    assert without_one == pytest.approx(shown(study), abs=1e-4)

    Exclusion.objects.create(study=study, rater=rater, reason="asleep")
    following.look([study])

    without_two = shown(study)
    fit(study=study)
    assert without_two == pytest.approx(shown(study), abs=1e-4) != without_one


def test_repeats_and_machines_move_nothing():
    study, rater, following = followed(works=4)
    before = shown(study)
    type(rater).objects.filter(pk=rater.pk).update(kind="machine")
    judged(study, rater)
    following.look([study])
    assert shown(study) == pytest.approx(before, abs=1e-9)
    checked = judged(study, make.make_rater(study, make.user("Checked")))
    study.comparisons.filter(assignments=checked.assignment).update(purpose=Purpose.REPEAT)

    following.look([study])

    assert shown(study) == pytest.approx(before, abs=1e-9)


def test_a_new_fit_is_moved_by_what_came_while_it_was_made():
    study, rater, following = followed(works=4)
    judged(study, rater)
    following.look([study])
    early = fit(study=study)
    judged(study, rater, seed=1)
    following.look([study])

    assert all(
        one.live.judgements == one.judgements + 1 for one in Fit.objects.filter(pk__in=[one.pk for one in early])
    )
    live = shown(study)
    fit(study=study)
    assert live == pytest.approx(shown(study), abs=1e-4)


def test_submissions_that_are_committed_late_are_not_overlooked():
    study, rater, following = followed(works=4)
    late, on_time = judged(study, rater), judged(study, rater, seed=1)
    late_id, late_assignment = late.pk, late.assignment
    judgements = list(late.judgements.all())
    type(late_assignment).objects.filter(pk=late_assignment.pk).update(latest=None)
    late.delete()
    following.look([study])
    assert Live.objects.first().cutoff == on_time.pk

    late.pk = late_id
    late.save(force_insert=True)
    type(judgements[0]).objects.bulk_create(judgements)
    type(late_assignment).objects.filter(pk=late_assignment.pk).update(latest=late)
    following.look([study])

    live = shown(study)
    fit(study=study)
    assert live == pytest.approx(shown(study), abs=1e-4)


def test_a_study_without_a_fit_waits_for_its_first_and_ratings_for_the_next(bob):
    fresh = make.study(works=3, rater=bob)
    rating = make.study(works=3, form="rating", set_size=1, rater=bob)
    make.judgement(fresh, bob)
    Following().look([fresh, rating])

    assert Live.objects.count() == 0


def test_following_a_judgement_takes_the_same_queries_however_much_was_judged():
    study, rater, following = followed(works=4)
    judged(study, rater)
    following.look([study])

    queries = []
    for more in (1, 3):
        for _ in range(more):
            judged(study, rater)
        with CaptureQueriesContext(connection) as captured:
            following.look([study])
        queries.append(len(captured))
    assert queries[0] == queries[1] <= 12


def test_only_a_few_studies_are_kept_in_memory():
    following = Following()
    for _ in range(6):
        study = make.study(works=2, rater=(person := make.user("Rater")), criteria=("lighting",))
        make.judgement(study, person)
        fit(study=study)
        following.look([study])

    assert len(following.memories) == 4
