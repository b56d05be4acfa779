"""Strengths with raters: against the model as one would write it on paper, known truths, and raters of all kinds."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rankings import (
    NotComparableError,
    NotSettledError,
    PoorlyConnectedError,
    RankingError,
    bradley_terry,
    davidson,
    simulate,
    update,
)
from rankings.panel import ascent, elimination
from rankings.panel.priors import Prior
from rankings.panel.raters import WIDE, with_raters
from rankings.simulate import Raters

KINDS = {
    "random": Raters.random(10),
    "always first": Raters.always_first(10),
    "reversed": Raters.reversed(10),
    "reversed and random": Raters.reversed(5) + Raters.random(5),
}
SD = 0.3


def judged(n_items, number, raters, *, seed, sd=1.0, **more):
    """Return centred strengths, and what the raters say of uniformly drawn pairs."""
    values = sd * np.random.default_rng(seed).normal(size=n_items)
    return values - values.mean(), simulate.pairs(values, number, seed=seed, raters=raters, **more)


def fitted(told, **more):
    return with_raters(told.a, told.b, told.outcome, told.rater, first_a=told.first_a, **more)


def off_truth(values, truth):
    """Return the root mean square error at the scale of the truth."""
    return np.sqrt(np.mean((values * truth.std() / values.std() - truth) ** 2))


class OnPaper:
    """The model judgement by judgement; the parameters are values, log(nu), position, reliabilities, sides."""

    def __init__(self, told, n_items, weight, prior_sd):
        self.told, self.n, self.prior_sd = told, n_items, prior_sd
        self.n_raters = told.rater.max() + 1
        self.weight = np.ones(len(told.a)) if weight is None else weight

    def split(self, point):
        return np.split(point, [self.n, self.n + 1, self.n + 2, self.n + 2 + self.n_raters])

    def seen(self, point):
        """Yield each judgement's rater, items, weight, answer (1 if the first shown won), and the three odds."""
        values, log_nu, position, reliability, side = self.split(point)
        for row, (a, b, outcome, first_a, rater) in enumerate(zip(*self.told[:5], strict=True)):
            first, second, answer = (a, b, outcome) if first_a else (b, a, -outcome)
            drop = reliability[rater] * (values[first] - values[second]) + position[0] + side[rater]
            yield rater, first, second, self.weight[row], answer, np.exp([drop / 2, log_nu[0], -drop / 2])

    def log_likelihood(self, point):
        return sum(weight * np.log(odds[1 - answer] / odds.sum()) for _, _, _, weight, answer, odds in self.seen(point))

    def log_posterior(self, point):
        _, log_nu, position, reliability, side = self.split(point)
        away = np.concatenate([reliability - 1, side])
        prior = -2 * np.log(1 + (away / SD) ** 2).sum() - (log_nu @ log_nu + position @ position) / (2 * 5.0**2)
        return self.log_likelihood(point) + prior + self.log_prior_of_values(point)

    def log_prior_of_values(self, point):
        values, _, _, reliability, _ = self.split(point)
        return -(values @ values) * np.mean(reliability**2) / (2 * self.prior_sd**2)

    def left_open(self, point):
        """Return each rater's covariance of reliability and side, as far as the judgements leave them open."""
        reliability, side = self.split(point)[3:]
        blocks = [np.diag(4 / (SD**2 + np.array([r - 1, s]) ** 2)) for r, s in zip(reliability, side, strict=True)]
        for rater, first, second, weight, _, odds in self.seen(point):
            seen = np.array([point[first] - point[second], 1.0])
            blocks[rater] = blocks[rater] + weight * spread(odds) * np.outer(seen, seen)
        return [np.linalg.inv(block) for block in blocks]

    def pull(self, point):
        """Return the slopes by the values that the open reliabilities and sides add."""
        slopes, left_open = np.zeros(len(point)), self.left_open(point)
        for rater, first, second, weight, _, odds in self.seen(point):
            drop = point[first] - point[second]
            pull = weight * spread(odds) * (left_open[rater][0, 0] * drop + left_open[rater][0, 1])
            slopes[[first, second]] += [-pull, pull]
        return slopes

    def covariance(self, point):
        """Return the inverse of the curvature."""
        curvature, left_open = -hessian(self.log_posterior, point), self.left_open(point)
        for rater, first, second, weight, _, odds in self.seen(point):
            more = weight * spread(odds) * left_open[rater][0, 0]
            curvature[np.ix_([first, second], [first, second])] += more * np.array([[1, -1], [-1, 1]])
        return np.linalg.inv(curvature)

    def raters_alone(self, point, precision):
        """Return the variance of reliabilities and sides if all else were known."""
        own = np.arange(self.n + 2, len(point))
        block = -hessian(self.log_likelihood, point)[np.ix_(own, own)] + np.diag(precision)
        block[: self.n_raters, : self.n_raters] += np.eye(self.n_raters) * self.on_reliability(point)
        return np.linalg.inv(block).diagonal()

    def on_reliability(self, point):
        return point[: self.n] @ point[: self.n] / self.n_raters / self.prior_sd**2


