"""Medians of groups are those of each group alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.results.medians import medians


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([1.0, 2.5, 4.0, 9.0, np.nan])), max_size=30))
def test_medians_are_those_of_each_group(told):
    group, value = np.array([one for one, _ in told], np.int64), np.array([one for _, one in told])

    found = medians(value, group, 5)

    for number in range(5):
        known = value[(group == number) & np.isfinite(value)] if told else []
        expected = np.median(known) if len(known) else np.nan
        assert found[number] == pytest.approx(expected, nan_ok=True)
