"""Every write about works: storing them, making what raters see of them, and withdrawing them."""

from feedback.works.actions.preparing import (
    HELD_FOR,
    beat,
    begin_work,
    go_on,
    hold,
    is_wanted,
    keep_derivative,
    let_go,
    refuse_works,
)
from feedback.works.actions.storing import (
    CollectionConflict,
    NewAsset,
    NewWork,
    shown_assets,
    store_collection,
    store_files,
)
from feedback.works.actions.withdrawing import NotGivenBack, give_work_back, withdraw_work

__all__ = [
    "HELD_FOR",
    "CollectionConflict",
    "NewAsset",
    "NewWork",
    "NotGivenBack",
    "beat",
    "begin_work",
    "give_work_back",
    "go_on",
    "hold",
    "is_wanted",
    "keep_derivative",
    "let_go",
    "refuse_works",
    "shown_assets",
    "store_collection",
    "store_files",
    "withdraw_work",
]
