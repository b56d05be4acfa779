"""Telling studies, imported, and the links of those who rate in them."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.blinding.crawl import Response, Visitor, judge_all, walk
from tests.blinding.folder import Telling, write_telling
from tests.blinding.violations import orders


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
    """Writes and imports a telling study; see `write_telling` for what can be asked for.

    `plant` is called with the folder before it is imported.
    """

    def make(*, plant: Callable[[Telling], None] | None = None, **settings: object) -> Telling:
        told = write_telling(tmp_path / "study", **settings)
        if plant:
            plant(told)
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
    told = write_telling(tmp_path_factory.mktemp("blinding") / "study", texts=1, moving=["film", "sound", "model"])
    with left_behind_nothing(django_db_blocker):
        import_folder(told.path)
        return walk(told.slug, invite(told.slug, "Bob")), told


@pytest.fixture(scope="session")
def judged(django_db_setup, django_db_blocker, static_files, tmp_path_factory) -> list[dict[str, list[str]]]:
    """What two raters saw of 105 pairs by three makers: by rater, the makers from left to right by assignment."""
    told = write_telling(tmp_path_factory.mktemp("judged") / "study", pictures=0, texts=35, makers=3)
    panel = [Visitor(), Visitor()]
    with left_behind_nothing(django_db_blocker):
        import_folder(told.path)
        for number, rater in enumerate(panel):
            rater.enter(invite(told.slug, f"Rater {number}"))
            judge_all(rater, told.slug)
    return [orders(rater.responses, told) for rater in panel]


@contextmanager
def left_behind_nothing(blocker) -> Iterator[None]:
    """A database as it was before: what is kept for many tests is kept outside of it."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
