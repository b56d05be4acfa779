"""What was really seen and heard of each work: read from the browser, held against the work's length and the clock."""

from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from feedback.judging.places import TIME_SLACK, Extent, Misplaced, number, whole
from feedback.judging.wire import Unreadable, read_json

CLOCK_SLACK = 2.0  # seconds by which two clocks may differ over one task
MOST_INTERVALS, MOST_VIEWS = 500, 60
FASTEST = 4.0
WHOLE_PLAYED, WHOLE_SCROLLED, WHOLE_TURNED = 0.95, 0.98, 270.0

type Seen = dict[str, Any]


class Unseen(ValueError):
    """What is said to have been seen cannot be, or not enough was; the message says of which work."""


def read_seen(text: str, extents: Sequence[Extent], elapsed: float) -> list[Seen]:
    """What was seen of each work, by screen position; `elapsed` are the seconds since the works were handed out."""
    try:
        said = read_json(text) if text.strip() else []
    except Unreadable as why:
        raise Unseen(f"What was seen could not be read: {why}. Reload the page.") from None
    if said == []:
        return [{} for _ in extents]
    if not isinstance(said, list) or len(said) != len(extents):
        raise Unseen("What was seen does not fit the works on the page. Reload the page.")
    seen = []
    for letter, one, extent in zip(ascii_uppercase, said, extents, strict=False):
        try:
            seen.append(_read(one or {}, extent, elapsed))
        except Misplaced as why:
            raise Unseen(f"What was seen of {letter} cannot be: {why}. Reload the page and look again.") from None
    return seen


def _read(said: object, extent: Extent, elapsed: float) -> Seen:
    if not isinstance(said, dict):
        raise Misplaced("it is no list of what was seen")
    seen: Seen = {}
    most = round((elapsed + CLOCK_SLACK) * 1000)
    if "dwell_ms" in said:
        seen["dwell_ms"] = whole(round(number(said["dwell_ms"], "dwell in ms", 0, most)), "dwell in ms", 0, most)
    if "zoom" in said:
        seen["zoom"] = number(said["zoom"], "zoom", 0, 1000)
    if "scrolled" in said:
        seen["scrolled"] = number(said["scrolled"], "share scrolled", 0, 1)
    if "turned" in said:
        seen["turned"] = number(said["turned"], "turn in degrees", 0, 360)
    if "path" in said:
        seen["path"] = _path(said["path"])
    return seen | (_played(said, extent, elapsed) if "played" in said else {})


def _played(said: Mapping[str, Any], extent: Extent, elapsed: float) -> Seen:
    """The intervals in order and merged, none longer than the work, all together no longer than there was time."""
    if extent.duration is None:
        raise Misplaced("it does not play")
    rate = number(said.get("rate", 1), "fastest speed", 0.01, FASTEST)
    intervals = said["played"]
    if not isinstance(intervals, list) or len(intervals) > MOST_INTERVALS:
        raise Misplaced(f"its played intervals are no list of at most {MOST_INTERVALS}")
    played = merged([_interval(one, extent.duration) for one in intervals])
    total = sum(end - start for start, end in played)
    if total / rate > elapsed + CLOCK_SLACK:
        raise Misplaced(f"{total:.1f} s were played at up to {rate:g} × in the {elapsed:.1f} s since it was handed out")
    return {"played": played, "rate": rate}


def _interval(said: object, duration: float) -> tuple[float, float]:
    if not isinstance(said, list) or len(said) != 2:
        raise Misplaced("a played interval is no pair [start, end]")
    start, end = (number(at, "played interval", 0, duration + TIME_SLACK) for at in said)
    if end < start:
        raise Misplaced(f"a played interval ends at {end:g} s, before it begins at {start:g} s")
    return start, min(end, duration)


def merged(intervals: Sequence[tuple[float, float]]) -> list[list[float]]:
    """The same time as intervals in order that neither touch nor overlap."""
    joined: list[list[float]] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return joined


def _path(said: object) -> list[list[float]]:
    """Where the camera was: time in seconds, azimuth, elevation and distance."""
    if not isinstance(said, list) or len(said) > MOST_VIEWS:
        raise Misplaced(f"its camera path is no list of at most {MOST_VIEWS}")
    if not all(isinstance(view, list) and len(view) == 4 for view in said):
        raise Misplaced("its camera path holds something other than [s, azimuth, elevation, distance]")
    return [[number(part, "camera path", -1e6, 1e6) for part in view] for view in said]


def missing(seen: Sequence[Seen], extents: Sequence[Extent]) -> list[str]:
    """What of which work has still to be seen before an answer counts, in words; by screen position."""
    told = [_missing(one, extent) for one, extent in zip(seen, extents, strict=True)]
    return [what.format(letter) for letter, what in zip(ascii_uppercase, told, strict=False) if what]


def _missing(seen: Seen, extent: Extent) -> str:
    if extent.medium in {"video", "audio"} and extent.duration:
        share = sum(end - start for start, end in seen.get("played", [])) / extent.duration
        if share < WHOLE_PLAYED:
            return f"Play {{}} to its end: {share:.0%} of it was played."
    if extent.medium == "text" and seen.get("scrolled", 0) < WHOLE_SCROLLED:
        return f"Scroll {{}} to its end: {seen.get('scrolled', 0):.0%} of it was shown."
    if extent.medium == "model" and seen.get("turned", 0) < WHOLE_TURNED:
        return f"Turn {{}} round: {seen.get('turned', 0):.0f} of {WHOLE_TURNED:.0f} degrees were seen."
    return ""
