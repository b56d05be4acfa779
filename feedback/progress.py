"""Progress of long work, with rate and time left, on one line of stderr."""

import time
from typing import Protocol

SHOW_EVERY = 0.5  # seconds


class Writer(Protocol):
    def write(self, text: str, /) -> object: ...
    def flush(self) -> None: ...


class Progress:
    """Tells how far a stage is, at most twice a second; a line of its own for each stage."""

    def __init__(self, out: Writer) -> None:
        self.out = out
        self.stage = ""
        self.started = self.shown = 0.0

    def show(self, stage: str, done: float, total: int) -> None:
        """`done` of `total` steps of the stage are behind us, one that is half-way for a half."""
        now = time.monotonic()
        if stage != self.stage:
            self.end()
            self.stage, self.started, self.shown = stage, now, 0.0
        if now - self.shown < SHOW_EVERY and done < total:
            return
        self.shown = now
        rate = done / (now - self.started) if now > self.started else 0
        half_way = f" ({done / total:.0%})" if done < total else ""
        speed = f", {rate:,.0f}/s" if rate >= 1 else ""
        left = f", {(total - done) / rate:.0f} s left" if rate and done < total else ""
        self._write(f"\r{stage}: {int(done):,} of {total:,}{half_way}{speed}{left}   ")

    def end(self) -> None:
        """Close the line."""
        if self.stage:
            self._write("\n")
            self.stage = ""

    def _write(self, text: str) -> None:
        stream = getattr(self.out, "_out", self.out)  # Django's wrapper ends every write with a new line
        stream.write(text)
        stream.flush()
