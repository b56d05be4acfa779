"""Releases by the program: asked for, looked after, taken away, and refused once superseded."""

import hashlib
import io
import json
import zipfile

import pytest
from django.test import Client

from feedback.datasets.models import Build, Release
from feedback.judging.actions import withdraw_rater
from feedback.people.actions import rater_of
from feedback.people.models import AuditEntry
from feedback.studies.actions import add_member
from tests import make
from tests.api.caller import Caller

pytestmark = pytest.mark.django_db


def ask(caller, *studies, **terms):
    return caller.post("releases/", {"studies": [study.slug for study in studies]} | terms)


@pytest.fixture
def released(engineer, study, worker):
    """A release for TRL, as the API tells it."""
    told = ask(engineer, study, preset="trl")
    build = engineer.get(told.json()["url"].partition("testserver")[2]).json()
    return engineer.get(f"releases/{build['release']}/").json()


def test_a_release_is_asked_for_and_built_in_the_background(engineer, study, no_worker):
    told = ask(engineer, study, preset="trl")

    assert told.status_code == 202
    assert told.headers["Location"] == told.json()["url"]
    assert (told.json()["state"], told.json()["release"]) == ("waiting", None)
    assert Build.objects.get().terms["preset"] == "trl"
    assert ask(engineer, study, preset="trl").json()["id"] == told.json()["id"], "under way it is the same"


def test_how_far_it_is_can_be_asked(engineer, study, no_worker):
    build = ask(engineer, study).json()
    Build.objects.update(state="running", stage="reading", done=30, total=120)

    told = engineer.get(f"builds/{build['id']}/").json()

    assert (told["state"], told["stage"], told["done"], told["total"]) == ("running", "reading", 30, 120)


def test_a_build_is_called_off_and_one_that_is_done_stays_done(engineer, study, released, no_worker):
    build = ask(engineer, study, views=["judgements"]).json()

    first = engineer.send("DELETE", f"builds/{build['id']}/")
    again = engineer.send("DELETE", f"builds/{build['id']}/")
    ready = Build.objects.get(state="ready")
    done = engineer.send("DELETE", f"builds/{ready.public_id}/")

    assert [told.json()["state"] for told in (first, again, done)] == ["cancelled", "cancelled", "ready"]


def test_a_release_is_told_with_its_terms_and_taken_away_whole(engineer, released, study, erin):
    archive = engineer.get(f"releases/{released['id']}/archive/")

    assert released["studies"] == [study.slug]
    assert released["terms"]["preset"] == "trl"
    assert released["version"] == "1.0.0"
    assert hashlib.sha256(archive.body).hexdigest() == released["archive_sha256"]
    assert len(archive.body) == released["archive_bytes"] == int(archive.headers["Content-Length"])
    packed = zipfile.ZipFile(io.BytesIO(archive.body))
    assert json.loads(packed.read("manifest.json"))["release"] == released["id"]
    assert AuditEntry.objects.filter(by=erin, action="download release").count() == 1


def test_its_files_have_checksums_and_links_that_open_them(engineer, released):
    files = engineer.rows(f"releases/{released['id']}/files/?limit=2")

    packed = zipfile.ZipFile(io.BytesIO(engineer.get(f"releases/{released['id']}/archive/").body))
    assert {file["path"] for file in files} == set(packed.namelist())
    for file in files:
        by_token = engineer.get(f"releases/{released['id']}/files/{file['path']}")
        assert hashlib.sha256(packed.read(file["path"])).hexdigest() == file["sha256"]
        assert by_token.body == packed.read(file["path"])
        linked = Client().get(file["url"].partition("localhost:8000")[2])
        assert b"".join(linked.streaming_content) == by_token.body
    assert sum(file["rows"] or 0 for file in files if file["view"] == "pairs") == released["rows"]


@pytest.mark.parametrize("what", ["archive/", "files/README.md"])
def test_one_range_of_bytes_can_be_asked_for(engineer, released, what):
    path = f"releases/{released['id']}/{what}"
    whole = engineer.get(path)
    etag = whole.headers["ETag"]

    part = engineer.get(path, headers={"Range": "bytes=10-19", "If-Range": etag})
    changed = engineer.get(path, headers={"Range": "bytes=10-19", "If-Range": '"other"'})
    beyond = engineer.get(path, headers={"Range": "bytes=99999999-"})
    known = engineer.get(path, headers={"If-None-Match": etag})
    head = engineer.send("HEAD", path)

    assert (part.status_code, part.body) == (206, whole.body[10:20])
    assert (changed.status_code, changed.body) == (200, whole.body)
    assert (beyond.status_code, known.status_code) == (416, 304)
    assert (head.body, head.headers["Content-Length"]) == (b"", str(len(whole.body)))


