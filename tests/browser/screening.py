"""A room to show films and sounds in: works made by PyAV, a server that knows ranges, and one viewer on a page."""

import functools
import io
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import numpy as np
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.conftest import WATCH

ROOT = Path(__file__).resolve().parents[2]
BITS = 10  # the number of a frame, as black and white fields along its upper edge
SAMPLES = 48_000  # a second
PARTS = ("tokens", "base", "layout", "parts/controls", "parts/bench", "parts/viewers", "parts/film", "parts/sound")
LAYERS = "@layer reset, base, parts, pages;"
# What the bench does for a viewer, and no more.
BENCH = """
import "/static/js/viewers/film.js";
import "/static/js/viewers/sound.js";
const viewer = document.querySelector("[data-viewer]");
document.addEventListener("keydown", (event) => viewer.key(event) && event.preventDefault());
document.addEventListener("keyup", (event) => viewer.keyUp(event));
document.addEventListener("placed", (event) => window.placed.push(event.detail));
window.placed = [];
window.viewer = viewer;
"""
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}


@dataclass(frozen=True)
class Shown:
    """A work as the bench names it, with a filmstrip if there is one."""

    content: bytes
    kind: str
    facts: Mapping[str, Any]
    width: int = 0
    height: int = 0
    strip: bytes = b""


# ── Works ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def tone(seconds: float, pitch: float, *, loud: float = 0.5) -> np.ndarray:
    """A sine that begins at nought."""
    return loud * np.sin(2 * np.pi * pitch * np.arange(round(seconds * SAMPLES)) / SAMPLES)


