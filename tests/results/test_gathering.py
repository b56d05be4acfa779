"""Everything judged, from rows to columns: nothing lost, nothing that must not count, everything as the raters saw it."""

import math
import tracemalloc
import uuid
from dataclasses import replace

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from feedback.intake.reading.plans import JudgementPlan, KeyPlan
from feedback.intake.simulation import simulate
from feedback.judging.actions import Answers, retract, submit
from feedback.judging.actions.asides import flag
from feedback.judging.actions.withdrawing import withdraw_rater
from feedback.judging.models import Assignment, Comparison, Entry, Judgement
from feedback.people.actions import rater_of
from feedback.people.models import Rater
from feedback.results.gathering import gather
from feedback.results.models import Exclusion
from feedback.results.sample import NOBODY, NOT_ASKED, SKIPPED
from feedback.works.actions.withdrawing import withdraw_work
from feedback.works.models import Work
from tests import make
from tests.benchmarks.large import large

pytestmark = pytest.mark.django_db


def by_hand(study):
    """The same, row by row: who said which ranks, strength and acceptability of which works, in the order shown."""
    told = {}
    for judgement in Judgement.objects.live().filter(submission__study=study).select_related("submission__assignment"):
        assignment = judgement.submission.assignment
        works = list(Entry.objects.filter(comparison=assignment.comparison_id).values_list("work_id", flat=True))
        order = assignment.shown_order
        ranks, accepted = judgement.ranks, judgement.acceptable
        turned = -1 if order[0] != 0 else 1
        told[assignment.rater_id, tuple(works[at] for at in order), judgement.criterion.slug] = (
            judgement.outcome,
            [ranks[at] for at in order] if ranks else None,
            turned * (judgement.strength or 0),
            [accepted[at] for at in order] if accepted else None,
        )
    return told


def as_told(sample):
    """What the sample says, in the same words."""
    told = {}
    for row in range(len(sample)):
        size = sample.size[row]
        works = tuple(sample.works.ids[sample.shown[row, :size]].tolist())
        for slug, said in sample.criteria.items():
            if said.outcome[row] == NOT_ASKED:
                continue
            accepted = said.acceptable[row, :size].tolist()
            told[int(sample.raters.ids[sample.rater[row]]), works, slug] = (
                ("answered", "cannot_judge", "skipped")[said.outcome[row]],
                said.ranks[row, :size].tolist() if said.ranks[row].any() else None,
                int(said.strength[row]),
                [{1: True, 0: False, -1: None}[one] for one in accepted] if any(one >= 0 for one in accepted) else None,
            )
    return told


def judged(**fields):
    """A study judged by three raters, and by Alice, who rates in it as well, once or more."""
    study = make.study(prompts=3, overlap=4, **fields)
    alice = make.user()
    make.make_rater(study, alice)
    simulate(study=study, raters=3, judgements=36, seed=1)
    return study, alice


def answer(study, person, **fields):
    given = make.assignment(study, person)
    return submit(assignment=given, key=uuid.uuid4(), replaces=0, answers=make.answers(given, **fields))


@pytest.mark.parametrize(
    "fields", [{"scale": "strength"}, {"form": "set", "set_size": 3, "works": 5}], ids=["pairs", "sets"]
)
def test_it_says_what_the_rows_say(fields):
    study, alice = judged(**fields)
    given = make.assignment(study, alice)
    skipped, told, *_ = make.answers(given).each
    each = [
        replace(skipped, outcome="skipped", ranks=None),
        replace(told, acceptable=[True, None, False][: len(told.ranks)]),
    ]
    submit(assignment=given, key=uuid.uuid4(), replaces=0, answers=Answers(each=each, dwell_ms=2500))

    sample = gather(study)

    assert as_told(sample) == by_hand(study)
    assert sample.criteria["lighting"].outcome[-1] == SKIPPED
    assert sample.criteria["emotional-resonance"].outcome[-1] == NOT_ASKED
    assert sample.dwell[-1] == 2.5
    assert (np.diff(sample.at) >= 0).all()
    assert sample.at[-1] == pytest.approx(Assignment.objects.get(pk=given.pk).latest.at.timestamp(), abs=0.01)
    assert sample.drawn.all()
    assert sample.scored.all()


