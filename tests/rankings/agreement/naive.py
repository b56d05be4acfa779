"""The measures as their papers define them: loops over pairs, units and values, without any algebra of the library.

Ratings are a list of raters, each a list of ratings with None where one is missing. A measure that is undefined is None.
"""

from collections import Counter
from itertools import combinations, permutations

import numpy as np


def units(ratings):
    """Return the ratings of each unit."""
    return [[rating for rating in unit if rating is not None] for unit in zip(*ratings, strict=True)]


def alpha(ratings, level):
    """Krippendorff (2011): coincidences of values in units, against those of all pairable values."""
    coincidences = Counter()
    for unit in units(ratings):
        for pair in permutations(range(len(unit)), 2):
            coincidences[unit[pair[0]], unit[pair[1]]] += 1 / (len(unit) - 1)
    totals = Counter()
    for (value, _), count in coincidences.items():
        totals[value] += count
    n = sum(totals.values())
    observed = sum(count * distance(*pair, totals, level) for pair, count in coincidences.items())
    expected = sum(totals[c] * totals[k] * distance(c, k, totals, level) for c, k in permutations(totals, 2))
    return 1 - (n - 1) * observed / expected if expected else None


def distance(c, k, totals, level):
    """Return the squared difference of two values at a level of measurement."""
    if c == k:
        return 0.0
    if level == "nominal":
        return 1.0
    if level == "ordinal":
        between = sum(count for value, count in totals.items() if min(c, k) <= value <= max(c, k))
        return (between - (totals[c] + totals[k]) / 2) ** 2
    return float((c - k) ** 2 if level == "interval" else ((c - k) / (c + k)) ** 2)


def pair_agreement(ratings):
    """Return the mean over units of the share of pairs that are the same."""
    shares = [np.mean([a == b for a, b in combinations(unit, 2)]) for unit in units(ratings) if len(unit) > 1]
    return np.mean(shares) if shares else None


def prevalence(ratings):
    """Return the mean over units of the share of each value."""
    rated = [unit for unit in units(ratings) if unit]
    values = sorted({value for unit in rated for value in unit})
    return [np.mean([unit.count(value) / len(unit) for unit in rated]) for value in values]


def fleiss(ratings):
    observed, chance = pair_agreement(ratings), sum(share**2 for share in prevalence(ratings))
    return None if observed is None or np.isclose(chance, 1) else (observed - chance) / (1 - chance)


def gwet(ratings):
    observed, shares = pair_agreement(ratings), prevalence(ratings)
    if observed is None or len(shares) < 2:
        return None
    chance = sum(share * (1 - share) for share in shares) / (len(shares) - 1)
    return (observed - chance) / (1 - chance)


def cohen(a, b, cost):
    """Return kappa for a cost of each pair of places among the categories used."""
    categories = sorted({*a, *b})
    a, b = ([categories.index(rating) for rating in ratings] for ratings in (a, b))
    observed = np.mean([cost(x, y) for x, y in zip(a, b, strict=True)])
    chance = np.mean([cost(x, y) for x in a for y in b])
    return 1 - observed / chance if chance else None


def kendall(ranks):
    """Kendall (1970): the sum of squares of the rank sums, against its maximum with these ties."""
    n_raters, n_items = len(ranks), len(ranks[0])
    ranked = [[sum(y < x for y in row) + (sum(y == x for y in row) + 1) / 2 for x in row] for row in ranks]
    sums = np.sum(ranked, axis=0)
    ties = sum(count**3 - count for row in ranks for count in Counter(row).values())
    most = n_raters**2 * (n_items**3 - n_items) - n_raters * ties
    return 12 * ((sums - sums.mean()) ** 2).sum() / most if most else None
