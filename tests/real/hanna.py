"""People rate short stories from 1 to 5 on six criteria: one by a person and ten by models for each of 48 prompts."""

import csv
from pathlib import Path

from tests.real.folder import Row, read_rows, write_study

CRITERIA = {
    "relevance": "How well does the story match its prompt?",
    "coherence": "How much sense does it make?",
    "empathy": "How well does it tell what its characters feel?",
    "surprise": "How surprising is its end?",
    "engagement": "How engaging is it?",
    "complexity": "How elaborate is it?",
}


def study_of(data: Path, folder: Path, prompts: int = 48) -> Path:
    """The first so many prompts. Of each story three people rated, nobody says who: they are known by their place."""
    told = ratings(data, prompts)
    texts = {one["prompt_id"]: one["text"] for one in read_rows(data / "text_hanna" / "prompts.jsonl")}
    stories = {one["story_id"]: one["text"] for one in read_rows(data / "text_hanna" / "stories.jsonl")}
    return write_study(
        folder,
        settings={"slug": "hanna", "title": "Short stories, rated", "form": "rating", "overlap": 3},
        criteria=CRITERIA,
        prompts=[
            {"id": prompt, "text": texts[int(prompt)]} for prompt in dict.fromkeys(one["prompt_id"] for one in told)
        ],
        works=[_work(one, stories) for one in {one["story_id"]: one for one in told}.values()],
        past=map(_past, told),
    )


def ratings(data: Path, prompts: int = 48) -> list[Row]:
    with (data / "text_hanna" / "human_ratings.csv").open(newline="") as file:
        told = list(csv.DictReader(file))
    chosen = sorted({int(one["prompt_id"]) for one in told})[:prompts]
    return [one for one in told if int(one["prompt_id"]) in chosen]


def _work(one: Row, stories: Row) -> Row:
    text = stories.get(one["story_id"]) if one["system"] == "Human" else None
    return {
        "id": one["story_id"],
        "prompt": one["prompt_id"],
        "generator": one["system"],
        **({"text": text} if text else {"content": "absent"}),
        "licence": "MIT",
        "source": "dig-team/hanna-benchmark-asg",
        "purposes": ["show", "export", "train-reward-model"],
    }


def _past(one: Row) -> Row:
    return {
        "rater": f"place {one['rating_slot']}",
        "prompt": one["prompt_id"],
        "works": [one["story_id"]],
        "criterion": one["criterion"],
        "score": float(one["score"]),
    }
