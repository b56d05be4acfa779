"""A whole session by the keyboard alone: rubric, lesson, qualification, marks, a flag, undo, the end."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.bench import assignment, saved, task
from tests.browser.folder import MAKERS, write_folder

pytestmark = [pytest.mark.xdist_group("browser")]
NAMES = [maker.split()[0] for maker in MAKERS]
CRITERION = """
[[criteria]]
slug = "lighting"
name = "Lighting"
definition = "Does the light come from somewhere?"
"""


@pytest.fixture
def screened(clerk, tmp_path) -> str:
    """The slug of a study with a worked example and a qualification round of one."""
    folder = write_folder(
        tmp_path / "study", slug="keys-alone", pictures=2, texts=0, qualify_items=1, qualify_pass=1, guide="Look twice."
    )
    with (folder / "study.toml").open("a") as settings:
        settings.write(CRITERION)
    keys = [
        {"works": [0, 1], "reason": "The first has one lamp.", "purpose": "training"},
        {"works": [0, 2], "purpose": "gold"},
    ]
    rows = [
        key | {"prompt": "brief-0", "criterion": "lighting", "ranks": [1, 1]}
        | {"works": [f"brief-0-{NAMES[at]}" for at in key["works"]]}
        for key in keys
    ]  # fmt: skip
    (folder / "keys.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    clerk.manage("import_study", str(folder))
    return "keys-alone"


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def step(page, *keys: str) -> None:
    before = assignment(page)
    press(page, *keys)
    page.wait_for_function(
        "before => document.querySelector('form.task:not([hidden])')?.dataset.assignment !== before", arg=before
    )


def test_a_session_needs_no_pointer(site, screened, person):
    bob = person(screened)
    page = bob.page
    page.goto(bob.link)
    page.get_by_role("button", name="Sign in").focus()
    press(page, "Enter")
    page.get_by_role("button", name="I agree, begin").focus()
    press(page, "Enter")
    page.locator("judging-bench:defined form.task").first.wait_for()

    press(page, "?")
    expect(page.get_by_role("dialog")).to_contain_text("Look twice.")
    press(page, "Escape")

    step(page, "1")  # otherwise than the expert
    lesson = page.locator("dialog.lesson")
    expect(lesson).to_contain_text("The expert saw it otherwise.")
    expect(lesson.get_by_role("row", name="Lighting")).to_contain_text("A = B")
    assert lesson.locator("img").evaluate_all("images => images.every((image) => image.naturalWidth > 0)")
    press(page, "Enter")
    expect(lesson).to_have_count(0)

    step(page, "2")  # the qualification round, as the expert
    saved(page)

    press(page, "m", "ArrowRight", "Enter")
    expect(task(page).locator(".mark-editor select")).to_be_focused()
    press(page, "Escape", "f")
    favoured = "1" if " A " in task(page).locator(".mark-chip").inner_text() else "3"
    page.get_by_role("dialog").wait_for()
    press(page, "Space", "Tab")
    page.keyboard.type("A hand I know.")
    press(page, "Tab", "Enter")
    expect(task(page).locator(".status")).to_have_text("The lead was told.")
    step(page, "r", "T", "r", "u", "e", ".", "Escape", favoured)
    saved(page)

    step(page, "u")
    expect(task(page).locator(".mark-chip")).to_have_count(1)
    expect(task(page).locator("textarea")).to_have_value("True.")
    step(page, favoured)
    while task(page).count():
        step(page, "1")
        page.wait_for_load_state("networkidle")

    expect(page.get_by_role("heading", name="Thank you.")).to_be_visible()
    assert site.value("SELECT count(*) FROM judging_flag f JOIN judging_assignment a ON a.id = f.assignment_id "
                      "JOIN studies_study y ON y.id = a.study_id WHERE y.slug = ?", screened) == 1  # fmt: skip
