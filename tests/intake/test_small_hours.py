"""The second demonstration: what its films, sounds and forms are, and that their faults are the stated ones."""

import json
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from feedback.intake.demonstration.panel import GENERATORS
from feedback.intake.demonstration.small_hours import write_small_hours
from feedback.works.media import inspect

pytestmark = [pytest.mark.xdist_group("small hours")]
STEADY, FLICKERING, STEPPING, TORN = (generator.name for generator in GENERATORS[:4])


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write_small_hours(tmp_path_factory.mktemp("small-hours"))


@pytest.fixture(scope="module")
def files(folder) -> dict[tuple[str, str], Path]:
    rows = [json.loads(line) for line in (folder / "works.jsonl").read_text().splitlines()]
    return {(row["prompt"], row["generator"]): folder / "media" / row["file"] for row in rows}


def frames(file: Path) -> np.ndarray:
    with av.open(str(file)) as container:
        return np.stack([frame.to_ndarray(format="gray") for frame in container.decode(video=0)]).astype(float)


def samples(file: Path) -> np.ndarray:
    with wave.open(str(file)) as recording:
        return np.frombuffer(recording.readframes(recording.getnframes()), "<i2") / 32768


def test_every_brief_is_answered_by_four_generators_in_its_medium(files):
    media = {prompt: {inspect(path).medium for (of, _), path in files.items() if of == prompt} for prompt, _ in files}

    assert media == {
        "candle": {"video"}, "crossing": {"video"}, "home": {"audio"}, "rain": {"audio"}, "cup": {"model"},
        "shell": {"model"},
    }  # fmt: skip
    assert len(files) == len({path.read_bytes() for path in files.values()}) == 24


def test_only_the_flickering_hand_lets_the_brightness_jump(files):
    def jump(name: str) -> float:
        means = frames(files["candle", name]).mean(axis=(1, 2))
        return float(np.abs(np.diff(means, n=2)).mean() / means.mean())

    steady = jump(STEADY)

    assert jump(FLICKERING) > 5 * steady
    assert len(frames(files["candle", STEADY])) == 60


def test_the_stepping_hand_holds_its_frames_and_crushes_its_tones(files):
    still = np.abs(np.diff(frames(files["crossing", STEPPING]), axis=0)).mean(axis=(1, 2)) < 0.3
    assert still.mean() > 0.6
    assert len(np.unique(samples(files["home", STEPPING]))) < 100 < len(np.unique(samples(files["home", STEADY])))


def test_the_torn_tape_is_shorter_and_the_torn_form_has_fewer_faces(files):
    assert len(samples(files["rain", TORN])) < len(samples(files["rain", STEADY]))
    sizes = {name: files["cup", name].stat().st_size for name in (STEADY, STEPPING, TORN)}
    assert sizes[STEPPING] < sizes[TORN] < sizes[STEADY]


def test_neither_a_name_nor_an_order_tells_the_maker(folder, files):
    told = " ".join(path.name for path in files.values())
    order = [name for (prompt, name), _ in sorted(files.items(), key=lambda row: row[1].name) if prompt == "cup"]

    assert not any(generator.name.lower() in told.lower() for generator in GENERATORS)
    assert order != [STEADY, FLICKERING, STEPPING, TORN]


def test_the_same_bytes_on_every_run(folder, tmp_path):
    again = write_small_hours(tmp_path)

    names = sorted(path.relative_to(folder) for path in folder.rglob("*.*"))
    assert [name for name in names if (folder / name).read_bytes() != (again / name).read_bytes()] == []
