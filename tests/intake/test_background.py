"""Imports whose works the background worker makes: quick to store, slow to open, and never half."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.timezone import now

from feedback.intake import preparing
from feedback.intake.preparing import work_at
from feedback.judging.models import Comparison, Judgement, Mark
from feedback.studies.models import Study
from feedback.works import actions
from feedback.works.media import encode
from feedback.works.models import Asset, LeftOut, Preparation, Work
from tests import make
from tests.intake.test_leaving_out import folder, run, slug
from tests.intake.test_reading_media import picture
from tests.works.making import numbered, sine, write_film

pytestmark = pytest.mark.django_db
SHOWN = ("work__external_id", "sha256", "bytes", "width", "height", "facts", "media_type", "role")


@pytest.fixture(autouse=True)
def no_worker(settings):
    """Tasks wait for whoever calls `work_at`."""
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}


def begun(path, *options: str) -> Study:
    told, words = run(path, "--background", *options)
    assert told["preparing"]
    assert "The worker makes what raters see" in words
    return Study.objects.get(slug=told["study"])


def assets(study: Study) -> list[tuple]:
    return sorted(Asset.objects.filter(work__collection__studies=study).values_list(*SHOWN), key=str)


def preparation(study: Study) -> Preparation:
    return Preparation.objects.get(study=study)


def test_a_draft_stands_at_once_with_its_originals_and_nothing_to_be_shown(tmp_path):
    study = begun(folder(tmp_path / "a", slug(), broken=()))

    roles = set(Asset.objects.filter(work__collection__studies=study).values_list("role", flat=True))
    assert (study.state, roles) == ("draft", {"original"})
    assert Comparison.objects.filter(study=study).count() == 0
    assert (preparation(study).state, preparation(study).total, preparation(study).done) == ("making", 4, 0)


def test_what_the_worker_makes_is_what_the_foreground_makes(tmp_path):
    path = folder(tmp_path / "a", slug(), broken=())
    write_film(path / "media" / "0.mp4", [numbered(frame) for frame in range(6)], sound=sine(0.24))
    works = (path / "works.jsonl").read_text().replace("0.png", "0.mp4")
    (path / "works.jsonl").write_text(works)
    mark = '"kind": "point", "place": {"x": 3, "y": 4, "frame": 2, "time": 0.1}'
    (path / "marks.jsonl").write_text(
        (path / "marks.jsonl").read_text().replace('"kind": "point", "place": {"x": 3, "y": 4}', mark, 1)
    )
    study = begun(path)

    assert work_at(study_id=study.pk) is None

    study.refresh_from_db()
    made, said = assets(study), sorted(map(str, Mark.objects.values_list("kind", "place", "entry", "sign")))
    asked = Comparison.objects.filter(study=study).count()
    assert (study.state, preparation(study).state) == ("open", "ready")
    assert Judgement.objects.filter(submission__study=study).count() == 3
    again = (path / "study.toml").read_text().replace(study.slug, other := slug())
    (path / "study.toml").write_text(again)
    run(path)
    beside = Study.objects.get(slug=other)
    assert assets(beside) == made
    assert (
        sorted(map(str, Mark.objects.filter(submission__study=beside).values_list("kind", "place", "entry", "sign")))
        == said
    )
    assert Comparison.objects.filter(study=beside).count() == asked


def test_each_work_is_kept_as_soon_as_it_is_made_and_the_next_run_goes_on_behind_it(tmp_path, monkeypatch):
    study = begun(folder(tmp_path / "a", slug(), broken=()))
    monkeypatch.setattr(preparing, "AT_A_TIME", 0.0)
    done, encoded = [], []
    plain = preparing.encode
    monkeypatch.setattr(
        preparing, "encode", lambda path, *more, **given: encoded.append(path) or plain(path, *more, **given)
    )

    while work_at(study_id=study.pk) is not None:
        done.append(preparation(study).done)

    assert done == [1, 2, 3, 4]
    assert len(encoded) == 4


def test_two_runs_are_never_at_the_same_study(tmp_path):
    study = begun(folder(tmp_path / "a", slug(), broken=()))
    held = actions.hold(study_id=study.pk, holder=uuid.uuid4())

    assert work_at(study_id=study.pk) == actions.HELD_FOR
    assert preparation(study).done == 0
    Preparation.objects.filter(pk=held.pk).update(beat_at=now() - 2 * actions.HELD_FOR)
    assert work_at(study_id=study.pk) is None
    assert preparation(study).is_ready


def test_a_work_that_fails_says_why_is_not_shown_and_the_lead_is_asked(tmp_path, client, alice):
    study = begun(folder(tmp_path / "a", slug(), broken=(), rotten=(1,)))
    make.add_member(study=study, user=alice, role="lead", by=None)
    client.force_login(alice)

    work_at(study_id=study.pk)

    study.refresh_from_db()
    page = client.get(reverse("study_desk", args=[study.slug])).content.decode()
    assert (study.state, preparation(study).state) == ("draft", "asking")
    assert "1 work could not be made." in page
    assert "A damaged or truncated PNG" in page
    assert not Work.objects.filter(collection__studies=study, external_id="w1").exists()
    client.post(reverse("desk_act", args=[study.slug]), {"act": "open"})
    assert Study.objects.get(pk=study.pk).state == "draft"

    client.post(reverse("desk_go_on", args=[study.slug]))
    work_at(study_id=study.pk)

    study.refresh_from_db()
    assert (study.state, preparation(study).state) == ("open", "ready")
    assert preparation(study).rows_left_out == {"judgements.jsonl": 2, "marks.jsonl": 1}
    assert Judgement.objects.filter(submission__study=study).count() == 1
    assert Comparison.objects.filter(study=study, purpose="uniform").count() == 3


def test_with_leave_out_broken_nobody_is_asked(tmp_path):
    study = begun(folder(tmp_path / "a", slug(), broken=(0,), rotten=(1,), gold=True), "--leave-out-broken")

    work_at(study_id=study.pk)

    study.refresh_from_db()
    assert (study.state, study.qualify_items, study.qualify_pass) == ("open", 1, 1)
    assert list(LeftOut.objects.filter(study=study).values_list("work", flat=True)) == ["w0", "w1"]


def test_a_file_that_ends_the_worker_every_time_is_left_out(tmp_path, monkeypatch):
    study = begun(folder(tmp_path / "a", slug(), broken=()), "--leave-out-broken")
    plain = preparing.encode

    def deadly(path, *more, **given):
        if path.read_bytes() == (tmp_path / "a" / "media" / "0.png").read_bytes():
            raise MemoryError  # as good as a kill: nothing of ours is caught
        return plain(path, *more, **given)

    monkeypatch.setattr(preparing, "encode", deadly)
    for _ in range(preparing.MOST_TRIES):
        with pytest.raises(MemoryError):
            work_at(study_id=study.pk)
    work_at(study_id=study.pk)

    [left_out] = LeftOut.objects.filter(study=study)
    assert (left_out.work, left_out.reason) == ("w0", "a file that ended the worker each time")
    assert preparation(study).is_ready


def test_a_mark_beside_its_work_stops_the_study_and_the_lead_reads_why(tmp_path, client, alice):
    path = folder(tmp_path / "a", slug(), broken=())
    (path / "marks.jsonl").write_text((path / "marks.jsonl").read_text().replace('"x": 3', '"x": 3000', 1))
    study = begun(path)
    make.add_member(study=study, user=alice, role="lead", by=None)
    client.force_login(alice)

    work_at(study_id=study.pk)

    page = client.get(reverse("study_desk", args=[study.slug])).content.decode()
    assert preparation(study).state == "stopped"
    assert "marks.jsonl:1 place" in page
    assert Study.objects.get(pk=study.pk).state == "draft"


def test_the_page_tells_how_far_it_is_and_is_loaded_anew_when_ready(tmp_path, client, alice):
    study = begun(folder(tmp_path / "a", slug(), broken=()))
    make.add_member(study=study, user=alice, role="lead", by=None)
    client.force_login(alice)
    address = reverse("desk_making", args=[study.slug])
    Preparation.objects.filter(study=study).update(now="w0", fraction=0.5, seconds=30.0)

    half = client.get(address).content.decode()
    work_at(study_id=study.pk)
    whole = client.get(address)

    assert "0 of 4 works can be shown." in half
    assert "Making w0, 50 % of it · about 4 min left" in half
    assert 'hx-trigger="every 1s"' in half
    assert whole.headers["HX-Refresh"] == "true"


def test_an_import_again_reminds_the_worker_and_changes_nothing(tmp_path, monkeypatch):
    path = folder(tmp_path / "a", slug(), broken=())
    study = begun(path)
    asked = []
    monkeypatch.setattr("feedback.intake.actions.prepare", type("Task", (), {"enqueue": staticmethod(asked.append)}))

    told, _ = run(path, "--background")

    assert told["unchanged"]
    assert asked == [study.pk, study.pk]


def test_films_tell_how_far_they_are(tmp_path):
    film = write_film(tmp_path / "a.mp4", [numbered(frame) for frame in range(20)])
    heard = []

    encode(film, tmp_path / "made", on_fraction=heard.append)

    assert heard == sorted(heard)
    assert len(heard) >= 20
    assert heard[-1] == 1.0
    assert sum(0.2 < fraction < 0.9 for fraction in heard) > 10


def test_a_file_that_a_killed_worker_left_half_is_written_anew(tmp_path):
    study = begun(folder(tmp_path / "a", slug(), broken=()))
    [work] = Work.objects.filter(collection__studies=study, external_id="w0")
    made = encode(tmp_path / "a" / "media" / "0.png", tmp_path / "made")
    [asset] = actions.shown_assets(made)
    asset.storage.save(asset.name, ContentFile(made.path.read_bytes()[:-9]))

    work_at(study_id=study.pk)

    with work.assets.get(role="shown").derivative.open("rb") as file:
        assert file.read() == made.path.read_bytes()


def test_a_dry_run_is_not_for_the_background(tmp_path):
    with pytest.raises(CommandError, match="leave --background out"):
        call_command("import_study", str(folder(tmp_path / "a", slug())), "--background", "--dry-run")


def test_pictures_of_one_content_are_made_once(tmp_path, monkeypatch):
    path = folder(tmp_path / "a", slug(), broken=())
    picture("orange").save(path / "media" / "3.png")
    study = begun(path)
    encoded = []
    plain = preparing.encode
    monkeypatch.setattr(
        preparing, "encode", lambda path, *more, **given: encoded.append(path) or plain(path, *more, **given)
    )

    work_at(study_id=study.pk)

    assert len(encoded) == 3
    assert preparation(study).is_ready
