"""The shape of every answer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What is read in five seconds, and the sentences it rests on."""

    headline: tuple[str, ...]
    because: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(self.headline)
