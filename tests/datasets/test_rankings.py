"""Sets that stay sets: as rankings, and in the pairs made of them."""

from itertools import combinations

import pytest

from feedback.works.models import Clearance
from tests import make
from tests.datasets.panel import answer_next, freeze, images, judge_all, rows, study_of
from tests.datasets.telling import told, values

pytestmark = pytest.mark.django_db
WORKS = "abcd"


def set_of_four(**fields):
    return study_of(*(make.work(name) for name in WORKS), form="set", set_size=4, **fields)


def test_each_raters_order_is_a_row_with_ties_and_gaps_as_they_were_given(alice, bob):
    study = set_of_four()
    orders = {alice: {"a": 1, "b": 2, "c": 2, "d": 4}, bob: {"a": 4, "b": 3, "c": 2, "d": 1}}
    for person, places in orders.items():
        judge_all(study, person, places)

    found = values(study, "rankings")

    told_of = [{work["work"]: rank for work, rank in zip(row["works"], row["ranking"], strict=True)} for row in found]
    assert sorted(map(str, map(sorted, map(dict.items, told_of)))) == sorted(
        str(sorted(places.items())) for places in orders.values()
    )
    assert len({row["set_id"] for row in found}) == 1
    assert len({row["rater"] for row in found}) == 2
    assert {row["asked"] for row in found} == {"full"}


def test_the_pairs_of_a_set_weigh_as_much_as_one_judgement(alice, bob):
    study = set_of_four()
    for person in (alice, bob):
        judge_all(study, person, {name: place for place, name in enumerate(WORKS, start=1)})

    found = values(study, "pairs")
    soft = values(study, "pairs_soft")

    assert len(found) == 6
    for view in (found, soft):
        assert len({row["set_id"] for row in view}) == 1
        assert [row["weight"] for row in view] == [pytest.approx(1 / 6, abs=1e-6)] * 6
    assert found[0]["set_id"] == values(study, "judgements")[0]["comparison_id"]


@pytest.mark.parametrize(
    ("ranking", "places", "weight"), [("best", [1, 2, 2, 2], 1 / 3), ("best-worst", [1, 2, 2, 3], 1 / 5)]
)
def test_what_was_not_picked_takes_no_weight(bob, ranking, places, weight):
    study = set_of_four(ranking=ranking)
    judge_all(study, bob, dict(zip(WORKS, places, strict=True)))

    found = values(study, "pairs")

    assert [row["weight"] for row in found] == [pytest.approx(weight, abs=1e-6)] * round(1 / weight)
    assert {row["asked"] for row in values(study, "rankings")} == {ranking}


def test_a_pair_of_several_sets_belongs_to_the_one_that_judged_it_most(alice, bob):
    study = study_of(*(make.work(name) for name in "abcde"), form="set", set_size=4)
    for person in (alice, bob):
        judge_all(study, person, {name: place for place, name in enumerate("abcde", start=1)})

    rows = values(study, "pairs")

    rankings = values(study, "rankings")
    assert {row["set_id"] for row in rows} <= {row["set_id"] for row in rankings}
    for row in rows:
        members = next(one["works"] for one in rankings if one["set_id"] == row["set_id"])
        assert {row["chosen_work"], row["rejected_work"]} <= {work["work"] for work in members}
        assert row["weight"] == pytest.approx(1 / 6, abs=1e-6)
    assert sum(row["weight"] for row in rows) <= len({row["set_id"] for row in rankings}) + 1e-4


def test_pairs_that_were_judged_as_pairs_have_no_set(bob):
    study = study_of(make.work("a"), make.work("b"))
    judge_all(study, bob, {"a": 1, "b": 2})

    assert [(row["set_id"], row["weight"]) for row in values(study, "pairs")] == [(None, None)]
    assert [row["asked"] for row in values(study, "rankings")] == ["full"]


def test_a_set_with_a_work_that_stays_is_dropped_whole(bob):
    study = set_of_four()
    judge_all(study, bob, {name: place for place, name in enumerate(WORKS, start=1)})
    Clearance.objects.filter(work__external_id="d").update(may_export=False)

    rows, dropped, tally = told(study, "rankings")

    assert rows == []
    assert [one.reason for one in dropped] == ["one of the works is not cleared"]
    assert tally.works == set()
    assert len(values(study, "pairs")) == len(list(combinations("abc", 2)))


def test_rankings_of_pictures_name_their_files(bob, tmp_path):
    study = study_of(*images(tmp_path, "one", "two", "three"), form="set", set_size=3)
    judge_all(study, bob, {"one": 1, "two": 2, "three": 3})

    rows, _, tally = told(study, "rankings")

    assert {work["file"] for row in rows for work in row.values["works"]} == tally.files.keys()
    assert len(tally.files) == 3


def test_rankings_judged_by_too_few_stay(alice, bob):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    judge_all(study, alice, {"a": 1, "b": 2, "c": 3})
    make.make_rater(study, bob)
    make.judgement(study, bob)

    rows, dropped, _ = told(study, "rankings", min_judgements=2)

    assert len(rows) == 2
    assert len(dropped) == 2


def test_what_could_not_be_judged_is_no_ranking(bob):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    make.make_rater(study, bob)
    answer_next(study, bob, outcome="cannot_judge")
    make.judgement(study, bob)

    rows, _, tally = told(study, "rankings")

    assert len(rows) == 1
    assert tally.judgements_left == {"the rater could not judge": 1}


@pytest.mark.parametrize(("ranking", "pairs", "ties"), [("best", 2, 0), ("best-worst", 3, 0), ("full", 2, 1)])
def test_works_that_were_not_picked_were_not_set_against_each_other(bob, tmp_path, ranking, pairs, ties):
    works = [make.work(name) for name in "abc"]
    study = study_of(*works, form="set", set_size=3, ranking=ranking)
    places = {"a": 1, "b": 2, "c": 3 if ranking == "best-worst" else 2}

    judge_all(study, bob, places)

    found = rows(study, tmp_path / "out")
    release = freeze(study)
    assert (len(found), release.manifest["ties"]) == (pairs, ties)
    assert all(row["n_ties"] == 0 for row in found)
