"""The demonstration: its judgements return the order it states, and its text release trains."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from feedback.intake.actions import store_study
from feedback.intake.demonstration import CRITERIA, stated_order, write_demonstration
from feedback.intake.management.commands.simulate_judgements import read_truth
from feedback.intake.reading import read_study
from feedback.intake.simulation import simulate
from feedback.results.actions import fit
from feedback.results.standings import as_json

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demonstration")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write_demonstration(tmp_path_factory.mktemp("demonstration") / "study")


@pytest.fixture
def study(folder, tmp_path):
    """The demonstration, judged full by simulated raters."""
    made = store_study(plan=read_study(folder, scratch=tmp_path / "scratch")).study
    simulate(study=made, raters=3, judgements=10_000, seed=20, truth=read_truth(folder / "truth.jsonl", made))
    return made


def kendall_tau(order: list[str], stated: list[str]) -> float:
    """τ of two orders of the same names, without ties."""
    places = [stated.index(name) for name in order]
    pairs = [(one, other) for at, one in enumerate(places) for other in places[at + 1 :]]
    return sum(1 if one < other else -1 for one, other in pairs) / len(pairs)


def features(text: str) -> np.ndarray:
    """Hashed words and pairs of words, scaled by length."""
    words = "".join(letter if letter.isalpha() else " " for letter in text.lower()).split()
    counts = np.zeros(2048)
    for gram in [*words, *map(" ".join, itertools.pairwise(words))]:
        counts[hash_of(gram)] += 1
    return counts / np.sqrt(len(words) + 1)


def hash_of(gram: str) -> int:
    number = 2166136261
    for letter in gram.encode():
        number = (number ^ letter) * 16777619 % 2**32
    return number % 2048


def train(rows: list[dict[str, str]]) -> np.ndarray:
    """A linear reward model by Bradley-Terry's likelihood, with a ridge."""
    differences = np.array([features(row["chosen"]) - features(row["rejected"]) for row in rows])
    weights = np.zeros(differences.shape[1])
    for _ in range(400):
        wrong = 1 / (1 + np.exp(differences @ weights))
        weights += 0.5 * (differences.T @ wrong / len(rows) - 0.002 * weights)
    return weights


def read_split(folder: Path, split: str) -> list[dict[str, str]]:
    lines = (path.read_text(encoding="utf-8").split("\n") for path in folder.glob(f"data/**/{split}-*.jsonl"))
    return [json.loads(line) for file in lines for line in file if line]


def test_the_fit_returns_the_stated_order_on_every_criterion(study):
    fit(study=study)

    for told in as_json(study)["criteria"]:
        order = [row["generator"] for row in told["generators"]]
        stated = [generator.name for generator in stated_order(told["criterion"])]
        assert kendall_tau(order, stated) >= 0.9, told["criterion"]
    assert len(as_json(study)["criteria"]) == len(CRITERIA)


def test_two_works_are_blocked_with_reason_and_remedy(folder, tmp_path):
    made = store_study(plan=read_study(folder, scratch=tmp_path / "scratch"), dry_run=True)

    assert len(made.blocked) == 2
    assert all(work.reason and work.remedy for work in made.blocked)


def test_a_tiny_reward_model_trained_on_the_text_release_beats_chance(study, tmp_path):
    for criterion in ("narrative-arc", "emotional-resonance", "lighting"):
        out = tmp_path / criterion
        call_command("export_release", study.slug, "--preset", "trl", "--criterion", criterion, "--out", str(out))
        splits = {split: read_split(out, split) for split in ("train", "validation", "test")}
        held_out = splits["validation"] + splits["test"]

        weights = train(splits["train"])

        right = np.mean([(features(row["chosen"]) - features(row["rejected"])) @ weights > 0 for row in held_out])
        prompts = {row["prompt_id"] for row in held_out}
        assert not prompts & {row["prompt_id"] for row in splits["train"]}
        assert right > 0.5 + 2 * np.sqrt(0.25 / len(held_out)), f"{criterion}: {right:.2f} of {len(held_out)}"
