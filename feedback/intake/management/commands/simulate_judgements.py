"""Simulated raters from the command line."""

import json
import math
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.intake.simulation import Truth, simulate
from feedback.progress import Progress
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study
from feedback.works.models import Work


class Command(BaseCommand):
    help = "Let simulated raters judge a study. They are marked as simulated for ever."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument("--raters", type=int, required=True, help="how many raters")
        parser.add_argument("--judgements", type=int, required=True, help="rater × comparison × criterion, in all")
        parser.add_argument("--seed", type=int, required=True)
        parser.add_argument("--truth", type=Path, help='JSONL of {"work", "criterion", "strength"} in logits')

    def handle(self, *args: Any, **options: Any) -> None:
        study = Study.objects.filter(slug=options["study"]).first()
        if study is None:
            known = ", ".join(Study.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"No study {options['study']!r}. Studies here: {known}.")
        if options["raters"] < 1 or options["judgements"] < 1:
            raise CommandError("--raters and --judgements must be at least 1.")
        if not study.is_open:
            raise CommandError(f"The study is {study.state}; open it first.")
        progress = Progress(self.stderr)
        truth = read_truth(options["truth"], study) if options["truth"] else None
        done = simulate(
            study=study,
            raters=options["raters"],
            judgements=options["judgements"],
            seed=options["seed"],
            truth=truth,
            on_progress=progress.show,
        )
        progress.end()
        ending = " The study is full: these raters have no comparison left to judge." if done.full else ""
        self.stdout.write(
            f"{done.judgements:,} of {options['judgements']:,} judgements by {done.raters} simulated raters.{ending}"
        )


def read_truth(path: Path, study: Study) -> Truth:
    """The stated strengths, one for every work and criterion of the study; CommandError says what is amiss."""
    truth: dict[tuple[str, str], float] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            strength = float(row["strength"])
            key = (str(row["work"]), str(row["criterion"]))
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(
                f'{path}:{number}: expected {{"work", "criterion", "strength"}}, got {line[:80]}'
            ) from error
        if not math.isfinite(strength):
            raise CommandError(f"{path}:{number} strength: expected a finite number of logits.")
        truth[key] = strength
    works = Work.objects.filter(collection__studies=study).values_list("external_id", flat=True)
    missing = [(work, one.slug) for work in works for one in criteria_of(study) if (work, one.slug) not in truth]
    if missing:
        raise CommandError(
            f"{path} states no strength for {missing[0][0]} on {missing[0][1]} ({len(missing)} missing)."
        )
    return truth
