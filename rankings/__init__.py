"""Rankings with honest uncertainty: strengths of items from judgements that compare them."""

from rankings.connection import components
from rankings.errors import NotComparableError, NotSettledError, RankingError, TooFewClustersError
from rankings.listwise import plackett_luce
from rankings.orders import Orders
from rankings.pairwise import bradley_terry, davidson
from rankings.simulate import simulate_orders, simulate_pairs
from rankings.strengths import Strengths

__all__ = [
    "NotComparableError",
    "NotSettledError",
    "Orders",
    "RankingError",
    "Strengths",
    "TooFewClustersError",
    "bradley_terry",
    "components",
    "davidson",
    "plackett_luce",
    "simulate_orders",
    "simulate_pairs",
]
