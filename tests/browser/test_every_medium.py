"""Videos, sounds and models judged on the bench itself: our own, and real ones where they are."""

import json
import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, expect

from feedback.intake.demonstration.small_hours import write_small_hours
from tests.browser.bench import assignment, task

pytestmark = [pytest.mark.xdist_group("browser")]
ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT / (os.environ.get("SALON_REAL_DATA") or "../shared/data") / "media"
PAIRS = {
    "film": ("video/ffmpeg_consistent.mp4", "video/ffmpeg_stutter.webm"),
    "clip": ("video/videoalign_example_1_A.mp4", "video/videoalign_example_1_B.mp4"),
    "joy": ("audio/ode_to_joy_choir.flac", "audio/ode_to_joy_piano.mp3"),
    "bell": ("audio/ode_to_joy_music_box.wav", "audio/ode_to_joy_violin.ogg"),
    "ring": ("models3d/torus_matte.glb", "models3d/torus_metal.glb"),
    "photo": ("images/photo_chelsea__original.jpg", "images/photo_chelsea__warm.jpg"),
}
STILL_ASKED = """before => {
  const task = document.querySelector('form.task:not([hidden])')
  return task?.dataset.assignment === before && !task.hasAttribute('data-waiting')
}"""
MARK = {"video": "moment", "audio": "moment", "model": "spot", "image": "point"}


def write_real(folder: Path) -> Path:
    """A study of real files, one pair of each kind."""
    (folder / "media").mkdir(parents=True)
    prompts, works = [], []
    for prompt, files in PAIRS.items():
        prompts.append({"id": prompt, "text": f"A {prompt}."})
        for maker, file in zip(("Zyzzogeton", "Quomodocunquize"), files, strict=True):
            name = Path(file).name
            shutil.copyfile(REAL / file, folder / "media" / name)
            rights = {"licence": "LicenseRef-test", "consent": "for tests", "purposes": ["show"]}
            works.append({"id": f"{prompt}-{maker}", "prompt": prompt, "generator": maker, "file": name} | rights)
    (folder / "study.toml").write_text('slug = "real-media"\ntitle = "Real media"\nscale = "strength"\noverlap = 8\n')
    for name, rows in (("prompts", prompts), ("works", works)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture(scope="module", params=["own", "real"])
def studied(request, clerk, tmp_path_factory) -> str:
    """The slug of a study of every medium that moves."""
    folder = tmp_path_factory.mktemp("media") / "study"
    if request.param == "real":
        if not REAL.is_dir():
            pytest.skip("No real media: set SALON_REAL_DATA to the folder that holds them.")
        clerk.manage("import_study", str(write_real(folder)))
        return "real-media"
    write_small_hours(folder)
    toml = folder / "study.toml"
    toml.write_text(toml.read_text().replace("overlap = 2", "overlap = 8"))
    clerk.manage("import_study", str(folder))
    return "small-hours"


def medium_on(page) -> str:
    viewer = task(page).locator("[data-viewer]")
    expect(viewer.locator("button").first).to_be_attached()
    return viewer.get_attribute("data-medium")


def still_asked(page, before: str) -> bool:
    try:
        return page.evaluate(STILL_ASKED, before)
    except Error as error:
        if "navigation" not in str(error):
            raise
        return False  # the last answer is stored and the bench has left to say thank you


def walk(page, look) -> set[str]:
    """Judge until every medium was met, looking at each once; returns them."""
    met: set[str] = set()
    for _ in range(30):
        if not task(page).count():
            break
        medium, before = medium_on(page), assignment(page)
        if medium not in met:
            look(page, medium)
            met.add(medium)
        while still_asked(page, before):
            page.keyboard.press("4")
        page.wait_for_function(
            "before => document.querySelector('form.task:not([hidden])')?.dataset.assignment !== before", arg=before
        )
        if met >= {"video", "audio", "model"}:
            break
    return met


def faults(page) -> list[str]:
    return [rule["id"] for rule in Axe().run(page).response["violations"]]


def test_every_medium_is_judged_and_marked_by_keys_alone(studied, person):
    bob = person(studied, name="Keys")
    bob.sign_in(bob.link)
    page = bob.agree()
    marked: dict[str, str] = {}

    def look(page, medium: str) -> None:
        page.keyboard.press("Space")
        page.wait_for_timeout(700)
        page.keyboard.press("Space")
        page.keyboard.press("m")
        for _ in range(5):
            if task(page).locator(f".mark-bar [aria-pressed=true]:text-is('{MARK[medium]}')").count():
                break
            if task(page).locator(".mark-editor:not([hidden])").count():
                break
            page.keyboard.press("n")
        for key in ("Enter", "Enter"):
            if task(page).locator(".mark-editor:not([hidden])").count():
                break
            page.keyboard.press(key)
        task(page).locator(".mark-editor:not([hidden])").wait_for()
        page.keyboard.press("Escape")
        marked[medium] = task(page).locator(".mark-chip").first.inner_text()
        assert faults(page) == []

    met = walk(page, look)

    page.wait_for_load_state("networkidle")
    assert {"video", "audio", "model"} <= met
    assert all(MARK[medium] in chip for medium, chip in marked.items())


def test_every_medium_is_judged_by_touch_in_the_hand_in_the_dark(studied, person):
    hand = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
    bob = person(studied, name="Touch", **hand)
    bob.sign_in(bob.link)
    page = bob.agree()

    def look(page, medium: str) -> None:
        task(page).locator(".tools button, .tool").first.tap()
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        task(page).locator(".criterion[data-active] .step").nth(3).tap()

    met = walk(page, look)

    assert {"video", "audio", "model"} <= met
