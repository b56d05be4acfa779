"""What the tests do on the bench, and what they see there."""

from playwright.sync_api import Page, expect

TASK = "form.task:not([hidden])"


def task(page: Page):
    return page.locator(TASK)


def assignment(page: Page) -> str:
    return task(page).get_attribute("data-assignment")


def judge(page: Page, keys: str) -> None:
    """Press the keys and wait until the next comparison is on the screen."""
    before = assignment(page)
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function(
        "before => { const now = document.querySelector('form.task:not([hidden])');"
        " return !now || now.dataset.assignment !== before }",
        arg=before,
    )


def ready(page: Page) -> None:
    """The next comparison is held ready."""
    page.locator("form.task[hidden]").first.wait_for(state="attached")


def saved(page: Page) -> None:
    expect(task(page).locator(".status")).to_have_text("Saved.")
