"""From a link to a file that trains, in real browsers."""

import json
import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.bench import assignment, judge, saved, task
from tests.browser.conftest import WORKER

pytestmark = [pytest.mark.xdist_group("browser")]


def test_ten_pairs_by_keyboard_undo_leaderboard_and_download(site, study, rater, person, tmp_path):
    slug = study()
    bob = rater(slug).page
    alice = person(slug, role="lead", name="Alice")
    alice.sign_in(alice.link)

    # Ten pairs, keys alone; the third is undone and judged again.
    for number in range(10):
        judge(bob, "112" if number % 2 else "321")
        if number == 2:
            saved(bob)
            present = assignment(bob)
            bob.keyboard.press("u")
            expect(task(bob).locator(".status")).to_have_text("Undone. Your answers are back.")
            assert assignment(bob) != present
            assert task(bob).locator(".step input:checked").count() == 3
            judge(bob, "3")  # the first criterion again; the others are answered
    saved(bob)
    stored = site.value(
        "SELECT count(*) FROM judging_assignment a JOIN judging_submission s ON s.id = a.latest_id WHERE s.kind = 'answer'"
    )
    assert stored >= 10

    # The lead sees the board move without touching the page.
    expect(alice.page.locator("#pulse")).to_contain_text("The board has 10 judgements", timeout=WORKER)
    expect(alice.page.locator("#best .wide .dot")).to_have_count(3)
    judge(bob, "111")
    expect(alice.page.locator("#pulse")).to_contain_text("The board has 11 judgements", timeout=WORKER)

    # The engineer builds and downloads the release.
    emre = person(slug, role="engineer", name="Emre")
    emre.sign_in(emre.link)
    emre.page.locator("#shape-trl").check()
    emre.page.get_by_role("button", name="Build it").click()
    emre.page.get_by_role("link", name="version 1.0.0").click(timeout=WORKER)
    with emre.page.expect_download() as download:
        emre.page.get_by_role("link", name=re.compile("^Download")).click()
    archive = tmp_path / "release.zip"
    download.value.save_as(archive)
    with zipfile.ZipFile(archive) as release:
        names = [name for name in release.namelist() if name.startswith("data/")]
        rows = [json.loads(line) for name in names for line in release.read(name).decode().splitlines()]
    assert rows
    assert {"prompt", "chosen", "rejected"} <= set(rows[0])


def test_a_comparison_judged_through_the_accessibility_tree(study, rater):
    page = rater(study()).page
    first = assignment(page)

    for name, answer in (
        ("Lighting", "A is better"),
        ("Narrative arc", "No difference"),
        ("Emotional resonance", "B is better"),
    ):
        page.get_by_role("radiogroup", name=name).get_by_role("radio", name=answer).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Next").click()

    expect(page.get_by_role("status")).to_have_text("Saved.")
    assert assignment(page) != first


def test_the_end_of_the_queue_says_thank_you(study, rater):
    page = rater(study(pictures=0, texts=1)).page

    for _ in range(2):
        judge(page, "123")
    for key in "123":
        page.keyboard.press(key)

    expect(page.get_by_role("heading", name="Thank you.")).to_be_visible()


def test_the_bench_works_without_scripts(study, rater):
    page = rater(study(), java_script_enabled=False).page
    first = assignment(page)

    for slug in ("lighting", "narrative-arc", "emotional-resonance"):
        page.locator(f'{"form.task"} .step:has([name="answer.{slug}"][value="2"])').click()
    page.get_by_role("button", name="Next").click()

    assert assignment(page) != first
    page.get_by_role("button", name="undo").click()
    assert assignment(page) == first
    assert page.locator(".step input:checked").count() == 3
