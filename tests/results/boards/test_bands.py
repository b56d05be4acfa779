"""What is said of all rows at once holds of all rows at once."""

import numpy as np
import pytest

from feedback.results.boards import ranked
from feedback.results.boards.bands import Bands
from feedback.results.boards.spread import Spread, widened
from tests.results.boards.drawn import drawn

RUNS = 60
LEAST = 0.95 - 2.6 * (0.95 * 0.05 / RUNS) ** 0.5  # one in two hundred honest tests falls short of it

PANELS = {
    "alike": {"strengths": np.linspace(-1, 1, 8)},
    "tastes": {"strengths": np.zeros(8), "taste": 0.8, "raters": 20, "judgements": 1500},
    "prompts": {"strengths": np.zeros(8), "of_prompts": 1.0, "prompts": 20, "judgements": 1500},
}


@pytest.mark.parametrize("panel", PANELS)
def test_intervals_ranks_and_differences_hold_all_at_once_whether_raters_or_prompts_differ_or_not(panel):
    fields = PANELS[panel]
    truth = fields["strengths"] - np.mean(fields["strengths"])
    held = {"intervals": 0, "ranks": 0, "differences": 0, "naive": 0}
    for seed in range(RUNS):
        board = ranked(drawn(seed=seed, **fields), "lighting", "generators").board
        bands = board.bands[0]
        off = np.abs(board.values - truth)
        places = 1 + (truth[:, None] < truth - 1e-9).sum(axis=1), (truth[:, None] <= truth + 1e-9).sum(axis=1)
        held["intervals"] += (off <= board.half).all()
        held["naive"] += (off <= 1.96 * board.errors).all()
        held["ranks"] += ((bands.ranks[:, 0] <= places[1]) & (bands.ranks[:, 1] >= places[0])).all()
        held["differences"] += not ((bands.ahead > 1) & (truth[:, None] <= truth + 1e-9)).any()

    assert {name: runs / RUNS for name, runs in held.items() if name != "naive" and runs / RUNS < LEAST} == {}
    assert held["naive"] / RUNS < 0.9, "the errors of one row at a time must not be wide enough for all"


def test_the_models_own_errors_alone_would_be_too_narrow_where_tastes_differ():
    fields = PANELS["tastes"]
    inflations = [
        ranked(drawn(seed=seed, **fields), "lighting", "generators").board.bands[0].spread.inflation
        for seed in range(10)
    ]

    assert inflations == ["clusters"] * 10


def test_widening_is_nowhere_narrower_than_the_models_own_and_ignores_clusters_that_agree():
    own = np.eye(4) - 0.25
    clustered = np.diag([4.0, 1.0, 0.1, 0.1]) - 0.25

    wider, freedom = widened(own, clustered, 12)
    told = 12 / (12 + len(own))
    same, infinite = widened(own, 0.5 * own, 12)

    assert np.linalg.eigvalsh(wider - own).min() > -1e-12
    assert freedom == pytest.approx(11 / (told**2 + (1 - told**2) / (len(own) - 1)))
    assert (same is own, infinite) == (True, np.inf)


def test_rows_that_nothing_tells_apart_are_one_group_and_others_are_not():
    values = np.array([2.0, 0.1, 0.0, -2.0])
    bands = Bands(Spread(np.arange(4), values, np.full(4, 0.1), 0.01 * (np.eye(4) - 0.25)))

    groups, ranks = bands.groups(np.arange(4)), bands.ranks

    assert groups.tolist() == [[1, 1], [2, 3], [2, 3], [4, 4]]
    assert ranks.tolist() == [[1, 1], [2, 3], [2, 3], [4, 4]]


def test_a_part_too_large_for_a_joint_covariance_is_bounded_as_if_errors_were_independent():
    chance = np.random.default_rng(0)
    n, runs = 300, 400
    bands = Bands(Spread(np.arange(n), np.zeros(n), np.ones(n), None))

    held = np.mean([(np.abs(chance.normal(size=n)) <= bands.half).all() for _ in range(runs)])

    assert held == pytest.approx(0.95, abs=0.03)