def test_a_superseded_release_says_so_and_is_handed_out_no_more(engineer, released, study, bob):
    links = engineer.rows(f"releases/{released['id']}/files/")
    withdraw_rater(study=study, rater=rater_of(user=bob), reason="withdrawn", by=None)

    told = engineer.get(f"releases/{released['id']}/").json()
    gone = [engineer.get(f"releases/{released['id']}/{what}") for what in ("files/", "archive/", "files/README.md")]
    linked = Client().get(links[0]["url"].partition("localhost:8000")[2])

    assert told["superseded_at"] is not None
    assert "withdrew" in told["superseded_why"]
    assert [one.status_code for one in [*gone, linked]] == [410] * 4
    assert all("withdrew" in one.json()["detail"] and one.json()["remedy"] for one in gone)
    assert engineer.rows("releases/")[0]["superseded_at"] == told["superseded_at"]


@pytest.mark.parametrize(
    ("terms", "status", "said"),
    [
        ({"preset": "imagereward"}, 422, "image"),
        ({"preset": "trl", "views": ["judgements"]}, 422, "trl"),
        ({"criterion": "smell"}, 422, "smell"),
        ({"purpose": "show"}, 400, "is none of"),
        ({"views": ["pears"]}, 400, "is none of"),
        ({"preset": "trl", "format": "parquett"}, 400, "is none of"),
        ({"since": "00000000-0000-4000-8000-000000000000"}, 404, "no such release"),
        ({"colour": "red"}, 400, "unknown"),
        ({"studies": ["none"]}, 404, "no study"),
        ({"margin": "yes please"}, 400, "boolean"),
    ],
)
@pytest.mark.usefixtures("no_worker")
def test_what_cannot_be_is_refused_with_the_reason(engineer, study, terms, status, said):
    told = engineer.post("releases/", {"studies": [study.slug]} | terms)

    assert told.status_code == status, told.body
    assert said in told.json()["detail"]
    assert not Build.objects.exists()


def test_what_only_the_build_finds_out_is_told_by_it(engineer, alice, erin, worker):
    empty = make.study(lead=alice)
    add_member(study=empty, user=erin, role="engineer", by=None)

    build = ask(engineer, empty, preset="trl").json()

    told = engineer.get(f"builds/{build['id']}/").json()
    assert told["state"] == "failed"
    assert "judge" in told["reason"]


@pytest.mark.usefixtures("worker")
def test_a_release_of_several_studies_is_for_who_may_have_each(lead, engineer, study, alice, bob):
    other = make.study(lead=alice, rater=bob)
    make.judgement(other, bob)
    build = lead.get(ask(lead, study, other, views=["judgements"]).json()["url"].partition("testserver")[2]).json()
    release = build["release"]

    codes = {
        what: (lead.get(what).status_code, engineer.get(what).status_code)
        for what in (f"releases/{release}/", f"releases/{release}/archive/", f"builds/{build['id']}/")
    }

    assert set(codes.values()) == {(200, 404)}
    assert [row["id"] for row in lead.rows("releases/")] == [release]
    assert engineer.rows("releases/") == []
    assert ask(engineer, study, other).status_code == 404


def test_releases_can_be_listed_by_study(lead, engineer, released, study, alice):
    other = make.study(lead=alice)

    assert [row["id"] for row in engineer.rows(f"releases/?study={study.slug}")] == [released["id"]]
    assert lead.rows(f"releases/?study={other.slug}") == []
    assert Release.objects.count() == 1


def test_building_has_an_allowance_of_its_own(erin, study, no_worker, settings):
    from datetime import timedelta

    settings.API_ALLOWANCES = settings.API_ALLOWANCES | {"building": (2, timedelta(hours=1))}
    caller = Caller(erin)

    codes = [ask(caller, study).status_code for _ in range(3)]

    assert codes == [202, 202, 429]
    assert caller.get("releases/").status_code == 200
