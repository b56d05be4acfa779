"""A study of two thousand texts, read and stored."""

import json
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from feedback.intake.actions import store_study
from feedback.intake.reading import StudyPlan, read_study
from tests.benchmarks.measure import Row, beside, rate
from tests.benchmarks.studies import MAKERS, STORY

WORKS = 2_000


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as place:
        folder, numbers = Path(place), count(1)
        lines = _write(folder)

        def rename() -> None:
            """What was not imported before."""
            (folder / "study.toml").write_text(f'slug = "import-{next(numbers)}"\ntitle = "Import"\n')

        def read() -> StudyPlan:
            return read_study(folder, scratch=folder / "scratch")

        def floor() -> None:
            for line in lines:
                json.loads(line)

        for what, ours in (("read", read), ("read and stored", lambda: store_study(plan=read()))):
            yield beside(
                f"Import of {WORKS:,} texts: {what}",
                ours,
                floor,
                before=rename,
                against="json.loads of the same lines",
                tell=rate(WORKS, "works"),
                runs=5,
            )


def _write(folder: Path) -> list[str]:
    """The documents of the study but for its settings; returns their lines."""
    names = [f"p{number}" for number in range(WORKS // MAKERS)]
    prompts = [json.dumps({"id": name, "text": f"The prompt {name}."}) for name in names]
    works = [json.dumps(_work(name, maker)) for name in names for maker in range(MAKERS)]
    (folder / "prompts.jsonl").write_text("\n".join(prompts) + "\n")
    (folder / "works.jsonl").write_text("\n".join(works) + "\n")
    (folder / "scratch").mkdir()
    return prompts + works


def _work(prompt: str, maker: int) -> dict[str, object]:
    return {
        "id": f"{prompt}-{maker}",
        "prompt": prompt,
        "generator": f"maker-{maker}",
        "text": f"{prompt}, told by {maker}. {STORY}",
        "licence": "CC0-1.0",
        "consent": "given",
        "purposes": ["show", "export"],
    }
