"""An example study to start from."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.intake.reading.example import write_example


class Command(BaseCommand):
    help = "Write an example study folder to start from: study.toml, prompts.jsonl, works.jsonl, media/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        directory: Path = options["directory"]
        try:
            write_example(directory)
        except FileExistsError as error:
            raise CommandError(f"{error}. Choose another folder; nothing was overwritten.") from error
        self.stdout.write(f"An example study stands in {directory}. Edit it, then: manage.py import_study {directory}")
