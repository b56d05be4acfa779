"""Five answers in words, made from a report's numbers by the rules stated at each function: no model writes here."""

from feedback.results.dashboard.sentences.answer import Answer
from feedback.results.dashboard.sentences.best import best
from feedback.results.dashboard.sentences.differ import differ
from feedback.results.dashboard.sentences.done import done
from feedback.results.dashboard.sentences.faults import Sinking, sinking
from feedback.results.dashboard.sentences.needs import Need, needs, who_needs_help
from feedback.results.dashboard.sentences.trust import greyed, trust

__all__ = [
    "Answer",
    "Need",
    "Sinking",
    "best",
    "differ",
    "done",
    "greyed",
    "needs",
    "sinking",
    "trust",
    "who_needs_help",
]
