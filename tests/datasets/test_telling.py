"""The check of types that every test of rows goes through would see a wrong one."""

import pytest

from tests.datasets.telling import is_of

WORKS = {"list": [{"name": "work", "dtype": "string"}, {"name": "rank", "dtype": "int64"}]}


@pytest.mark.parametrize(
    ("value", "feature", "fits"),
    [
        (None, {"dtype": "int64"}, True),
        (2**63, {"dtype": "int64"}, False),
        (True, {"dtype": "int64"}, False),
        (1, {"dtype": "bool"}, False),
        (1, {"dtype": "float64"}, True),
        (float("nan"), {"dtype": "float64"}, False),
        ([1, None], {"list": "int64"}, True),
        ((1, 2), {"list": "int64"}, False),
        ([["1"]], {"list": {"list": "string"}}, True),
        ([{"work": "a", "rank": 1}], WORKS, True),
        ([{"work": "a", "lighting": 1}], WORKS, False),
        ({"from": "gpt"}, {"struct": [{"name": "from", "dtype": "string"}]}, True),
        ({"from": 1}, {"struct": [{"name": "from", "dtype": "string"}]}, False),
    ],
)
def test_a_value_is_of_its_feature(value, feature, fits):
    assert is_of(value, feature) is fits
