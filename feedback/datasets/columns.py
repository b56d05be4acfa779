"""Columns: their types as `datasets` reads them from a card, and what they say."""

from dataclasses import dataclass
from typing import Any, Literal

MESSAGES = {"list": [{"name": "role", "dtype": "string"}, {"name": "content", "dtype": "string"}]}
INTEGERS = {"list": "int64"}
STRINGS = {"list": "string"}


@dataclass(frozen=True)
class Column:
    """A column: `type` is a dtype, or a mapping as the card's features want it.

    `file` tells what its strings name: a file of the release by its path, or one whose bytes the column holds in the
    formats that have bytes.
    """

    name: str
    type: str | dict[str, Any]
    says: str
    file: Literal["", "path", "bytes"] = ""

    @property
    def feature(self) -> dict[str, Any]:
        return {"name": self.name} | ({"dtype": self.type} if isinstance(self.type, str) else self.type)


WORKS = {"list": [{"name": name, "dtype": "string"} for name in ("work", "medium", "sha256", "text", "file")]}

STUDY = Column("study", "string", "the study it is of")
PROMPT_ID = Column("prompt_id", "string", "the prompt's own id")
PROMPT = Column("prompt", "string", "what the works answer; ends in a newline, so that a work can follow it")
CRITERION = Column("criterion", "string", "the quality they were judged by")
SETS = (
    Column("set_id", "string", "the `comparison_id` of the set they were judged in: its pairs belong together"),
    Column("weight", "float64", "of a pair from sets: a judgement of a set counts 1, shared by the pairs it decided"),
)
PLACE: dict[str, list[dict[str, Any]]] = {
    "struct": [
        *({"name": name, "dtype": "float64"} for name in ("x", "y", "width", "height", "size")),
        {"name": "strokes", "list": {"list": {"list": "float64"}}},
        {"name": "frame", "dtype": "int64"},
        *({"name": name, "dtype": "float64"} for name in ("time", "start", "end")),
        {"name": "first", "dtype": "int64"},
        {"name": "last", "dtype": "int64"},
        {"name": "quote", "dtype": "string"},
        *({"name": name, "dtype": "int64"} for name in ("mesh", "primitive", "face")),
        {"name": "barycentric", "list": "float64"},
        {"name": "position", "list": "float64"},
    ]
}
