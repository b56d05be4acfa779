"""Three professional writers each mark what is weak in the same 25 paragraphs, with a category and a rewriting."""

from collections.abc import Iterator
from pathlib import Path

from tests.real.folder import CRITERION, Row, read_rows, write_study
from tests.real.lamp import SOURCE


def study_of(data: Path, folder: Path, *, matching: bool = True) -> Path:
    """One prompt and one work a paragraph; a writer's marks stand beside an answer that was skipped.

    Without `matching`, spans of another text than the one we have are marked where the set says they are.
    """
    items = paragraphs(data)
    settings = {"slug": "lamp-spans", "title": "Paragraphs, marked", "form": "rating", "overlap": 3, "words": "shared"}
    return write_study(
        folder,
        settings=settings | {"tags": sorted({span["category"] for _, _, span in spans(data)})},
        criteria={CRITERION: "How good is the writing?"},
        prompts=[{"id": item["item_id"], "text": item["prompt"]} for item in items],
        works=map(_work, items),
        past=[_past(item, one["rater"]) for item in items for one in item["annotations"]],
        marks=[_mark(*span) for span in spans(data) if is_placed(*span) or not (matching or span[2]["start"] is None)],
    )


def paragraphs(data: Path) -> list[Row]:
    return read_rows(data / "text_lamp_spans" / "spans.jsonl")


def spans(data: Path) -> Iterator[tuple[Row, str, Row]]:
    """Each span with its paragraph and its writer."""
    for item in paragraphs(data):
        for annotation in item["annotations"]:
            yield from ((item, annotation["rater"], span) for span in annotation["spans"])


def is_placed(item: Row, _rater: str, span: Row) -> bool:
    """Whether the span is in the text we have where the set says it is."""
    return span["start"] is not None and item["text"][span["start"] : span["end"]] == span["original"]


def _work(item: Row) -> Row:
    return {
        "id": item["item_id"],
        "prompt": item["item_id"],
        "generator": item["llm"],
        "text": item["text"],
        "licence": "BSD-3-Clause",
        "source": SOURCE,
        "purposes": ["show", "export", "train-reward-model"],
    }


def _past(item: Row, rater: str) -> Row:
    asked = {"rater": rater, "prompt": item["item_id"], "works": [item["item_id"]], "criterion": CRITERION}
    return asked | {"outcome": "skipped"}


def _mark(item: Row, rater: str, span: Row) -> Row:
    return {
        "rater": rater,
        "prompt": item["item_id"],
        "works": [item["item_id"]],
        "work": item["item_id"],
        "kind": "words",
        "place": {"start": span["start"], "end": span["end"], "quote": span["original"]},
        "tag": span["category"],
        "sign": -1,
        "note": span["replacement"],
    }
