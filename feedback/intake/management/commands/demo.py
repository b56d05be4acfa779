"""The demonstration studies."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.core.management.base import BaseCommand

from feedback.intake.actions import store_study
from feedback.intake.demonstration import small_hours, write_demonstration
from feedback.intake.management.commands.simulate_judgements import read_truth
from feedback.intake.reading import read_study
from feedback.intake.simulation import simulate
from feedback.people.models import User
from feedback.progress import Progress
from feedback.results.actions import refresh
from feedback.studies.actions import add_member, invite
from feedback.studies.models import Study

RATERS, SEED = 6, 7
PEOPLE = (("Robin Marsh", "rater"), ("Lena Ortiz", "lead"), ("Emre Koch", "engineer"))


class Writer(Protocol):
    """Writes a study's folder and returns it."""

    def __call__(self, directory: Path, *, on_progress: Callable[[int, int], None] | None = None) -> Path: ...


@dataclass(frozen=True)
class Demonstration:
    """A study to be made, and how many judgements its simulated raters give."""

    slug: str
    write: Writer
    judgements: int


# The last is the newest, and so the one that sign-in links lead to.
DEMONSTRATIONS = (
    Demonstration(small_hours.SLUG, small_hours.write_small_hours, 60),
    Demonstration("hour-of-light", write_demonstration, 900),
)


class Command(BaseCommand):
    help = (
        "Make the demonstration studies, unless they are here: pictures, stories, films, sounds and forms, simulated "
        "raters, a person for each role."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for demonstration in DEMONSTRATIONS:
            if not Study.objects.filter(slug=demonstration.slug).exists():
                self._make(demonstration)

    def _make(self, demonstration: Demonstration) -> None:
        progress = Progress(self.stderr)
        with tempfile.TemporaryDirectory(prefix="salon-demo-") as scratch:
            folder = demonstration.write(
                Path(scratch) / "study", on_progress=lambda done, total: progress.show("rendering", done, total)
            )
            plan = read_study(folder, scratch=Path(scratch) / "work", on_progress=progress.show)
            study = store_study(plan=plan).study
            for name, role in PEOPLE:
                _seat(study, name, role)
            simulate(
                study=study,
                raters=RATERS,
                judgements=demonstration.judgements,
                seed=SEED,
                truth=read_truth(folder / "truth.jsonl", study),
                on_progress=progress.show,
            )
            refresh(study=study)
        progress.end()
        self.stdout.write(f"The demonstration study “{study.title}” is ready.")


def _seat(study: Study, name: str, role: str) -> None:
    """Give the person the role, the same person in every demonstration."""
    known = User.objects.filter(name=name, memberships__study__slug__in=[one.slug for one in DEMONSTRATIONS]).first()
    if known:
        add_member(study=study, user=known, role=role, by=None)
    else:
        invite(study=study, name=name, role=role, by=None)
