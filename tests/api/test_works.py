"""Prompts and works by the program: all or none, by the import's own rules, the same again without harm."""

import hashlib
import threading
from contextlib import suppress

import pytest
from django.db import connections

from feedback.api.models import Upload, uploads
from feedback.people.models import AuditEntry
from feedback.works.models import Asset, Clearance, Prompt, Work, derivatives, originals
from tests import make
from tests.api.caller import Caller
from tests.works.making import sine, write_sound

pytestmark = pytest.mark.django_db
ROW = {"id": "w1", "prompt": "p1", "generator": "maker-9", "text": "Words.", "licence": "CC0-1.0", "purposes": ["show"]}


def add(caller, study, *rows, **more):
    return caller.post(f"studies/{study.slug}/works/", {"works": list(rows)} | more)


def sent(caller, content: bytes, name: str = "a.png") -> str:
    """The checksum of a file that was sent whole."""
    sha256 = hashlib.sha256(content).hexdigest()
    begun = caller.post("uploads/", {"name": name, "bytes": len(content), "sha256": sha256}).json()
    part(caller, begun["id"], 0, content)
    return sha256


def part(caller, upload: str, offset: int, content: bytes):
    return caller.send(
        "PATCH",
        f"uploads/{upload}/",
        content,
        content_type="application/octet-stream",
        headers={"Upload-Offset": str(offset)},
    )


@pytest.fixture
def picture(tmp_path) -> bytes:
    from PIL import Image

    Image.effect_noise((64, 48), 40).save(tmp_path / "noise.png")
    return (tmp_path / "noise.png").read_bytes()


def test_prompts_and_then_works_are_added_and_told(lead, study):
    prompts = lead.post(
        f"studies/{study.slug}/prompts/",
        {"prompts": [{"id": "p9", "text": "A door.\r\nOpen.", "group": "doors", "mood": "dark"}]},
    )
    works = add(lead, study, ROW | {"id": "w9", "prompt": "p9", "seed": 7}, ROW)

    assert prompts.json() == {"added": ["p9"], "unchanged": [], "warnings": []}
    assert works.json()["added"] == ["w9", "w1"]
    told = lead.rows(f"studies/{study.slug}/prompts/?id=p9")
    assert told == [
        {"id": "p9", "collection": study.slug, "text": "A door.\nOpen.", "group": "doors", "metadata": {"mood": "dark"}}
    ]
    work = lead.rows(f"studies/{study.slug}/works/?id=w9")[0]
    assert work["generator"] == "maker-9"
    assert work["purposes"] == ["show"]
    assert work["metadata"] == {"seed": 7}
    assert work["sha256"] == hashlib.sha256(b"Words.").hexdigest()
    assert AuditEntry.objects.filter(action="add works", detail__works=2).count() == 1


def test_the_same_request_again_changes_nothing(lead, study):
    first, second = add(lead, study, ROW), add(lead, study, ROW)

    assert (first.json()["added"], first.json()["unchanged"]) == (["w1"], [])
    assert (second.json()["added"], second.json()["unchanged"]) == ([], ["w1"])
    assert Work.objects.filter(external_id="w1").count() == 1
    assert Clearance.objects.filter(work__external_id="w1").count() == 1
    assert AuditEntry.objects.filter(action="add works").count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": "Other words."}, "content"),
        ({"generator": "maker-8"}, "generator"),
        ({"prompt": "p2"}, "prompt"),
        ({"licence": "MIT"}, "licence"),
        ({"purposes": ["show", "export"]}, "purposes"),
        ({"generator": None, "maker": "Ada"}, "generator and maker"),
    ],
)
def test_the_same_id_told_otherwise_is_a_conflict_and_nothing_is_stored(lead, study, change, said):
    add(lead, study, ROW)

    told = add(lead, study, ROW | {"id": "w2"}, ROW | change)

    assert told.status_code == 409
    assert f"another {said}" in told.json()["detail"]
    assert not Work.objects.filter(external_id="w2").exists()


def test_a_prompt_of_the_same_id_with_another_text_is_a_conflict(lead, study):
    told = lead.post(
        f"studies/{study.slug}/prompts/", {"prompts": [{"id": "p8", "text": "New."}, {"id": "p1", "text": "Other."}]}
    )

    assert told.status_code == 409
    assert not Prompt.objects.filter(external_id="p8").exists()


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        ({"prompt": "p77"}, "works[1].prompt", '"p77"'),
        ({"licence": "none"}, "works[1].licence", "states no licence"),
        ({"licence": "CC BY 4.0 or so"}, "works[1].licence", "SPDX"),
        ({"maker": "Ada"}, "works[1].generator", "both generator and maker"),
        ({"generator": None}, "works[1].generator", "neither"),
        ({"text": None}, "works[1].text", "no content"),
        ({"text": " \u200b"}, "works[1].text", "invisible"),
        ({"id": "w1"}, "works[1].id", "already"),
        ({"id": 5}, "works[1].id", "5"),
        ({"purposes": ["sell"]}, "works[1].purposes", "sell"),
        ({"text": None, "file": "0" * 64}, "works[1].file", "no whole upload"),
        ({"text": "\ud800"}, "works[1].text", "surrogate"),
        ({"text": "a\0b"}, "works[1].text", "NUL"),
    ],
)
def test_what_an_import_would_not_take_is_not_taken_and_named_by_its_row(lead, study, change, where, said):
    told = add(lead, study, ROW, ROW | {"id": "w2"} | change)

    assert told.status_code == 422, told.body
    assert [error["where"] for error in told.json()["errors"]] == [where]
    assert said in told.json()["detail"]
    assert not Work.objects.filter(external_id="w1").exists(), "all or none"


