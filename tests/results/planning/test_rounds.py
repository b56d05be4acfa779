"""The next round: opened in time, within what may meet, each comparison with its reason."""

from collections import Counter
from itertools import combinations

import pytest
from django.utils.timezone import now

from feedback.judging.actions import Overtaken, hand_out, open_questions
from feedback.judging.models import Comparison, Purpose
from feedback.people.actions import rater_of
from feedback.results.models import Report
from feedback.results.planning import plan_next, running_low
from feedback.results.planning.tasks import open_next
from feedback.studies.models import Study
from feedback.works.models import Clearance, Work
from tests import make
from tests.results.planning.studies import in_rounds, judged

pytestmark = pytest.mark.django_db


def sets_of(comparisons) -> list[frozenset[int]]:
    return [frozenset(one.entries.values_list("work", flat=True)) for one in comparisons.order_by("position")]


def test_the_first_round_has_every_work_about_as_often_and_joins_those_of_a_prompt():
    study = in_rounds(works=8, prompts=2)

    met = Counter(work for members in sets_of(study.comparisons) for work in members)
    assert study.comparisons.count() == 16
    assert set(met.values()) == {2}
    assert set(study.comparisons.values_list("purpose", flat=True)) == {Purpose.UNIFORM}


def test_a_larger_first_round_has_them_more_often():
    study = in_rounds(works=8, prompts=1, round_size=16)

    met = Counter(work for members in sets_of(study.comparisons) for work in members)
    assert set(met.values()) <= {3, 4}


def test_the_next_round_follows_when_the_last_is_used_up_and_not_before():
    study = in_rounds()
    assert plan_next(study=study) is None
    judged(study)

    opened = plan_next(study=study)

    assert opened is not None
    assert Counter(opened.comparisons.values_list("purpose", flat=True)) == {"uniform": 4, "informative": 12}
    assert plan_next(study=study) is None, "it is there to be judged first"


def test_works_of_different_prompts_never_meet():
    study = in_rounds(works=5, prompts=4)
    prompt_of = dict(Work.objects.values_list("pk", "prompt"))
    for _ in range(4):
        judged(study, raters=9)
        assert plan_next(study=study)

    for comparison in study.comparisons.all():
        assert {prompt_of[work] for work in comparison.entries.values_list("work", flat=True)} == {comparison.prompt_id}


def test_nothing_is_asked_again_while_there_is_something_new_to_ask():
    study = in_rounds(works=12, prompts=1, uniform_share=0.2)
    judged(study)
    for _ in range(3):
        plan_next(study=study)
        judged(study)

    chosen = sets_of(study.comparisons.filter(purpose=Purpose.INFORMATIVE))
    assert len(chosen) == len(set(chosen)) == 3 * 9


def test_what_is_asked_again_names_the_first_that_asked_and_goes_to_others(bob):
    study = in_rounds(works=4, prompts=1, criteria=("lighting",))
    judged(study, raters=9)
    for _ in range(3):
        plan_next(study=study)
        judged(study, raters=9)

    again = study.comparisons.exclude(repeats=None)
    assert again.exists()
    for comparison in again.select_related("repeats"):
        first = comparison.repeats
        assert sets_of(Comparison.objects.filter(pk=comparison.pk)) == sets_of(Comparison.objects.filter(pk=first.pk))
        assert first.pk < comparison.pk
    asked = Counter(
        (assignment.rater_id, frozenset(assignment.comparison.entries.values_list("work", flat=True)))
        for assignment in study.assignments.select_related("comparison")
    )
    assert set(asked.values()) == {1}, "no rater is asked the same twice"


def test_separated_parts_are_joined_by_links_within_their_prompt():
    study = in_rounds(works=6, prompts=2, opened=False)
    prompts = [list(prompt.works.order_by("pk")) for prompt in study.collections.get().prompts.order_by("pk")]
    from feedback.judging.actions import Question

    pairs = [(works[at], works[at + 1]) for works in prompts for at in (0, 2, 4)]
    questions = [Question(one.prompt_id, (one.pk, other.pk), Purpose.UNIFORM) for one, other in pairs]
    open_questions(study=study, questions=questions, seed=3, purpose=Purpose.UNIFORM)
    judged(study)

    opened = plan_next(study=study)

    links = opened.comparisons.filter(purpose=Purpose.LINK)
    parts = [{one.pk, other.pk} for one, other in pairs]
    for members in sets_of(opened.comparisons.filter(purpose__in=("uniform", "link"))):
        touched = [part for part in parts if part & members]
        parts = [part for part in parts if not part & members] + [set().union(*touched)]
    assert links.exists()
    assert len(parts) == len(prompts)


