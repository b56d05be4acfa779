"""Fingers on the glass, as the browser itself feels them."""

from playwright.sync_api import CDPSession, Locator, Page


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    """One event of as many fingers as there are points."""
    told = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})


def swipe(page: Page, place: Locator, across: float, down: float = 0, *, wait: int = 0) -> None:
    """Draw a finger from the middle of a place, which waits so many milliseconds before it is lifted."""
    box = place.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)
    touch(session, "touchStart", (x, y))
    for step in range(1, 5):
        touch(session, "touchMove", (x + across * step / 4, y + down * step / 4))
    page.wait_for_timeout(wait)
    touch(session, "touchEnd")
    session.detach()
