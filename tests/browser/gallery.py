"""A page with one viewer of works in the place where the bench has it, served under the site's own security policy."""

import atexit
import io
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Route

from tests.browser.conftest import WATCH

ORIGIN = "http://gallery.test"
ROOT = Path(__file__).resolve().parents[2]
PARTS = ("controls", "bench", "viewers", "pages", "picture", "solid")
STYLE = "@layer reset, base, parts, pages;" + "".join(
    f'@import "{ROOT}/static/css/{name}.css";' for name in ("tokens", "base", "layout", *(f"parts/{p}" for p in PARTS))
)
# What the bench does for a viewer, and no more.
BENCH = f"""
import "{ROOT}/static/js/viewers/page.js";
import "{ROOT}/static/js/viewers/picture.js";
import "{ROOT}/static/js/viewers/solid.js";
const using = (event, used) => used && event.preventDefault();
document.addEventListener("keydown", (event) => using(event, window.viewer.key(event)));
document.addEventListener("keyup", (event) => using(event, window.viewer.keyUp(event)));
document.addEventListener("placed", (event) => window.placed.push(event.detail));
window.begin = () => {{
  window.placed = [];
  window.viewer = document.querySelector("[data-viewer]");
  window.viewer.show();
}};
window.follow = (html) => {{
  window.viewer.hide();
  window.viewer.outerHTML = html;
  window.begin();
}};
window.begin();
"""
PANEL = """<div class="panel"><fieldset class="criterion" data-active><legend>Lighting</legend>
<p class="definition">Does light have a believable source, model the form and serve the mood?</p>
<div class="scale">{steps}</div></fieldset></div>"""
STEP = '<label class="step"><input class="unseen" type="radio" name="a" aria-label="{0}"><span>{0}</span></label>'


MEDIA = {"picture-viewer": "image", "page-viewer": "text", "solid-viewer": "model"}
BUNDLE = ("--bundle", "--format=esm", "--target=es2022", "--log-level=warning", "--outdir=built")
READ_BACK = "GPU stall due to ReadPixels"  # the graphics driver's remark on its picture being taken
PATIENCE = 20.0  # seconds, on a machine that does much else


@dataclass(frozen=True)
class Shown:
    """A work as the bench names it: the original's size, what is sent of it, and its facts."""

    content: bytes
    kind: str
    width: int = 0
    height: int = 0
    facts: Mapping[str, object] = field(default_factory=dict)


@cache
def built() -> Path:
    """The viewers, bundled as the site does it."""
    folder = Path(tempfile.mkdtemp(prefix="salon-gallery-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "gallery.js").write_text(BENCH)
    (folder / "gallery.css").write_text(STYLE)
    subprocess.run(
        [ROOT / "node_modules/.bin/esbuild", "gallery.js", "gallery.css", *BUNDLE],
        cwd=folder,
        check=True,
        env=os.environ | {"NODE_PATH": str(ROOT / "node_modules")},
    )
    return folder / "built"


@contextmanager
def opened(browser: Browser, **context: Any) -> Iterator["Gallery"]:
    """A gallery in a window of its own, of which nobody may complain."""
    window = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | context)
    gallery = Gallery(window)
    yield gallery
    window.close()
    assert gallery.complaints == []


def security_policy() -> str:
    """The site's, with the one addition that the bench makes."""
    rules = {name: [str(source) for source in sources] for name, sources in settings.SECURE_CSP.items()}
    for name in ("img-src", "connect-src"):
        rules[name].append("blob:")
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())


class Gallery:
    """A browser's page on the gallery; what it complained of is kept."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        context.add_init_script(WATCH)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(1000 * PATIENCE)
        self.hung = 0
        self.complaints: list[str] = []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def hear(self, said: ConsoleMessage) -> None:
        """Keep what the browser calls an error or warns of."""
        if said.type in {"error", "warning"} and READ_BACK not in said.text:
            self.complaints.append(said.text)

    def hang(self, viewer: str, works: Sequence[Shown | None], *, exposure: str = "off") -> Page:
        """Open a page with these works, or let them follow those on it; one that is None is not there to be loaded."""
        self.works = works
        self.hung += 1
        works_html = _works(viewer, works, exposure, self.hung)
        if self.hung == 1:
            self.html = _page(works_html)
            self.page.route(f"{ORIGIN}/**", self.answer)
            self.page.goto(f"{ORIGIN}/")
        else:
            self.page.evaluate("html => window.follow(html)", works_html)
        self.until("window.viewer?.isShown")
        self.until("[...document.images].every((image) => image.complete)")
        return self.page

    def until(self, expression: str) -> None:
        """Wait for it; the driver's own waiting needs `eval`, which the page's policy forbids."""
        end = time.monotonic() + PATIENCE
        while not self.page.evaluate(expression):
            assert time.monotonic() < end, expression
            self.page.wait_for_timeout(20)

    def answer(self, route: Route) -> None:
        """Serve the page, its script and style, or a work by its position."""
        name = route.request.url.removeprefix(f"{ORIGIN}/")
        if name == "":
            policy = {"Content-Security-Policy": security_policy()}
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8", headers=policy)
        elif name.startswith("gallery."):
            route.fulfill(path=built() / name)
        elif name.startswith("works/") and (work := self.works[int(name.rpartition("-")[2])]):
            route.fulfill(body=work.content, content_type=work.kind)
        else:
            route.fulfill(status=404 if name.startswith("works/") else 204)

    def look(self, part: Locator) -> Image.Image:
        """A part of the page as it is on the screen."""
        return Image.open(io.BytesIO(part.screenshot())).convert("RGB")

    def placed(self) -> list[dict[str, object]]:
        """The marks that were announced."""
        marks: list[dict[str, object]] = self.page.evaluate("window.placed")
        return marks


def _page(works: str) -> str:
    steps = "".join(STEP.format(name) for name in "321=123")
    return f"""<!doctype html><html lang="en"><title>Gallery</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/gallery.css"><script type="module" src="/gallery.js"></script>
<body><main class="task"><header class="task-head"><h1>A chess set on a mirror; the game was left in a hurry.</h1>
</header>{works}{PANEL.format(steps=steps)}</main></body></html>"""


def _works(viewer: str, works: Sequence[Shown | None], exposure: str, hung: int) -> str:
    medium = MEDIA[viewer]
    is_text = "data-text" if medium == "text" else ""
    figures = "".join(
        _figure(position, work, viewer, f"/works/{hung}-{position}") for position, work in enumerate(works)
    )
    return f'<{viewer} class="works" data-viewer data-medium="{medium}" {is_text} data-exposure="{exposure}">{figures}</{viewer}>'


def _figure(position: int, work: Shown | None, viewer: str, source: str) -> str:
    letter = chr(ord("A") + position)
    told = work or Shown(b"", "", 4, 3)
    facts = json.dumps(dict(told.facts)).replace('"', "&quot;")
    size = f'data-width="{told.width}" data-height="{told.height}"'
    if viewer == "page-viewer":
        shown = (
            f'<div class="sheet" tabindex="0" role="region" aria-label="Work {letter}">{told.content.decode()}</div>'
        )
    else:
        shown = f'<img src="{source}" alt="Work {letter}" decoding="async">' if viewer == "picture-viewer" else ""
    return f"""<figure class="work" data-position="{position}" data-letter="{letter}" data-src="{source}" {size}
data-facts="{facts}">{shown}<figcaption aria-hidden="true">{letter}</figcaption></figure>"""
