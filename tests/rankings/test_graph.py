"""How comparisons hold together, and what would join them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rankings import RankingError, components
from rankings.connection import algebraic_connectivity, joining_pairs, joining_sets, strong_components


def edges(n_items: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    item = st.integers(0, n_items - 1)
    return st.lists(st.tuples(item, item).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=2 * n_items)


GRAPHS = st.integers(2, 12).flatmap(lambda n: st.tuples(st.just(n), edges(n)))


def reachable(n_items: int, links: list[tuple[int, int]]) -> np.ndarray:
    """Say who gets to whom, by Warshall's algorithm."""
    reach = np.eye(n_items, dtype=bool)
    for a, b in links:
        reach[a, b] = True
    for k in range(n_items):
        reach |= np.outer(reach[:, k], reach[k])
    return reach


def ring(n: int) -> np.ndarray:
    return np.column_stack([np.arange(n), (np.arange(n) + 1) % n])


def path(n: int) -> np.ndarray:
    return ring(n)[:-1]


@given(GRAPHS)
def test_in_a_strong_piece_everybody_gets_to_everybody_and_back(graph):
    n_items, links = graph
    reach = reachable(n_items, links)

    labels = strong_components(n_items, *np.transpose(links))

    assert np.array_equal(labels[:, None] == labels, reach & reach.T)
    first = [int(np.argmax(labels == label)) for label in range(labels.max() + 1)]
    assert first == sorted(first)


def test_a_chain_of_wins_is_strong_nowhere_until_the_last_beats_the_first():
    assert strong_components(4, [0, 1, 2], [1, 2, 3]).tolist() == [0, 1, 2, 3]
    assert strong_components(4, [0, 1, 2, 3], [1, 2, 3, 0]).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("n", [3, 8, 501, 1200])
def test_known_graphs_have_their_known_connectivity(n):
    star = np.column_stack([np.zeros(n - 1, dtype=int), np.arange(1, n)])

    assert algebraic_connectivity(n, ring(n)) == pytest.approx([2 - 2 * np.cos(2 * np.pi / n)], rel=1e-7)
    assert algebraic_connectivity(n, path(n)) == pytest.approx([2 - 2 * np.cos(np.pi / n)], rel=1e-7)
    assert algebraic_connectivity(n, star) == pytest.approx([1], rel=1e-7)


@pytest.mark.parametrize("n", [2, 7, 510])
def test_where_all_meet_once_the_connectivity_is_their_number(n):
    assert algebraic_connectivity(n, np.transpose(np.triu_indices(n, 1))) == pytest.approx([n])


def naive_connectivity(n_items: int, pairs: list[tuple[int, int]], weight: list[float]) -> float:
    laplacian = np.zeros((n_items, n_items))
    for (a, b), times in zip(pairs, weight, strict=True):
        contrast = np.zeros(n_items)
        contrast[a], contrast[b] = 1, -1
        laplacian += times * np.outer(contrast, contrast)
    return float(np.linalg.eigvalsh(laplacian)[1])


@given(GRAPHS, st.data())
def test_connectivity_is_above_0_in_every_part_and_for_all_items_only_in_one(graph, data):
    n_items, pairs = graph
    weight = data.draw(st.lists(st.floats(0.1, 10), min_size=len(pairs), max_size=len(pairs)))
    whole = naive_connectivity(n_items, pairs, weight)

    found = algebraic_connectivity(n_items, pairs, weight)

    labels = components(n_items, pairs)
    assert np.array_equal(found > 0, np.bincount(labels) > 1)
    assert (whole > 1e-9) == (len(found) == 1)
    if len(found) == 1:
        assert found[0] == pytest.approx(whole)
    for part, value in enumerate(found):
        members = np.flatnonzero(labels == part).tolist()
        rows = [row for row, pair in enumerate(pairs) if pair[0] in members]
        inside = [(members.index(pairs[row][0]), members.index(pairs[row][1])) for row in rows]
        if len(members) > 1:
            assert value == pytest.approx(naive_connectivity(len(members), inside, [weight[row] for row in rows]))


def large_designs() -> dict[str, np.ndarray]:
    random = np.random.default_rng(5)
    mixed = random.integers(0, 700, (14_000, 2))
    islands = 8 * np.repeat(np.arange(88), 200)[:, None] + random.integers(0, 8, (17_600, 2))
    bridges = np.vstack([8 * ring(88), random.integers(0, 704, (100, 2))])
    halves = np.vstack([random.integers(0, 350, (7000, 2)), random.integers(350, 700, (7000, 2)), [[0, 699]]])
    designs = {"mixed": mixed, "islands": np.vstack([islands, bridges]), "halves": halves}
    return {name: pairs[pairs[:, 0] != pairs[:, 1]] for name, pairs in designs.items()}


@pytest.mark.parametrize("design", ["mixed", "islands", "halves"])
def test_large_parts_agree_with_all_their_eigenvalues(design):
    pairs = large_designs()[design]
    n_items = int(pairs.max()) + 1
    laplacian = np.diag(np.bincount(pairs.ravel(), minlength=n_items)).astype(float)
    np.subtract.at(laplacian, (pairs[:, 0], pairs[:, 1]), 1)
    np.subtract.at(laplacian, (pairs[:, 1], pairs[:, 0]), 1)

    assert algebraic_connectivity(n_items, pairs) == pytest.approx(np.linalg.eigvalsh(laplacian)[1:2], rel=1e-7)


