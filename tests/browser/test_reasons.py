"""Reasons pinned in place, drafts, flags, and what keeps an answer from being sent: in a real browser."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.bench import assignment, judge, ready, saved, task
from tests.browser.folder import MAKERS, write_folder

pytestmark = [pytest.mark.xdist_group("browser")]
MARKS = """SELECT m.kind, m.place, m.tag, m.sign, m.entry, c.slug FROM judging_mark m
JOIN judging_submission s ON s.id = m.submission_id JOIN studies_study y ON y.id = s.study_id
LEFT JOIN studies_criterion c ON c.id = m.criterion_id WHERE y.slug = ? ORDER BY s.id, m.number"""


def stored(site, slug: str) -> list[dict[str, object]]:
    names = ("kind", "place", "tag", "sign", "entry", "criterion")
    rows = [dict(zip(names, row, strict=True)) for row in site.rows(MARKS, slug)]
    return [
        row | {"place": json.loads(row["place"]) if isinstance(row["place"], str) else row["place"]} for row in rows
    ]


def refused_once(person) -> None:
    """The browser complains of a 422, which was meant, and of nothing else."""
    [complaint] = person.complaints
    assert "422" in complaint
    person.complaints.clear()


def words_marked(page, text: str) -> None:
    """Select the text in a sheet, as a pointer would."""
    page.evaluate(
        """text => {
          for (const sheet of document.querySelectorAll("form.task:not([hidden]) .sheet")) {
            const at = sheet.textContent.indexOf(text);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(sheet.firstChild, at);
            range.setEnd(sheet.firstChild, at + text.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
          }
        }""",
        text,
    )


def test_words_are_marked_by_keys_alone_and_come_back_after_undo(site, study, rater):
    slug = study(pictures=0)
    page = rater(slug).page
    page.locator("page-viewer .tools").first.wait_for()

    for key in ("m", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(task(page).locator("mark-list select")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    judge(page, "123")
    saved(page)

    [mark] = stored(site, slug)
    sheet = site.rows(
        """SELECT a.text FROM works_asset a JOIN judging_entry e ON e.work_id = a.work_id
        JOIN judging_assignment g ON g.comparison_id = e.comparison_id JOIN judging_mark m ON m.entry = e."index"
        JOIN judging_submission s ON s.id = m.submission_id AND s.assignment_id = g.id
        JOIN studies_study y ON y.id = s.study_id WHERE y.slug = ? AND a.role = 'shown'""",
        slug,
    )[0][0]
    place = mark["place"]
    assert (mark["kind"], mark["criterion"]) == ("words", "lighting")
    assert mark["tag"]
    assert place["quote"] == sheet[place["start"] : place["end"]]
    assert len(place["quote"].split()) == 2

    page.keyboard.press("u")
    expect(task(page).locator(".mark-chip")).to_have_count(1)


def test_a_box_drawn_on_a_picture_is_stored_in_its_own_pixels(site, study, rater):
    slug = study(texts=0)
    page = rater(slug).page
    page.locator("picture-viewer .tools").first.wait_for()
    picture = task(page).locator(".work img").first
    box = picture.bounding_box()
    scale = 600 / box["width"]

    page.keyboard.press("m")
    task(page).get_by_role("button", name="box").click()
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.25 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.75 * box["height"], steps=4)
    page.mouse.up()
    page.keyboard.press("Escape")
    judge(page, "112")
    saved(page)

    [mark] = stored(site, slug)
    near = pytest.approx
    assert mark["place"]["x"] == near(150, abs=scale + 1)
    assert mark["place"]["y"] == near(100, abs=scale + 1)
    assert mark["place"]["width"] == near(150, abs=2 * scale + 1)
    assert mark["place"]["height"] == near(200, abs=2 * scale + 1)


def test_a_strong_preference_waits_for_its_mark_on_the_page_and_on_the_server(site, study, rater):
    slug = study(pictures=0, scale="strength", marks="strong")
    bob = rater(slug)
    page, first = bob.page, assignment(bob.page)

    for key in "144":
        page.keyboard.press(key)
    expect(task(page).locator(".status")).to_contain_text("wants a mark")
    assert assignment(page) == first

    sent = page.evaluate(
        """async () => {
          const form = document.querySelector("form.task:not([hidden])");
          return (await fetch(form.action, { method: "POST", body: new FormData(form) })).status;
        }"""
    )
    assert sent == 422
    refused_once(bob)
    words_marked(page, "asked")
    words_marked(page, "dark")
    words_marked(page, "counted")
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")

    saved(page)
    assert len(stored(site, slug)) == 1


def test_what_was_entered_survives_a_closed_tab_and_comes_up_on_another_device(site, study, person):
    slug = study()
    bob = person(slug)
    bob.sign_in(bob.link)
    page = bob.agree()
    first = assignment(page)
    page.keyboard.press("1")
    page.keyboard.press("r")
    page.keyboard.type("half a")
    page.close()

    again = bob.context.new_page()
    again.goto(f"/studies/{slug}/judge/")

    assert assignment(again) == first
    expect(task(again).locator(".criterion").first.locator("[value='1']").first).to_be_checked()
    expect(task(again).locator("textarea")).to_have_value("half a")
    with again.expect_response("**/draft/"):
        again.keyboard.press("r")
        again.keyboard.type(" sentence")
    state = bob.context.storage_state()
    for origin in state["origins"]:
        origin["localStorage"] = []
    elsewhere = bob.context.browser.new_context(storage_state=state, base_url=f"http://localhost:{site.port}")
    other = elsewhere.new_page()
    other.goto(f"/studies/{slug}/judge/")
    expect(task(other).locator("textarea")).to_have_value("half a sentence")
    elsewhere.close()


def test_a_flag_reaches_the_lead_beside_the_answer(site, study, rater):
    slug = study()
    page = rater(slug).page

    page.keyboard.press("f")
    page.get_by_label("I recognise the maker").check()
    page.get_by_role("button", name="Tell the lead").click()

    expect(task(page).locator(".status")).to_have_text("The lead was told.")
    flags = site.rows(
        """SELECT f.reason FROM judging_flag f JOIN judging_assignment a ON a.id = f.assignment_id
        JOIN studies_study y ON y.id = a.study_id WHERE y.slug = ?""",
        slug,
    )
    assert [reason for (reason,) in flags] == ["recognised"]
    judge(page, "222")


def test_the_best_and_the_worst_of_a_set_by_two_keys(site, study, rater):
    slug = study(form="set", set_size=3, ranking="best-worst", pictures=0)
    page = rater(slug).page

    judge(page, "313131")
    saved(page)

    ranks = site.rows(
        """SELECT j.ranks FROM judging_judgement j JOIN judging_submission s ON s.id = j.submission_id
        JOIN studies_study y ON y.id = s.study_id WHERE y.slug = ?""",
        slug,
    )
    told = [json.loads(row) if isinstance(row, str) else row for (row,) in ranks]
    assert [sorted(row) for row in told] == [[1, 2, 3]] * 3
    assert told[0] == told[1] == told[2]


def test_a_letter_moved_at_the_desk_moves_on_the_bench(study, rater):
    slug = study()
    bob = rater(slug)
    page = bob.page
    page.goto("/desk/")
    page.get_by_label("To the reason").fill("e")
    page.get_by_label("Undo").fill("e")
    page.get_by_role("button", name="Keep the keys").click()
    expect(page.get_by_text("e has two meanings").first).to_be_visible()
    refused_once(bob)
    page.get_by_label("Undo").fill("u")
    page.get_by_role("button", name="Keep the keys").click()
    expect(page.get_by_text("Your keys are kept.")).to_be_visible()

    page.goto(f"/studies/{slug}/judge/")
    ready(page)
    page.keyboard.press("e")

    expect(task(page).locator("textarea")).to_be_focused()


def test_words_between_invisible_characters_are_marked_in_the_original(site, clerk, rater, tmp_path):
    text = "The\u200b lamp \u2060was lit \U0001f56f\ufe0f before the\u200b boat came in."
    rights = {"licence": "CC0-1.0", "consent": "made for the tests", "purposes": ["show"]}
    rows = [
        {"id": name, "prompt": "p", "prompt_text": "A light.", "generator": name, "text": text + name} | rights
        for name in ("one", "two")
    ]
    file = tmp_path / "works.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    clerk.manage("import_study", str(file), "--title", "Signed unseen")
    page = rater("signed-unseen").page
    page.locator("page-viewer .tools").first.wait_for(state="attached")

    words_marked(page, "lit \U0001f56f\ufe0f before the boat")
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    judge(page, "222")

    [mark] = stored(site, "signed-unseen")
    place = mark["place"]
    assert place["quote"] == "lit \U0001f56f\ufe0f before the\u200b boat"
    assert text[place["start"] : place["end"]] == place["quote"]


def test_a_training_answer_is_followed_by_the_experts_reason(clerk, rater, tmp_path):
    folder = write_folder(tmp_path / "taught", slug="taught", pictures=0)
    makers = [maker.split()[0] for maker in MAKERS[:2]]
    key = {
        "prompt": "brief-0",
        "works": [f"brief-0-{maker}" for maker in makers],
        "criterion": "lighting",
        "ranks": [1, 2],
        "reason": "The lamp is lit before anybody asks.",
    }
    (folder / "keys.jsonl").write_text(json.dumps(key) + "\n")
    clerk.manage("import_study", str(folder))
    page = rater("taught").page
    ready(page)

    judge(page, "222")

    lesson = page.get_by_role("dialog")
    expect(lesson).to_contain_text("The expert saw it otherwise.")
    expect(lesson).to_contain_text("The lamp is lit before anybody asks.")
    now = assignment(page)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(lesson).to_be_hidden()
    assert assignment(page) == now
    judge(page, "222")
    saved(page)
    expect(page.get_by_role("dialog")).to_be_hidden()
