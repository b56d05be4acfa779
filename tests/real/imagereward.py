"""Rankings of four to nine pictures for a prompt, with ties and gaps; the pictures themselves are not at hand."""

from pathlib import Path

from tests.real.folder import CRITERION, Row, read_rows, write_study


def study_of(data: Path, folder: Path) -> Path:
    """Each prompt with its pictures, absent, by a maker whom the set does not tell."""
    told = rankings(data)
    return write_study(
        folder,
        settings={"slug": "imagereward", "title": "Pictures for prompts", "form": "set", "set_size": 9, "overlap": 1},
        criteria={CRITERION: "Which picture is better?"},
        prompts=[{"id": one["prompt_id"], "text": one["prompt"]} for one in told],
        works=[_work(item, one["prompt_id"]) for one in told for item in one["items"]],
        past=[
            {
                "rater": "annotator",
                "prompt": one["prompt_id"],
                "works": one["items"],
                "criterion": CRITERION,
                "ranks": one["rank"],
            }
            for one in told
        ],
    )


def rankings(data: Path) -> list[Row]:
    return read_rows(data / "image_imagereward_rankings" / "rankings.jsonl")


def _work(item: str, prompt: str) -> Row:
    return {
        "id": item,
        "prompt": prompt,
        "maker": "not told",
        "content": "absent",
        "licence": "Apache-2.0",
        "source": "THUDM/ImageReward",
        "purposes": ["show", "export", "train-reward-model"],
    }
