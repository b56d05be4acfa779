"""Writes the demonstration as a folder that the study import reads."""

import hashlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .folder import PURPOSES, Progress, Row, table, write_rows
from .panel import CRITERIA, GENERATORS, Criterion, Generator
from .prose import briefs
from .render import paint
from .scenes import SCENES

SLUG = "hour-of-light"
TITLE = "The hour of light"
BRIEF = (
    "Six generators answer eighteen briefs about light: six still lifes and twelve very short stories. "
    "Look or read first as you would at home, then say which of the two is better, and by how much."
)
OFFSET_SD = 0.25  # logits; how far a single work strays from what its maker usually achieves
UNCLEARED = ("night-train", "Quillon")  # nobody stated a licence: the lead sees it blocked
NOT_FOR_TRAINING = ("mine", "Ostrava")  # its purposes leave out training reward models: blocked as well


@dataclass(frozen=True, slots=True)
class _Made:
    """One generator's answer to one prompt; a picture has no text."""

    prompt: str
    generator: Generator
    text: str | None

    @property
    def id(self) -> str:
        """An opaque id that betrays neither its maker nor an order."""
        digest = hashlib.sha256(f"{self.prompt}/{self.generator.name}".encode()).hexdigest()
        return f"{self.prompt}-{digest[:8]}"

    @property
    def file(self) -> str:
        return f"{self.id}.png"


def write_demonstration(directory: Path, *, on_progress: Progress | None = None) -> Path:
    """Write the whole study into `directory`, the same bytes on every run, and return the directory."""
    media = directory / "media"
    media.mkdir(parents=True, exist_ok=True)
    works = tuple(_works())
    (directory / "study.toml").write_text(_study(), encoding="utf-8")
    write_rows(directory / "prompts.jsonl", _prompts())
    write_rows(directory / "works.jsonl", map(_work_row, works))
    write_rows(directory / "truth.jsonl", _truth(works))
    _paint(media, [work for work in works if work.text is None], on_progress)
    return directory


def _prompts() -> Iterator[Row]:
    asked = [(scene.slug, scene.text) for scene in SCENES] + [(brief.slug, brief.text) for brief in briefs()]
    for slug, text in asked:
        yield {"id": slug, "text": text, "group": slug}


def _works() -> Iterator[_Made]:
    for scene in SCENES:
        for generator in GENERATORS:
            yield _Made(scene.slug, generator, None)
    for brief in briefs():
        for generator in GENERATORS:
            yield _Made(brief.slug, generator, brief.stories[generator.manner])


def _work_row(work: _Made) -> Row:
    maker = {"generator": work.generator.name, "generator_version": work.generator.version}
    content = {"file": work.file} if work.text is None else {"text": work.text}
    return {"id": work.id, "prompt": work.prompt, **maker, **content, **_clearance(work)}


def _clearance(work: _Made) -> Row:
    key = (work.prompt, work.generator.name)
    source = "Salon demonstration renderer" if work.text is None else "written for the Salon demonstration"
    if key == UNCLEARED:
        return {"source": source}
    return {
        "licence": "CC0-1.0",
        "consent": "made by this project for demonstration",
        "source": source,
        "purposes": [p for p in PURPOSES if key != NOT_FOR_TRAINING or p != "train-reward-model"],
    }


def _truth(works: Iterable[_Made]) -> Iterator[Row]:
    for work in works:
        for criterion in CRITERIA:
            offset = random.Random(f"{work.id}/{criterion.slug}").gauss(0.0, OFFSET_SD)  # noqa: S311  # a seeded draw is wanted
            strength = round(work.generator.quality[criterion.slug] + offset, 4)
            yield {"work": work.id, "criterion": criterion.slug, "strength": strength}


def _paint(media: Path, works: list[_Made], on_progress: Progress | None) -> None:
    files = {(work.prompt, work.generator.rig): media / work.file for work in works}
    for done in paint(files):
        if on_progress is not None:
            on_progress(done, len(files))


def _study() -> str:
    head: Row = {
        "slug": SLUG,
        "title": TITLE,
        "brief": BRIEF,
        "form": "pair",
        "scale": "choice",
        "overlap": 3,
        "rationale": "optional",
    }
    return table(head) + "".join(f"\n[[criteria]]\n{table(_criterion(criterion))}" for criterion in CRITERIA)


def _criterion(criterion: Criterion) -> Row:
    return dict(asdict(criterion))
