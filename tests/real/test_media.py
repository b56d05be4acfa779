"""Films, sounds, models and pictures as people make them: all are taken but the one of a kind that no viewer shows."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError

from feedback.works.models import Asset, Work
from tests.real.folder import CRITERION, run, write_study

pytestmark = pytest.mark.django_db

MEDIA = {"image": "image", "video": "video", "audio": "audio", "3d": "model"}
TRACES = (b"Lavc", b"x264", b"LAME", b"espeak", b"trimesh", b"generator", b"aliyun", b"EXIF", b"XMP ", b"ICCP")


def study_of(data: Path, folder: Path, suffixes: set[str]) -> list[dict[str, str]]:
    """Write a study of the files with these endings; returns their rows in the manifest."""
    manifest = json.loads((data / "media" / "manifest.json").read_text())
    shown = [one for one in manifest if Path(one["file"]).suffix in suffixes]
    prompts = dict.fromkeys(one["prompt_id"] for one in shown)
    write_study(
        folder,
        settings={"slug": "media", "title": "Every medium", "overlap": 1, "rationale": "off"},
        criteria={CRITERION: "Which is better?"},
        prompts=[{"id": prompt, "text": prompt} for prompt in prompts],
        works=[
            {
                "id": Path(one["file"]).name,
                "prompt": one["prompt_id"],
                "generator": one["system"],
                "file": one["file"],
                "consent": one["licence"],
                "purposes": ["show"],
            }
            for one in shown
        ],
    )
    for one in shown:
        path = folder / "media" / one["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((data / "media" / one["file"]).read_bytes())
    return shown


def test_every_file_is_taken_and_shown_without_a_trace_of_what_made_it(real_data, tmp_path):
    suffixes = {".webp", ".jpg", ".mp4", ".webm", ".wav", ".flac", ".mp3", ".ogg", ".oga", ".glb"}
    shown = study_of(real_data, tmp_path / "study", suffixes)

    told = run("import_study", tmp_path / "study")

    assert told["works"] == len(shown) == 74
    for one in shown:
        work = Work.objects.get(external_id=Path(one["file"]).name)
        assert work.medium == MEDIA[one["kind"]]
        for asset in work.assets.exclude(role=Asset.Role.ORIGINAL):
            with asset.derivative.open("rb") as file:
                data = file.read()
            assert not [trace for trace in TRACES if trace in data], (work.external_id, asset.role)
    check_facts()


def check_facts():
    """The films have the frames, and the models the triangles, that they are known to have."""
    facts = {asset.work.external_id: asset.facts for asset in Asset.objects.filter(role="shown").select_related("work")}

    assert {name: one["frames"] for name, one in facts.items() if "frames" in one} == {
        "ffmpeg_consistent.mp4": 72,
        "ffmpeg_flicker.mp4": 72,
        "ffmpeg_stutter.webm": 48,
        "videoalign_example_1_A.mp4": 126,
        "videoalign_example_1_B.mp4": 152,
        "videoalign_example_2_A.mp4": 144,
        "videoalign_example_2_B.mp4": 128,
    }
    assert [name for name, one in facts.items() if one.get("sound")] == ["videoalign_example_1_B.mp4"]
    assert {name: one["triangles"] for name, one in facts.items() if "triangles" in one} == {
        "BoxTextured.glb": 12,
        "sphere_detail1.glb": 80,
        "sphere_detail2.glb": 320,
        "sphere_detail3.glb": 1_280,
        "torus_matte.glb": 2_304,
        "torus_metal.glb": 2_304,
    }


def test_an_obj_is_refused_with_what_to_do(real_data, tmp_path):
    study_of(real_data, tmp_path / "study", {".obj"})

    with pytest.raises(CommandError, match="export it as GLB"):
        run("import_study", tmp_path / "study")
