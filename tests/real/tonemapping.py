"""Observers choose between films of a scene of high contrast, brought to a screen in seven ways; no film is at hand."""

import csv
from pathlib import Path

from tests.real.folder import CRITERION, Row, write_study


def study_of(data: Path, folder: Path) -> Path:
    """One prompt a scene; the operator that mapped the tones stands as the generator."""
    told = choices(data)
    works = sorted({(one["scene"], one[side]) for one in told for side in ("condition_A", "condition_B")})
    return write_study(
        folder,
        settings={"slug": "tone-mapping", "title": "Tones, mapped", "overlap": 1},
        criteria={CRITERION: "Which film looks more as the scene would?"},
        prompts=[{"id": scene, "text": f"The scene {scene}"} for scene in sorted({scene for scene, _ in works})],
        works=[_work(scene, operator) for scene, operator in works],
        past=map(_past, told),
    )


def choices(data: Path) -> list[Row]:
    with (data / "image_tone_mapping" / "comparisons.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _work(scene: str, operator: str) -> Row:
    return {
        "id": f"{scene} {operator}",
        "prompt": scene,
        "generator": operator,
        "content": "absent",
        "licence": "MIT",
        "source": "mantiuk/pwcmp",
        "purposes": ["show", "export", "train-reward-model"],
    }


def _past(one: Row) -> Row:
    return {
        "rater": one["observer"],
        "prompt": one["scene"],
        "works": [f"{one['scene']} {one[side]}" for side in ("condition_A", "condition_B")],
        "criterion": CRITERION,
        "ranks": [1, 2] if one["is_A_selected"] == "1" else [2, 1],
    }
