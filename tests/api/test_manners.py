"""How every endpoint behaves: named parameters, caps, allowances, problems."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils.timezone import now

from feedback.api.actions import spend
from feedback.api.models import Allowance
from tests import make
from tests.api.caller import Caller

pytestmark = pytest.mark.django_db


def test_an_unknown_parameter_is_a_400_that_names_the_known_ones(lead, study):
    told = lead.get(f"studies/{study.slug}/works/?generatr=x")

    assert told.status_code == 400
    assert told.headers["Content-Type"] == "application/problem+json"
    problem = told.json()
    assert problem["where"] == "query parameter generatr"
    assert 'did you mean "generator"?' in problem["detail"]
    assert all(name in problem["detail"] for name in ("limit", "cursor", "prompt", "medium", "sha256"))


@pytest.mark.parametrize(
    "query",
    [
        "password=x",
        "clearances__licence=MIT",
        "collection__studies__memberships__user__name__startswith=A",
        "pk=1",
        "id=a&id=b",
        "limit=0",
        "limit=1001",
        "limit=ten",
        "cursor=1",
        "cursor=",
        "medium=smell",
        "sha256=zz",
        "id=%00",
        "generator__name=x",
    ],
)
def test_only_what_is_named_can_be_asked(lead, study, query):
    told = lead.get(f"studies/{study.slug}/works/?{query}")

    assert told.status_code == 400
    assert told.json()["errors"] or told.json()["detail"]


def test_every_fault_of_a_body_is_named_with_its_place(lead, study):
    told = lead.post("releases/", {"studies": [], "preset": "trll", "min_judgements": 0, "colour": "red"})

    assert told.status_code == 400
    wheres = {error["where"] for error in told.json()["errors"]}
    assert wheres == {"colour"}, "first what is unknown, then what is unfit"
    told = lead.post("releases/", {"studies": [], "preset": "trll", "min_judgements": 0})
    assert {error["where"] for error in told.json()["errors"]} == {"studies", "preset", "min_judgements"}


def test_a_word_that_is_none_of_the_known_ones_names_them(lead, study):
    told = lead.post("releases/", {"studies": [study.slug], "preset": "trll"})

    assert told.json()["where"] == "preset"
    assert '"trll" is none of: ' in told.json()["detail"]
    assert "trl-chat" in told.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"[" * 100_000, 400, "deeper than 32"),
        (b'{"prompts": ' + b"[" * 33 + b"]" * 33 + b"}", 400, "deeper than 32"),
        (b"{", 400, "not JSON"),
        (b"\xff\xfe{", 400, "not UTF-8"),
        (b'{"prompts": [], "prompts": []}', 400, "twice"),
        (b'{"prompts": NaN}', 400, "NaN"),
        (b'{"prompts": ' + b"9" * 5000 + b"}", 400, "64 bits"),
        (b"[]", 400, "not an object"),
        (b"", 400, "required"),
        (b'"' + b"x" * 9_000_000 + b'"', 413, "over 8,388,608 bytes"),
    ],
    ids=["deep", "just too deep", "cut", "latin", "twice", "nan", "huge number", "list", "empty", "large"],
)
def test_a_body_that_is_no_document_of_ours_is_refused(lead, study, body, status, said):
    told = lead.send("POST", f"studies/{study.slug}/prompts/", body)

    assert told.status_code == status, told.content[:300]
    assert said in told.json()["detail"]
    assert told.json()["remedy"]


def test_a_body_of_another_kind_is_named(lead, study):
    told = lead.send("POST", f"studies/{study.slug}/prompts/", b"a=b", content_type="application/x-www-form-urlencoded")

    assert told.status_code == 415
    assert "x-www-form-urlencoded" in told.json()["detail"]


def test_a_large_body_is_not_read_to_its_end(lead, study, monkeypatch):
    from django.test.client import FakePayload

    read = []
    whole = FakePayload.read
    monkeypatch.setattr(FakePayload, "read", lambda self, n=None: read.append(n) or whole(self, n))

    lead.send("POST", f"studies/{study.slug}/prompts/", b" " * 40_000_000)

    assert max(read) <= 8 * 1024**2 + 1
    assert sum(read) < 9_000_000


# Allowances.


def test_every_answer_tells_what_is_left(lead, study):
    first, second = lead.get("studies/"), lead.get(f"studies/{study.slug}/prompts/")

    assert first.headers["X-RateLimit-Limit"] == "600"
    assert [one.headers["X-RateLimit-Remaining"] for one in (first, second)] == ["599", "598"]
    assert 0 < int(second.headers["X-RateLimit-Reset"]) <= 60


def test_an_allowance_that_is_used_up_says_when_to_go_on(lead, study, settings):
    settings.API_ALLOWANCES = settings.API_ALLOWANCES | {"reading": (3, timedelta(minutes=1))}

    told = [lead.get("studies/") for _ in range(5)]

    assert [one.status_code for one in told] == [200, 200, 200, 429, 429]
    assert 0 < int(told[-1].headers["Retry-After"]) <= 60
    assert told[-1].headers["X-RateLimit-Remaining"] == "0"
    assert told[-1].headers["Retry-After"] == told[-1].headers["X-RateLimit-Reset"]
    assert "Retry-After" in told[-1].json()["remedy"]


def test_an_allowance_is_a_persons_whatever_their_tokens_and_comes_back(study, alice, erin, settings):
    settings.API_ALLOWANCES = settings.API_ALLOWANCES | {"reading": (2, timedelta(minutes=1))}
    codes = [Caller(alice).get("studies/").status_code for _ in range(3)]
    other = Caller(erin).get("studies/").status_code
    Allowance.objects.update(since=now() - timedelta(minutes=1))

    assert codes == [200, 200, 429]
    assert other == 200
    assert Caller(alice).get("studies/").status_code == 200


def test_kinds_are_counted_apart(lead, study, settings):
    settings.API_ALLOWANCES = settings.API_ALLOWANCES | {"streaming": (1, timedelta(minutes=1))}
    path = f"studies/{study.slug}/judgements.ndjson"

    codes = [lead.get(path).status_code for _ in range(2)]

    assert codes == [200, 429]
    assert lead.get("studies/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_allowance_is_kept_by_many_at_once():
    person = make.user()
    allowed = []

    def ask():
        try:
            allowed.extend(
                spend(user=person, kind="reading", most=12, window=timedelta(minutes=1)).allowed for _ in range(5)
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(allowed) == 12
    assert len(allowed) == 30


def test_a_problem_says_what_where_and_what_to_do(lead, study):
    for told in (
        lead.get("studies/none/"),
        lead.get("studies/?x=1"),
        Caller().get("studies/"),
        lead.send("PUT", "studies/"),
    ):
        problem = told.json()
        assert set(problem) == {"title", "status", "detail", "where", "remedy", "errors"}
        assert problem["status"] == told.status_code
        assert problem["detail"]
        assert problem["remedy"]
        assert told.headers["Content-Type"] == "application/problem+json"


def test_answers_are_kept_by_no_cache(lead, study):
    assert lead.get("studies/").headers["Cache-Control"] == "private, no-store"


# Pages.


def test_pages_hold_every_row_once_and_end(lead, study):
    whole = lead.rows(f"studies/{study.slug}/works/?limit=1000")
    paged = lead.rows(f"studies/{study.slug}/works/?limit=4")
    of_prompt = lead.rows(f"studies/{study.slug}/works/?prompt=p1&limit=2")

    assert len(whole) == 6
    assert paged == whole
    assert [row["id"] for row in of_prompt] == ["p1-1", "p1-2", "p1-3"]


def test_a_row_that_comes_meanwhile_neither_hides_nor_repeats_another(lead, study):
    first = lead.get(f"studies/{study.slug}/prompts/?limit=1").json()
    lead.post(f"studies/{study.slug}/prompts/", {"prompts": [{"id": "p0", "text": "Late."}]})

    rest = lead.rows(first["next"].partition("testserver/api/v1/")[2])

    assert [row["id"] for row in first["results"] + rest] == ["p1", "p2", "p0"]


def test_a_cursor_that_was_changed_is_refused(lead, study):
    following = lead.get(f"studies/{study.slug}/works/?limit=1").json()["next"]

    told = lead.get(following.replace("cursor=", "cursor=1").partition("testserver")[2])

    assert told.status_code == 400
    assert told.json()["where"] == "query parameter cursor"
    assert json.loads(told.content)["remedy"].startswith("Follow")
