"""What can be compared, and the refusals where it cannot."""

import pickle

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rankings import NotComparableError, Orders, bradley_terry, components, davidson, plackett_luce
from rankings.fitting.links import Links, finite_parts_of
from tests.rankings import naive


def test_parts_are_numbered_by_their_first_item():
    labels = components(7, [[5, 1], [2, 6], [6, 0]])

    assert labels.tolist() == [0, 1, 0, 2, 3, 1, 0]


def test_a_set_joins_all_its_items():
    labels = components(6, Orders.from_sequences([[5, (0, 2)], [1, 4]]))

    assert labels.tolist() == [0, 1, 0, 2, 1, 0]


def test_an_undefeated_item_is_refused_by_name():
    with pytest.raises(NotComparableError, match=r"item 3: always above or always below.*pass prior_sd") as caught:
        bradley_terry([3, 0, 1, 2], [0, 1, 2, 0])

    assert caught.value.items == (3,)


def test_a_winless_item_is_refused_by_name():
    with pytest.raises(NotComparableError) as caught:
        davidson([0, 1, 2, 0], [1, 2, 0, 4], [1, 1, 1, 1], n_items=5)

    assert caught.value.items == (3,)

    with pytest.raises(NotComparableError) as caught:
        davidson([0, 1, 2, 0], [1, 2, 0, 3], [1, 1, 1, 1])

    assert caught.value.items == (3,)


def test_a_never_compared_item_is_refused_by_name():
    with pytest.raises(NotComparableError, match="items 0, 3, 5: never compared") as caught:
        plackett_luce([[1, 2, 4], [4, 2, 1]], n_items=6)

    assert caught.value.items == (0, 3, 5)


def test_halves_of_which_one_always_won_are_refused():
    with pytest.raises(NotComparableError) as caught:
        bradley_terry([0, 1, 2, 3, 0], [1, 0, 3, 2, 2])

    assert caught.value.items == (0, 1, 2, 3)


def test_a_long_list_of_items_is_cut_in_the_message_but_not_in_the_error():
    with pytest.raises(NotComparableError, match="8, 9 and 5 more") as caught:
        bradley_terry([15, 16], [16, 15])

    assert len(caught.value.items) == 15


def test_a_refusal_survives_pickling():
    error = NotComparableError([2, 1], "never compared", "ask")

    again = pickle.loads(pickle.dumps(error))

    assert (again.items, str(again)) == ((1, 2), "items 1, 2: never compared; ask")


def test_a_tie_is_a_way_back():
    strengths = davidson([0, 0, 1, 0], [1, 1, 0, 1], [1, 0, -1, -1])

    assert strengths.settled


@pytest.mark.parametrize("tails", [[[0, 1, 2], [1, 2, 0]], [[0, (1, 2)], [1, (0, 2)]]])
def test_the_unranked_tail_is_below_but_neither_ordered_nor_tied(tails):
    with pytest.raises(NotComparableError) as caught:
        plackett_luce(tails, top=1)

    assert caught.value.items == (2,)


WEAK_ORDERS = st.lists(
    st.lists(st.integers(0, 5), min_size=2, max_size=4, unique=True).flatmap(
        lambda items: st.lists(st.integers(1, 3), min_size=len(items), max_size=len(items)).map(
            lambda ranks: (items, ranks)
        )
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None)
@given(WEAK_ORDERS)
def test_refusals_agree_with_following_every_link(drawn):
    orders = Orders.from_ranks(*zip(*drawn, strict=True))
    assume(orders.ranks.max() > 1)
    reach = naive.reaches(6, naive.links(naive.groups(orders)))
    joined = naive.reaches(6, [(a, b) for a, b in np.argwhere(reach | reach.T)])
    sound = (reach == joined).all() and (joined.sum(axis=0) > 1).all()
    above, below = np.array([*naive.links(naive.groups(orders))]).T

    assert (components(6, orders)[:, None] == components(6, orders)).tolist() == joined.tolist()
    if sound:
        assert finite_parts_of(6, Links(above, below, None)).tolist() == components(6, orders).tolist()
    else:
        with pytest.raises(NotComparableError):
            plackett_luce(orders, n_items=6)
