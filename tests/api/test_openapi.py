"""The API's document is whole, and the API does what it says: tried with requests made up from it."""

import json
from datetime import timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from schemathesis import openapi
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from feedback.api.docs import described
from feedback.results.actions import fit
from tests.api.caller import Caller
from tests.datasets.panel import freeze

NOT_BY_CHANCE = {  # what only a request that knows the study, or the file, can have; it is tried elsewhere
    "POST /api/v1/studies/{slug}/prompts/",
    "POST /api/v1/studies/{slug}/works/",
    "POST /api/v1/studies/{slug}/judgements/",
    "POST /api/v1/releases/",
    "PATCH /api/v1/uploads/{public_id}/",
    "DELETE /api/v1/uploads/{public_id}/",
}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


@pytest.mark.django_db
def test_the_document_is_valid_and_nothing_in_it_was_guessed(tmp_path):
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", tmp_path / "api.json"
    )

    document = json.loads((tmp_path / "api.json").read_text())
    assert document["openapi"].startswith("3.1")
    assert len(document["paths"]) >= 17


def operations():
    for path, methods in described()["paths"].items():
        for method, told in methods.items():
            yield f"{method.upper()} {path}", told


def test_every_operation_says_what_it_does_and_what_may_go_wrong():
    for name, told in operations():
        assert told["description"], name
        assert {"400", "401", "403", "429"} <= told["responses"].keys(), name
        assert ("404" in told["responses"]) >= ("{" in name), name
        for status, answer in told["responses"].items():
            if status in {"400", "401", "403", "404", "409", "410", "413", "415", "422", "429"}:
                assert list(answer["content"]) == ["application/problem+json"], (name, status)


def test_every_parameter_and_key_is_described_or_speaks_for_itself():
    for name, told in operations():
        for parameter in told.get("parameters", []):
            if parameter["in"] == "query":
                assert parameter.get("description"), (name, parameter["name"])


@pytest.mark.django_db
def test_people_read_it_on_a_page_of_our_own(client, study, erin, bob):
    client.force_login(erin)
    page = client.get(reverse("api"))
    client.force_login(bob)

    text = page.content.decode()
    assert all(name.replace("/api/v1", "/api/v1") in text for name, _ in operations())
    assert "<script" not in text.split("</head>")[1]
    assert "style=" not in text
    assert "://" not in text.split("<main")[1].replace("http://www.w3.org", "")
    assert client.get(reverse("api")).status_code == 404


@pytest.fixture
def in_one_transaction(tried):
    """Requests leave the connection open, as those of Django's own client do: the test is one transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def tried(study, alice, no_worker, settings):
    """The document and a token, with allowances that never end; the study's slug, a fit, a build and a release to ask for."""
    settings.API_ALLOWANCES = dict.fromkeys(settings.API_ALLOWANCES, (10**6, timedelta(days=1)))
    settings.SIGN_IN_TRIES = (10**6, timedelta(minutes=1))
    caller = Caller(alice)
    build = caller.post("releases/", {"studies": [study.slug], "preset": "trl"}).json()
    upload = caller.post("uploads/", {"name": "a.png", "bytes": 9, "sha256": "1" * 64}).json()
    known = {
        "slug": study.slug,
        "number": fit(study=study)[0].pk,
        "path": "README.md",
        "releases": str(freeze(study, preset="trl").public_id),
        "builds": build["id"],
        "uploads": upload["id"],
    }
    return caller.secret, known


def test_requests_made_up_from_the_document_meet_nothing_that_it_does_not_tell(tried, in_one_transaction):
    """Half of them fit and half do not; each path with things that there are."""
    secret, known = tried
    schema = openapi.from_dict(described())
    schema.app = WSGIHandler()
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    statuses = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        statuses[operation.label] = try_out(operation, secret, known)

    reached = {label for label, codes in statuses.items() if any(code < 300 for code in codes)}
    assert len(statuses) >= 22
    assert statuses.keys() - reached <= NOT_BY_CHANCE, "each was answered, not only refused"


def try_out(operation, secret, known) -> set[int]:
    codes = set()

    @settings(
        max_examples=8,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case):
        if case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE:
            case.path_parameters = parameters(operation.path, case.path_parameters or {}, known)
        response = case.call(headers={"Authorization": f"Bearer {secret}"})
        codes.add(response.status_code)
        case.validate_response(response, checks=CHECKS, headers={"Authorization": f"Bearer {secret}"})

    from hypothesis import given

    given(case=operation.as_strategy())(run)()
    return codes


def parameters(path, made_up, known) -> dict:
    noun = path.split("/")[3]
    there = {"slug": known["slug"], "number": known["number"], "path": known["path"], "public_id": known.get(noun)}
    return {name: there.get(name, value) for name, value in made_up.items()}
