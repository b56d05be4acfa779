"""Selection: which pairs or sets are worth asking next."""

from rankings.selection.batch import Batch, Limits
from rankings.selection.methods import information_gain, link, order_gain, swiss, thompson, uniform

__all__ = ["Batch", "Limits", "information_gain", "link", "order_gain", "swiss", "thompson", "uniform"]
