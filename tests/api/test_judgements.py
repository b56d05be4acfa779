"""Judgements for machines: as they were given, in constant queries and little memory."""

import json
import tracemalloc
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.judging.actions import retract, submit
from feedback.judging.models import Judgement
from feedback.people.actions import rater_of
from feedback.people.models import AuditEntry
from tests import make
from tests.api.caller import Caller
from tests.datasets.panel import answer_next, rows
from tests.judging.test_queries import crowd

pytestmark = pytest.mark.django_db


def lines(caller, study, query="") -> list[dict]:
    told = caller.get(f"studies/{study.slug}/judgements.ndjson{query}")
    assert told.status_code == 200, told.body
    return [json.loads(line) for line in told.body.splitlines()]


def in_order(judgements):
    return sorted(judgements, key=lambda one: one["judgement_id"])


def test_the_stream_and_the_pages_tell_the_same(engineer, study):
    streamed = lines(engineer, study)
    paged = engineer.rows(f"studies/{study.slug}/judgements/?limit=5")

    assert len(streamed) == 6 * 3 == len(paged)
    assert in_order(streamed) == in_order(paged)


def test_a_judgement_is_told_as_it_was_shown_and_as_releases_tell_it(engineer, study, tmp_path):
    told = {one["judgement_id"]: one for one in lines(engineer, study)}

    released = rows(study, tmp_path / "release", view="judgements")

    assert told.keys() == {one["judgement_id"] for one in released}
    for row in released:
        mine = told[row["judgement_id"]]
        assert mine["works"] == [work["work"] for work in row["works"]]
        for name in (
            "ranks",
            "criterion",
            "criterion_version",
            "outcome",
            "judged_at",
            "purpose",
            "rater_kind",
            "late",
        ):
            assert mine[name] == row[name], name
        assert mine["prompt"] == row["prompt_id"]


def test_what_was_taken_back_is_not_told_and_what_was_said_instead_is(engineer, study, bob):
    before = lines(engineer, study)

    retracted = retract(study=study, rater=rater_of(user=bob), key=uuid.uuid4())
    without = lines(engineer, study)
    submit(assignment=retracted, key=uuid.uuid4(), replaces=2, answers=make.answers(retracted, ranks=[2, 1]))
    after = lines(engineer, study)

    assert (len(before), len(without), len(after)) == (18, 15, 18)
    assert {one["number"] for one in after} == {1, 3}


def test_raters_have_a_name_that_holds_within_the_study_alone(engineer, lead, study, alice, bob):
    other = make.study(lead=alice, rater=bob)
    make.judgement(other, bob)
    rater = rater_of(user=bob)

    here = {one["rater"] for one in lines(engineer, study)} | {one["rater"] for one in lines(lead, study)}
    there = {one["rater"] for one in lines(lead, other)}
    told = engineer.get(f"studies/{study.slug}/judgements.ndjson").body.decode()

    assert len(here) == len(there) == 1
    assert here != there
    assert not [name for name in ("Bob", rater.public_id.hex, str(rater.public_id)) if name in told]


def test_one_criterion_or_outcome_can_be_asked_for(engineer, study, bob, alice):
    other = make.study(lead=alice, rater=bob)
    answer_next(other, bob, outcome="cannot_judge")
    caller = Caller(alice)

    assert {one["criterion"] for one in lines(engineer, study, "?criterion=lighting")} == {"lighting"}
    assert len(lines(engineer, study, "?criterion=lighting")) == 6
    assert len(lines(caller, other, "?outcome=cannot_judge")) == 3
    assert lines(caller, other, "?outcome=answered") == []
    unknown = engineer.get(f"studies/{study.slug}/judgements.ndjson?criterion=smell")
    assert unknown.status_code == 400
    assert "lighting, narrative-arc, emotional-resonance" in unknown.json()["detail"]


