"""Every view, one module for each family; all give their rows chapter by chapter."""

from feedback.datasets.rows import judgements, marks, pairs, rankings, single, soft, wide, works
from feedback.datasets.rows.view import Dropped, Row, View

VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        *pairs.VIEWS,
        soft.VIEW,
        wide.VIEW,
        rankings.VIEW,
        *single.VIEWS,
        judgements.VIEW,
        marks.VIEW,
        works.VIEW,
    )
}

__all__ = ["VIEWS", "Dropped", "Row", "View"]
