"""The works of a release and what stands behind them."""

import pytest

from feedback.datasets.rows.works import canonical
from tests import make
from tests.datasets.panel import images, judge_all, study_of
from tests.datasets.telling import told, values
from tests.judging.answering import FACTS

pytestmark = pytest.mark.django_db


def test_a_work_is_told_with_who_made_it_and_its_rights(bob):
    given = {"seed": 7, "guidance": 7.0, "about": {"b": 1, "a": [1.5]}}
    study = study_of(
        make.work("a", metadata=given, source="a library", generator_version="2"),
        make.work("b", generator="", maker="Bo Person", purposes=frozenset({"show", "export", "train-reward-model"})),
    )
    judge_all(study, bob, {"a": 1, "b": 2})

    a, b = values(study, "works")

    assert (a["work"], a["generator"], a["generator_version"], a["maker"]) == ("a", "maker-a", "2", None)
    assert (a["metadata"], a["source"]) == ('{"about":{"a":[1.5],"b":1},"guidance":7,"seed":7}', "a library")
    assert (a["licence"], a["consent"], a["text"]) == ("CC0-1.0", "given", "The text of a.")
    assert (b["generator"], b["maker"], b["purposes"]) == (None, "Bo Person", ["export", "train-reward-model"])


def test_works_that_stay_or_were_not_judged_are_not_told_of(bob):
    study = study_of(make.work("a"), make.work("b"), make.work("secret", purposes=frozenset({"show"})))
    make.make_rater(study, bob)
    while make.judgement(study, bob).assignment.comparison.entries.filter(work__external_id="secret").exists():
        pass

    rows, _, _ = told(study, "works")

    assert "secret" not in {row.values["work"] for row in rows}
    assert {row.criterion for row in rows} == {""}


def test_files_are_told_with_their_size(bob, tmp_path):
    study = study_of(*images(tmp_path, "one", "two"))
    judge_all(study, bob, {"one": 1, "two": 2})

    rows, _, tally = told(study, "works", media="shown")

    first = rows[0].values
    assert {row.values["file"] for row in rows} == tally.files.keys()
    assert (first["media_type"], first["width"], first["height"], first["text"]) == ("image/webp", 8, 8, None)
    assert first["bytes"] > 0
    assert {row["file"] for row in values(study, "works")} == {None}


def test_films_have_a_rate_and_a_number_of_frames(bob, tmp_path):
    study = study_of(*images(tmp_path, "one", "two"))
    judge_all(study, bob, {"one": 1, "two": 2})
    work = study.collections.get().works.first()
    facts = FACTS["video"] | {"rate": "30000/1001"}
    work.assets.filter(role="shown").update(facts=facts, media_type="video/webm")

    film, picture = values(study, "works", media="shown")

    assert (film["duration"], film["fps"], film["num_frames"]) == (4.0, 29.97003, 100)
    assert film["file"].endswith(".webm")
    assert (picture["duration"], picture["fps"], picture["num_frames"]) == (None, None, None)


def test_a_work_of_two_studies_is_told_once(alice, bob):
    one = study_of(make.work("a"), make.work("b"), collection="shared")
    other = study_of(make.work("a"), make.work("b"), collection="shared")
    judge_all(one, alice, {"a": 1, "b": 2})
    judge_all(other, bob, {"a": 1, "b": 2})

    assert [row["work"] for row in values([one, other], "works")] == ["a", "b"]
    pairs = values([one, other], "pairs")
    assert {row["study"] for row in pairs} == {one.slug, other.slug}
    assert len({row["pair_id"] for row in pairs}) == 2


@pytest.mark.parametrize(
    ("given", "told_of"),
    [
        ({"b": 1.0, "a": None}, '{"a":null,"b":1}'),
        ([True, 1.5, "é\u2028"], '[true,1.5,"é\u2028"]'),
        ({"x": {"z": 2, "y": -0.0}}, '{"x":{"y":0,"z":2}}'),
    ],
)
def test_what_a_database_may_write_otherwise_is_written_alike(given, told_of):
    assert canonical(given) == told_of
