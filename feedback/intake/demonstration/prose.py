"""Reads the twelve briefs and their seventy-two stories from the file beside this one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Brief:
    """What a writer was asked for, and one story in each manner."""

    slug: str
    text: str
    stories: Mapping[str, str]


def briefs() -> tuple[Brief, ...]:
    """All briefs in the order of the file, each story on one line."""
    source = resources.files(__package__).joinpath("stories.toml").read_text(encoding="utf-8")
    return tuple(_brief(dict(row)) for row in tomllib.loads(source)["brief"])


def _brief(row: dict[str, str]) -> Brief:
    slug, text = row.pop("id"), row.pop("text")
    return Brief(slug, text, {manner: " ".join(story.split()) for manner, story in row.items()})
