"""Importing a study."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.intake.actions import Imported, StudyExists, store_study
from feedback.intake.progress import Progress
from feedback.intake.reading import BadStudy, Limits, read_study
from feedback.works.actions import CollectionConflict


class Command(BaseCommand):
    help = (
        "Import a study from a folder, a zip, or one JSONL of works, open it and its first round. Everything is "
        "checked first; with any fault nothing is imported. Exit code 0: imported, or already here; 1: refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="folder, zip or .jsonl")
        parser.add_argument("--title", help="the study's title, for a single .jsonl")
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")
        parser.add_argument("--json", action="store_true", help="print the summary, or the faults, as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        progress = Progress(self.stderr)
        with tempfile.TemporaryDirectory(prefix="salon-import-") as scratch:
            try:
                plan = read_study(
                    options["path"],
                    title=options["title"],
                    limits=Limits(),
                    scratch=Path(scratch),
                    on_progress=progress.show,
                )
                progress.show("storing", 0, len(plan.works))
                imported = store_study(plan=plan, dry_run=options["dry_run"])
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
        raise CommandError(f"Nothing was imported: {count} fault{'s' * (count != 1)}.\n{bad}")


def summary(imported: Imported, warnings: list[str], *, dry_run: bool) -> dict[str, Any]:
    """What an import did, in the words of the product."""
    return {
        "study": imported.study.slug,
        "title": imported.study.title,
        "imported": not (imported.unchanged or dry_run),
        "unchanged": imported.unchanged,
        "dry_run": dry_run,
        "prompts": imported.prompts,
        "works": imported.works,
        "comparisons": imported.comparisons,
        "judgements": imported.judgements,
        "blocked": [asdict(work) for work in imported.blocked],
        "warnings": warnings,
    }


def in_words(told: dict[str, Any]) -> str:
    state = (
        "already here, unchanged" if told["unchanged"] else "checked, nothing stored" if told["dry_run"] else "imported"
    )
    lines = [
        f"{told['title']} ({told['study']}): {state}.",
        (
            f"  {told['prompts']:,} prompts, {told['works']:,} works, {told['comparisons']:,} comparisons, "
            f"{told['judgements']:,} judgements brought along."
        ),
    ]
    lines += [
        f"  blocked: {one['work']} from {', '.join(one['uses'])}. {one['reason']} {one['remedy']}"
        for one in told["blocked"]
    ]
    lines += [f"  warning: {warning}" for warning in told["warnings"]]
    return "\n".join(lines)
