"""Rounds that ask what tells most need fewer judgements than chance: a quick version of the benchmark."""

import pytest

from tests.benchmarks.rounds import CHANCE, TARGETS, compared, ratio


@pytest.mark.parametrize(("spread", "most"), [(2.0, 0.85), (0.5, 1.1)])
def test_rounds_take_fewer_judgements_where_works_differ_and_no_more_where_they_hardly_do(spread, most):
    found = compared(spread, TARGETS[spread], ("information",), runs=6)

    value, _ = ratio(found["information"], found[CHANCE])

    assert value < most
