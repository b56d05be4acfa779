"""Observers choose between two renderings of a scene, distorted in six ways to several degrees; no picture is at hand."""

import csv
from collections.abc import Collection
from pathlib import Path

from tests.real.folder import CRITERION, Row, write_study

REFERENCE = "Reference 0"


def study_of(data: Path, folder: Path, scenes: Collection[str] = ()) -> Path:
    """One prompt a scene, of all scenes unless some are named; a distortion and its degree stand as the generator."""
    told = choices(data, scenes)
    works = sorted({(one["scene"], name) for one in told for name in distortions(one)})
    return write_study(
        folder,
        settings={"slug": "light-field", "title": "Light fields, distorted", "overlap": 1},
        criteria={CRITERION: "Which one is of better quality?"},
        prompts=[{"id": scene, "text": f"The scene {scene}"} for scene in sorted({scene for scene, _ in works})],
        works=[_work(scene, name) for scene, name in works],
        past=map(_past, told),
    )


def choices(data: Path, scenes: Collection[str] = ()) -> list[Row]:
    """The first choice of each observer on each pair: most were asked the same pair three times."""
    first: dict[tuple[str, str, frozenset[str]], Row] = {}
    for one in all_choices(data):
        if not scenes or one["scene"] in scenes:
            first.setdefault(asked(one), one)
    return list(first.values())


def all_choices(data: Path) -> list[Row]:
    with (data / "image_light_field" / "comparisons.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def asked(one: Row) -> tuple[str, str, frozenset[str]]:
    """Who was asked about which two."""
    return one["observer"], one["scene"], frozenset(distortions(one))


def distortions(one: Row) -> tuple[str, str]:
    """What was compared, each by its kind and degree."""
    return f"{one['dist_type1']} {one['dist_level1']}", f"{one['dist_type2']} {one['dist_level2']}"


def _work(scene: str, name: str) -> Row:
    return {
        "id": f"{scene} {name}",
        "prompt": scene,
        "generator": name,
        "content": "absent",
        "licence": "MIT",
        "source": "mantiuk/pwcmp",
        "purposes": ["show", "export", "train-reward-model"],
    }


def _past(one: Row) -> Row:
    return {
        "rater": one["observer"],
        "prompt": one["scene"],
        "works": [f"{one['scene']} {name}" for name in distortions(one)],
        "criterion": CRITERION,
        "ranks": [1, 2] if one["selected"] == "1" else [2, 1],
    }
