"""The same asked of the other packages of the field. It runs in `.venv-peers`, where alone they are installed.

Each function makes ready, which is not measured: it gives the judgements the form that its package takes fastest, or
that its documentation shows. It returns the run, which returns log-worths.
"""

# mypy: disable-error-code="import-not-found, import-untyped, no-any-return"
# Our own environment, in which types are checked, knows none of these packages.

from typing import Any

import numpy as np

from tests.benchmarks.rankings.judgements import Given
from tests.benchmarks.rankings.process import Run

EVALICA: dict[str, Any] = {"win_weight": 1.0, "tolerance": 1e-6, "limit": 100}  # its public API's defaults


def evalica_core(given: Given) -> Run:
    """Its compiled function, on arrays of the types that it takes without a copy."""
    from evalica import _brzo

    wins = np.ones(len(given["winner"]), dtype=np.int64)
    ready = _for_evalica(given["winner"], given["loser"], wins, given["n_items"])
    return lambda: np.log(_brzo.bradley_terry(**ready, tie_weight=0.5, **EVALICA)[0])


def evalica_newman(given: Given) -> Run:
    from evalica import _brzo

    ready = _for_evalica(given["a"], given["b"], given["outcome"], given["n_items"])
    return lambda: np.log(_brzo.newman(**ready, v_init=0.5, tie_weight=1.0, **EVALICA)[0])


def _for_evalica(a: np.ndarray, b: np.ndarray, outcome: np.ndarray, n: np.ndarray) -> dict[str, Any]:
    return {
        "xs": a.astype(np.uint64),
        "ys": b.astype(np.uint64),
        "winners": np.array([0, 1, 2], dtype=np.uint8)[outcome],  # a tie, a won, and at -1: b won
        "weights": np.ones(len(a)),
        "total": int(n),
    }


def evalica_arrays(given: Given) -> Run:
    return _evalica_public(given["winner"], given["loser"])


def evalica_lists(given: Given) -> Run:
    return _evalica_public(given["winner"].tolist(), given["loser"].tolist())


def _evalica_public(winners: Any, losers: Any) -> Run:
    import evalica

    always = [evalica.Winner.X] * len(winners)
    return lambda: np.log(evalica.bradley_terry(winners, losers, always).scores.sort_index().to_numpy())


def choix_dense(given: Given) -> Run:
    """I-LSR on its matrix of wins, which it leaves to the caller to count."""
    import choix

    winner, loser, n = given["winner"], given["loser"], int(given["n_items"])

    def run() -> np.ndarray:
        wins = np.bincount(winner * n + loser, minlength=n * n).reshape(n, n)
        return choix.ilsr_pairwise_dense(wins.astype(float))

    return run


def choix_opt(given: Given) -> Run:
    import choix

    pairs = np.column_stack([given["winner"], given["loser"]]).tolist()
    return lambda: choix.opt_pairwise(int(given["n_items"]), pairs)


def choix_rankings(given: Given) -> Run:
    import choix

    orders = given["orders"].tolist()
    return lambda: choix.ilsr_rankings(int(given["n_items"]), orders)


def arena_rank(given: Given) -> Run:
    """With its sandwich intervals; read out, since jax computes when asked for the numbers."""
    import pandas as pd
    from arena_rank.models.bradley_terry import BradleyTerry
    from arena_rank.utils.data_utils import PairDataset

    table = pd.DataFrame({"model_a": given["winner"], "model_b": given["loser"], "winner": "model_a"})

    def run() -> np.ndarray:
        model = BradleyTerry(n_competitors=int(given["n_items"]))
        told = model.compute_ratings_and_cis(PairDataset.from_pandas(table))
        np.asarray(told["rating_lower"])
        return (np.asarray(told["ratings"]) - model.init_rating) / model.alpha

    return run


def crowd_kit(given: Given) -> Run:
    import pandas as pd
    from crowdkit.aggregation import NoisyBradleyTerry
    from scipy.special import logit

    label = np.where(given["outcome"] > 0, given["a"], given["b"])
    table = pd.DataFrame({"worker": given["rater"], "left": given["a"], "right": given["b"], "label": label})
    return lambda: logit(NoisyBradleyTerry().fit_predict(table).sort_index().to_numpy())


def krippendorff_nominal(given: Given) -> Run:
    return _krippendorff(given, "nominal")


def krippendorff_interval(given: Given) -> Run:
    return _krippendorff(given, "interval")


def _krippendorff(given: Given, level: str) -> Run:
    import krippendorff

    return lambda: krippendorff.alpha(reliability_data=given["ratings"], level_of_measurement=level)
