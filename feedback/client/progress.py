"""One line on stderr that says how far something is."""

import sys
import time
from types import TracebackType

WIDTH = 24
EVERY = 0.1  # seconds


class Bar:
    """A bar for a person at a terminal; silent anywhere else, unless it is told to `show`."""

    def __init__(self, label: str, total: int = 0, *, unit: str = "", show: bool | None = None) -> None:
        self.label, self.total, self.unit = label, total, unit
        self.shown = sys.stderr.isatty() if show is None else show
        self.done = 0
        self.told = 0.0
        self.began = time.monotonic()

    def __enter__(self) -> "Bar":  # noqa: PYI034 - `Self` is younger than the oldest Python that trains
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.shown:
            self._tell()
            sys.stderr.write("\n")

    def at(self, done: int, total: int | None = None, label: str | None = None) -> None:
        """So much is done, of so much."""
        self.done = done
        self.total = self.total if total is None else total
        self.label = label or self.label
        if self.shown and time.monotonic() - self.told > EVERY:
            self._tell()

    def _tell(self) -> None:
        self.told = time.monotonic()
        share = min(1.0, self.done / self.total) if self.total else 0.0
        full = round(share * WIDTH)
        bar = f" [{'#' * full}{'.' * (WIDTH - full)}] {share:4.0%}" if self.total else ""
        sys.stderr.write(f"\r{self.label}{bar} {self._amount()}\033[K")
        sys.stderr.flush()

    def _amount(self) -> str:
        if self.unit == "B":
            seconds = max(self.told - self.began, 1e-9)
            return f"{self.done / 1e6:,.1f} MB, {self.done / 1e6 / seconds:,.1f} MB/s"
        return f"{self.done:,}" if self.done else ""
