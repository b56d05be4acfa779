"""The judgements as they were given."""

import json
import uuid

import pytest

from feedback.datasets.terms import ReleaseRefused
from feedback.judging.actions import Answer, Answers, retract, submit
from feedback.judging.actions.withdrawing import withdraw_rater
from feedback.judging.models import Assignment
from feedback.people.actions import rater_of
from tests import make
from tests.datasets.panel import answer_next, freeze, images, judge_all, rows, study_of
from tests.datasets.telling import share_words, told, values

pytestmark = pytest.mark.django_db


def test_everything_is_aligned_with_the_works_as_they_were_shown(alice, bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"), scale="strength")
    for person in (alice, bob):
        make.make_rater(study, person)
        answer_next(study, person, ranks=[1, 2], strength=2, acceptable=[True, None])
    first_entry = Assignment.objects.first().comparison.entries.get(index=0).work.external_id

    found = rows(study, tmp_path / "out", view="judgements")

    assert sorted(row["works"][0]["work"] for row in found) == ["a", "b"]
    for row in found:
        as_stored = row["works"][0]["work"] == first_entry
        assert row["ranks"] == ([1, 2] if as_stored else [2, 1])
        assert row["strength"] == (2 if as_stored else -2)
        assert row["acceptable"] == ([True, None] if as_stored else [None, True])


def test_a_row_holds_all_that_was_said(bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"))
    make.make_rater(study, bob)
    assignment = make.assignment(study, bob)
    answers = make.answers(assignment, dwell_ms=1234, rationale="Because.")
    submission = submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=answers)

    (row,) = rows(study, tmp_path / "out", view="judgements")

    assert list(row) == [
        "judgement_id",
        "comparison_id",
        "prompt_id",
        "prompt",
        "form",
        "works",
        "purpose",
        "criterion",
        "criterion_version",
        "outcome",
        "ranks",
        "rater",
        "rater_kind",
        "judged_at",
        "dwell_ms",
        "late",
        "extra",
        "number",
        "live",
    ]
    assert (row["prompt"], row["form"], row["purpose"]) == ("The prompt p1.", "pair", "uniform")
    assert (row["rater_kind"], row["dwell_ms"], row["number"]) == ("person", 1234, 1)
    assert row["judged_at"] == submission.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert list(row["works"][0]) == ["work", "medium", "sha256", "text", "file"]


def test_what_could_not_be_judged_is_a_row_too(bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    make.make_rater(study, bob)
    answer_next(study, bob, outcome="cannot_judge")
    make.judgement(study, bob)

    found = rows(study, tmp_path / "out", view="judgements")

    assert sorted((row["outcome"], row["ranks"] is None) for row in found) == [
        ("answered", False),
        ("cannot_judge", True),
    ]


def test_a_column_without_any_value_is_left_out_of_every_row_and_of_the_card(bob, tmp_path):
    study = make.study(prompts=20, works=2, rater=bob)
    for number in range(20):
        answer_next(study, bob, ranks=[1, 2], strength=1 if number == 19 else None)

    found = rows(study, tmp_path / "out", view="judgements")

    assert {"strength" in row for row in found} == {True}
    assert not any({"score", "acceptable", "group", "dwell_ms"} & row.keys() for row in found)
    card = (tmp_path / "out" / "README.md").read_text()
    assert '- name: "strength"' in card
    assert '- name: "score"' not in card


def test_rationales_leave_only_when_asked_for(bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"))
    share_words(make.make_rater(study, bob))
    assignment = make.assignment(study, bob)
    answers = make.answers(assignment, rationale="A secret sentence.")
    submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=answers)

    (silent,) = rows(study, tmp_path / "silent", view="judgements")
    (spoken,) = rows(study, tmp_path / "spoken", view="judgements", rationales=True)

    assert "A secret sentence." not in json.dumps(silent)
    assert spoken["rationale"] == "A secret sentence."
    with pytest.raises(ReleaseRefused, match="view judgements"):
        freeze(study, rationales=True)


def test_the_words_of_those_who_keep_them_stay_and_of_the_others_leave(alice, bob):
    study = study_of(make.work("a"), make.work("b"))
    for person, word in ((alice, "Hers."), (bob, "His.")):
        make.make_rater(study, person)
        given = make.assignment(study, person)
        submit(assignment=given, key=uuid.uuid4(), replaces=0, answers=make.answers(given, rationale=word))
    share_words(rater_of(user=alice))

    assert {row["rationale"] for row in values(study, "judgements", rationales=True)} == {"Hers.", None}


def answered_anew(study, person, *ranks, **fields):
    """The person answers the next comparison with these ranks, one after the other."""
    given = make.assignment(study, person)
    for number, one in enumerate(ranks):
        answers = make.answers(given, ranks=one, rationale=f"Sentence {number}.", **fields)
        submit(assignment=given, key=uuid.uuid4(), replaces=number, answers=answers)
    return given


def test_an_answer_that_another_took_the_place_of_says_which_and_when(bob):
    study = study_of(make.work("a"), make.work("b"))
    share_words(make.make_rater(study, bob))
    given = answered_anew(study, bob, [1, 2], [2, 1], [1, 1])

    first, second, last = sorted(values(study, "judgements", rationales=True), key=lambda row: row["number"])

    assert [row["live"] for row in (first, second, last)] == [False, False, True]
    assert [row["superseded_by"] for row in (first, second, last)] == [
        second["judgement_id"],
        last["judgement_id"],
        None,
    ]
    assert [row["superseded_at"] for row in (first, second, last)] == [second["judged_at"], last["judged_at"], None]
    assert [row["rationale"] for row in (first, second, last)] == [None, None, "Sentence 2."]
    assert [row["ranks"] for row in (first, second, last)] == [
        [ranks[index] for index in given.shown_order] for ranks in ([1, 2], [2, 1], [1, 1])
    ]


def test_only_the_last_answer_is_counted_and_trains(bob):
    study = study_of(make.work("a"), make.work("b"))
    make.make_rater(study, bob)
    answered_anew(study, bob, [1, 2], [2, 1])

    _, _, tally = told(study, "judgements")

    assert (tally.live, tally.used) == (1, 1)
    assert [row["n_judgements"] for row in values(study, "pairs")] == [1]


def test_what_was_taken_back_or_whose_rater_withdrew_is_gone(alice, bob):
    study = study_of(make.work("a"), make.work("b"))
    for person in (alice, bob):
        make.make_rater(study, person)
        answered_anew(study, person, [1, 2], [2, 1])
    assert len(values(study, "judgements")) == 4

    retract(study=study, rater=rater_of(user=bob), key=uuid.uuid4())
    assert len(values(study, "judgements")) == 2
    withdraw_rater(study=study, rater=rater_of(user=alice), reason="withdrawn", by=None)

    assert values(study, "judgements") == []


def test_an_answer_given_after_one_was_taken_back_supersedes_it(bob):
    study = study_of(make.work("a"), make.work("b"))
    make.make_rater(study, bob)
    answered_anew(study, bob, [1, 2])
    retract(study=study, rater=rater_of(user=bob), key=uuid.uuid4())
    given = Assignment.objects.get()
    submit(assignment=given, key=uuid.uuid4(), replaces=2, answers=make.answers(given, ranks=[2, 1]))

    first, last = sorted(values(study, "judgements"), key=lambda row: row["number"])

    assert (first["live"], first["superseded_by"]) == (False, last["judgement_id"])
    assert first["superseded_at"] < last["judged_at"]


def test_each_criterion_follows_its_own_answers(bob):
    study = make.study(works=2, rater=bob, criteria=("lighting", "style"))
    answered_anew(study, bob, [1, 2], [2, 1])

    found = {row["judgement_id"]: row for row in values(study, "judgements")}

    undone = [row for row in found.values() if not row["live"]]
    assert len(undone) == 2
    for row in undone:
        assert found[row["superseded_by"]]["criterion"] == row["criterion"]


def test_judgements_that_stay_are_told_of(bob):
    study = study_of(make.work("a"), make.work("b", purposes=frozenset({"show"})))
    make.make_rater(study, bob)
    answered_anew(study, bob, [1, 2], [2, 1])

    rows, dropped, tally = told(study, "judgements")

    assert rows == []
    assert {one.reason for one in dropped} == {"one of the works is not cleared"}
    assert len({one.key for one in dropped}) == 2
    assert (tally.live, tally.used, tally.raters) == (1, 0, set())


def test_a_rater_has_one_pseudonym_in_a_release_and_another_in_the_next(alice, bob, tmp_path):
    study = make.study(prompts=2, works=2, criteria=("lighting",), rater=bob)
    make.make_rater(study, alice)
    make.judgement(study, alice)
    make.judgement(study, bob)
    before = rows(study, tmp_path / "before", view="judgements")
    again = rows(study, tmp_path / "again", view="judgements")
    make.judgement(study, bob)

    after = rows(study, tmp_path / "after", view="judgements")

    assert again == before
    assert len({row["rater"] for row in before}) == len({row["rater"] for row in after}) == 2
    assert not {row["rater"] for row in before} & {row["rater"] for row in after}
    assert {row["judgement_id"] for row in before} < {row["judgement_id"] for row in after}


def test_judgements_name_nobody(alice, bob, tmp_path):
    study = make.study(lead=alice, rater=bob)
    make.judgement(study, bob)

    rows(study, tmp_path / "out", view="judgements")

    rater = rater_of(user=bob)
    everything = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*.*"))
    for secret in ("maker-1", "Alice", "Bob", rater.public_id.hex, str(rater.public_id), bob.public_id.hex):
        assert secret.encode() not in everything


def test_images_appear_by_id_and_sha256_without_content(bob, tmp_path):
    study = study_of(*images(tmp_path, "one", "two"))
    judge_all(study, bob, {"one": 1, "two": 2})

    (row,) = rows(study, tmp_path / "out", view="judgements")

    works = {work["work"]: work for work in row["works"]}
    assert works.keys() == {"one", "two"}
    assert {(work["medium"], work["text"]) for work in works.values()} == {("image", None)}
    assert all(len(work["sha256"]) == 64 for work in works.values())


def test_a_rating_study_gives_scores(bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"), form="rating", set_size=1)
    make.make_rater(study, bob)
    answer_next(study, bob, score=4)
    answer_next(study, bob, score=5.5)

    found = rows(study, tmp_path / "out", view="judgements")

    assert sorted(row["score"] for row in found) == [4.0, 5.5]
    assert {len(row["works"]) for row in found} == {1}
    assert '"score":4.0' in next((tmp_path / "out").glob("data/judgements/*")).read_text()


def test_sets_keep_their_ranks_with_gaps_in_shown_order(bob, tmp_path):
    study = study_of(*(make.work(name) for name in "abc"), form="set", set_size=3)
    places = {"a": 1, "b": 3, "c": 7}
    judge_all(study, bob, places)

    (row,) = rows(study, tmp_path / "out", view="judgements")

    assert [places[work["work"]] for work in row["works"]] == row["ranks"]
    assert [work["work"] for work in row["works"]] == [
        Assignment.objects.get().comparison.entries.get(index=index).work.external_id
        for index in Assignment.objects.get().shown_order
    ]


def test_a_judgement_that_names_a_blocked_work_stays_whole(bob):
    study = study_of(make.work("a"), make.work("b"), make.work("c", purposes=frozenset({"show"})))
    judge_all(study, bob, {"a": 1, "b": 2, "c": 3})

    release = freeze(study, view="judgements")

    assert release.rows == 1
    assert release.manifest["judgements"]["left_out"] == [{"reason": "one of the works is not cleared", "count": 2}]


def test_one_criterion_alone_can_be_asked_for(bob, tmp_path):
    study = make.study(rater=bob)
    assignment = make.assignment(study, bob)
    told = [Answer(criterion=one, ranks=[1, 2]) for one in study.criteria.all()]
    submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=Answers(each=told))

    found = rows(study, tmp_path / "out", view="judgements", criterion="narrative-arc")

    assert [row["criterion"] for row in found] == ["narrative-arc"]
