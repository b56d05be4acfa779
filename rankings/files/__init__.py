"""Files of judgements with the names of items, CSV or JSON Lines: the library's one door to files."""

from rankings.files.fitting import MODELS, fit
from rankings.files.judgements import Judgements, read
from rankings.files.layouts import JUDGEMENTS, RATINGS, Chosen, Layout, Pairs, Ranked, Rated, Told
from rankings.files.parts import parts
from rankings.files.ratings import by_unit
from rankings.files.report import report

__all__ = [
    "JUDGEMENTS",
    "MODELS",
    "RATINGS",
    "Chosen",
    "Judgements",
    "Layout",
    "Pairs",
    "Ranked",
    "Rated",
    "Told",
    "by_unit",
    "fit",
    "parts",
    "read",
    "report",
]
