"""Presets for trainers that read how strong a preference is."""

from collections.abc import Iterator

from feedback.datasets.columns import MESSAGES, Column
from feedback.datasets.presets.preset import TEXT, Preset, Values
from feedback.datasets.rows.messages import asked
from feedback.datasets.terms import Terms

BETTER = 2  # of 3 steps: what a bare choice says
SINGLE = [
    {"name": "score", "dtype": "int64"},
    *({"name": name, "dtype": "string"} for name in ("reasoning", "feedback1", "feedback2")),
]


def _columns(_terms: Terms) -> tuple[Column, ...]:
    return (
        Column("domain", "string", "always general"),
        Column("language", "string", "always empty: works do not say theirs"),
        Column("context", MESSAGES, "what the works answer, as one message of the user"),
        Column("response1", "string", "one text; which of the two it is says nothing"),
        Column("response2", "string", "the other"),
        Column(
            "overall_preference", "int64", "the mean of the single ones: -3 to 3, negative for `response1`, 0 a tie"
        ),
        Column(
            "individual_preference", {"list": SINGLE}, "each judgement; a choice without its strength counts 2 steps"
        ),
    )


def _turn(values: Values) -> Iterator[Values]:
    scores = [_score(one) for one in values["preferences"]]
    yield {
        "domain": "general",
        "language": "",
        "context": [asked(values["prompt"])],
        "response1": values["text_0"],
        "response2": values["text_1"],
        "overall_preference": _overall(scores),
        "individual_preference": [
            {"score": score, "reasoning": "", "feedback1": "", "feedback2": ""} for score in scores
        ],
    }


def _score(preference: Values) -> int:
    """Negative for the first."""
    strength = preference["strength"]
    return -int(strength if strength is not None else preference["verdict"] * BETTER)


def _overall(scores: list[int]) -> int:
    """The mean to the nearest step; it is 0 only if the mean is, as 0 stands for a tie."""
    mean = sum(scores) / len(scores)
    return round(mean) or (mean > 0) - (mean < 0)


PRESETS = (
    Preset(
        name="helpsteer3",
        view="pairs_soft",
        says="HelpSteer3 preferences: two responses and -3 to 3, overall and from each judgement",
        columns=_columns,
        turn=_turn,
        takes=TEXT,
        margin="its preference has its own strength",
    ),
)
