"""The Python of docs/training.md, run as it stands there, and then probed."""

import os
import re
from pathlib import Path
from typing import Any

import torch
from datasets import load_dataset

from tests.consumers.reading.checks import check
from tests.consumers.reading.pictures import probe_pictures
from tests.consumers.reading.rewards import probe_rewards
from tests.consumers.reading.tiny import language_model, save, tokenizer_of
from tests.consumers.reading.training import held_out_works, must_beat_chance, texts

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "training.md"


@check("trl", "docs/training.md: texts with TRL")
def of_texts(folder: Path) -> str:
    data = load_dataset(str(folder / "trl-jsonl"), "imagery")
    tokenizer = tokenizer_of(texts(data))
    save(language_model(tokenizer), tokenizer, folder / "base")
    names = _run(0, folder, folder / "trl-jsonl")
    return must_beat_chance(probe_rewards(names["model"], names["tokenizer"], held_out_works(data, folder)))


@check("torch", "docs/training.md: pictures with PickScore's loss")
def of_pictures(folder: Path) -> str:
    torch.manual_seed(1)
    _run(1, folder, folder / "pictures-parquet")
    score = torch.load(folder / "reward-model.pt", weights_only=False)
    return must_beat_chance(probe_pictures(score, folder))


def _run(number: int, folder: Path, release: Path) -> dict[str, Any]:
    """Run the block in the folder, where `release` is that one; returns its names."""
    block = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), flags=re.DOTALL)[number]
    (folder / "release").unlink(missing_ok=True)
    (folder / "release").symlink_to(release)
    os.chdir(folder)
    names: dict[str, Any] = {}
    exec(block, names)
    return names
