"""Where the real sets are; without them these tests are skipped, and the run's summary says so."""

import os
from pathlib import Path

import pytest
from django.conf import settings

DEFAULT = "../shared/data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real sets, which are data only and never part of the repository."""
    named = os.environ.get("SALON_REAL_DATA") or DEFAULT
    folder = settings.BASE_DIR / named
    if not folder.is_dir():
        pytest.skip(f"No real data in {named}: set SALON_REAL_DATA to the folder that holds them.")
    return folder
