"""The API tells a lead who rates no name, wherever it is asked."""

import io

import pytest
from django.core.management import call_command

from feedback.people.models import User
from feedback.studies.actions import add_member
from feedback.studies.models import Study
from tests.api.caller import Caller
from tests.api.endpoints import BODIES, ENDPOINTS
from tests.blinding.crawl import judge_all
from tests.blinding.secrets import Index
from tests.datasets.panel import freeze

pytestmark = pytest.mark.django_db
NAMES = {"generator", "version", "maker", "external id"}


def names_in(answers, told) -> set[str]:
    """The kinds of names that the answers tell."""
    index = Index(secret for secret in told.secrets if secret.kind in NAMES)
    return {needle.secret.kind for answer in answers for needle in index.find(answer.body)}


def test_a_lead_who_rates_is_told_no_name_anywhere(telling, visitor):
    told = telling(pictures=1, texts=1)
    judge_all(visitor(told.slug), told.slug)
    call_command("fit", told.slug, stdout=io.StringIO())
    visitor(told.slug, "Alice", "lead")
    study, alice = Study.objects.get(), User.objects.get(name="Alice")
    release = freeze(study).public_id
    things = {"slug": told.slug, "fit": study.fits.first().pk, "release": release, "build": release, "upload": release}
    caller = Caller(alice)

    def everything():
        return [
            caller.send(method, path.format(**things), BODIES.get(path))
            for method, path in ENDPOINTS
            if method != "DELETE"
        ]

    before = names_in(everything(), told)
    add_member(study=study, user=alice, role="rater", by=None)

    assert before >= {"generator", "version", "external id"}, "so that the search has something to find"
    assert names_in(everything(), told) == set()


def test_a_rater_is_told_nothing_at_all(telling, visitor):
    told = telling(pictures=0, texts=1)
    bob = visitor(told.slug)
    judge_all(bob, told.slug)
    release = freeze(Study.objects.get()).public_id
    things = {"slug": told.slug, "fit": 1, "release": release, "build": release, "upload": release}
    caller = Caller(User.objects.get(name="Bob"))

    answers = [caller.send(method, path.format(**things), BODIES.get(path)) for method, path in ENDPOINTS]
    seen = [bob.get("/api/v1/" + path.format(**things)) for method, path in ENDPOINTS if method == "GET"]

    assert {answer.status_code for answer in answers} <= {403, 404}
    assert {page.status for page in seen} <= {403, 404}
    assert names_in(answers, told) == set()
