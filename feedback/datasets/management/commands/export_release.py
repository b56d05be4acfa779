"""Writes a release to a folder."""

import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.datasets.actions import Frozen, freeze_release, write_release
from feedback.datasets.actions.writing import DamagedArchive
from feedback.datasets.directory import ForeignDirectory, check_replaceable
from feedback.datasets.lines import line
from feedback.datasets.splits import SPLITS
from feedback.datasets.terms import DEFAULT_PURPOSE, ReleaseRefused, study_named

LISTED = 10
EPILOG = """
presets (forms of the view pairs):
  trl        prompt, chosen and rejected as strings: TRL's RewardTrainer and DPOTrainer
  trl-chat   the same as lists of messages
views:
  pairs      one row per pair of text works and criterion, decided by the majority (default)
  judgements every live answer; images appear by id and sha256

The folder appears whole or not at all; the same judgements give the same bytes.
exit codes: 0 written, 1 refused (one line on stderr says why and what would help), 2 wrong usage
"""


class Command(BaseCommand):
    help = "Freeze a study's judgements and write them as files that train."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EPILOG
        parser.add_argument("study", help="its slug")
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="a new folder, or one of a release")
        parser.add_argument("--preset", default="", help="trl or trl-chat")
        parser.add_argument("--view", default="", help="pairs (default) or judgements")
        parser.add_argument("--criterion", metavar="SLUG", help="this criterion alone")
        parser.add_argument("--purpose", default=DEFAULT_PURPOSE, help="what works must be cleared for (%(default)s)")
        parser.add_argument("--with-rationales", action="store_true", help="raters' sentences too (view judgements)")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        progress = Progress()
        try:
            check_replaceable(options["out"].absolute())
            frozen = freeze_release(
                study=study_named(options["study"]),
                preset=options["preset"],
                view=options["view"],
                purpose=options["purpose"],
                criterion=options["criterion"],
                rationales=options["with_rationales"],
                progress=progress,
            )
            progress.end()
            written = write_release(frozen.release, options["out"])
        except (ReleaseRefused, ForeignDirectory, DamagedArchive, OSError) as refused:
            raise CommandError(str(refused)) from refused
        summary = summarise(frozen, written)
        self.stdout.write(line(summary).decode() if options["json"] else say(summary), ending="")


class Progress:
    """Rows and rows per second on stderr, once a second."""

    def __init__(self) -> None:
        self.start = self.told = time.monotonic()
        self.rows = 0

    def __call__(self, rows: int) -> None:
        self.rows = rows
        if rows % 1000 == 0 and time.monotonic() - self.told >= 1:
            self.tell()

    def tell(self) -> None:
        self.told = time.monotonic()
        rate = self.rows / max(self.told - self.start, 1e-3)
        sys.stderr.write(f"{self.rows:,} rows read, {rate:,.0f} rows/s\n")

    def end(self) -> None:
        self.tell()


def summarise(frozen: Frozen, written: Path) -> dict[str, Any]:
    """What was written and what stayed, for scripts."""
    manifest = frozen.release.manifest
    told = ("release", "study", "view", "preset", "purpose", "criterion", "rows", "judgements", "ties", "prompts")
    rows = {split: sum(file["rows"] for file in manifest["files"] if file["split"] == split) for split in SPLITS}
    return {
        "directory": str(written),
        **{key: manifest[key] for key in told},
        "splits": rows,
        "empty_splits": [split for split in SPLITS if not rows[split]],
        "pairs_left_out": manifest["pairs_left_out"],
        "works_left_out": [stayed.told(listing=True) for stayed in frozen.works_left_out],
        "files": len(manifest["files"]),
        "content_sha256": manifest["content_sha256"],
        "unchanged": frozen.unchanged,
    }


def say(summary: dict[str, Any]) -> str:
    """The summary for people."""
    counts = ", ".join(f"{summary['splits'][split]} {split}" for split in SPLITS)
    same = ", the same as before" if summary["unchanged"] else ""
    lines = [
        f"{summary['rows']} rows ({counts}) in {summary['directory']}",
        f"Release {summary['release']}{same}, for {summary['purpose']}.",
    ]
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
