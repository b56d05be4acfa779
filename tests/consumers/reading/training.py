"""What the trainers have in common: their settings, the texts they learn words from, the prompts held out."""

from pathlib import Path
from typing import Any

from datasets import DatasetDict

from tests.consumers.reading.probe import Probe, Work, held_out

STUDY, CRITERION = "texts", "imagery"


def arguments(folder: Path, epochs: int) -> dict[str, Any]:
    """Quietly, on the CPU, and the same each time."""
    return {
        "output_dir": str(folder / "trained"),
        "num_train_epochs": epochs,
        "per_device_train_batch_size": 32,
        "max_length": 128,
        "report_to": "none",
        "save_strategy": "no",
        "logging_strategy": "no",
        "disable_tqdm": True,
        "use_cpu": True,
        "bf16": False,
        "seed": 1,
    }


def texts(data: DatasetDict) -> list[str]:
    """Of the training split, for a tokenizer to learn its words from."""
    names = [name for name in ("prompt", "chosen", "rejected", "completion") if name in data["train"].column_names]
    return [str(row[name]) for row in data["train"] for name in names]


def held_out_works(data: DatasetDict, folder: Path, study: str = STUDY, criterion: str = CRITERION) -> list[list[Work]]:
    """Those of the prompts that are not in the training split."""
    prompts = {_text(row["prompt"]) for split, part in data.items() if split != "train" for row in part}
    return held_out(folder, study, criterion, sorted(prompts))


def _text(prompt: str | list[dict[str, str]]) -> str:
    return prompt if isinstance(prompt, str) else prompt[0]["content"]


def must_beat_chance(found: Probe) -> str:
    assert found.beats_chance, f"the trained model prefers the better work in {found}"
    return str(found)
