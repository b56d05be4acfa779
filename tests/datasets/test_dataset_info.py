"""LLaMA-Factory's index: an entry for what it can train on, none for what it would drop with a warning."""

import json

import pytest

from feedback.datasets.documents import dataset_info
from tests.datasets.manifests import manifest, shard

RANKING = {"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"}


def entries(told):
    written = dataset_info(told)
    return json.loads(written) if written else None


def test_pairs_are_ranked_and_read_through_the_card_split_by_split():
    found = entries(manifest(files=[shard("pairs", "train", "lighting"), shard("pairs", "test", "lighting")]))

    assert found == {
        f"pairs-{split}": {"script_url": ".", "subset": "pairs", "split": split, "ranking": True, "columns": RANKING}
        for split in ("train", "test")
    }


def test_each_criterion_has_an_entry():
    files = [shard("pairs", "train", "lighting", 0, 2), shard("pairs", "train", "tone", 1, 2)]

    assert list(entries(manifest(files=files))) == ["pairs-train", "lighting-train", "tone-train"]


@pytest.mark.parametrize(
    ("preset", "formatting", "columns"),
    [
        ("trl", None, RANKING),
        ("llamafactory", "sharegpt", {"messages": "conversations", "chosen": "chosen", "rejected": "rejected"}),
        ("kto", None, {"prompt": "prompt", "response": "completion", "kto_tag": "label"}),
    ],
)
def test_a_preset_is_named_by_its_own_columns(preset, formatting, columns):
    entry = entries(manifest(preset=preset))["pairs-train"]

    assert entry.get("formatting") == formatting
    assert entry["columns"] == columns
    assert entry.get("ranking", False) == (preset != "kto")


@pytest.mark.parametrize("preset", ["trl-chat", "pickapic", "videoalign"])
def test_what_it_cannot_take_is_not_listed(preset):
    assert entries(manifest(preset=preset)) is None


def test_of_several_views_those_it_can_take_are_listed():
    found = entries(manifest("judgements", "pairs"))

    assert list(found) == ["pairs-train", "pairs-validation", "pairs-test"]
    assert entries(manifest("judgements")) is None
