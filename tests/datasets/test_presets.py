"""Each preset is exactly what its consumer's loader wants, says the truth, and a planted fault is caught."""

import copy
import csv
import io
import json
from functools import partial
from hashlib import sha256

import pytest
from PIL import Image
from pyarrow import parquet

from feedback.datasets.actions import write_release
from feedback.datasets.presets import PRESETS
from tests.datasets.panel import asked, freeze
from tests.datasets.telling import consumed
from tests.datasets.truth import PICTURES, PLACES, TEXTS, faults, files_of, judged_for, named, pairs_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def study_for(alice, bob, tmp_path):
    """A study whose works the preset can use, judged by two people who know the truth."""
    return partial(judged_for, people=(alice, bob), folder=tmp_path)


@pytest.mark.parametrize("preset", [*TEXTS, *PICTURES, "videoalign"])
def test_the_loader_takes_every_row_and_it_teaches_the_truth(preset, study_for):
    study = study_for(preset)
    rows = consumed(study, preset)

    assert len(rows) == (2 if preset == "imagereward" else 3)
    for row in rows:
        assert faults(preset, row) == []
        assert list(row) == [column.name for column in PRESETS[preset].columns(asked(study, preset=preset))]
        for better, worse in pairs_in(preset, row, files_of(study)):
            assert PLACES[better] < PLACES[worse]


def test_labels_of_kto_say_the_truth(study_for):
    rows = consumed(study_for("kto"), "kto")

    assert [faults("kto", row) for row in rows] == [[], []]
    assert {named(row["completion"]): row["label"] for row in rows} == {"best": True, "weak": False}


FLIPS = {
    "trl": {"chosen": "rejected", "rejected": "chosen"},
    "rewardbench": {"chosen": "rejected", "rejected": "chosen"},
    "openrlhf": {"chosen": "rejected", "rejected": "chosen"},
    "hpdv2": {"human_preference": None},
    "pickapic": {"label_0": "label_1", "label_1": "label_0"},
    "videoalign": {"path_A": "path_B", "path_B": "path_A"},
}


@pytest.mark.parametrize("preset", FLIPS)
def test_a_flipped_label_does_not_pass_for_the_truth(preset, study_for):
    study = study_for(preset)
    row = consumed(study, preset)[0]
    flip = FLIPS[preset]
    flipped = row | {name: row[by] if by else row[name][::-1] for name, by in flip.items()}

    ((better, worse),) = pairs_in(preset, flipped, files_of(study))

    assert PLACES[better] > PLACES[worse]


PLANTED = [
    ("trl", {"chosen": None}, "chosen is NoneType"),
    ("trl", {"prompt": "Sky is"}, "runs into"),
    ("trl", {"images": []}, "more than a column"),
    ("trl", {"chat_template_kwargs": None}, "more than a column"),
    ("trl", {"margin": None}, "margin must be a number"),
    ("trl-chat", {"margin": 1.0}, "knows no margin"),
    ("trl-chat", {"prompt": "a string"}, "prompt is str"),
    ("kto", {"label": 1}, "no bool"),
    ("kto", {"completion": ""}, "completion is empty"),
    ("openrlhf", {"rejected": ["x"]}, "rejected is list"),
    ("axolotl-bt", {"system": None}, "system is NoneType"),
    ("llamafactory", {"chosen": {"from": "human", "value": "x"}}, "not said by gpt"),
    ("llamafactory", {"chosen": {"from": "gpt", "value": "an <image> here"}}, "without a file"),
    ("nemo-rl", {"completions": []}, "only two"),
    ("rewardbench", {"prompt": None}, "prompt is NoneType"),
    ("imagereward", {"ranking": [1, 2]}, "do not go together"),
    ("imagereward", {"ranking": [1.0, 2.0, 3.0]}, "more than ranks"),
    ("imagereward", {"generations": [None, None, None]}, "names no file"),
    ("hpdv2", {"human_preference": [0.5, 0.5]}, "must be preferred"),
    ("hpdv2", {"file_path": ["../x.webp", "media/y.webp"]}, "names no file"),
    ("pickapic", {"label_0": 1}, "do not add up"),
    ("pickapic", {"num_example_per_prompt": 0}, "divided"),
    ("videoalign", {"lighting": "tie"}, "no verdict"),
    ("videoalign", {"num_frames_A": None}, "not counted"),
    ("helpsteer3", {"overall_preference": 0.5}, "no preference"),
    ("helpsteer3", {"individual_preference": []}, "disagree"),
]


def written(study, preset, folder):
    """The rows of a release's files as the consumer's own loader opens them."""
    write_release(freeze(study, preset=preset), folder)
    for file in sorted(folder.glob("data/*/*")):
        if file.suffix == ".json":
            yield from json.loads(file.read_text())
        elif file.suffix == ".csv":
            yield from map(_guessed, csv.DictReader(io.StringIO(file.read_text(), newline="")))
        elif file.suffix == ".parquet":
            yield from (_opened(row) for row in parquet.read_table(file).to_pylist())
        else:
            yield from map(json.loads, file.read_text().splitlines())


def _guessed(row):
    """Numbers as a reader of CSV guesses them."""
    kinds = {"fps": float, "num": int}
    return {name: kinds.get(name.split("_")[0], str)(value) for name, value in row.items()}


def _opened(row):
    """Bytes of pictures, which must open, by the path of the file that holds the same."""
    for name in ("jpg_0", "jpg_1"):
        Image.open(io.BytesIO(row[name])).load()
    return row | {name: f"media/{sha256(row[name]).hexdigest()}.webp" for name in ("jpg_0", "jpg_1")}


@pytest.mark.parametrize("preset", PRESETS)
def test_the_files_of_a_release_are_what_the_loader_opens(preset, study_for, tmp_path):
    study, out = study_for(preset), tmp_path / "out"

    rows = list(written(study, preset, out))

    assert [faults(preset, row) for row in rows] == [[]] * len(rows)
    assert len(rows) == {"imagereward": 2, "kto": 2}.get(preset, 3)
    if preset != "kto":
        for better, worse in (pair for row in rows for pair in pairs_in(preset, row, files_of(study))):
            assert PLACES[better] < PLACES[worse]
    if preset in {"imagereward", "hpdv2"}:
        paths = {path for row in rows for path in row.get("generations", row.get("file_path"))}
        assert {path.relative_to(out).as_posix() for path in out.glob("media/*")} == paths


@pytest.mark.parametrize(
    ("preset", "fault", "said"), PLANTED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_planted_fault_is_caught(preset, fault, said, study_for):
    row = copy.deepcopy(consumed(study_for(preset), preset)[0])

    assert faults(preset, row) == []
    assert said in "; ".join(faults(preset, row | fault))


def test_a_missing_column_is_caught(study_for):
    study = study_for("openrlhf")
    for preset in ("openrlhf", "axolotl-bt", "nemo-rl"):
        row = consumed(study, preset)[0]
        shorter = dict(list(row.items())[::-1])
        assert any("columns are" in fault for fault in faults(preset, shorter))
