"""Lines of JSON into the bytes of a data file: the same lines are the same bytes, whoever writes them when."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

import pyarrow as pa
import pyarrow.json as pa_json
import pyarrow.parquet as pa_parquet

from feedback.datasets.columns import Column

GROUP_ROWS, GROUP_BYTES = 20_000, 8 << 20  # of a row group of Parquet, before it is packed
GROUP_OF_FILES = 32  # rows of one that holds files
PICTURE = "image"
TYPES = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "binary": pa.binary(),
    PICTURE: pa.struct([("bytes", pa.binary()), ("path", pa.string())]),
}

type Read = Callable[[str], bytes]  # the content of a file of the release by its path
type Writer = Callable[[IO[bytes], Iterable[bytes], Sequence[Column], Read], None]


def _jsonl(file: IO[bytes], lines: Iterable[bytes], columns: Sequence[Column], read: Read) -> None:  # noqa: ARG001 - as all writers
    file.writelines(lines)


def _jsonl_gz(file: IO[bytes], lines: Iterable[bytes], columns: Sequence[Column], read: Read) -> None:  # noqa: ARG001 - as all writers
    with gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed:
        packed.writelines(lines)


def _json(file: IO[bytes], lines: Iterable[bytes], columns: Sequence[Column], read: Read) -> None:  # noqa: ARG001 - as all writers
    """One array, for loaders that read a file at once."""
    before = b"[\n"
    for written in lines:
        file.write(before + written.removesuffix(b"\n"))
        before = b",\n"
    file.write(b"\n]\n")


def _csv(file: IO[bytes], lines: Iterable[bytes], columns: Sequence[Column], read: Read) -> None:  # noqa: ARG001 - as all writers
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    rows = csv.DictWriter(text, [column.name for column in columns], lineterminator="\n")
    rows.writeheader()
    rows.writerows(map(json.loads, lines))
    text.detach()


def _parquet(file: IO[bytes], lines: Iterable[bytes], columns: Sequence[Column], read: Read) -> None:
    features = {column.name: _feature(column.feature) for column in columns}
    told = json.dumps({"info": {"features": features}}, separators=(",", ":"))
    schema = pa.schema([(column.name, _type(column.feature)) for column in columns], {"huggingface": told})
    files = [column.name for column in columns if column.file == "bytes"]
    named = pa.schema([(field.name, pa.string() if field.name in files else field.type) for field in schema])
    parsing = pa_json.ParseOptions(explicit_schema=named, unexpected_field_behavior="error")
    with pa_parquet.ParquetWriter(file, schema, compression="zstd", compression_level=3) as writer:
        for block in _blocks(lines, GROUP_OF_FILES if files else GROUP_ROWS):
            reading = pa_json.ReadOptions(use_threads=False, block_size=len(block) + 1)
            table = pa_json.read_json(pa.BufferReader(block), reading, parsing)
            writer.write_table(_with_files(table, schema, files, read))


WRITERS: dict[str, Writer] = {
    "jsonl": _jsonl,
    "jsonl.gz": _jsonl_gz,
    "parquet": _parquet,
    "json": _json,
    "csv": _csv,
}


def _blocks(lines: Iterable[bytes], rows: int) -> Iterator[bytes]:
    """The lines in pieces that are read at once."""
    block: list[bytes] = []
    size = 0
    for written in lines:
        block.append(written)
        size += len(written)
        if len(block) == rows or size >= GROUP_BYTES:
            yield b"".join(block)
            block, size = [], 0
    if block:
        yield b"".join(block)


def _with_files(table: Any, schema: Any, files: Sequence[str], read: Read) -> Any:
    """The table as the schema wants it: what names a file holds it."""
    columns = [
        pa.array([_held(path, field.type, read) for path in table.column(field.name).to_pylist()], field.type)
        if field.name in files
        else table.column(field.name)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _held(path: str | None, kind: Any, read: Read) -> Any:
    if path is None:
        return None
    return {"bytes": read(path), "path": path} if kind == TYPES[PICTURE] else read(path)


def _type(feature: dict[str, Any]) -> Any:
    """The type of a feature, as the card declares it, in Arrow."""
    if "list" in feature:
        return pa.list_(_inner(feature["list"]))
    if "struct" in feature:
        return _inner(feature["struct"])
    return TYPES[feature["dtype"]]


def _inner(of: Any) -> Any:
    if isinstance(of, list):
        return pa.struct([(field["name"], _type(field)) for field in of])
    return TYPES[of] if isinstance(of, str) else _type(of)


def _feature(feature: dict[str, Any]) -> Any:
    """The same feature as `datasets` writes it into a schema."""
    if "list" in feature:
        return [_inner_feature(feature["list"])]
    if "struct" in feature:
        return _inner_feature(feature["struct"])
    if feature["dtype"] == PICTURE:
        return {"_type": "Image"}
    return {"dtype": feature["dtype"], "_type": "Value"}


def _inner_feature(of: Any) -> Any:
    if isinstance(of, list):
        return {field["name"]: _feature(field) for field in of}
    return {"dtype": of, "_type": "Value"} if isinstance(of, str) else _feature(of)
