"""Studies whose truth is known: works made word by word and pixel by pixel to be better or worse, and simulated raters."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from feedback.datasets.making.directory import write_file
from feedback.intake.simulation import simulate
from feedback.studies.models import Study
from tests.real.folder import run, write_study

WORDS = {
    "vivid": "amber brittle cinder dusk ember frost gossamer hush ivory jagged kindle lantern murmur nettle opal quiver",
    "plain": "thing stuff nice good very quite big small some many get make put went said really",
    "place": "harbour attic orchard station cellar bridge market chapel",
}
VIVID, PLAIN, PLACES = (words.split() for words in WORDS.values())
RATERS = 5
SIZE = 32  # pixels


@dataclass(frozen=True)
class Made:
    """A work: a text, or the bytes of a picture; and how good it truly is on each criterion, in logits."""

    prompt: int
    number: int
    content: str | bytes
    truth: dict[str, float]

    @property
    def id(self) -> str:
        return f"p{self.prompt}-{self.number}"


def texts(prompts: int, works: int) -> Iterator[Made]:
    """Imagery grows with the share of vivid words; economy falls with length."""
    rng = random.Random(1)
    for prompt in range(prompts):
        for number in range(works):
            share, length = rng.random(), rng.randrange(6, 19)
            words = [rng.choice(VIVID if rng.random() < share else PLAIN) for _ in range(length)]
            imagery = 5 * (sum(word in VIVID for word in words) / length - 0.5)
            yield Made(prompt, number, " ".join(words), {"imagery": imagery, "economy": (12 - length) / 3})


def pictures(prompts: int, works: int) -> Iterator[Made]:
    """A lamp before a wall: the better it stands out, the better it is lit."""
    rng = random.Random(1)
    for prompt in range(prompts):
        for number in range(works):
            wall = rng.randrange(40, 160)
            contrast, (x, y) = rng.random(), (rng.randrange(4, SIZE - 16) for _ in range(2))
            picture = Image.new("RGB", (SIZE, SIZE), (wall, wall, wall))
            lamp = wall + round(95 * contrast)
            ImageDraw.Draw(picture).ellipse((x, y, x + 12, y + 12), (lamp, lamp, lamp))
            written = BytesIO()
            picture.save(written, "PNG")
            yield Made(prompt, number, written.getvalue(), {"lighting": 5 * (contrast - 0.5)})


def judged(folder: Path, works: list[Made], *, slug: str, judgements: int, **settings: Any) -> None:
    """Import a study of the works, and let simulated raters judge it; the truth is written beside the releases."""
    criteria = list(works[0].truth)
    study = write_study(
        folder / "studies" / slug,
        settings={"slug": slug, "title": slug.capitalize(), "overlap": 2} | settings,
        criteria={criterion: f"Which has more {criterion}?" for criterion in criteria},
        prompts=[
            {"id": f"p{prompt}", "text": _prompt(prompt)} for prompt in dict.fromkeys(one.prompt for one in works)
        ],
        works=map(_row, works),
    )
    for one in works:
        if isinstance(one.content, bytes):
            write_file(study / "media" / f"{one.id}.png", [one.content])
    run("import_study", study)
    truth = {(one.id, criterion): strength for one in works for criterion, strength in one.truth.items()}
    simulate(study=Study.objects.get(slug=slug), raters=RATERS, judgements=judgements, seed=1, truth=truth)
    (folder / f"{slug}.truth.json").write_text(json.dumps([_truth(one) for one in works]))


def _prompt(number: int) -> str:
    return f"Describe the {PLACES[number % len(PLACES)]} number {number} ."


def _row(work: Made) -> dict[str, Any]:
    content = {"text": work.content} if isinstance(work.content, str) else {"file": f"media/{work.id}.png"}
    return content | {
        "id": work.id,
        "prompt": f"p{work.prompt}",
        "generator": f"g{work.number}",
        "licence": "CC0-1.0",
        "purposes": ["show", "export", "train-reward-model"],
    }


def _truth(work: Made) -> dict[str, Any]:
    content = work.content if isinstance(work.content, str) else f"studies/pictures/media/{work.id}.png"
    return {"prompt": _prompt(work.prompt), "content": content, "truth": work.truth}
