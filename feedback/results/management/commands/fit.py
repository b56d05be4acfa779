"""Fitting a study from the command line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.results import actions
from feedback.results.standings import as_json
from feedback.studies.models import Study


class Command(BaseCommand):
    help = "Fit every criterion of a study: works within prompts, generators over prompts; values in logits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument("--json", action="store_true", help="print one JSON object, the boards with it")

    def handle(self, *args: Any, **options: Any) -> None:
        study = Study.objects.filter(slug=options["study"]).first()
        if study is None:
            known = ", ".join(Study.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"No study {options['study']!r}. Studies here: {known}.")
        actions.refresh(study=study)
        told = as_json(study)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for criterion in told["criteria"]:
            self.stdout.write(f"\n{criterion['criterion']}: {criterion['judgements']:,} judgements")
            for row in criterion["generators"]:
                name = f"{row['generator']} {row['version']}".strip()
                self.stdout.write(f"  {name:<32} {row['value']:+.2f}  [{row['low']:+.2f}, {row['high']:+.2f}]")
        self.stdout.write(
            "\nLogits, mean zero in each connected part; 95 % intervals that hold all at once, widened where raters or "
            "prompts differ by more than chance."
        )
