"""Every model against its formula, written down plainly and climbed by a general optimiser."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rankings import NotComparableError, NotSettledError, Orders, components
from rankings.pairs.pairwise import bradley_terry, davidson, graded, rao_kupper
from rankings.sets.listwise import best_worst, plackett_luce
from tests.rankings import naive

MOST_ITEMS = 5


class Told(NamedTuple):
    """Judgements of pairs."""

    a: np.ndarray
    b: np.ndarray
    answer: np.ndarray
    weight: np.ndarray
    first_a: np.ndarray | None

    @property
    def side(self):
        return np.zeros(len(self.a)) if self.first_a is None else np.where(self.first_a, 1.0, -1.0)


class OnPaper(NamedTuple):
    """A model's log-likelihood, where to start, along what it rises, and which items were compared."""

    log_likelihood: object
    start: np.ndarray
    rises: list
    components: np.ndarray


@st.composite
def told(draw, answers):
    """A few pairs, most of them judged again the other way round, so that many have a maximum."""
    n = draw(st.integers(1, 10))
    a = np.array(draw(st.lists(st.integers(0, MOST_ITEMS - 1), min_size=n, max_size=n)))
    b = (a + draw(st.lists(st.integers(1, MOST_ITEMS - 1), min_size=n, max_size=n))) % MOST_ITEMS
    answer = np.array(draw(st.lists(st.sampled_from(answers), min_size=n, max_size=n)))
    again = np.array(draw(st.lists(st.booleans() | st.just(True), min_size=n, max_size=n)))
    a, b, answer = (np.concatenate(two) for two in ((a, a[again]), (b, b[again]), (answer, -answer[again])))
    names = np.unique([a, b], return_inverse=True)[1].reshape(2, -1)
    weight = draw(st.lists(st.sampled_from([1.0, 0.5, 3.25]), min_size=len(a), max_size=len(a)))
    first_a = draw(st.none() | st.lists(st.booleans(), min_size=len(a), max_size=len(a)))
    return Told(*names, answer, np.array(weight), None if first_a is None else np.array(first_a))


def pairs_on_paper(told, chances, own, rises):
    """Join a model of one pair with own parameters to the position effect; they come after the strengths."""
    n, n_own, position = int(max(told.a.max(), told.b.max())) + 1, len(own), told.first_a is not None
    units = np.eye(n + n_own + position)

    def log_likelihood(point):
        drop = point[told.a] - point[told.b] + (told.side * point[-1] if position else 0)
        found = chances(drop, *point[n : n + n_own])
        return naive.pairs_log_likelihood(found, drop, told.answer, told.weight)

    rows = []
    for a, b, answer, side in zip(told.a, told.b, told.answer, told.side, strict=True):
        drop = units[a] - units[b] + (side * units[-1] if position else 0)
        rows += rises(answer, drop, units[n : n + n_own])
    start = np.concatenate([np.zeros(n), own, [0.0] * position])
    return OnPaper(log_likelihood, start, rows, components(n, np.column_stack([told.a, told.b])))


def bradley_terry_on_paper(told):
    return pairs_on_paper(told, naive.bradley_terry, [], lambda answer, drop, _: [answer * drop])


def davidson_on_paper(told):
    if told.answer.all():
        return bradley_terry_on_paper(told)

    def rises(answer, drop, own):
        statistics = {1: drop / 2, 0: own[0], -1: -drop / 2}
        return [statistics[answer] - other for other in statistics.values()]

    return pairs_on_paper(told, naive.davidson, [0.0], rises)


