"""Choices: what every model here looks like to the fit, a linear exponential family on small sets of items."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rankings.checks import Floats, Ints


class Moments(NamedTuple):
    """Log partition and moments of the statistics of one choice among `size` items with `n_shared` shared parameters.

    Attributes
    ----------
    log_partition : float array, shape (n_choices,)
    mean : float array, shape (n_choices, size + n_shared)
    covariance : float array, shape (n_choices, size + n_shared, size + n_shared)
    """

    log_partition: Floats
    mean: Floats
    covariance: Floats


@dataclass(frozen=True, eq=False)
class Choices:
    """Choices among equally many items, each with log-probability ``statistic @ parameters - log_partition``.

    The parameters of a choice are the log-worths of its items, then the parameters shared by all choices. The
    log-partition is convex in them, so every log-likelihood built of choices is concave; its gradient is observed
    minus expected statistics and its Hessian minus their covariance.

    Attributes
    ----------
    items : int array, shape (n_choices, size)
        The items that were open to choice.
    judgement : int array, shape (n_choices,)
        The judgement that each choice is part of.
    observed : float array, shape (n_choices, size + n_shared)
        The statistics of what was chosen.
    weight : float array, shape (n_choices,)
        How often each choice counts.
    moments : callable
        Maps log-worths, shape (n_choices, size) in logits, and shared parameters, shape (n_shared,), to Moments.
    """

    items: Ints
    judgement: Ints
    observed: Floats
    weight: Floats
    moments: Callable[[Floats, Floats], Moments]


@dataclass(frozen=True, eq=False)
class Layout:
    """Where each item stands when items are sorted by part, so that each part is one slice and one dense block.

    Attributes
    ----------
    labels : int array, shape (n_items,)
        Part of each item.
    order : int array, shape (n_items,)
        The item at each place.
    place : int array, shape (n_items,)
        The place of each item.
    starts : int array, shape (n_parts + 1,)
        Part p holds places ``starts[p]`` up to ``starts[p + 1]``.
    """

    labels: Ints
    order: Ints
    place: Ints
    starts: Ints

    @classmethod
    def of(cls, labels: Ints) -> "Layout":
        """Lay out the items of each part next to each other."""
        order = np.argsort(labels, kind="stable")
        return cls(labels, order, np.argsort(order), np.cumsum([0, *np.bincount(labels)]))

    def slices(self) -> list[slice]:
        """Return the places of each part."""
        return [slice(start, end) for start, end in zip(self.starts[:-1], self.starts[1:], strict=True)]


@dataclass(frozen=True, eq=False)
class Curve:
    """A log-likelihood at one point: value, gradient and minus its Hessian, items at their places in a layout.

    Attributes
    ----------
    value : float
        In natural-log units.
    gradient : float array, shape (n_items + n_shared,)
    blocks : list of float arrays, shapes (k, k)
        One for each part; items of different parts share no curvature.
    border : float array, shape (n_items, n_shared)
    corner : float array, shape (n_shared, n_shared)
    """

    value: float
    gradient: Floats
    blocks: list[Floats]
    border: Floats
    corner: Floats


def curve(choices: Sequence[Choices], layout: Layout, values: Floats, shared: Floats) -> Curve:
    """Sum value, gradient and curvature over all choices.

    Parameters
    ----------
    choices : sequence of Choices
        Their items are places in the layout.
    layout : Layout
        Where the items stand.
    values : float array, shape (n_items,)
        Log-worths in logits, by place.
    shared : float array, shape (n_shared,)
        Parameters shared by all choices.
    """
    n_items, n_shared = len(values), len(shared)
    sizes = np.diff(layout.starts)
    offsets = np.cumsum([0, *sizes**2])
    part = np.repeat(np.arange(len(sizes)), sizes)
    row = offsets[part] + (np.arange(n_items) - layout.starts[part]) * sizes[part] - layout.starts[part]
    value = 0.0
    gradient = np.zeros(n_items + n_shared)
    flat = np.zeros(offsets[-1])
    border = np.zeros((n_items, n_shared))
    corner = np.zeros((n_shared, n_shared))
    for some in choices:
        size = some.items.shape[1]
        log_partition, residual, covariance = _residuals(some, values, shared)
        parameters = np.column_stack([values[some.items], np.tile(shared, (len(some.items), 1))])
        value += float(some.weight @ ((some.observed * parameters).sum(axis=1) - log_partition))
        gradient[:n_items] += _total(some.items, residual[:, :size], n_items)
        gradient[n_items:] += residual[:, size:].sum(axis=0)
        flat += _total(row[some.items][:, :, None] + some.items[:, None, :], covariance[:, :size, :size], len(flat))
        for column in range(n_shared):
            border[:, column] += _total(some.items, covariance[:, :size, size + column], n_items)
        corner += covariance[:, size:, size:].sum(axis=0)
    blocks = [
        flat[start:end].reshape(size, size) for start, end, size in zip(offsets[:-1], offsets[1:], sizes, strict=True)
    ]
    return Curve(value, gradient, blocks, border, corner)


def scores(choices: Sequence[Choices], values: Floats, shared: Floats) -> tuple[Ints, Ints, Floats]:
    """Return the gradient of each judgement as sparse triplets: judgement, parameter, value.

    Parameters are the items' places, then the shared ones; a pair of judgement and parameter may occur again.
    """
    found: list[tuple[Ints, Ints, Floats]] = []
    own = len(values) + np.arange(len(shared))
    for some in choices:
        residual = _residuals(some, values, shared)[1]
        parameter = np.column_stack([some.items, np.tile(own, (len(some.items), 1))])
        found.append((np.repeat(some.judgement, parameter.shape[1]), parameter.ravel(), residual.ravel()))
    judgement, parameters, values_ = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return judgement, parameters, values_


def _residuals(some: Choices, values: Floats, shared: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the log-partition, weighted observed minus expected statistics, and weighted covariance."""
    moments = some.moments(values[some.items], shared)
    residual = some.weight[:, None] * (some.observed - moments.mean)
    return moments.log_partition, residual, some.weight[:, None, None] * moments.covariance


def _total(where: Ints, amounts: Floats, length: int) -> Floats:
    """Sum the amounts that fall on each index."""
    return np.bincount(where.ravel(), amounts.ravel(), length)
