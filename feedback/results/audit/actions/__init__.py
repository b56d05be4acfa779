"""Every write of the auditor's room: decisions, exclusions, and what is disputed."""

from feedback.results.audit.actions.deciding import (
    Undecided,
    ask_again,
    make_gold,
    settle,
    take_into_golden,
    undo,
)
from feedback.results.audit.actions.disputing import keep_disputes
from feedback.results.audit.actions.excluding import exclude, lift

__all__ = [
    "Undecided",
    "ask_again",
    "exclude",
    "keep_disputes",
    "lift",
    "make_gold",
    "settle",
    "take_into_golden",
    "undo",
]