def graded_on_paper(told, chances=naive.graded):
    """Keep the grades that were given; without ties the first cut-point is 0."""
    given = [grade for grade in np.unique(np.abs(told.answer)) if grade]
    told = told._replace(answer=np.sign(told.answer) * np.searchsorted([0, *given], np.abs(told.answer)))
    fixed = [] if (told.answer == 0).any() else [0.0]

    def rises(answer, drop, own):
        above = [*(0 * drop for _ in fixed), *own]
        cuts = [None, *(-cut for cut in above[::-1]), *above, None]
        lower, upper = cuts[answer + len(given)], cuts[answer + len(given) + 1]
        rows = ([] if lower is None else [drop - lower]) + ([] if upper is None else [upper - drop])
        return rows if lower is None or upper is None else [*rows, upper - lower]

    start = 0.5 + np.arange(len(given) - len(fixed))
    return pairs_on_paper(told, lambda drop, *own: chances(drop, *fixed, *own), start, rises)


def rao_kupper_on_paper(told):
    return graded_on_paper(told, naive.rao_kupper)


def orders_on_paper(groups, weight, top, n):
    """Plackett and Luce's model, with log(nu) last if there are ties."""
    largest = naive.largest_tie(groups, top)
    ties = largest > 1

    def statistic(group):
        member = np.zeros(n + ties)
        member[list(group)] = 1 / len(group)
        member[n:] = len(group) - 1
        return member

    def log_likelihood(point):
        return naive.log_likelihood(point[:n], point[n] if ties else 0.0, groups, weight, top)

    rows = [
        statistic(group) - statistic(other)
        for number, order in enumerate(groups)
        for group, left in naive.choices(order, None if top is None else top[number])
        for other in naive.open_sets(left, largest)
    ]
    joined = np.array([(group[0][0], item) for group in groups for item in sum(group, ()) if item != group[0][0]])
    return OnPaper(log_likelihood, np.zeros(n + ties), rows, components(n, joined))


def best_worst_on_paper(choices, n):
    units = np.eye(n)
    rows = [
        units[best] - units[worst] - units[i] + units[j]
        for members, best, worst, _ in choices
        for i in members
        for j in members
        if i != j
    ]
    joined = np.array([(members[0], item) for members, *_ in choices for item in members[1:]])
    return OnPaper(
        lambda point: naive.best_worst_log_likelihood(point, choices), np.zeros(n), rows, components(n, joined)
    )


def check(fit, paper, prior_sd):
    """Fit, and compare all that is fitted; or see it refused where there is no single finite maximum."""
    n = len(paper.components)
    if prior_sd is None and not naive.has_one_maximum(paper.rises, np.count_nonzero(np.bincount(paper.components) > 1)):
        with pytest.raises((NotComparableError, NotSettledError), match="prior_sd"):
            fit()
        return
    strengths = fit()
    sd = np.repeat([np.inf, np.inf] if prior_sd is None else [prior_sd, 5.0], [n, len(paper.start) - n])
    point, curvature = naive.maximum(paper.log_likelihood, paper.start, sd)
    covariance = naive.centred_covariance(curvature, paper.components)
    errors = np.sqrt(covariance.diagonal())

    assert strengths.values == pytest.approx(naive.centred(point[:n], paper.components), abs=1e-6)
    own, own_errors = shared(strengths)
    assert own == pytest.approx(point[n:], abs=1e-6)
    assert strengths.log_likelihood == pytest.approx(paper.log_likelihood(point), abs=1e-8)
    assert strengths.standard_errors == pytest.approx(errors[:n], rel=1e-5)
    assert own_errors == pytest.approx(errors[n:], rel=1e-5)
    part = np.flatnonzero(paper.components == 0)
    assert strengths.covariance_of(part) == pytest.approx(covariance[np.ix_(part, part)], rel=1e-5, abs=1e-7)


def shared(strengths):
    """All shared parameters that were estimated, and their errors."""
    names = ["tie", *(f"cut {level}" for level in range(1, 4)), "position"]
    found = [pair for pair in map(strengths.shared, names) if pair]
    return [value for value, _ in found], [error for _, error in found]


PRIORS = st.sampled_from([None, None, 0.4, 1.5, 30.0])


