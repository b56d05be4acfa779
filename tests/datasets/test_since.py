"""A release since another holds what is new, and says what is gone."""

import json
import uuid

import pytest

from feedback.datasets.actions import write_release
from feedback.datasets.terms import ReleaseRefused
from feedback.judging.actions import retract, submit
from feedback.people.actions import rater_of
from feedback.works.models import Clearance
from tests import make
from tests.datasets.panel import by_places, files, freeze, judge_all, rows, study_of

pytestmark = pytest.mark.django_db


def told(folder, name):
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


def by_key(found, key):
    return {row[key]: row for row in found}


@pytest.fixture
def study(bob):
    made = make.study(prompts=6, works=2, rater=bob)
    for _ in range(4):
        make.judgement(made, bob)
    return made


def test_base_and_difference_together_are_the_whole(study, bob, tmp_path):
    base = freeze(study, view="judgements")
    before = by_key(rows(study, tmp_path / "before", view="judgements"), "judgement_id")
    retract(study=study, rater=rater_of(user=bob), key=uuid.uuid4())
    for _ in range(2):
        make.judgement(study, bob)

    since = by_key(rows(study, tmp_path / "since", view="judgements", since=base), "judgement_id")

    removed = {row["id"] for row in told(tmp_path / "since", "removals.jsonl")}
    whole = by_key(rows(study, tmp_path / "whole", view="judgements"), "judgement_id")
    joined = {key: row for key, row in before.items() if key not in removed} | since
    assert joined.keys() == whole.keys()
    assert 0 < len(since) < len(whole)
    # Raters join the base: they have the names they have there.
    assert {row["rater"] for row in joined.values()} == {row["rater"] for row in before.values()}
    nameless = [{key: row | {"rater": ""} for key, row in found.items()} for found in (joined, whole)]
    assert nameless[0] == nameless[1]


def test_a_row_that_changed_is_written_again_and_one_that_did_not_is_not(alice, bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    judge_all(study, alice, {"a": 1, "b": 2, "c": 3})
    base = freeze(study)
    before = by_key(rows(study, tmp_path / "before"), "pair_id")
    make.make_rater(study, bob)
    agreed = make.assignment(study, bob)
    submit(assignment=agreed, key=uuid.uuid4(), replaces=0, answers=by_places(agreed, {"a": 1, "b": 2, "c": 3}))

    since = rows(study, tmp_path / "since", since=base)

    assert [row["n_judgements"] for row in since] == [2]
    assert before[since[0]["pair_id"]]["n_judgements"] == 1
    assert "removals.jsonl" not in files(tmp_path / "since")
    assert freeze(study, since=base).version == "2.0.0"


def test_a_work_that_may_no_longer_leave_is_named_with_the_rows_it_was_in(alice, tmp_path):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    judge_all(study, alice, {"a": 1, "b": 2, "c": 3})
    base = freeze(study)
    before = rows(study, tmp_path / "before")
    Clearance.objects.filter(work__external_id="a").update(may_train_reward_model=False)

    write_release(freeze(study, since=base), tmp_path / "since")

    (removal,) = told(tmp_path / "since", "removals.jsonl")
    gone = sorted(row["pair_id"] for row in before if "a" in {row["chosen_work"], row["rejected_work"]})
    assert (removal["kind"], removal["id"]) == ("work", "a")
    assert removal["reason"] == "not cleared for train-reward-model"
    assert removal["affected"] == [{"release": str(base), "view": "pairs", "rows": gone}]
    assert len(gone) == 2
    assert not list((tmp_path / "since").glob("data/*/*"))


def test_a_pair_that_ends_even_now_is_gone_for_that_reason(alice, bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"))
    judge_all(study, alice, {"a": 1, "b": 2})
    base = freeze(study)
    (before,) = rows(study, tmp_path / "before")
    judge_all(study, bob, {"a": 2, "b": 1})

    assert rows(study, tmp_path / "since", since=base) == []

    assert told(tmp_path / "since", "removals.jsonl") == [
        {
            "kind": "pair",
            "id": before["pair_id"],
            "reason": "as many raters for one work as for the other",
            "affected": [{"release": str(base), "view": "pairs", "rows": [before["pair_id"]]}],
        }
    ]


def test_where_nothing_changed_there_is_nothing_to_write(study):
    base = freeze(study)

    with pytest.raises(ReleaseRefused, match=f"Nothing has changed since the release {base}"):
        freeze(study, since=base)


def test_a_release_of_other_rows_is_no_base(study):
    base = freeze(study)

    for terms in ({"view": "judgements"}, {"purpose": "export"}, {"criterion": "lighting"}, {"min_judgements": 2}):
        with pytest.raises(ReleaseRefused, match="holds other rows"):
            freeze(study, since=base, **terms)


def test_a_late_judgement_with_an_early_time_is_not_missed(study, bob, alice, tmp_path):
    """It is found by its row, not by a clock or a number that another transaction has passed."""
    base = freeze(study, view="judgements")
    make.make_rater(study, alice)
    late = make.judgement(study, alice)
    type(late).objects.filter(pk=late.pk).update(at=late.at.replace(year=2020))

    assert len(rows(study, tmp_path / "since", view="judgements", since=base)) == 3
