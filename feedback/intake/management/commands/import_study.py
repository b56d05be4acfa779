"""Importing a study."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.intake.actions import Imported, StudyExists, store_study
from feedback.intake.reading import BadStudy, LeftOut, Limits, read_study
from feedback.progress import Progress
from feedback.works.actions import CollectionConflict


class Command(BaseCommand):
    help = (
        "Import a study from a folder, a zip, or one JSONL of works, open it and its first round. Everything is "
        "checked first; with any fault nothing is imported. Exit code 0: imported, or already here; 1: refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="folder, zip or .jsonl")
        parser.add_argument("--title", help="the study's title, for a single .jsonl")
        parser.add_argument(
            "--leave-out-broken",
            action="store_true",
            help="leave out works whose file is refused, with the rows that name them, and import the rest",
        )
        parser.add_argument(
            "--background",
            action="store_true",
            help="store the study as a draft and let the worker make what raters see; it then opens by itself",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")
        parser.add_argument("--json", action="store_true", help="print the summary, or the faults, as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["background"] and options["dry_run"]:
            raise CommandError("A dry run looks at every file to its end: leave --background out.")
        progress = Progress(self.stderr)
        left_out = LeftOut() if options["leave_out_broken"] else None
        with tempfile.TemporaryDirectory(prefix="salon-import-") as scratch:
            try:
                plan = read_study(
                    options["path"],
                    title=options["title"],
                    limits=Limits(),
                    scratch=Path(scratch),
                    encoded=not options["background"],
                    left_out=left_out,
                    on_progress=progress.show,
                )
                progress.show("storing", 0, len(plan.works))
                imported = store_study(plan=plan, left_out=left_out, dry_run=options["dry_run"])
            except BadStudy as bad:
                self.refuse(bad, as_json=options["json"])
            except (StudyExists, CollectionConflict) as conflict:
                raise CommandError(str(conflict)) from conflict
            finally:
                progress.end()
        told = summary(imported, [str(warning) for warning in plan.warnings], dry_run=options["dry_run"])
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else in_words(told))

    def refuse(self, bad: BadStudy, *, as_json: bool) -> None:
        if as_json:
            faults = [asdict(fault) for fault in bad.faults]
            self.stdout.write(json.dumps({"imported": False, "faults": faults}, ensure_ascii=False))
        count = len(bad.faults)
        files = sum(fault.field == "file" for fault in bad.faults)
        remedy = "\nWith --leave-out-broken the rest is imported." if files == count else ""
        raise CommandError(f"Nothing was imported: {count} fault{'s' * (count != 1)}.\n{bad}{remedy}")


def summary(imported: Imported, warnings: list[str], *, dry_run: bool) -> dict[str, Any]:
    """What an import did, in the words of the product."""
    return {
        "study": imported.study.slug,
        "title": imported.study.title,
        "imported": not (imported.unchanged or dry_run),
        "unchanged": imported.unchanged,
        "dry_run": dry_run,
        "preparing": imported.preparing,
        "prompts": imported.prompts,
        "works": imported.works,
        "comparisons": imported.comparisons,
        "judgements": imported.judgements,
        "marks": imported.marks,
        "left_out": [asdict(work) for work in imported.left_out],
        "rows_left_out": imported.rows_left_out,
        "blocked": [asdict(work) for work in imported.blocked],
        "warnings": warnings,
    }


def in_words(told: dict[str, Any]) -> str:
    state = (
        "already here, unchanged" if told["unchanged"] else "checked, nothing stored" if told["dry_run"] else "imported"
    )
    marks = f" and {told['marks']:,} marks" if told["marks"] else ""
    lines = [
        f"{told['title']} ({told['study']}): {state}.",
        (
            f"  {told['prompts']:,} prompts, {told['works']:,} works, {told['comparisons']:,} comparisons, "
            f"{told['judgements']:,} judgements{marks} brought along."
        ),
    ]
    if told["preparing"]:
        lines.append(
            "  The worker makes what raters see; the study opens when all is ready. The lead's page tells how far it is."
        )
    lines += _left_out(told["left_out"], told["rows_left_out"])
    lines += [
        f"  blocked: {one['work']} from {', '.join(one['uses'])}. {one['reason']} {one['remedy']}"
        for one in told["blocked"]
    ]
    lines += [f"  warning: {warning}" for warning in told["warnings"]]
    return "\n".join(lines)


def _left_out(works: list[dict[str, str]], rows: dict[str, int]) -> list[str]:
    lines = [f"  left out: {one['work']}. Its file is {one['reason']}; {one['remedy']}." for one in works]
    if rows:
        lines.append(
            f"  left out with them: {', '.join(f'{count:,} of {file}' for file, count in sorted(rows.items()))}."
        )
    return lines
