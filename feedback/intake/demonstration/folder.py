"""What every demonstration's folder is written with."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

PURPOSES = ("show", "export", "train-reward-model", "train-generator", "commercial")

Row = dict[str, object]
Progress = Callable[[int, int], None]


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """One JSON object on each line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def table(row: Row) -> str:
    """A TOML table without its heading; JSON's strings, numbers and lists are TOML's."""
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in row.items())
