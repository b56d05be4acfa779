"""Brings the database and the static files up to date, in one process."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Apply migrations and collect static files where something is new; with --demo make the demonstration too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="make the demonstration study unless it is here")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if _is_stale(settings.STATIC_ROOT / "staticfiles.json"):
            call_command("collectstatic", interactive=False, verbosity=0)
        if options["demo"]:
            call_command("demo", stdout=self.stdout, stderr=self.stderr)


def _is_stale(manifest: Path) -> bool:
    """Whether any file to be served, or the set of installed packages, is newer than the manifest."""
    if not manifest.exists():
        return True
    folders = [Path(folder) for _, folder in settings.STATICFILES_DIRS]
    sources = [settings.BASE_DIR / "requirements.lock", *(path for folder in folders for path in folder.rglob("*"))]
    return max(source.stat().st_mtime for source in sources) > manifest.stat().st_mtime
