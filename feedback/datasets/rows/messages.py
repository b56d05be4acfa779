"""Prompts and texts as the messages of a conversation."""

from typing import Any

from feedback.datasets.columns import MESSAGES, Column

CONVERSATIONAL = {
    "prompt": Column("prompt", MESSAGES, "what the works answer, as one message of the user"),
    "chosen": Column("chosen", MESSAGES, "the text that more raters put ahead, as one message of the assistant"),
    "rejected": Column("rejected", MESSAGES, "the other text, likewise"),
}
IMPLICIT = {
    "chosen": Column(
        "chosen", MESSAGES, "the prompt as a message of the user, then the text that more raters put ahead"
    ),
    "rejected": Column("rejected", MESSAGES, "the same prompt, then the other text"),
}


def message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def asked(prompt: str) -> dict[str, str]:
    """The prompt as the user said it, which needs no newline at its end."""
    return message("user", prompt.removesuffix("\n"))


def conversational(values: dict[str, Any]) -> dict[str, Any]:
    """A pair with its prompt and both texts as messages of their own."""
    return values | {
        "prompt": [asked(values["prompt"])],
        "chosen": [message("assistant", values["chosen"])],
        "rejected": [message("assistant", values["rejected"])],
    }


def implicit(values: dict[str, Any]) -> dict[str, Any]:
    """A pair as two whole conversations, without a prompt apart."""
    prompt = asked(values["prompt"])
    told = {name: value for name, value in values.items() if name != "prompt"}
    return told | {name: [prompt, message("assistant", values[name])] for name in IMPLICIT}
