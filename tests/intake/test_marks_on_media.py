"""Marks on real files of every medium: the import and the bench measure places by the same originals."""

import json

import pytest
from PIL import Image

from feedback.intake.actions import store_study
from feedback.intake.reading import BadStudy, read_study
from feedback.intake.reading.marks import extent_of
from feedback.judging.marks import extents_of
from feedback.judging.models import Comparison, Mark
from tests.works.making import cube, cube_bytes, numbered, sine, write_film, write_glb, write_sound

UPRIGHT = 6  # the EXIF orientation of a picture taken with the camera turned
SPOT = {"mesh": 0, "primitive": 0, "face": 11, "barycentric": [1, 0, 0], "position": [1, 1, 1]}
# (a file, a place at its very edge, and one beyond it)
EDGES = {
    "turned.jpg": ("box", {"x": 29, "y": 39, "width": 1, "height": 1}, {"x": 39, "y": 29, "width": 1, "height": 1}),
    "large.png": ("point", {"x": 2_500, "y": 10}, {"x": 2_501, "y": 10}),
    "film.mp4": ("moment", {"time": 1.96, "frame": 49}, {"time": 2.0, "frame": 50}),
    "sound.wav": ("span", {"start": 0, "end": 1.5}, {"start": 0, "end": 2.0}),
    "solid.glb": ("spot", SPOT, SPOT | {"face": 12}),
}


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    exif = Image.Exif()
    exif[0x0112] = UPRIGHT
    Image.new("RGB", (40, 30), "orange").save(folder / "turned.jpg", exif=exif)
    Image.new("RGB", (2_500, 10), "orange").save(folder / "large.png")
    write_film(folder / "film.mp4", [numbered(number) for number in range(50)])
    write_sound(folder / "sound.wav", sine(1.5))
    write_glb(folder / "solid.glb", cube(), cube_bytes())
    return folder


def study(folder, media, file, *places):
    """Two copies of the file under one prompt, an answer on them, and marks on the second."""
    kind = EDGES[file][0]
    folder.mkdir()
    (folder / "media").mkdir()
    (folder / "media" / file).write_bytes((media / file).read_bytes())
    answer = {"rater": "r", "prompt": "p", "works": ["b", "a"]}
    rights = {"maker": "Ann", "licence": "MIT", "purposes": ["show"]}
    told = {
        "prompts": [{"id": "p", "text": "P"}],
        "works": [{"id": id_, "prompt": "p", "file": file} | rights for id_ in "ab"],
        "judgements": [answer | {"criterion": "lighting", "ranks": [1, 2]}],
        "marks": [answer | {"work": "b", "kind": kind, "place": place, "sign": -1} for place in places],
    }
    for name, rows in told.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "study.toml").write_text('slug = "marks"\ntitle = "Marks"\n')
    return folder


@pytest.mark.django_db
@pytest.mark.parametrize("file", EDGES)
def test_a_place_at_the_edge_comes_along_and_the_bench_measures_alike(tmp_path, media, file):
    kind, edge, _ = EDGES[file]
    plan = read_study(study(tmp_path / "study", media, file, edge), scratch=tmp_path / "scratch")

    made = store_study(plan=plan).study

    stored = Mark.objects.get()
    assert (stored.kind, stored.place) == (kind, edge)
    comparison = Comparison.objects.filter(study=made, purpose="uniform").get()
    assert list(extents_of(comparison.pk).values()) == [extent_of(work) for work in plan.works]


@pytest.mark.parametrize("file", EDGES)
def test_a_place_beyond_the_edge_is_a_fault(tmp_path, media, file):
    _, edge, beyond = EDGES[file]

    with pytest.raises(BadStudy) as bad:
        read_study(study(tmp_path / "study", media, file, edge, beyond), scratch=tmp_path / "scratch")

    assert [(fault.file, fault.line, fault.field) for fault in bad.value.faults] == [("marks.jsonl", 2, "place")]
