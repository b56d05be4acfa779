"""The engineer's pages: choosing, looking, asking for a release, waiting for it, finding it."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from feedback.datasets import previewing
from feedback.datasets.actions import run_build
from feedback.datasets.models import Build, Release
from feedback.datasets.offers import GROUPS
from feedback.datasets.presets import PRESETS
from feedback.datasets.rows import VIEWS
from feedback.people.models import AuditEntry
from feedback.studies.actions import add_member, close_study
from feedback.works.actions import withdraw_work
from feedback.works.models import Work
from tests import make
from tests.datasets.panel import answer_next, body, download_of, freeze, images, judge_all, study_of

pytestmark = pytest.mark.django_db
TRL = {"shape": "trl", "criterion": "", "purpose": "train-reward-model"}


def page_of(study) -> str:
    return reverse("releases", args=[study.slug])


def build(client, study, **asked):
    return client.post(reverse("build_release", args=[study.slug]), TRL | asked)


def preview_of(client, study, **asked) -> str:
    return client.get(reverse("preview_release", args=[study.slug]), TRL | asked).content.decode()


@pytest.fixture
def engineer(client, erin):
    client.force_login(erin)
    return client


# Choosing


def test_every_preset_and_view_is_offered_once():
    offered = [name for of in GROUPS.values() for name in of]

    assert sorted(offered) == sorted([*PRESETS, *VIEWS])


def radio(page: str, name: str) -> str:
    return re.findall(rf'id="shape-{name}"[^>]*>', page)[0]


def test_what_cannot_be_asked_for_here_is_disabled_with_the_reason(engineer, study):
    page = engineer.get(page_of(study)).content.decode()

    assert "checked" in radio(page, "trl")
    assert "disabled" in radio(page, "pickapic")
    assert "takes pictures; the works here are texts" in re.sub(r"\s+", " ", page)
    assert "disabled" in radio(page, "ratings")
    assert "needs scores of single works" in page
    assert "disabled" not in radio(page, "judgements")


def test_for_pictures_the_soft_pairs_are_chosen_and_texts_trainers_disabled(engineer, erin, bob, tmp_path):
    study = study_of(*images(tmp_path, "a", "b"))
    add_member(study=study, user=erin, role="engineer", by=None)
    judge_all(study, bob, {"a": 1, "b": 2})

    page = engineer.get(page_of(study)).content.decode()

    assert "checked" in radio(page, "pairs_soft")
    assert "disabled" in radio(page, "trl")
    assert "disabled" not in radio(page, "pickapic")


def test_for_scores_the_ratings_are_chosen(engineer, erin, bob):
    study = make.study(rater=bob, form="rating", set_size=1)
    add_member(study=study, user=erin, role="engineer", by=None)
    answer_next(study, bob, score=4.0)

    page = engineer.get(page_of(study)).content.decode()

    assert "checked" in radio(page, "ratings")
    assert "needs works set against each other" in page


# Looking before building


def test_the_preview_shows_rows_shares_and_what_stays_out_and_builds_nothing(engineer, erin, bob, alice):
    study = make.study(rater=bob, lead=alice, prompts=12, works=2, criteria=("lighting", "narrative-arc"), overlap=1)
    add_member(study=study, user=erin, role="engineer", by=None)
    judge_all(study, bob, {f"p{prompt}-{work}": work for prompt in range(1, 13) for work in (1, 2)})
    withdraw_work(work=Work.objects.get(external_id="p1-1"), reason="withdrawn", by=alice)

    page = re.sub(r"\s+", " ", preview_of(engineer, study))

    assert "22 rows from 24 judgements by 1 rater." in page
    assert "<strong>1 work:</strong>" in page
    assert "<strong>2 rows:</strong> one of the works is not cleared" in page
    cells = [int(number) for number in re.findall(r'<td class="number">(\d+)</td>', page)]
    lighting, arc = cells[:4], cells[4:8]
    assert lighting == arc
    assert sum(lighting[:3]) == lighting[3] == 11
    assert "The text of p" in page
    assert not Release.objects.exists()
    assert not Build.objects.exists()


def test_the_preview_agrees_with_what_is_built(engineer, study, bob):
    make.judgement(study, bob)
    for shape in ("trl", "pairs_soft", "judgements", "works"):
        page = preview_of(engineer, study, shape=shape)
        release = freeze(study, **({"preset": shape} if shape in PRESETS else {"view": shape}))

        assert f"{release.rows} rows from 6 judgements" in page


def test_the_preview_of_a_large_study_is_of_its_first_prompts(engineer, erin, bob, monkeypatch):
    study = make.study(rater=bob, prompts=10, works=2, criteria=("lighting",), overlap=1)
    add_member(study=study, user=erin, role="engineer", by=None)
    judge_all(study, bob, {f"p{prompt}-{work}": work for prompt in range(1, 11) for work in (1, 2)})
    monkeypatch.setattr(previewing.preview, "__kwdefaults__", {"at_most": 4})

    page = re.sub(r"\s+", " ", preview_of(engineer, study))

    assert "About 10 rows from 10 judgements" in page
    assert "Counted on the first 4 judgements" in page


def test_the_preview_names_no_rater(engineer, study, bob):
    page = preview_of(engineer, study, shape="judgements")

    assert "&quot;rater&quot;: &quot;" in page
    assert bob.rater.public_id.hex not in page
    assert "rater:" not in page


def test_the_preview_says_why_there_would_be_nothing_and_what_would_help(engineer, study):
    assert "Ask for" in preview_of(engineer, study, shape="imagereward", purpose="commercial")
    assert "is read as" in preview_of(engineer, study, format="csv")
    assert "belong to single judgements" in preview_of(engineer, study, rationales="on")


def test_the_preview_takes_a_constant_number_of_queries(engineer, study, bob):
    preview_of(engineer, study)  # criteria are remembered
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            preview_of(engineer, study)
        counts.append(len(queries))
        make.judgement(study, bob)

    assert counts[0] == counts[1] <= 40


# Asking


def test_an_engineer_asks_for_a_release_and_finds_it(engineer, study, erin, worker):
    asked = build(engineer, study)
    page = engineer.get(page_of(study)).content.decode()
    release = Release.objects.get()
    own = engineer.get(reverse("release", args=[release.public_id])).content.decode()

    assert asked.headers["Location"] == page_of(study)
    assert (release.name, release.frozen_by) == ("trl", erin)
    assert f"version {release.version}" in page
    assert reverse("release", args=[release.public_id]) in page
    assert "every 1s" not in page
    assert download_of(release) in own
    assert all(file.path in own for file in release.files.all())


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"shape": "trl-chat"}, {"preset": "trl-chat", "views": ["pairs"]}),
        ({"shape": "pairs"}, {"preset": None, "views": ["pairs"]}),
        ({"shape": "judgements", "criterion": "lighting"}, {"preset": None, "criterion": "lighting"}),
        ({"shape": "pairs", "format": "jsonl.gz", "min_judgements": "1"}, {"format": "jsonl.gz"}),
        ({"shape": "judgements", "rationales": "on"}, {"rationales": True}),
        ({"shape": "pairs", "purpose": "commercial"}, {"purpose": "commercial"}),
    ],
)
@pytest.mark.usefixtures("worker")
def test_what_is_chosen_is_what_is_built(engineer, study, asked, told):
    build(engineer, study, **asked)

    terms = Release.objects.get().terms
    assert {name: terms[name] for name in told} == told


def test_what_changed_since_a_release_can_be_asked_for(engineer, study, bob, worker):
    before = freeze(study, preset="trl")
    make.judgement(study, bob)

    page = engineer.get(page_of(study)).content.decode()
    build(engineer, study, since=str(before.public_id))

    assert f'value="{before.public_id}"' in page
    assert Release.objects.latest("pk").since == before


def test_while_it_is_under_way_the_page_tells_how_far_and_asks_again(engineer, study, no_worker):
    build(engineer, study)
    waiting = engineer.get(page_of(study)).content.decode()
    at = now()
    Build.objects.update(
        state="running", stage="reading", done=25, total=100, started_at=at - timedelta(seconds=10), told_at=at
    )

    running = engineer.get(page_of(study)).content.decode()
    headers = {"HX-Request": "true", "HX-Target": "releases"}
    part = engineer.get(page_of(study), headers=headers).content.decode()

    assert "waiting since" in waiting
    for text in (running, part):
        assert "reading, 25 %, about 30 s left" in re.sub(r"\s+", " ", text)
        assert '<progress max="100" value="25"' in text
        assert 'hx-trigger="every 1s"' in text
    assert part.strip().startswith('<section class="section" id="releases"')
    assert "Who reads it?" not in part


def test_a_build_can_be_called_off(engineer, study, no_worker):
    build(engineer, study)
    asked = Build.objects.get()

    engineer.post(reverse("cancel_build", args=[asked.public_id]), {"back": study.slug})

    page = engineer.get(page_of(study)).content.decode()
    assert Build.objects.get().state == "cancelled"
    assert "called off" in page
    assert "every 1s" not in page


@pytest.mark.usefixtures("no_worker")
def test_nobody_else_calls_a_build_off(client, engineer, study, bob, charlie):
    build(engineer, study)
    asked = Build.objects.get()

    for person in (bob, charlie):
        client.force_login(person)
        assert client.post(reverse("cancel_build", args=[asked.public_id])).status_code == 404
    assert Build.objects.get().state == "waiting"
    assert client.post(reverse("cancel_build", args=[uuid.uuid4()])).status_code == 404


def test_a_build_that_a_dead_worker_left_is_named_and_can_be_asked_for_again(engineer, study, no_worker):
    build(engineer, study)
    build(engineer, study)
    assert Build.objects.count() == 1
    Build.objects.update(asked_at=now() - timedelta(hours=1))

    page = engineer.get(page_of(study)).content.decode()
    build(engineer, study)

    assert "The worker may have stopped." in page
    assert "every 1s" not in page
    assert Build.objects.count() == 2


def test_a_failed_build_shows_the_reason_and_the_remedy(engineer, erin, bob, worker):
    study = make.study()
    add_member(study=study, user=erin, role="engineer", by=None)

    build(engineer, study)

    page = engineer.get(page_of(study)).content.decode()
    assert '<span class="fault">failed</span>' in page
    assert "has no judgement yet. Have it judged first." in page
    assert not Release.objects.exists()


def test_the_task_may_run_twice(engineer, study, no_worker):
    build(engineer, study)
    asked = Build.objects.get()

    run_build(build_id=asked.public_id)
    done = Build.objects.get()
    run_build(build_id=asked.public_id)

    assert Build.objects.get().done_at == done.done_at
    assert Release.objects.count() == 1


def test_who_lost_the_right_meanwhile_gets_no_release(engineer, study, erin, no_worker):
    build(engineer, study)
    erin.memberships.all().delete()

    run_build(build_id=Build.objects.get().public_id)

    assert Build.objects.get().state == "failed"
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"criterion": "taste"}, "Select a valid choice"),
        ({"format": "csv"}, "is read as"),
        ({"shape": "pickapic"}, "takes image"),
        ({"min_judgements": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_wrong_form_is_shown_again_with_its_fault(engineer, study, asked, fault):
    response = build(engineer, study, **asked)

    assert response.status_code == 422
    assert fault in response.content.decode()
    assert not Build.objects.exists()


def test_a_get_builds_nothing(engineer, study):
    assert engineer.get(reverse("build_release", args=[study.slug])).status_code == 405


# Who may


@pytest.mark.parametrize("who", ["nobody", "a stranger", "a rater"])
def test_for_all_others_none_of_it_exists(client, study, bob, charlie, who):
    release = freeze(study)
    if who != "nobody":
        client.force_login(charlie if who == "a stranger" else bob)

    assert client.get(page_of(study)).status_code == 404
    assert client.get(reverse("preview_release", args=[study.slug]), TRL).status_code == 404
    assert build(client, study).status_code == 404
    assert client.get(download_of(release)).status_code == 404
    assert client.get(reverse("download_release", args=[uuid.uuid4()])).status_code == 404


def test_an_engineer_of_another_study_cannot_take_a_release(client, study, charlie):
    release = freeze(study)
    add_member(study=make.study(), user=charlie, role="engineer", by=None)
    client.force_login(charlie)

    assert client.get(download_of(release)).status_code == 404


def test_a_release_of_two_studies_wants_the_right_to_both(engineer, study, erin, bob):
    other = make.study(rater=bob)
    make.judgement(other, bob)
    release = freeze(study, other)

    without = engineer.get(page_of(study)).content.decode()
    refused = engineer.get(download_of(release)).status_code
    add_member(study=other, user=erin, role="engineer", by=None)

    assert str(release.public_id) not in without
    assert refused == 404
    assert str(release.public_id) in engineer.get(page_of(study)).content.decode()
    assert engineer.get(download_of(release)).status_code == 200


def test_a_lead_who_rates_sees_no_release_until_the_study_is_closed(client, study, alice):
    release = freeze(study)
    make.make_rater(study, alice)
    add_member(study=study, user=alice, role="lead", by=None)
    client.force_login(alice)

    page = client.get(page_of(study)).content.decode()
    assert "they wait for you until the study is closed" in page
    assert str(release.public_id) not in page
    assert client.get(download_of(release)).status_code == 404
    assert client.get(reverse("preview_release", args=[study.slug]), TRL).status_code == 404
    assert build(client, study).status_code == 404

    close_study(study=study, by=alice)
    assert client.get(download_of(release)).status_code == 200


def test_building_and_downloading_leave_audit_rows(engineer, study, erin, worker):
    build(engineer, study)
    release = Release.objects.get()

    engineer.head(download_of(release))
    body(engineer.get(download_of(release)))

    told = AuditEntry.objects.filter(by=erin).order_by("pk").values_list("action", flat=True)
    assert list(told) == ["ask for release", "freeze release", "download release"]


def test_the_page_asks_as_few_questions_of_many_releases_as_of_few(engineer, study, bob):
    counts = []
    for _ in range(2):
        freeze(study)
        freeze(study, view="judgements", criterion="lighting")
        engineer.get(page_of(study))
        with CaptureQueriesContext(connection) as queries:
            page = engineer.get(page_of(study))
        counts.append(len(queries))
        make.judgement(study, bob)

    assert counts[0] == counts[1] <= 22
    assert len(set(re.findall(r'id="(release-[^"]+)"', page.content.decode()))) == 4
