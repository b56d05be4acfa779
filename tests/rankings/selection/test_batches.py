"""What holds for a batch whatever chose it: its limits, its share of chance, its purposes."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from rankings import RankingError, components, selection
from tests.rankings.selection.judged import judged

INFORMED = [selection.order_gain, selection.information_gain, selection.swiss, selection.thompson]
JUDGED = {"joined": judged(9, 30), "apart": judged(12, 8, joined=False), "large": judged(1100, 3000)}


def by_chance(strengths, n_sets, **limits):
    return selection.uniform(len(strengths), n_sets, **limits)


def pairs_in(sets) -> Counter:
    return Counter(frozenset(pair) for members in np.asarray(sets).tolist() for pair in combinations(members, 2))


@settings(deadline=None, max_examples=150)
@given(
    method=st.sampled_from([*INFORMED, by_chance, selection.link]),
    strengths=st.sampled_from([JUDGED["joined"], JUDGED["apart"]]),
    n_sets=st.integers(1, 40),
    size=st.integers(2, 5),
    limit=st.none() | st.integers(0, 5) | st.lists(st.integers(0, 4), min_size=12, max_size=12),
    n_seen=st.integers(0, 40),
    seed=st.integers(0, 10_000),
)
def test_no_limit_is_passed(*, method, strengths, n_sets, size, limit, n_seen, seed):
    n_items = len(strengths)
    at_most = limit[:n_items] if isinstance(limit, list) else limit
    seen = np.array([np.random.default_rng(k).permutation(n_items)[:2] for k in range(seed, seed + n_seen)])

    batch = method(strengths, n_sets, size=size, at_most=at_most, seen=seen, seed=seed)

    assert len(batch) == len(batch.sets) == len(batch.purpose) <= n_sets
    assert batch.sets.shape[1] == size
    met = pairs_in(batch.sets)
    assert all(len(pair) == 2 for pair in met)
    assert max(met.values(), default=0) <= 1
    assert not met.keys() & pairs_in(seen).keys()
    even_share = -(-n_sets * size // n_items)
    most = np.broadcast_to(2 * even_share if at_most is None else at_most, n_items)
    assert (np.bincount(batch.sets.ravel(), minlength=n_items) <= most).all()


@settings(deadline=None, max_examples=60)
@given(
    method=st.sampled_from([*INFORMED, by_chance]),
    at_most=st.lists(st.integers(0, 5), min_size=9, max_size=9),
    n_seen=st.integers(0, 36),
    seed=st.integers(0, 10_000),
)
def test_a_batch_is_short_only_if_no_pair_is_left_to_ask(method, at_most, n_seen, seed):
    strengths = JUDGED["joined"]
    everything = np.random.default_rng(seed).permutation(np.transpose(np.triu_indices(9, 1)))

    batch = method(strengths, 30, at_most=at_most, seen=everything[:n_seen], seed=seed)

    left = at_most - np.bincount(batch.sets.ravel(), minlength=9)
    met = pairs_in([*everything[:n_seen].tolist(), *batch.sets.tolist()])
    could = [pair for pair in combinations(range(9), 2) if (left[list(pair)] > 0).all() and frozenset(pair) not in met]
    assert len(batch) == 30 or not could


@settings(deadline=None, max_examples=60)
@given(
    method=st.sampled_from([*INFORMED, by_chance, selection.link]),
    strengths=st.sampled_from([JUDGED["joined"], JUDGED["apart"]]),
    groups=st.lists(st.integers(3, 5), min_size=12, max_size=12),
    size=st.integers(2, 4),
    seed=st.integers(0, 10_000),
)
def test_items_of_different_groups_never_meet(*, method, strengths, groups, size, seed):
    groups = np.array(groups[: len(strengths)])

    batch = method(strengths, 15, size=size, groups=groups, seed=seed)

    assert (np.ptp(groups[batch.sets], axis=1) == 0).all()


def test_parts_are_joined_within_their_group_alone():
    strengths, groups = JUDGED["apart"], np.arange(12) % 2

    batch = selection.link(strengths, seed=1, groups=groups)

    parts = joined_by(strengths, batch.sets)
    without = components(12, [pair for pair in combinations(range(12), 2) if groups[pair[0]] == groups[pair[1]]])
    known = joined_by(
        strengths, [(one, other) for one, other in combinations(range(12), 2) if without[one] == without[other]]
    )
    assert np.array_equal(parts, known)
    assert len(batch)


def test_a_group_is_said_for_every_item():
    with pytest.raises(RankingError, match="groups must hold one number for each of 9 items"):
        selection.uniform(9, 3, seed=1, groups=[0, 1])


def test_chance_asks_about_the_works_of_all_prompts_as_often():
    groups = np.repeat(np.arange(40), 5)

    batch = selection.uniform(200, 200, seed=3, groups=groups)

    assert np.bincount(batch.sets.ravel(), minlength=200).mean() == 2
    assert np.ptp(np.bincount(groups[batch.sets[:, 0]], minlength=40)) <= 2


@pytest.mark.parametrize("method", [*INFORMED, by_chance])
@pytest.mark.parametrize("strengths", JUDGED.values(), ids=JUDGED)
def test_the_same_seed_gives_the_same_batch_and_another_another(method, strengths):
    batch, again, other = (method(strengths, 30, seed=seed) for seed in (1, 1, 2))

    assert np.array_equal(batch.sets, again.sets)
    assert np.array_equal(batch.purpose, again.purpose)
    assert not np.array_equal(batch.sets, other.sets)


@pytest.mark.parametrize("method", INFORMED)
@pytest.mark.parametrize(("share", "expected"), [(0, 0), (0.2, 8), (0.5, 20), (1, 40)])
def test_chance_has_its_share_of_a_batch(method, share, expected):
    assert method(judged(100, 600), 40, seed=3, uniform_share=share).uniform.sum() == expected


@pytest.mark.parametrize("method", INFORMED)
def test_single_sets_keep_the_share_of_chance(method):
    by_chance = [method(JUDGED["joined"], 1, seed=seed).uniform[0] for seed in range(500)]

    assert np.mean(by_chance) == pytest.approx(0.2, abs=0.055)


def p_that_all_pairs_are_as_likely(chosen: list[np.ndarray], n_items: int) -> float:
    counts = pairs_in(np.concatenate(chosen))
    return float(chisquare([counts[frozenset(pair)] for pair in combinations(range(n_items), 2)]).pvalue)


@pytest.mark.parametrize("method", INFORMED)
def test_chance_is_blind_to_the_strengths_and_the_method_is_not(method):
    strengths = judged(9, 200, sd=3, seed=2)
    batches = [method(strengths, 5, seed=seed) for seed in range(700)]

    uniform = [batch.sets[batch.uniform] for batch in batches]
    informed = [batch.sets[~batch.uniform] for batch in batches]

    assert p_that_all_pairs_are_as_likely(uniform, 9) > 0.01
    assert p_that_all_pairs_are_as_likely(informed, 9) < 1e-9


def test_uniform_sets_are_all_as_likely_and_every_item_occurs_as_often():
    batches = [selection.uniform(8, 7, seed=seed).sets for seed in range(600)]

    assert p_that_all_pairs_are_as_likely(batches, 8) > 0.01
    assert all(np.ptp(np.bincount(batch.ravel(), minlength=8)) <= 1 for batch in batches)


def test_neither_place_in_a_set_nor_in_the_batch_tells_anything():
    batches = [selection.order_gain(JUDGED["joined"], 10, seed=seed) for seed in range(300)]

    first = np.concatenate([batch.sets[:, 0] < batch.sets[:, 1] for batch in batches]).mean()
    places = np.mean([batch.uniform for batch in batches], axis=0)

    assert first == pytest.approx(0.5, abs=0.03)
    assert places == pytest.approx(np.full(10, 0.2), abs=0.07)


def joined_by(strengths, sets) -> np.ndarray:
    """Return the parts after these sets were judged too."""
    edges = [pair for members in np.asarray(sets).tolist() for pair in combinations(members, 2)]
    same = np.argwhere(strengths.components[:, None] == strengths.components)
    return components(len(strengths), [*same[same[:, 0] < same[:, 1]].tolist(), *edges])


@pytest.mark.parametrize("method", INFORMED)
def test_parts_that_chance_leaves_apart_are_joined_before_anything_is_chosen_by_score(method):
    strengths = JUDGED["apart"]

    batch = method(strengths, 20, seed=5, uniform_share=0.1)

    linking = batch.sets[batch.purpose == "link"]
    left_apart = joined_by(strengths, batch.sets[batch.uniform]).max()
    assert 0 < left_apart < strengths.n_components - 1
    assert len(linking) == left_apart
    assert not joined_by(strengths, [*batch.sets[batch.uniform], *linking]).any()
    informed = strengths.components[batch.sets[batch.purpose == "informed"]]
    assert len(informed)
    assert (informed[:, 0] == informed[:, 1]).all()


def test_what_others_are_joining_now_is_not_joined_again():
    strengths = JUDGED["apart"]
    theirs = selection.link(strengths, seed=1)

    batch = selection.order_gain(strengths, 30, seed=2, pending=theirs.sets)

    assert set(batch.purpose) == {"informed", "uniform"}


def test_links_come_alone_if_asked_for_and_no_more_than_asked_for():
    strengths = JUDGED["apart"]

    every, some = selection.link(strengths, seed=1), selection.link(strengths, 2, seed=1)
    wide = selection.link(strengths, seed=1, size=4)

    assert set(every.purpose) == {"link"}
    assert len(every) == strengths.n_components - 1
    assert len(some) == 2
    assert len(wide) == -(-(strengths.n_components - 1) // 3)
    assert len(selection.link(JUDGED["joined"], seed=1)) == 0


def test_a_work_that_may_not_be_asked_is_not_asked_to_join_its_part():
    strengths = JUDGED["apart"]
    alone = np.flatnonzero(np.bincount(strengths.components)[strengths.components] == 1)
    at_most = np.full(len(strengths), 3)
    at_most[alone] = 0

    assert not np.isin(selection.link(strengths, seed=1, at_most=at_most).sets, alone).any()


@pytest.mark.parametrize("method", INFORMED)
def test_works_of_one_prompt_are_asked_among_themselves_by_forbidding_the_others(method):
    at_most = np.where(np.arange(1100) < 12, 20, 0)

    batch = method(JUDGED["large"], 20, seed=4, at_most=at_most)

    assert len(batch) == 20
    assert batch.sets.max() < 12


def test_nothing_is_asked_where_nothing_may_be():
    batch = selection.order_gain(JUDGED["joined"], 5, seed=1, at_most=0)

    assert len(batch) == 0
    assert batch.sets.shape == (0, 2)
    assert repr(batch) == "Batch(0 sets of 2: nothing may be asked)"


def test_items_that_were_never_compared_are_linked_and_nothing_else_is_known():
    nobody = judged(6, 1, joined=False)

    batch = selection.order_gain(nobody, 6, seed=1, uniform_share=0)

    assert Counter(batch.purpose) == {"link": 4, "informed": 0} | Counter(batch.purpose)


def test_a_batch_says_what_it_holds_and_cannot_be_changed():
    batch = selection.swiss(judged(100, 600), 50, seed=1)

    assert repr(batch) == "Batch(50 sets of 2: 40 informed, 10 uniform)"
    with pytest.raises(ValueError, match="read-only"):
        batch.sets[0] = 1


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"size": 1}, "at least 2 items"),
        ({"size": 10}, "there are 9 items; a set of 10"),
        ({"n_sets": 0}, "n_sets is 0; ask for at least 1"),
        ({"at_most": -1}, r"at_most\[0\] is -1"),
        ({"at_most": [1, 2]}, r"one for each of 9 items, not of shape \(2,\)"),
        ({"at_most": 1.5}, "at_most must hold integers"),
        ({"seen": [[0, 1], [1, 9]]}, r"seen\[1\] is \[1, 9\]; items are numbered 0 to 8"),
        ({"seen": [[0, 1], [-1, 3]]}, r"seen\[1\] is \[-1, 3\]"),
        ({"seen": [[0, 1], [3, 3]]}, r"seen\[1\] is \[3, 3\]; no item is compared with itself"),
        ({"seen": [0, 1]}, r"seen must have the shape \(n_sets, size\)"),
        ({"pending": [[0.0, 1.0]]}, "pending must hold integers"),
        ({"uniform_share": 1.2}, "uniform_share must be between 0 and 1, not 1.2"),
        ({"uniform_share": float("nan")}, "uniform_share must be between"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(limits, message):
    with pytest.raises(RankingError, match=message):
        selection.order_gain(JUDGED["joined"], **{"n_sets": 5, "seed": 1} | limits)


def test_blur_that_makes_no_sense_is_refused():
    with pytest.raises(RankingError, match="noise must be finite and at least 0, not -1"):
        selection.swiss(JUDGED["joined"], 5, seed=1, noise=-1)
    with pytest.raises(RankingError, match="scale must be finite"):
        selection.thompson(JUDGED["joined"], 5, seed=1, scale=float("inf"))


def test_an_unknown_limit_is_not_overlooked():
    with pytest.raises(TypeError, match="at_least"):
        selection.uniform(9, 5, seed=1, at_least=2)
