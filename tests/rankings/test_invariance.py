"""What must not matter does not: names, rows, sides, how weight is split, and what else is fitted at the same time."""

import numpy as np
import pytest

from rankings import Orders, simulate
from rankings.pairs.pairwise import bradley_terry, davidson, graded, rao_kupper
from rankings.sets.listwise import best_worst, plackett_luce

N = 7
VALUES = np.linspace(-1, 1, N)
PAIRS = simulate.pairs(VALUES, 300, seed=1, tie=0.5, position=0.4)
GRADES = simulate.graded(VALUES, 300, seed=2, position=0.4)
ORDERS = simulate.orders(VALUES, 4, 90, seed=3, tie=0.3, largest_tie=3)
CHOICES = simulate.best_worst(VALUES, 4, 90, seed=4)
WEIGHT = np.random.default_rng(5).choice([1.0, 2.0, 3.0], size=300)
RATER = np.arange(300) // 12


class Pairs:
    """Judgements of pairs, to be said in another way."""

    def __init__(self, model, told, **options):
        self.model, self.options = model, options
        self.columns = {
            "a": told.a,
            "b": told.b,
            "answer": told.outcome,
            "weight": WEIGHT,
            "first_a": told.first_a,
            "rater": RATER,
        }

    def fit(self, *, prior_sd=None, n_items=None, rows=slice(None), **changed):
        told = {name: column[rows] for name, column in (self.columns | changed).items()}
        answers = [told.pop(name) for name in ("a", "b", "answer")]
        return self.model(*answers, **told, prior_sd=prior_sd, n_items=n_items, **self.options)


class Sets:
    """Judgements of sets, to be said in another way."""

    def __init__(self, model, sets, ranks):
        self.model = model
        self.columns = {"items": sets, "ranks": ranks, "weight": WEIGHT[: len(sets)], "rater": RATER[: len(sets)]}

    def fit(self, *, prior_sd=None, n_items=None, rows=slice(None), **changed):
        told = {name: column[rows] for name, column in (self.columns | changed).items()}
        sets, ranks = told.pop("items"), told.pop("ranks")
        return self.model(sets, ranks, **told, prior_sd=prior_sd, n_items=n_items)


def fit_orders(sets, ranks, **told):
    return plackett_luce(Orders.from_ranks(sets, ranks), **told)


def fit_best_worst(sets, ranks, **told):
    row = np.arange(len(sets))
    return best_worst(sets, sets[row, ranks.argmin(axis=1)], sets[row, ranks.argmax(axis=1)], **told)


def fit_bradley_terry(a, b, answer, *, first_a, **told):
    winner, loser = np.where(answer > 0, (a, b), (b, a))
    return bradley_terry(winner, loser, first=first_a == (answer > 0), **told)


STRICT = PAIRS._replace(outcome=np.where(PAIRS.outcome == 0, 1, PAIRS.outcome))
CHOICE_RANKS = 2 + (CHOICES.worst[:, None] == CHOICES.sets) - 1 * (CHOICES.best[:, None] == CHOICES.sets)
PAIR_MODELS = {
    "bradley_terry": Pairs(fit_bradley_terry, STRICT),
    "davidson": Pairs(davidson, PAIRS),
    "rao_kupper": Pairs(rao_kupper, PAIRS),
    "graded": Pairs(graded, GRADES, levels=3),
}
SET_MODELS = {
    "plackett_luce": Sets(fit_orders, ORDERS.items.reshape(-1, 4), ORDERS.ranks.reshape(-1, 4)),
    "best_worst": Sets(fit_best_worst, CHOICES.sets, CHOICE_RANKS),
}
MODELS = PAIR_MODELS | SET_MODELS
every_model = pytest.mark.parametrize("told", MODELS.values(), ids=MODELS)
every_pair_model = pytest.mark.parametrize("told", PAIR_MODELS.values(), ids=PAIR_MODELS)
every_set_model = pytest.mark.parametrize("told", SET_MODELS.values(), ids=SET_MODELS)
with_and_without_prior = pytest.mark.parametrize("prior_sd", [None, 1.5])


