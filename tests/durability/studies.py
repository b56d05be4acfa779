"""The studies that the durability tests work on, and the command that prepares a site with them.

`python -m tests.durability.studies FOLDER` migrates the database, imports the studies from folders that it writes below
FOLDER, invites people, and leaves their links in FOLDER/links.json.
"""

import io
import itertools
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOAK = 10 if os.environ.get("SALON_SOAK") == "1" else 1  # how much longer to try
CRITERIA = ("lighting", "narrative-arc", "emotional-resonance")
RIGHTS = {"licence": "CC0-1.0", "purposes": ["show", "export", "train-reward-model"]}


@dataclass(frozen=True)
class Shape:
    """How large a study is; all pairs of the works of a prompt are compared."""

    prompts: int
    works: int
    overlap: int
    raters: int
    judged: bool = False  # whether past judgements come along

    @property
    def comparisons(self) -> int:
        return self.prompts * self.works * (self.works - 1) // 2

    @property
    def places(self) -> int:
        return self.comparisons * self.overlap


STUDIES = {
    "doubles": Shape(prompts=1 * SOAK, works=6, overlap=2, raters=1),
    "tabs": Shape(prompts=1 * SOAK, works=6, overlap=2, raters=1),
    "impatient": Shape(prompts=2 * SOAK, works=6, overlap=2, raters=1),
    "lost": Shape(prompts=1 * SOAK, works=4, overlap=2, raters=1),
    "race": Shape(prompts=2 * SOAK, works=5, overlap=3, raters=12),
    "undos": Shape(prompts=3 * SOAK, works=6, overlap=2, raters=1),
    "kills": Shape(prompts=5 * SOAK, works=5, overlap=4, raters=4),
    "writers": Shape(prompts=1 * SOAK, works=4, overlap=16, raters=16),
    "rounds": Shape(prompts=6 * SOAK, works=6, overlap=2, raters=16),
    "guards": Shape(prompts=1, works=5, overlap=3, raters=6),
    "leases": Shape(prompts=2, works=2, overlap=1, raters=2),
    "releases": Shape(prompts=6, works=4, overlap=1, raters=1, judged=True),
}


def write_study(folder: Path, slug: str, shape: Shape) -> Path:
    """The study as a folder to import."""
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(f'slug = "{slug}"\ntitle = "Study {slug}"\noverlap = {shape.overlap}\n')
    prompts = [f"p{number}" for number in range(1, shape.prompts + 1)]
    numbers = range(1, shape.works + 1)
    _write(folder / "prompts.jsonl", ({"id": prompt, "text": f"The prompt {prompt}."} for prompt in prompts))
    _write(folder / "works.jsonl", (_work(prompt, number) for prompt in prompts for number in numbers))
    if shape.judged:
        _write(folder / "judgements.jsonl", (row for prompt in prompts for row in _past(prompt, numbers)))
    return folder


def _work(prompt: str, number: int) -> dict[str, Any]:
    text = f"Version {number} of {prompt}."
    return {"id": f"{prompt}-{number}", "prompt": prompt, "generator": f"maker-{number}", "text": text, **RIGHTS}


def _past(prompt: str, numbers: Iterable[int]) -> Iterable[dict[str, Any]]:
    """Two former raters of every pair, who prefer the lower number."""
    for rater, (one, other), criterion in itertools.product(
        ("Ada", "Ben"), itertools.combinations(numbers, 2), CRITERIA
    ):
        works = [f"{prompt}-{one}", f"{prompt}-{other}"]
        yield {"rater": rater, "prompt": prompt, "works": works, "criterion": criterion, "ranks": [1, 2]}


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def prepare(folder: Path) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    links: dict[str, dict[str, list[str]]] = {}
    for slug, shape in STUDIES.items():
        call_command("import_study", str(write_study(folder / "studies" / slug, slug, shape)), stdout=io.StringIO())
        links[slug] = {
            "rater": [_invite(slug, f"Rater {number}", "rater") for number in range(1, shape.raters + 1)],
            "engineer": [_invite(slug, "Engineer", "engineer")],
        }
    (folder / "links.json").write_text(json.dumps(links))


def _invite(slug: str, name: str, role: str) -> str:
    from django.core.management import call_command

    said = io.StringIO()
    call_command("invite", slug, name, "--role", role, stdout=said)
    return said.getvalue().strip()


if __name__ == "__main__":
    import django

    django.setup()
    prepare(Path(sys.argv[1]))
