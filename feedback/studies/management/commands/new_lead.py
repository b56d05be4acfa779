"""Letting somebody in who may create studies."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.studies.actions import welcome_lead


class Command(BaseCommand):
    help = "Print the link that signs in, once, somebody who may create studies in the browser."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the person's name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(welcome_lead(name=options["name"]))
        except ValueError as error:
            raise CommandError(str(error)) from error
