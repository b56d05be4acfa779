"""Contenders run in turn on the same judgements, each in a process of its own, and what came of it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.benchmarks.rankings.judgements import Floats, Given

PEERS = Path(".venv-peers/bin/python")
ONE_CORE = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
}


@dataclass
class Figures:
    """What a contender came to, or why it came to nothing, and what that took.

    The CPU seconds of its first run and of those after it, and the bytes that its memory grew by in the first.
    """

    first: float = 0.0
    later: list[float] = field(default_factory=list)
    growth: float = 0.0
    result: Floats | None = None
    failure: str = ""

    @property
    def seconds(self) -> list[float]:
        """The first run warms up and does not count, unless there is no other."""
        return self.later or [self.first]


def in_turn(given: Given, turns: Mapping[str, int]) -> dict[str, Figures]:
    """Run every contender once, and then all in turn: each, named `module.function`, as many turns as it has."""
    with tempfile.TemporaryDirectory(prefix="salon-rankings-") as name:
        folder = Path(name)
        (folder / "results").mkdir()
        for key, array in given.items():
            np.save(folder / f"{key}.npy", array)
        contenders = {contender: Contender(contender, folder) for contender in turns}
        for turn in range(1 + max(turns.values())):
            for contender, most in turns.items():
                if turn <= most:
                    contenders[contender].run(first=turn == 0)
        return {contender: process.end() for contender, process in contenders.items()}


class Contender:
    """A process that runs once whenever it is told to; it fails by ending before it is told to end."""

    def __init__(self, name: str, folder: Path) -> None:
        module, function = name.split(".")
        python = PEERS if module == "peers" and PEERS.exists() else sys.executable
        self.figures = Figures()
        self.errors = folder / f"{function}.txt"
        self.result = folder / "results" / f"{function}.npy"
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                [python, "-m", "tests.benchmarks.rankings.process", module, function, str(folder)],
                env=os.environ | ONE_CORE,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.hear()

    def run(self, *, first: bool) -> None:
        if self.figures.failure:
            return
        print(file=self.process.stdin, flush=True)
        told = self.hear()
        if first:
            self.figures.first, self.figures.growth = told.get("seconds", 0.0), told.get("growth", 0.0)
        elif told:
            self.figures.later.append(told["seconds"])

    def hear(self) -> dict[str, float]:
        """Its next line; if it has ended instead, why."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait()
            self.figures.failure = (self.errors.read_text().splitlines() or [f"ended with {code}"])[-1]
        return dict(json.loads(line or "{}"))

    def end(self) -> Figures:
        self.process.communicate()
        if not self.figures.failure:
            self.figures.result = np.load(self.result)
        return self.figures
