"""The columns of each view: their order, their types as `datasets` reads them from a card, and what they say."""

from dataclasses import dataclass
from typing import Any

from feedback.datasets.models import Shape

MESSAGES = {"list": [{"name": "role", "dtype": "string"}, {"name": "content", "dtype": "string"}]}


@dataclass(frozen=True)
class Column:
    """A column: `type` is a dtype, or a mapping as the card's features want it."""

    name: str
    type: str | dict[str, Any]
    says: str

    @property
    def feature(self) -> dict[str, Any]:
        return {"name": self.name} | ({"dtype": self.type} if isinstance(self.type, str) else self.type)


PAIRS = (
    Column("pair_id", "string", "of the two works and the criterion; the same in every release"),
    Column("prompt_id", "string", "the prompt's own id"),
    Column("prompt", "string", "what the works answer; ends in a newline, so that a work can follow it"),
    Column("chosen", "string", "the text that more raters put ahead"),
    Column("rejected", "string", "the other text"),
    Column("chosen_work", "string", "the id of the work chosen"),
    Column("rejected_work", "string", "the id of the other work"),
    Column("criterion", "string", "the quality they were judged by"),
    Column("n_judgements", "int64", "how many judgements rank both works, equal ranks included"),
    Column("n_ties", "int64", "how many of them rank both equal"),
    Column("p_chosen", "float64", "the share of judgements for the work chosen, a tie counting half"),
)
CHAT = {
    "prompt": Column("prompt", MESSAGES, "what the works answer, as one message of the user"),
    "chosen": Column("chosen", MESSAGES, "the text that more raters put ahead, as one message of the assistant"),
    "rejected": Column("rejected", MESSAGES, "the other text, likewise"),
}
JUDGEMENTS = (
    Column("judgement_id", "string", "of the answer; the same in every release"),
    Column("comparison_id", "string", "of the prompt, the works and the purpose; the same in every release"),
    Column("prompt_id", "string", "the prompt's own id"),
    Column("group", "string", "prompts of a group are in one split"),
    Column("prompt", "string", "what the works answer, as it was shown"),
    Column("criterion", "string", "the quality they were judged by"),
    Column("criterion_version", "int64", "which wording of the criterion"),
    Column("form", "string", "pair, set or rating"),
    Column(
        "works",
        {
            "list": [
                {"name": "work", "dtype": "string"},
                {"name": "medium", "dtype": "string"},
                {"name": "sha256", "dtype": "string"},
                {"name": "text", "dtype": "string"},
            ]
        },
        "in the order shown; `text` is null and `sha256` names the original where a work is no text",
    ),
    Column("outcome", "string", "answered, cannot_judge or skipped"),
    Column("ranks", {"list": "int64"}, "aligned with `works`; 1 is best, equal is a tie"),
    Column("strength", "int64", "-3 to 3 as the works were shown: positive favours the first of `works`"),
    Column("score", "float64", "of the single work rated"),
    Column("acceptable", {"list": "bool"}, "aligned with `works`; true, false or null for unknown"),
    Column("rater", "string", "a pseudonym that holds within this release alone"),
    Column("rater_kind", "string", "person, simulated or machine"),
    Column("purpose", "string", "why it was asked"),
    Column("judged_at", "string", "UTC"),
    Column("dwell_ms", "int64", "how long it was on the screen"),
    Column("late", "bool", "the lease had run out"),
    Column("extra", "bool", "given beyond the overlap"),
    Column("number", "int64", "which submission of the rater on this comparison it is"),
)
RATIONALE = Column("rationale", "string", "the rater's sentence for the whole submission")


def columns_of(*, view: str, preset: str, rationales: bool) -> tuple[Column, ...]:
    """Every column of a release of this shape, in order; those without any value are left out when it is written."""
    if view == Shape.View.JUDGEMENTS:
        return (*JUDGEMENTS, RATIONALE) if rationales else JUDGEMENTS
    if preset == Shape.Preset.TRL_CHAT:
        return tuple(CHAT.get(column.name, column) for column in PAIRS)
    return PAIRS
