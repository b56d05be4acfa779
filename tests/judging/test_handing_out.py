"""Who is handed what: no work twice in a row, cohorts and quotas kept, nothing while a study rests."""

import itertools
import random
import uuid
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from feedback.judging import designs
from feedback.judging.actions import hand_out, keep_quota, open_round, resume, submit
from feedback.judging.actions.opening import Question, open_questions
from feedback.judging.models import Assignment, Comparison, Entry, Purpose
from feedback.people.actions import rater_of
from feedback.people.models import Rater
from feedback.studies.models import Study
from tests import make

pytestmark = pytest.mark.django_db


def raters(study: Study, number: int, cohort: str = "") -> list[Rater]:
    people = [make.make_rater(study, make.user(f"{cohort} {one}")) for one in range(number)]
    Rater.objects.filter(pk__in=[one.pk for one in people]).update(cohort=cohort)
    return list(Rater.objects.filter(pk__in=[one.pk for one in people]).order_by("pk"))


def with_cohorts(study: Study, **places: int) -> Study:
    """The study with places for cohorts, and its round opened anew."""
    study.rounds.all().delete()
    study.cohort_places = places
    study.save()
    open_round(study=study, seed=1)
    return study


def works_of(assignment: Assignment) -> set[int]:
    return set(Entry.objects.filter(comparison=assignment.comparison_id).values_list("work", flat=True))


def all_for(study: Study, rater: Rater) -> list[Assignment]:
    return list(iter(lambda: hand_out(study=study, rater=rater), None))


@pytest.mark.parametrize("works", [8, 12, 30])
@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_a_round_rests_every_work(works, seed):
    pairs = list(itertools.combinations(range(works), 2))

    order = designs.spread(pairs, random.Random(seed))

    assert sorted(order) == list(range(len(pairs)))
    twice = [at for at, (one, other) in enumerate(itertools.pairwise(order)) if set(pairs[one]) & set(pairs[other])]
    assert all(at > len(pairs) - works for at in twice), "only where nothing else is left"


def test_a_rater_sees_no_work_twice_in_a_row():
    study = make.study(works=5, prompts=3, overlap=2)
    people = raters(study, 2)
    given = {rater.pk: [] for rater in people}
    for _ in range(24):
        for rater in people:
            given[rater.pk].append(hand_out(study=study, rater=rater))

    for mine in given.values():
        assert not [1 for one, other in itertools.pairwise(mine) if works_of(one) & works_of(other)]


def test_of_the_next_dozen_one_is_taken_that_lets_the_last_works_rest():
    study = make.study(works=5, prompts=3, overlap=1)
    (rater,) = raters(study, 1)
    in_order = sorted(study.comparisons.all(), key=lambda one: sorted(one.entries.values_list("work", flat=True)))
    for position, comparison in enumerate(in_order, start=1000):
        Comparison.objects.filter(pk=comparison.pk).update(position=position)

    given = [hand_out(study=study, rater=rater) for _ in range(20)]

    assert not [1 for one, other in itertools.pairwise(given) if works_of(one) & works_of(other)]


def test_where_nothing_else_is_left_a_work_comes_again_rather_than_nobody_judging():
    study = make.study(works=3, prompts=1, overlap=1)
    (rater,) = raters(study, 1)

    assert len(all_for(study, rater)) == 3


def test_a_comparison_for_one_rater_goes_to_nobody_else(bob, charlie):
    study = make.study(works=2, rater=bob)
    make.make_rater(study, charlie)
    Comparison.objects.update(only_for=rater_of(user=bob))

    assert hand_out(study=study, rater=rater_of(user=charlie)) is None
    assert hand_out(study=study, rater=rater_of(user=bob)) is not None


def test_a_comparison_for_a_cohort_goes_to_nobody_else():
    study = make.study(works=2)
    (composer,), (other,) = raters(study, 1, "composers"), raters(study, 1, "listeners")
    Comparison.objects.update(cohort="composers")

    assert hand_out(study=study, rater=other) is None
    assert hand_out(study=study, rater=composer) is not None


