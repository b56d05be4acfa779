"""A server that could lose something does not start."""

import pytest

from tests.durability.databases import ON_POSTGRES, database, name_of
from tests.durability.site import Site, tampered

pytestmark = pytest.mark.xdist_group("durability")


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


def test_with_migrations_waiting_it_does_not_start(tmp_path):
    with database(tmp_path) as url:
        site = Site(tmp_path, url)

        assert "migrations are waiting: run `make setup`" in refusal(site)


@pytest.mark.skipif(ON_POSTGRES, reason="settings of SQLite")
def test_on_an_sqlite_that_could_lose_something_it_does_not_start_and_says_why(cast):
    pragmas = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=NORMAL;"
    site = cast(tampered(sqlite={"init_command": pragmas, "transaction_mode": "DEFERRED", "timeout": 5}))

    said = refusal(site)

    assert (
        "The database is not safe to serve from: journal mode must be WAL; synchronous must be FULL; "
        "transactions must be IMMEDIATE; the timeout must be 30 s or more." in said
    )


@pytest.mark.skipif(ON_POSTGRES, reason="settings of SQLite")
@pytest.mark.parametrize("option", [{"timeout": 29}, {"transaction_mode": None}])
def test_one_setting_of_sqlite_is_enough_to_refuse(cast, option):
    site = cast(tampered(sqlite=option))

    assert "The database is not safe to serve from: t" in refusal(site)


@pytest.mark.skipif(not ON_POSTGRES, reason="settings of PostgreSQL")
def test_on_a_postgresql_that_could_lose_something_it_does_not_start_and_says_why(cast):
    site = cast()
    name = name_of(site.database_url)
    site.rows(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    site.rows(f"ALTER DATABASE \"{name}\" SET default_transaction_isolation = 'serializable'")

    said = refusal(site)

    assert (
        "The database is not safe to serve from: isolation must be READ COMMITTED; "
        "synchronous_commit must not be off." in said
    )
