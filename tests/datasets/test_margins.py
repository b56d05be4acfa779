"""Margins and probabilities are fitted to the judgements of their own split, and say nothing across parts."""

import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.datasets.asking import terms_for
from feedback.datasets.reading.book import FITS, TEXTS, books_of
from feedback.datasets.rows import VIEWS
from feedback.datasets.rows.tally import Tally
from feedback.datasets.terms import ReleaseRefused
from feedback.judging.models import Judgement
from feedback.works.models import Clearance, Prompt
from tests import make
from tests.datasets.panel import answer_next, asked, judge_all, study_of
from tests.datasets.telling import told, values

pytestmark = pytest.mark.django_db


def margins(study, **terms):
    return {row.values["pair_id"]: row.values["margin"] for row in told(study, margin=True, **terms)[0]}


def judged(*people, prompts=30):
    """Everybody judges all pairs of all prompts as they stand in the alphabet."""
    study = make.study(prompts=prompts, works=3, criteria=("lighting",))
    places = {f"p{prompt}-{work}": work for prompt in range(1, prompts + 1) for work in (1, 2, 3)}
    for person in people:
        judge_all(study, person, places)
    return study


def test_the_margin_grows_with_what_is_known(alice, bob):
    study = judged(alice, bob, prompts=1)

    rows = [row.values for row in told(study, margin=True)[0]]

    by_works = {(row["chosen_work"][-1], row["rejected_work"][-1]): row for row in rows}
    assert by_works["1", "3"]["margin"] > by_works["1", "2"]["margin"] > 0
    assert by_works["1", "3"]["margin"] == pytest.approx(
        by_works["1", "2"]["margin"] + by_works["2", "3"]["margin"], abs=1e-5
    )
    assert all(0 < row["margin_se"] < 2 for row in rows)


def test_judgements_of_the_test_split_change_nothing_in_train(alice, bob):
    study = judged(alice, bob)
    before = told(study, margin=True)[0]
    soft = told(study, "pairs_soft")[0]
    splits = {row.split for row in before}
    assert {"train", "test"} <= splits

    tested = {row.values["prompt_id"] for row in before if row.split != "train"}
    changed = Judgement.objects.filter(submission__assignment__comparison__prompt__external_id__in=tested)
    for one in changed:
        Judgement.objects.filter(pk=one.pk).update(ranks=one.ranks[::-1])

    after, soft_after = told(study, margin=True)[0], told(study, "pairs_soft")[0]
    assert [row.values for row in after if row.split == "train"] == [
        row.values for row in before if row.split == "train"
    ]
    for rows, rows_after, name in ((before, after, "chosen_work"), (soft, soft_after, "p_0")):
        inside, inside_after = ([row.values[name] for row in of if row.split == "train"] for of in (rows, rows_after))
        outside, outside_after = ([row.values[name] for row in of if row.split != "train"] for of in (rows, rows_after))
        assert inside == inside_after
        assert outside != outside_after


def test_a_margin_is_there_only_if_it_is_asked_for(bob):
    study = judged(bob, prompts=1)

    assert not any("margin" in row for row in values(study))
    assert not any("margin" in row for row in values(study, "pairs_conversational"))
    assert "margin" in values(study, "pairs_conversational", margin=True)[0]
    with pytest.raises(ReleaseRefused, match="margin"):
        asked(study, view="judgements", margin=True)


def test_judgements_on_works_that_stay_say_nothing(alice, bob):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    judge_all(study, alice, {"a": 1, "b": 2, "c": 3})
    whole = margins(study)
    Clearance.objects.filter(work__external_id="c").update(may_export=False)

    ((pair, margin),) = margins(study).items()
    assert margin < whole[pair]  # that c lost to b and to a had made a seem further ahead

    (book,) = books_of(asked(study, margin=True), frozenset({FITS, TEXTS}))
    (fit,) = book.strengths.told()
    assert (fit["judgements"], fit["works"], fit["parts"]) == (1, 2, 1)


