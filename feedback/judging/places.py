"""Places in a work: exact, in the original's own units, and checked to lie inside it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

type Json = dict[str, Any]

STILL, TIMED = ("point", "box", "brush"), ("moment", "span")
KINDS: Mapping[str, tuple[str, ...]] = {
    "text": ("words",),
    "image": STILL,
    "motion": STILL,
    "video": (*STILL, *TIMED),
    "audio": TIMED,
    "model": ("spot",),
}
STROKE_POINTS = 5_000
TIME_SLACK = 0.25  # seconds by which players overrun the length that a container states
FRAME_SLACK = 1.0  # a moment lies within a frame, so its time may be up to one frame off the frame's own


class Misplaced(ValueError):
    """The place is not one, or not in the work; the message says what was found and what is expected."""


@dataclass(frozen=True)
class Extent:
    """How far a work reaches: pixels of the upright original, seconds and frames, code points, triangles."""

    medium: str
    text: str = ""
    width: int | None = None
    height: int | None = None
    facts: Json = field(default_factory=dict)

    @property
    def duration(self) -> float | None:
        return self.facts.get("duration")

    @property
    def frames(self) -> int | None:
        return self.facts.get("frames")

    @property
    def rate(self) -> float | None:
        """Frames a second; facts tell it as a fraction such as 30000/1001."""
        over, _, under = str(self.facts.get("rate", "")).partition("/")
        try:
            return float(over) / float(under or 1) or None
        except (ValueError, ZeroDivisionError):
            return None


def read_place(kind: str, place: object, extent: Extent) -> Json:
    """The place with its numbers checked and its keys in order; raises Misplaced."""
    if kind not in KINDS.get(extent.medium, ()):
        known = ", ".join(KINDS.get(extent.medium, ())) or "no place at all"
        raise Misplaced(f"{_one(kind)} cannot lie on {_a(extent.medium)}, which takes {known}")
    if not isinstance(place, dict):
        raise Misplaced("its place is missing")
    read, keys = _READERS[kind]
    timed = ("frame", "time") if extent.medium == "video" and kind in STILL else ()
    wanted = {*keys, *timed, *_FRAMES.get((extent.medium, kind), ())}
    if stray := sorted(set(place) - wanted):
        raise Misplaced(
            f"its place has the unknown key {_shown(stray[0])}; {_one(kind)} can have {', '.join(sorted(wanted))}"
        )
    if missing := sorted(wanted - set(place)):
        raise Misplaced(f"its place lacks {missing[0]}")
    found = read(place, extent)
    return found | _moment(place, extent) if timed else found


def _point(place: Json, extent: Extent) -> Json:
    return {
        "x": number(place["x"], "x", 0, _side(extent.width)),
        "y": number(place["y"], "y", 0, _side(extent.height)),
    }


def _box(place: Json, extent: Extent) -> Json:
    x = whole(place["x"], "x", 0, _side(extent.width) - 1)
    y = whole(place["y"], "y", 0, _side(extent.height) - 1)
    return {
        "x": x,
        "y": y,
        "width": whole(place["width"], "width", 1, _side(extent.width) - x),
        "height": whole(place["height"], "height", 1, _side(extent.height) - y),
    }


def _brush(place: Json, extent: Extent) -> Json:
    width, height = _side(extent.width), _side(extent.height)
    size = number(place["size"], "size", 0, max(width, height))
    strokes = place["strokes"]
    if not size:
        raise Misplaced("its brush has no size")
    if not _is_list_of_lists(strokes):
        raise Misplaced("its strokes are not a list of lists of points")
    if not 1 <= sum(map(len, strokes)) <= STROKE_POINTS or not all(strokes):
        raise Misplaced(f"its strokes have no points, or more than {STROKE_POINTS:,}; draw fewer")
    return {"size": size, "strokes": [[_dot(dot, width, height) for dot in stroke] for stroke in strokes]}


def _dot(dot: object, width: int, height: int) -> list[float]:
    if not isinstance(dot, list) or len(dot) != 2:
        raise Misplaced("a stroke holds something other than points [x, y]")
    return [number(dot[0], "x of a stroke", 0, width), number(dot[1], "y of a stroke", 0, height)]


def _moment(place: Json, extent: Extent) -> Json:
    time = number(place["time"], "time", 0, _length(extent) + TIME_SLACK)
    if "frame" not in place:
        return {"time": time}
    return {"frame": _frame(place["frame"], "frame", time, extent), "time": time}


def _span(place: Json, extent: Extent) -> Json:
    start = number(place["start"], "start", 0, _length(extent))
    end = number(place["end"], "end", 0, _length(extent) + TIME_SLACK)
    if end <= start:
        raise Misplaced(f"its span ends at {end:g} s, before it begins at {start:g} s")
    if "first" not in place:
        return {"start": start, "end": end}
    first = _frame(place["first"], "first", start, extent)
    last = _frame(place["last"], "last", end, extent)
    if last < first:
        raise Misplaced(f"its last frame {last} comes before its first, {first}")
    return {"start": start, "end": end, "first": first, "last": last}


def _frame(value: object, name: str, time: float, extent: Extent) -> int:
    """A frame of the film that is on screen at that time."""
    final = (extent.frames or 1) - 1
    frame, rate = whole(value, name, 0, final), extent.rate
    if rate and abs(min(time * rate, final) - frame) > FRAME_SLACK + 1e-6:
        raise Misplaced(f"its {name} {frame} is not what the film shows at {time:g} s")
    return frame


def _words(place: Json, extent: Extent) -> Json:
    start, end = (whole(place[name], name, 0, 2**31) for name in ("start", "end"))
    quote, marked = place["quote"], extent.text[start:end]
    if not isinstance(quote, str):
        raise Misplaced("its quote is not a text")
    if _as_shown(marked) != _as_shown(quote):
        raise Misplaced(_quoted_elsewhere(extent.text, start, end, quote))
    whole(end, "end", 1, len(extent.text))
    whole(start, "start", 0, end - 1)
    return {"start": start, "end": end, "quote": marked}


def _as_shown(text: str) -> str:
    """With the line ends that a browser makes of every line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _quoted_elsewhere(text: str, start: int, end: int, quote: str) -> str:
    found = f"characters {start} to {end} read {_shown(text[start:end])} and not {_shown(quote)}"
    places = [at for at in range(len(text)) if quote and text.startswith(quote, at)][:4]
    if not places:
        return f"{found}, which is nowhere in the text"
    return f"{found}, which begins at {' and '.join(map(str, places))}"


