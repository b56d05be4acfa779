"""Loose files made into a study: which prompt each answers and who made it, told by folders and file names."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from feedback.intake.models import Delivery

TEXTS = {".txt", ".md"}
BRIEFS = {"prompt", "brief"}  # a text of this name in a folder says what was asked there
PROMPT_BY = {
    "folder": "the folder it lies in",
    "name": "the name of the file",
    "before": "the name of the file, before its last _ or -",
    "one": "the same for all",
}
MAKER_BY = {
    "after": "the name of the file, after its last _ or -",
    "name": "the name of the file",
    "folder": "the folder it lies in",
}
WORD = re.compile(r"[^\W\d_]{2,}")
LAST = re.compile(r"[\s_-]+(?=[^\s_-]+$)")


@dataclass(frozen=True)
class Naming:
    """What tells the prompt and what tells the maker."""

    prompt: str
    maker: str


@dataclass(frozen=True)
class Row:
    """One file as a work."""

    path: str
    prompt: str
    maker: str
    kept: bool = True


def is_brief(path: str) -> bool:
    place = PurePosixPath(path)
    return place.suffix.lower() in TEXTS and place.stem.lower() in BRIEFS


def guess(paths: Sequence[str]) -> Naming:
    """The likeliest naming: folders of prompts, folders of makers, or both in the name."""
    folders: dict[str, set[str]] = defaultdict(set)
    names: Counter[str] = Counter()
    for path in paths:
        folders[_folder(path)].add(_name(path))
        names[_name(path)] += 1
    if len(folders) < 2 and "" in folders:
        return Naming("before", "after")
    recur = sum(count > 1 for count in names.values()) > len(names) / 2
    if recur:  # the same names in every folder: the wordier of the two are the prompts
        return Naming("name", "folder") if _words(names) > _words(folders) else Naming("folder", "name")
    makers = {_after(name) for name in names}
    return Naming("folder", "after" if len(makers) < len(names) else "name")


def _words(names: Collection[str]) -> float:
    """How many words a name has on average."""
    return sum(len(WORD.findall(name)) for name in names) / len(names)


def rows_by(naming: Naming, paths: Sequence[str]) -> list[Row]:
    """Each file with what its place and its name say."""
    return [Row(path, _told(path)[naming.prompt] or "prompt", _told(path)[naming.maker]) for path in paths]


def _told(path: str) -> dict[str, str]:
    """Everything that the place and the name of a file tell."""
    name = _name(path)
    return {"folder": _folder(path), "name": name, "before": _before(name), "after": _after(name), "one": "prompt"}


def _folder(path: str) -> str:
    return "/".join(PurePosixPath(path).parts[:-1])


def _name(path: str) -> str:
    return PurePosixPath(path).stem


def _before(name: str) -> str:
    return LAST.split(name, maxsplit=1)[0]


def _after(name: str) -> str:
    return LAST.split(name, maxsplit=1)[-1]


def write_documents(delivery: Delivery, folder: Path) -> None:
    """The study.toml, prompts.jsonl and works.jsonl that nobody had to write, beside the media."""
    told = delivery.arranged
    study: dict[str, object] = {"slug": delivery.slug, "title": delivery.title, "form": delivery.form}
    if delivery.form == "set":
        study["set_size"] = delivery.set_size
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in study.items()]
    (folder / "study.toml").write_text("".join(lines), encoding="utf-8")
    _write(folder / "prompts.jsonl", told["prompts"])
    _write(folder / "works.jsonl", [_work(row, told, folder / "media") for row in told["works"]])


def _work(row: Mapping[str, str], told: Mapping[str, dict[str, object]], media: Path) -> dict[str, object]:
    """One row of works.jsonl; a text says itself what it holds."""
    work = {"id": row["id"], "prompt": row["prompt"], row["by"]: row["maker"], **told["rights"]}
    path = media / row["path"]
    if path.suffix.lower() in TEXTS:
        return work | {"text": path.read_text("utf-8-sig", errors="replace")}
    return work | {"file": row["path"]}


def _write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def told_of(
    rows: Sequence[Row], *, by: str, prompts: Mapping[str, str], rights: Mapping[str, object]
) -> dict[str, Any]:
    """What a delivery keeps: rows that are kept, the prompts they answer, and what the works may be used for."""
    kept = [
        {"id": row.path, "path": row.path, "prompt": row.prompt, "maker": row.maker, "by": by}
        for row in rows
        if row.kept
    ]
    wanted = dict.fromkeys(row["prompt"] for row in kept)
    return {
        "prompts": [{"id": prompt, "text": prompts.get(prompt) or prompt} for prompt in wanted],
        "works": kept,
        "rights": dict(rights),
    }
