"""What was said of works by themselves: scores and labels."""

import pytest

from feedback.datasets.terms import ReleaseRefused
from feedback.judging.models import Comparison, Judgement
from tests import make
from tests.datasets.panel import answer_next, freeze, images, study_of
from tests.datasets.telling import told, values

pytestmark = pytest.mark.django_db


@pytest.fixture
def rated(alice, bob):
    """Scores of two works by two raters: a's are 6 and 4, b's 2 and 1."""
    study = study_of(make.work("a"), make.work("b"), form="rating", set_size=1)
    for person, scores in ((alice, {"a": 6.0, "b": 2.0}), (bob, {"a": 4.0, "b": 1.0})):
        make.make_rater(study, person)
        for _ in scores:
            given = make.assignment(study, person)
            work = given.comparison.entries.get().work.external_id
            answer = make.Answer(criterion=study.criteria.get(), score=scores[work])
            make.submit(assignment=given, key=make.uuid.uuid4(), replaces=0, answers=make.Answers(each=[answer]))
    return study


def test_every_score_is_a_row_with_its_scale(rated):
    found = values(rated, "ratings")

    assert [(row["work"], row["score"]) for row in found] == [("a", 6.0), ("a", 4.0), ("b", 2.0), ("b", 1.0)]
    assert {(row["scale_min"], row["scale_max"]) for row in found} == {(1, 7)}
    assert {row["text"] for row in found} == {"The text of a.", "The text of b."}
    assert len({row["rater"] for row in found}) == 2


def test_labels_come_from_the_side_of_the_scale(rated):
    found = values(rated, "unpaired")

    # The middle of the scale counts half for it: Bob's 4 does.
    assert [(row["work"], row["label"], row["n_judgements"], row["p_true"]) for row in found] == [
        ("a", True, 2, 0.75),
        ("b", False, 2, 0.0),
    ]
    assert [row["completion"] for row in found] == ["The text of a.", "The text of b."]


def test_a_work_in_the_middle_has_no_label(rated):
    Judgement.objects.filter(score=6.0).update(score=4.0)

    rows, dropped, tally = told(rated, "unpaired")

    assert [row.values["work"] for row in rows] == ["b"]
    assert len(dropped) == tally.pairs_left[dropped[0].reason] == 1
    assert "middle of the scale" in dropped[0].reason


def test_imported_scores_have_no_scale_that_we_know(rated):
    Comparison.objects.update(purpose="imported")

    assert {row["scale_min"] for row in values(rated, "ratings")} == {None}
    rows, _, tally = told(rated, "unpaired")
    assert rows == []
    assert tally.judgements_left == {"its scores were imported without their scale": 4}


def test_flags_make_labels_also_where_the_rater_could_not_choose(alice, bob):
    study = study_of(make.work("a"), make.work("b"))
    for person in (alice, bob):
        make.make_rater(study, person)
    answer_next(study, alice, outcome="cannot_judge", acceptable=[False, False])
    first = Comparison.objects.get().entries.get(index=0).work.external_id
    answer_next(study, bob, ranks=[1, 2], acceptable=[True, False])

    rows, dropped, tally = told(study, "unpaired")

    second = {"a": "b", "b": "a"}[first]
    assert [(row.values["work"], row.values["label"], row.values["p_true"]) for row in rows] == [(second, False, 0.0)]
    assert len(dropped) == 1
    assert tally.used == 2


def test_comparisons_make_no_labels_and_the_refusal_says_what_to_ask(bob):
    study = study_of(make.work("a"), make.work("b"))
    make.make_rater(study, bob)
    answer_next(study, bob, ranks=[1, 2])

    assert values(study, "unpaired") == values(study, "ratings") == []
    with pytest.raises(ReleaseRefused, match=r"never of comparisons.*--view pairs.*KTOTrainer"):
        freeze(study, preset="kto")


def test_labels_judged_by_too_few_stay(rated):
    Judgement.objects.filter(score=6.0).delete()

    rows, dropped, _ = told(rated, "unpaired", min_judgements=2)

    assert [row.values["work"] for row in rows] == ["b"]
    assert [one.reason for one in dropped] == ["fewer judgements than asked for"]


def test_scores_of_pictures_name_their_files(bob, tmp_path):
    study = study_of(*images(tmp_path, "one", "two"), form="rating", set_size=1)
    make.make_rater(study, bob)
    answer_next(study, bob, score=7.0)

    rows, _, tally = told(study, "ratings")
    labels, _, _ = told(study, "unpaired")

    assert {rows[0].values["media"], labels[0].values["media"]} == tally.files.keys()
    assert labels[0].values["completion"] is None
    assert rows[0].values["text"] is None
