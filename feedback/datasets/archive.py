"""A release as one zip: the same files in the same order with the same times, whoever writes it when."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from feedback.datasets.card import card
from feedback.datasets.lines import document
from feedback.datasets.spool import Shard, Spool

CARD, MANIFEST = "README.md", "manifest.json"
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Written:
    """A file of the archive; `shard` is None for the card and the manifest."""

    path: str
    bytes: int
    sha256: str
    shard: Shard | None = None

    def told(self) -> dict[str, Any]:
        """For the manifest."""
        if self.shard is None:
            return {"path": self.path, "bytes": self.bytes, "sha256": self.sha256}
        return {
            "path": self.path,
            "view": self.path.split("/")[1],
            "split": self.shard.split,
            "criterion": self.shard.criterion,
            "rows": self.shard.rows,
            "bytes": self.bytes,
            "sha256": self.sha256,
        }


def pack(target: IO[bytes], spool: Spool, shards: list[Shard], manifest: dict[str, Any], key: bytes) -> list[Written]:
    """Write the card, the data and the manifest, which is completed with `files` and `other`; return what it holds."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        front = _put(archive, CARD, [card(manifest, spool.filled, shards)])
        data = list(_put_data(archive, spool, shards, key))
        manifest["files"] = [written.told() for written in data]
        manifest["other"] = [front.told()]
        back = _put(archive, MANIFEST, [document(manifest)])
    return [front, *data, back]


def _put_data(archive: zipfile.ZipFile, spool: Spool, shards: list[Shard], key: bytes) -> Iterator[Written]:
    open_pile: tuple[str, str] | None = None
    rows: Iterator[bytes] = iter(())
    for shard in shards:
        if open_pile != (shard.criterion, shard.split):
            open_pile = (shard.criterion, shard.split)
            rows = spool.lines(shard.criterion, shard.split, key)
        yield _put(archive, shard.path, islice(rows, shard.rows), shard)


def _put(archive: zipfile.ZipFile, path: str, chunks: Iterable[bytes], shard: Shard | None = None) -> Written:
    info = zipfile.ZipInfo(path, EPOCH)
    info.create_system = 3  # Unix, wherever it is written
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    hashed, size = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=True) as file:
        for chunk in chunks:
            file.write(chunk)
            hashed.update(chunk)
            size += len(chunk)
    return Written(path, size, hashed.hexdigest(), shard)
