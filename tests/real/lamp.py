"""Professional writers rank three paragraphs: as a model wrote it, edited by a model, edited by a writer."""

from collections.abc import Iterator
from pathlib import Path

from tests.real.folder import CRITERION, Row, read_rows, write_study

SOURCE = "salesforce/creativity_eval, Writing_Alignment"


def study_of(data: Path, folder: Path) -> Path:
    """One prompt a set; the condition stands as the generator, the model behind it is kept as metadata."""
    items = read_rows(data / "text_lamp_rankings" / "items.jsonl")
    return write_study(
        folder,
        settings={"slug": "lamp", "title": "Paragraphs, edited", "form": "set", "set_size": 3, "overlap": 3},
        criteria={CRITERION: "Which paragraph is the better writing?"},
        prompts=[{"id": key, "text": text} for key, text in {one["set_id"]: one["prompt"] for one in items}.items()],
        works=map(_work, items),
        past=map(_past, rankings(data)),
    )


def rankings(data: Path) -> Iterator[Row]:
    yield from read_rows(data / "text_lamp_rankings" / "rankings.jsonl")


def condition(item: str) -> str:
    """The condition, which ends the name of each item."""
    return next(name for name in ("AI-generated", "AI-edited", "Human-edited") if item.endswith(name))


def _work(item: Row) -> Row:
    return {
        "id": item["item_id"],
        "prompt": item["set_id"],
        "generator": item["condition"],
        "text": item["text"],
        "licence": "BSD-3-Clause",
        "source": SOURCE,
        "purposes": ["show", "export", "train-reward-model"],
        "llm": item["llm"],
        "genre": item["genre"],
    }


def _past(ranking: Row) -> Row:
    return {
        "rater": ranking["rater"],
        "prompt": ranking["set_id"],
        "works": ranking["shown"],
        "criterion": CRITERION,
        "ranks": [ranking["ranked"].index(item) + 1 for item in ranking["shown"]],
    }
