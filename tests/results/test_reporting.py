"""The report: all of it plain JSON, the same from the same judgements, and nothing in it that must not be shown."""

import json
import random
from itertools import combinations

import pytest

from feedback.intake.reading.plans import JudgementPlan, RaterPlan
from feedback.people.models import Rater
from feedback.results.boards import boards_of
from feedback.results.gathering import gather
from feedback.results.models import Exclusion
from feedback.results.reporting import report_of
from feedback.works.models import Generator
from tests import make

pytestmark = pytest.mark.django_db

PEOPLE = [f"person {number}" for number in range(1, 7)]
MACHINE = "judge-7b"
CRITERIA = ("lighting", "narrative-arc")


def judged(*, people=PEOPLE, machine=False, **fields):
    """People who find that later makers are better, and perhaps a machine that finds the opposite."""
    chance = random.Random(1)
    rows = []
    for prompt, rater in [(f"p{number}", rater) for number in range(1, 9) for rater in people]:
        for one, other in combinations(range(1, 5), 2):
            for criterion in CRITERIA:
                better = chance.random() < 1 / (1 + 2.718 ** (other - one))
                rows.append((rater, prompt, one, other, criterion, (1, 2) if better else (2, 1)))
    if machine:
        rows += [(MACHINE, *said, criterion, (1, 2)) for rater, *said, criterion, _ in rows if rater == people[0]]
    return make.study(
        prompts=8,
        works=4,
        criteria=CRITERIA,
        raters=tuple(RaterPlan(line=1, rater=MACHINE, kind="machine") for _ in range(machine)),
        judgements=tuple(
            JudgementPlan(
                line=1,
                rater=rater,
                prompt=prompt,
                works=(f"{prompt}-{one}", f"{prompt}-{other}"),
                criterion=criterion,
                ranks=ranks,
            )
            for rater, prompt, one, other, criterion, ranks in rows
        ),
        **fields,
    )


def report(study, **fields):
    sample = gather(study)
    return report_of(sample, boards_of(sample), target=0.8, **fields)


def parts(told, path=""):
    """Every number of the report with its place."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from parts(value, f"{path}/{key}")
    elif isinstance(told, list):
        for value in told:
            yield from parts(value, path)
    else:
        yield path, told


def test_the_same_judgements_make_the_same_report_and_all_of_it_is_plain_json():
    study = judged()

    told = report(study)

    assert json.loads(json.dumps(told, allow_nan=False)) == told == report(study)
    assert all(value == round(value, 6) for _, value in parts(told) if isinstance(value, float))
    assert told["counts"] == {
        "submissions": 288,
        "judgements": 576,
        "raters": 6,
        "machines": 0,
        "excluded": 0,
        "works": 32,
        "prompts": 8,
        "generators": 4,
    }
    assert told["criteria"] == list(CRITERIA)
    assert set(told["by"]) == {*CRITERIA, "overall"}
    for slug in CRITERIA:
        assert set(told["by"][slug]) == {"trust", "best", "differ", "done"}
        rows = told["by"][slug]["best"]["generators"]["rows"]
        names = dict(Generator.objects.values_list("pk", "name"))
        assert [names[row["id"]] for row in rows] == ["maker-4", "maker-3", "maker-2", "maker-1"]
    assert [line["n"] for line in told["raters"]] == [48] * 6
    assert {line["rater"] for line in told["raters"]} == set(Rater.objects.values_list("pk", flat=True))


def test_a_study_nobody_judged_is_told_in_words_and_without_numbers():
    study = make.study(criteria=CRITERIA)

    told = report(study)

    assert told["counts"]["submissions"] == 0
    assert told["findings"] == told["raters"] == []
    for slug in CRITERIA:
        here = told["by"][slug]
        assert "Nothing was compared" in here["trust"]["why"]
        assert here["done"]["state"] == "unknown"
        assert here["best"]["generators"] is None


def test_a_machine_counts_nowhere_and_is_held_against_the_people():
    alone = report(judged())
    beside = report(judged(machine=True))

    for slug in CRITERIA:
        [machine] = beside["by"][slug]["differ"]["machine"]
        assert machine["rater"] == Rater.objects.get(kind="machine").pk
        assert machine["agreement"]["value"] < machine["experts"]["value"]
        assert values(beside, slug) == values(alone, slug)
        for part in ("reliability", "transitivity", "position"):
            assert beside["by"][slug]["trust"][part] == alone["by"][slug]["trust"][part]
        for part in ("alpha", "pairwise", "taste"):
            assert beside["by"][slug]["differ"][part] == alone["by"][slug]["differ"][part]
    assert beside["counts"]["machines"] == 1
    assert beside["counts"]["raters"] == alone["counts"]["raters"] == 6


def test_of_one_who_is_excluded_it_says_what_the_scores_would_be():
    study = judged()
    fewer = report(judged(people=PEOPLE[1:]))
    Exclusion.objects.create(
        study=study, rater=Rater.objects.get(origin=study.slug, label=PEOPLE[0]), reason="clicks at random"
    )

    told = report(study)

    [line] = [one for one in told["raters"] if one["without"]]
    assert line["rater"] == Rater.objects.get(origin=study.slug, label=PEOPLE[0]).pk
    assert told["counts"]["excluded"] == 1
    for slug in CRITERIA:
        without = {generator: left for generator, _, left in line["without"][slug]}
        assert without == pytest.approx(values(told, slug), abs=1e-5)
    assert len(fewer["raters"]) == 5


def values(told, slug):
    return {row["id"]: row["value"] for row in told["by"][slug]["best"]["generators"]["rows"]}
