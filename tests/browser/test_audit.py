"""The auditor's view in a real browser: marks over the works of every medium, by pointer and by keys."""

import pytest
from playwright.sync_api import expect

from tests.browser.lights import EVERY_LIGHT
from tests.browser.marked import MEDIA, NOTE, write_marked
from tests.browser.test_access import faults, is_wide

pytestmark = [pytest.mark.xdist_group("browser")]
STANDS_OUT = "document.querySelectorAll('.overlay .badge:not(.behind)').length"


@pytest.fixture
def marked(clerk, tmp_path, request) -> str:
    slug = f"marked-{abs(hash(request.node.name)):x}"
    clerk.manage("import_study", str(write_marked(tmp_path / slug, slug=slug)))
    return slug


@pytest.fixture
def auditor(person):
    """A lead at the comparison of a medium, its viewer at work."""

    def make(slug: str, medium: str, **context: object):
        alice = person(slug, role="lead", name="Alice", **context)
        page = alice.sign_in(alice.link)
        page.goto(f"/studies/{slug}/judged/?marks=1")
        page.get_by_role("link", name=f"as {medium}.").click()
        page.locator("work-audit .tools").first.wait_for()
        page.wait_for_load_state("networkidle")
        return page

    return make


def test_a_mark_in_the_list_stands_out_on_the_picture(marked, auditor):
    page = auditor(marked, "image")
    entries = page.locator(".audit-mark")

    assert page.evaluate(STANDS_OUT) == 4
    entries.nth(1).focus()
    assert page.evaluate(STANDS_OUT) == 1
    expect(page.locator(".badge:not(.behind)")).to_contain_text("2")
    page.keyboard.press("ArrowDown")
    expect(entries.nth(2)).to_be_focused()
    expect(page.locator(".badge:not(.behind)")).to_contain_text("3")
    page.locator("h1").click()
    assert page.evaluate(STANDS_OUT) == 4
    entries.nth(0).hover()
    expect(page.locator(".badge:not(.behind)")).to_contain_text("1")


def test_a_mark_under_the_pointer_tells_tag_sign_words_and_rater(marked, auditor):
    page = auditor(marked, "image")
    card = page.locator(".audit-card")

    page.locator(".work").nth(1).locator(".badge").first.hover()

    expect(card).to_be_visible()
    for told in ("2 −", "shadow", "against", NOTE):
        expect(card).to_contain_text(told)
    assert "rater " in card.inner_text()
    expect(page.locator(".audit-mark[data-current]")).to_have_attribute("data-number", "2")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.locator(".work").nth(0).locator(".mark.box rect").hover()
    expect(card).to_contain_text("1 +")
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_words_tell_their_mark(marked, auditor):
    page = auditor(marked, "text")
    box = page.evaluate(
        """() => {
          const viewer = document.querySelector("page-viewer");
          const { x, y, width, height } = viewer.rangeOf(viewer.marks[0]).getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        }"""
    )

    page.mouse.move(box["x"], box["y"])
    expect(page.locator(".audit-card")).to_contain_text("The lamp was lit")
    page.locator(".audit-mark").nth(1).focus()
    assert page.evaluate("[CSS.highlights.get('mark-for').size, CSS.highlights.get('mark-against').size]") == [0, 1]


def test_a_mark_on_a_film_is_gone_to(marked, auditor):
    page = auditor(marked, "video")

    page.locator(".audit-mark").nth(1).focus()

    page.wait_for_function("Math.abs(document.querySelector('video').currentTime - 1.22) < 0.05")
    expect(page.locator(".work").nth(1).locator(".overlay .badge")).to_contain_text("2")


def test_a_mark_on_a_sound_and_on_a_model_is_shown(marked, auditor):
    page = auditor(marked, "audio")
    page.locator(".audit-mark").nth(2).focus()
    expect(page.locator(".timeline-mark:not(.behind)")).to_have_text("3")

    page = auditor(marked, "model")
    page.locator(".audit-mark").nth(1).focus()
    expect(page.locator(".overlay .badge")).to_have_count(1)
    expect(page.locator(".overlay .badge")).to_contain_text("2")


def test_by_keys_alone_one_is_settled_and_others_are_looked_at(marked, auditor):
    page = auditor(marked, "image")
    first = page.url

    page.keyboard.press("d")
    page.keyboard.press("1")
    expect(page.get_by_role("radio", name="A is better")).to_be_checked()
    page.get_by_label("Why, for the record").fill("n and p are letters here.")
    assert page.url == first
    page.keyboard.press("Control+Enter")
    expect(page.locator(".decisions")).to_contain_text("Lighting: A over B")
    expect(page.locator(".decisions")).to_contain_text("n and p are letters here.")
    page.locator("h1").click()
    page.keyboard.press("p")
    page.wait_for_url(lambda address: "/judged/" in address and address.split("?")[0] != first.split("?")[0])
    page.locator("work-audit .tools").first.wait_for()
    page.keyboard.press("n")
    page.wait_for_url(lambda address: address.split("?")[0] == first.split("?")[0])
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".decisions")).to_have_count(0)


@EVERY_LIGHT
def test_the_auditors_pages_are_free_of_faults(marked, person, size, scheme, request):
    alice = person(marked, role="lead", name="Alice", viewport=size, color_scheme=scheme)
    page = alice.sign_in(alice.link)
    found, wide = [], []
    addresses = page.goto(f"/studies/{marked}/judged/") and page.locator(".judged a").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )
    assert len(addresses) == len(MEDIA)
    page.goto(addresses[0])
    rater = page.locator("[aria-labelledby=answers] th a").first.get_attribute("href")
    others = [f"/studies/{marked}/{path}/" for path in ("results", "judged", "judged/golden")]
    for address in (*others, *addresses, rater):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found += faults(page)
        wide += [address] * is_wide(page)

    assert found == []
    assert wide == []
