"""The rules of judgements.jsonl: past answers that come along with a study."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from feedback.intake.reading import rules
from feedback.intake.reading.documents import quoted, read_rows
from feedback.intake.reading.findings import JUDGEMENTS, Findings
from feedback.intake.reading.mentions import Mentions
from feedback.intake.reading.plans import JudgementPlan, Limits
from feedback.intake.reading.rows import Known
from feedback.intake.reading.rules import Field, Law, read_fields

type _Answer = Mapping[str, Any]
_ANSWERS = ("ranks", "strength", "score")


def _fields(limits: Limits) -> tuple[Field, ...]:
    name = rules.name(limits.id_chars)
    return (
        Field("rater", name, required=True),
        Field("prompt", name, required=True),
        Field("works", rules.list_of(name), required=True),
        Field("criterion", rules.name(limits.slug_chars), required=True),
        Field("ranks", rules.list_of(rules.whole(1, 2**31 - 1)), blank=None),
        Field("strength", rules.whole(-3, 3), blank=None),
        Field("score", rules.number(), blank=None),
        Field("outcome", rules.one_of("answered", "tie", "cannot_judge", "skipped"), blank="answered"),
        Field("acceptable", rules.list_of(rules.yes_no_unknown()), blank=None),
        Field("judged_at", rules.moment(), blank=None),
        Field("rationale", rules.note(limits.text_chars)),
    )


def repeated_work(answer: _Answer) -> str | None:
    works = answer["works"]
    return None if len(set(works)) == len(works) else f"{quoted(next(w for w in works if works.count(w) > 1))} twice"


def ranks_not_aligned(answer: _Answer) -> str | None:
    ranks, works = answer["ranks"], answer["works"]
    return None if ranks is None or len(ranks) == len(works) else f"{len(ranks)} ranks for {len(works)} works"


def _acceptable_not_aligned(answer: _Answer) -> str | None:
    said, works = answer["acceptable"], answer["works"]
    return None if said is None or len(said) == len(works) else f"{len(said)} answers for {len(works)} works"


def _strength_of_a_set(answer: _Answer) -> str | None:
    return None if answer["strength"] is None or len(answer["works"]) == 2 else f"{len(answer['works'])} works"


def _strength_against_ranks(answer: _Answer) -> str | None:
    strength, ranks = answer["strength"], answer["ranks"]
    if strength is None or ranks is None or len(ranks) != 2 or _sign(strength) == _sign(ranks[1] - ranks[0]):
        return None
    return f"{strength} beside ranks {list(ranks)}"


def _score_of_several(answer: _Answer) -> str | None:
    return None if answer["score"] is None or len(answer["works"]) == 1 else f"{len(answer['works'])} works"


def _ranks_of_one(answer: _Answer) -> str | None:
    return "one work" if answer["ranks"] is not None and len(answer["works"]) == 1 else None


def _no_answer(answer: _Answer) -> str | None:
    if answer["outcome"] not in {"answered", "tie"}:
        return None
    given = [name for name in _ANSWERS if answer[name] is not None]
    return None if given or answer["outcome"] == "tie" else "none"


def _answer_beside_none(answer: _Answer) -> str | None:
    if answer["outcome"] in {"answered", "tie"}:
        return None
    given = [name for name in _ANSWERS if answer[name] is not None]
    return f'"{answer["outcome"]}" beside {" and ".join(given)}' if given else None


def _tie_of_unequal(answer: _Answer) -> str | None:
    if answer["outcome"] != "tie":
        return None
    if answer["ranks"] is not None and len(set(answer["ranks"])) > 1:
        return f'"tie" beside ranks {list(answer["ranks"])}'
    if answer["strength"]:
        return f'"tie" beside strength {answer["strength"]}'
    return '"tie" for one work' if len(answer["works"]) == 1 else None


_LAWS = (
    Law(("works",), repeated_work, "each work once"),
    Law(("ranks", "works"), ranks_not_aligned, "one rank for each work, in the same order"),
    Law(("ranks", "works"), _ranks_of_one, "ranks for two works or more, or a score for one"),
    Law(("strength", "works"), _strength_of_a_set, "a strength for two works only"),
    Law(("strength", "ranks"), _strength_against_ranks, "a positive strength where the first is ranked better"),
    Law(("score", "works"), _score_of_several, "a score for one work only"),
    Law(("acceptable", "works"), _acceptable_not_aligned, "one for each work, in the same order"),
    Law(("outcome", *_ANSWERS), _answer_beside_none, "no answer beside it"),
    Law(("outcome", "ranks", "strength", "works"), _tie_of_unequal, "equal ranks"),
    Law(
        ("ranks", "strength", "score", "outcome"),
        _no_answer,
        'ranks (two works or more), strength (two) or score (one), or the outcome "cannot_judge" or "skipped"',
    ),
)


def read_judgements(
    path: Path, criteria: Collection[str] | None, prompts: Known | None, works: Known | None, findings: Findings
) -> list[JudgementPlan]:
    """Every past answer; what could not be read of the rest of the study (None) is not checked against."""
    mentions = Mentions(JUDGEMENTS, criteria, prompts, works, findings)
    answered: dict[tuple[str, str, frozenset[str], str], int] = {}
    fields = _fields(findings.limits)
    names = [field.name for field in fields]
    plans: list[JudgementPlan] = []
    for row in read_rows(path, JUDGEMENTS, findings):
        if not row.sound:
            continue
        before = len(findings.faults)

        def report(field: str, message: str, line: int = row.line) -> None:
            findings.fault(JUDGEMENTS, line, field, message)

        rules.refuse_unknown(row.values, names, report)
        answer = read_fields(row.values, fields, _LAWS, report)
        mentions.check(row.line, answer)
        if {"rater", "prompt", "works", "criterion"} <= answer.keys():
            key = (answer["rater"], answer["prompt"], frozenset(answer["works"]), answer["criterion"])
            if (first := answered.setdefault(key, row.line)) != row.line:
                report("rater", f"found the answer of line {first} again, expected one a rater, works and criterion")
        if len(findings.faults) == before:
            plans.append(_plan(row.line, answer))
    return plans


def _plan(line: int, answer: dict[str, Any]) -> JudgementPlan:
    works, strength = answer["works"], answer["strength"]
    if answer["outcome"] == "tie":
        answer["outcome"] = "answered"
        answer["ranks"] = answer["ranks"] or (1,) * len(works)
    elif strength is not None and answer["ranks"] is None:
        answer["ranks"] = {1: (1, 2), 0: (1, 1), -1: (2, 1)}[_sign(strength)]
    return JudgementPlan(line=line, **answer)


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