def _picture(frame: int, frames: int, width: int, height: int, hue: Sequence[int]) -> np.ndarray:
    """An evening sky with a moon on its way, and the frame's number in bits above."""
    fall = np.linspace(0.2, 1.0, height)[:, None, None]
    picture = np.broadcast_to(fall * np.asarray(hue), (height, width, 3)).copy()
    down, right = np.mgrid[:height, :width]
    across = width * (0.1 + 0.8 * frame / max(1, frames - 1))
    up = height * (0.62 - 0.3 * np.sin(np.pi * frame / max(1, frames - 1)))
    picture[np.hypot(right - across, down - up) < height / 9] = (250, 240, 215)
    picture[int(height * 0.8) :] *= 0.35
    field_width = width // (2 * BITS)
    for bit in range(BITS):
        picture[: height // 10, bit * field_width : (bit + 1) * field_width] = 255 * (frame >> bit & 1)
    return picture.astype(np.uint8)


@functools.cache
def film(
    frames: int = 125,
    rate: int = 25,
    size: tuple[int, int] = (320, 180),
    hue: tuple[int, int, int] = (230, 150, 90),
    pitch: float = 440,
) -> Shown:
    """A film in VP9 with a tone in Opus; without a pitch it is silent."""
    width, height = size
    file = io.BytesIO()
    pictures = [_picture(frame, frames, width, height, hue) for frame in range(frames)]
    with av.open(file, "w", format="webm") as container:
        options = {"deadline": "realtime", "cpu-used": "8", "crf": "20", "b": "0", "g": "12"}
        video = container.add_stream("libvpx-vp9", rate=rate, options=options)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        sound = container.add_stream("libopus", rate=SAMPLES, layout="mono") if pitch else None
        for number, picture in enumerate(pictures):
            shown = av.VideoFrame.from_ndarray(picture, format="rgb24")
            shown.pts, shown.time_base = number, Fraction(1, rate)
            container.mux(video.encode(shown))
        container.mux(video.encode(None))
        if sound:
            heard = av.AudioFrame.from_ndarray(tone(frames / rate, pitch)[None].astype(np.float32), "flt", "mono")
            heard.sample_rate, heard.pts = SAMPLES, 0
            container.mux(sound.encode(heard))
            container.mux(sound.encode(None))
    stills = [Image.fromarray(pictures[at * (frames - 1) // 9]).resize((96, 96 * height // width)) for at in range(10)]
    facts = {"duration": frames / rate, "frames": frames, "rate": f"{rate}/1", "sound": bool(pitch), "gain": 0}
    return Shown(file.getvalue(), "video/webm", facts, width, height, _strip(stills))


def _strip(stills: Sequence[Image.Image]) -> bytes:
    strip = Image.new("RGB", (sum(still.width for still in stills), stills[0].height))
    for at, still in enumerate(stills):
        strip.paste(still, (at * still.width, 0))
    file = io.BytesIO()
    strip.save(file, "WEBP")
    return file.getvalue()


def recording(samples: np.ndarray) -> Shown:
    """The samples as FLAC, with the peaks that a waveform is drawn from."""
    file = io.BytesIO()
    with av.open(file, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=SAMPLES, layout="mono")
        frame = av.AudioFrame.from_ndarray((samples[None] * 32767).astype(np.int16), "s16", "mono")
        frame.sample_rate, frame.pts = SAMPLES, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    loudest = [float(np.abs(part).max()) for part in np.array_split(samples, 1000)]
    facts = {
        "duration": len(samples) / SAMPLES,
        "rate": SAMPLES,
        "channels": 1,
        "gain": 0,
        "peaks": [min(255, round(255 * peak)) for peak in loudest],
    }
    return Shown(file.getvalue(), "audio/flac", facts)


# ── The room ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _policy() -> str:
    rules = {name: [str(source) for source in sources] for name, sources in settings.SECURE_CSP.items()}
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in (rules | {"media-src": ["'self'"]}).items())


@dataclass
class Screening:
    """Serves the page, the site's scripts and styles, and the works; some of them late."""

    works: Sequence[Shown] = ()
    page: str = ""
    late: dict[int, float] = field(default_factory=dict)  # seconds by position

    def __post_init__(self) -> None:
        room = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                room.answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def find(self, path: str) -> tuple[bytes, str]:
        """What is at a path, and its type."""
        if path == "/":
            return self.page.encode(), "text/html; charset=utf-8"
        if path == "/favicon.ico":
            return b"", "image/x-icon"
        if path in {"/style.css", "/bench.js"}:
            return (LAYERS if path == "/style.css" else BENCH).encode(), TYPES[Path(path).suffix]
        if path.startswith("/static/"):
            file = ROOT / path[1:]
            return (file.read_bytes(), TYPES[file.suffix]) if file.is_file() else (b"", "")
        kind, position = path[1:].split("/")
        work = self.works[int(position)]
        time.sleep(self.late.get(int(position), 0))
        return (work.strip, "image/webp") if kind == "strip" else (work.content, work.kind)

    def answer(self, door: BaseHTTPRequestHandler) -> None:
        """Answer with the whole, or with the range that was asked for."""
        try:
            content, kind = self.find(door.path)
        except (ValueError, IndexError):
            content, kind = b"", ""
        start, end = 0, len(content) - 1
        asked = re.match(r"bytes=(\d+)-(\d*)", door.headers.get("Range", ""))
        if asked:
            start, end = int(asked[1]), min(end, int(asked[2] or end))
        door.send_response(404 if not kind else 206 if asked else 200)
        if asked:
            door.send_header("Content-Range", f"bytes {start}-{end}/{len(content)}")
        door.send_header("Content-Type", kind or "text/plain")
        door.send_header("Content-Length", str(end - start + 1))
        door.send_header("Accept-Ranges", "bytes")
        door.send_header("Content-Security-Policy", _policy())
        door.end_headers()
        try:
            door.wfile.write(content[start : end + 1])
        except (BrokenPipeError, ConnectionResetError):
            door.close_connection = True

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Audience:
    """A browser's page in the room; what it complained of is kept."""

    def __init__(self, context: BrowserContext, room: Screening) -> None:
        self.room = room
        context.add_init_script(WATCH)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.page.on("console", self.listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def listen(self, said: ConsoleMessage) -> None:
        """Keep what the browser complains of, or warns of."""
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    def sit(
        self, works: Sequence[Shown], *, exposure: str = "off", show: bool = True, reference: Shown | None = None
    ) -> Page:
        """Open the page with these works, and show them; the reference is served after the last of them."""
        self.room.works = [*works, reference] if reference else works
        self.room.page = _page(works, exposure, f"/work/{len(works)}" if reference else "")
        self.page.goto(self.room.address, wait_until="domcontentloaded")
        self.until("window.viewer?.transport")
        if show:
            self.page.evaluate("viewer.show()")
        return self.page

    def until(self, condition: str, seconds: float = 20) -> None:
        """Wait for something in the page; the driver's own waiting is at odds with the security policy."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(f"Boolean({condition})"):
            assert time.monotonic() < end, f"It never came to {condition}"
            self.page.wait_for_timeout(20)

    def placed(self) -> list[dict[str, object]]:
        """The marks that were announced."""
        marks: list[dict[str, object]] = self.page.evaluate("window.placed")
        return marks


@contextmanager
def screening(browser: Browser) -> Iterator[Callable[..., Audience]]:
    """Opens browsers in a room; nobody's may have complained at the end. Works start when they are told to."""
    room = Screening()
    people: list[Audience] = []

    def make(**context: Any) -> Audience:
        given: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"} | context
        people.append(Audience(browser.new_context(**given), room))
        return people[-1]

    try:
        yield make
    finally:
        for one in people:
            one.page.context.close()
        room.close()
    assert [complaint for one in people for complaint in one.complaints] == []


def faults(one: Audience) -> list[str]:
    """What is wrong with the page for those who cannot see or point."""
    found = Axe().run(one.page).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def _page(works: Sequence[Shown], exposure: str, reference: str) -> str:
    medium = works[0].kind.split("/")[0]
    viewer = {"video": "film-viewer", "audio": "sound-viewer"}[medium]
    figures = "".join(_figure(position, work, medium) for position, work in enumerate(works))
    styles = "".join(f'<link rel="stylesheet" href="/static/css/{part}.css">' for part in PARTS)
    told = f'data-exposure="{exposure}"' + (f' data-reference="{reference}"' if reference else "")
    steps = "".join(
        f'<label class="step"><input class="unseen" type="radio" name="a" aria-label="{name}"><span>{name}</span></label>'
        for name in "321=123"
    )
    return f"""<!doctype html><html lang="en"><title>Screening</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/style.css">{styles}<script type="module" src="/bench.js"></script>
<body><main class="task"><header class="task-head"><div><p class="eyebrow">Studio light, spring panel</p>
<h1>The moon crosses the bay while the lamps along the quay come on.</h1></div></header>
<{viewer} class="works" data-viewer data-medium="{medium}" {told}>{figures}</{viewer}>
<div class="panel"><fieldset class="criterion"><legend>Temporal consistency</legend>
<p class="definition">Do forms, light and texture hold from frame to frame?</p><div class="scale">{steps}</div></fieldset>
<fieldset class="criterion"><legend>Narrative arc</legend>
<p class="definition">Is there a before and an after; does something turn?</p><div class="scale">{steps}</div></fieldset>
</div></main></body></html>"""


def _figure(position: int, work: Shown, medium: str) -> str:
    letter = chr(ord("A") + position)
    facts = json.dumps(dict(work.facts)).replace('"', "&quot;")
    strip = f'data-strip="/strip/{position}"' if work.strip else ""
    size = f'data-width="{work.width}" data-height="{work.height}"' if work.width else ""
    video = f'<video src="/work/{position}" preload="auto" playsinline></video>' if medium == "video" else ""
    return f"""<figure class="work" data-position="{position}" data-letter="{letter}" data-src="/work/{position}" {size} {strip}
data-facts="{facts}">{video}<figcaption aria-hidden="true">{letter}</figcaption></figure>"""
