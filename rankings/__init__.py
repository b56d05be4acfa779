"""Rankings with honest uncertainty: strengths of items from judgements that compare them."""

from rankings import connection, selection, simulate
from rankings.agreement import (
    Agreement,
    Concordance,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    kendall_w,
    krippendorff_alpha,
    percent_agreement,
)
from rankings.errors import (
    NotComparableError,
    NotSettledError,
    PoorlyConnectedError,
    RankingError,
    TooFewClustersError,
)
from rankings.fitting.links import components
from rankings.fitting.strengths import Strengths
from rankings.live import update, without
from rankings.orders import Orders
from rankings.pairs.pairwise import bradley_terry, davidson, graded, rao_kupper
from rankings.panel.raters import RaterEffects, RaterStrengths, with_raters
from rankings.planning.plan import Forecast, Plan, plan
from rankings.reliability import Reliability, reliability
from rankings.resampling.bootstrap import bootstrap
from rankings.resampling.rounds import Bootstrap
from rankings.sets.listwise import best_worst, plackett_luce

__all__ = [
    "Agreement",
    "Bootstrap",
    "Concordance",
    "Forecast",
    "NotComparableError",
    "NotSettledError",
    "Orders",
    "Plan",
    "PoorlyConnectedError",
    "RankingError",
    "RaterEffects",
    "RaterStrengths",
    "Reliability",
    "Strengths",
    "TooFewClustersError",
    "best_worst",
    "bootstrap",
    "bradley_terry",
    "cohen_kappa",
    "components",
    "connection",
    "davidson",
    "fleiss_kappa",
    "graded",
    "gwet_ac1",
    "kendall_w",
    "krippendorff_alpha",
    "percent_agreement",
    "plackett_luce",
    "plan",
    "rao_kupper",
    "reliability",
    "selection",
    "simulate",
    "update",
    "with_raters",
    "without",
]
