"""The site and its studies."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from feedback.client.connection import Connection
from feedback.client.errors import Unreachable
from feedback.client.releases import Release, built
from feedback.client.sending import send_file

ROWS_AT_ONCE, FILES_AT_ONCE, BYTES_AT_ONCE = 500, 20, 4_000_000

Row = Mapping[str, Any]


@dataclass
class Added:
    """The ids that are new, those that were there already, and what is worth knowing."""

    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Salon:
    """A site: its address and a token from its page /tokens/.

    `progress` shows or hides the bars; None shows them to a terminal. `insecure` allows plain http to another machine.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        progress: bool | None = None,
        timeout: float = 60.0,
        insecure: bool = False,
    ) -> None:
        self.connection = Connection(url, token, timeout=timeout, insecure=insecure)
        self.progress = progress

    def __repr__(self) -> str:
        return f"Salon({self.connection.origin!r})"

    def studies(self) -> list["Study"]:
        """The studies that you lead or build from."""
        return [Study(self, row["slug"], row) for row in self.connection.pages("studies/")]

    def study(self, slug: str) -> "Study":
        """The study of that slug; raises Refused if there is none for you."""
        return Study(self, slug, self.connection.json("GET", f"studies/{slug}/"))

    def releases(self, *, study: str | None = None) -> Iterator[Release]:
        """The releases that you may have, newest first."""
        for row in self.connection.pages("releases/", query={"study": study}):
            yield Release(self.connection, row, self.progress)

    def frozen(self, release: str) -> Release:
        """The release of that id."""
        return Release(self.connection, self.connection.json("GET", f"releases/{release}/"), self.progress)

    def release(self, *, studies: Sequence[str], timeout: float | None = None, **terms: Any) -> Release:
        """A release of these studies together on these terms; see `Study.release`."""
        asked = {"studies": list(studies), **terms}
        return built(self.connection, asked, timeout=timeout, progress=self.progress)


@dataclass(frozen=True)
class Study:
    """One question put to a panel; `told` is all that the site says of it."""

    salon: Salon
    slug: str
    told: Row

    def __repr__(self) -> str:
        return f"<Study {self.slug}: {self.told['title']} ({self.told['state']})>"

    def release(self, *, timeout: float | None = None, **terms: Any) -> Release:
        """A release of the study on these terms: preset="trl", views=["pairs"], criterion="lighting", …

        Waits until it is built. The same terms over the same judgements are the same release.
        """
        return self.salon.release(studies=[self.slug], timeout=timeout, **terms)

    def prompts(self, **which: str) -> Iterator[Row]:
        """Its prompts; `id` and `group` choose among them."""
        return self._pages("prompts/", which)

    def works(self, **which: str) -> Iterator[Row]:
        """Its works; `id`, `prompt`, `generator`, `medium` and `sha256` choose among them."""
        return self._pages("works/", which)

    def fits(self, **which: str) -> Iterator[Row]:
        """Its fits, newest first; `criterion` and `level` choose among them."""
        return self._pages("fits/", which)

    def judgements(self, **which: str) -> Iterator[Row]:
        """Every live judgement, one at a time; `criterion` and `outcome` choose among them. Raises Unreachable if cut off."""
        connection = self.salon.connection
        with connection.open("GET", f"studies/{self.slug}/judgements.ndjson", query=which) as answer:
            left = int(answer.headers["Content-Length"])
            for line in answer:
                if not line.endswith(b"\n"):
                    break
                left -= len(line)
                yield json.loads(line)
        if left:
            raise Unreachable(f"The judgements broke off {left:,} bytes before their end. Ask again.")

    def add_prompts(self, rows: Iterable[Row], *, collection: str | None = None) -> Added:
        """Add prompts as in `prompts.jsonl`; what is there with the same text stays."""
        return self._add("prompts", [dict(row) for row in rows], collection)

    def add_works(self, rows: Iterable[Row], *, media: str | Path = ".", collection: str | None = None) -> Added:
        """Add works as in `works.jsonl`; a row's `file` is a path under `media`. What is there already stays."""
        folder = Path(media)
        return self._add("works", [dict(row) for row in rows], collection, folder)

    def _add(self, noun: str, rows: list[dict[str, Any]], collection: str | None, media: Path | None = None) -> Added:
        """In several requests: each is stored whole or not at all, and all may be sent again."""
        whole = Added()
        for some in _batches(rows):
            sent = [self._with_file(row, media) if media and row.get("file") else row for row in some]
            body = {noun: sent} | ({"collection": collection} if collection else {})
            told = self.salon.connection.json("POST", f"studies/{self.slug}/{noun}/", body=body)
            whole.added += told["added"]
            whole.unchanged += told["unchanged"]
            whole.warnings += told["warnings"]
        return whole

    def _with_file(self, row: dict[str, Any], media: Path) -> dict[str, Any]:
        path = media / row["file"]
        return row | {"file": send_file(self.salon.connection, path, show=self.salon.progress)}

    def _pages(self, path: str, which: Mapping[str, str]) -> Iterator[Row]:
        return self.salon.connection.pages(f"studies/{self.slug}/{path}", query={"limit": 1000, **which})


def _batches(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The rows in portions that one request takes."""
    batch: list[dict[str, Any]] = []
    size = files = 0
    for row in rows:
        length = len(json.dumps(row))
        full = len(batch) == ROWS_AT_ONCE or files == FILES_AT_ONCE or size + length > BYTES_AT_ONCE
        if batch and full:
            yield batch
            batch, size, files = [], 0, 0
        batch.append(row)
        size, files = size + length, files + bool(row.get("file"))
    if batch:
        yield batch
