"""The bench in a headless Chromium: from the last key to the next pair, requests, and the first page's weight."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from playwright.sync_api import Error, Page, Request, sync_playwright

from tests.benchmarks.measure import Row, beside, told_by, with_the_slowest
from tests.browser.bench import ready, saved
from tests.browser.chromium import NAMES, launch_arguments
from tests.browser.folder import write_folder
from tests.durability.databases import database
from tests.durability.site import Site

TASKS = 40
OF_A_WORK = re.compile(r"/assignments/[^/]+/works/")
# From a key to the second frame after which another task stands there whole: by then it has been painted.
WATCH = """(() => {
  let pressed = 0, before = null;
  addEventListener('keydown', (event) => { pressed = event.timeStamp; }, true);
  const look = () => {
    const task = document.querySelector('form.task:not([hidden])');
    const whole = task && [...task.querySelectorAll('img')].every((image) => image.complete);
    if (whole && task.dataset.assignment !== before) {
      before = task.dataset.assignment;
      requestAnimationFrame(() => { window.waited = performance.now() - pressed; });
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
EMPTIEST = """<form class="task" data-assignment="0">0</form><script>addEventListener('keydown', () => {
  const task = document.querySelector('form'); task.textContent = ++task.dataset.assignment; })</script>"""


def rows() -> Iterator[Row]:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=launch_arguments())
        except Error:
            yield Row("The bench in a browser", "left out: no Chromium")
            return
        with _site() as (site, link):
            context = browser.new_context(**_place(site))
            door = context.new_page()
            door.goto(link)
            door.get_by_role("button", name="Sign in").click()
            door.get_by_role("button", name="I agree, begin").click()
            signed_in = _place(site) | {"storage_state": context.storage_state()}
            yield from _first_pair(browser.new_context(**signed_in).new_page())
            context = browser.new_context(**signed_in)
            yield from _steps(context.new_page(), context.new_page())
        browser.close()


def _place(site: Site) -> dict[str, Any]:
    return {"viewport": {"width": 1440, "height": 900}, "base_url": site.environment["BASE_URL"]}


def _first_pair(page: Page) -> Iterator[Row]:
    asked = _open(page)
    size = sum(request.sizes()["responseBodySize"] for request in asked if not OF_A_WORK.search(request.url))
    yield Row("The first pair on the screen, empty cache", f"{page.evaluate('window.waited'):.0f} ms")
    yield Row("What it takes besides the works", f"{size / 1e3:.0f} kB")


def _steps(bench: Page, emptiest: Page) -> Iterator[Row]:
    emptiest.add_init_script(WATCH)
    emptiest.goto(f"data:text/html,{quote(EMPTIEST)}")
    asked = _open(bench)
    asked.clear()
    yield beside(
        "From the last key to the next pair on the screen",
        lambda: _judge(bench),
        lambda: _wait(emptiest, "1"),
        against="from a key to another digit on an empty page",
        tell=with_the_slowest,
        runs=TASKS,
        measured=told_by,
    )
    yield Row("Requests a task, works included", f"{len(asked) / (TASKS + 1):.1f}")


def _open(page: Page) -> list[Request]:
    """The bench with the next pair held ready; returns what was asked for, and what will be."""
    asked: list[Request] = []
    page.add_init_script(WATCH)
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - the driver marks its handlers
    page.goto("/studies/browser/judge/")
    ready(page)
    page.wait_for_load_state("networkidle")
    return asked


def _judge(page: Page) -> float:
    page.keyboard.press("2")
    page.keyboard.press("2")
    waited = _wait(page, "2")
    saved(page)
    ready(page)
    return waited


def _wait(page: Page, key: str) -> float:
    """Seconds from this key until the page shows another task."""
    page.bring_to_front()
    page.evaluate("window.waited = undefined")
    page.keyboard.press(key)
    return float(page.wait_for_function("() => window.waited").json_value()) / 1e3


@contextmanager
def _site() -> Iterator[tuple[Site, str]]:
    """A served site with a study of pictures, and a rater's link to it."""
    with tempfile.TemporaryDirectory(prefix="salon-bench-site-") as place:
        data = Path(place) / "data"
        data.mkdir()
        (data / "static").symlink_to(settings.STATIC_ROOT)
        with database(data) as url:
            site = Site(data, url)
            site.environment["BASE_URL"] = f"http://localhost:{site.port}"
            try:
                site.manage("migrate", "--verbosity", "0")
                site.manage("import_study", str(write_folder(Path(place) / "study", pictures=TASKS // 3 + 2, texts=0)))
                link = site.manage("invite", "browser", "Bob", "--role", "rater").strip()
                site.start()
                yield site, link
            finally:
                site.end()
