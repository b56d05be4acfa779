"""Planted faults: each must be caught, by the consumer itself or by what must hold of any release."""

from collections.abc import Callable
from pathlib import Path

from datasets import load_dataset

from tests.consumers import faults
from tests.consumers.inspection import faults as found_in
from tests.consumers.reading.checks import check
from tests.consumers.reading.croissants import verified
from tests.consumers.reading.preferences import train_preferences
from tests.consumers.reading.rewards import train_rewards
from tests.consumers.reading.training import CRITERION

MARGIN = '      - name: "margin"\n        dtype: "float64"\n'
IMAGES = '      - name: "images"\n        list: "string"\n'


@check("datasets", "a whole release has no fault")
def whole(folder: Path) -> str:
    told = [
        name
        for name in sorted(path.parent.name for path in folder.glob("*/manifest.json"))
        if "-" not in name or name.startswith("trl-")
    ]
    for name in told:
        assert found_in(folder / name) == [], (name, found_in(folder / name)[:3])
    return ", ".join(told)


@check("trl", "planted: labels the wrong way round; the probe must say so")
def flipped(folder: Path) -> str:
    release = faults.flipped(folder / "trl-jsonl")
    assert found_in(release) == [], "only the probe can know"
    found = train_rewards(load_dataset(str(release), CRITERION), folder)
    assert not found.beats_chance, found
    return f"caught: {found}"


@check("datasets", "planted: the test split's rows in the training split")
def leaking(folder: Path) -> str:
    return _said(faults.leaking(folder / "trl-jsonl"), "is in test and train")


@check("trl", "planted: one null among the texts; RewardTrainer raises, too")
def null(folder: Path) -> str:
    release = faults.with_a_null(folder / "trl-jsonl")
    raised = _raised(lambda: train_rewards(load_dataset(str(release), CRITERION), folder))
    return f"{_said(release, 'has no chosen')}; {raised}"


@check("trl", "planted: a margin nobody asked for, which RewardTrainer would take into its loss")
def margin(folder: Path) -> str:
    release = faults.with_a_column(folder / "trl-jsonl", "margin", 1.0, MARGIN)
    assert "margin" in load_dataset(str(release), CRITERION)["train"].column_names
    return _said(release, "pairs has a column margin")


@check("trl", "planted: images beside texts; DPOTrainer refuses, too")
def images(folder: Path) -> str:
    release = faults.with_a_column(folder / "trl-jsonl", "images", [], IMAGES)
    raised = _raised(lambda: train_preferences(load_dataset(str(release), CRITERION), folder))
    return f"{_said(release, 'pairs has a column images')}; {raised}"


@check("datasets", "planted: a file torn at the end of a line; load_dataset and mlcroissant refuse, too")
def torn(folder: Path) -> str:
    release = faults.torn(folder / "trl-jsonl")
    loading = _raised(lambda: load_dataset(str(release)))
    checking = _raised(lambda: verified(release))
    return f"{_said(release, 'another sha256')}; {loading}; {checking}"


def _said(release: Path, expected: str) -> str:
    """The first fault of that kind that was found."""
    found = found_in(release)
    assert any(expected in one for one in found), found[:5]
    return f"caught: {next(one for one in found if expected in one)}"


def _raised(run: Callable[[], object]) -> str:
    try:
        run()
    except Exception as error:  # noqa: BLE001 - whatever the consumer raises is its refusal
        return type(error).__name__
    raise AssertionError("the consumer took it without a word")
