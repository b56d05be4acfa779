"""What was written and what stayed out, for scripts and for people."""

from pathlib import Path
from typing import Any

from feedback.datasets.actions import Frozen
from feedback.datasets.making.gathering import Reading
from feedback.datasets.reading.splits import SPLITS
from feedback.datasets.terms import Terms

LISTED = 10
ASKED = ("preset", "format", "purpose", "criterion", "min_judgements", "since")
COUNTED = ("rows", "judgements", "ties", "prompts", "pairs_left_out")


def summarise(frozen: Frozen, written: Path) -> dict[str, Any]:
    """What was written, for scripts."""
    manifest = frozen.release.manifest
    told = ("release", "version", "changes", "content_sha256", "media")
    return {
        "directory": str(written),
        **{name: manifest[name] for name in told},
        **_counts(manifest, manifest, manifest["files"], frozen.works_left_out),
        "files": len(manifest["files"]),
        "unchanged": frozen.unchanged,
    }


def foresee(terms: Terms, reading: Reading) -> dict[str, Any]:
    """What would be written, for scripts."""
    piles = [{"split": pile.split, "rows": pile.rows} for pile in reading.spooled.piles]
    return {"dry_run": True, **_counts(terms.told(), reading.facts, piles, reading.stayed)}


def _counts(
    asked: dict[str, Any], facts: dict[str, Any], of_splits: list[dict[str, Any]], stayed: list[dict[str, Any]]
) -> dict[str, Any]:
    rows = {split: sum(one["rows"] for one in of_splits if one["split"] == split) for split in SPLITS}
    total = sum(rows.values()) or 1
    return {
        "studies": [study["slug"] for study in facts["studies"]],
        **{name: asked[name] for name in ASKED},
        **{name: facts[name] for name in COUNTED},
        "views": {view["view"]: view["rows"] for view in facts["views"]},
        "splits": rows,
        "shares": {split: round(rows[split] / total, 4) for split in SPLITS},
        "empty_splits": [split for split in SPLITS if not rows[split]],
        "works_left_out": stayed,
    }


def say(summary: dict[str, Any]) -> str:
    """For people."""
    counts = ", ".join(f"{summary['splits'][split]} {split}" for split in SPLITS)
    if not summary.get("dry_run"):
        same = ", the same as before" if summary["unchanged"] else ""
        lines = [
            f"{summary['rows']} rows ({counts}) in {summary['directory']}",
            f"Release {summary['release']}, version {summary['version']}{same}, for {summary['purpose']}.",
        ]
    else:
        lines = [f"{summary['rows']} rows ({counts}) would be written, for {summary['purpose']}."]
    if len(summary["views"]) > 1:
        lines.append(", ".join(f"{rows} {view}" for view, rows in summary["views"].items()) + ".")
    if summary["empty_splits"]:
        empty = " and ".join(summary["empty_splits"])
        lines.append(f"No rows in {empty}: prompts are drawn .8, .1 and .1, and these are too few to reach it.")
    stayed = [
        *(f"{one['count']} judgements: {one['reason']}" for one in summary["judgements"]["left_out"]),
        *(f"{one['count']} pairs: {one['reason']}" for one in summary["pairs_left_out"]),
        *(_works(one) for one in summary["works_left_out"]),
    ]
    lines += ["Stayed out:", *(f"  {one}" for one in stayed)] if stayed else ["Nothing stayed out."]
    return "\n".join(lines) + "\n"


def _works(stayed: dict[str, Any]) -> str:
    listed = ", ".join(stayed["works"][:LISTED])
    more = f" and {stayed['count'] - LISTED} more" if stayed["count"] > LISTED else ""
    return f"{stayed['count']} works: {stayed['reason']}; {stayed['remedy']}: {listed}{more}"