def _spot(place: Json, extent: Extent) -> Json:
    weights, position = place["barycentric"], place["position"]
    if not _is_triple(weights) or not _is_triple(position):
        raise Misplaced("its barycentric and its position are not three numbers each")
    barycentric = [number(weight, "barycentric", -1e-6, 1 + 1e-6) for weight in weights]
    if abs(sum(barycentric) - 1) > 1e-3:
        raise Misplaced(f"its barycentric numbers add up to {sum(barycentric):g}, expected 1")
    return {
        "mesh": whole(place["mesh"], "mesh", 0, 2**31),
        "primitive": whole(place["primitive"], "primitive", 0, 2**31),
        "face": whole(place["face"], "face", 0, (extent.facts.get("triangles") or 2**31) - 1),
        "barycentric": barycentric,
        "position": [number(part, "position", -1e9, 1e9) for part in position],
    }


type Reader = Callable[[Json, Extent], Json]
_READERS: Mapping[str, tuple[Reader, tuple[str, ...]]] = {
    "point": (_point, ("x", "y")),
    "box": (_box, ("x", "y", "width", "height")),
    "brush": (_brush, ("size", "strokes")),
    "moment": (_moment, ("time",)),
    "span": (_span, ("start", "end")),
    "words": (_words, ("start", "end", "quote")),
    "spot": (_spot, ("mesh", "primitive", "face", "barycentric", "position")),
}
_FRAMES = {("video", "moment"): ("frame",), ("video", "span"): ("first", "last")}


def number(value: object, name: str, low: float, high: float) -> float:
    """The finite number if it lies within the bounds; an int stays one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Misplaced(f"its {name} is no number")
    if not low <= value <= high:
        raise Misplaced(f"its {name} is {value:g}, expected {low:g} to {high:g}")
    return value


def whole(value: object, name: str, low: int, high: int) -> int:
    """The whole number if it lies within the bounds."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Misplaced(f"its {name} is no whole number")
    if not low <= value <= high:
        raise Misplaced(f"its {name} is {_shown(value)}, expected {low} to {high}")
    return value


def _side(pixels: int | None) -> int:
    if not pixels:
        raise Misplaced("the size of the original is not known, so nothing can be placed on it")
    return pixels


def _length(extent: Extent) -> float:
    if extent.duration is None:
        raise Misplaced("the length of the work is not known, so nothing can be placed in it")
    return extent.duration


def _is_list_of_lists(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(inner, list) for inner in value)


def _is_triple(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 3


def _one(kind: str) -> str:
    return kind if kind == "words" else f"a {kind[:20]}"


def _a(medium: str) -> str:
    return {"text": "a text", "audio": "a sound", "model": "a 3D model", "absent": "an absent work"}.get(
        medium, f"an {medium}" if medium[:1] in "aio" else f"a {medium}"
    )


def _shown(value: object) -> str:
    """The value for a message: quoted if it is a text, and never long."""
    text = str(value)
    short = text if len(text) <= 40 else f"{text[:37]}…"
    return f"“{short}”" if isinstance(value, str) else short
