"""What can sink a study: one module per fault, every test with a p-value, and all of them one family."""

from typing import NamedTuple

from feedback.results.checks.family import found
from feedback.results.checks.finding import Finding
from feedback.results.checks.lines import RaterLine, lines
from feedback.results.checks.reading import read
from feedback.results.sample import Sample

__all__ = ["Checked", "Finding", "RaterLine", "checked", "findings", "raters"]


class Checked(NamedTuple):
    """What was found, and a line for each rater with its flags."""

    findings: tuple[Finding, ...]
    raters: tuple[RaterLine, ...]


def checked(sample: Sample) -> Checked:
    """Both at the cost of one reading."""
    reading = read(sample)
    every = found(reading)
    return Checked(every, lines(reading, every))


def findings(sample: Sample) -> tuple[Finding, ...]:
    """All findings of a study, the cause first; of twenty clean studies, at most one has any."""
    return found(read(sample))


def raters(sample: Sample) -> tuple[RaterLine, ...]:
    """A line for everyone who judged, with their flags."""
    return checked(sample).raters