def test_what_is_undone_or_withdrawn_is_nowhere():
    study, alice = judged()
    before = len(gather(study))
    answer(study, alice)
    retract(study=study, rater=rater_of(user=alice), key=uuid.uuid4())

    assert len(gather(study)) == before

    gone = Rater.objects.filter(kind="simulated").first()
    withdraw_rater(study=study, rater=gone, reason="withdrawn", by=None)

    assert len(gather(study)) == before - Assignment.objects.filter(rater=gone).count()
    assert gone.pk not in gather(study).raters.ids


def test_a_withdrawn_work_leaves_its_sets_and_takes_its_pairs_along():
    study = make.study(works=3, form="set", set_size=3, overlap=3, criteria=("lighting",))
    simulate(study=study, raters=3, judgements=3, seed=1)
    best = int(gather(study).works.ids[gather(study).shown[0][gather(study).criteria["lighting"].ranks[0] == 1]][0])
    withdraw_work(work=Work.objects.get(pk=best), reason="withdrawn", by=None)

    sample = gather(study)

    assert best not in sample.works.ids[sample.shown[sample.shown != NOBODY]]
    assert sample.size.tolist() == [2, 2, 2]
    assert sorted(sample.criteria["lighting"].ranks[0].tolist()) == [0, 1, 2]
    pairs = make.study(works=3, overlap=2, criteria=("lighting",))
    simulate(study=pairs, raters=2, judgements=6, seed=1)
    withdraw_work(work=Work.objects.filter(collection__studies=pairs).first(), reason="withdrawn", by=None)
    assert len(gather(pairs)) == 2


def test_of_a_set_that_lost_its_best_nobody_said_which_is_best_now():
    study = make.study(works=3, form="set", set_size=3, ranking="best", overlap=1, criteria=("lighting",))
    alice = make.user()
    make.make_rater(study, alice)
    given = make.assignment(study, alice)
    submit(assignment=given, key=uuid.uuid4(), replaces=0, answers=make.answers(given, ranks=[1, 2, 2]))
    withdraw_work(work=given.comparison.entries.get(index=0).work, reason="withdrawn", by=None)

    sample = gather(study)

    assert sample.asked == "best"
    assert sample.criteria["lighting"].outcome.tolist() == [NOT_ASKED]


def test_a_repeat_names_the_first_answer_and_does_not_count_as_another():
    study, alice = judged()
    first = answer(study, alice).assignment
    comparison = first.comparison
    works = list(comparison.entries.values_list("work", flat=True))
    again = Comparison.objects.create(
        round=comparison.round,
        study=study,
        prompt=comparison.prompt,
        purpose="repeat",
        position=10_000,
        size=2,
        places=1,
        repeats=comparison,
        only_for=first.rater,
    )
    Entry.objects.bulk_create([Entry(comparison=again, work_id=work, index=at) for at, work in enumerate(works)])
    order = first.shown_order[::-1]
    given = Assignment.objects.create(
        comparison=again, study=study, rater=first.rater, shown_order=order, leased_until=now()
    )
    submit(assignment=given, key=uuid.uuid4(), replaces=0, answers=make.answers(given))

    sample = gather(study)

    assert sample.repeat_of[-1] == len(sample) - 2
    assert (sample.repeat_of[:-1] == -1).all()
    assert sample.comparison[-1] == sample.comparison[-2]
    assert sample.shown[-1].tolist() == sample.shown[-2][::-1].tolist()
    assert sample.scored.tolist() == [True] * (len(sample) - 1) + [False]


