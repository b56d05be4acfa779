"""Who needs help?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedback.results.dashboard.facts import Facts, Json
from feedback.results.dashboard.sentences.answer import Answer
from feedback.results.dashboard.sentences.faults import evidence_of, fault_of, raters_of, titled
from feedback.results.dashboard.words import SPACE, capital, chance, counted, listed

MOST_NAMED = 3


@dataclass(frozen=True)
class Evidence:
    """One flag: what it says, on what it rests, and how often it would be raised for nothing."""

    title: str
    figures: str
    false_alarm: str
    advice: str


@dataclass(frozen=True)
class Need:
    """A rater with flags, the surest first."""

    rater: int
    name: str
    row: Json
    is_sure: bool
    flags: tuple[Evidence, ...]

    @property
    def record(self) -> str:
        """What speaks for them too: how much they did, gold and repeats."""
        told = [f"{self.row['n']:,} judged" if self.row.get("n") is not None else ""]
        for key, word in (("gold", "gold"), ("repeats", "repeats")):
            right, of = self.row.get(key) or (None, 0)
            told.append(f"{word} {right} of {of}" if of else "")
        seconds = self.row.get("seconds")
        told.append(f"{seconds:.0f}{SPACE}s each" if seconds is not None else "")
        return ", ".join(part for part in told if part)


def needs(facts: Facts) -> Sequence[Need]:
    """Who is named in a finding of the whole study is sure, and comes first; then by the least likely flag."""
    sure = {number for finding in facts.findings for number in raters_of(finding.get("subject") or {})}
    flagged = [row for row in facts.raters if row.get("flags")]
    found = [_need(row, facts, is_sure=row["rater"] in sure) for row in flagged]
    return sorted(found, key=lambda need: (not need.is_sure, min(_p(flag) for flag in need.row["flags"]), need.name))


def _need(row: Json, facts: Facts, *, is_sure: bool) -> Need:
    name = facts.names.rater(row["rater"])
    flags = tuple(_evidence(flag, name) for flag in sorted(row["flags"], key=_p))
    return Need(row["rater"], name, row, is_sure, flags)


def _p(flag: Json) -> float:
    return 1.0 if flag.get("p") is None else float(flag["p"])


def _evidence(flag: Json, name: str) -> Evidence:
    fault = fault_of(flag["fault"])
    rate = flag.get("false_alarm")
    raised = f"raised for nothing {chance(rate)} times" if rate is not None else ""
    return Evidence(
        title=titled(fault, name, flag),
        figures=evidence_of(flag, _p(flag)),
        false_alarm=raised,
        advice=fault.advice,
    )


def who_needs_help(facts: Facts) -> Answer:
    """Nobody; or those who are sure by name, and perhaps the others; above three their number, and who needs it most."""
    if not facts.raters:
        return Answer(("Nobody has judged enough to say.",), ("Raters are looked at from their tenth judgement on.",))
    found = needs(facts)
    if not found:
        return Answer(("Nobody.",), (f"All {counted(len(facts.raters))} raters work within what chance allows.",))
    return Answer((_headline(found),), tuple(_because(found)))


def _headline(found: Sequence[Need]) -> str:
    sure, perhaps = ([need.name for need in found if need.is_sure is its] for its in (True, False))
    if len(found) > MOST_NAMED:
        return f"{capital(counted(len(found)))} raters, {found[0].name} most of all."
    if not sure:
        return f"Perhaps {listed(perhaps)}."
    return f"{listed(sure)}, and perhaps {listed(perhaps)}." if perhaps else f"{listed(sure)}."


def _because(found: Sequence[Need]) -> Iterator[str]:
    for need in found[:MOST_NAMED]:
        yield f"{need.flags[0].title} {need.flags[0].advice}"
