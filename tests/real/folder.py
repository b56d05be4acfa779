"""Study folders made of real sets, and the command that imports them."""

import json
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

type Row = dict[str, Any]

CRITERION = "preference"


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def write_study(
    folder: Path,
    *,
    settings: Row,
    criteria: dict[str, str],
    prompts: Iterable[Row],
    works: Iterable[Row],
    past: Iterable[Row] = (),
    marks: Iterable[Row] = (),
) -> Path:
    """A study folder; `criteria` are questions by slug. JSON's strings and numbers are TOML's too."""
    folder.mkdir(parents=True)
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    for slug, question in criteria.items():
        lines += ["[[criteria]]", f'slug = "{slug}"', f'name = "{slug}"', f"definition = {json.dumps(question)}"]
    (folder / "study.toml").write_text("\n".join(lines) + "\n")
    for name, rows in (("prompts", prompts), ("works", works), ("judgements", past), ("marks", marks)):
        if text := "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows):
            (folder / f"{name}.jsonl").write_text(text)
    return folder


def run(command: str, *arguments: object) -> Row:
    """What a command of ours says in JSON."""
    said = StringIO()
    call_command(command, *map(str, arguments), "--json", stdout=said, stderr=StringIO())
    told: Row = json.loads(said.getvalue())
    return told
