"""The lead's page as one file that needs nothing else."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.results.dashboard import downloads
from feedback.studies.models import Study


class Command(BaseCommand):
    help = "Write what the lead's page tells of a study, every criterion, as one HTML file to keep, send or print."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write it")
        parser.add_argument("--without-names", action="store_true", help="numbers in place of generators' names")

    def handle(self, *args: Any, **options: Any) -> None:
        study = Study.objects.filter(slug=options["study"]).first()
        if study is None:
            known = ", ".join(Study.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"No study {options['study']!r}. Studies here: {known}.")
        if not downloads.STYLE.exists():
            raise CommandError("The style sheet is not built: run `make setup` first.")
        page = downloads.as_page(study, named=not options["without_names"])
        options["out"].write_text(page, encoding="utf-8")
        self.stdout.write(f"{options['out']}: {len(page) // 1000:,} kB")