def spread(odds):
    """Return the variance of half the answer."""
    win, _, loss = odds / odds.sum()
    return (win + loss - (win - loss) ** 2) / 4


def gradient(function, point, step=1e-5):
    return np.array(
        [(function(point + move) - function(point - move)) / (2 * step) for move in step * np.eye(len(point))]
    )


def hessian(function, point):
    return gradient(lambda at: gradient(function, at, 1e-4), point, 1e-4)


def small_study(seed, *, weighted):
    random = np.random.default_rng(seed)
    raters = Raters.good(2) + Raters.reversed(1) + Raters.noisy(1) + Raters.always_first(1)
    _, told = judged(6, 70, raters, seed=seed, tie=0.5, position=0.3)
    return told, random.uniform(0.2, 2, size=70) if weighted else None


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000), weighted=st.booleans())
def test_the_fit_is_where_the_model_on_paper_has_no_slope(seed, weighted):
    told, weight = small_study(seed, weighted=weighted)
    strengths = fitted(told, weight=weight, prior_sd=1.2)
    paper, point = OnPaper(told, 6, weight, 1.2), strengths.maximum.point

    assert gradient(paper.log_posterior, point) + paper.pull(point) == pytest.approx(0, abs=2e-5)
    assert strengths.log_likelihood == pytest.approx(paper.log_likelihood(point), rel=1e-9)


