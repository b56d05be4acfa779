"""The lead's page in real browsers: free of faults, by keys alone, live, and on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.bench import judge, saved
from tests.browser.conftest import WORKER
from tests.browser.lights import DESK, HAND

pytestmark = [pytest.mark.xdist_group("browser")]
QUESTIONS = ("Can I trust it?", "Who is best?", "Where do raters differ?", "Who needs help?", "When am I done?")


@pytest.fixture
def told(study, clerk) -> str:
    """A study that a made-up panel has judged, with its report."""
    slug = study(texts=6)
    clerk.manage("simulate_judgements", slug, "--raters", "6", "--judgements", "120", "--seed", "1")
    clerk.manage("fit", slug)
    return slug


def faults(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def is_wide(page) -> bool:
    return not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
def lead(told, person):
    """Alice with the page before her."""

    def make(**context):
        alice = person(told, role="lead", name="Alice", **context)
        page = alice.sign_in(alice.link)
        page.goto(f"/studies/{told}/results/")
        page.wait_for_load_state("load")
        return page

    return make


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (DESK, "dark"), (HAND, "light")])
def test_the_page_its_tables_and_its_works_are_free_of_faults(lead, told, size, scheme):
    page = lead(viewport=size, color_scheme=scheme)
    for summary in page.locator(".behind summary").all():
        summary.click()
    page.wait_for_timeout(500)

    found, wide = faults(page), [page.url] * is_wide(page)
    for path in ("generators/", "works/"):
        page.goto(f"/studies/{told}/results/{path}")
        found += faults(page)
        wide += [page.url] * is_wide(page)

    assert found == []
    assert wide == []


def test_by_keys_alone_a_tab_is_changed_and_a_table_opened(lead):
    page = lead()

    page.locator(".tabs a").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tabs a").nth(1)).to_have_attribute("aria-current", "page")
    assert "criterion=" in page.url
    page.locator("#best summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#best table")).to_be_visible()
    assert page.locator("#best tbody tr").count() >= 3
    page.go_back()
    expect(page.locator(".tabs a").first).to_have_attribute("aria-current", "page")


def test_the_tables_are_links_where_scripts_are_off(lead):
    page = lead(java_script_enabled=False)

    page.locator("#best summary").first.click()
    page.locator("#best").get_by_role("link", name="Open the table").first.click()

    expect(page.get_by_role("table")).to_be_visible()


def test_a_judgement_moves_the_board_and_leaves_an_open_table_alone(lead, rater, told):
    page = lead()
    page.locator("#best summary").first.click()
    expect(page.locator("#best table")).to_be_visible()
    before = page.locator("#pulse").inner_text()

    bob = rater(told, name="Bob").page
    judge(bob, "111")
    saved(bob)

    expect(page.locator("#pulse")).not_to_have_text(before, timeout=WORKER)
    assert page.locator("#best table").is_visible()


def test_on_paper_there_are_the_five_answers_and_no_doors(lead):
    page = lead()

    page.emulate_media(media="print")

    for question in QUESTIONS:
        assert page.get_by_role("heading", name=question).is_visible()
    for door in (".masthead", ".quiet", ".behind"):
        assert not page.locator(door).first.is_visible()
    assert page.locator(".forest, #best .chart").first.is_visible()
