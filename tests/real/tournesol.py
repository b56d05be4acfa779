"""People compare thousands of videos on two criteria, from -10 to 10; no video is at hand."""

import csv
import math
from collections.abc import Collection
from pathlib import Path

from tests.real.folder import Row, write_study

PROMPT = "videos"
RATER = "user004"
EVERYBODY = ("user001", "user004", "user005")
QUESTIONS = {"largely-recommended": "Should more people see it?", "importance": "Is its subject important?"}


def study_of(data: Path, folder: Path, raters: Collection[str] = (RATER,)) -> Path:
    """One prompt with every video, absent, by a maker whom the set does not tell."""
    told = comparisons(data, raters)
    return write_study(
        folder,
        settings={"slug": "tournesol", "title": "Videos", "scale": "strength", "overlap": 3},
        criteria=QUESTIONS,
        prompts=[{"id": PROMPT, "text": "Videos that people chose to compare"}],
        works=map(_work, sorted({one[side] for one in told for side in ("video_a", "video_b")})),
        past=map(_past, told),
    )


def comparisons(data: Path, raters: Collection[str] = (RATER,)) -> list[Row]:
    """What one of the three raters said: all 21,604 rows would make the longest test of the suite."""
    with (data / "video_tournesol" / "comparisons.csv").open(newline="") as file:
        return [one for one in csv.DictReader(file) if one["rater"] in raters]


def own_scores(data: Path, rater: str, criterion: str) -> dict[str, float]:
    """What the project itself made of the comparisons of one rater."""
    with (data / "video_tournesol" / "individual_scores.csv").open(newline="") as file:
        rows = [one for one in csv.DictReader(file) if one["rater"] == rater]
    return {one["video"]: float(one["score"]) for one in rows if one["criteria"].replace("_", "-") == criterion}


def strength(score: int) -> int:
    """Their -10 (the first is far better) to 10 as our 3 to -3, rounded away from the tie."""
    return int(math.copysign(math.ceil(abs(score) * 3 / 10), -score)) if score else 0


def _work(video: str) -> Row:
    return {
        "id": video,
        "prompt": PROMPT,
        "maker": "not told",
        "content": "absent",
        "licence": "ODC-By-1.0",
        "source": "Tournesol Public Database",
        "purposes": ["show", "export", "train-reward-model"],
    }


def _past(one: Row) -> Row:
    return {
        "rater": one["rater"],
        "prompt": PROMPT,
        "works": [one["video_a"], one["video_b"]],
        "criterion": one["criteria"].replace("_", "-"),
        "strength": strength(int(one["score"])),
        "judged_at": f"{one['week_date']}T00:00:00Z",
    }
