"""The engineer's page: asking for a release, waiting for it, taking it away."""

import io
import re
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from feedback.datasets.actions import run_build
from feedback.datasets.models import Build, Release
from feedback.people.models import AuditEntry
from feedback.studies.actions import add_member, close_study
from tests import make
from tests.datasets.panel import body, download_of, freeze

pytestmark = pytest.mark.django_db
TRL = {"preset": "trl", "criterion": "", "purpose": "train-reward-model"}


def page_of(study) -> str:
    return reverse("releases", args=[study.slug])


def test_an_engineer_asks_for_a_release_and_takes_it_away(client, study, erin, worker):
    client.force_login(erin)

    asked = client.post(reverse("build_release", args=[study.slug]), TRL)
    page = client.get(page_of(study)).content.decode()

    assert asked.headers["Location"] == page_of(study)
    release = Release.objects.get()
    assert (release.preset, release.view, release.frozen_by) == ("trl", "pairs", erin)
    assert "<strong>ready</strong>" in page
    assert download_of(release) in page
    assert "hx-trigger" not in page
    archive = zipfile.ZipFile(io.BytesIO(body(client.get(download_of(release)))))
    assert archive.namelist()[0] == "README.md"
    assert archive.namelist()[-1] == "manifest.json"
    assert sorted(archive.namelist()) == archive.namelist()
    assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("preset", "shape"),
    [("trl-chat", ("trl-chat", "pairs")), ("pairs", ("", "pairs")), ("judgements", ("", "judgements"))],
)
@pytest.mark.usefixtures("worker")
def test_the_form_offers_every_form_and_one_criterion(client, study, erin, preset, shape):
    client.force_login(erin)

    client.post(reverse("build_release", args=[study.slug]), TRL | {"preset": preset, "criterion": "lighting"})

    release = Release.objects.get()
    assert (release.preset, release.view) == shape
    assert release.criterion.slug == "lighting"


def test_while_it_waits_the_page_says_since_when_and_asks_again(client, study, erin, no_worker):
    client.force_login(erin)
    client.post(reverse("build_release", args=[study.slug]), TRL)

    page = client.get(page_of(study)).content.decode()
    part = client.get(page_of(study), headers={"HX-Request": "true", "HX-Target": "releases"}).content.decode()

    for text in (page, part):
        assert "<strong>waiting</strong> since" in text
        assert f'hx-get="{page_of(study)}"' in text
        assert 'hx-trigger="every 1.5s"' in text
    assert part.strip().startswith('<section class="section" id="releases"')
    assert "<form" not in part


def test_a_build_that_a_dead_worker_left_is_named_and_can_be_asked_for_again(client, study, erin, no_worker):
    client.force_login(erin)
    client.post(reverse("build_release", args=[study.slug]), TRL)
    client.post(reverse("build_release", args=[study.slug]), TRL)
    assert Build.objects.count() == 1
    Build.objects.update(asked_at=now() - timedelta(hours=1))

    page = client.get(page_of(study)).content.decode()
    client.post(reverse("build_release", args=[study.slug]), TRL)

    assert "The worker may have stopped." in page
    assert "hx-trigger" not in page
    assert Build.objects.count() == 2


def test_a_failed_build_shows_the_reason_and_the_remedy(client, erin, worker):
    study = make.study()
    add_member(study=study, user=erin, role="engineer", by=None)
    client.force_login(erin)

    client.post(reverse("build_release", args=[study.slug]), TRL)

    page = client.get(page_of(study)).content.decode()
    assert '<strong class="fault">failed</strong>' in page
    assert "has no judgement yet. Have it judged first." in page
    assert not Release.objects.exists()


def test_the_task_may_run_twice(client, study, erin, no_worker):
    client.force_login(erin)
    client.post(reverse("build_release", args=[study.slug]), TRL)
    build = Build.objects.get()

    run_build(build_id=build.public_id)
    done = Build.objects.get()
    run_build(build_id=build.public_id)

    assert Build.objects.get().done_at == done.done_at
    assert Release.objects.count() == 1


