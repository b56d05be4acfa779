"""The engineer's page in a browser: by keys alone, with the rows shown before anything is built."""

import re
import urllib.error
import urllib.request

import pytest

from tests.browser.bench import judge
from tests.browser.conftest import WORKER
from tests.browser.lights import EVERY_LIGHT, HAND
from tests.browser.test_access import faults, is_wide

pytestmark = [pytest.mark.xdist_group("browser")]


@pytest.fixture
def judged(study, rater):
    """A study of texts with a few judgements."""
    slug = study(pictures=0, texts=3)
    page = rater(slug).page
    for _ in range(3):
        judge(page, "111")
    return slug


@pytest.fixture
def engineer(judged, person):
    """The engineer, on the page of releases."""

    def make(**context):
        someone = person(judged, role="engineer", name="Erin", **context)
        someone.sign_in(someone.link)
        someone.page.goto(f"/studies/{judged}/releases/")
        someone.page.locator("#preview .sentence").wait_for()
        return someone.page

    return make


def build(page):
    page.get_by_role("button", name="Build it").click()
    page.locator(".release-list a").first.wait_for(timeout=WORKER)


def test_by_keys_alone_from_choosing_to_the_release(engineer):
    page = engineer()

    before = page.locator("#preview .code").first.inner_text()
    page.get_by_role("radio", name="trl", exact=True).focus()
    with page.expect_response(re.compile("/preview/")):
        page.keyboard.press("ArrowDown")
    page.wait_for_function("(was) => document.querySelector('#preview .code').innerText !== was", arg=before)
    chosen = page.evaluate("document.activeElement.value")
    page.keyboard.press("Enter")
    page.locator(".release-list a").first.wait_for(timeout=WORKER)
    page.locator(".release-list a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")

    assert chosen == "trl-chat"
    assert '"role": "user"' in before or '"prompt"' in before
    assert page.get_by_role("heading", level=1).inner_text() == "trl-chat 1.0.0"


def test_what_is_refused_says_so_before_it_is_built(engineer):
    page = engineer()
    page.get_by_text("More: files").click()

    with page.expect_response(re.compile("/preview/")):
        page.get_by_label("Files", exact=True).select_option("csv")

    page.locator("#preview .refused").wait_for()
    assert "is read as" in page.locator("#preview").inner_text()


def test_the_links_of_the_page_open_the_files_without_a_session(engineer):
    page = engineer()
    build(page)
    page.locator(".release-list a").first.click()
    page.wait_for_load_state("networkidle")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy the lines").first.click()
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    link = re.search(r'urlopen\("([^"]+)"\)', copied)[1]
    page.get_by_role("button", name=re.compile(r"Copy its address\W+data")).first.click()
    address = page.evaluate("navigator.clipboard.readText()")

    assert copied.count("\n") == 2
    assert urllib.request.urlopen(link).read(2) == b"PK"
    assert page.request.get(address).status == 200
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address)


def test_a_release_that_is_superseded_says_so_and_is_gone(engineer, judged, clerk):
    page = engineer()
    build(page)
    page.locator(".release-list a").first.click()
    page.wait_for_load_state("networkidle")
    path = page.url
    work = page.request.get(path + page.locator(".files a").nth(3).inner_text()).text()
    name = re.search(r'"chosen_work":"([^"]+)"', work)[1]

    clerk.manage("withdraw_work", judged, name, "--reason", "withdrawn")
    page.reload()
    told = page.get_by_role("alert").inner_text()
    gone = page.request.get(path + "download/")
    clerk.manage("withdraw_work", judged, name, "--undo")

    assert "it holds a work whose maker withdrew it" in told
    assert page.get_by_role("button", name="Copy the lines").count() == 0
    assert (gone.status, gone.json()["reasons"]) == (410, [{"kind": "work", "reason": "withdrawn", "count": 1}])
    assert page.request.get(path + "download/").status == 200


@EVERY_LIGHT
def test_its_pages_are_free_of_faults(engineer, judged, person, scheme, size):
    page = engineer(viewport=size, color_scheme=scheme, has_touch=size == HAND)
    found, wide = [], []

    def look(where):
        where.wait_for_load_state("networkidle")
        found.extend(faults(where))
        wide.extend([where.url] * is_wide(where))

    look(page)
    page.get_by_text("More: files").click()
    look(page)
    build(page)
    look(page)
    page.locator(".release-list a").first.click()
    look(page)
    lead = person(judged, role="lead", name="Alice", viewport=size, color_scheme=scheme)
    lead.sign_in(lead.link)
    lead.page.goto(f"/studies/{judged}/withdrawals/")
    lead.page.get_by_text("Withdraw", exact=False).first.wait_for()
    look(lead.page)

    assert found == []
    assert wide == []


def test_fingers_find_every_control(engineer):
    page = engineer(viewport=HAND, has_touch=True, is_mobile=True)

    small = page.evaluate(
        """() => [...document.querySelectorAll("main button, main select, main summary, main .offer label")]
            .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
            .map((one) => one.outerHTML.slice(0, 80))"""
    )

    assert small == []
