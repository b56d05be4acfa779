"""A manifest as the documents meet it: complete but for the documents themselves."""

from typing import Any

from feedback.datasets.columns import Column

PAIRS = (
    Column("pair_id", "string", "of the pair"),
    Column("prompt", "string", "what the works answer"),
    Column("chosen", "string", "the better text"),
    Column("rejected", "string", "the other text"),
    Column("criterion", "string", "the quality"),
    Column("n_judgements", "int64", "how many"),
)
JUDGEMENTS = (
    Column("judgement_id", "string", "of the answer"),
    Column(
        "works",
        {"list": [{"name": "work", "dtype": "string"}, {"name": "size", "struct": [{"name": "x", "dtype": "int64"}]}]},
        "as shown",
    ),
    Column("ranks", {"list": "int64"}, "of the works"),
    Column("strokes", {"list": {"list": "float64"}}, "a drawing"),
    Column("box", {"struct": [{"name": "x", "dtype": "float64"}]}, "a place"),
    Column("rater", "string", "a pseudonym"),
    Column("judged_at", "string", "UTC"),
)
COLUMNS = {"pairs": PAIRS, "judgements": JUDGEMENTS}


def shard(view: str, split: str, criterion: str, number: int = 0, of: int = 1, **fields: Any) -> dict[str, Any]:
    path = f"data/{view}/{split}-{number:05}-of-{of:05}.{fields.pop('suffix', 'jsonl')}"
    given = {"rows": 10 * (number + 1), "bytes": 1000, "sha256": f"{number:064}"} | fields
    return {"path": path, "view": view, "split": split, "criterion": criterion, **given}


def manifest(*views: str, **fields: Any) -> dict[str, Any]:
    """Of these views, by default pairs alone, on one criterion in all splits."""
    views = views or ("pairs",)
    return {
        "schema_version": 2,
        "release": "3f0c7c1e-0000-4000-8000-000000000000",
        "version": "1.2.0",
        "title": "Lamps at night",
        "studies": [{"slug": "lamps", "title": "Lamps at night", "form": "pair"}],
        "preset": None,
        "format": "jsonl",
        "rationales": False,
        "margin": False,
        "purpose": "train-reward-model",
        "min_judgements": 1,
        "code_version": "0.9",
        "snapshot": {"judged_until": "2026-05-04T10:11:12.000000Z", "frozen_at": "2026-11-23T00:00:00.000000Z"},
        "criteria": [{"slug": "lighting", "version": 2, "name": "Lighting", "definition": "Which is lit better?"}],
        "judgements": {"live": 44, "used": 41, "left_out": [{"reason": "the rater skipped it", "count": 3}]},
        "pairs_left_out": [{"reason": "as many raters for one work as for the other", "count": 1}],
        "works_left_out": [{"reason": "its clearance has ended", "remedy": "ask", "count": 2}],
        "works": 12,
        "raters": {"person": 3},
        "licences": [{"licence": "CC0-1.0", "works": 12}],
        "prompts": {"train": 8, "validation": 1, "test": 1},
        "views": [
            {
                "view": view,
                "rows": 30,
                "columns": [column.name for column in COLUMNS[view]],
                "key": COLUMNS[view][0].name,
            }
            for view in views
        ],
        "files": [shard(view, split, "lighting") for view in views for split in ("train", "validation", "test")],
        "media": {"files": 0, "bytes": 0, "suffixes": []},
    } | fields


def columns(*views: str) -> dict[str, tuple[Column, ...]]:
    return {view: COLUMNS[view] for view in views or ("pairs",)}
