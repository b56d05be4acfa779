"""The acceptability line, and scores with length and the like taken out."""

import numpy as np
import pytest

from feedback.results.boards import ranked
from feedback.results.boards.line import line_of
from tests.results.boards.drawn import drawn

STRENGTHS = np.linspace(-1.5, 1.5, 6)


def board_of(**fields):
    return ranked(drawn(STRENGTHS, **fields), "lighting", "generators").board


def test_the_line_covers_the_strength_at_which_works_are_as_likely_as_not_acceptable():
    lines = [board_of(seed=seed, line=-0.7, judgements=1200).line for seed in range(40)]

    assert sum(line.low <= -0.7 <= line.high for line in lines) >= 35
    assert np.mean([line.value for line in lines]) == pytest.approx(-0.7, abs=0.12)


def test_rows_above_the_line_are_more_likely_than_not_acceptable():
    board = board_of(seed=1, line=-0.7, judgements=1200)

    told = board.told(np.arange(10, 16))

    assert all((row["acceptable"] > 0.5) == (row["value"] > told["line"]["value"]) for row in told["rows"])


def test_there_is_no_line_where_nobody_calls_anything_bad_or_what_is_bad_has_nothing_to_do_with_strength():
    chance = np.random.default_rng(3)
    strengths, rater = chance.normal(0, 1, (400, 2)), chance.integers(10, size=400)
    bad = np.where(chance.random(400) < 0.2, 0, -1).astype(np.int8)

    anywhere = line_of(strengths, np.column_stack([bad, bad]), rater)

    assert anywhere is None
    assert board_of(seed=2).line is None


def test_what_is_said_of_some_works_and_against_others_counts_work_by_work():
    chance = np.random.default_rng(4)
    strengths, rater = chance.normal(0, 1.5, (800, 2)), chance.integers(10, size=800)
    acceptable = (chance.random((800, 2)) < 1 / (1 + np.exp(-(strengths - 0.5)))).astype(np.int8)

    line = line_of(strengths, acceptable, rater)

    assert line.low <= 0.5 <= line.high


def test_a_liking_for_length_is_found_and_taken_out_of_the_scores():
    found, raw, net = [], [], []
    for seed in range(20):
        board = board_of(seed=seed, length=0.3, judgements=1200)
        (length,) = board.confounders
        found.append(length.low <= 0.3 <= length.high)
        raw.append(np.abs(board.values - STRENGTHS).mean())
        net.append(np.abs(board.net - STRENGTHS).mean())

    assert sum(found) >= 17
    assert np.mean(net) < 0.75 * np.mean(raw)


def test_without_such_a_liking_the_net_scores_are_the_raw_ones_but_for_chance():
    off = []
    for seed in range(15):
        sample = drawn(STRENGTHS, seed=seed, length=1e-9, judgements=1200)
        board = ranked(sample, "lighting", "generators").board
        off.append(np.abs(board.net - board.values).max() / board.errors.mean())

    assert np.mean(off) < 0.8


def test_a_covariate_that_is_not_known_of_every_work_is_left_out():
    sample = drawn(STRENGTHS, seed=5, length=0.3)
    sample.works.covariates["length"][0] = np.nan

    board = ranked(sample, "lighting", "generators").board

    assert (board.net, board.confounders) == (None, ())
