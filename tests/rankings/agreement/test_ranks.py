"""Mean ranks within rows are those of scipy, which takes seconds to load."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.stats import rankdata

from rankings.agreement.ranks import mean_ranks


@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.sampled_from([-1.5, 0, 2, 7])))
def test_ranks_within_rows_share_the_mean_of_ties(table):
    assert (mean_ranks(table) == rankdata(table, axis=1)).all()
