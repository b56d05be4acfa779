"""What an answer says of each two of its works, whatever stands where."""

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from feedback.datasets.rows.votes import _against
from feedback.datasets.rows.wide import _verdict
from feedback.studies.models import Study

RANKED = st.integers(2, 7).flatmap(
    lambda size: st.tuples(
        st.permutations(list(range(size))), st.lists(st.integers(1, 5), min_size=size, max_size=size)
    )
)


def book(ranking: str = Study.Ranking.FULL) -> Any:
    """Works named so that their external ids are in the order of their keys."""
    known = {work: SimpleNamespace(external=("c", f"{work:02}")) for work in range(10)}
    return SimpleNamespace(works=SimpleNamespace(known=known), study=SimpleNamespace(ranking=ranking))


@given(RANKED, st.randoms())
def test_it_says_the_same_however_the_works_are_ordered(told, chance):
    works, ranks = told
    shuffled = list(zip(works, ranks, strict=True))
    chance.shuffle(shuffled)

    assert _against(book(), works, ranks) == _against(book(), *zip(*shuffled, strict=True))


@given(RANKED)
def test_every_two_works_are_set_against_each_other_once(told):
    works, ranks = told
    rank = dict(zip(works, ranks, strict=True))

    against = _against(book(), works, ranks)

    assert len(against) == len(works) * (len(works) - 1) // 2 == len({(one, other) for one, other, _ in against})
    for one, other, verdict in against:
        assert one < other
        assert verdict == (rank[one] < rank[other]) - (rank[one] > rank[other])


@given(RANKED)
def test_of_what_was_not_picked_nothing_is_said(told):
    works, ranks = told

    picked = _against(book(Study.Ranking.BEST), works, ranks)

    if len(works) == 2:
        assert len(picked) == 1
    else:
        assert all(verdict for _, _, verdict in picked)
        assert len(picked) == sum(verdict != 0 for _, _, verdict in _against(book(), works, ranks))


@given(st.tuples(*[st.integers(0, 5)] * 3))
def test_a_verdict_turns_round_with_the_pair(counts):
    for_a, for_b, even = counts
    turned = {"A": "B", "B": "A", "same": "same"}

    assert _verdict((for_b, for_a, even)) == turned[_verdict(counts)]
    assert _verdict(counts) != "A" or for_a > for_b
