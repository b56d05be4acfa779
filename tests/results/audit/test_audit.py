"""The auditor's pages: what was judged, everybody's answers, and their marks where they were pinned."""

import html
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.intake.actions import store_study
from feedback.intake.reading import read_study
from feedback.intake.reading.plans import StudyPlan
from feedback.judging.models import Comparison
from feedback.results.audit import views
from feedback.studies.actions import add_member, close_study
from feedback.studies.models import Study
from tests import make
from tests.browser.marked import MEDIA, NOTE, write_marked

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> StudyPlan:
    """Judged elsewhere in every medium."""
    folder = tmp_path_factory.mktemp("marked")
    return read_study(write_marked(folder / "study"), scratch=folder / "scratch")


@pytest.fixture
def study(plan, alice, client) -> Study:
    """The plan as a study; Alice, who leads, is signed in."""
    study = store_study(plan=plan).study
    add_member(study=study, user=alice, role="lead", by=None)
    client.force_login(alice)
    return study


def comparison(study: Study, prompt: str) -> Comparison:
    return study.comparisons.get(prompt__external_id=prompt, purpose="imported")


def page(client, found: Comparison) -> str:
    return client.get(reverse("audit", args=[found.study.slug, found.pk])).content.decode()


def marks_on(text: str) -> list[dict]:
    return json.loads(html.unescape(re.findall(r'data-marks="([^"]*)"', text)[0]))


def test_the_list_holds_what_was_judged_with_its_counts(client, study):
    text = client.get(reverse("judged", args=[study.slug])).content.decode()

    assert text.count("2 answers") == text.count("4 marks") == len(MEDIA)
    assert "Zyzzogeton" not in text
    assert reverse("judged", args=[study.slug]) in client.get(reverse("results", args=[study.slug])).content.decode()


def test_newest_first_only_with_marks_and_page_by_page(client, study, bob, monkeypatch):
    make.make_rater(study, bob)
    latest = make.judgement(study, bob).assignment.comparison
    monkeypatch.setattr(views, "PER_PAGE", 4)

    def numbers(query: str) -> list[int]:
        text = client.get(reverse("judged", args=[study.slug]) + query).content.decode()
        return [int(number) for number in re.findall(r"/judged/(\d+)/", text)]

    first, second, marked = numbers(""), numbers("?page=2"), numbers("?marks=1")
    assert first[0] == latest.pk
    assert len({*first, *second}) == len(first + second) == 6
    assert latest.pk not in marked + numbers("?marks=1&page=2")


def test_everybodys_answers_are_told_in_the_letters_of_the_page(client, study):
    text = page(client, comparison(study, "image"))

    assert "A over B, clearly" in text  # Ann saw them so
    assert "B over A, clearly" in text  # Ben saw them turned round, and chose the other
    assert "Ann saw where the light comes from." in text
    assert re.search(r"rater [0-9a-f]{6}", text)
    assert not re.search(r">\s*(Ann|Ben)\s*<", text)


@pytest.mark.parametrize("medium", MEDIA)
def test_all_marks_come_with_their_places_and_who_made_them(client, study, medium):
    marks = marks_on(page(client, comparison(study, medium)))

    assert [mark["number"] for mark in marks] == [1, 2, 3, 4]
    assert {mark["rater"] for mark in marks} == {mark["rater"] for mark in marks[::2]}
    assert len({mark["rater"] for mark in marks}) == 2
    assert {(mark["letter"], mark["sign"], mark["tag"], mark["note"], mark["about"]) for mark in marks} == {
        ("A", 1, "glow", "", "Lighting"),
        ("B", -1, "shadow", NOTE, None),
    }


def test_words_are_counted_in_the_text_that_is_shown(client, study):
    found = comparison(study, "text")
    asset = found.entries.get(index=0).work.assets.get(role="shown")
    asset.text = "\u200b" + asset.text  # a mark a reader cannot see, in which a maker could sign
    asset.save()
    for mark in found.assignments.get(rater__label="Ann").latest.marks.filter(entry=0):
        mark.place |= {"start": mark.place["start"] + 1, "end": mark.place["end"] + 1}
        mark.save()

    [mark] = [one for one in marks_on(page(client, found)) if one["place"]["quote"] == "The lamp was lit"]

    assert (mark["place"]["start"], mark["place"]["end"]) == (0, 16)


def test_the_works_are_those_that_raters_see(client, study):
    found = comparison(study, "video")
    address = reverse("audited_work", args=[study.slug, found.pk, 0])

    film, poster = client.get(address), client.get(address + "?part=poster")
    others = [client.get(address + "?part=original"), client.get(address.replace("/works/0/", "/works/2/"))]

    assert (film.status_code, film.headers["Content-Type"]) == (200, "video/webm")
    assert poster.headers["Content-Type"] == "image/webp"
    assert film.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert {other.status_code for other in others} == {404}


def addresses(study: Study) -> list[str]:
    found = comparison(study, "image").pk
    return [
        reverse("judged", args=[study.slug]),
        reverse("audit", args=[study.slug, found]),
        reverse("audited_work", args=[study.slug, found, 0]),
    ]


def test_for_raters_engineers_and_strangers_there_is_nothing(client, study, bob, charlie):
    make.make_rater(study, bob)
    erin = make.user("Erin")
    add_member(study=study, user=erin, role="engineer", by=None)

    seen = []
    for somebody in (bob, charlie, erin):
        client.force_login(somebody)
        seen += [client.get(address).status_code for address in addresses(study)]
    client.logout()
    seen += [client.get(address).status_code for address in addresses(study)]

    assert set(seen) == {404}


def test_a_comparison_of_another_study_is_not_there(client, study, alice):
    other = make.study(lead=alice)

    assert client.get(reverse("audit", args=[other.slug, comparison(study, "image").pk])).status_code == 404


def test_a_lead_who_rates_sees_nobodys_answers_until_the_study_is_closed(client, study, alice):
    add_member(study=study, user=alice, role="rater", by=None)
    listed, one, work = addresses(study)

    open_ = [client.get(address) for address in (listed, one, work)]
    close_study(study=study, by=alice)
    closed = [client.get(address) for address in (listed, one, work)]

    assert [response.status_code for response in open_] == [200, 404, 404]
    assert "stays hidden while it is open" in open_[0].content.decode()
    assert "answers" not in open_[0].content.decode().replace("what others answered", "")
    assert [response.status_code for response in closed] == [200, 200, 200]


def test_the_queries_stay_the_same_however_many_answered(client, study):
    marked, plain = comparison(study, "image"), make.study(lead=make.user("Lea"), works=2, overlap=9)
    for number in range(8):
        rater = make.user(f"R{number}")
        make.make_rater(plain, rater)
        make.judgement(plain, rater)
    add_member(study=plain, user=study.memberships.get().user, role="lead", by=None)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    client.get(reverse("judged", args=[study.slug]))  # which renews the session
    many = Comparison.objects.get(study=plain)
    assert (
        queries(reverse("audit", args=[plain.slug, many.pk]))
        <= queries(reverse("audit", args=[study.slug, marked.pk]))
        <= 22
    )
    assert queries(reverse("judged", args=[plain.slug])) <= queries(reverse("judged", args=[study.slug])) <= 8