def assert_same(after, before, *, position=1, items=slice(None)):
    """Compare all that is fitted; `items` are those of `after` that were in `before`, in order."""
    assert after.values[items] == pytest.approx(before.values, abs=1e-9)
    assert after.standard_errors[items] == pytest.approx(before.standard_errors, abs=1e-9)
    assert after.log_likelihood == pytest.approx(before.log_likelihood, abs=1e-8)
    assert after.tie == pytest.approx(before.tie, abs=1e-9)
    assert after.cut_points == pytest.approx(before.cut_points, abs=1e-9)
    if before.position is not None:
        assert after.position == pytest.approx(position * before.position, abs=1e-9)
        assert after.position_error == pytest.approx(before.position_error, abs=1e-9)


@every_model
@with_and_without_prior
def test_names_of_items_and_raters_do_not_matter(told, prior_sd):
    name = np.array([4, 0, 6, 2, 5, 1, 3])
    renamed = {key: name[column] for key, column in told.columns.items() if key in {"a", "b", "items"}}

    after = told.fit(prior_sd=prior_sd, **renamed, rater=1000 - 7 * told.columns["rater"])

    assert_same(after, told.fit(prior_sd=prior_sd), items=name)


@every_model
def test_the_order_of_rows_does_not_matter(told):
    shuffled = np.random.default_rng(6).permutation(len(told.columns["rater"]))

    assert_same(told.fit(rows=shuffled), told.fit())


@every_pair_model
@with_and_without_prior
def test_which_side_is_called_a_does_not_matter(told, prior_sd):
    some = np.arange(300) % 3 == 0
    a, b, answer, first_a = (told.columns[name] for name in ("a", "b", "answer", "first_a"))

    after = told.fit(
        prior_sd=prior_sd,
        a=np.where(some, b, a),
        b=np.where(some, a, b),
        answer=np.where(some, -answer, answer),
        first_a=first_a ^ some,
    )

    assert_same(after, told.fit(prior_sd=prior_sd))


@every_pair_model
@with_and_without_prior
def test_showing_the_other_work_first_turns_the_position_effect_alone(told, prior_sd):
    assert_same(told.fit(prior_sd=prior_sd, first_a=~told.columns["first_a"]), told.fit(prior_sd=prior_sd), position=-1)


@every_pair_model
def test_turning_all_answers_turns_the_values_and_the_position_effect(told):
    before, after = told.fit(), told.fit(answer=-told.columns["answer"])

    assert after.values == pytest.approx(-before.values, abs=1e-9)
    assert after.position == pytest.approx(-before.position, abs=1e-9)
    assert after.standard_errors == pytest.approx(before.standard_errors, abs=1e-9)


@every_set_model
def test_the_order_within_a_set_does_not_matter(told):
    turned = {name: told.columns[name][:, ::-1] for name in ("items", "ranks")}

    assert_same(told.fit(**turned), told.fit())


def test_turning_best_and_worst_turns_the_values():
    told = SET_MODELS["best_worst"]
    before, after = told.fit(), told.fit(ranks=4 - told.columns["ranks"])

    assert after.values == pytest.approx(-before.values, abs=1e-9)
    assert after.standard_errors == pytest.approx(before.standard_errors, abs=1e-9)


@every_model
def test_a_weight_of_three_is_three_rows(told):
    rows = np.repeat(np.arange(len(told.columns["weight"])), told.columns["weight"].astype(int))

    repeated = {name: column[rows] for name, column in told.columns.items()}
    after = told.fit(**(repeated | {"weight": np.ones(len(rows))}))

    assert_same(after, told.fit())


