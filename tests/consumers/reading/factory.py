"""LLaMA-Factory's own reading of dataset_info.json, and its own conversion of the rows.

It drops a row it cannot read with a warning alone, so that rows are counted and their texts compared.
"""

import json
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from datasets import load_dataset

from tests.consumers.reading.checks import check

# It imports this for sounds alone, and there is no build of it for every torch.
sys.modules["torchaudio"] = ModuleType("torchaudio")
sys.modules["torchaudio"].__spec__ = ModuleSpec("torchaudio", None)
RELEASES = ("llamafactory", "trl-jsonl", "trl-jsonl.gz", "trl-parquet")


@check("llamafactory", "every entry of dataset_info.json loads, and every row converts to a prompt and two answers")
def pairs(folder: Path) -> str:
    return ", ".join(f"{name} {converted(folder / name)}" for name in RELEASES)


def converted(release: Path) -> int:
    """How many rows of all entries it converted, each equal to the row of the file."""
    from llamafactory.data.loader import _load_single_dataset
    from llamafactory.data.parser import get_dataset_list

    entries = json.loads((release / "dataset_info.json").read_text())
    data_args = SimpleNamespace(
        dataset_dir=str(release),
        media_dir=str(release),
        preprocessing_num_workers=None,
        streaming=False,
        max_samples=None,
        overwrite_cache=True,
    )
    count = 0
    for name, attributes in zip(entries, get_dataset_list(list(entries), str(release)), strict=True):
        loaded = _load_single_dataset(
            attributes,
            SimpleNamespace(cache_dir=None, hf_hub_token=None),
            data_args,
            SimpleNamespace(local_process_index=0),
        )
        for row in loaded:
            assert len(row["_prompt"]) % 2 == 1, (name, row)
            assert [turn["role"] for turn in row["_response"]] == ["assistant", "assistant"], (name, row)
            assert all(turn["content"].strip() for turn in row["_prompt"]), (name, row)
        answers = [tuple(turn["content"] for turn in row["_response"]) for row in loaded]
        assert answers == _written(release, entries[name]), name
        count += len(answers)
    return count


def _written(release: Path, entry: dict[str, Any]) -> list[tuple[str, str]]:
    """Both texts of each row, as the release has them."""
    data = load_dataset(str(release), entry["subset"], split=entry["split"])
    return [tuple(_text(row[name]) for name in ("chosen", "rejected")) for row in data]


def _text(answer: str | dict[str, str]) -> str:
    return answer if isinstance(answer, str) else answer["value"]
