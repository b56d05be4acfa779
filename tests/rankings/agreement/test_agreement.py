"""What comes in is checked, and what comes out is frozen and says what it is."""

import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from rankings import RankingError
from rankings.agreement import cohen_kappa, fleiss_kappa, gwet_ac1, kendall_w, krippendorff_alpha, percent_agreement

NAN, INF = float("nan"), float("inf")
TABLE = [[0, 1, 2], [0, 1, 1], [0, 2, NAN]]


@pytest.mark.parametrize(
    ("agreement", "sizes"),
    [
        (krippendorff_alpha([*TABLE, [NAN] * 3]), (3, 4, 8)),
        (krippendorff_alpha([[0, 1, 1], [0, 2, NAN]]), (2, 2, 4)),
        (percent_agreement([[0, 1, 1], [0, 2, NAN]]), (2, 2, 4)),
        (gwet_ac1([[0, 1, 1, NAN], [0, 2, NAN, NAN]]), (3, 2, 5)),
        (fleiss_kappa([[2, 0], [1, 1], [0, 1], [0, 0]]), (3, None, 5)),
        (cohen_kappa([0, 1, 1], [0, 0, 1]), (3, 2, 6)),
        (kendall_w([[1, 2, 3], [1, 3, 2]]), (3, 2, 6)),
    ],
)
def test_the_counts_are_of_what_entered_the_value(agreement, sizes):
    assert (agreement.n_units, agreement.n_raters, agreement.n_ratings) == sizes


def test_an_agreement_is_frozen_and_survives_pickling():
    agreement = krippendorff_alpha(np.tile(TABLE, 3), "ordinal")

    again = pickle.loads(pickle.dumps(agreement))

    assert repr(again) == repr(agreement)
    assert again.interval() == agreement.interval()
    with pytest.raises(FrozenInstanceError):
        agreement.value = 1.0


def test_an_agreement_says_what_it_is():
    model = np.full((2, 2), 0.5)

    assert repr(krippendorff_alpha(TABLE)) == "Krippendorff's alpha (nominal) 0.333 (3 raters, 3 units, 8 ratings)"
    assert (
        repr(fleiss_kappa([[2, 0], [1, 1]], model=model))
        == "Fleiss's kappa -0.333, -0.333 expected (2 units, 4 ratings)"
    )
    assert "Gwet's AC1" in repr(gwet_ac1(TABLE))
    assert "percent agreement" in repr(percent_agreement(TABLE))
    assert "Cohen's kappa" in repr(cohen_kappa(*TABLE[:2]))
    assert "weighted kappa" in repr(cohen_kappa(*TABLE[:2], "linear"))
    assert "Kendall's W" in repr(kendall_w(TABLE[:2]))


def test_complete_agreement_is_one():
    same = [[0, 1, 2, 2]] * 3

    assert krippendorff_alpha(same, "interval").value == 1
    assert krippendorff_alpha(np.array(same) + 0.1, "interval").value == 1
    assert gwet_ac1([[1] * 4] * 2, categories=[0, 1]).value == 1
    assert percent_agreement([[1] * 4] * 2).value == 1
    assert cohen_kappa(same[0], same[0], "quadratic").value == 1
    assert kendall_w(same).value == 1


def test_kendalls_test_finds_concordance():
    random = np.random.default_rng(0)

    assert kendall_w(np.arange(8) + random.normal(size=(10, 8))).p_value < 1e-6
    assert np.mean([kendall_w(random.normal(size=(10, 8))).p_value < 0.05 for _ in range(500)]) < 0.08


def test_the_number_of_categories_matters_to_ac1_and_unused_ones_to_no_alpha():
    assert gwet_ac1(TABLE, categories=range(6)).value > gwet_ac1(TABLE).value
    for level in ("nominal", "ordinal", "interval", "ratio"):
        wide = krippendorff_alpha(TABLE, level, categories=range(6)).value
        assert wide == pytest.approx(krippendorff_alpha(TABLE, level).value, abs=1e-12)


