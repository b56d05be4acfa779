"""Judgements drawn from known strengths, for tests, demonstrations and planning.

`design` says which pairs are asked, `Raters` who answers, and `pairs`, `graded`, `orders` and `best_worst` draw what
they say. Everything is drawn from a seed: the same call gives the same judgements.
"""

from rankings.simulate.designs import design
from rankings.simulate.paired import Pairs, graded, pairs
from rankings.simulate.raters import Raters
from rankings.simulate.sets import BestWorst, best_worst, orders

__all__ = ["BestWorst", "Pairs", "Raters", "best_worst", "design", "graded", "orders", "pairs"]
