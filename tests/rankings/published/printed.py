"""Figures in print, and the forms in which papers print a fit: contrasts with a reference item, and deviances."""

import numpy as np
import pytest
from scipy.special import xlogy


def printed(figure):
    """Return what equals a figure in print: every digit counts, within half a unit of the last."""
    places = len(figure.partition(".")[2])
    return pytest.approx(float(figure), rel=0, abs=0.5 * 10.0**-places)


def row(figures):
    return [printed(figure) for figure in figures.split()]


def contrasts(strengths, reference):
    """Return the differences of all other items from a reference item, and their standard errors."""
    others = [item for item in range(len(strengths)) if item != reference]
    values, errors = zip(*(strengths.difference(item, reference) for item in others), strict=True)
    return list(values), list(errors)


def deviance(strengths, *counts):
    """Return the deviance of a fit to a table with one array of counts, over its cells, for each outcome."""
    total = np.sum(counts, axis=0)
    saturated = sum(xlogy(count, count / total).sum() for count in counts)
    return 2 * (saturated - strengths.log_likelihood)
