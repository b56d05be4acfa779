"""Takes a rater's answers in a study back, or lets them count again."""

import uuid
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from feedback.datasets.actions.withdrawing import withdraw_rater
from feedback.datasets.asking import study_named
from feedback.datasets.models import Release
from feedback.datasets.superseding import superseded
from feedback.datasets.terms import ReleaseRefused
from feedback.judging.actions import NotRestored, restore_rater
from feedback.judging.withdrawals import Withdrawal
from feedback.people.models import Rater
from feedback.studies.models import Study


class Command(BaseCommand):
    help = "Withdraw a rater from a study: none of their answers counts any more, as if never given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument("rater", help="the rater's id, the label they were imported with, or the person's name")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--reason", choices=Withdrawal.Reason.values, help="erasure deletes their sentences for good")
        what.add_argument("--undo", action="store_true", help="let the answers count again")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            study = study_named(options["study"])
            rater = _rater(study, options["rater"])
            if options["undo"]:
                restore_rater(study=study, rater=rater, by=None)
                self.stdout.write(f"The answers of {rater} in {study.slug} count again.")
                return
            withdraw_rater(study=study, rater=rater, reason=options["reason"], by=None)
        except (ReleaseRefused, NotRestored) as refused:
            raise CommandError(str(refused)) from refused
        number = len(superseded(Release.objects.filter(raters=rater, studies=study)))
        self.stdout.write(f"{rater} is withdrawn from {study.slug} ({options['reason']}).")
        self.stdout.write(f"Releases that hold their judgements, superseded now: {number}.")


def _rater(study: Study, name: str) -> Rater:
    known = Rater.objects.filter(Q(assignments__study=study) | Q(user__memberships__study=study)).distinct()
    named = known.filter(Q(label=name) | Q(user__name=name))
    with suppress(ValueError):
        named = known.filter(public_id=uuid.UUID(name))
    if named.count() != 1:
        several = "several raters" if named.exists() else "no rater"
        raise CommandError(f"{study.slug} has {several} {name!r}. Name one by id, label or the person's name.")
    return named.get()
