"""The same value is the same bytes, and one row is one line for every reader."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feedback.datasets.lines import line, moment

VALUES = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(-(2**53), 2**53)
    | some.text()
    | some.floats(-1e6, 1e6).map(lambda x: round(x, 6)),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_a_value_is_one_line_that_reads_back_equal(value):
    written = line(value)

    assert json.loads(written) == value
    assert len(written.decode().splitlines()) == 1
    assert written.endswith(b"\n")


def test_keys_stay_in_their_order_and_nothing_is_spread_out():
    assert line({"b": [1, 2.5, None], "a": "é\u2028\x85\u2029"}) == (
        '{"b":[1,2.5,null],"a":"é\\u2028\\u0085\\u2029"}\n'.encode()
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="NaN"):
        line({"p_chosen": value})


def test_a_moment_has_six_decimals_always():
    assert moment(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00.000000Z"
    assert moment(datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)) == "2026-01-02T03:04:05.000678Z"
