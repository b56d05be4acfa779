"""A study's media are looked at, one by one, before anything is stored."""

import hashlib
import json
import unicodedata
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from feedback.intake.actions import store_study
from feedback.intake.reading import BadStudy, Limits, StudyPlan, read_study
from feedback.works.media import MediaLimits
from feedback.works.models import Work
from tests.works.making import cube, cube_bytes, numbered, sine, write_film, write_glb, write_sound


def picture(colour: str = "orange", size: tuple[int, int] = (32, 24), mode: str = "RGB") -> Image.Image:
    return Image.new("RGB", size, colour).convert(mode)


def study(folder: Path, *files: str) -> Path:
    """A study whose works are these files, one after the other."""
    (folder / "media").mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text('slug = "light"\ntitle = "Light"\n')
    (folder / "prompts.jsonl").write_text('{"id": "dawn", "text": "Dawn"}\n')
    rows = [{"id": f"work {n}", "prompt": "dawn", "maker": "Ann", "file": file} for n, file in enumerate(files)]
    (folder / "works.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def read(folder: Path, scratch: str = "scratch", **options: object) -> StudyPlan:
    return read_study(folder, scratch=folder.parent / scratch, **options)  # type: ignore[arg-type]


def faults(folder: Path, **options: object) -> list[str]:
    with pytest.raises(BadStudy) as bad:
        read(folder, **options)
    return [str(fault) for fault in bad.value.faults]


def test_every_picture_gets_a_derivative_under_the_scratch_folder(tmp_path):
    folder = study(tmp_path / "study", "a.png", "b.jpg")
    picture().save(folder / "media" / "a.png")
    picture("navy").save(folder / "media" / "b.jpg")

    plan = read(folder)

    for work, name in zip(plan.works, ("a.png", "b.jpg"), strict=True):
        assert work.medium == "image"
        assert work.original == folder / "media" / name
        assert (work.info.width, work.info.height) == (work.derivative.width, work.derivative.height) == (32, 24)
        assert work.derivative.path.is_relative_to(tmp_path / "scratch")
        assert work.derivative.path.stat().st_size == work.derivative.bytes
        assert name not in str(work.derivative.path)
    assert plan.warnings == ()


ODD = {
    "CMYK": ("a.jpg", "CMYK", {}),
    "16 bits": ("a.png", "I;16", {}),
    "a palette": ("a.gif", "P", {}),
    "a space, a hash and a per cent sign": ("my picture #1 50%.png", "RGB", {}),
    "emoji": ("🌅.webp", "RGBA", {}),
    "right-to-left": ("שחר.png", "RGB", {}),
    "an ending in capitals": ("A.PNG", "RGB", {}),
    "no ending": ("dawn", "RGB", {"format": "PNG"}),
    "a folder": ("deep/er/a.png", "RGB", {}),
    "two dots that lead nowhere": ("a..b.png", "RGB", {}),
}


@pytest.mark.parametrize("prefix", ["", "media/"])
@pytest.mark.parametrize(("name", "mode", "options"), ODD.values(), ids=ODD)
def test_odd_pictures_and_odd_names_are_taken(tmp_path, prefix, name, mode, options):
    folder = study(tmp_path / "study", prefix + name, prefix + name)
    (folder / "media" / name).parent.mkdir(parents=True, exist_ok=True)
    picture(mode=mode).save(folder / "media" / name, **options)

    plan = read(folder)

    assert plan.works[0].original == folder / "media" / name
    assert plan.works[0].derivative == plan.works[1].derivative
    assert plan.warnings == ()


@pytest.mark.parametrize(("on_disk", "in_row"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_an_accent_is_the_same_however_it_is_composed(tmp_path, on_disk, in_row):
    folder = study(tmp_path / "study", *[unicodedata.normalize(in_row, "é.png")] * 2)
    picture().save(folder / "media" / unicodedata.normalize(on_disk, "é.png"))

    assert read(folder).works[0].medium == "image"


def test_an_image_lying_on_its_side_is_planned_upright(tmp_path):
    folder = study(tmp_path / "study", "a.jpg", "a.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6
    picture().save(folder / "media" / "a.jpg", exif=exif)

    work = read(folder).works[0]

    assert (work.info.width, work.info.height) == (work.derivative.width, work.derivative.height) == (24, 32)


def test_an_animated_gif_is_motion(tmp_path):
    folder = study(tmp_path / "study", "a.gif", "a.gif")
    picture().save(folder / "media" / "a.gif", save_all=True, append_images=[picture("navy")], duration=50)

    work = read(folder).works[0]

    assert (work.medium, work.info.frames, work.derivative.frames) == ("motion", 2, 2)


def every_medium(folder: Path) -> Path:
    """A study of one work in each medium that has a file."""
    study(folder, "a.png", "a.gif", "a.mp4", "a.flac", "a.glb")
    media = folder / "media"
    picture().save(media / "a.png")
    picture().save(media / "a.gif", save_all=True, append_images=[picture("navy")], duration=50)
    write_film(media / "a.mp4", map(numbered, range(20)), sound=sine(0.8))
    write_sound(media / "a.flac", sine(1))
    write_glb(media / "a.glb", cube(), cube_bytes())
    return folder


def test_every_medium_is_planned_with_what_raters_may_know_of_it(tmp_path):
    works = read(every_medium(tmp_path / "study")).works

    assert [work.medium for work in works] == ["image", "motion", "video", "audio", "model"]
    _, _, video, audio, model = (work.derivative for work in works)
    assert (video.facts["frames"], video.facts["rate"], video.facts["sound"]) == (20, "25/1", True)
    assert (audio.facts["duration"], audio.facts["channels"]) == (1.0, 2)
    assert model.facts["triangles"] == 12
    for still in (video.poster, video.strip):
        assert still.path.parent == tmp_path / "scratch" / "derivatives"
        assert still.path.stat().st_size == still.bytes


@pytest.mark.django_db
def test_every_medium_is_stored_with_its_stills_and_facts(tmp_path):
    plan = read(every_medium(tmp_path / "study"))

    store_study(plan=plan)

    for work, planned in zip(Work.objects.order_by("external_id"), plan.works, strict=True):
        assets = {asset.role: asset for asset in work.assets.all()}
        assert work.medium == planned.medium
        assert set(assets) == {"original", "shown"} | ({"poster", "strip"} if work.medium == "video" else set())
        assert assets["shown"].facts == planned.derivative.facts
        assert {asset.recipe for role, asset in assets.items() if role != "original"} == {"1"}
        with assets["original"].original.open("rb") as original:
            assert original.read() == planned.original.read_bytes()
        for role in set(assets) - {"original"}:
            made = planned.derivative if role == "shown" else getattr(planned.derivative, role)
            with assets[role].derivative.open("rb") as derivative:
                assert hashlib.sha256(derivative.read()).hexdigest() == made.sha256 == assets[role].sha256
            assert (assets[role].width, assets[role].height) == (made.width, made.height)


def test_every_unfit_work_is_named_and_stops_none_of_the_others(tmp_path):
    folder = every_medium(tmp_path / "study")
    media = folder / "media"
    (media / "a.mp4").write_bytes((media / "a.mp4").read_bytes()[:-500])
    (media / "a.flac").write_bytes((media / "a.flac").read_bytes()[:-500])
    write_glb(media / "a.glb", cube() | {"nodes": [{"children": [0]}]}, cube_bytes())

    assert [fault.partition(";")[0] for fault in faults(folder)] == [
        "works.jsonl:3 file: a.mp4: a damaged or truncated MP4 (it should be 500 bytes longer)",
        "works.jsonl:4 file: a.flac: a damaged or truncated FLAC (Invalid data found when processing input)",
        "works.jsonl:5 file: a.glb: a model whose nodes form a loop, or share a child",
    ]


def test_a_broken_film_is_found_when_other_faults_forbid_encoding(tmp_path):
    folder = every_medium(tmp_path / "study")
    (folder / "prompts.jsonl").write_text('{"id": "dawn", "text": "Dawn"}\n{"id": "dawn", "text": "Dusk"}\n')
    film = folder / "media" / "a.mp4"
    film.write_bytes(film.read_bytes()[:-500])

    found = faults(folder)

    assert len(found) == 2
    assert "a.mp4: a damaged or truncated MP4" in found[1]
    assert not list((tmp_path / "scratch" / "derivatives").iterdir())


def test_every_unfit_picture_is_named_with_its_row(tmp_path):
    folder = study(tmp_path / "study", "svg.png", "jpeg.png", "cut.png", "big.png", "page.html", "gone.png", "fine.png")
    media = folder / "media"
    (media / "svg.png").write_text("<svg/>")
    picture().save(media / "jpeg.png", format="JPEG")
    picture().save(media / "cut.png")
    (media / "cut.png").write_bytes((media / "cut.png").read_bytes()[:-20])
    picture(size=(101, 100)).save(media / "big.png")
    (media / "page.html").write_text("<!doctype html>")
    picture().save(media / "fine.png")

    found = faults(folder, limits=Limits(media=MediaLimits(pixels=10_000)))

    starts = [
        "works.jsonl:1 file: svg.png: wrong magic bytes: the name ends in .png but the file is HTML, SVG or XML",
        "works.jsonl:2 file: jpeg.png: wrong magic bytes: the name ends in .png but the file is JPEG",
        "works.jsonl:3 file: cut.png: a damaged or truncated PNG",
        "works.jsonl:4 file: big.png: 101 × 100 is 10,100 pixels",
        "works.jsonl:5 file: page.html: the file is HTML, SVG or XML",
        'works.jsonl:6 file: found no file "gone.png" under media/',
    ]
    assert len(found) == len(starts)
    assert all(line.startswith(start) for line, start in zip(found, starts, strict=True)), found


def test_the_plan_does_not_depend_on_the_number_of_threads(tmp_path):
    names = [f"{number}.png" for number in range(12)]
    folder = study(tmp_path / "study", *names)
    for number, name in enumerate(names):
        picture(size=(400 - 30 * number, 300)).save(folder / "media" / name)

    plans = [read(folder, f"scratch-{threads}", limits=Limits(threads=threads)) for threads in (1, 4)]

    one, four = (
        [(work.id, work.info, work.derivative, work.derivative.path.name) for work in plan.works] for plan in plans
    )
    assert one == four
    assert plans[0].digest == plans[1].digest


def test_another_picture_under_the_same_name_is_another_study(tmp_path):
    folder = study(tmp_path / "study", "a.png", "a.png")
    picture().save(folder / "media" / "a.png")
    before = read(folder).digest
    picture("navy").save(folder / "media" / "a.png")

    assert read(folder, "scratch-2").digest != before


def test_progress_is_told_for_every_file(tmp_path):
    folder = study(tmp_path / "study", "a.png", "a.png")
    picture().save(folder / "media" / "a.png")
    told: list[tuple[str, int, int]] = []

    read(folder, on_progress=lambda *stage: told.append(stage))

    assert told[-1] == ("media", 1, 1)


def test_pictures_in_a_zip_are_planned_from_where_they_were_unpacked(tmp_path):
    folder = study(tmp_path / "study", "dämmerung 🌅.png", "dämmerung 🌅.png")
    picture().save(folder / "media" / "dämmerung 🌅.png")
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        for file in folder.rglob("*"):
            archive.write(file, file.relative_to(folder))

    plan = read(tmp_path / "study.zip")

    assert plan.works[0].original.is_relative_to(tmp_path / "scratch" / "unpacked")
    assert plan.digest == read(folder, "scratch-2").digest


def test_one_jsonl_may_name_files_under_the_media_folder_beside_it(tmp_path):
    folder = study(tmp_path / "study", "a.png", "a.png")
    picture().save(folder / "media" / "a.png")

    plan = read(folder / "works.jsonl", title="Light")

    assert [work.medium for work in plan.works] == ["image", "image"]


def test_works_of_unlike_media_under_one_prompt_are_warned_of(tmp_path):
    folder = study(tmp_path / "study", "a.png")
    picture().save(folder / "media" / "a.png")
    with (folder / "works.jsonl").open("a") as works:
        works.write('{"id": "words", "prompt": "dawn", "maker": "Ann", "text": "It dawns."}\n')

    assert "unlike media: image, text" in str(read(folder).warnings[0])
