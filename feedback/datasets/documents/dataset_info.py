"""LLaMA-Factory's dataset_info.json, for the shapes it can train on.

It reads the release through its card (`script_url` is the folder of this file), so that every file of a split is read,
whatever the format, under the card's types. Columns that are not named are none to it.
"""

from typing import Any

from feedback.datasets.documents.configs import Manifest, configs_of
from feedback.datasets.lines import document

RANKING = {
    "ranking": True,
    "columns": {"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"},
}
SHAREGPT = {
    "formatting": "sharegpt",
    "ranking": True,
    "columns": {"messages": "conversations", "chosen": "chosen", "rejected": "rejected"},
}
LABELLED = {"columns": {"prompt": "prompt", "response": "completion", "kto_tag": "label"}}

PRESETS: dict[str, dict[str, Any]] = {"trl": RANKING, "llamafactory": SHAREGPT, "kto": LABELLED}
VIEWS: dict[str, dict[str, Any]] = {"pairs": RANKING, "unpaired": LABELLED}


def dataset_info(manifest: Manifest) -> bytes | None:
    """One entry for each config and split, named `lighting-train`; None where LLaMA-Factory can take no row."""
    shapes = PRESETS if manifest["preset"] else VIEWS
    entries = {
        f"{config.name}-{split}": {"script_url": ".", "subset": config.name, "split": split, **shape}
        for config in configs_of(manifest)
        if (shape := shapes.get(manifest["preset"] or config.view))
        for split in config.splits
    }
    return document(entries) if entries else None
