"""Fresh sign-in links, one for each role."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.people.actions import make_sign_in_link
from feedback.studies.actions import invite
from feedback.studies.models import Membership, Study

ROLES = ("rater", "lead", "engineer")


class Command(BaseCommand):
    help = "Print a one-time sign-in link for each role of a study (default: the newest)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", nargs="?", help="the study's slug")

    def handle(self, *args: Any, **options: Any) -> None:
        studies = Study.objects.order_by("-created_at")
        study = studies.filter(slug=options["study"]).first() if options["study"] else studies.first()
        if study is None:
            raise CommandError(
                "There is no such study. `make demo` makes the demonstration, `import_study` brings yours."
            )
        self.stdout.write(f"Sign in to “{study.title}”, once with each link:\n")
        for role in ROLES:
            self.stdout.write(f"  {role:<9} {_link(study, role)}")
        self.stdout.write("")


def _link(study: Study, role: str) -> str:
    member = Membership.objects.filter(study=study, role=role).select_related("user").order_by("id").first()
    if member is None:
        return invite(study=study, name=role.capitalize(), role=role, by=None)
    return make_sign_in_link(user=member.user, goes_to=f"/studies/{study.slug}/")