def test_places_are_kept_for_the_cohorts_that_are_to_send_somebody():
    study = with_cohorts(make.study(works=3, overlap=3), composers=2)
    composers, others = raters(study, 3, "composers"), raters(study, 3)

    taken = [len(all_for(study, rater)) for rater in (*others, *composers)]

    assert taken == [3, 0, 0, 3, 3, 0], "one place for anybody, two for composers"


def test_a_cohort_may_send_more_than_it_must():
    study = with_cohorts(make.study(works=3, overlap=3), composers=1, players=1)
    composers, players, others = raters(study, 3, "composers"), raters(study, 1, "players"), raters(study, 1)

    taken = [len(all_for(study, rater)) for rater in (*composers, *others, *players)]

    assert taken == [3, 3, 0, 0, 3], "the last place is kept for a player"


def test_the_places_are_enough_for_all_that_the_cohorts_are_to_send():
    study = with_cohorts(make.study(works=2, overlap=1), composers=2, players=1)

    assert Comparison.objects.get(study=study).places == 3


def test_nobody_judges_more_than_each_may(bob):
    study = make.study(works=4, rater=bob)
    study.most_each = 2
    make.judgement(study, bob)

    assert len(all_for(study, rater_of(user=bob))) == 1
    assert resume(study=study, rater=rater_of(user=bob)) is not None, "what is in hand stays there"


def test_what_lapsed_does_not_count_as_judged(bob):
    study = make.study(works=4, rater=bob)
    study.most_each = 1
    Assignment.objects.filter(pk=make.assignment(study, bob).pk).update(holds_place=False)

    assert hand_out(study=study, rater=rater_of(user=bob)) is not None


@pytest.mark.parametrize("most", [0, 1, 5, 7, 100])
def test_all_raters_together_judge_no_more_than_the_study_may_have(most):
    study = make.study(works=4, overlap=2)
    study.most_judgements = most
    keep_quota(study=study)

    given = [one for rater in raters(study, 3) for one in all_for(study, rater)]

    assert len(given) == min(most, 12)


def test_a_quota_that_is_raised_opens_the_places_again():
    study = make.study(works=4, overlap=2)
    people = raters(study, 3)
    study.most_judgements = 4
    keep_quota(study=study)
    assert len([one for rater in people for one in all_for(study, rater)]) == 4
    study.most_judgements = 9
    keep_quota(study=study)

    assert len([one for rater in people for one in all_for(study, rater)]) == 5


def test_while_a_study_is_paused_nothing_is_handed_out_and_what_is_in_hand_may_be_sent(bob):
    study = make.study(works=4, rater=bob)
    assignment = make.assignment(study, bob)
    study.paused_at = now()
    study.save()

    submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=make.answers(assignment))

    assert hand_out(study=study, rater=rater_of(user=bob)) is None
    assert resume(study=study, rater=rater_of(user=bob)) is None


def test_the_same_works_asked_again_go_to_other_raters(bob, charlie):
    study = make.study(works=2, rater=bob, overlap=1)
    make.make_rater(study, charlie)
    make.judgement(study, bob)
    first = study.comparisons.get()
    works = tuple(first.entries.values_list("work", flat=True))
    for _ in range(2):
        again = Question(first.prompt_id, works, Purpose.INFORMATIVE, repeats=first.pk)
        open_questions(study=study, questions=[again], seed=1, purpose=Purpose.INFORMATIVE)

    assert hand_out(study=study, rater=rater_of(user=bob)) is None
    assert len(all_for(study, rater_of(user=charlie))) == 1, "the second asks what the first did"


def test_sides_and_occurrences_are_balanced_in_a_round():
    study = make.study(works=8, prompts=1, overlap=1)
    first = Counter(
        comparison.entries.order_by("index")[comparison.turn].work_id for comparison in study.comparisons.all()
    )

    assert set(first.values()) <= {3, 4}


def test_opening_a_round_takes_as_many_statements_whatever_its_size():
    def statements(works: int) -> int:
        study = make.study(works=works)
        with CaptureQueriesContext(connection) as seen:
            open_round(study=study, seed=2)
        return len(seen)

    assert statements(4) == statements(16)