def test_the_length_is_told_so_that_a_cut_is_seen(engineer, study):
    told = engineer.get(f"studies/{study.slug}/judgements.ndjson")
    head = engineer.send("HEAD", f"studies/{study.slug}/judgements.ndjson")

    assert told.headers["Content-Type"] == "application/x-ndjson"
    assert int(told.headers["Content-Length"]) == len(told.body) == int(head.headers["Content-Length"])
    assert told.headers["X-Rows"] == "18"
    assert head.body == b""


def test_taking_all_of_them_away_is_noted(engineer, study, erin):
    lines(engineer, study)

    assert AuditEntry.objects.filter(by=erin, action="read all judgements", subject=f"Study {study}").count() == 1


def queries_of(caller, path) -> int:
    caller.get(path)  # what is asked once in a while has been asked
    with CaptureQueriesContext(connection) as queries:
        caller.get(path)
    return len(queries)


@pytest.fixture
def crowded(alice, bob):
    """Two studies alike, one with a hundred times the judgements of the other."""
    few, many = (make.study(lead=alice, rater=bob, prompts=1, works=3) for _ in range(2))
    crowd(few, 99)
    crowd(many, 9_900)
    return few, many


@pytest.mark.parametrize(
    "path", ["judgements.ndjson", "judgements/?limit=1000", "works/?limit=1000", "prompts/?limit=1000"]
)
def test_the_number_of_queries_does_not_grow(lead, crowded, path, monkeypatch):
    from feedback.api import judgements

    monkeypatch.setattr(judgements, "AT_ONCE", 10)

    small, large = (queries_of(lead, f"studies/{study.slug}/{path}") for study in crowded)

    assert Judgement.objects.filter(submission__study=crowded[1]).count() == 9_900
    assert small == large
    assert large <= 20


def test_the_stream_is_made_in_little_memory(lead, crowded, monkeypatch):
    from feedback.api import judgements

    monkeypatch.setattr(judgements, "AT_ONCE", 10)
    lines(lead, crowded[0])  # what is loaded once is loaded

    peaks = []
    for study in crowded:
        tracemalloc.start()
        response = lead.client.get(
            f"/api/v1/studies/{study.slug}/judgements.ndjson", headers={"Authorization": f"Bearer {lead.secret}"}
        )
        size = sum(len(chunk) for chunk in response.streaming_content)
        peaks.append((size, tracemalloc.get_traced_memory()[1]))
        tracemalloc.stop()

    (small, few_peak), (large, many_peak) = peaks
    assert large > 90 * small > 0
    assert many_peak - few_peak < 500_000 < large / 4, peaks


def test_fits_are_told_with_their_estimates(engineer, study):
    from feedback.results.actions import fit

    fit(study=study)

    told = engineer.rows(f"studies/{study.slug}/fits/")
    works = engineer.rows(f"studies/{study.slug}/fits/?level=works&criterion=lighting")
    one = engineer.get(f"studies/{study.slug}/fits/{works[0]['number']}/").json()
    elsewhere = engineer.get(f"studies/{study.slug}/fits/{works[0]['number'] + 1000}/")

    assert len(told) == 6
    assert [fit["number"] for fit in told] == sorted((fit["number"] for fit in told), reverse=True)
    assert len(works) == 1
    assert len(one["estimates"]) == 6
    assert {row["prompt"] for row in one["estimates"]} == {"p1", "p2"}
    assert all(row["low"] < row["value"] < row["high"] for row in one["estimates"])
    assert one | {"estimates": 0} == works[0] | {"estimates": 0}
    assert elsewhere.status_code == 404


def test_a_fit_of_another_study_is_not_there(lead, engineer, study, alice):
    from feedback.results.actions import fit

    other = make.study(lead=alice)
    number = fit(study=other)[0].pk

    assert engineer.get(f"studies/{study.slug}/fits/{number}/").status_code == 404
    assert lead.get(f"studies/{other.slug}/fits/{number}/").status_code == 200
