"""The same rows in every format, and the same bytes whenever they are written."""

import gzip
import hashlib
import io
import json

import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet

from feedback.datasets.actions import write_release
from feedback.datasets.columns import Column
from feedback.datasets.lines import line
from feedback.datasets.making import formats
from feedback.datasets.making.formats import WRITERS
from tests import make
from tests.datasets.panel import files, freeze, images, judge_all, study_of

COLUMNS = (
    Column("id", "string", ""),
    Column("number", "int64", ""),
    Column("share", "float64", ""),
    Column("late", "bool", ""),
    Column("ranks", {"list": "int64"}, ""),
    Column("strokes", {"list": {"list": "float64"}}, ""),
    Column("works", {"list": [{"name": "work", "dtype": "string"}, {"name": "text", "dtype": "string"}]}, ""),
    Column("place", {"struct": [{"name": "x", "dtype": "float64"}, {"name": "quote", "dtype": "string"}]}, ""),
)
ODD = 'Zeilen\nund \u2028 \x85 \x00 "quoted" \\ 🎭 2026-01-02T10:00:00Z 0012'


def row(number, **values):
    return {
        "id": f"row-{number}",
        "number": number,
        "share": number / 3,
        "late": None,
        "ranks": None,
        "strokes": [],
        "works": [{"work": "a", "text": ODD}, {"work": "b", "text": None}],
        "place": None,
    } | values


ROWS = [
    *(row(number) for number in range(50)),
    row(50, late=True, ranks=[1, 2], strokes=[[0.5, 1], []]),
    row(2**62, share=1e-300, place={"x": 1, "quote": ODD}),
]


def written(name, rows=ROWS, columns=COLUMNS, read=None):
    file = io.BytesIO()
    WRITERS[name](file, map(line, rows), columns, read)
    return file.getvalue()


def read_back(name, content):
    if name == "parquet":
        return parquet.read_table(io.BytesIO(content)).to_pylist()
    if name == "json":
        return json.loads(content)
    return [json.loads(one) for one in (gzip.decompress(content) if name == "jsonl.gz" else content).splitlines()]


@pytest.mark.parametrize("name", ["jsonl", "jsonl.gz", "parquet", "json"])
def test_what_is_read_back_is_what_was_written(name, monkeypatch):
    monkeypatch.setattr(formats, "GROUP_ROWS", 20)

    assert read_back(name, written(name)) == ROWS


@pytest.mark.parametrize("name", ["jsonl", "jsonl.gz", "parquet", "json"])
def test_the_same_rows_are_the_same_bytes(name, monkeypatch):
    once = written(name)
    monkeypatch.setattr("time.time", lambda: 4e9)

    assert written(name) == once


def test_a_column_that_is_filled_late_has_its_type_from_the_first_row_group(monkeypatch):
    monkeypatch.setattr(formats, "GROUP_ROWS", 20)

    file = parquet.ParquetFile(io.BytesIO(written("parquet")))

    assert file.num_row_groups == 3
    assert [str(field.type) for field in file.schema_arrow] == [
        "string", "int64", "double", "bool", "list<element: int64>", "list<element: list<element: double>>",
        "list<element: struct<work: string, text: string>>", "struct<x: double, quote: string>",
    ]  # fmt: skip
    assert {file.metadata.row_group(0).column(at).compression for at in range(4)} == {"ZSTD"}


def test_parquet_tells_the_features_as_the_hub_writes_them():
    told = json.loads(parquet.read_schema(io.BytesIO(written("parquet"))).metadata[b"huggingface"])

    features = told["info"]["features"]
    assert features["id"] == {"dtype": "string", "_type": "Value"}
    assert features["ranks"] == [{"dtype": "int64", "_type": "Value"}]
    assert features["strokes"] == [[{"dtype": "float64", "_type": "Value"}]]
    assert features["works"] == [{name: {"dtype": "string", "_type": "Value"} for name in ("work", "text")}]
    assert features["place"]["x"] == {"dtype": "float64", "_type": "Value"}


