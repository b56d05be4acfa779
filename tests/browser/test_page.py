"""Texts one after another, from one to the next by a finger."""

from collections.abc import Iterator

import pytest

from tests.browser.gallery import Gallery, Shown, opened
from tests.browser.touch import swipe

pytestmark = [pytest.mark.xdist_group("browser")]
TEXTS = [Shown(f"{word} lamp was lit. ".encode() * 300, "text/plain") for word in ("One", "Another", "The last")]


@pytest.fixture
def hand(browser) -> Iterator[Gallery]:
    with opened(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as it:
        yield it


def test_a_finger_goes_from_text_to_text(hand):
    page = hand.hang("page-viewer", TEXTS)
    page.evaluate("viewer.turn()")
    sheet = page.locator(".sheet:visible")
    met = []

    for across in (150, -150, -150, -150, 150):
        swipe(page, sheet, across)
        met.append(page.evaluate("viewer.opened"))

    assert met == [0, 1, 2, 2, 1]
    assert sheet.count() == 1


def test_a_finger_that_reads_on_or_marks_stays_with_its_text(hand):
    page = hand.hang("page-viewer", TEXTS)
    page.evaluate("viewer.turn()")
    sheet = page.locator(".sheet:visible")

    swipe(page, sheet, -60, -200)
    hand.until("viewer.sheets[0].scrollTop > 60")
    page.evaluate("viewer.pick()")
    swipe(page, sheet, -150)
    page.evaluate("viewer.unpick()")
    page.evaluate(
        "getSelection().setBaseAndExtent(...viewer.spot(viewer.sheets[0], 4), ...viewer.spot(viewer.sheets[0], 8))"
    )
    swipe(page, sheet, -150)

    assert page.evaluate("viewer.opened") == 0
