"""Works that show what a criterion means: read, stored, shown to raters alone, and never compared."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.timezone import now

from feedback.intake.actions import store_study
from feedback.intake.reading import BadStudy, StudyPlan, read_study
from feedback.intake.reading.plans import ExamplePlan
from feedback.judging.actions import NewExample, add_examples
from feedback.judging.examples import LONGEST_EXCERPT, rubric_of
from feedback.judging.models import Entry, Example
from feedback.works.models import Clearance, Work
from tests import make

HEAD = """slug = "light"
title = "Light"

[[criteria]]
slug = "arc"
name = "Arc"
definition = "Does it turn?"
strong = "It turns."

"""
TAIL = """
[[criteria]]
slug = "mood"
name = "Mood"
definition = "Does it move you?"
"""
STRONG = '[[criteria.examples]]\nwork = "one"\nshows = "strong"\nnote = "It turns at the last line."\n'

pytestmark = pytest.mark.django_db


def work(name: str, **changed: object) -> dict[str, object]:
    given = {"prompt": "dawn", "generator": "g", "text": f"{name} wakes.", "licence": "CC0-1.0", "purposes": ["show"]}
    return {"id": name} | given | changed


def read(folder: Path, examples: str, *, tail: str = TAIL, **files: list[dict[str, object]]) -> StudyPlan:
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(HEAD + examples + tail)
    prompts = [{"id": "dawn", "text": "Dawn"}]
    rows = {"prompts": prompts, "works": [work("one"), work("two"), work("three")]} | files
    for name, told in rows.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in told))
    return read_study(folder, scratch=folder / "scratch")


def test_an_example_is_read_with_its_criterion(tmp_path):
    plan = read(tmp_path / "study", STRONG)

    assert [criterion.examples for criterion in plan.criteria] == [
        (ExamplePlan(work="one", shows="strong", note="It turns at the last line."),),
        (),
    ]
    assert plan.warnings == ()


def test_examples_belong_to_what_a_study_says(tmp_path):
    without = read(tmp_path / "without", "")
    with_one = read(tmp_path / "with", STRONG)
    other = read(tmp_path / "other", STRONG.replace("strong", "weak"))

    assert len({without.digest, with_one.digest, other.digest}) == 3


FAULTS = {
    "an unknown work": (STRONG.replace('"one"', '"ten"'), {}, "criteria[0].examples[0].work", '"ten", expected an id'),
    "another word": (STRONG.replace('"strong"', '"good"'), {}, "study.toml:12 criteria[0].examples[0].shows", '"weak"'),
    "no work": (STRONG.replace('work = "one"\n', ""), {}, "study.toml:10 criteria[0].examples[0].work", "missing"),
    "a misspelt key": (STRONG.replace("note", "nota"), {}, "study.toml:13 criteria[0].examples[0].nota", '"note"'),
    "one work twice": (STRONG * 2, {}, "study.toml:15 criteria[0].examples[1].work", "twice"),
    "seven": (STRONG * 7, {}, "criteria[0].examples", "at most 6"),
    "no tables": ('examples = ["one"]\n', {}, "study.toml:10 criteria[0].examples", "[[examples]]"),
    "no clearance": (STRONG, {"works": [work("one", purposes=[]), work("two")]}, "examples[0].work", "may be shown"),
    "no content": (
        STRONG,
        {"works": [work("one", text=None, content="absent"), work("two")]},
        "examples[0].work",
        "may be shown",
    ),
    "a gold key": (
        STRONG,
        {"keys": [{"prompt": "dawn", "works": ["one", "two"], "criterion": "arc", "ranks": [1, 2], "purpose": "gold"}]},
        "keys.jsonl:1 works",
        "which is an example",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_examples_that_cannot_be_are_refused_with_their_place(tmp_path, case):
    examples, files, place, words = FAULTS[case]
    with pytest.raises(BadStudy) as refused:
        read(tmp_path / "study", examples, **files)

    assert any(place in line and words in line for line in str(refused.value).splitlines()), str(refused.value)


def test_a_fault_after_examples_still_has_its_line(tmp_path):
    with pytest.raises(BadStudy) as refused:
        read(tmp_path / "study", STRONG, tail=TAIL.replace('"mood"', '"arc"'))

    assert str(refused.value).startswith("study.toml:16 criteria[1].slug")


def test_a_prompt_of_examples_alone_is_no_oversight(tmp_path):
    dusk = [work("four", prompt="dusk"), work("five", prompt="dusk")]
    examples = STRONG.replace('"one"', '"four"')
    prompts = [{"id": "dawn", "text": "Dawn"}, {"id": "dusk", "text": "Dusk"}]

    plan = read(tmp_path / "study", examples, prompts=prompts, works=[work("one"), work("two"), dusk[0]])
    lonely = read(tmp_path / "other", examples, prompts=prompts, works=[work("one"), work("two"), *dusk])

    assert plan.warnings == ()
    assert len(lonely.warnings) == 1


def plan_with(*examples: ExamplePlan, **fields: object) -> StudyPlan:
    plan = make.plan(works=4, **fields)
    first, *rest = plan.criteria
    return replace(plan, criteria=(replace(first, strong="It holds.", examples=examples), *rest))


def test_examples_are_stored_and_never_compared():
    study = store_study(plan=plan_with(ExamplePlan(work="p1-1", shows="strong", note="See"))).study

    assert list(Example.objects.values_list("work__external_id", "shows", "note")) == [("p1-1", "strong", "See")]
    compared = set(Entry.objects.filter(comparison__study=study).values_list("work__external_id", flat=True))
    assert compared == {"p1-2", "p1-3", "p1-4"}
    assert study.comparisons.count() == 3


def test_what_raters_are_asked_about_can_be_no_example():
    study = make.study(works=2)
    example = NewExample(study.criteria.first().pk, Work.objects.first().pk, "weak", "")

    with pytest.raises(ValueError, match="asked about"):
        add_examples(study=study, examples=[example])


def rubric(study):
    return rubric_of(study, list(study.criteria.all()))


def test_the_rubric_shows_a_text_beside_its_anchor():
    study = store_study(plan=plan_with(ExamplePlan(work="p1-1", shows="weak", note="Too flat."))).study

    strong, weak = rubric(study)[0].anchors

    assert (strong.text, strong.examples) == ("It holds.", [])
    assert (weak.name, weak.examples[0].text, weak.examples[0].note) == ("Weak", "The text of p1-1.", "Too flat.")
    assert [item.anchors for item in rubric(study)[1:]] == [[], []]


def test_a_long_text_is_cut_between_words_and_signs_nothing():
    text = "A\u200bnna " + "word " * 1_000
    each = [make.work("p1-1", text=text), make.work("p1-2"), make.work("p1-3")]
    study = store_study(plan=plan_with(ExamplePlan(work="p1-1", shows="weak"), each=each)).study

    (weak,) = [anchor for anchor in rubric(study)[0].anchors if anchor.examples]
    told = weak.examples[0].text

    assert told.startswith("Anna word")
    assert told.endswith("word …")
    assert len(told) <= LONGEST_EXCERPT + 2


def test_an_example_that_may_no_longer_be_shown_is_gone(client, bob):
    study = store_study(plan=plan_with(ExamplePlan(work="p1-1", shows="strong"))).study
    make.make_rater(study, bob)
    Clearance.objects.filter(work__external_id="p1-1").update(valid_until=now())

    assert [anchor.examples for anchor in rubric(study)[0].anchors] == [[]]


def test_the_page_names_no_maker_and_no_work(client, bob):
    study = store_study(plan=plan_with(ExamplePlan(work="p1-1", shows="strong", note="See"))).study
    make.make_rater(study, bob)
    client.force_login(bob)

    page = client.get(reverse("judge", args=[study.slug])).content.decode()

    assert "The text of p1-1." in page
    assert "maker-1" not in page
    assert page.count("p1-1") == 1  # in the text itself


@pytest.mark.parametrize("who", ["stranger", "lead", "rater of another study", "rater"])
def test_the_file_of_an_example_is_for_the_raters_of_its_study(client, alice, bob, who):
    study = store_study(plan=plan_with(ExamplePlan(work="p1-1", shows="strong"))).study
    other = make.study(rater=bob, works=2)
    example = Example.objects.get()
    if who == "lead":
        make.add_member(study=study, user=bob, role="lead", by=None)
    if who == "rater":
        make.make_rater(study, bob)
    client.force_login(alice if who == "stranger" else bob)

    for slug, part in ((study.slug, ""), (other.slug, ""), (study.slug, "?part=original")):
        address = reverse("example", args=[slug, example.public_id]) + part
        assert client.get(address).status_code == 404  # a text has no file; elsewhere there is no such example
    assert (who == "rater") == (client.get(reverse("judge", args=[study.slug])).status_code == 200)
