"""A view in a trainer's own form. No preset has a column `margin`: trainers take it into their loss unasked."""

from collections.abc import Callable
from typing import Any

from feedback.datasets.models import Shape

type Values = dict[str, Any]


def plain(values: Values) -> Values:
    """Strings for prompt, chosen and rejected: TRL's standard form, and our own."""
    return values


def chat(values: Values) -> Values:
    """Lists of messages: TRL's conversational form with an explicit prompt, which needs no newline at its end."""
    return values | {
        "prompt": [{"role": "user", "content": values["prompt"].removesuffix("\n")}],
        "chosen": [{"role": "assistant", "content": values["chosen"]}],
        "rejected": [{"role": "assistant", "content": values["rejected"]}],
    }


PRESETS: dict[str, Callable[[Values], Values]] = {
    Shape.Preset.NONE.value: plain,
    Shape.Preset.TRL.value: plain,
    Shape.Preset.TRL_CHAT.value: chat,
}
