"""The demonstration study."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from feedback.intake.actions import store_study
from feedback.intake.demonstration import write_demonstration
from feedback.intake.management.commands.simulate_judgements import read_truth
from feedback.intake.progress import Progress
from feedback.intake.reading import read_study
from feedback.intake.simulation import simulate
from feedback.results.actions import fit
from feedback.studies.actions import invite
from feedback.studies.models import Study

SLUG = "hour-of-light"
RATERS, JUDGEMENTS, SEED = 6, 900, 7
PEOPLE = (("Robin Marsh", "rater"), ("Lena Ortiz", "lead"), ("Emre Koch", "engineer"))


class Command(BaseCommand):
    help = (
        "Make the demonstration study, unless it is here: pictures, stories, simulated raters, a person for each role."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if Study.objects.filter(slug=SLUG).exists():
            return
        progress = Progress(self.stderr)
        with tempfile.TemporaryDirectory(prefix="salon-demo-") as scratch:
            folder = write_demonstration(
                Path(scratch) / "study", on_progress=lambda done, total: progress.show("rendering", done, total)
            )
            plan = read_study(folder, scratch=Path(scratch) / "work", on_progress=progress.show)
            study = store_study(plan=plan).study
            for name, role in PEOPLE:
                invite(study=study, name=name, role=role, by=None)
            truth = read_truth(folder / "truth.jsonl", study)
            simulate(
                study=study, raters=RATERS, judgements=JUDGEMENTS, seed=SEED, truth=truth, on_progress=progress.show
            )
            fit(study=study)
        progress.end()
        self.stdout.write(f"The demonstration study “{study.title}” is ready.")