@every_model
@pytest.mark.parametrize("rater", ["rater", "nobody"])
def test_an_item_that_nobody_judged_changes_nothing_under_a_prior(told, rater):
    changed = {} if rater == "rater" else {"rater": None}
    before, after = (fit_with(told, changed, n_items) for n_items in (None, N + 1))

    assert_same(after, before, items=slice(N))
    assert (after.values[N], after.standard_errors[N]) == pytest.approx((0, 1.5), abs=1e-12)
    assert after.n_components == before.n_components + 1


def fit_with(told, changed, n_items):
    """Fit with a prior; without raters if they are None."""
    if not changed:
        return told.fit(prior_sd=1.5, n_items=n_items)
    kept = {name: column for name, column in told.columns.items() if name != "rater"}
    return type(told).fit(_like(told, kept), prior_sd=1.5, n_items=n_items)


def _like(told, columns):
    """The same judgements with other columns."""
    copy = object.__new__(type(told))
    copy.__dict__ = told.__dict__ | {"columns": columns}
    return copy


@every_model
@with_and_without_prior
def test_parts_share_nothing_but_the_models_own_parameters(told, prior_sd):
    """Two copies of the same judgements have the same shared parameters as one, so each part is as if alone."""
    twice = {name: np.concatenate([column, column]) for name, column in told.columns.items()}
    part = np.repeat([0, 1], len(told.columns["rater"]))
    for name in {"a", "b", "items"} & set(twice):
        twice[name] = twice[name] + N * (part if twice[name].ndim == 1 else part[:, None])
    twice["rater"] = twice["rater"] + 1000 * part

    alone, together = told.fit(prior_sd=prior_sd), told.fit(prior_sd=prior_sd, **twice)

    assert together.components.tolist() == [0] * N + [1] * N
    if prior_sd is None:
        assert together.values == pytest.approx(np.tile(alone.values, 2), abs=1e-9)
        assert together.log_likelihood == pytest.approx(2 * alone.log_likelihood, abs=1e-8)
    assert together.values[:N] == pytest.approx(together.values[N:], abs=1e-9)
    assert together.standard_errors[:N] == pytest.approx(together.standard_errors[N:], abs=1e-9)


@pytest.mark.parametrize("prior_sd", [None, 0.01, 1.5, 1e4])
def test_parts_without_shared_parameters_are_as_if_alone(prior_sd):
    small, large = simulate.pairs([0.5, 0, -0.5], 40, seed=7), simulate.pairs(VALUES, 200, seed=8)
    parts = [np.where(told.outcome > 0, told[:2], told[1::-1]) for told in (small, large)]

    alone = [bradley_terry(*part, prior_sd=prior_sd) for part in parts]
    together = bradley_terry(*np.column_stack([parts[0], parts[1] + 3]), prior_sd=prior_sd)

    for items, strengths in zip((slice(3), slice(3, None)), alone, strict=True):
        assert together.values[items] == pytest.approx(strengths.values, abs=1e-9)
        assert together.standard_errors[items] == pytest.approx(strengths.standard_errors, rel=1e-9)
    assert together.difference(3, 5) == pytest.approx(alone[1].difference(0, 2), rel=1e-9)
    assert together.log_likelihood == pytest.approx(sum(one.log_likelihood for one in alone), abs=1e-9)


@pytest.mark.parametrize("scale", [1e-3, 1e3])
def test_weights_scale_the_likelihood_and_narrow_the_errors(scale):
    told = PAIR_MODELS["graded"]
    columns = {name: column for name, column in told.columns.items() if name != "rater"}
    before = Pairs.fit(_like(told, columns))

    after = Pairs.fit(_like(told, columns | {"weight": scale * columns["weight"]}))

    assert after.values == pytest.approx(before.values, abs=1e-8)
    assert after.standard_errors * np.sqrt(scale) == pytest.approx(before.standard_errors, rel=1e-7)
    assert after.log_likelihood == pytest.approx(scale * before.log_likelihood, rel=1e-9)
