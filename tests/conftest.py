"""What every test can count on: built static files, and Alice, Bob and Charlie."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings


@pytest.fixture(scope="session", autouse=True)
def static_files() -> Iterator[None]:
    """The static files as they are served: hashed and compressed."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    yield
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.fixture
def alice(db):
    """Alice leads."""
    from tests import make

    return make.user("Alice")


@pytest.fixture
def bob(db):
    """Bob rates for her."""
    from tests import make

    return make.user("Bob")


@pytest.fixture
def charlie(db):
    """Charlie is a stranger."""
    from tests import make

    return make.user("Charlie")
