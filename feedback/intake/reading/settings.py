"""Reads study.toml: what is asked, of whom, by which criteria."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from feedback.intake.reading import rules
from feedback.intake.reading.criteria import DEFAULT_CRITERIA
from feedback.intake.reading.documents import kind_of, read_toml, toml_line
from feedback.intake.reading.findings import STUDY, Findings
from feedback.intake.reading.plans import CriterionPlan, Form, Limits, Rationale, Scale
from feedback.intake.reading.rules import Field, Law, read_fields, refuse_unknown

OVERLAP = 3
SET_SIZE = 3


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
    )


def _criterion_fields(limits: Limits) -> tuple[Field, ...]:
    return (
        Field("slug", rules.slug(limits.slug_chars), required=True),
        Field("name", rules.name(100), required=True),
        Field("definition", rules.text(limits.note_chars), required=True),
        Field("strong", rules.note(limits.note_chars)),
        Field("weak", rules.note(limits.note_chars)),
    )


def _size_unlike_form(study: Mapping[str, Any]) -> str | None:
    size = study["set_size"]
    fits = {"pair": size == 2, "rating": size == 1, "set": size is not None and size >= 2}
    return None if size is None or fits[study["form"]] else f"{size} for the form {study['form']}"


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
    refuse_unknown(values, [field.name for field in fields] + ["criteria"], report)
    study = read_fields(values, fields, _LAWS, report)
    criteria = _read_criteria(values.get("criteria", []), findings.limits, report)
    return _filled(study, criteria) if len(findings.faults) == before else None


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
    return _filled(study, DEFAULT_CRITERIA) if len(findings.faults) == before else None


def slug_of(title: str, most: int) -> str:
    """The title in lower-case ASCII; one without a Latin letter or digit gets a name made of its checksum."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:most].rstrip("-")
    return slug or f"study-{hashlib.sha256(title.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _filled(study: Mapping[str, Any], criteria: tuple[CriterionPlan, ...]) -> StudySettings:
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
        criteria=criteria,
    )


def _read_criteria(value: object, limits: Limits, report: Callable[[str, str], None]) -> tuple[CriterionPlan, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        report("criteria", f"found {kind_of(value)}, expected tables headed [[criteria]]")
        return ()
    if len(value) > limits.criteria:
        report("criteria", f"found {len(value)} criteria, expected at most {limits.criteria}")
        return ()
    fields = _criterion_fields(limits)
    criteria: dict[str, CriterionPlan] = {}
    for index, entry in enumerate(value):
        prefix = f"criteria[{index}]."

        def here(field: str, message: str, prefix: str = prefix) -> None:
            report(prefix + field, message)

        refuse_unknown(entry, [field.name for field in fields], here)
        read = read_fields(entry, fields, (), here)
        if read.get("slug") in criteria:
            here("slug", f'found "{read["slug"]}" twice, expected each criterion once')
        elif len(read) == len(fields):
            criteria[read["slug"]] = CriterionPlan(**read)
    return tuple(criteria.values()) if value else DEFAULT_CRITERIA
