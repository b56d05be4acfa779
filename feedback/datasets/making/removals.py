"""What is gone since an earlier release: what has to be unlearnt, where it stood, and why."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from feedback.datasets.making.gathering import Reading
from feedback.datasets.making.index import Entry
from feedback.datasets.making.spool import DROPPED
from feedback.datasets.models import Release
from feedback.datasets.reading.leaving import Named
from feedback.datasets.rows import VIEWS
from feedback.datasets.terms import Terms
from feedback.works.models import Collection, Work

REMOVALS = "removals.jsonl"
NOTHING_LEFT = "no judgement that counts is left on it"
AT_ONCE = 500

type Rows = dict[str, list[str]]  # keys by view


def removals(terms: Terms, before: Release, removed: Sequence[Entry], reading: Reading) -> Iterator[dict[str, Any]]:
    """The works that may no longer leave with the rows they were in, then every other row that is gone."""
    withdrawn = _withdrawn(terms, removed, reading)
    rows_of: dict[int, Rows] = defaultdict(lambda: defaultdict(list))
    others = []
    for entry in removed:
        gone = [work for work in _works(entry) if work in withdrawn]
        for work in gone:
            rows_of[work][entry.view].append(entry.key)
        if not gone:
            others.append(entry)
    for work in sorted(rows_of, key=lambda work: str(withdrawn[work]["id"])):
        yield {**withdrawn[work], "affected": _affected(before, rows_of[work])}
    reasons = _reasons(others, reading)
    for entry in others:
        yield {
            "kind": VIEWS[entry.view].key.removesuffix("_id"),
            "id": entry.key,
            "reason": reasons.get((entry.view, entry.key), NOTHING_LEFT),
            "affected": _affected(before, {entry.view: [entry.key]}),
        }


def _affected(before: Release, rows: Rows) -> list[dict[str, Any]]:
    return [{"release": str(before), "view": view, "rows": sorted(keys)} for view, keys in sorted(rows.items())]


def _works(entry: Entry) -> list[int]:
    return [int(work) for work in entry.works.split(",") if work]


def _withdrawn(terms: Terms, removed: Sequence[Entry], reading: Reading) -> dict[int, dict[str, Any]]:
    """Those works of the removed rows that stay now, by primary key."""
    why = {name: stayed["reason"] for stayed in reading.stayed for name in stayed["works"]}
    named = Named(Collection.objects.filter(studies__in=terms.studies).distinct().count())
    works = sorted({work for entry in removed for work in _works(entry)})
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(works), AT_ONCE):
        at_once = Work.objects.filter(pk__in=works[start : start + AT_ONCE])
        for pk, collection, external_id, sha256 in at_once.values_list(
            "pk", "collection__slug", "external_id", "sha256"
        ):
            name = named(collection, external_id)
            if name in why:
                found[pk] = {"kind": "work", "id": name, "sha256": sha256, "reason": why[name]}
    return found


def _reasons(removed: Sequence[Entry], reading: Reading) -> dict[tuple[str, str], str]:
    """Why rows that would have been there again stayed out this time."""
    wanted = {(entry.view, entry.key) for entry in removed}
    with (reading.spooled.folder / DROPPED).open("rb") as file:
        told = map(json.loads, file)
        return {of: one["reason"] for one in told if (of := (one["view"], one["key"])) in wanted}