def test_who_lost_the_right_meanwhile_gets_no_release(client, study, erin, no_worker):
    client.force_login(erin)
    client.post(reverse("build_release", args=[study.slug]), TRL)
    erin.memberships.all().delete()

    run_build(build_id=Build.objects.get().public_id)

    assert Build.objects.get().state == "failed"
    assert not Release.objects.exists()


def test_a_wrong_form_is_shown_again_with_its_fault(client, study, erin):
    client.force_login(erin)

    response = client.post(reverse("build_release", args=[study.slug]), TRL | {"criterion": "taste"})

    assert response.status_code == 422
    assert "Select a valid choice" in response.content.decode()
    assert not Build.objects.exists()


def test_a_get_builds_nothing(client, study, erin):
    client.force_login(erin)

    assert client.get(reverse("build_release", args=[study.slug])).status_code == 405


@pytest.mark.parametrize("who", ["nobody", "a stranger", "a rater"])
def test_for_all_others_none_of_it_exists(client, study, bob, charlie, who):
    release = freeze(study)
    if who != "nobody":
        client.force_login(charlie if who == "a stranger" else bob)

    assert client.get(page_of(study)).status_code == 404
    assert client.post(reverse("build_release", args=[study.slug]), TRL).status_code == 404
    assert client.get(download_of(release)).status_code == 404
    assert client.head(download_of(release)).status_code == 404
    assert client.get(reverse("download_release", args=[uuid.uuid4()])).status_code == 404


def test_an_engineer_of_another_study_cannot_take_a_release(client, study, charlie):
    release = freeze(study)
    add_member(study=make.study(), user=charlie, role="engineer", by=None)
    client.force_login(charlie)

    assert client.get(download_of(release)).status_code == 404


def test_a_lead_who_rates_sees_no_release_until_the_study_is_closed(client, study, alice, worker):
    release = freeze(study)
    make.make_rater(study, alice)
    add_member(study=study, user=alice, role="lead", by=None)
    client.force_login(alice)

    page = client.get(page_of(study)).content.decode()
    assert "they wait for you until the study is closed" in page
    assert str(release.public_id) not in page
    assert client.get(download_of(release)).status_code == 404
    assert client.post(reverse("build_release", args=[study.slug]), TRL).status_code == 404

    close_study(study=study, by=alice)
    assert client.get(download_of(release)).status_code == 200


def test_building_and_downloading_leave_audit_rows(client, study, erin, worker):
    client.force_login(erin)
    client.post(reverse("build_release", args=[study.slug]), TRL)
    release = Release.objects.get()

    client.head(download_of(release))
    body(client.get(download_of(release)))
    body(client.get(download_of(release), headers={"Range": "bytes=5-9"}))

    told = AuditEntry.objects.filter(by=erin).order_by("pk").values_list("action", flat=True)
    assert list(told) == ["ask for release", "freeze release", "download release"]


def test_the_page_asks_as_few_questions_of_many_releases_as_of_few(client, study, erin, bob, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(erin)
    counts = []
    for _ in range(2):
        freeze(study)
        freeze(study, view="judgements", criterion="lighting")
        client.get(page_of(study))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(page_of(study))
        counts.append(len(queries))
        make.judgement(study, bob)

    assert counts[0] == counts[1] <= 15
    assert len(set(re.findall(r'id="(release-[^"]+)"', page.content.decode()))) == 4


def test_the_page_shows_three_lines_that_load_it(client, study, erin):
    release = freeze(study)
    client.force_login(erin)

    page = client.get(page_of(study)).content.decode()

    lines = page.split("<code>import zipfile", 1)[1].split("</code>")[0].splitlines()
    assert len(lines) == 3
    assert release.file_name in lines[1]
