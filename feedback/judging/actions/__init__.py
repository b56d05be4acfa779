"""Every write about judging: rounds, assignments, answers, what goes beside them, and answers from elsewhere."""

from feedback.judging.actions.answering import (
    AlreadyAnswered,
    Answer,
    Answers,
    HasWithdrawn,
    NothingToUndo,
    pick_up,
    retract,
    submit,
)
from feedback.judging.actions.asides import NotKept, draft_of, flag, record_device, save_draft
from feedback.judging.actions.asking import (
    POOL_OF_KEYS,
    counted,
    hand_out,
    open_for,
    queue,
    resume,
    still_open,
    sweep,
)
from feedback.judging.actions.checking import slip_in
from feedback.judging.actions.examples import NewExample, add_examples
from feedback.judging.actions.keys import Key, open_keys
from feedback.judging.actions.opening import (
    PLANNED,
    Overtaken,
    Question,
    keep_quota,
    open_questions,
    open_round,
    places_of,
    round_size,
    works_to_ask,
)
from feedback.judging.actions.past import PastAnswer, bring_along
from feedback.judging.actions.reopening import ask_as_gold, ask_others, ask_the_same, close_round
from feedback.judging.actions.withdrawing import NotRestored, restore_rater, withdraw_rater

__all__ = [
    "PLANNED",
    "POOL_OF_KEYS",
    "AlreadyAnswered",
    "Answer",
    "Answers",
    "HasWithdrawn",
    "Key",
    "NewExample",
    "NotKept",
    "NotRestored",
    "NothingToUndo",
    "Overtaken",
    "PastAnswer",
    "Question",
    "add_examples",
    "ask_as_gold",
    "ask_others",
    "ask_the_same",
    "bring_along",
    "close_round",
    "counted",
    "draft_of",
    "flag",
    "hand_out",
    "keep_quota",
    "open_for",
    "open_keys",
    "open_questions",
    "open_round",
    "pick_up",
    "places_of",
    "queue",
    "record_device",
    "restore_rater",
    "resume",
    "retract",
    "round_size",
    "save_draft",
    "slip_in",
    "still_open",
    "submit",
    "sweep",
    "withdraw_rater",
    "works_to_ask",
]
