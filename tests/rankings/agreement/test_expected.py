"""What raters who follow a model would show, against such raters."""

import numpy as np
import pytest
from scipy.special import expit

from rankings import RankingError
from rankings.agreement import cohen_kappa, fleiss_kappa, gwet_ac1, kendall_w, krippendorff_alpha, percent_agreement
from tests.rankings.agreement.samples import probabilities, ratings, wins

CATEGORIES = range(4)
CUTS = [-0.8, 0.1, 0.9]


@pytest.mark.parametrize(("sd", "share"), [(1, 0.64), (2, 0.76), (3, 0.83)])
def test_perfect_raters_agree_on_few_random_pairs(sd, share):
    random = np.random.default_rng(sd)
    model = wins(random, 100_000, sd)

    found = percent_agreement(ratings(random, model, 2), model=model)

    assert found.expected == pytest.approx(share, abs=0.005)
    assert found.value == pytest.approx(found.expected, abs=0.005)


def counted(table, model):
    return fleiss_kappa([[(unit == value).sum() for value in CATEGORIES] for unit in table.T], model=model)


def alpha(level):
    return lambda table, model: krippendorff_alpha(table, level, categories=CATEGORIES, model=model)


def two(weights):
    return lambda table, model: cohen_kappa(*np.nan_to_num(table[:2]), weights, categories=CATEGORIES, model=model)


EXACT = {
    "nominal": alpha("nominal"),
    "interval": alpha("interval"),
    "ratio": alpha("ratio"),
    "percent": lambda table, model: percent_agreement(table, categories=CATEGORIES, model=model),
    "ac1": lambda table, model: gwet_ac1(table, categories=CATEGORIES, model=model),
    "fleiss": counted,
    "cohen": two(None),
    "linear": two("linear"),
}


def draws(measure, n_raters, missing):
    """Return what is expected, and the disagreement observed and by chance in 500 draws of 12 units."""
    random = np.random.default_rng(20)
    model = probabilities(random, 12, CUTS)
    gaps = random.random((n_raters, 12)) < missing
    gaps[:2, :4] = False
    parts = []
    for _ in range(500):
        table = ratings(random, model, n_raters)
        table[gaps] = np.nan
        found = measure(table, model)
        observed, chance = found.sample.parts(found.sample.multiplicity[:, None])
        parts.append((observed.total[0], chance.total[0]))
    return found.expected, np.array(parts)


@pytest.mark.parametrize("name", EXACT)
def test_the_expected_disagreements_are_those_of_such_raters(name):
    two_raters = name in {"cohen", "linear"}
    expected, parts = draws(EXACT[name], *((2, 0.0) if two_raters else (4, 0.4)))

    errors = parts[:, 0] - (1 - expected) * parts[:, 1]

    assert abs(errors.mean()) < 4 * errors.std() / np.sqrt(len(errors))


def test_the_expected_ordinal_disagreement_is_close_to_that_of_such_raters():
    random = np.random.default_rng(21)
    model = probabilities(random, 300, CUTS)
    found = [alpha("ordinal")(ratings(random, model, 4, 0.2), model) for _ in range(100)]

    values = [agreement.value for agreement in found]

    assert found[0].expected == pytest.approx(np.mean(values), abs=0.004)


def test_concordance_expects_that_of_raters_who_follow_plackett_luce():
    """A Gumbel draw added to each strength orders the items by the Plackett-Luce model."""
    random = np.random.default_rng(22)
    strengths = random.normal(size=6)
    model = expit(strengths[:, None] - strengths)
    panels = [kendall_w(strengths + random.gumbel(size=(4, 6)), model=model) for _ in range(1000)]

    values = np.array([panel.value for panel in panels])

    assert panels[0].expected == pytest.approx(values.mean(), abs=4 * values.std() / np.sqrt(len(values)))


def test_raters_without_knowledge_are_expected_to_agree_by_chance():
    model = np.tile([0.2, 0.3, 0.5], (50, 1))
    table = ratings(np.random.default_rng(23), model, 3)

    for level in ("nominal", "ordinal", "interval", "ratio"):
        assert krippendorff_alpha(table, level, model=model).expected == pytest.approx(0, abs=1e-12)
    assert kendall_w(np.eye(5), model=np.full((5, 5), 0.5)).expected == pytest.approx(1 / 5)


def test_without_a_model_nothing_is_expected():
    assert krippendorff_alpha([[0, 1], [1, 1]]).expected is None


SURE = [[1.0, 0.0], [1.0, 0.0]]
TABLE = [[0, 1], [1, 1]]


@pytest.mark.parametrize(
    ("measure", "message"),
    [
        (lambda: krippendorff_alpha(TABLE, model=[[0.5, 0.5]]), r"shape \(1, 2\) for 2 units and 2 categories"),
        (lambda: krippendorff_alpha(TABLE, model=[[0.5, 0.5], [0.7, 0.7]]), "model of unit 1"),
        (lambda: gwet_ac1(TABLE, model=[[1.5, -0.5], [0.5, 0.5]]), "model of unit 0"),
        (lambda: percent_agreement(TABLE, model=[[0.5, np.nan], [0.5, 0.5]]), "model of unit 0"),
        (lambda: percent_agreement(TABLE, model=[["a", "b"]]), "model must hold numbers"),
        (lambda: krippendorff_alpha(TABLE, model=SURE), "every unit the same category"),
        (lambda: fleiss_kappa([[1, 1], [0, 2]], model=SURE), "every unit the same category"),
        (lambda: cohen_kappa(*TABLE, model=SURE), "every unit the same category"),
        (lambda: kendall_w(np.eye(3), model=np.eye(2)), r"shape \(2, 2\) for 3 items"),
        (lambda: kendall_w(np.eye(3), model=np.full((3, 3), 0.6)), "model of items 0 and 1"),
        (lambda: kendall_w(np.eye(3), model=[[0, 1, np.nan], [0, 0, 1], [0, 0, 0]]), "model of items 0 and 2"),
        (lambda: kendall_w(np.eye(2), model=[[0, -0.5], [1.5, 0]]), "model of items 0 and 1"),
    ],
)
def test_models_that_say_nothing_are_refused(measure, message):
    with pytest.raises(RankingError, match=message):
        measure()