def test_a_thread_between_two_dense_halves_is_not_lost_in_rounding():
    dense = large_designs()["halves"]
    weight = np.where(np.arange(len(dense)) < len(dense) - 1, 1e3, 1e-3)

    assert algebraic_connectivity(700, dense, weight) == pytest.approx([2 * 1e-3 / 350], rel=1e-6)


def test_the_error_of_some_contrast_is_no_smaller_than_connectivity_allows():
    random = np.random.default_rng(3)
    pairs = np.array([[a, b] for a in range(12) for b in range(a) if random.random() < 0.4])
    strengths = random.standard_normal(12)
    p = 1 / (1 + np.exp(strengths[pairs[:, 1]] - strengths[pairs[:, 0]]))
    contrasts = np.eye(12)[pairs[:, 0]] - np.eye(12)[pairs[:, 1]]
    information = contrasts.T @ (contrasts * (p * (1 - p))[:, None])

    worst = np.sqrt(1 / np.linalg.eigvalsh(information)[1])

    assert worst >= 2 / np.sqrt(algebraic_connectivity(12, pairs)[0])


@given(GRAPHS)
def test_joining_pairs_are_one_less_than_the_parts_and_join_them_all(graph):
    n_items, pairs = graph
    n_parts = components(n_items, pairs).max() + 1

    joining = joining_pairs(n_items, pairs)

    assert joining.shape == (n_parts - 1, 2)
    assert components(n_items, np.vstack([pairs, joining])).max() == 0


@settings(max_examples=60)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=25), st.integers(2, 6), st.integers(0, 99))
def test_joining_sets_are_as_few_as_can_be_and_join_all(labels, size, seed):
    labels = np.unique(labels, return_inverse=True)[1]
    doubt = np.random.default_rng(seed).random(len(labels))

    sets = joining_sets(labels, doubt, size)

    n_parts = labels.max() + 1
    if len(labels) >= size:
        assert len(sets) == -(-(n_parts - 1) // (size - 1))
    joined = labels.copy()
    for members in sets:
        assert len(set(members)) == size
        joined[np.isin(joined, joined[members])] = joined[members[0]]
    if len(labels) >= size:
        assert len(set(joined)) == 1


def test_parts_are_joined_by_their_most_judged_items():
    pairs = [[0, 1], [0, 2], [0, 3], [4, 5], [5, 6]]

    assert joining_pairs(7, pairs).tolist() == [[5, 0]]


def test_parts_are_joined_by_the_items_known_best_and_the_load_is_spread():
    errors = [0.4, 0.2, 0.3, 0.5, 9, 9, 9]

    joining = joining_pairs(7, [[0, 1], [1, 2], [2, 3]], errors)

    assert joining.tolist() == [[4, 1], [5, 2], [6, 0]]


def test_small_parts_are_joined_to_the_largest():
    joining = joining_pairs(6, [[3, 4], [4, 5]])

    assert np.isin(joining, [3, 4, 5]).sum(axis=1).tolist() == [1, 1, 1]


def test_the_best_known_item_keeps_the_error_of_the_joint_scale_lowest():
    star = np.array([[0, 1], [0, 2], [0, 3], [4, 5], [5, 6], [6, 7]])

    def total_error(pair: tuple[int, int]) -> float:
        contrasts = np.eye(8)[[*star[:, 0], pair[0]]] - np.eye(8)[[*star[:, 1], pair[1]]]
        return float(np.trace(np.linalg.pinv(contrasts.T @ contrasts)))

    blocks = [np.linalg.pinv(np.diag([3.0, 1, 1, 1]) - np.array([[0, 1, 1, 1], *[[1, 0, 0, 0]] * 3]))]
    blocks.append(np.linalg.pinv(np.diag([1.0, 2, 2, 1]) - np.eye(4, k=1) - np.eye(4, k=-1)))
    errors = np.sqrt(np.concatenate([block.diagonal() for block in blocks]))

    chosen = joining_pairs(8, star, errors)[0]

    assert total_error(tuple(chosen)) == pytest.approx(min(total_error((a, b)) for a in range(4) for b in range(4, 8)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: strong_components(2, [0, 2], [1, 0]), "item 2 was judged"),
        (lambda: strong_components(3, [0, 1], [1, 1]), "judgement 1 compares item 1 with itself"),
        (lambda: algebraic_connectivity(3, [[0, 1], [1, 1]]), "judgement 1 compares item 1 with itself"),
        (lambda: algebraic_connectivity(3, [[0, 1]], [0.0]), r"weight\[0\] is 0"),
        (lambda: algebraic_connectivity(3, [0, 1]), "shape"),
        (lambda: joining_pairs(3, [[0, 1]], [0.1, 0.2]), "a number for each of the 3 items"),
        (lambda: joining_pairs(3, [[0, 1]], [0.1, 0.2, float("nan")]), "a number for each of the 3 items"),
    ],
)
def test_what_makes_no_sense_is_refused(call, message):
    with pytest.raises(RankingError, match=message):
        call()
