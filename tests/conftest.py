"""What every test can count on: a data folder of its own, built static files, and Alice, Bob and Charlie."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

DATA_DIR = Path(tempfile.mkdtemp(prefix="salon-tests-"))
os.environ["SECRET_KEY"] = "a key for tests alone, long enough to be taken for one of the fifty"
os.environ["DATA_DIR"] = str(DATA_DIR)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs an event loop in the tests' thread


@pytest.fixture(scope="session", autouse=True)
def static_files() -> Iterator[None]:
    """The static files as they are served: hashed and compressed."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    yield
    shutil.rmtree(DATA_DIR, ignore_errors=True)


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
