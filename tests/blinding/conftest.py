"""Telling studies, imported, and the links of those who rate in them."""

import io
import json
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.blinding.crawl import Response, Visitor, walk
from tests.blinding.folder import Telling, write_telling


def import_folder(path) -> dict:
    """The summary of the import."""
    said = io.StringIO()
    call_command("import_study", str(path), "--json", stdout=said, stderr=io.StringIO())
    return json.loads(said.getvalue())


def invite(study: str, name: str, role: str = "rater") -> str:
    """A link for a new person."""
    said = io.StringIO()
    call_command("invite", study, name, "--role", role, stdout=said)
    return said.getvalue().split()[-1]


@pytest.fixture
def telling(db, tmp_path) -> Callable[..., Telling]:
    """Writes and imports a telling study; see `write_telling` for what can be asked for."""

    def make(**settings: object) -> Telling:
        told = write_telling(tmp_path / "study", **settings)
        import_folder(told.path)
        return told

    return make


@pytest.fixture
def visitor() -> Callable[..., Visitor]:
    """Invites somebody to a study and lets them in."""

    def make(study: str, name: str = "Bob", role: str = "rater") -> Visitor:
        someone = Visitor()
        someone.enter(invite(study, name, role))
        return someone

    return make


@pytest.fixture(scope="session")
def walked(django_db_setup, django_db_blocker, static_files, tmp_path_factory) -> tuple[list[Response], Telling]:
    """Every response of one rater's whole way through a telling study."""
    told = write_telling(tmp_path_factory.mktemp("blinding") / "study")
    with django_db_blocker.unblock(), transaction.atomic():
        import_folder(told.path)
        responses = walk(told.slug, invite(told.slug, "Bob"))
        transaction.set_rollback(True)
    return responses, told
