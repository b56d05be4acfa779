"""Orders are checked once, on entry."""

import pickle

import numpy as np
import pytest

from rankings import Orders, RankingError


def test_ranks_and_sequences_say_the_same():
    by_ranks = Orders.from_ranks([[4, 0, 2], [1, 3]], [[2, 1, 2], [2, 1]])
    by_sequences = Orders.from_sequences([[0, (4, 2)], [3, 1]])

    assert [dict(zip(*map(np.ndarray.tolist, pair), strict=True)) for pair in by_ranks] == [
        dict(zip(*map(np.ndarray.tolist, pair), strict=True)) for pair in by_sequences
    ]


def test_gaps_between_ranks_are_closed_in_each_set():
    orders = Orders.from_arrays([0, 1, 2, 0, 1], [7, 3, 7, 5, 9], [0, 3, 5])

    assert orders.ranks.tolist() == [2, 1, 2, 1, 2]
    assert len(orders) == 2


def test_orders_cannot_be_changed():
    orders = Orders.from_sequences([[0, 1]])

    with pytest.raises(ValueError, match="read-only"):
        orders.items[0] = 3


def test_the_arrays_handed_in_stay_free():
    items = np.array([0, 1])

    Orders.from_arrays(items, [1, 2], [0, 2])

    items[0] = 5


def test_orders_survive_pickling():
    orders = Orders.from_sequences([[0, (4, 2)], [3, 1]])

    again = pickle.loads(pickle.dumps(orders))

    assert repr(again) == repr(orders) == "Orders(2 sets of 2 to 3 items)"
    assert again.ranks.tolist() == orders.ranks.tolist()
    assert not again.ranks.flags.writeable


@pytest.mark.parametrize(
    ("items", "ranks", "starts", "message"),
    [
        ([], [], [0], "items is empty"),
        ([0, -1], [1, 2], [0, 2], "numbered from 0"),
        ([0.0, 1.0], [1, 2], [0, 2], "items must hold integers"),
        ([True, False], [1, 2], [0, 2], "items must hold integers"),
        ([0, 1], [1.5, 2], [0, 2], "ranks must hold integers"),
        ([0, 1], [0, 1], [0, 2], "1 is the best rank"),
        ([0, 1], [1], [0, 2], "one rank for each item"),
        ([0, 1], [1, 2], [0, 1], "end with the number of items"),
        ([0, 1, 2], [1, 2, 3], [0, 2, 3], "set 1 holds 1 items"),
        ([0, 1, 2, 3], [1, 2, 3, 4], [0, 3, 1, 4], "set 1 holds -2 items"),
        ([0, 1, 3, 3], [1, 2, 1, 2], [0, 2, 4], "set 1 holds item 3 twice"),
        ([[0, 1]], [1, 2], [0, 2], "one dimension"),
    ],
)
def test_unsound_arrays_are_refused_by_name(items, ranks, starts, message):
    with pytest.raises(RankingError, match=message):
        Orders.from_arrays(items, ranks, starts)


def test_sets_and_ranks_of_different_lengths_are_refused():
    with pytest.raises(RankingError, match="set 1 has 2 items and 3 ranks"):
        Orders.from_ranks([[0, 1], [1, 2]], [[1, 2], [1, 2, 3]])
    with pytest.raises(RankingError, match="2 sets have 1 lists"):
        Orders.from_ranks([[0, 1], [1, 2]], [[1, 2]])
    with pytest.raises(RankingError, match="items is empty"):
        Orders.from_sequences([])