@settings(deadline=None, max_examples=40)
@given(told([1, -1]), PRIORS)
def test_bradley_terry(told, prior_sd):
    winner, loser = np.where(told.answer > 0, (told.a, told.b), (told.b, told.a))
    first = None if told.first_a is None else told.first_a == (told.answer > 0)

    def fit():
        return bradley_terry(winner, loser, weight=told.weight, first=first, prior_sd=prior_sd)

    check(fit, bradley_terry_on_paper(told), prior_sd)


@pytest.mark.parametrize(
    ("model", "on_paper", "answers"),
    [
        (davidson, davidson_on_paper, [-1, 0, 1]),
        (rao_kupper, rao_kupper_on_paper, [-1, 0, 1]),
        (graded, graded_on_paper, [-3, -2, -1, 0, 1, 2, 3]),
        (graded, graded_on_paper, [-3, -2, -1, 1, 2, 3]),
    ],
)
def test_answers_with_ties_or_grades(model, on_paper, answers):
    @settings(deadline=None, max_examples=40)
    @given(told(answers), PRIORS)
    def agrees(told, prior_sd):
        assume(told.answer.any() or model is davidson)  # nothing but ties leaves no cut-point to fit

        def fit():
            return model(told.a, told.b, told.answer, weight=told.weight, first_a=told.first_a, prior_sd=prior_sd)

        check(fit, on_paper(told), prior_sd)

    agrees()


@st.composite
def weak_orders(draw):
    """A few sets, most of them judged again the other way round, with ties or none, in full or at the top."""
    n = draw(st.integers(2, MOST_ITEMS))
    most = draw(st.sampled_from([n, 3]))
    sets = draw(st.lists(st.lists(st.integers(0, n - 1), min_size=2, max_size=4, unique=True), min_size=1, max_size=4))
    ranks = [
        draw(st.permutations(range(1, len(members) + 1)) if most == n else st.lists(st.integers(1, 3), min_size=len(members), max_size=len(members)))
        for members in sets
    ]  # fmt: skip
    again = draw(st.lists(st.booleans() | st.just(True), min_size=len(sets), max_size=len(sets)))
    back = [index for index, twice in enumerate(again) if twice]
    orders = Orders.from_ranks(
        sets + [sets[index] for index in back], ranks + [[5 - rank + n for rank in ranks[index]] for index in back]
    )
    weight = draw(st.lists(st.sampled_from([1.0, 0.5, 3.25]), min_size=len(orders), max_size=len(orders)))
    top = draw(st.none() | st.lists(st.integers(1, 3), min_size=len(orders), max_size=len(orders)))
    return orders, np.array(weight), top, n


@settings(deadline=None, max_examples=40)
@given(weak_orders(), PRIORS)
def test_plackett_luce(drawn, prior_sd):
    orders, weight, top, n = drawn

    def fit():
        return plackett_luce(orders, n_items=n, weight=weight, top=top, prior_sd=prior_sd)

    check(fit, orders_on_paper(naive.groups(orders), weight, top, n), prior_sd)


@st.composite
def most_and_least(draw):
    """A few sets, most of them judged again the other way round."""
    n = draw(st.integers(2, MOST_ITEMS))
    sets = draw(st.lists(st.lists(st.integers(0, n - 1), min_size=2, max_size=4, unique=True), min_size=1, max_size=5))
    weight = draw(st.lists(st.sampled_from([1.0, 0.5, 3.25]), min_size=len(sets), max_size=len(sets)))
    told = [(members, members[0], members[1], count) for members, count in zip(sets, weight, strict=True)]
    again = draw(st.lists(st.booleans() | st.just(True), min_size=len(sets), max_size=len(sets)))
    return told + [(m, worst, best, w) for (m, best, worst, w), twice in zip(told, again, strict=True) if twice], n


@settings(deadline=None, max_examples=40)
@given(most_and_least(), PRIORS)
def test_best_worst(drawn, prior_sd):
    choices, n = drawn
    sets, best, worst, weight = zip(*choices, strict=True)

    def fit():
        return best_worst(sets, best, worst, n_items=n, weight=weight, prior_sd=prior_sd)

    check(fit, best_worst_on_paper(choices, n), prior_sd)
