"""Names, and the works themselves, are kept from whoever must not see them."""

import pytest
from django.urls import reverse

from feedback.people.models import User
from feedback.results.actions import refresh
from feedback.studies.actions import add_member
from feedback.studies.models import Study
from tests.blinding.crawl import Visitor, consent_version, judge_all, task_of
from tests.blinding.secrets import Index
from tests.blinding.violations import violations
from tests.datasets.panel import download_of, freeze

pytestmark = pytest.mark.django_db
NAMES = {"generator", "version", "maker", "external id", "file name"}


def names_in(responses, told) -> set[str]:
    """The kinds of names that the responses tell."""
    index = Index(secret for secret in told.secrets if secret.kind in NAMES)
    return {needle.secret.kind for response in responses for needle in index.find(response.body)}


def leads_and_rates(visitor, told) -> Visitor:
    """Alice, who leads and rates."""
    alice = visitor(told.slug, "Alice", "lead")
    add_member(study=Study.objects.get(), user=User.objects.get(name="Alice"), role="rater", by=None)
    alice.responses.clear()  # what she saw before she rated
    consent = alice.get(reverse("consent", args=[told.slug]))
    alice.follow(alice.post(consent.url, {"version": consent_version(consent)}))
    return alice


def see_all(lead, study: str) -> None:
    for name in ("results", "leaderboard", "releases", "standings"):
        lead.get(reverse(name, args=[study]))
    lead.post(reverse("desk_invite", args=[study]), {"name": "", "role": "rater"})
    lead.post(reverse("desk_invite", args=[study]), {"name": "Dora", "role": "rater"})
    lead.post(reverse("build_release", args=[study]), {})


def test_a_lead_who_also_rates_sees_no_names_while_the_study_is_open(telling, visitor):
    told = telling(pictures=1, texts=1)
    alice = leads_and_rates(visitor, told)
    judge_all(alice, told.slug)
    refresh(study=Study.objects.get())

    see_all(alice, told.slug)

    assert names_in(alice.responses, told) == set()
    assert alice.get(download_of(freeze(Study.objects.get()))).status == 404
    assert "Generator 1" in alice.get(reverse("results", args=[told.slug])).text


def test_a_lead_who_does_not_rate_sees_names_so_that_the_search_has_something_to_find(telling, visitor):
    told = telling(pictures=1, texts=1)
    judge_all(visitor(told.slug), told.slug)
    refresh(study=Study.objects.get())
    alice = visitor(told.slug, "Alice", "lead")

    see_all(alice, told.slug)

    assert {"generator", "version", "external id"} <= names_in(alice.responses, told)


def test_the_numbers_that_stand_for_hidden_names_do_not_follow_the_alphabet():
    from feedback.results.dashboard.stored import hidden

    numbered = [tuple(hidden(Study(pk=study), range(1, 7))[one] for one in range(1, 7)) for study in range(1, 101)]

    in_order = tuple(f"Generator {number}" for number in range(1, 7))
    assert numbered.count(in_order) <= 2
    assert len(set(numbered)) > 50


def test_a_rater_gets_404_from_results_leaderboard_releases_downloads_and_the_api(telling, visitor):
    told = telling(pictures=0, texts=1)
    bob = visitor(told.slug)
    judge_all(bob, told.slug)
    release = freeze(Study.objects.get())

    seen = [bob.get(reverse(name, args=[told.slug])) for name in ("results", "leaderboard", "releases", "standings")]
    sent = [
        bob.post(reverse(name, args=[told.slug]))
        for name in ("desk_invite", "desk_act", "desk_settings", "build_release")
    ]
    taken = [bob.get(download_of(release)), bob.send("HEAD", download_of(release))]

    assert {response.status for response in seen + sent + taken} == {404}
    assert violations(bob.responses, told) == []


def test_works_are_for_the_rater_they_were_handed_to_and_nobody_else(telling, visitor):
    told = telling(pictures=1, texts=0)
    bob, charlie, alice = visitor(told.slug), visitor(told.slug, "Charlie"), visitor(told.slug, "Alice", "lead")
    task = task_of(bob.get(reverse("judge", args=[told.slug])))
    theirs = task_of(charlie.get(reverse("judge", args=[told.slug])))

    own = bob.get(task.pictures[0])
    others = [person.get(url) for person in (charlie, alice, Visitor()) for url in task.pictures]
    swapped = [bob.get(url) for url in theirs.pictures]
    bob.post(reverse("sign_out"))
    signed_out = [bob.send(method, url, Range="bytes=0-9") for method in ("GET", "HEAD") for url in task.pictures]

    assert own.status == 200
    assert {response.status for response in others + swapped + signed_out} == {404}
    assert {b"RIFF" in response.body for response in others + swapped + signed_out} == {False}


def test_a_position_that_the_comparison_does_not_have_is_not_there(telling, visitor):
    told = telling(pictures=1, texts=0, makers=2)
    bob = visitor(told.slug)
    task = task_of(bob.get(reverse("judge", args=[told.slug])))

    missing = [
        bob.get(f"{task.action}works/{position}/") for position in ("2", "3", "99", "9" * 5000, "-1", "0x0", "½")
    ]

    assert {response.status for response in missing} == {404}


def test_a_page_that_breaks_tells_nothing(telling, visitor, monkeypatch):
    from feedback.judging import bench

    told = telling(pictures=0, texts=1)
    bob = visitor(told.slug)
    bob.client.raise_request_exception = False

    def broken(*_args, **_more):
        raise RuntimeError(" ".join(secret.value for secret in told.secrets))

    monkeypatch.setattr(bench, "task_of", broken)
    response = bob.get(reverse("judge", args=[told.slug]))

    assert response.status == 500
    assert violations(bob.responses, told) == []
