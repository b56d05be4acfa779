"""How far raters agree, with intervals, and what raters who follow a model would show."""

from rankings.agreement.cohen import cohen_kappa
from rankings.agreement.kendall import Concordance, kendall_w
from rankings.agreement.krippendorff import krippendorff_alpha
from rankings.agreement.pairs import fleiss_kappa, gwet_ac1, percent_agreement
from rankings.agreement.result import Agreement

__all__ = [
    "Agreement",
    "Concordance",
    "cohen_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "kendall_w",
    "krippendorff_alpha",
    "percent_agreement",
]
