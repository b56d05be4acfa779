"""What was seen of the works counts on after a reload, on another device and after an undo."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from feedback.intake.demonstration.small_hours import write_small_hours
from tests.browser.bench import assignment, judge, saved, task
from tests.browser.folder import write_folder

pytestmark = [pytest.mark.xdist_group("browser")]
SEEN = """SELECT s.seen FROM judging_submission s JOIN studies_study y ON y.id = s.study_id
WHERE y.slug = ? AND s.kind = 'answer' ORDER BY s.id DESC"""
PLAYS = 4  # a machine that drops a stretch of a film is asked to show it again, as a rater would
PLAYED = "() => !document.querySelector('form.task:not([hidden]) [data-viewer]').transport.wanted"
NOTHING_MISSING = "() => document.querySelector('form.task:not([hidden]) [data-viewer]')?.missing?.() === ''"


@pytest.fixture
def long_texts(clerk, tmp_path) -> str:
    """The slug of a study whose texts have to be read to their ends."""
    slug = f"long-{tmp_path.name}".replace("_", "-").lower()[:60].rstrip("-")
    folder = write_folder(tmp_path / "study", slug=slug, pictures=0, texts=2, exposure="whole")
    rows = [json.loads(line) for line in (folder / "works.jsonl").read_text().splitlines()]
    told = [row | {"text": "\n\n".join([row["text"]] * 60)} for row in rows]
    (folder / "works.jsonl").write_text("".join(json.dumps(row) + "\n" for row in told))
    clerk.manage("import_study", str(folder))
    return slug


def read_both(page: Page) -> None:
    sheets = task(page).locator(".sheet")
    for sheet in sheets.all():
        sheet.evaluate("sheet => sheet.scrollTo({ top: sheet.scrollHeight })")
    for work in task(page).locator(".work").all():
        expect(work).to_have_attribute("data-read", "")


def told_unread(page: Page) -> None:
    expect(task(page).locator(".status")).to_contain_text("to its end first")


def entered(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_text_that_was_not_read_is_asked_for(long_texts, rater):
    page = rater(long_texts).page
    task(page).locator("[data-viewer] [role=toolbar]").wait_for()  # until then the server would have to ask

    entered(page, "123")

    told_unread(page)


def test_what_was_read_counts_after_a_reload(site, long_texts, rater):
    page = rater(long_texts).page
    read_both(page)
    page.reload()

    judge(page, "123")

    saved(page)
    assert [one["scrolled"] >= 0.98 for one in _first(site, long_texts)] == [True, True]


def test_what_was_read_counts_on_another_device(site, long_texts, rater, person):
    bob = rater(long_texts)
    with bob.page.expect_response("**/draft/"):
        read_both(bob.page)
    signed_in = {"cookies": bob.context.cookies(), "origins": []}
    elsewhere = person(long_texts, storage_state=signed_in)
    elsewhere.page.goto(f"/studies/{long_texts}/judge/")
    assert assignment(elsewhere.page) == assignment(bob.page)
    expect(task(elsewhere.page).locator(".tools")).to_be_attached()

    judge(elsewhere.page, "123")

    saved(elsewhere.page)
    assert [one["scrolled"] >= 0.98 for one in _first(site, long_texts)] == [True, True]


def test_what_was_read_counts_after_an_undo(site, long_texts, rater):
    page = rater(long_texts).page
    read_both(page)
    judge(page, "123")
    saved(page)
    before = _first(site, long_texts)

    page.keyboard.press("u")
    expect(task(page).locator(".status")).to_contain_text("Undone")
    page.reload()
    judge(page, "3")

    saved(page)
    after = _first(site, long_texts)
    assert [one["scrolled"] for one in after] == [one["scrolled"] for one in before]
    assert all(now["dwell_ms"] > then["dwell_ms"] for now, then in zip(after, before, strict=True))


def test_what_was_played_counts_after_a_reload(site, clerk, tmp_path: Path, rater):
    folder = tmp_path / "study"
    write_small_hours(folder)
    toml = folder / "study.toml"
    toml.write_text(toml.read_text().replace('"small-hours"', '"hours-to-the-end"').replace('"off"', '"whole"'))
    for name, key in (("works", "prompt"), ("prompts", "id")):
        rows = (folder / f"{name}.jsonl").read_text().splitlines()
        films = [row for row in rows if json.loads(row)[key] in {"candle", "crossing"}]
        (folder / f"{name}.jsonl").write_text("".join(f"{row}\n" for row in films))
    clerk.manage("import_study", str(folder))
    page = rater("hours-to-the-end").page
    _play_to_the_end(page)
    page.reload()

    page.wait_for_function(NOTHING_MISSING)


def _play_to_the_end(page: Page) -> None:
    viewer = task(page).locator("[data-viewer]")
    expect(viewer.locator(".tools")).to_be_attached()
    for _ in range(PLAYS):
        viewer.evaluate("viewer => viewer.transport.wanted || viewer.toggle()")
        page.wait_for_function(PLAYED, timeout=90_000)  # slow machines hold films up
        if page.evaluate(NOTHING_MISSING):
            break


def _first(site, slug: str) -> list[dict[str, float]]:
    stored = site.rows(SEEN, slug)[0][0]
    return json.loads(stored) if isinstance(stored, str) else stored
