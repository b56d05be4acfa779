"""The demonstration is complete, the same on every run, and as good and bad as it says."""

import hashlib
import itertools
import json
import tomllib
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from feedback.intake.demonstration import CRITERIA, GENERATORS, Generator, render, stated_order, write_demonstration
from feedback.intake.demonstration.prose import briefs
from feedback.intake.demonstration.scenes import SCENES

FEATURES = 512


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_demonstration(tmp_path_factory.mktemp("demonstration"))


@pytest.fixture(scope="module")
def works(folder):
    return _rows(folder / "works.jsonl")


def _rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _maker(work: dict) -> Generator:
    return next(generator for generator in GENERATORS if generator.name == work["generator"])


def _tones(folder: Path, works: list[dict], scene: str, rig: str) -> np.ndarray:
    work = next(work for work in works if work["prompt"] == scene and _maker(work).rig == rig)
    return _pixels(folder / "media" / work["file"])


def _pixels(file: Path) -> np.ndarray:
    with Image.open(file) as picture:
        return np.asarray(picture, np.float64)


def test_the_folder_is_complete_and_consistent(folder, works):
    study = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))
    prompts = {row["id"] for row in _rows(folder / "prompts.jsonl")}
    truth = {(row["work"], row["criterion"]) for row in _rows(folder / "truth.jsonl")}

    slugs = {criterion["slug"] for criterion in study["criteria"]}

    assert study["slug"] == "hour-of-light"
    assert {"form": "pair", "scale": "choice", "overlap": 3, "rationale": "optional"}.items() <= study.items()
    assert slugs == {criterion.slug for criterion in CRITERIA}
    assert len({work["id"] for work in works}) == len(works) == 6 * len(prompts)
    assert {work["prompt"] for work in works} == prompts
    assert all(("text" in work) != ("file" in work) for work in works)
    assert truth == set(itertools.product((work["id"] for work in works), slugs))
    assert {path.name for path in (folder / "media").iterdir()} == {w["file"] for w in works if "file" in w}


def test_each_generator_answers_each_prompt_once(works):
    asked = {work["prompt"] for work in works}

    answers = sorted((work["prompt"], work["generator"], work["generator_version"]) for work in works)

    assert answers == sorted((prompt, maker.name, maker.version) for prompt in asked for maker in GENERATORS)


def test_every_picture_opens_at_full_size(folder, works):
    files = [folder / "media" / work["file"] for work in works if "file" in work]

    shapes = {_pixels(file).shape for file in files}

    assert len(files) == 36
    assert shapes == {(render.HEIGHT, render.WIDTH, 3)}


def test_writing_again_gives_the_same_bytes(folder, works, tmp_path, monkeypatch):
    scene = SCENES[-1].slug  # one scene stands for all: rendering is slow
    files = {(work["prompt"], _maker(work).rig): tmp_path / work["file"] for work in works if work["prompt"] == scene}
    monkeypatch.setattr("feedback.intake.demonstration.build.paint", lambda _: iter(()))

    write_demonstration(tmp_path)
    for rig, picture in render.pictures(scene).items():
        render.save(picture, files[scene, rig])

    for path in (*tmp_path.glob("*.jsonl"), tmp_path / "study.toml"):
        assert path.read_bytes() == (folder / path.name).read_bytes()
    for path in files.values():
        assert path.read_bytes() == (folder / "media" / path.name).read_bytes()


