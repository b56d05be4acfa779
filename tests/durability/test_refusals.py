"""A server that could lose something does not start."""

import pytest

from tests.durability.databases import ON_POSTGRES, database
from tests.durability.site import Site, tampered

pytestmark = pytest.mark.xdist_group("durability")
on_sqlite = pytest.mark.skipif(ON_POSTGRES, reason="settings of SQLite")


def refusal(site: Site) -> str:
    """The last words of a server that must not start."""
    done = site.run(site.serving())
    assert done.returncode == 1, done.stderr
    return done.stderr


def test_without_a_secret_key_it_does_not_start_and_says_how_to_make_one(cast):
    site = cast({"SECRET_KEY": ""})

    said = refusal(site)

    assert "No secret key of at least 50 characters: run `make setup`" in said
    assert str(site.data / "secret_key") in said


def test_with_a_short_secret_key_it_does_not_start(cast):
    site = cast({"SECRET_KEY": "short"})

    assert "No secret key of at least 50 characters" in refusal(site)


def test_with_migrations_waiting_it_does_not_start(tmp_path):
    with database(tmp_path) as url:
        site = Site(tmp_path, url)

        assert "migrations are waiting: run `make setup`" in refusal(site)


@on_sqlite
@pytest.mark.parametrize(
    ("option", "value", "fault"),
    [
        ("init_command", "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;", "journal mode must be WAL"),
        ("init_command", "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;", "synchronous must be FULL"),
        ("transaction_mode", "DEFERRED", "transactions must be IMMEDIATE"),
        ("timeout", 5, "the timeout must be 30 s or more"),
    ],
)
def test_on_an_sqlite_that_could_lose_something_it_does_not_start(cast, option, value, fault):
    site = cast(tampered(sqlite={option: value}))

    said = refusal(site)

    assert f"The database is not safe to serve from: {fault}." in said


@pytest.mark.skipif(not ON_POSTGRES, reason="settings of PostgreSQL")
@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ("synchronous_commit=off", "synchronous_commit must not be off"),
        ("default_transaction_isolation=serializable", "isolation must be READ COMMITTED"),
    ],
)
def test_on_a_postgresql_that_could_lose_something_it_does_not_start(cast, setting, fault):
    site = cast({"PGOPTIONS": f"-c {setting}"})

    said = refusal(site)

    assert f"The database is not safe to serve from: {fault}." in said
