"""What a release says of itself, to people and to loaders: each document is a function of its manifest."""

from feedback.datasets.documents.card import card
from feedback.datasets.documents.croissant import croissant
from feedback.datasets.documents.dataset_info import dataset_info

__all__ = ["card", "croissant", "dataset_info"]
