"""Machine judges against the experts: they count in no score, and are shown where there are any."""

from typing import Any

from feedback.results.dashboard.charts.table import Column, Table
from feedback.results.dashboard.facts import Facts, Json
from feedback.results.dashboard.words import give_or_take, listed, share

COLUMNS = (
    Column("Machine", "machine"),
    Column("Pairs", "shared", "{:,}".format),
    Column("Agreement", "agreement"),
    Column("Experts", "experts"),
    Column("Side", "side"),
    Column("Leans to", "leanings"),
    Column("On its side", "calibration"),
)


def machines(facts: Facts) -> Table:
    """Agreement, bias and calibration of each machine on this criterion, with 95 % intervals."""
    caption = (
        "Machine judges against the experts, on pairs that both judged, with 95 % intervals. Agreement: with an expert, "
        "and of two experts. Side, leans to: how much more often than they it takes what is shown first, or has more of "
        "it, in points of %. On its side: the share of experts, by each strength of its answer."
    )
    rows = [_row(facts, line) for line in facts.part("differ").get("machine") or []]
    return Table(caption, COLUMNS, rows)


def _row(facts: Facts, line: Json) -> tuple[Any, ...]:
    bias = line.get("bias") or {}
    return (
        facts.names.rater(line["rater"]),
        line["shared"],
        _mean(line.get("agreement")) or line.get("why") or None,
        _mean(line.get("experts")),
        _leaning(bias.get("side")),
        listed([f"{one['name']} {_leaning(one)}" for one in bias.get("leanings") or [] if _is_sure(one)]) or None,
        ", ".join(f"{one['step']}: {share(one['value'])}" for one in line.get("calibration") or []) or None,
    )


def _mean(told: Json | None) -> str | None:
    return give_or_take(told["value"], told.get("low"), told.get("high")) if told else None


def _leaning(told: Json | None) -> str | None:
    """How much more often than the experts."""
    return f"{_points(told['value'])} ({_points(told['low'])} to {_points(told['high'])})" if told else None


def _points(share: float) -> str:
    return f"{100 * share:+.0f}".replace("-", "−")


def _is_sure(told: Json) -> bool:
    """Whether the interval leaves nought out."""
    return bool(told["low"] > 0 or told["high"] < 0)
