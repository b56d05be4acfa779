"""Every write about judging: rounds, assignments, answers, and answers from elsewhere."""

from feedback.judging.actions.answering import AlreadyAnswered, Answer, Answers, NothingToUndo, pick_up, retract, submit
from feedback.judging.actions.asking import hand_out, open_round, queue, resume, sweep
from feedback.judging.actions.past import PastAnswer, bring_along

__all__ = [
    "AlreadyAnswered",
    "Answer",
    "Answers",
    "NothingToUndo",
    "PastAnswer",
    "bring_along",
    "hand_out",
    "open_round",
    "pick_up",
    "queue",
    "resume",
    "retract",
    "submit",
    "sweep",
]
