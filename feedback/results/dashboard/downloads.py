"""What can be taken away: pictures, tables, the whole as JSON, and a report on one page of its own."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.timezone import now

from feedback.results.dashboard import sentences
from feedback.results.dashboard.charts.canvas import as_file
from feedback.results.dashboard.facts import Facts
from feedback.results.dashboard.page import PICTURES, sections, table_of
from feedback.results.dashboard.stored import Reading, read, whole
from feedback.studies.models import Study

TYPES = {"svg": "image/svg+xml", "csv": "text/csv; charset=utf-8"}
STYLE = settings.BASE_DIR / "static" / "vendor" / "css" / "site.css"
FACE = re.compile(r"@font-face\{[^}]*\}")
FONT = re.compile(r"url\(\"?([^\")]+\.woff2)\"?\)")


def file_of(facts: Facts, chart: str, kind: str) -> str | None:
    """The picture or its numbers; None where there is no such thing."""
    if kind == "svg":
        return as_file(PICTURES[chart](facts).wide) if chart in PICTURES else None
    table = table_of(facts, chart)
    return "\ufeff" + table.csv() if table else None


def as_json(study: Study, *, named: bool) -> dict[str, Any]:
    """The report with names for its ids and the five answers on every criterion."""
    told, names = whole(study, named=named)
    readings = _readings(study, named=named)
    return {
        "study": study.slug,
        "report": told,
        "names": {"generators": names.generators, "raters": names.raters},
        "answers": {reading.facts.criterion: _answers(reading.facts) for reading in readings},
    }


def _answers(facts: Facts) -> dict[str, Any]:
    return {
        section.name: {"headline": str(section.answer), "because": list(section.answer.because)}
        for section in sections(facts)
    }


def as_page(study: Study, *, named: bool, is_kept: bool = True) -> str:
    """Every criterion on a sheet of its own; one that is kept needs no other file: styles and letters are within."""
    readings = [_on_paper(one) for one in _readings(study, named=named)]
    context = {"study": study, "readings": readings, "style": _style() if is_kept else "", "named": named, "now": now()}
    return render_to_string("results/report.html", context)


def _on_paper(reading: Reading) -> dict[str, Any]:
    facts = reading.facts
    return {
        "title": dict(reading.tabs).get(facts.criterion, ""),
        "reading": reading,
        "sections": sections(facts),
        "sinking": sentences.sinking(facts),
        "greyed": sentences.greyed(facts),
        "needs": sentences.needs(facts),
    }


def _readings(study: Study, *, named: bool) -> Iterator[Reading]:
    """One of each tab."""
    first = read(study, "", named=named)
    yield first
    for slug, _ in first.tabs[1:]:
        yield read(study, slug, named=named)


def _style() -> str:
    """The site's style sheet with the letters it is written in; other alphabets fall back to the system's."""
    return FACE.sub(lambda face: _with_letters(face[0]), STYLE.read_text())


def _with_letters(face: str) -> str:
    font = FONT.search(face)
    if font is None or "-latin-ext-" in font[1] or "-latin-" not in font[1]:
        return ""
    letters = base64.b64encode((STYLE.parent / Path(font[1])).read_bytes()).decode()
    return FONT.sub(f"url(data:font/woff2;base64,{letters})", face)