def test_works_that_are_added_get_into_the_next_round():
    study = in_rounds(works=6, prompts=1)
    collection = study.collections.get()
    judged(study)
    late = Work.objects.get(external_id="p1-1")
    new = Work.objects.create(
        collection=collection,
        prompt=late.prompt,
        generator=late.generator,
        external_id="p1-9",
        medium="text",
        sha256="9" * 64,
    )
    rights = Clearance.objects.get(work=late)
    rights.pk, rights.work = None, new
    rights.save()

    opened = plan_next(study=study)

    assert any(new.pk in members for members in sets_of(opened.comparisons))


def test_a_withdrawn_work_is_in_no_further_round():
    study = in_rounds(works=6, prompts=1)
    judged(study)
    gone = Work.objects.get(external_id="p1-1")
    Clearance.objects.filter(work=gone).update(valid_until=now())

    opened = plan_next(study=study)

    assert all(gone.pk not in members for members in sets_of(opened.comparisons))


def test_what_cannot_be_shown_any_more_does_not_keep_the_next_round_back():
    study = in_rounds(works=4, prompts=2)
    for work in Work.objects.filter(prompt__external_id="p1"):
        Clearance.objects.filter(work=work).update(valid_until=now())
    judged(study)

    assert plan_next(study=study) is not None


@pytest.mark.parametrize("state", ["done", "never"])
def test_a_criterion_that_needs_no_more_is_not_asked_for_and_all_of_them_end_the_rounds(state):
    study = in_rounds()
    judged(study)
    told = {"by": {"lighting": {"done": {"state": state}}, "narrative-arc": {"done": {"state": "more"}}}}
    report = Report.objects.create(study=study, cutoff=0, submissions=0, code_version="", seconds=0, told=told)
    assert plan_next(study=study) is not None
    judged(study)
    report.told["by"]["narrative-arc"]["done"]["state"] = "done"
    report.save()

    assert plan_next(study=study) is None


@pytest.mark.parametrize(
    "change", [{"paused_at": now()}, {"closed_at": now()}, {"archived_at": now()}, {"opened_at": None}]
)
def test_a_study_at_rest_opens_no_round(change):
    study = in_rounds()
    judged(study)
    Study.objects.filter(pk=study.pk).update(**change)

    assert plan_next(study=study) is None
    assert running_low() == []


def test_everything_at_once_stays_as_it_was():
    study = make.study(works=5, overlap=1)
    judged_before = study.comparisons.count()
    while make_one(study):
        pass

    assert plan_next(study=study) is None
    assert study.comparisons.count() == judged_before == 10


def make_one(study) -> bool:
    rater = make.people.simulated_rater(origin="here", label="one")
    return hand_out(study=study, rater=rater) is not None


def test_a_plan_that_was_overtaken_opens_nothing():
    study = in_rounds()
    newest = study.rounds.latest("pk").pk
    judged(study)
    plan_next(study=study)

    with pytest.raises(Overtaken):
        open_questions(study=study, questions=[], seed=1, purpose=Purpose.INFORMATIVE, after=newest)


def test_the_worker_is_told_of_studies_that_run_low_and_opens_their_next_round():
    study = in_rounds()
    assert running_low() == []
    judged(study)
    assert running_low() == [study]

    assert open_next.func(study.pk) == 16
    assert running_low() == []


def test_sets_are_planned_as_pairs_are():
    study = in_rounds(works=9, prompts=1, form="set", set_size=3)
    judged(study)

    opened = plan_next(study=study)

    assert {one.size for one in opened.comparisons.all()} == {3}
    assert opened.comparisons.filter(purpose=Purpose.INFORMATIVE).exists()
    first = Counter(pair for members in sets_of(opened.comparisons) for pair in combinations(sorted(members), 2))
    assert max(first.values()) <= 2


def test_swiss_rounds_ask_about_neighbours():
    study = in_rounds(works=12, prompts=1, selection="swiss")
    judged(study)

    opened = plan_next(study=study)

    assert opened.comparisons.filter(purpose=Purpose.INFORMATIVE).count() == 9


def test_the_quota_of_the_study_is_never_exceeded():
    study = in_rounds(works=6, prompts=1, overlap=2, most_judgements=27)
    for _ in range(16):
        judged(study)
        plan_next(study=study)

    assert study.submissions.count() in {26, 27}


def test_everybody_judges_every_comparison_where_that_is_asked(bob, charlie):
    study = in_rounds(works=4, prompts=1, everyone_judges_all=True)
    for person in (bob, charlie):
        make.make_rater(study, person)

    for person in (bob, charlie):
        given = [hand_out(study=study, rater=rater_of(user=person)) for _ in range(5)]
        assert [one is not None for one in given] == [True] * 4 + [False]
