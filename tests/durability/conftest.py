"""The mould of all sites, made once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings

from tests.durability.site import Mould, Site
from tests.durability.site import mould as prepared


@pytest.fixture(scope="session")
def mould(static_files, tmp_path_factory) -> Iterator[Mould]:
    with prepared(tmp_path_factory.mktemp("mould") / "data", static=settings.STATIC_ROOT) as made:
        yield made


@pytest.fixture
def cast(mould, tmp_path) -> Iterator[Callable[..., Site]]:
    """Casts the test's own site; arguments are added to the environment of its processes."""
    with ExitStack() as stack:

        def make(environment: dict[str, str] | None = None) -> Site:
            folder = tmp_path / f"site-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            site = stack.enter_context(mould.cast(folder))
            site.environment |= environment or {}
            return site

        yield make


@pytest.fixture(scope="session")
def site(mould, tmp_path_factory) -> Iterator[Site]:
    """A site that is open all the time, with a study for every test."""
    with mould.cast(Path(tmp_path_factory.mktemp("site"))) as shared:
        shared.start(workers=2, threads=8)
        yield shared
