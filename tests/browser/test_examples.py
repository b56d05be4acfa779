"""Example works beside the anchor texts: one key away, loaded when they are asked for, naming nobody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.bench import judge, saved
from tests.browser.folder import MAKERS, SECRET, write_folder

pytestmark = [pytest.mark.xdist_group("browser")]
RUBRIC = """
[[criteria]]
slug = "lighting"
name = "Lighting"
definition = "Does the light come from somewhere, and give things shape?"
strong = "One direction reads at once."
weak = "Shadows point different ways."

[[criteria.examples]]
work = "brief-0-{0}"
shows = "strong"
note = "The edge nearest the lamp is the brightest."

[[criteria.examples]]
work = "brief-0-{1}"
shows = "weak"

[[criteria.examples]]
work = "brief-2-{0}"
shows = "weak"
note = "The light is told and not seen."
"""


@pytest.fixture
def taught(clerk, tmp_path) -> str:
    """The slug of a study whose rubric has two pictures and a text."""
    slug = f"taught-{tmp_path.name}".replace("_", "-").lower()[:60].rstrip("-")
    folder = write_folder(tmp_path / "study", slug=slug, pictures=2, texts=1)
    with (folder / "study.toml").open("a") as settings:
        settings.write(RUBRIC.format(*(maker.split()[0] for maker in MAKERS)))
    clerk.manage("import_study", str(folder))
    return slug


def loaded(page) -> list[bool]:
    pictures = page.get_by_role("dialog").locator(".example img")
    for picture in pictures.all():
        picture.evaluate("image => image.decode()")
    return [picture.evaluate("image => image.naturalWidth > 0") for picture in pictures.all()]


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}])
def test_examples_are_a_key_away_and_cost_nothing_before(taught, rater, size):
    page = rater(taught, viewport=size, color_scheme="dark").page
    asked: list[str] = []
    page.on("request", lambda request: "/examples/" in request.url and asked.append(request.url))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert asked == []

    page.keyboard.press("?")

    assert loaded(page) == [True, True]
    assert len(asked) == 2
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The edge nearest the lamp")).to_be_visible()
    expect(dialog.locator(".excerpt")).to_contain_text("The lamp was lit")
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    assert Axe().run(page).response["violations"] == []


def test_a_picture_opens_larger_by_keys_and_the_bench_goes_on(taught, rater):
    page = rater(taught).page
    page.keyboard.press("?")
    picture = page.get_by_role("dialog").get_by_role("button", name="Strong, an example")
    small = picture.bounding_box()["width"]

    picture.press("Enter")

    expect(picture).to_have_attribute("aria-expanded", "true")
    assert picture.bounding_box()["width"] > 2 * small
    picture.press("Enter")
    assert picture.bounding_box()["width"] == small
    page.keyboard.press("Escape")
    judge(page, "1")
    saved(page)
    page.keyboard.press("?")
    assert loaded(page) == [True, True]


def test_what_is_sent_of_an_example_names_nobody(taught, rater):
    bob = rater(taught)
    answers = []
    bob.page.on("response", lambda response: "/examples/" in response.url and answers.append(response))
    bob.page.keyboard.press("?")
    loaded(bob.page)

    html = bob.page.content()
    assert len(answers) == 2
    for response in answers:
        told = response.url + repr(response.all_headers()) + response.body().decode("latin-1")
        assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert not any(word in told + html for maker in MAKERS for word in (maker, maker.split()[0], SECRET))