def test_the_manifest_can_tell_each_fit(alice, bob):
    study = judged(alice, bob)

    (book,) = books_of(asked(study, margin=True), frozenset({TEXTS}))

    fits = book.strengths.told()
    assert [fit["split"] for fit in fits] == [
        split for split in ("train", "validation", "test") if split in book.splits.values()
    ]
    for fit in fits:
        assert (fit["study"], fit["criterion"], fit["version"], fit["model"]) == (study.slug, "lighting", 1, "davidson")
        assert fit["prior_sd"] > 0
        assert fit["judgements"] == 6 * fit["parts"]
        assert math.isfinite(fit["position"])
    assert sum(fit["works"] for fit in fits) == 90


def test_keys_and_lessons_are_not_fitted(alice):
    study = judged(alice, prompts=1)
    study.comparisons.filter(pk=study.comparisons.first().pk).update(purpose="gold")

    (book,) = books_of(asked(study, margin=True), frozenset({TEXTS}))

    assert [fit["judgements"] for fit in book.strengths.told()] == [2]


def test_a_pair_that_no_fit_joins_has_no_margin_and_stays(alice):
    """Two works that are both the best say nothing where only the best was asked for; the third lost to both."""
    study = study_of(*(make.work(name) for name in "abc"), form="set", set_size=3, ranking="best")
    judge_all(study, alice, {"a": 1, "b": 2, "c": 2})
    Judgement.objects.update(ranks=[1, 1, 2])

    rows, dropped, tally = told(study, margin=True)

    assert rows == []
    assert {one.reason for one in dropped} == {"no fitted judgement joins its works"}
    assert tally.pairs_left == {"no fitted judgement joins its works": 2}
    assert [row["p_0"] for row in values(study, "pairs_soft")] == [None, None]


def test_the_advantage_of_the_first_place_is_taken_out(alice, bob):
    """Bob and Alice put first what they saw first: what they say of the works is little."""
    study = make.study(prompts=8, works=3, criteria=("lighting",), rater=alice)
    make.make_rater(study, bob)
    for person in (alice, bob):
        for _ in range(24):
            given = make.assignment(study, person)
            ranks = [1, 2] if given.shown_order[0] == 0 else [2, 1]
            make.submit(assignment=given, key=make.uuid.uuid4(), replaces=0, answers=make.answers(given, ranks=ranks))

    rows = values(study, "pairs_soft")

    one_sided = [row for row in rows if row["label_0"] in {0.0, 1.0}]
    assert all(0.2 < row["p_0"] < 0.8 for row in rows)
    assert len(rows) == 24
    assert len(one_sided) < 24


def test_the_number_of_queries_does_not_grow_with_the_study(alice):
    counts = []
    wants = frozenset[str]().union(*(view.wants for view in VIEWS.values()))
    for prompts in (2, 12):
        terms = terms_for(studies=[judged(alice, prompts=prompts)], views=list(VIEWS))
        with CaptureQueriesContext(connection) as queries:
            for book in books_of(terms, wants):
                chapters = list(book.chapters())
                rows = [list(view.rows(book, one, Tally())) for one in chapters for view in VIEWS.values()]
        assert len(rows) == prompts * len(VIEWS)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 28


def test_one_criterion_alone_is_fitted_where_one_is_asked_for(alice):
    study = make.study(works=3)
    judge_all(study, alice, {"p1-1": 1, "p1-2": 2, "p1-3": 3})

    (book,) = books_of(asked(study, margin=True, criterion="lighting"), frozenset({TEXTS}))

    assert [fit["criterion"] for fit in book.strengths.told()] == ["lighting"]
    assert Prompt.objects.count() == 1


def test_what_could_not_be_judged_is_not_fitted(alice):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    make.make_rater(study, alice)
    answer_next(study, alice, outcome="cannot_judge")
    make.judgement(study, alice)

    (book,) = books_of(asked(study, margin=True), frozenset({TEXTS}))

    assert [fit["judgements"] for fit in book.strengths.told()] == [1]
