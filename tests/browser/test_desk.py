"""The lead's desk in a browser: from nothing to an open study with raters at work, without a command line."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.conftest import WORKER, Person
from tests.browser.lights import EVERY_LIGHT
from tests.browser.test_access import faults, is_wide

pytestmark = [pytest.mark.xdist_group("browser")]
PROMPTS, SYSTEMS = ("a boat at night", "a lighthouse in fog"), ("flux-2", "sora-3", "veo-4")


def write_loose(folder: Path) -> Path:
    """Folders of prompts, each with a picture of every system."""
    for number, prompt in enumerate(PROMPTS):
        (folder / prompt).mkdir(parents=True)
        for at, system in enumerate(SYSTEMS):
            image = Image.new("RGB", (300, 200), (60 + 60 * at, 80, 120))
            ImageDraw.Draw(image).ellipse((40 + 60 * number, 40, 140 + 60 * number, 140), fill=(220, 180, 90 * at))
            image.save(folder / prompt / f"{system}.png")
    return folder


@pytest.fixture
def newcomer(clerk, person, study) -> Callable[..., Person]:
    """Somebody whom the operator let in; they lead nothing yet."""

    def make(**context: object) -> Person:
        someone = person(study(pictures=0, texts=1), **context)
        someone.sign_in(clerk.manage("new_lead", "Agnès").strip())
        return someone

    return make


def invite(page: Page, lines: str) -> list[str]:
    page.get_by_role("link", name="People").click()
    page.get_by_label("A line for each").fill(lines)
    page.get_by_role("button", name="Make all links").click()
    return page.locator(".links code").all_inner_texts()


def test_from_nothing_to_an_open_study_with_two_raters_at_work(newcomer, person, study, tmp_path, request):
    page = newcomer().page
    slug = f"by-hand-{abs(hash(tmp_path))}"
    page.get_by_role("link", name="Make a study").click()
    page.get_by_label("Title").fill("Light by the water")
    page.get_by_label("Short name").fill(slug)
    page.get_by_role("button", name="Go on to the works").click()

    # A folder, and what its files are.
    page.get_by_label("A folder").set_input_files(write_loose(tmp_path / "works"))
    expect(page.get_by_role("heading", name="6 files here")).to_be_visible()
    page.get_by_role("link", name="Say what they are").click()
    page.get_by_label("Maker of a boat at night/veo-4.png").fill("veo-4.1")
    page.get_by_label("a lighthouse in fog", exact=True).fill("A lighthouse, just before the fog lifts.")
    page.get_by_label("Licence").fill("CC0-1.0")
    page.get_by_role("button", name="Make the study").click()

    # A draft: its criteria, a guide, a look at the bench.
    expect(page.get_by_text("nobody is asked anything yet")).to_be_visible(timeout=WORKER)
    expect(page.locator("#making")).to_have_count(0, timeout=WORKER)
    page.get_by_role("link", name="Criteria").first.click()
    page.get_by_role("button", name="Remove Narrative arc").click()
    page.locator("#name-lighting").fill("Light")
    page.locator("form:has(#name-lighting) button").click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Guide").fill("Look at the light first.")
    page.get_by_label("Raters for each comparison").fill("2")
    page.get_by_role("button", name="Keep these settings").click()
    expect(page.get_by_text("Your changes are kept.")).to_be_visible()
    page.get_by_role("link", name="Preview").click()
    expect(page.locator("form.task:not([hidden]) .criterion legend")).to_have_text(["Light", "Emotional resonance"])
    for key in "13":
        page.keyboard.press(key)
    expect(page.locator("form.task:not([hidden]) .status")).to_have_text("Saved.")
    page.get_by_role("link", name="Back to the desk").click()

    # Two raters, and it opens.
    links = invite(page, "Bob, rater, painters\nDora")
    page.get_by_role("link", name="Desk", exact=True).click()
    page.get_by_role("button", name="Open the study").click()
    progress = page.get_by_text(re.compile("judgements asked for so far"))
    expect(progress).to_contain_text("0 of 12 judgements")
    for link in links:
        rater = person(slug)
        rater.sign_in(link)
        rater.agree()
        for key in "12":
            rater.page.keyboard.press(key)
        expect(rater.page.locator("form.task:not([hidden]) .status")).to_have_text("Saved.")

    # They are seen at work; the study is paused, resumed and closed.
    page.reload()
    expect(progress).to_contain_text("2 of 12 judgements")
    page.get_by_role("link", name="People").click()
    expect(page.get_by_role("row", name=re.compile("Bob rater painters 1 1"))).to_be_visible()
    page.get_by_role("link", name="Desk", exact=True).click()
    for button, says in (("Pause", "It is paused"), ("Resume", "It is open"), ("Close", "It is closed")):
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_text(says)).to_be_visible()


def test_a_folder_with_faults_is_put_right_in_the_browser(newcomer, tmp_path):
    page = newcomer().page
    folder = tmp_path / f"faulty-{abs(hash(tmp_path))}"
    folder.mkdir()
    (folder / "study.toml").write_text(f'slug = "{folder.name}"\ntitle = "Tales"\n')
    (folder / "prompts.jsonl").write_text('{"id": "p", "text": "A tale."}\n')
    works = '{"id": "a", "prompt": "p", "text": "Once."}\n{"id": "b", "prompt": "p", "maker": "B", "text": "Twice."}\n'
    (folder / "works.jsonl").write_text(works)
    page.goto("/new/")
    page.get_by_label("Title").fill("Tales")
    page.get_by_role("button", name="Go on to the works").click()
    page.get_by_label("A folder").set_input_files(folder)
    page.get_by_role("button", name="Read it").click()

    row = page.get_by_role("row", name=re.compile("works.jsonl 1 generator"))
    expect(row).to_contain_text("expected exactly one of them", timeout=WORKER)
    (folder / "works.jsonl").write_text(
        works.replace('"prompt": "p", "text": "Once."', '"prompt": "p", "maker": "A", "text": "Once."')
    )
    sent: list[str] = []
    page.on("request", lambda told: "upload-path" in told.headers and sent.append(told.headers["upload-path"]))
    page.get_by_label("A folder").set_input_files(folder)
    expect(page.get_by_role("heading", name="3 files here")).to_be_visible()
    page.get_by_role("button", name="Read it").click()

    expect(page.get_by_text("nobody is asked anything yet")).to_be_visible(timeout=WORKER)
    assert sent == [f"{folder.name}%2Fworks.jsonl"]


def test_what_was_cut_off_is_sent_on_from_where_it_was(newcomer, tmp_path):
    someone = newcomer()
    page = someone.page
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "long.txt").write_bytes(b"word " * 2_000_000)
    page.goto("/new/")
    page.get_by_label("Title").fill("A long one")
    page.get_by_role("button", name="Go on to the works").click()
    offsets: list[str] = []

    def cut(route) -> None:
        offsets.append(route.request.headers["upload-offset"])
        if len(offsets) == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/files/", lambda route: cut(route) if route.request.method == "POST" else route.continue_())
    page.get_by_label("A folder").set_input_files(folder)

    expect(page.get_by_role("heading", name="1 file here, 9.5 MB")).to_be_visible(timeout=WORKER)
    assert offsets == ["0", "4194304", "4194304", "8388608"]
    someone.complaints = [one for one in someone.complaints if "ERR_FAILED" not in one]  # the cut itself


@EVERY_LIGHT
def test_the_desk_is_free_of_faults_and_used_by_keys_alone(study, person, scheme, size):
    slug = study(pictures=1, texts=0)
    someone = person(slug, role="lead", name="Alice", viewport=size, color_scheme=scheme)
    page = someone.sign_in(someone.link)
    found, wide = [], []

    for path in (
        "/studies/",
        "/new/",
        *(f"/studies/{slug}/desk/{part}" for part in ("people/", "criteria/", "settings/", "plan/", "")),
    ):
        page.goto(path)
        page.locator("details:not([open]) summary").evaluate_all("all => all.forEach((one) => one.click())")
        found += faults(page)
        wide += [page.url] if is_wide(page) else []
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "pause":
            break
    page.keyboard.press("Enter")

    expect(page.get_by_text("It is paused")).to_be_visible()
    assert found == []
    assert wide == []


def test_a_study_is_made_without_scripts(newcomer, tmp_path):
    page = newcomer(java_script_enabled=False).page
    slug = f"plain-{abs(hash(tmp_path))}"
    (tmp_path / "flux.txt").write_text("Once, a lamp.")
    (tmp_path / "sora.txt").write_text("Twice, a lamp.")
    page.goto("/new/")
    page.get_by_label("Title").fill("A lamp")
    page.get_by_label("Short name").fill(slug)
    page.get_by_role("button", name="Go on to the works").click()
    page.get_by_label("A zip, or files").set_input_files([tmp_path / "flux.txt", tmp_path / "sora.txt"])
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Say what they are").click()
    page.get_by_label("The prompt is").select_option("one")
    page.get_by_label("Who made it is").select_option("name")
    page.get_by_role("button", name="Fill in the table afresh").click()
    page.get_by_label("Licence").fill("CC0-1.0")
    page.get_by_role("button", name="Make the study").click()

    for _ in range(60):
        page.wait_for_timeout(500)
        page.wait_for_load_state()
        if "/desk/" in page.url:
            break
        page.reload()
    page.get_by_role("button", name="Open the study").click()
    expect(page.get_by_text("0 of 3 judgements asked for so far")).to_be_visible()
