"""Tokens: whose they are, what they open, until when, and that nobody can read them again."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from feedback.people import actions as people
from feedback.people.models import AuditEntry, SignInAttempt, Token
from feedback.studies.actions import add_member
from tests import make
from tests.api.caller import Caller, secret_of

pytestmark = pytest.mark.django_db


def test_a_token_opens_what_its_owner_may_see(study, erin):
    told = Caller(erin, "read").get("studies/")

    assert told.status_code == 200
    assert [row["slug"] for row in told.json()["results"]] == [study.slug]


def test_only_the_hash_of_the_secret_is_kept(erin):
    secret = secret_of(erin, "read")

    token = Token.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_token")
        row = " ".join(map(str, cursor.fetchone()))
    told = " ".join(map(str, AuditEntry.objects.values_list("subject", "detail")))

    assert token.sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert secret.startswith(token.prefix + "_")
    assert len(secret.removeprefix(token.prefix + "_")) == 43, "256 bits"
    assert secret not in row + told
    assert secret.removeprefix(token.prefix + "_") not in row + told


@pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: s + "x", lambda s: s[:15] + s[16:] + "a", str.upper])
def test_a_wrong_secret_is_refused_with_what_to_do(study, erin, spoil):
    told = Caller(secret=spoil(secret_of(erin))).get("studies/")

    assert told.status_code == 401
    assert told.headers["WWW-Authenticate"].startswith("Bearer")
    assert told.headers["Content-Type"] == "application/problem+json"
    assert "/tokens/" in told.json()["remedy"]


def test_the_whole_secret_is_compared_and_in_constant_time(study, erin, monkeypatch):
    compared = []
    monkeypatch.setattr(people, "constant_time_compare", lambda a, b: compared.append((a, b)) or a == b)
    secret = secret_of(erin)

    codes = [Caller(secret=one).get("studies/").status_code for one in (secret, secret[:-1] + "-", "salon_00000000_x")]

    assert codes == [200, 401, 401]
    assert len(compared) == 3, "as much is done for a prefix that nobody has"
    assert {len(one) for pair in compared for one in pair} == {64}


@pytest.mark.parametrize("change", [{"expires_at": timedelta(0)}, {"revoked_at": timedelta(0)}])
def test_an_ended_token_opens_nothing_and_says_why(study, erin, change):
    secret = secret_of(erin)
    created = now() - timedelta(days=3)
    Token.objects.update(created_at=created, **{name: now() - timedelta(days=1) for name in change})

    told = Caller(secret=secret).get("studies/")

    assert told.status_code == 401
    assert "expired" in told.json()["detail"] or "revoked" in told.json()["detail"]


def test_somebody_who_may_not_sign_in_any_more_has_no_token_either(study, erin):
    caller = Caller(erin)
    erin.is_active = False
    erin.save()

    assert caller.get("studies/").status_code == 401


def test_a_role_that_ended_ends_what_the_token_opens(study, engineer):
    before = engineer.get(f"studies/{study.slug}/").status_code
    study.memberships.filter(role="engineer").delete()

    assert (before, engineer.get(f"studies/{study.slug}/").status_code) == (200, 404)


def test_guessing_is_slowed_down_and_says_for_how_long(study, erin):
    told = [Caller(secret=f"salon_0000000{number % 10}_guess").get("studies/") for number in range(22)]

    assert [one.status_code for one in told] == [401] * 20 + [429] * 2
    assert told[-1].headers["Retry-After"] == "60"
    assert SignInAttempt.objects.count() == 20
    assert Caller(erin).get("studies/").status_code == 200, "who has a token is not kept out by who guesses"


def test_the_last_use_is_kept_with_one_write_a_minute(study, erin):
    caller = Caller(erin)
    caller.get("studies/")
    first = Token.objects.get().used_at
    caller.get("studies/")
    same = Token.objects.get().used_at
    Token.objects.update(used_at=now() - timedelta(hours=1))
    caller.get("studies/")

    assert first is not None
    assert same == first
    assert now() - Token.objects.get().used_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"name": " "}, "needs a name"),
        ({"scopes": ()}, "at least one"),
        ({"scopes": ("admin",)}, "read, write, export"),
        ({"life": timedelta(days=367)}, "366 days"),
        ({"life": timedelta(0)}, "366 days"),
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(erin, given, reason):
    with pytest.raises(ValueError, match=reason):
        people.make_token(**{"user": erin, "name": "x", "scopes": ("read",), "life": timedelta(days=1)} | given)

    assert not Token.objects.exists()


def test_a_browser_looks_and_never_writes(client, study, alice):
    client.force_login(alice)

    looked = client.get(f"/api/v1/studies/{study.slug}/")
    wrote = client.post(f"/api/v1/studies/{study.slug}/prompts/", {}, content_type="application/json")

    assert looked.status_code == 200
    assert wrote.status_code == 401


# The page.


def made_on_the_page(client, **said) -> str:
    page = client.post(reverse("make_token"), {"name": "training", "scopes": ["read", "export"], "days": "30"} | said)
    return page.content.decode()


def secret_in(page: str) -> str:
    return re.findall(r'class="secret" value="([^"]+)"', page)[0]


def test_a_token_is_made_on_the_page_shown_once_and_works(client, study, erin):
    client.force_login(erin)

    page = made_on_the_page(client)
    again = client.get(reverse("tokens")).content.decode()

    secret = secret_in(page)
    token = Token.objects.get()
    assert token.scopes == ["read", "export"]
    assert timedelta(days=29) < token.expires_at - now() <= timedelta(days=30)
    assert secret not in again
    assert token.prefix in again
    assert Caller(secret=secret).get("studies/").status_code == 200
    assert AuditEntry.objects.filter(by=erin, action="make token", subject=f"Token {token.prefix}").count() == 1


def test_a_token_is_revoked_on_the_page_at_once_and_by_its_owner_alone(client, study, erin, alice):
    secret = secret_of(erin)
    address = reverse("revoke_token", args=[Token.objects.get().public_id])
    client.force_login(alice)
    others = client.post(address).status_code
    still = Caller(secret=secret).get("studies/").status_code
    client.force_login(erin)

    twice = [client.post(address).status_code for _ in range(2)]

    assert (others, still, twice) == (404, 200, [302, 302])
    assert Caller(secret=secret).get("studies/").status_code == 401
    assert AuditEntry.objects.filter(action="revoke token").count() == 1


def test_what_is_not_fit_is_said_beside_its_field(client, study, erin):
    client.force_login(erin)

    page = client.post(reverse("make_token"), {"name": "", "scopes": [], "days": "4000"})

    assert page.status_code == 422
    assert page.content.decode().count('role="alert"') == 3
    assert not Token.objects.exists()


def test_who_only_rates_has_no_page_of_tokens(client, study, bob, charlie):
    for person in (bob, charlie):
        client.force_login(person)
        assert client.get(reverse("tokens")).status_code == 404
        assert client.post(reverse("make_token"), {"name": "x", "scopes": ["read"], "days": "7"}).status_code == 404
    assert not Token.objects.exists()


def test_making_a_token_needs_the_form_that_we_sent(study, erin):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(erin)

    assert strict.post(reverse("make_token"), {"name": "x", "scopes": ["read"], "days": "7"}).status_code == 403


def test_the_pages_with_secrets_are_kept_by_no_cache(client, study, erin):
    client.force_login(erin)

    page = client.post(reverse("make_token"), {"name": "x", "scopes": ["read"], "days": "7"})

    assert "no-store" in page.headers["Cache-Control"]


def test_two_people_with_tokens_see_their_own_studies(study, erin, alice):
    other = make.study(lead=alice)
    add_member(study=other, user=alice, role="engineer", by=None)

    assert {row["slug"] for row in Caller(alice).rows("studies/")} == {study.slug, other.slug}
    assert {row["slug"] for row in Caller(erin).rows("studies/")} == {study.slug}