REFUSED = {
    "ratings must have 2 dimensions, not 1": lambda: krippendorff_alpha([1, 2]),
    "ratings must hold numbers, not <U1; missing ones are NaN": lambda: gwet_ac1([["a"], ["b"]]),
    "ratings must hold numbers, not object": lambda: gwet_ac1([[1, None], [1, 2]]),
    "ratings holds integers beyond": lambda: krippendorff_alpha([[2**53 + 1, 2**53], [0, 1]]),
    "ratings has 1 rows": lambda: percent_agreement([[1, 2]]),
    "every entry is NaN": lambda: krippendorff_alpha([[NAN], [NAN]]),
    "ratings holds no rating": lambda: krippendorff_alpha(np.empty((2, 0))),
    "rater 1 gave unit 0 an infinite rating": lambda: krippendorff_alpha([[1, 2], [INF, 2]]),
    "no unit has two ratings": lambda: krippendorff_alpha([[1, NAN], [NAN, 2]]),
    "all ratings are the same; agreement": lambda: krippendorff_alpha([[1, 1], [1, 1]]),
    "same; agreement beyond chance": lambda: krippendorff_alpha([[0.1] * 7] * 3, "interval", categories=[0, 0.1, 7]),
    "all ratings are the same; name": lambda: gwet_ac1([[1, 1], [1, 1]]),
    "level must be nominal": lambda: krippendorff_alpha(TABLE, "ordinary"),
    "a ratio scale starts at 0, but -1": lambda: krippendorff_alpha([[-1, 2], [1, 2]], "ratio"),
    "5000 distinct values": lambda: krippendorff_alpha([np.arange(5000)] * 2, "ratio"),
    "unit 2 was rated 2, which is not one": lambda: krippendorff_alpha(TABLE, categories=[0, 1]),
    "categories must be finite numbers in ascending": lambda: gwet_ac1(TABLE, categories=[0, 2, 1]),
    "counts must hold integers": lambda: fleiss_kappa([[1.0, 2.0]]),
    "counts of unit 1, category 0 is -1": lambda: fleiss_kappa([[1, 1], [-1, 3]]),
    "counts holds no rating": lambda: fleiss_kappa([[0, 0]]),
    "no unit has two": lambda: fleiss_kappa([[1, 0], [0, 1]]),
    "are the same": lambda: fleiss_kappa([[2, 0], [2, 0]]),
    "a rated 2 units and b 1": lambda: cohen_kappa([0, 1], [0]),
    "a is empty": lambda: cohen_kappa([], []),
    "b must have 1 dimension, not 2": lambda: cohen_kappa([0, 1], [[0, 1]]),
    "b's rating of unit 1 is nan": lambda: cohen_kappa([0, 1], [0, NAN]),
    "agreement beyond chance is undefined": lambda: cohen_kappa([1, 1], [1, 1]),
    "unit 0 was rated 3": lambda: cohen_kappa([0, 1], [3, 1], categories=[0, 1]),
    "weights must be 'linear'": lambda: cohen_kappa([0, 1], [1, 1], "cubic"),
    r"weights has shape \(3, 3\) for 2": lambda: cohen_kappa([0, 1], [1, 1], np.ones((3, 3))),
    "weights of disagreements must be 0 on the diagonal": lambda: cohen_kappa([0, 1], [1, 1], np.ones((2, 2))),
    "finite and 0 or more": lambda: cohen_kappa([0, 1], [1, 1], [[0, -1], [1, 0]]),
    "ratings have 8000 distinct values": lambda: cohen_kappa(np.arange(4000), np.arange(4000, 8000)),
    "ranks has 1 raters and 3 items": lambda: kendall_w([[1, 2, 3]]),
    "ranks has 2 raters and 1 items": lambda: kendall_w([[1], [1]]),
    "rater 1 has no rank for item 0": lambda: kendall_w([[1, 2], [NAN, 1]]),
    "without variation": lambda: kendall_w([[1, 1], [2, 2]]),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_used_is_refused_by_name(message):
    with pytest.raises(RankingError, match=message):
        REFUSED[message]()
