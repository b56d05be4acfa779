"""Inviting somebody from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.studies import actions
from feedback.studies.models import Membership, Study


class Command(BaseCommand):
    help = "Add a person to a study and print the link that signs them in, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument("name", help="the person's name")
        parser.add_argument("--role", choices=Membership.Role.values, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        study = Study.objects.filter(slug=options["study"]).first()
        if study is None:
            known = ", ".join(Study.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"No study {options['study']!r}. Studies here: {known}.")
        if not options["name"].strip():
            raise CommandError("A person needs a name.")
        self.stdout.write(actions.invite(study=study, name=options["name"], role=options["role"], by=None))
