"""Takes the pictures in docs/pictures/ from a running site: `make screenshots`, or `make screenshots ARGS=--all=DIR`.

The site is one of its own, with the demonstration study in a temporary data folder. `--all` puts every page into DIR,
in both sizes and both lights.
"""

import argparse
import io
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import chromium, launch_arguments

ROOT = Path(__file__).resolve().parents[2]
DESK, HAND = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PICTURE, STORY = "boat", "lighthouse"
COLUMNS, THUMB = 5, (480, 300)


class Site:
    """A served demonstration."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.environment = os.environ | {"DATA_DIR": str(folder), "PORT": str(self.port)}
        for name in ("SECRET_KEY", "DATABASE_URL", "BASE_URL"):
            self.environment.pop(name, None)

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def link(self, role: str) -> str:
        """A fresh sign-in link for the role."""
        return dict(re.findall(r"(rater|lead|engineer)\s+(http\S+)", self.manage("sign_in")))[role]

    def url(self, path: str) -> str:
        return f"http://localhost:{self.port}{path}"


@contextmanager
def served() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="salon-pictures-") as name:
        folder = Path(name)
        site = Site(folder)
        subprocess.run([sys.executable, "-m", "feedback.secret", str(folder)], cwd=ROOT, check=True)
        site.manage("prepare", "--demo")
        server = subprocess.Popen(
            [sys.executable, "manage.py", "run", "--quiet"], cwd=ROOT, env=site.environment, stdout=subprocess.DEVNULL
        )
        try:
            for _ in range(200):
                try:
                    urllib.request.urlopen(site.url("/health/")).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield site
        finally:
            server.terminate()
            server.wait(timeout=30)


def sign_in(browser: Browser, site: Site, role: str, size: dict[str, int], scheme: str) -> Page:
    page = browser.new_context(viewport=size, color_scheme=scheme).new_page()
    page.goto(site.link(role))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state("networkidle")
    return page


def bench(page: Page, word: str) -> None:
    """Judge on until a prompt with the word is on the screen, then answer its first criterion."""
    if page.get_by_role("button", name="I agree, begin").count():
        page.get_by_role("button", name="I agree, begin").click()
    for _ in range(200):
        prompt = page.locator("form.task:not([hidden]) h1")
        prompt.wait_for()
        if word in prompt.inner_text():
            break
        for key in "121":
            page.keyboard.press(key)
        page.wait_for_timeout(150)
    page.keyboard.press("1")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)


def for_the_readme(browser: Browser, site: Site, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page = sign_in(browser, site, "rater", DESK, "light")
    bench(page, PICTURE)
    page.screenshot(path=folder / "bench.jpg", type="jpeg", quality=88)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=folder / "bench-dark.jpg", type="jpeg", quality=88)
    page.emulate_media(color_scheme="light")
    bench(page, STORY)
    page.screenshot(path=folder / "bench-text.jpg", type="jpeg", quality=88)
    page = sign_in(browser, site, "rater", HAND, "light")
    bench(page, PICTURE)
    page.screenshot(path=folder / "bench-phone.jpg", type="jpeg", quality=88)
    page = sign_in(browser, site, "lead", DESK, "light")
    page.screenshot(path=folder / "leaderboard.png")
    thirty(sign_in(browser, site, "rater", DESK, "light"), site, folder)


def thirty(page: Page, site: Site, folder: Path) -> None:
    """Thirty judgements in a row through every medium, as one sheet; and one picture of each medium that moves."""
    sheet = Image.new("RGB", (COLUMNS * THUMB[0], 30 // COLUMNS * THUMB[1]), "white")
    kept: set[str] = set()
    page.goto(site.url("/studies/small-hours/judge/"))
    for number in range(30):
        task = page.locator("form.task:not([hidden])")
        if not task.count():
            page.goto(site.url("/studies/hour-of-light/judge/"))
        medium = task.locator("[data-viewer]").get_attribute("data-medium") or ""
        _use(page, medium)
        shot = Image.open(io.BytesIO(page.screenshot()))
        if medium in {"video", "audio", "model"} - kept:
            kept.add(medium)
            shot.convert("RGB").save(folder / f"bench-{medium}.jpg", quality=88)
        sheet.paste(shot.convert("RGB").resize(THUMB, Image.Resampling.LANCZOS), _place(number))
        for _ in range(task.locator(".criterion").count() - 1):
            page.keyboard.press("2")
        page.wait_for_timeout(400)
    sheet.save(folder / "thirty.jpg", quality=82)


def _use(page: Page, medium: str) -> None:
    """Look at the works as their medium wants, and mark a place now and then."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1200)
    page.keyboard.press("1")
    if medium in {"video", "audio"}:
        page.keyboard.press("Space")
        page.wait_for_timeout(900)
        page.keyboard.press("Space")
    page.wait_for_timeout(300)


def _place(number: int) -> tuple[int, int]:
    return number % COLUMNS * THUMB[0], number // COLUMNS * THUMB[1]


def all_pages(browser: Browser, site: Site, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        for name, size in (("desk", DESK), ("hand", HAND)):

            def keep(page: Page, what: str, name: str = name, scheme: str = scheme, *, full: bool = True) -> None:
                page.screenshot(path=folder / f"{what}-{name}-{scheme}.png", full_page=full)

            page = browser.new_context(viewport=size, color_scheme=scheme).new_page()
            for what, path in (("home", "/"), ("how-to-sign-in", "/sign-in/"), ("not-here", "/nothing/")):
                page.goto(site.url(path))
                keep(page, what)
            page.goto(site.link("rater"))
            keep(page, "sign-in")
            page = sign_in(browser, site, "rater", size, scheme)
            if page.get_by_role("button", name="I agree, begin").count():
                keep(page, "consent")
            bench(page, PICTURE)
            keep(page, "bench-picture", full=False)
            page.keyboard.press("?")
            keep(page, "help", full=False)
            page.keyboard.press("Escape")
            bench(page, STORY)
            keep(page, "bench-story", full=False)
            page.goto(site.url("/studies/"))
            keep(page, "studies")
            keep(sign_in(browser, site, "lead", size, scheme), "results")
            page = sign_in(browser, site, "engineer", size, scheme)
            page.get_by_role("button", name="Build").click()
            page.locator("a[download]").first.wait_for(timeout=60_000)
            keep(page, "releases")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--all", type=Path, metavar="DIR", help="every page, in both sizes and both lights")
    chosen = arguments.parse_args()
    with served() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=launch_arguments())
        if chosen.all:
            all_pages(browser, site, chosen.all)
        else:
            for_the_readme(browser, site, ROOT / "docs" / "pictures")
        browser.close()


if __name__ == "__main__":
    main()
