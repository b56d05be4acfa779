"""What `rankings` is asked to do, and the one-pass floor under it. Each function makes ready, and returns the run."""

import numpy as np

import rankings
from tests.benchmarks.rankings.judgements import Given
from tests.benchmarks.rankings.process import Run


def floor(given: Given) -> Run:
    """The least that sees every judgement: both columns, the pair's key, and the keys counted, or sorted if sparse."""
    a, b, n = given["winner"], given["loser"], int(given["n_items"])

    def run() -> None:
        np.bincount(a, minlength=n)
        np.bincount(b, minlength=n)
        key = a * n + b
        np.bincount(key, minlength=n * n) if n * n <= 2 * len(key) else np.sort(key)

    return run


def bradley_terry(given: Given) -> Run:
    return lambda: _with_errors(_fitted(given))


def values_alone(given: Given) -> Run:
    """Where standard errors of all items are refused, because too little holds the items together."""
    return lambda: _fitted(given).values


def davidson(given: Given) -> Run:
    n = int(given["n_items"])
    return lambda: _with_errors(rankings.davidson(given["a"], given["b"], given["outcome"], n_items=n))


def plackett_luce(given: Given) -> Run:
    m, size = given["orders"].shape
    items, ranks, starts = given["orders"].ravel(), np.tile(np.arange(1, size + 1), m), np.arange(0, m * size + 1, size)
    n = int(given["n_items"])
    return lambda: _with_errors(
        rankings.plackett_luce(rankings.Orders.from_arrays(items, ranks, starts), n_items=n),
    )


def with_raters(given: Given) -> Run:
    n = int(given["n_items"])
    return lambda: _with_errors(
        rankings.with_raters(given["a"], given["b"], given["outcome"], given["rater"], n_items=n),
    )


def studies_with_raters(given: Given) -> Run:
    columns = ("a", "b", "outcome", "rater")
    n = int(given["n_items"])
    return lambda: np.concatenate(
        [
            rankings.with_raters(*study, n_items=n).values
            for study in zip(*(given[name] for name in columns), strict=True)
        ],
    )


def studies_of_good_raters(given: Given) -> Run:
    """An oracle: Bradley and Terry's model of what the good raters said."""
    a, b, good, n = given["a"], given["b"], given["good"], int(given["n_items"])
    won = given["outcome"] > 0
    winner, loser = np.where(won, a, b), np.where(won, b, a)
    return lambda: np.concatenate(
        [
            rankings.bradley_terry(study_winner[seen], study_loser[seen], n_items=n).values
            for study_winner, study_loser, seen in zip(winner, loser, good, strict=True)
        ],
    )


def update(given: Given) -> Run:
    """One judgement more than those fitted: the last."""
    winner, loser = given["winner"], given["loser"]
    fitted = rankings.bradley_terry(winner[:-1], loser[:-1], n_items=int(given["n_items"]))
    return lambda: _with_errors(rankings.update(fitted, int(winner[-1]), int(loser[-1])))


def without(given: Given) -> Run:
    """The first rater's judgements taken out again."""
    fitted = rankings.bradley_terry(
        given["winner"], given["loser"], n_items=int(given["n_items"]), rater=given["rater"]
    )
    return lambda: _with_errors(rankings.without(fitted, rater=0))


def refit(given: Given) -> Run:
    seen = given["rater"] != 0
    winner, loser, rater = (given[name][seen] for name in ("winner", "loser", "rater"))
    return lambda: _with_errors(rankings.bradley_terry(winner, loser, n_items=int(given["n_items"]), rater=rater))


def pick(given: Given) -> Run:
    """The pair to ask about next."""
    fitted = _fitted(given)

    def run() -> None:
        rankings.selection.swiss(fitted, 1, seed=1)

    return run


def alpha_nominal(given: Given) -> Run:
    return _alpha(given, "nominal")


def alpha_interval(given: Given) -> Run:
    return _alpha(given, "interval")


def _fitted(given: Given) -> rankings.Strengths:
    prior_sd = float(given["prior_sd"]) if "prior_sd" in given else None
    return rankings.bradley_terry(given["winner"], given["loser"], n_items=int(given["n_items"]), prior_sd=prior_sd)


def _alpha(given: Given, level: str) -> Run:
    def run() -> float:
        agreement = rankings.krippendorff_alpha(given["ratings"], level=level)
        agreement.interval()
        return float(agreement.value)

    return run


def _with_errors(strengths: rankings.Strengths) -> tuple[np.ndarray, np.ndarray]:
    return strengths.values, strengths.standard_errors
