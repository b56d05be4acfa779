"""Who may ask for what: every endpoint for every role, scope and kind of sign-in."""

from datetime import timedelta
from itertools import product

import pytest
from django.urls import get_resolver

from feedback.api import urls
from feedback.people.actions import make_token
from feedback.people.models import SCOPES
from feedback.results.actions import fit
from feedback.studies.actions import add_member, close_study
from tests import make
from tests.api.caller import Caller
from tests.api.endpoints import BODIES, ENDPOINTS
from tests.datasets.panel import freeze

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(study, alice, erin, no_worker):
    """The study with a fit, a release, and a build."""
    fitted = fit(study=study)[0]
    release = freeze(study, preset="trl")
    told = Caller(erin).post("releases/", {"studies": [study.slug], "preset": "trl"}).json()
    return {"slug": study.slug, "fit": fitted.pk, "release": release.public_id, "build": told["id"]}


def ask(caller, method, path, things) -> int:
    """The status of the endpoint's answer to a request that would be fit."""
    given = things | {"upload": upload_of(caller) if "{upload}" in path else ""}
    if path == "uploads/":
        body = {"name": "a.png", "bytes": 3, "sha256": "0" * 64}
    elif method == "PATCH":
        return caller.send(
            "PATCH",
            path.format(**given),
            b"abc",
            content_type="application/octet-stream",
            headers={"Upload-Offset": "0"},
        ).status_code
    elif path == "releases/" and method == "POST":
        body = {"studies": [things["slug"]], "preset": "trl"}
    else:
        body = BODIES.get(path)
    return caller.send(method, path.format(**given), body).status_code


def upload_of(caller) -> str:
    begun = caller.post("uploads/", {"name": "b.png", "bytes": 9, "sha256": "1" * 64})
    return begun.json().get("id", "00000000-0000-4000-8000-000000000000")


def test_the_matrix_names_every_endpoint_and_method():
    views = {pattern.name: pattern for pattern in urls.urlpatterns}
    told = {
        (method.upper(), name)
        for name, pattern in views.items()
        for method in ("get", "post", "patch", "delete")
        if hasattr(getattr(pattern.callback, "cls", None), method) and name != "api_nowhere"
    }
    named = {(method, get_resolver().resolve("/api/v1/" + _any(path)).url_name) for method, path in ENDPOINTS}

    assert named == told


def _any(path: str) -> str:
    strange = "00000000-0000-4000-8000-000000000000"
    return path.format(slug="s", fit=1, upload=strange, build=strange, release=strange)


def test_each_endpoint_is_open_to_its_roles_and_to_nobody_else(things, alice, bob, erin, charlie):
    dora = make.user("Dora")
    make.study(lead=dora)  # a lead of another study
    people = {"lead": alice, "engineer": erin, "rater": bob, "stranger": charlie, "elsewhere": dora, "nobody": None}
    callers = {role: Caller(person) for role, person in people.items()}

    for (method, path), (_, roles, _) in ENDPOINTS.items():
        codes = {role: ask(caller, method, path, things) for role, caller in callers.items()}

        if "{" not in path or "{upload}" in path:
            assert codes.pop("elsewhere") in {200, 201, 204, 404}, "one's own, or not there"
        assert {role for role, code in codes.items() if code < 300} == roles, (method, path, codes)
        assert codes.pop("nobody") == 401
        assert {codes[role] for role in codes.keys() - roles} <= {403, 404}, (method, path, codes)
        assert codes.get("elsewhere", 404) == 404, "to whoever has no part in it, it does not exist"
        if "{slug}" in path or "{release}" in path:
            assert (codes["rater"], codes["stranger"]) == (404, 404) or "{release}" in path, (method, path, codes)


def test_each_endpoint_needs_its_scope_and_no_other(things, alice):
    for (method, path), (scope, _, _) in ENDPOINTS.items():
        others = [one for one in SCOPES if one != scope]

        enough = ask(Caller(alice, scope), method, path, things)
        without = Caller(alice, *others).send(method, path.format(**things, upload=things["build"]))

        assert enough < 300, (method, path)
        assert without.status_code == 403, (method, path)
        assert f"asks for {scope}" in without.json()["detail"]


def test_a_lead_who_rates_gets_no_names_while_the_study_is_open_and_all_of_them_afterwards(things, study, alice):
    make.make_rater(study, alice)
    caller = Caller(alice)
    telling = [key for key, (_, _, names) in ENDPOINTS.items() if names]

    blind = {(method, path): ask(caller, method, path, things) for method, path in telling}
    close_study(study=study, by=alice)
    seeing = {(method, path): ask(caller, method, path, things) for method, path in telling}

    assert set(blind.values()) <= {403, 404}, blind
    assert all(code < 300 for code in seeing.values()), seeing


def test_two_roles_give_what_either_gives(study, bob):
    add_member(study=study, user=bob, role="engineer", by=None)
    close_study(study=study, by=None)

    assert Caller(bob).get(f"studies/{study.slug}/judgements/").status_code == 200


def test_an_upload_is_its_senders_alone(study, alice, erin):
    mine = upload_of(Caller(alice))

    codes = [Caller(erin).send(method, f"uploads/{mine}/").status_code for method in ("GET", "DELETE")]

    assert codes == [404, 404]


@pytest.mark.parametrize("scopes", [scopes for scopes in product(*[(True, False)] * 3) if any(scopes)])
def test_a_token_has_the_scopes_it_was_made_with(erin, scopes):
    chosen = [name for name, has in zip(SCOPES, scopes, strict=True) if has]

    token, _ = make_token(user=erin, name="x", scopes=chosen, life=timedelta(days=1))

    assert token.scopes == chosen


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_an_address_that_there_is_not_is_a_problem_too(lead, study, method):
    told = lead.send(method, "nothing/here/")

    assert told.status_code == 404
    assert told.json()["title"] == "Not Found"


def test_whatever_is_accepted_the_answer_is_json(lead, study):
    for accept in ("text/html", "application/xml", "*/*", "nonsense"):
        told = lead.get("studies/", headers={"Accept": accept})
        assert told.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE"])
def test_other_methods_are_named_as_not_allowed(lead, study, method):
    told = lead.send(method, "studies/")

    assert told.status_code == 405
    assert told.json()["title"] == "Method Not Allowed"
    assert set(told.headers["Allow"].split(", ")) >= {"GET"}
