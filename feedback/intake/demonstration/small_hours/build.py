"""Writes the second demonstration as a folder that the study import reads."""

import hashlib
import random
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from feedback.intake.demonstration.folder import PURPOSES, Progress, Row, table, write_rows
from feedback.intake.demonstration.panel import CRITERIA, Criterion

from .films import FILMS, shoot
from .forms import FORMS, turn
from .manners import MANNERS, Manner
from .sounds import SOUNDS, play

SLUG = "small-hours"
TITLE = "The small hours"
BRIEF = (
    "Four generators answer six briefs: two short films, two phrases of music, two things to turn in the hand. "
    "Watch and listen to the end, turn them round, and then say which is better made and which stays with you."
)
GUIDE = (
    "Judge what you would notice at the second look. In a film follow the light from frame to frame: it may change, but "
    "not flicker. In a phrase listen for what tears, clicks or is out of tune. Of a thing ask whether it would stand.\n\n"
    "Mark the place wherever you can point at it: a moment, a stretch, a spot."
)
CRAFT = Criterion(
    slug="craft",
    name="Craft",
    definition="Is it well made: steady, whole, nothing that flickers, clicks or tears?",
    strong="Nothing breaks at the second look; every change has a cause.",
    weak="It flickers, clicks, steps or tears, or a wall is missing.",
)
RESONANCE = next(criterion for criterion in CRITERIA if criterion.slug == "emotional-resonance")
OFFSET_SD = 0.25  # logits; how far a single work strays from what its maker usually achieves


@dataclass(frozen=True, slots=True)
class _Work:
    """One generator's answer to one brief."""

    prompt: str
    manner: Manner
    suffix: str

    @property
    def id(self) -> str:
        """An opaque id that betrays neither its maker nor an order."""
        digest = hashlib.sha256(f"{self.prompt}/{self.manner.generator.name}".encode()).hexdigest()
        return f"{self.prompt}-{digest[:8]}"

    @property
    def file(self) -> str:
        return f"{self.id}{self.suffix}"

    @property
    def seed(self) -> int:
        return zlib.crc32(self.id.encode())


def write_small_hours(directory: Path, *, on_progress: Progress | None = None) -> Path:
    """Write the whole study into `directory` and return the directory."""
    media = directory / "media"
    media.mkdir(parents=True, exist_ok=True)
    works = list(_works())
    (directory / "study.toml").write_text(_study(), encoding="utf-8")
    write_rows(directory / "prompts.jsonl", _prompts())
    write_rows(directory / "works.jsonl", map(_row, works))
    write_rows(directory / "truth.jsonl", _truth(works))
    for number, work in enumerate(works, 1):
        _make(work, media / work.file)
        if on_progress is not None:
            on_progress(number, len(works))
    return directory


def _prompts() -> Iterator[Row]:
    for briefs in (FILMS, SOUNDS, FORMS):
        for slug, brief in briefs.items():
            yield {"id": slug, "text": brief[0], "group": slug}


def _works() -> Iterator[_Work]:
    for briefs, suffix in ((FILMS, ".mp4"), (SOUNDS, ".wav"), (FORMS, ".glb")):
        for slug in briefs:
            for manner in MANNERS:
                yield _Work(slug, manner, suffix)


def _make(work: _Work, file: Path) -> None:
    if work.suffix == ".mp4":
        shoot(FILMS[work.prompt][1], work.manner, file, seed=work.seed)
    elif work.suffix == ".wav":
        play(SOUNDS[work.prompt][1], work.manner, file, seed=work.seed)
    else:
        _, profile, colour = FORMS[work.prompt]
        turn(profile, colour, work.manner, file, seed=work.seed)


def _row(work: _Work) -> Row:
    generator = work.manner.generator
    return {
        "id": work.id,
        "prompt": work.prompt,
        "generator": generator.name,
        "generator_version": generator.version,
        "file": work.file,
        "licence": "CC0-1.0",
        "consent": "made by this project for demonstration",
        "source": "Salon demonstration studio",
        "purposes": list(PURPOSES),
    }


def _truth(works: list[_Work]) -> Iterator[Row]:
    for work in works:
        for criterion, quality in ((CRAFT.slug, "lighting"), (RESONANCE.slug, RESONANCE.slug)):
            offset = random.Random(f"{work.id}/{criterion}").gauss(0.0, OFFSET_SD)  # noqa: S311  # a seeded draw is wanted
            strength = round(work.manner.generator.quality[quality] + offset, 4)
            yield {"work": work.id, "criterion": criterion, "strength": strength}


def _study() -> str:
    head: Row = {
        "slug": SLUG,
        "title": TITLE,
        "brief": BRIEF,
        "guide": GUIDE,
        "form": "pair",
        "scale": "strength",
        "overlap": 2,
        "rationale": "optional",
        "marks": "optional",
        "exposure": "off",
    }
    tables = (f"\n[[criteria]]\n{table(dict(asdict(criterion)))}" for criterion in (CRAFT, RESONANCE))
    return table(head) + "".join(tables)
