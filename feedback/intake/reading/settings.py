"""Reads study.toml: what is asked, of whom, by which criteria."""

import hashlib
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from feedback.intake.reading import rules
from feedback.intake.reading.criteria import DEFAULT_CRITERIA, read_criteria
from feedback.intake.reading.documents import read_toml, toml_line
from feedback.intake.reading.findings import STUDY, Findings
from feedback.intake.reading.plans import (
    Asking,
    CriteriaOrder,
    CriterionPlan,
    Exposure,
    Form,
    Limits,
    Marks,
    Ranking,
    Rationale,
    RoundsPlan,
    Scale,
    Words,
)
from feedback.intake.reading.rounds import read_rounds
from feedback.intake.reading.rules import Field, Law, read_fields, refuse_unknown

OVERLAP = 3
SET_SIZE = 3
PASS_SHARE = 0.75  # of a qualification round, where the study does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySettings:
    """study.toml with every default filled in."""

    slug: str
    title: str
    brief: str
    collection: str
    form: Form
    set_size: int
    scale: Scale
    overlap: int
    rationale: Rationale
    marks: Marks
    tags: tuple[str, ...]
    exposure: Exposure
    asking: Asking
    criteria_order: CriteriaOrder
    ranking: Ranking
    guide: str
    qualify_items: int
    qualify_pass: int
    words: Words
    rounds: RoundsPlan
    criteria: tuple[CriterionPlan, ...]


def _fields(limits: Limits) -> tuple[Field, ...]:
    return (
        Field("slug", rules.slug(limits.slug_chars), required=True),
        Field("title", rules.name(limits.name_chars), required=True),
        Field("brief", rules.note(limits.text_chars)),
        Field("collection", rules.slug(limits.slug_chars)),
        Field("form", rules.one_of("pair", "set", "rating"), blank="pair"),
        Field("set_size", rules.whole(1, limits.set_size), blank=None),
        Field("scale", rules.one_of("choice", "strength"), blank="choice"),
        Field("overlap", rules.whole(1, 1_000), blank=OVERLAP),
        Field("rationale", rules.one_of("off", "optional", "required"), blank="optional"),
        Field("marks", rules.one_of("off", "optional", "strong"), blank="optional"),
        Field("tags", rules.list_of(rules.name(100)), blank=()),
        Field("exposure", rules.one_of("off", "whole"), blank="off"),
        Field("asking", rules.one_of("together", "one"), blank="together"),
        Field("criteria_order", rules.one_of("fixed", "shuffled"), blank="fixed"),
        Field("ranking", rules.one_of("full", "best", "best-worst"), blank="full"),
        Field("guide", rules.note(limits.text_chars)),
        Field("qualify_items", rules.whole(0, 1_000), blank=0),
        Field("qualify_pass", rules.whole(0, 1_000), blank=None),
        Field("words", rules.one_of("kept", "shared"), blank="kept"),
    )


def _size_unlike_form(study: Mapping[str, Any]) -> str | None:
    size = study["set_size"]
    fits = {"pair": size == 2, "rating": size == 1, "set": size is not None and size >= 2}
    return None if size is None or fits[study["form"]] else f"{size} for the form {study['form']}"


def _strong_without_strengths(study: Mapping[str, Any]) -> str | None:
    asked, scale = study["marks"], study["scale"]
    return f'"strong" for the scale {scale}' if asked == "strong" and scale != "strength" else None


def _ranking_without_sets(study: Mapping[str, Any]) -> str | None:
    ranking, form = study["ranking"], study["form"]
    return f'"{ranking}" for the form {form}' if ranking != "full" and form != "set" else None


def _pass_beyond_items(study: Mapping[str, Any]) -> str | None:
    least, items = study["qualify_pass"], study["qualify_items"]
    return f"{least} of {items}" if least is not None and least > items else None


_LAWS = (
    Law(("set_size", "form"), _size_unlike_form, "2 or more for sets, and nothing for pairs and ratings"),
    Law(
        ("scale", "form"),
        lambda study: (
            f'"strength" for the form {study["form"]}'
            if study["scale"] == "strength" and study["form"] != "pair"
            else None
        ),
        'strength with the form "pair" only',
    ),
    Law(("marks", "scale"), _strong_without_strengths, 'strong with the scale "strength" only'),
    Law(("ranking", "form"), _ranking_without_sets, 'best or best-worst with the form "set" only'),
    Law(("qualify_pass", "qualify_items"), _pass_beyond_items, "at most qualify_items"),
)


def read_settings(path: Path, title: str | None, findings: Findings) -> StudySettings | None:
    """The settings in the study.toml at `path`; `title`, if given, stands in for the title in it."""
    values = read_toml(path, STUDY, findings)
    if values is None:
        return None
    lines = path.read_text("utf-8-sig", errors="replace")

    def report(field: str, message: str) -> None:
        findings.fault(STUDY, toml_line(lines, field), field, message)

    before = len(findings.faults)
    if title is not None:
        values["title"] = title
    fields = _fields(findings.limits)
    refuse_unknown(values, [*(field.name for field in fields), "criteria", "rounds"], report)
    study = read_fields(values, fields, _LAWS, report)
    criteria = read_criteria(values.get("criteria", []), findings.limits, report)
    rounds = read_rounds(values.get("rounds", {}), report)
    return _filled(study, criteria, rounds) if len(findings.faults) == before else None


def settings_from_title(title: str | None, file: str, findings: Findings) -> StudySettings | None:
    """What a single JSONL gets: defaults, and a slug made of the title."""
    if title is None:
        findings.fault(file, None, "title", "missing, expected a title given by --title")
        return None
    before = len(findings.faults)
    study = read_fields(
        {"title": title, "slug": slug_of(title, findings.limits.slug_chars)},
        _fields(findings.limits),
        (),
        lambda _field, message: findings.fault(file, None, "--title", message),
    )
    return _filled(study, DEFAULT_CRITERIA, RoundsPlan()) if len(findings.faults) == before else None


def slug_of(title: str, most: int) -> str:
    """The title in lower-case ASCII; one without a Latin letter or digit gets a name made of its checksum."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:most].rstrip("-")
    return slug or f"study-{hashlib.sha256(title.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _filled(study: Mapping[str, Any], criteria: tuple[CriterionPlan, ...], rounds: RoundsPlan) -> StudySettings:
    own_size = {"pair": 2, "rating": 1, "set": study["set_size"] or SET_SIZE}
    return StudySettings(
        slug=study["slug"],
        title=study["title"],
        brief=study["brief"].strip(),
        collection=study["collection"] or study["slug"],
        form=cast("Form", study["form"]),
        set_size=own_size[study["form"]],
        scale=cast("Scale", study["scale"]),
        overlap=study["overlap"],
        rationale=cast("Rationale", study["rationale"]),
        marks=cast("Marks", study["marks"]),
        tags=tuple(dict.fromkeys(study["tags"])),
        exposure=cast("Exposure", study["exposure"]),
        asking=cast("Asking", study["asking"]),
        criteria_order=cast("CriteriaOrder", study["criteria_order"]),
        ranking=cast("Ranking", study["ranking"]),
        guide=study["guide"].strip(),
        qualify_items=study["qualify_items"],
        qualify_pass=_least(study["qualify_pass"], study["qualify_items"]),
        words=cast("Words", study["words"]),
        rounds=rounds,
        criteria=criteria,
    )


def _least(told: int | None, items: int) -> int:
    return math.ceil(items * PASS_SHARE) if told is None else told