@pytest.mark.parametrize("weighted", [False, True])
def test_errors_are_those_of_the_model_on_paper(weighted):
    told, weight = small_study(3, weighted=weighted)
    strengths = fitted(told, weight=weight, prior_sd=1.2)
    paper, point = OnPaper(told, 6, weight, 1.2), strengths.maximum.point
    covariance, centring = paper.covariance(point), np.eye(6) - 1 / 6
    away = point[8:] - np.repeat([1, 0], 5)
    peak = 4 * (SD**2 - away**2) / (SD**2 + away**2) ** 2
    more = paper.raters_alone(point, np.full(10, SD**-2)) - paper.raters_alone(point, peak)
    errors = np.sqrt(covariance.diagonal() + np.concatenate([np.zeros(8), more]))

    of_items = strengths.covariance_of(np.arange(6))
    assert of_items == pytest.approx(centring @ covariance[:6, :6] @ centring, rel=1e-3, abs=1e-6)
    assert strengths.standard_errors**2 == pytest.approx(of_items.diagonal(), rel=1e-9)
    assert [strengths.tie_error, strengths.position_error] == pytest.approx(errors[6:8], rel=1e-4)
    assert strengths.raters.reliability_error == pytest.approx(errors[8:13], rel=1e-4)
    assert strengths.raters.side_error == pytest.approx(errors[13:], rel=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_bad_raters_cost_no_more_than_their_judgements(kind):
    ratios = []
    for seed in range(5):
        values, told = judged(100, 10_000, Raters.good(40) + KINDS[kind], seed=seed)
        good = told.rater < 40
        above, below = np.where(told.outcome > 0, [told.a, told.b], [told.b, told.a])
        oracle = bradley_terry(above[good], below[good]).values
        ratios.append(off_truth(fitted(told).values, values) / off_truth(oracle, values))

    assert np.mean(ratios) < 1.02


def test_nothing_is_lost_where_all_raters_are_good():
    ratios = []
    for seed in range(5):
        values, told = judged(100, 10_000, Raters.good(50), seed=seed)
        above, below = np.where(told.outcome > 0, [told.a, told.b], [told.b, told.a])
        ratios.append(off_truth(fitted(told).values, values) / off_truth(bradley_terry(above, below).values, values))

    assert np.mean(ratios) < 1.01


def test_raters_are_found_out():
    raters = Raters.good(6) + Raters.noisy(2) + Raters.random(2) + Raters.reversed(2) + Raters.always_first(2)
    _, told = judged(50, 7_000, raters, seed=1)
    effects = fitted(told).raters

    known = raters.side == 0
    assert effects.reliability[known] == pytest.approx(raters.reliability[known], abs=0.3)
    assert (np.abs(effects.reliability - raters.reliability)[known] < 3 * effects.reliability_error[known]).all()
    assert (effects.side[~known] > 3).all()
    assert (np.abs(effects.side[known]) < 3 * effects.side_error[known]).all()
    assert effects.n_judgements.tolist() == [500] * 14
    assert len(effects) == 14


@pytest.mark.parametrize("seed", range(4))
def test_the_majority_is_found_though_most_raters_are_bad(seed):
    values, told = judged(100, 10_000, Raters.good(20) + Raters.reversed(15) + Raters.random(15), seed=seed)
    strengths = fitted(told)
    plain = with_raters(told.a, told.b, told.outcome, np.zeros_like(told.a), first_a=told.first_a)

    assert strengths.raters.reliability[:20].mean() == pytest.approx(1, abs=0.15)
    assert strengths.raters.reliability[20:35].mean() == pytest.approx(-1, abs=0.15)
    assert off_truth(strengths.values, values) < 0.3 * off_truth(plain.values, values)
    assert np.abs(strengths.values - values).mean() < 0.25


def test_the_majority_is_one_of_raters_not_of_judgements():
    raters = Raters.good(10) + Raters.reversed(3)
    values, told = judged(30, 13_000, raters, seed=14)
    kept = (told.rater >= 10) | (np.arange(13_000) % 10 == 0)
    strengths = with_raters(
        told.a[kept], told.b[kept], told.outcome[kept], told.rater[kept], first_a=told.first_a[kept]
    )

    assert strengths.raters.reliability == pytest.approx(raters.reliability, abs=0.4)
    assert np.corrcoef(strengths.values, values)[0, 1] > 0.95


@pytest.mark.parametrize(
    "raters", [Raters.good(10), Raters.good(8) + Raters.random(1) + Raters.reversed(1)], ids=["good", "some bad"]
)
def test_intervals_cover_the_truth(raters):
    covered = []
    for seed in range(300):
        values, told = judged(15, 1_000, raters, seed=seed)
        low, high = fitted(told, prior_sd=5.0).interval().T
        covered.append((low < values) & (values < high))

    assert 0.93 < np.mean(covered) < 0.97


def same(one, other):
    assert one.values == pytest.approx(other.values, abs=1e-6)
    assert one.standard_errors == pytest.approx(other.standard_errors, abs=1e-6)
    assert one.raters.reliability == pytest.approx(other.raters.reliability, abs=1e-6)
    assert one.raters.side == pytest.approx(other.raters.side, abs=1e-6)


def test_order_sides_and_names_do_not_matter():
    _, told = judged(20, 800, Raters.good(5) + Raters.reversed(1), seed=2, tie=0.4, position=0.5)
    strengths = fitted(told)
    order = np.random.default_rng(2).permutation(800)
    swapped = with_raters(told.b, told.a, -told.outcome, told.rater, first_a=~told.first_a)
    shuffled = with_raters(*(column[order] for column in told[:3]), told.rater[order], first_a=told.first_a[order])
    renamed = with_raters(*told[:3], 100 - 7 * told.rater, first_a=told.first_a)

    same(swapped, strengths)
    same(shuffled, strengths)
    assert renamed.raters.rater.tolist() == [65, 72, 79, 86, 93, 100]
    assert renamed.raters.reliability[::-1] == pytest.approx(strengths.raters.reliability, abs=1e-6)


def test_items_may_be_renamed():
    _, told = judged(20, 800, Raters.good(5), seed=2)
    name = np.random.default_rng(3).permutation(20)
    renamed = with_raters(name[told.a], name[told.b], told.outcome, told.rater, first_a=told.first_a)

    assert renamed.values[name] == pytest.approx(fitted(told).values, abs=1e-6)


def test_the_position_turns_round_with_who_is_shown_first():
    _, told = judged(20, 800, Raters.good(5), seed=4, position=0.5)
    strengths, other = fitted(told), with_raters(*told[:3], told.rater, first_a=~told.first_a)

    assert strengths.position == pytest.approx(0.5, abs=0.4)
    assert other.position == pytest.approx(-strengths.position, abs=1e-6)
    assert other.raters.side == pytest.approx(-strengths.raters.side, abs=1e-6)


def test_a_is_shown_first_by_default():
    _, told = judged(20, 800, Raters.good(5), seed=4)

    same(with_raters(*told[:3], told.rater), with_raters(*told[:3], told.rater, first_a=np.ones(800, dtype=bool)))


def test_weights_count_judgements():
    _, told = judged(10, 300, Raters.good(3), seed=5, tie=0.3)
    times = np.random.default_rng(5).integers(1, 4, size=300)
    repeated = [np.repeat(column, times) for column in told[:5]]

    same(fitted(told, weight=times), with_raters(*repeated[:3], repeated[4], first_a=repeated[3]))


def test_raters_who_judged_little_are_kept_sparse_and_give_the_same():
    _, told = judged(300, 3_000, Raters.good(300) + Raters.reversed(20), seed=6, sd=2.0)
    thin = fitted(told, prior_sd=2.0)
    assert not isinstance(thin.maximum.curvature.follow, np.ndarray)

    curve = thin.panel.curve(thin.maximum.point, thin.maximum.curvature.parts, Prior(2.0, WIDE), observed=True)
    full = replace(curve.curvature, follow=curve.curvature.follow.toarray())

    right = np.random.default_rng(0).normal(size=300)
    assert full.solve_items(right) == pytest.approx(curve.curvature.solve_items(right), abs=1e-7)
    assert full.dense == pytest.approx(curve.curvature.dense, abs=1e-9)
    assert full.dense @ right == pytest.approx(full.times(right), abs=1e-9)


def two_studies(seed):
    """Return judgements on items 0-9 and 10-24, by the same raters."""
    _, one = judged(10, 400, Raters.good(5) + Raters.reversed(1), seed=seed)
    _, other = judged(15, 600, Raters.good(5) + Raters.reversed(1), seed=seed + 1)
    columns = [np.concatenate(pair) for pair in zip(one, other, strict=True)]
    columns[0][400:] += 10
    columns[1][400:] += 10
    return simulate.Pairs(*columns)


def test_parts_share_their_raters_but_have_scales_of_their_own():
    strengths = fitted(two_studies(7))

    assert strengths.components.tolist() == [0] * 10 + [1] * 15
    assert [strengths.values[:10].mean(), strengths.values[10:].mean()] == pytest.approx([0, 0], abs=1e-9)
    assert strengths.raters.n_judgements.tolist() == [167, 167, 167, 167, 166, 166]
    value, error = strengths.difference(3, 5)
    covariance = strengths.covariance_of(np.array([3, 5]))
    assert value == strengths.values[3] - strengths.values[5]
    assert error**2 == pytest.approx(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    assert strengths.standard_errors[[3, 5]] ** 2 == pytest.approx(covariance.diagonal())
    with pytest.raises(NotComparableError):
        strengths.difference(3, 12)


def test_without_a_prior_an_undefeated_item_is_refused_and_with_one_it_is_fitted():
    told = [0, 0, 1, 2, 0, 1, 1, 2], [1, 2, 2, 1, 2, 2, 2, 1], [1, 1, 1, 1, 1, -1, 1, 1], [0, 1, 0, 1, 0, 1, 0, 1]

    with pytest.raises(NotComparableError, match="item 0"):
        with_raters(*told)
    strengths = with_raters(*told, n_items=4, prior_sd=1.0)
    assert strengths.values.argmax() == 0
    assert strengths.components.tolist() == [0, 0, 0, 1]
    assert strengths.standard_errors[3] == pytest.approx(1.0, abs=0.01)


def test_a_rater_of_whom_nothing_is_known_keeps_the_prior():
    _, told = judged(20, 800, Raters.good(5), seed=8, sd=0.0)
    rater = told.rater.copy()
    rater[0] = 9
    effects = with_raters(*told[:3], rater, first_a=told.first_a).raters

    assert effects.rater.tolist() == [0, 1, 2, 3, 4, 9]
    assert effects.n_judgements[-1] == 1
    assert effects.reliability[-1] == pytest.approx(1, abs=0.05)
    assert [effects.reliability_error[-1], effects.side_error[-1]] == pytest.approx([0.3, 0.3], abs=0.02)


def test_bad_input_is_refused():
    pairs = [0, 1, 2], [1, 2, 0]

    with pytest.raises(RankingError, match=r"outcome\[1\] is 2"):
        with_raters(*pairs, [1, 2, 0], [0, 0, 0])
    with pytest.raises(RankingError, match="rater has 2 entries for 3 judgements"):
        with_raters(*pairs, [1, -1, 0], [0, 0])
    with pytest.raises(RankingError, match="rater must hold integers"):
        with_raters(*pairs, [1, -1, 0], [0.0, 1.0, 2.0])
    with pytest.raises(RankingError, match="judgement 0 compares item 1 with itself"):
        with_raters([1], [1], [1], [0])
    with pytest.raises(RankingError, match="outcome is 1 everywhere, and a counts as shown first"):
        with_raters(*pairs, [1, 1, 1], [0, 1, 2])


def test_it_prints_a_table_and_pickles():
    strengths = fitted(judged(5, 100, Raters.good(2), seed=9, tie=0.3)[1])
    copy = pickle.loads(pickle.dumps(strengths))

    assert str(copy) == str(strengths)
    assert str(strengths).splitlines()[-3].split() == ["rater", "judgements", "reliability", "error", "side", "error"]
    assert str(strengths).splitlines()[-1].split()[:2] == ["1", "50"]
    assert "5 items in 1 part" in repr(strengths)


def test_one_judgement_more_needs_a_new_fit():
    strengths = fitted(judged(5, 100, Raters.good(2), seed=9)[1])

    with pytest.raises(RankingError, match="call with_raters again"):
        update(strengths, 0, 1, 1, first_a=True, rater=0)
    with pytest.raises(RankingError, match="fitted by `fitted`"):
        strengths.problem.model()


def test_what_is_left_without_a_rater_or_an_item_equals_a_new_fit():
    _, told = judged(30, 1_500, Raters.good(5) + Raters.reversed(2), seed=10)
    strengths = fitted(told)
    kept = (told.rater != 6) & (told.a != 4) & (told.b != 4)
    again = strengths.problem.kept(kept).fitted(tight=True, absent=np.array([4]))
    number = np.cumsum(np.arange(30) != 4) - 1
    new = with_raters(
        number[told.a[kept]], number[told.b[kept]], told.outcome[kept], told.rater[kept], first_a=told.first_a[kept]
    )

    assert np.delete(again.values, 4) == pytest.approx(new.values, abs=1e-6)
    assert np.delete(again.standard_errors, 4) == pytest.approx(new.standard_errors, abs=1e-6)
    assert again.standard_errors[4] == np.inf
    assert again.raters.rater.tolist() == [0, 1, 2, 3, 4, 5]


def test_a_prior_on_the_values_has_no_say_in_what_reliability_is():
    _, told = judged(400, 8_000, Raters.good(3), seed=13)
    plain = davidson(told.a, told.b, told.outcome, first_a=told.first_a, prior_sd=1.0)
    strengths = fitted(told, prior_sd=1.0)

    assert strengths.raters.reliability == pytest.approx(1, abs=0.15)
    assert strengths.values.std() == pytest.approx(plain.values.std(), rel=0.03)


def test_of_many_items_differences_are_known_but_not_all_errors():
    _, told = judged(3_100, 40_000, Raters.good(4), seed=11)
    strengths = fitted(told, prior_sd=1.5)

    assert strengths.difference(0, 1)[1] == pytest.approx(0.65, abs=0.25)
    with pytest.raises(PoorlyConnectedError, match="ask for difference"):
        strengths.interval()


def test_items_on_a_ring_are_solved_by_dense_algebra():
    values = 0.7 * np.random.default_rng(12).normal(size=300)
    told = simulate.pairs(values, simulate.design("ring", 300, 20_000, seed=12), seed=12, raters=Raters.good(4))
    strengths = fitted(told)

    low, high = strengths.interval(0.999).T
    assert ((low < values - values.mean()) & (values - values.mean() < high)).mean() > 0.99


@pytest.mark.parametrize("seed", range(12))
def test_raters_who_all_click_at_random_are_fitted_too(seed):
    _, told = judged(22, 480, Raters.random(38), seed=seed)
    strengths = fitted(told, prior_sd=0.5)

    assert np.abs(strengths.values).max() < 1.5


def test_a_climb_that_does_not_end_is_refused(monkeypatch):
    told = judged(5, 100, Raters.good(2), seed=9)[1]

    monkeypatch.setattr(ascent, "MOST_STEPS", 2)
    with pytest.raises(NotSettledError, match="not settled after 1 steps"):
        fitted(told)


def test_a_flat_likelihood_is_refused(monkeypatch):
    told = judged(5, 100, Raters.good(2), seed=9)[1]
    monkeypatch.setattr(elimination.Eliminated, "solve", lambda _, right, _tolerance: -right)
    with pytest.raises(NotSettledError, match="flat"):
        fitted(told)
