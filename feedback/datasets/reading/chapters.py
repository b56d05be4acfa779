"""What was said about one prompt of a study, as the views read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from feedback.judging.models import Purpose

SUFFIXES = {"image/webp": "webp", "video/webm": "webm", "audio/flac": "flac", "model/gltf-binary": "glb"}
NOBODY = UUID(int=0)
NOT_FOR_TRAINING = (Purpose.TRAINING, Purpose.GOLD, Purpose.REPEAT)  # asked to teach raters, or to check them


class Judged(NamedTuple):
    """An answer on a criterion, and the submission it came with; what follows `order` is told where it is wanted.

    `superseded_at` is there where another answer of the same rater took its place.
    """

    submission: int
    criterion: int
    outcome: str
    ranks: tuple[int, ...] | None
    strength: int | None
    score: float | None
    acceptable: tuple[bool | None, ...] | None
    comparison: int
    at: datetime
    hand: int  # the rater's primary key, which never leaves
    order: tuple[int, ...]
    assignment: UUID = NOBODY
    number: int = 0
    dwell_ms: int | None = None
    late: bool = False
    extra: bool = False
    rater: UUID = NOBODY
    rater_kind: str = ""
    rationale: str | None = None
    superseded_at: datetime | None = None


class Pinned(NamedTuple):
    """A mark; `criterion` is a slug, or None where it speaks of the whole."""

    submission: int
    criterion: str | None
    entry: int
    kind: str
    place: dict[str, Any]
    tag: str
    sign: int
    note: str
    claim: str
    number: int


class Content(NamedTuple):
    """What raters saw of a work: a text, or a file, kept under the name `stored`."""

    text: str
    media_type: str
    sha256: str
    bytes: int
    width: int | None
    height: int | None
    facts: dict[str, Any]
    stored: str

    @property
    def path(self) -> str:
        """Where the file lies in a release."""
        return f"media/{self.sha256}.{SUFFIXES[self.media_type]}"


class Rights(NamedTuple):
    """Who made a work, and on what ground it may be used."""

    generator: str | None
    generator_version: str | None
    maker: str
    metadata: dict[str, Any]
    licence: str
    consent: str
    source: str
    may_train_reward_model: bool
    may_train_generator: bool
    may_commercial: bool


@dataclass(frozen=True)
class Chapter:
    """One prompt with its works, its comparisons, and the judgements on them; what no view wants is empty.

    `comparisons` are (purpose, works in the order of the entries). `contents` and `rights` are by work, `marks` by
    submission.
    """

    id: str
    external: tuple[str, str]
    group: str
    text: str
    split: str
    contents: dict[int, Content]
    rights: dict[int, Rights]
    comparisons: dict[int, tuple[str, tuple[int, ...]]]
    judgements: list[Judged]
    superseded: list[Judged]
    marks: dict[int, list[Pinned]]
