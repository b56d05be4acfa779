"""A study made in the browser of a folder, a zip or loose files: stored whole, or every fault told."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from PIL import Image

from feedback.intake.delivering.worker import read
from feedback.intake.models import DeliveredFile, Delivery
from feedback.intake.preparing import work_at
from feedback.people import actions as people
from feedback.studies.models import Study
from feedback.works.models import Work
from tests import make
from tests.browser.folder import write_folder

pytestmark = pytest.mark.django_db
RIGHTS = {"licence": "CC0-1.0", "purposes": ["show", "export"]}


@pytest.fixture
def lead(client, alice):
    people.let_make_studies(user=alice)
    client.force_login(alice)
    return client


def begin(lead, **told) -> Delivery:
    answer = lead.post(reverse("new_study"), {"title": "A boat at night", "form": "pair"} | told)
    assert answer.status_code == 302, answer.content.decode()
    return Delivery.objects.latest("pk")


def send(lead, delivery, path: str, content: bytes, **part):
    told = {"bytes": len(content), "modified": 1, "offset": 0} | part
    return lead.generic(
        "POST",
        reverse("deliver", args=[delivery.public_id]),
        content,
        content_type="application/octet-stream",
        headers={"Upload-Path": path} | {f"Upload-{name.capitalize()}": str(value) for name, value in told.items()},
    )


def send_folder(lead, delivery, folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            assert send(lead, delivery, str(path.relative_to(folder.parent)), path.read_bytes()).status_code == 200


def go(lead, delivery) -> Delivery:
    """Have it read, as the worker does."""
    lead.post(reverse("read_files", args=[delivery.public_id]))
    read(delivery_id=delivery.pk)
    delivery.refresh_from_db()
    return delivery


def picture(colour: str = "red") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "PNG")
    return file.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def loose(lead) -> Delivery:
    """Two prompts with a picture and a text each, and what was asked of the first."""
    delivery = begin(lead)
    for folder in ("a boat at night", "a lighthouse in fog"):
        send(lead, delivery, f"all/{folder}/flux-2.png", picture("red" if "boat" in folder else "blue"))
        send(lead, delivery, f"all/{folder}/sora.png", picture("green" if "boat" in folder else "grey"))
    send(lead, delivery, "all/a boat at night/prompt.txt", b"A boat, at night, without a moon.")
    return delivery


def table(lead, delivery, **changes) -> dict[str, object]:
    """What the page of the table would post."""
    page = lead.get(reverse("arrange", args=[delivery.public_id])).context
    said: dict[str, object] = {"by": "generator"} | RIGHTS
    for number, row in page["rows"]:
        said |= {f"prompt.{number}": row.prompt, f"maker.{number}": row.maker, f"kept.{number}": "on"}
    said |= {f"text.{prompt}": text for prompt, text in page["prompts"]}
    return said | {key.replace("__", "."): value for key, value in changes.items()}


def test_a_folder_becomes_a_draft_that_its_maker_leads_and_opens(
    lead, alice, tmp_path, django_capture_on_commit_callbacks
):
    delivery = begin(lead)
    send_folder(lead, delivery, write_folder(tmp_path / "light", slug="light", pictures=1, texts=1))

    with django_capture_on_commit_callbacks(execute=True):
        go(lead, delivery)
    while work_at(study_id=delivery.study_id) is not None:
        pass

    study = Study.objects.get(slug="light")
    assert (study.state, study.rounds.count(), study.preparation.state) == (
        "draft",
        0,
        "ready",
    )
    assert study.memberships.filter(user=alice, role="lead").exists()
    assert delivery.files.count() == 0
    lead.post(reverse("desk_act", args=["light"]), {"act": "open"})
    study.refresh_from_db()
    assert study.is_open
    assert study.rounds.get().comparisons.count() == 6


def test_nothing_stays_of_what_a_study_was_made_of(lead, tmp_path, django_capture_on_commit_callbacks):
    delivery = begin(lead)
    send_folder(lead, delivery, write_folder(tmp_path / "light", slug="light", pictures=0, texts=1))
    folder = Path(storages["uploads"].path(f"deliveries/{delivery.public_id}"))
    before = len(list(folder.iterdir()))

    with django_capture_on_commit_callbacks(execute=True):
        go(lead, delivery)

    assert (before, len(list(folder.iterdir()))) == (3, 0)


def test_with_any_fault_nothing_is_stored_and_each_is_told_with_its_line(lead, tmp_path):
    folder = write_folder(tmp_path / "light", slug="light", pictures=1, texts=0)
    works = (folder / "works.jsonl").read_text().replace("brief-0-Quomodocunquize.png", "nothing.png")
    (folder / "works.jsonl").write_text(works)
    (folder / "study.toml").write_text('slug = "light"\ntitle = "Light"\nform = "trio"\n')
    delivery = begin(lead)
    send_folder(lead, delivery, folder)

    go(lead, delivery)

    page = lead.get(reverse("delivery", args=[delivery.public_id])).content.decode()
    assert delivery.state == "refused"
    assert [(fault["file"], fault["line"], fault["field"]) for fault in delivery.faults] == [
        ("study.toml", 3, "form"),
        ("works.jsonl", 2, "file"),
    ]
    assert "found no file &quot;nothing.png&quot;" in page
    assert Study.objects.count() == Work.objects.count() == 0


def test_what_was_put_right_is_read_again_and_only_that_is_sent(lead, tmp_path):
    folder = write_folder(tmp_path / "light", slug="light", pictures=0, texts=1)
    right = (folder / "study.toml").read_bytes()
    (folder / "study.toml").write_bytes(right.replace(b'"pair"', b'"pear"'))
    delivery = begin(lead)
    send_folder(lead, delivery, folder)
    assert go(lead, delivery).state == "refused"

    here = lead.get(reverse("deliver", args=[delivery.public_id])).json()["files"]
    send(lead, delivery, "light/study.toml", right, modified=2)

    assert set(here) == {"light/study.toml", "light/prompts.jsonl", "light/works.jsonl"}
    assert go(lead, delivery).state == "stored"


def test_files_that_are_refused_can_be_left_out(lead, tmp_path):
    folder = write_folder(tmp_path / "light", slug="light", pictures=1, texts=0)
    next(iter(sorted((folder / "media").iterdir()))).write_bytes(b"no picture at all")
    delivery = begin(lead)
    send_folder(lead, delivery, folder)
    assert go(lead, delivery).state == "refused"

    lead.post(reverse("read_files", args=[delivery.public_id]), {"leave_out": "1"})
    read(delivery_id=delivery.pk)

    study = Study.objects.get(slug="light")
    assert (Work.objects.count(), study.left_out.count()) == (2, 1)


def test_a_part_that_was_cut_off_is_gone_on_with(lead):
    delivery, content = begin(lead), picture()

    first = send(lead, delivery, "boat.png", content[:40], bytes=len(content))
    wrong = send(lead, delivery, "boat.png", content[50:], bytes=len(content), offset=50)
    rest = send(lead, delivery, "boat.png", content[40:], bytes=len(content), offset=40)

    assert first.json() == {"received": 40}
    assert (wrong.status_code, wrong.json()) == (409, {"received": 40})
    assert rest.json() == {"received": len(content)}
    assert DeliveredFile.objects.get().is_whole


def test_a_study_is_not_read_before_its_files_are_whole(lead):
    delivery, content = begin(lead), picture()
    send(lead, delivery, "boat.png", content[:40], bytes=len(content))

    answer = lead.post(reverse("read_files", args=[delivery.public_id]))

    delivery.refresh_from_db()
    assert (answer.status_code, delivery.state) == (422, "open")
    assert "not here to their end" in answer.content.decode()


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../b", "a\x00b", "a\\b", ".hidden", "", "x" * 600])
def test_a_path_that_leads_elsewhere_is_refused(lead, path):
    delivery = begin(lead)

    assert send(lead, delivery, path.replace("\x00", "%00"), b"x").status_code == 422
    assert DeliveredFile.objects.count() == 0


def test_more_than_may_wait_is_refused_before_it_is_sent(lead, settings):
    settings.API_UPLOADS, settings.API_PART = 1000, 500
    delivery = begin(lead)

    codes = [
        send(lead, delivery, "a.png", b"x" * 400, bytes=900).status_code,
        send(lead, delivery, "b.png", b"x", bytes=200).status_code,
        send(lead, delivery, "c.png", b"x" * 501, bytes=50).status_code,
        send(lead, delivery, "d.png", b"x" * 60, bytes=50).status_code,
    ]

    assert codes == [200, 422, 413, 422]


def test_a_zip_bomb_is_refused_in_words(lead):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("study.toml", b"0" * 50_000_000)
    delivery = begin(lead)
    send(lead, delivery, "bomb.zip", packed.getvalue())

    go(lead, delivery)

    assert delivery.state == "refused"
    assert "ratio" in delivery.faults[0]["message"]


def test_a_zip_of_loose_files_is_spread_out_to_be_arranged(lead):
    delivery = begin(lead)
    send(lead, delivery, "works.zip", zipped({"boat/flux.png": picture(), "boat/sora.png": picture("blue")}))

    go(lead, delivery)

    assert delivery.state == "open"
    assert list(delivery.files.values_list("path", flat=True)) == ["boat/flux.png", "boat/sora.png"]
    assert lead.get(reverse("arrange", args=[delivery.public_id])).status_code == 200


def test_loose_files_become_works_by_folder_and_name_as_corrected(lead):
    delivery = loose(lead)

    said = table(lead, delivery, maker__3="sora-3")
    lead.post(reverse("arrange", args=[delivery.public_id]), said)
    read(delivery_id=delivery.pk)

    study = Study.objects.get(slug="a-boat-at-night")
    works = Work.objects.select_related("prompt", "generator").order_by("external_id")
    assert [(work.prompt.external_id, str(work.generator)) for work in works] == [
        ("a boat at night", "flux-2"),
        ("a boat at night", "sora"),
        ("a lighthouse in fog", "flux-2"),
        ("a lighthouse in fog", "sora-3"),
    ]
    assert works[0].prompt.text == "A boat, at night, without a moon."
    assert works[2].prompt.text == "a lighthouse in fog"
    assert study.criteria.count() == 3


def test_loose_texts_become_works_with_their_words(lead):
    delivery = begin(lead)
    send(lead, delivery, "tale/ann.txt", "Once, an ünlit lamp.".encode())
    send(lead, delivery, "tale/bea.md", b"Twice.")

    lead.post(reverse("arrange", args=[delivery.public_id]), table(lead, delivery, by="maker"))
    read(delivery_id=delivery.pk)

    assert list(Work.objects.order_by("maker").values_list("maker", "assets__text")) == [
        ("ann", "Once, an ünlit lamp."),
        ("bea", "Twice."),
    ]


def test_loose_files_without_a_licence_or_a_maker_are_not_made_a_study(lead):
    delivery = loose(lead)

    bare = lead.post(reverse("arrange", args=[delivery.public_id]), table(lead, delivery, licence=""))
    nameless = lead.post(reverse("arrange", args=[delivery.public_id]), table(lead, delivery, maker__0=" "))

    assert (bare.status_code, nameless.status_code) == (422, 422)
    assert "cannot be shown" in bare.content.decode()
    assert "who made it" in nameless.content.decode()


def test_a_fault_in_a_loose_file_names_the_file_and_no_document(lead):
    delivery = loose(lead)
    send(lead, delivery, "all/a boat at night/veo.png", b"no picture")

    lead.post(reverse("arrange", args=[delivery.public_id]), table(lead, delivery))
    read(delivery_id=delivery.pk)

    delivery.refresh_from_db()
    assert [fault["file"] for fault in delivery.faults] == ["a boat at night/veo.png"]
    assert Study.objects.count() == 0


def test_a_plain_form_sends_a_zip_without_scripts(lead, tmp_path):
    folder = write_folder(tmp_path / "light", slug="light", pictures=1, texts=0)
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    delivery = begin(lead)

    sent = lead.post(
        reverse("add_files", args=[delivery.public_id]), {"files": SimpleUploadedFile("study.zip", zipped(files))}
    )

    assert sent.status_code == 302
    assert go(lead, delivery).state == "stored"


def test_a_slug_that_is_taken_is_told_before_anything_is_sent_and_at_the_end(lead, tmp_path):
    make.study(slug="light")

    at_once = lead.post(reverse("new_study"), {"title": "Light", "slug": "light", "form": "pair"})
    delivery = begin(lead)
    send_folder(lead, delivery, write_folder(tmp_path / "light", slug="light", pictures=0, texts=1))
    go(lead, delivery)

    assert at_once.status_code == 422
    assert delivery.state == "refused"
    assert Study.objects.count() == 1


def test_the_same_folder_gives_nobody_a_study_of_somebody_else(lead, alice, charlie, tmp_path):
    folder = write_folder(tmp_path / "light", slug="light", pictures=0, texts=1)
    delivery = begin(lead)
    send_folder(lead, delivery, folder)
    go(lead, delivery)
    people.let_make_studies(user=charlie)
    other = Client()
    other.force_login(charlie)
    hers = begin(other)
    send_folder(other, hers, folder)

    go(other, hers)

    assert (hers.state, hers.study) == ("refused", None)
    assert not charlie.memberships.exists()


def test_what_was_called_off_while_it_was_read_is_not_stored(lead, tmp_path, monkeypatch):
    delivery = begin(lead)
    send_folder(lead, delivery, write_folder(tmp_path / "light", slug="light", pictures=0, texts=1))
    lead.post(reverse("read_files", args=[delivery.public_id]))

    lead.post(reverse("call_off", args=[delivery.public_id]))
    read(delivery_id=delivery.pk)

    assert Study.objects.count() == Delivery.objects.count() == 0


def test_a_worker_that_fell_silent_is_asked_again_and_one_at_work_is_not(lead, tmp_path):
    delivery = begin(lead)
    send_folder(lead, delivery, write_folder(tmp_path / "light", slug="light", pictures=0, texts=1))
    again = reverse("read_files", args=[delivery.public_id])
    lead.post(again)

    busy = lead.post(again)
    Delivery.objects.update(heard_at=now() - timedelta(minutes=3))
    silent = lead.get(reverse("delivery", args=[delivery.public_id])).content.decode()
    asked = lead.post(again)

    assert (busy.status_code, asked.status_code) == (422, 302)
    assert "Ask for it again" in silent
    read(delivery_id=delivery.pk)
    assert Study.objects.filter(slug="light").exists()


def test_what_lay_for_a_day_is_thrown_away(lead):
    old = begin(lead)
    Delivery.objects.update(begun_at=now() - timedelta(days=2))

    begin(lead)

    assert not Delivery.objects.filter(pk=old.pk).exists()


def test_only_leads_and_whom_the_operator_let_in_may_make_studies(client, alice, bob, charlie):
    make.study(lead=alice, rater=bob)

    codes = {}
    for person in (alice, bob, charlie):
        client.force_login(person)
        codes[person.name] = (
            client.get(reverse("new_study")).status_code,
            "Make a study" in client.get("/studies/").content.decode(),
        )

    assert codes == {"Alice": (200, True), "Bob": (404, False), "Charlie": (404, False)}


def test_somebody_elses_delivery_does_not_exist(lead, charlie):
    delivery = begin(lead)
    people.let_make_studies(user=charlie)
    other = Client()
    other.force_login(charlie)

    codes = [
        other.get(reverse(name, args=[delivery.public_id])).status_code for name in ("delivery", "deliver", "arrange")
    ] + [
        other.post(reverse(name, args=[delivery.public_id])).status_code
        for name in ("add_files", "take_away", "read_files", "call_off", "arrange")
    ]

    assert set(codes) == {404}
