"""Boards of samples: who counts, what is never compared, and how the parts of a board fit together."""

from dataclasses import replace

import numpy as np
import pytest

from feedback.results.boards import boards_of, ranked
from tests.results.boards.drawn import drawn, with_raters, without_rows

STRENGTHS = np.linspace(-1.5, 1.5, 6)


def told(sample):
    return boards_of(sample).told()


def rows(sample, slug="lighting"):
    return told(sample)[slug]["generators"]["rows"]


@pytest.mark.parametrize("columns", [{"excluded": True}, {"kind": "machine"}], ids=["excluded", "machine"])
def test_leaving_a_rater_out_is_to_the_last_digit_a_fit_that_never_saw_them(columns):
    sample = drawn(STRENGTHS, seed=1, taste=0.5, cohorts=("critics", "makers"), length=0.3, line=-1.0)
    for name, value in columns.items():
        column = getattr(sample.raters, name).astype("<U9" if name == "kind" else np.bool_)
        column[3] = value
        left_out = with_raters(sample, **{name: column})

    assert told(left_out) == told(without_rows(sample, sample.rater == 3)) != told(sample)


@pytest.mark.parametrize("purpose", ["gold", "training", "repeat"])
def test_what_is_asked_for_another_reason_than_to_score_counts_nowhere(purpose):
    sample = drawn(STRENGTHS, seed=2)
    some = np.arange(len(sample)) % 7 == 0
    marked = replace(sample, purpose=np.where(some, purpose, sample.purpose))

    assert told(marked) == told(without_rows(sample, some)) != told(sample)


def test_numbers_are_those_of_the_works_whatever_the_order_of_rows_and_sides():
    sample = drawn(STRENGTHS, seed=3)
    turned = np.random.default_rng(0).permutation(len(sample))
    again = without_rows(sample, np.zeros(len(sample), np.bool_))
    columns = {name: getattr(sample, name)[turned] for name in ("rater", "prompt", "shown", "drawn", "purpose")}
    said = sample.criteria["lighting"]
    again = replace(again, criteria={"lighting": replace(said, ranks=said.ranks[turned])}, **columns)

    one, other = rows(sample), rows(again)

    assert [row["id"] for row in one] == [row["id"] for row in other]
    assert [row["value"] for row in one] == pytest.approx([row["value"] for row in other], abs=1e-6)
    assert [row["high"] for row in one] == pytest.approx([row["high"] for row in other], abs=1e-5)


def test_generators_that_never_met_are_neither_ranked_together_nor_given_chances_nor_a_line():
    sample = drawn(np.zeros(6), seed=4, judgements=900, line=-0.5)
    side = sample.works.generator[sample.shown] < 3
    apart = without_rows(sample, side[:, 0] != side[:, 1])

    board = told(apart)["lighting"]["generators"]

    assert {row["component"] for row in board["rows"]} == {0, 1}
    assert board["sentence_facts"]["parts"] == 2
    assert board["sentence_facts"]["leaders"] == []
    assert all(1 <= place <= 3 for row in board["rows"] for place in (*row["rank"], *row["group"]))
    between = [chance for row in board["beats"][:3] for chance in row[3:]]
    assert between == [None] * 9
    assert board["line"] is None
    assert {row["acceptable"] for row in board["rows"]} == {None}


def test_the_chance_to_be_preferred_counts_ties_half_and_is_less_sure_than_the_values_alone():
    board = ranked(drawn(STRENGTHS, seed=5), "lighting", "generators").board
    beats = board.beats()

    chances = np.array([[np.nan if one is None else one for one in row] for row in beats])

    off = ~np.eye(6, dtype=bool)
    assert (chances + chances.T)[off] == pytest.approx(1, abs=2e-4)
    top, bottom = board.order[0], board.order[-1]
    drop = board.values[top] - board.values[bottom]
    at_the_fit = (np.exp(drop / 2) + board.tie / 2) / (np.exp(drop / 2) + np.exp(-drop / 2) + board.tie)
    assert 0.5 < chances[0, -1] < at_the_fit


