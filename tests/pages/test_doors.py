"""Who gets in where: strangers, links, roles."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils.timezone import now

from feedback.people.actions import make_sign_in_link
from feedback.people.models import SignInLink, User
from tests import make

pytestmark = pytest.mark.django_db
STRANGE = "0" * 8 + "-0000-4000-8000-" + "0" * 12
OPEN = {"home", "health", "how_to_sign_in", "sign_in", "sign_out"}


def patterns(resolver=None):
    """Every URL pattern of the site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def address(pattern, study) -> str:
    values = {
        "slug": study.slug,
        "public_id": STRANGE,
        "position": 0,
        "token": "x",
        "path": "x",
        "number": 1,
        "entry": 0,
        "chart": "generators",
    }
    return reverse(pattern.name, kwargs={name: values[name] for name in pattern.pattern.converters})


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def test_every_view_says_whom_it_is_open_to():
    silent = [pattern.name for pattern in patterns() if not getattr(pattern.callback, "open_to", None)]

    assert silent == []


def test_every_page_but_the_entrance_answers_a_stranger_with_404(client, alice, charlie):
    study = make.study(lead=alice)

    for person in (None, charlie):
        if person:
            client.force_login(person)
        for pattern in patterns():
            if pattern.name in OPEN | {"studies", "letter_keys", "desk", "keys", "device"} and (
                person or pattern.name in OPEN
            ):
                continue
            for send in (client.get, client.post):
                answer = send(address(pattern, study))
                assert answer.status_code in (
                    {401, 403, 404, 405} if "api" in address(pattern, study) else {404, 405}
                ), pattern.name


def test_a_rater_gets_404_from_what_is_the_leads_and_the_engineers(client, alice, bob):
    study = make.study(lead=alice, rater=bob)
    client.force_login(bob)

    codes = {
        name: client.get(reverse(name, args=[study.slug])).status_code
        for name in ("results", "leaderboard", "releases", "standings")
    }

    assert set(codes.values()) == {404}


def test_home_sign_in_and_health_answer_strangers(client):
    codes = [client.get(reverse(name)).status_code for name in ("home", "how_to_sign_in", "health")]

    assert codes == [200, 200, 200]


def test_looking_at_a_link_does_not_spend_it(client, bob):
    path = path_of(make_sign_in_link(user=bob))

    previews = [client.get(path).status_code, client.head(path).status_code, client.get(path).status_code]
    signed_in = client.post(path)

    assert previews == [200, 200, 200]
    assert signed_in.status_code == 302
    assert client.session["_auth_user_id"] == str(bob.pk)


def test_a_link_works_once(client, bob):
    path = path_of(make_sign_in_link(user=bob))
    client.post(path)

    again = Client().post(path)

    assert again.status_code == 410
    assert "used already" in again.content.decode()


def test_a_link_goes_out_of_date(client, bob):
    path = path_of(make_sign_in_link(user=bob))
    SignInLink.objects.update(created_at=now() - timedelta(days=9), expires_at=now() - timedelta(days=1))

    assert "out of date" in client.post(path).content.decode()


def test_a_forged_link_is_refused(client, bob):
    path = path_of(make_sign_in_link(user=bob))
    link = SignInLink.objects.get()

    forged = client.post(f"/sign-in/{link.public_id.hex}:forged/")
    other = client.post(re.sub(r"/sign-in/....", "/sign-in/0000", path))

    assert (forged.status_code, other.status_code) == (410, 410)
    assert "_auth_user_id" not in client.session


def test_guessing_links_is_slowed_down(client):
    codes = [client.get(f"/sign-in/guess-{number}/").status_code for number in range(22)]

    assert codes[:20] == [410] * 20
    assert codes[20:] == [429, 429]


def test_a_link_leads_to_its_study_and_not_elsewhere(client, alice):
    study = make.study(lead=alice)
    path = path_of(make_sign_in_link(user=alice, goes_to=f"/studies/{study.slug}/"))

    arrived = client.post(path, follow=True)

    assert arrived.redirect_chain[-1][0] == reverse("results", args=[study.slug])


def test_signing_in_gives_a_new_session(client, bob):
    client.get(reverse("home"))
    client.session["seed"] = 1
    before = client.session.session_key

    client.post(path_of(make_sign_in_link(user=bob)))

    assert client.session.session_key != before


def test_signing_out_needs_a_post_and_ends_the_session(client, bob):
    client.force_login(bob)

    looked = client.get(reverse("sign_out"))
    client.post(reverse("sign_out"))

    assert looked.status_code == 405
    assert client.get(reverse("studies")).status_code == 404


def test_no_address_makes_a_user(client, alice):
    study = make.study(lead=alice)
    before = User.objects.count()

    for pattern in patterns():
        client.post(address(pattern, study), {"name": "Mallory", "role": "lead", "username": "m", "password": "m"})

    assert User.objects.count() == before


def test_somebody_without_a_study_is_told_what_to_do(client, charlie):
    client.force_login(charlie)

    page = client.get(reverse("studies")).content.decode()

    assert "You have no study yet." in page


@pytest.mark.parametrize("path", ["/", "/health/", "/sign-in/", "/studies/", "/nothing/"])
def test_every_answer_forbids_foreign_scripts_frames_and_sniffing(client, path):
    headers = client.get(path).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_a_foreign_host_is_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_post_without_its_token_is_refused(bob):
    study = make.study(rater=bob)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob)

    assert strict.post(reverse("undo", args=[study.slug])).status_code == 403
