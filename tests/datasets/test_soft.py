"""Pairs of any medium with both shares, and the same with a column for each criterion."""

import uuid

import pytest

from feedback.judging.actions import submit
from feedback.judging.models import Judgement
from tests import make
from tests.datasets.panel import answer_next, images, judge_all, study_of
from tests.datasets.telling import told, values

pytestmark = pytest.mark.django_db


def by_works(rows, first="work_0", second="work_1"):
    return {frozenset((row[first], row[second])): row for row in rows}


def of(row, work):
    """Which of the two the work is."""
    return "0" if row["work_0"] == work else "1"


def test_a_tie_counts_half_for_both_and_no_pair_is_left_out(alice, bob, charlie):
    study = study_of(make.work("a"), make.work("b"), make.work("c"), overlap=3)
    judge_all(study, alice, {"a": 1, "b": 2, "c": 1})
    judge_all(study, bob, {"a": 1, "b": 2, "c": 1})
    judge_all(study, charlie, {"a": 2, "b": 1, "c": 2})

    found = by_works(values(study, "pairs_soft"))

    ab, ac = found[frozenset("ab")], found[frozenset("ac")]
    assert (ab["label_" + of(ab, "a")], ab["label_" + of(ab, "b")]) == (0.666667, 0.333333)
    assert (ab["n_" + of(ab, "a")], ab["n_" + of(ab, "b")], ab["n_ties"], ab["n_judgements"]) == (2, 1, 0, 3)
    assert (ac["label_0"], ac["label_1"], ac["p_0"]) == (0.5, 0.5, 0.5)
    assert (ac["n_0"], ac["n_1"], ac["n_ties"]) == (0, 0, 3)
    assert all(row["label_0"] + row["label_1"] == pytest.approx(1, abs=1e-9) for row in found.values())
    assert {row["num_example_per_prompt"] for row in found.values()} == {3}


def test_which_work_comes_first_says_nothing_of_it(bob):
    study = make.study(prompts=12, works=3, criteria=("lighting",))
    judge_all(study, bob, {f"p{prompt}-{work}": work for prompt in range(1, 13) for work in (1, 2, 3)})

    found = values(study, "pairs_soft")

    firsts = [row["label_0"] for row in found]
    assert 8 <= sum(label > 0.5 for label in firsts) <= 28
    assert [row["work_0"] for row in values(study, "pairs_soft")] == [row["work_0"] for row in found]


def test_each_judgement_stands_with_its_strength_as_the_pair_is_turned(alice, bob):
    study = study_of(make.work("a"), make.work("b"), scale="strength")
    for person, ranks, strength in ((alice, [1, 2], 3), (bob, [2, 1], -1)):
        make.make_rater(study, person)
        answer_next(study, person, ranks=ranks, strength=strength)
    entry = Judgement.objects.first().submission.assignment.comparison.entries.get(index=0).work.external_id

    (row,) = values(study, "pairs_soft")

    sign = 1 if row["work_0"] == entry else -1
    told_of = {(one["verdict"], one["strength"]) for one in row["preferences"]}
    assert told_of == {(sign, 3 * sign), (-sign, -sign)}
    assert len({one["rater"] for one in row["preferences"]}) == 2


def test_pictures_are_named_by_the_file_that_was_shown(bob, tmp_path):
    study = study_of(*images(tmp_path, "one", "two"))
    judge_all(study, bob, {"one": 1, "two": 2})

    rows, _, tally = told(study, "pairs_soft")

    (row,) = [row.values for row in rows]
    assert (row["text_0"], row["text_1"], row["medium_0"]) == (None, None, "image")
    assert {row["media_0"], row["media_1"]} == tally.files.keys()
    assert all(path.startswith("media/") and path.endswith(".webp") for path in tally.files)
    assert all(path.split("/")[1].split(".")[0] in stored for path, stored in tally.files.items())


def test_without_files_pictures_are_named_by_their_ids_alone(bob, tmp_path):
    study = study_of(*images(tmp_path, "one", "two"))
    judge_all(study, bob, {"one": 1, "two": 2})

    rows, _, tally = told(study, "pairs_soft", media="none")

    assert [(row.values["media_0"], row.values["text_0"]) for row in rows] == [(None, None)]
    assert tally.files == {}


def test_a_mixed_study_gives_all_its_pairs_and_absent_works_none(bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"), *images(tmp_path, "one"))
    judge_all(study, bob, {"a": 1, "b": 2, "one": 3})
    study.collections.get().works.filter(external_id="b").update(medium="absent")

    rows, dropped, _ = told(study, "pairs_soft")

    assert [frozenset((row.values["medium_0"], row.values["medium_1"])) for row in rows] == [{"text", "image"}]
    assert {one.reason for one in dropped} == {"one of the works has no content here"}


def test_fewer_judgements_than_asked_for_stay_and_are_told_of(alice, bob):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    judge_all(study, alice, {"a": 1, "b": 2, "c": 3})
    make.make_rater(study, bob)
    make.judgement(study, bob)

    for view in ("pairs_soft", "pairs", "pairs_ab"):
        rows, dropped, tally = told(study, view, min_judgements=2)
        kept = {row.values["pair_id"] for row in rows} | {one.key for one in dropped}
        assert len(kept) == 3
        assert {one.reason for one in dropped} <= {
            "fewer judgements than asked for",
            "as many raters for one work as for the other",
        }
        assert tally.pairs_left["fewer judgements than asked for"] == 2
        assert len(rows) + len(dropped) == 3


def test_a_column_for_each_criterion(alice, bob):
    study = make.study(works=2, criteria=("lighting", "style", "prompt"))
    lighting, style, prompt = study.criteria.order_by("position")
    for person, ranks in ((alice, [1, 2]), (bob, [1, 2])):
        make.make_rater(study, person)
        given = make.assignment(study, person)
        each = [
            make.Answer(criterion=lighting, ranks=ranks),
            make.Answer(criterion=style, ranks=[1, 1]),
            make.Answer(criterion=prompt, outcome="cannot_judge"),
        ]
        submit(assignment=given, key=uuid.uuid4(), replaces=0, answers=make.Answers(each=each))
    best = given.comparison.entries.get(index=0).work.external_id

    (row,) = values(study, "pairs_ab")

    assert row["lighting"] == ("A" if row["work_A"] == best else "B")
    assert (row["style"], row["criterion-prompt"]) == ("same", "invalid")
    assert row["prompt"] == "The prompt p1.\n"
    votes = {one["criterion"]: one for one in row["votes"]}
    assert votes["style"] == {"criterion": "style", "n_A": 0, "n_B": 0, "n_same": 2}
    assert "prompt" not in votes


@pytest.mark.parametrize(
    ("places", "verdict"),
    [([1, 1, 1], "same"), ([1, 1, -1], "a"), ([1, 0, 0], "same"), ([1, 0], "a"), ([1, -1, 0], "same")],
)
def test_the_verdict_is_what_most_say(places, verdict, alice, bob, charlie):
    study = study_of(make.work("a"), make.work("b"), overlap=3)
    ranks = {1: {"a": 1, "b": 2}, 0: {"a": 1, "b": 1}, -1: {"a": 2, "b": 1}}
    ties = places == [1, 1, 1]
    for person, place in zip((alice, bob, charlie), places, strict=False):
        judge_all(study, person, ranks[0 if ties else place])

    (row,) = values(study, "pairs_ab")

    assert row["lighting"] == ("same" if verdict == "same" else "A" if row["work_A"] == "a" else "B")
