"""Takes a work back, or gives it back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.datasets.actions.withdrawing import withdraw_work
from feedback.datasets.asking import study_named
from feedback.datasets.models import Release
from feedback.datasets.superseding import superseded
from feedback.datasets.terms import ReleaseRefused
from feedback.studies.models import Study
from feedback.works.actions import NotGivenBack, give_work_back
from feedback.works.models import Clearance, Work


class Command(BaseCommand):
    help = "Withdraw a work: it is shown, counted and released no more, and releases that hold it are superseded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="the slug of a study that draws on it")
        parser.add_argument(
            "work", help="its id; with its collection before it (collection/id) where there are several"
        )
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--reason", choices=Clearance.Withdrawn.values, help="erasure deletes its content for good")
        what.add_argument("--undo", action="store_true", help="give it back")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            work = _work(study_named(options["study"]), options["work"])
            if options["undo"]:
                give_work_back(work=work, by=None)
                self.stdout.write(f"{work} may be used again as before.")
                return
            withdraw_work(work=work, reason=options["reason"], by=None)
        except (ReleaseRefused, NotGivenBack) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{work} is withdrawn ({options['reason']}).")
        number = len(superseded(Release.objects.filter(works=work)))
        self.stdout.write(f"Releases that hold it, superseded now: {number}.")
        copies = Work.objects.exclude(pk=work.pk).exclude(sha256="").filter(sha256=work.sha256)
        for copy in copies.select_related("collection"):
            self.stdout.write(
                f"The same content is in {copy.collection}/{copy}: withdraw it there, too, if it must go."
            )


def _work(study: Study, name: str) -> Work:
    works = Work.objects.filter(collection__studies=study)
    collection, _, external_id = name.rpartition("/")
    found = list(works.filter(external_id=name)) or list(
        works.filter(collection__slug=collection, external_id=external_id)
    )
    if len(found) != 1:
        several = "several works" if found else "no work"
        raise CommandError(f"{study.slug} has {several} {name!r}. Name it by its id, or as collection/id.")
    return found[0]