def test_every_fault_is_listed_at_once(lead, study):
    told = add(lead, study, *[ROW | {"id": f"w{number}", "prompt": "none"} for number in range(130)])

    assert told.status_code == 422
    assert len(told.json()["errors"]) == 100
    assert "and 129 more" in told.json()["detail"]


def test_a_collection_of_another_study_is_not_drawn_in(lead, study):
    other = make.study()

    told = add(lead, study, ROW, collection=other.slug)

    assert told.status_code == 422
    assert study.slug in told.json()["remedy"]
    assert other.slug not in told.json()["remedy"]
    assert study.collections.count() == 1


def test_requests_at_once_store_a_work_once(transactional_db, alice, monkeypatch):
    from feedback.intake import additions

    study = make.study(lead=alice)
    callers = [Caller(alice) for _ in range(4)]
    together, plain, codes = threading.Barrier(4), additions.store_collection, []

    def store(**more):
        """Whoever is let in waits a moment for the others, so that all of them look before any of them writes."""
        with suppress(threading.BrokenBarrierError):
            together.wait(timeout=0.5)
        return plain(**more)

    def ask(caller):
        try:
            codes.append(add(caller, study, ROW | {"generator": "maker-1"}).status_code)
        finally:
            connections.close_all()

    monkeypatch.setattr(additions, "store_collection", store)
    threads = [threading.Thread(target=ask, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == [200] * 4
    assert Work.objects.filter(external_id="w1").count() == 1


# Files.


def stored(storage, file) -> bytes:
    with storage.open(file.name) as opened:
        return opened.read()


def test_a_picture_goes_through_the_one_recipe_of_media(lead, study, picture):
    sha256 = sent(lead, picture)

    told = add(lead, study, ROW | {"text": None, "file": sha256})

    assert told.status_code == 200, told.body
    work = Work.objects.get(external_id="w1")
    roles = {asset.role: asset for asset in work.assets.all()}
    assert (work.medium, work.sha256) == ("image", sha256)
    assert stored(originals(), roles["original"].original) == picture
    assert stored(derivatives(), roles["shown"].derivative).startswith(b"RIFF")
    assert roles["shown"].media_type == "image/webp"
    assert not Upload.objects.exists(), "the file is stored, the upload is spent"


def test_works_that_are_there_need_their_file_no_more(lead, study, picture):
    row = ROW | {"text": None, "file": sent(lead, picture)}
    add(lead, study, row)

    again = add(lead, study, row)

    assert again.json()["unchanged"] == ["w1"]


def test_a_sound_is_heard_and_brought_to_one_loudness(lead, study, tmp_path):
    write_sound(tmp_path / "tone.wav", sine(1.0))
    sha256 = sent(lead, (tmp_path / "tone.wav").read_bytes(), "tone.wav")

    told = add(lead, study, ROW | {"text": None, "file": sha256})

    assert told.status_code == 200, told.body
    assert Asset.objects.get(work__external_id="w1", role="shown").media_type == "audio/flac"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"<svg onload=alert(1)>", "a.svg", "HTML, SVG or XML"),
        (b"<html><script>", "a.png", "wrong magic bytes"),
        (b"PK\x03\x04" + b"0" * 99, "a.zip", "ZIP"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "a.png", "damaged"),
        (b"nonsense", "a.jpg", "wrong magic bytes"),
    ],
)
def test_a_file_that_is_not_fit_to_be_shown_is_refused_with_the_remedy(lead, study, content, name, said):
    sha256 = sent(lead, content, name)

    told = add(lead, study, ROW | {"text": None, "file": sha256})

    assert told.status_code == 422
    assert told.json()["where"] == "works[0].file"
    assert said in told.json()["detail"]
    assert not Work.objects.filter(external_id="w1").exists()


def test_nothing_stays_of_files_whose_works_could_not_be_stored(lead, study, picture, monkeypatch):
    from feedback.intake import additions

    def broken(**_more):
        raise RuntimeError

    before = set(originals().listdir("")[0])
    monkeypatch.setattr(additions, "store_collection", broken)
    sha256 = sent(lead, picture)
    lead.client.raise_request_exception = False

    told = add(lead, study, ROW | {"text": None, "file": sha256})

    assert told.status_code == 500
    assert not originals().exists(f"{sha256[:2]}/{sha256}")
    assert before <= set(originals().listdir("")[0])
    assert Upload.objects.count() == 1, "it can be tried again"


def test_somebody_elses_upload_is_not_there(lead, study, picture, alice, erin):
    sha256 = sent(Caller(erin), picture)

    told = add(lead, study, ROW | {"text": None, "file": sha256})

    assert told.status_code == 422
    assert "no whole upload of yours" in told.json()["detail"]