def test_a_board_of_more_than_forty_rows_has_no_table_of_chances():
    board = ranked(drawn(np.zeros(41), seed=6, prompts=2, judgements=1000), "lighting", "generators").board

    assert board.beats() is None
    assert len(board) == 41


def test_cohorts_have_boards_of_their_own_and_the_pooled_one_does_not_know_them():
    opposed = np.array([STRENGTHS, -STRENGTHS])
    sample = drawn(np.zeros(6), seed=7, cohorts=("critics", "makers"), liking=opposed, judgements=900)
    swapped = with_raters(sample, cohort=1 - sample.raters.cohort)

    one, other = told(sample)["lighting"], told(swapped)["lighting"]

    first = {cohort: board["rows"][0]["id"] for cohort, board in one["cohorts"].items()}
    assert first == {"critics": 15, "makers": 10}
    assert one["generators"] == other["generators"]
    assert one["cohorts"]["critics"] == other["cohorts"]["makers"]


def test_overall_is_the_mean_of_the_criteria_and_surer_than_each_where_they_are_judged_apart():
    values = {"lighting": STRENGTHS, "arc": STRENGTHS[::-1] + np.eye(6)[0]}
    boards = boards_of(drawn(values, seed=8, judgements=1500))

    parts = [boards.criteria[slug].generators.board for slug in values]

    assert boards.overall.values == pytest.approx(np.mean([one.values for one in parts], axis=0))
    assert boards.overall.errors.mean() < 0.9 * np.mean([one.errors.mean() for one in parts])
    assert boards.told()["overall"]["generators"]["rows"][0]["id"] == 10


def test_overall_is_no_surer_where_one_answer_is_given_on_all_criteria():
    sample = drawn(STRENGTHS, seed=9, judgements=1500)
    copied = replace(sample, criteria=dict.fromkeys(("lighting", "arc", "mood"), sample.criteria["lighting"]))

    boards = boards_of(copied)

    own = boards.criteria["lighting"].generators.board.errors
    assert boards.overall.errors == pytest.approx(own, rel=0.15)


def test_one_criterion_has_no_overall_and_no_judgement_has_no_board():
    sample = drawn(STRENGTHS, seed=10)
    nothing = without_rows(sample, np.ones(len(sample), np.bool_))

    assert set(told(sample)) == {"lighting"}
    assert told(nothing) == {"lighting": {"generators": None, "cohorts": {}}}


def test_works_are_ranked_within_their_prompts_alone():
    sample = drawn(STRENGTHS, seed=11, prompts=3)

    board = ranked(sample, "lighting", "works").board

    assert board.parts == 3
    for bands in board.bands:
        assert len({sample.works.prompt[key] for key in board.keys[bands.spread.items]}) == 1
        assert bands.spread.values.mean() == pytest.approx(0, abs=1e-9)


def test_scores_of_one_rater_and_prompt_are_read_as_an_order_and_the_last_of_a_work_counts():
    sample = drawn(STRENGTHS, seed=12)
    rater, work, score = np.array([0, 0, 0, 0, 1, 1]), np.array([0, 1, 2, 0, 0, 1]), [1.0, 2.0, 2.0, 3.0, 5.0, 1.0]
    rated = without_rows(sample, np.arange(len(sample)) >= 6)
    said = rated.criteria["lighting"]
    rated = replace(
        rated,
        rater=rater,
        prompt=np.zeros(6, np.int64),
        shown=work[:, None],
        criteria={"lighting": replace(said, ranks=np.zeros((6, 1), np.int8), score=np.array(score))},
    )

    orders = ranked(rated, "lighting", "works").said

    assert [
        sorted(zip(row.tolist(), ranks.tolist(), strict=True))
        for row, ranks in zip(orders.items, orders.ranks, strict=True)
    ] == [
        [(0, 1), (1, 2), (2, 2)],
        [(-1, 0), (0, 1), (1, 2)],
    ]
