"""A fit without what was withdrawn is the fit of those who never saw it."""

import random
from itertools import combinations

import pytest

from feedback.judging.actions import hand_out, restore_rater, submit, withdraw_rater
from feedback.people.actions import rater_of
from feedback.people.models import Rater
from feedback.results.actions import fit
from feedback.results.models import Fit
from feedback.results.standings import as_json, stale_studies
from feedback.works.actions import give_work_back, withdraw_work
from feedback.works.models import Work
from tests import make

pytestmark = pytest.mark.django_db
RATERS, WORKS = ("w1", "w2", "w3"), ("1", "2", "3", "4")


def told(works=WORKS, raters=RATERS, *, size=2):
    """Judgements that are the same whoever else judges and whatever else is shown."""
    plans = []
    for prompt in ("p1", "p2"):
        for rater in raters:
            for shown in combinations(WORKS, size):
                ranks = random.Random(f"{prompt} {rater} {shown}").choices(range(1, size + 1), k=size)
                left = [(work, rank) for work, rank in zip(shown, ranks, strict=True) if work in works]
                if len(left) > 1:
                    names, numbers = zip(*left, strict=True)
                    least = sorted(set(numbers))
                    plans.append((prompt, rater, names, tuple(least.index(number) + 1 for number in numbers)))
    return tuple(
        make.JudgementPlan(
            line=line,
            rater=rater,
            prompt=prompt,
            works=tuple(f"{prompt}-{name}" for name in names),
            criterion="lighting",
            ranks=ranks,
        )
        for line, (prompt, rater, names, ranks) in enumerate(plans, start=1)
    )


def study_of(works=WORKS, raters=RATERS, *, size=2, lead=None, slug=""):
    each = [make.work(f"{prompt}-{number}", prompt) for prompt in ("p1", "p2") for number in works]
    more = {"form": "set", "set_size": size} if size > 2 else {}
    return make.study(
        slug=slug,
        lead=lead,
        prompts=2,
        criteria=("lighting",),
        each=each,
        judgements=told(works, raters, size=size),
        overlap=1,
        **more,
    )


def fitted(study):
    fit(study=study)
    return as_json(study)["criteria"]


def rater(study, label):
    return Rater.objects.get(origin=study.slug, label=label)


def take_back(study, number, by, reason="withdrawn"):
    for work in Work.objects.filter(collection__studies=study, external_id__endswith=f"-{number}"):
        withdraw_work(work=work, reason=reason, by=by)


def test_without_a_withdrawn_rater_the_fit_is_that_of_a_panel_without_them(alice):
    study = study_of(lead=alice)
    before = fitted(study)

    withdraw_rater(study=study, rater=rater(study, "w3"), reason="quality", by=alice)

    assert fitted(study) == fitted(study_of(raters=("w1", "w2"))) != before
    restore_rater(study=study, rater=rater(study, "w3"), by=alice)
    assert fitted(study) == before


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("reason", ["withdrawn", "licence_expired", "erasure", "quality"])
def test_without_a_withdrawn_work_the_fit_is_that_of_a_study_without_it(alice, size, reason):
    study = study_of(size=size, lead=alice)
    before = fitted(study)

    take_back(study, 4, alice, reason)

    assert fitted(study) == fitted(study_of(works=("1", "2", "3"), size=size)) != before
    if reason != "erasure":
        for work in Work.objects.filter(collection__studies=study, external_id__endswith="-4"):
            give_work_back(work=work, by=alice)
        assert fitted(study) == before


def test_scores_of_a_withdrawn_work_do_not_count_either(alice, bob):
    study = make.study(lead=alice, rater=bob, form="rating", set_size=1, works=3, overlap=1, criteria=("lighting",))
    while assignment := hand_out(study=study, rater=rater_of(user=bob)):
        number = int(assignment.comparison.entries.get().work.external_id[-1])
        criterion = study.criteria.get()
        answer = make.Answer(criterion=criterion, score=float(number))
        submit(assignment=assignment, key=make.uuid.uuid4(), replaces=0, answers=make.Answers(each=[answer]))

    take_back(study, 3, alice)

    assert [row["work"] for row in fitted(study)[0]["works"]] == ["p1-2", "p1-1"]


def test_withdrawing_makes_the_fit_stale_and_so_does_undoing_it(alice):
    study = study_of(lead=alice)
    work = Work.objects.get(collection__studies=study, external_id="p1-4")
    steps = [
        lambda: withdraw_rater(study=study, rater=rater(study, "w3"), reason="quality", by=alice),
        lambda: restore_rater(study=study, rater=rater(study, "w3"), by=alice),
        lambda: withdraw_work(work=work, reason="withdrawn", by=alice),
        lambda: give_work_back(work=work, by=alice),
    ]
    for step in steps:
        fit(study=study)
        assert stale_studies() == []
        step()
        assert stale_studies() == [study]
    assert Fit.objects.count() == 2 * len(steps)