def test_progress_is_told_up_to_the_end(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr("feedback.intake.demonstration.build.paint", lambda files: iter((6, len(files))))

    write_demonstration(tmp_path, on_progress=lambda done, total: told.append((done, total)))

    assert told == [(6, 36), (36, 36)]


@pytest.mark.parametrize("criterion", [criterion.slug for criterion in CRITERIA])
def test_the_truth_puts_generators_in_the_stated_order(folder, works, criterion):
    maker = {work["id"]: work["generator"] for work in works}
    strengths = defaultdict(list)
    for row in _rows(folder / "truth.jsonl"):
        if row["criterion"] == criterion:
            strengths[maker[row["work"]]].append(row["strength"])

    order = sorted(strengths, key=lambda name: -np.mean(strengths[name]))

    assert order == [generator.name for generator in stated_order(criterion)]
    assert all(0.1 < np.std(values) < 0.45 for values in strengths.values())


def test_stated_qualities_are_far_enough_apart_to_be_seen():
    for criterion in CRITERIA:
        qualities = [generator.quality[criterion.slug] for generator in stated_order(criterion.slug)]

        gaps = -np.diff(qualities)

        assert gaps.min() >= 0.8


def test_exactly_two_works_are_blocked_each_for_a_reason_of_its_own(works):
    unstated = [work for work in works if "licence" not in work and "consent" not in work]
    unpurposed = [work for work in works if "train-reward-model" not in work.get("purposes", ["train-reward-model"])]
    rest = [work for work in works if work not in unstated and work not in unpurposed]

    assert len(unstated) == len(unpurposed) == 1
    assert unstated[0]["prompt"] != unpurposed[0]["prompt"]
    assert all("text" in work for work in (*unstated, *unpurposed))
    assert all(work["licence"] == "CC0-1.0" and len(work["purposes"]) == 5 for work in rest)


def test_lengths_do_not_give_the_quality_away():
    quality = {generator.manner: generator.quality["narrative-arc"] for generator in GENERATORS}
    pairs = [(len(story.split()), quality[manner]) for brief in briefs() for manner, story in brief.stories.items()]
    lengths = np.array([length for length, _ in pairs])

    correlation = np.corrcoef(np.array(pairs).T)[0, 1]

    assert abs(correlation) < 0.2
    assert lengths.min() >= 0.8 * lengths.mean()
    assert lengths.max() <= 1.2 * lengths.mean()


def test_every_brief_is_answered_in_every_manner_and_no_story_twice():
    stories = [story for brief in briefs() for story in brief.stories.values()]

    manners = {frozenset(brief.stories) for brief in briefs()}

    assert len(briefs()) >= 12
    assert manners == {frozenset(generator.manner for generator in GENERATORS)}
    assert len(set(stories)) == len(stories)


def test_no_generator_is_named_in_anything_a_rater_reads(folder, works):
    read = " ".join([work.get("text", "") for work in works] + [row["text"] for row in _rows(folder / "prompts.jsonl")])

    named = [generator.name for generator in GENERATORS if generator.name.lower() in read.lower()]

    assert named == []


def test_work_ids_and_file_names_betray_neither_maker_nor_rig(works):
    shown = " ".join(work["id"] + " " + work.get("file", "") for work in works).lower()

    betrayed = [word for maker in GENERATORS for word in (maker.name, maker.rig, maker.manner) if word.lower() in shown]

    assert betrayed == []


@pytest.mark.parametrize("scene", [scene.slug for scene in SCENES])
def test_pictures_of_one_scene_share_their_outlines(folder, works, scene):
    flat, soft = (_outlines(_tones(folder, works, scene, rig)) for rig in ("frontal", "overcast"))
    other = next(other.slug for other in SCENES if other.slug != scene)
    foreign = _outlines(_tones(folder, works, other, "overcast"))

    same, different = np.corrcoef(flat, soft)[0, 1], np.corrcoef(flat, foreign)[0, 1]

    assert same > 0.4
    assert same > different + 0.25


def _outlines(tones: np.ndarray) -> np.ndarray:
    """How steep the logarithm of the light is, at a quarter of the size: outlines stay, the light's level goes."""
    grey = np.log(tones.mean(axis=2) + 12)
    down, across = np.gradient(grey.reshape(render.HEIGHT // 4, 4, render.WIDTH // 4, 4).mean(axis=(1, 3)))
    return np.minimum(np.hypot(down, across), 0.25).ravel()


@pytest.mark.parametrize("scene", [scene.slug for scene in SCENES])
def test_the_best_light_holds_detail_and_the_worst_burns_it_out(folder, works, scene):
    best, worst, dark = (_tones(folder, works, scene, rig) for rig in ("motivated", "two-suns", "murk"))

    burnt = {name: np.mean((tones >= 254).any(axis=2)) for name, tones in (("best", best), ("worst", worst))}

    assert 25 < best.mean() < 190
    assert burnt["best"] < 0.01
    assert burnt["worst"] > 0.08
    assert dark.mean() < 70


def test_a_small_model_of_words_learns_the_order_of_unseen_prompts(folder, works):
    strength = {r["work"]: r["strength"] for r in _rows(folder / "truth.jsonl") if r["criterion"] == "narrative-arc"}
    told = defaultdict(list)
    for work in works:
        if "text" in work:
            told[work["prompt"]].append((_hashed(work["text"]), strength[work["id"]]))
    prompts = sorted(told)
    held_out = set(prompts[::4])

    weights = _trained(_pairs(told[prompt] for prompt in prompts if prompt not in held_out))
    differences = _pairs(told[prompt] for prompt in held_out)
    right = float(np.mean(differences @ weights > 0))

    assert right > 0.5 + 2 * np.sqrt(0.25 / len(differences))


def _hashed(text: str) -> np.ndarray:
    vector = np.zeros(FEATURES)
    for word in text.lower().split():
        vector[int(hashlib.sha256(word.strip('.,;:!?"').encode()).hexdigest(), 16) % FEATURES] += 1
    return vector / np.linalg.norm(vector)


def _pairs(groups) -> np.ndarray:
    """Better minus worse, for each pair of answers to one prompt."""
    differences = []
    for answers in groups:
        for (one, one_strength), (other, other_strength) in itertools.combinations(answers, 2):
            differences.append((one - other) * np.sign(one_strength - other_strength))
    return np.array(differences)


def _trained(differences: np.ndarray) -> np.ndarray:
    """Weights of a logistic model of pairs, by plain gradient steps with a little shrinkage."""
    weights = np.zeros(FEATURES)
    for _ in range(400):
        doubt = 1 / (1 + np.exp(differences @ weights))
        weights += 2.0 * (differences.T @ doubt / len(differences) - 0.002 * weights)
    return weights
