"""Rankings with honest uncertainty: strengths of items from judgements that compare them."""

from rankings import simulate
from rankings.connection import components
from rankings.errors import (
    NotComparableError,
    NotSettledError,
    PoorlyConnectedError,
    RankingError,
    TooFewClustersError,
)
from rankings.listwise import best_worst, plackett_luce
from rankings.live import update, without
from rankings.orders import Orders
from rankings.pairwise import bradley_terry, davidson, graded, rao_kupper
from rankings.strengths import Strengths

__all__ = [
    "NotComparableError",
    "NotSettledError",
    "Orders",
    "PoorlyConnectedError",
    "RankingError",
    "Strengths",
    "TooFewClustersError",
    "best_worst",
    "bradley_terry",
    "components",
    "davidson",
    "graded",
    "plackett_luce",
    "rao_kupper",
    "simulate",
    "update",
    "without",
]
