"""The table [rounds] of study.toml: what is asked after the first round, of whom, and how much in all."""

from collections.abc import Callable, Mapping
from typing import Any

from feedback.intake.reading import rules
from feedback.intake.reading.documents import kind_of
from feedback.intake.reading.plans import RoundsPlan
from feedback.intake.reading.rules import Field, Rule, Unfit, read_fields, refuse_unknown

type Report = Callable[[str, str], None]

MOST = 1_000_000_000


def _share(low: float, high: float) -> Rule:
    return _between(low, high, f"a number from {low:g} to {high:g}")


def _between(low: float, high: float, expected: str) -> Rule:
    number = rules.number()

    def read(value: object) -> float:
        if not low <= (found := number.read(value)) <= high:
            raise Unfit(f"{found:g}")
        return float(found)

    return Rule(expected, read)


def _places(value: object) -> dict[str, int]:
    if not isinstance(value, dict):
        raise Unfit(kind_of(value))
    whole = rules.whole(1, 1_000)
    return {str(cohort): whole.read(number) for cohort, number in sorted(value.items())}


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Unfit(kind_of(value))
    return value


_FIELDS = (
    Field("selection", rules.one_of("once", "information", "swiss"), blank="once"),
    Field("size", rules.whole(0, 1_000_000), blank=0),
    Field("uniform_share", _share(0.2, 1), blank=0.2),
    Field("repeat_share", _share(0, 0.2), blank=0.05),
    Field("gold_share", _share(0, 0.2), blank=0.05),
    Field("everyone_judges_all", Rule("true or false", _flag), blank=False),
    Field("cohort_places", Rule("a table such as {composers = 2}", _places), blank={}),
    Field("most_each", rules.whole(1, MOST), blank=None),
    Field("most_judgements", rules.whole(1, MOST), blank=None),
    Field("target", _share(0.05, 0.99), blank=0.8),
    Field("price_hour", _between(0, 1e6, "a number of at least 0"), blank=None),
)


def read_rounds(value: object, report: Report) -> RoundsPlan:
    """The table; what it does not say is as it is without it."""
    if not isinstance(value, Mapping):
        report("rounds", f"found {kind_of(value)}, expected a table headed [rounds]")
        return RoundsPlan()

    def here(field: str, message: str) -> None:
        report(f"rounds.{field}", message)

    refuse_unknown(value, [field.name for field in _FIELDS], here)
    told: dict[str, Any] = read_fields(value, _FIELDS, (), here)
    return RoundsPlan(**told)
