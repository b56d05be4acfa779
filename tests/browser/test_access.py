"""No page breaks a rule of accessibility, in either light, on a desk or in a hand."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.bench import judge
from tests.browser.lights import EVERY_LIGHT

pytestmark = [pytest.mark.xdist_group("browser")]


def faults(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def is_wide(page) -> bool:
    return not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@EVERY_LIGHT
def test_every_page_is_free_of_faults(study, person, scheme, size):
    slug = study(pictures=1, texts=1)
    bob = person(slug, viewport=size, color_scheme=scheme)
    page = bob.page
    found, wide = [], []

    def look() -> None:
        page.wait_for_load_state("networkidle")
        found.extend(faults(page))
        if is_wide(page):
            wide.append(page.url)

    for path in ("/", "/sign-in/", bob.link, "/sign-in/forged/"):
        page.goto(path)
        look()
    bob.sign_in(bob.link)
    look()
    bob.agree()
    look()
    for _ in range(6):
        judge(page, "111")
        look()
    page.goto("/studies/")
    look()
    page.goto("/nothing/")
    look()
    page.context.clear_cookies()
    for role in ("lead", "engineer"):
        page.goto(person(slug, role=role).link)
        page.get_by_role("button", name="Sign in").click()
        look()
    bob.complaints = [one for one in bob.complaints if "404" not in one and "410" not in one]

    assert found == []
    assert wide == []


def test_the_help_is_free_of_faults_and_gives_focus_back(study, rater):
    page = rater(study()).page
    page.keyboard.press("?")

    found = faults(page)
    page.keyboard.press("Escape")

    assert found == []
    assert page.get_by_role("dialog").count() == 0


@EVERY_LIGHT
def test_the_desk_and_the_word_to_the_lead_are_free_of_faults(study, rater, scheme, size):
    page = rater(study(pictures=1, texts=0), viewport=size, color_scheme=scheme).page

    page.keyboard.press("f")
    found = faults(page)
    page.keyboard.press("Escape")
    page.goto("/desk/")
    found += faults(page)

    assert found == []
    assert not is_wide(page)


def test_the_sets_bench_is_free_of_faults(study, rater):
    assert faults(rater(study(form="set", set_size=3)).page) == []