def test_a_column_nobody_declared_is_not_written_without_a_word():
    with pytest.raises(pa.ArrowInvalid, match="unexpected field"):
        written("parquet", [row(1, surprise=1)])


def test_files_are_held_as_bytes_or_as_pictures():
    columns = (Column("raw", "binary", "", file="bytes"), Column("seen", "image", "", file="bytes"))
    rows = [{"raw": "media/a", "seen": "media/b"}, {"raw": None, "seen": None}]

    content = written("parquet", rows, columns, read=str.encode)

    assert read_back("parquet", content) == [
        {"raw": b"media/a", "seen": {"bytes": b"media/b", "path": "media/b"}},
        {"raw": None, "seen": None},
    ]
    told = json.loads(parquet.read_schema(io.BytesIO(content)).metadata[b"huggingface"])
    assert told["info"]["features"]["seen"] == {"_type": "Image"}


def test_csv_has_a_header_and_nothing_for_null():
    columns = (Column("path_A", "string", ""), Column("VQ", "string", ""))

    content = written("csv", [{"path_A": 'a "b", c', "VQ": None}], columns)

    assert content == b'path_A,VQ\n"a ""b"", c",\n'


@pytest.mark.django_db
def test_all_formats_of_a_release_hold_the_same_rows_under_one_content_hash(bob, tmp_path):
    study = make.study(prompts=30)
    judge_all(study, bob, {f"p{prompt}-{work}": work for prompt in range(1, 31) for work in (1, 2, 3)})
    made, found = {}, {}

    for name in ("jsonl", "jsonl.gz", "parquet"):
        made[name] = freeze(study, views=("pairs", "judgements"), format=name)
        write_release(made[name], tmp_path / name)
        found[name] = {
            path.partition(".")[0]: read_back(name, content)
            for path, content in files(tmp_path / name).items()
            if path.startswith("data/")
        }

    assert found["jsonl"] == found["jsonl.gz"] == found["parquet"]
    assert len({release.content_sha256 for release in made.values()}) == 1
    assert [release.version for release in made.values()] == ["1.0.0", "1.0.1", "1.0.2"]
    listed = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {path.removesuffix('.jsonl')}\n"
        for path, content in sorted(files(tmp_path / "jsonl").items())
        if path.startswith("data/")
    )
    assert made["jsonl"].content_sha256 == hashlib.sha256(listed.encode()).hexdigest()


@pytest.mark.django_db
def test_pictures_in_parquet_decode_and_in_lines_lie_beside_them(bob, tmp_path):
    study = study_of(*images(tmp_path, "one", "two", "three"))
    judge_all(study, bob, {"one": 1, "two": 2, "three": 3})

    for name in ("jsonl", "parquet"):
        write_release(freeze(study, view="pairs_soft", format=name), tmp_path / name)

    lines = [json.loads(one) for path in (tmp_path / "jsonl").glob("data/*/*") for one in path.read_text().splitlines()]
    rows = [one for path in (tmp_path / "parquet").glob("data/*/*") for one in parquet.read_table(path).to_pylist()]
    assert len(lines) == len(rows) == 3
    assert not (tmp_path / "parquet" / "media").exists()
    for told, held in zip(lines, rows, strict=True):
        for name in ("media_0", "media_1"):
            content = (tmp_path / "jsonl" / told[name]).read_bytes()
            assert held[name] == {"bytes": content, "path": told[name]}
            assert hashlib.sha256(content).hexdigest() in told[name]
            Image.open(io.BytesIO(held[name]["bytes"])).verify()
    manifest = json.loads((tmp_path / "jsonl" / "manifest.json").read_bytes())
    assert manifest["media"]["files"] == len(list((tmp_path / "jsonl" / "media").iterdir())) == 3