def test_machines_and_the_excluded_are_told_apart():
    study, alice = judged()
    answer(study, alice)
    simulated = list(Rater.objects.filter(kind="simulated").order_by("pk"))
    Rater.objects.filter(pk=simulated[0].pk).update(kind="machine")
    Rater.objects.filter(pk=simulated[1].pk).update(cohort="composers")
    exclusion = Exclusion.objects.create(study=study, rater=simulated[1], reason="clicks at random")

    raters = gather(study).raters

    assert raters.cohorts == ("composers",)
    at = {one: np.flatnonzero(raters.ids == one.pk)[0] for one in simulated}
    assert raters.kind[at[simulated[0]]] == "machine"
    assert raters.cohort[at[simulated[1]]] == 0
    assert raters.excluded.tolist() == [one == simulated[1].pk for one in raters.ids]
    scored = gather(study).scored
    assert set(raters.ids[gather(study).rater[scored]]) == {simulated[2].pk, rater_of(user=alice).pk}
    exclusion.lifted_at = now()
    exclusion.save()
    assert not gather(study).raters.excluded.any()


def test_an_expert_s_key_stands_in_the_order_shown():
    key = KeyPlan(
        line=1, prompt="p1", works=("p1-2", "p1-1"), criterion="lighting", ranks=(1, 2), reason="", purpose="gold"
    )
    study = make.study(keys=(key,), qualify_items=1, qualify_pass=1)
    alice = make.user()
    make.make_rater(study, alice)
    answer(study, alice)

    sample = gather(study)

    [shown], [expected] = sample.shown, sample.expected["lighting"]
    better = Work.objects.get(external_id="p1-2").pk
    assert sample.works.ids[shown[expected == 1]].tolist() == [better]
    assert not sample.expected["narrative-arc"].any()
    assert sample.purpose.tolist() == ["gold"]
    assert not sample.scored.any()


def test_the_same_words_have_the_same_number_and_who_knows_the_maker_is_noted():
    study, alice = judged()
    for sentence in ("Better light.", " better  LIGHT.", "", "It is nearer."):
        submission = answer(study, alice, rationale=sentence)
    flag(assignment=submission.assignment, reason="recognised")

    sample = gather(study)

    one, other, none, last = sample.rationale[-4:]
    assert one == other != last
    assert none == -1
    assert sample.recognised.tolist() == [len(sample) - 1]


def test_what_was_brought_along_was_not_drawn_and_length_is_known_where_there_is_text():
    works = [make.work("p1-1", text="Two words."), make.work("p1-2", medium="absent", text=""), make.work("p1-3")]
    told = JudgementPlan(line=1, rater="r", prompt="p1", works=("p1-2", "p1-1"), criterion="lighting", ranks=(1, 2))
    study = make.study(each=works, judgements=(told,), criteria=("lighting",))

    sample = gather(study)

    assert sample.purpose.tolist() == ["imported"]
    assert not sample.drawn.any()
    assert set(sample.works.covariates) == {"length"}
    length = dict(zip(sample.works.ids.tolist(), sample.works.covariates["length"].tolist(), strict=True))
    by_name = dict(Work.objects.values_list("external_id", "pk"))
    assert length[by_name["p1-1"]] == pytest.approx(math.log(10))
    assert math.isnan(length[by_name["p1-2"]])


def test_as_many_queries_for_many_as_for_few_and_little_memory_for_each():
    few, many = large(judgements=500, works=100, raters=20), large(judgements=8_000, works=400, raters=40)
    gather(few)
    gather(many)  # from now on the criteria are remembered
    queries, peaks = [], []
    for study in (few, many):
        tracemalloc.start()
        with CaptureQueriesContext(connection) as captured:
            sample = gather(study)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        queries.append(sum("SELECT" in one["sql"] for one in captured))

    assert queries[0] == queries[1] <= 14
    assert len(sample) == 8_000
    assert (sample.repeat_of >= 0).sum() == 400
    assert (peaks[1] - peaks[0]) / 7_500 < 600