# Uploads.


def begun(caller, content: bytes, name: str = "a.png"):
    sha256 = hashlib.sha256(content).hexdigest()
    return caller.post("uploads/", {"name": name, "bytes": len(content), "sha256": sha256})


def test_a_file_arrives_in_parts_and_the_same_file_goes_on_where_it_was(lead, study):
    content = bytes(range(256)) * 40
    first = begun(lead, content)
    part(lead, first.json()["id"], 0, content[:4000])

    again = begun(lead, content)
    rest = part(lead, again.json()["id"], 4000, content[4000:])

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["received"] == 4000
    assert (rest.json()["received"], rest.json()["whole"]) == (len(content), True)


def test_a_part_that_begins_elsewhere_is_told_where_the_upload_stands(lead, study):
    content = b"x" * 100
    upload = begun(lead, content).json()["id"]
    part(lead, upload, 0, content[:60])

    codes = [part(lead, upload, offset, content[offset:]) for offset in (0, 59, 61, 100)]

    assert [told.status_code for told in codes] == [409] * 4
    assert "stands at 60" in codes[0].json()["detail"]
    assert part(lead, upload, 60, content[60:]).json()["whole"]


def test_what_arrived_before_the_line_broke_is_kept(lead, study, monkeypatch):
    from django.test.client import FakePayload

    content = bytes(range(100))
    upload = begun(lead, content).json()["id"]
    whole, taken = FakePayload.read, []

    def breaks(self, _size=None):
        if taken:
            raise ConnectionResetError
        taken.append(whole(self, 60))
        return taken[0]

    monkeypatch.setattr(FakePayload, "read", breaks)
    part(lead, upload, 0, content)
    monkeypatch.undo()

    assert lead.get(f"uploads/{upload}/").json()["received"] == 60
    assert part(lead, upload, 60, content[60:]).json()["whole"]


@pytest.mark.parametrize("offset", ["", "-1", "1e2", "٣", "9" * 30])
def test_an_offset_that_is_no_number_is_refused(lead, study, offset):
    upload = begun(lead, b"x" * 10).json()["id"]

    told = lead.send(
        "PATCH", f"uploads/{upload}/", b"x", content_type="application/octet-stream", headers={"Upload-Offset": offset}
    )

    assert told.status_code == 400
    assert told.json()["where"] == "header Upload-Offset"


def test_a_file_with_another_checksum_is_thrown_away(lead, study):
    upload = begun(lead, b"x" * 10).json()["id"]

    told = part(lead, upload, 0, b"y" * 10)

    assert told.status_code == 422
    assert "another checksum" in told.json()["detail"]
    assert lead.get(f"uploads/{upload}/").status_code == 404
    assert not uploads().exists(upload) or uploads().listdir(upload) == ([], [])


def test_more_than_was_told_is_refused(lead, study):
    upload = begun(lead, b"x" * 10).json()["id"]

    told = part(lead, upload, 0, b"x" * 11)

    assert told.status_code == 422
    assert lead.get(f"uploads/{upload}/").json()["received"] == 0


def test_a_part_has_a_size_that_it_may_not_pass(lead, study, settings):
    settings.API_PART = 1000
    upload = begun(lead, b"x" * 5000).json()["id"]

    told = part(lead, upload, 0, b"x" * 1001)

    assert told.status_code == 413
    assert lead.get(f"uploads/{upload}/").json()["received"] == 0


def test_what_one_person_has_waiting_is_bounded(lead, engineer, study, settings):
    settings.API_UPLOADS = 100
    first = begun(lead, b"a" * 60)
    second = begun(lead, b"b" * 60)
    others = begun(engineer, b"c" * 60)
    lead.send("DELETE", f"uploads/{first.json()['id']}/")

    assert [one.status_code for one in (first, second, others)] == [201, 409, 201]
    assert begun(lead, b"b" * 60).status_code == 201


def test_what_nobody_makes_works_of_is_forgotten_after_a_day(lead, study, settings):
    from datetime import timedelta

    content = b"x" * 10
    upload = begun(lead, content).json()["id"]
    part(lead, upload, 0, content[:5])
    stored = Upload.objects.get().parts[0]
    Upload.objects.update(begun_at=Upload.objects.get().begun_at - timedelta(days=2))

    begun(lead, b"another")

    assert lead.get(f"uploads/{upload}/").status_code == 404
    assert not uploads().exists(stored)


@pytest.mark.parametrize(
    "said",
    [
        {"name": "../../etc/passwd"},
        {"name": "a\nb.png"},
        {"name": ""},
        {"bytes": 0},
        {"bytes": 600 * 1024**2},
        {"sha256": "A" * 64},
        {"sha256": "0" * 63},
        {"path": "x"},
    ],
)
def test_an_upload_that_makes_no_sense_is_not_begun(lead, study, said):
    told = lead.post("uploads/", {"name": "a.png", "bytes": 5, "sha256": "0" * 64} | said)

    assert told.status_code == 400
    assert not Upload.objects.exists()
