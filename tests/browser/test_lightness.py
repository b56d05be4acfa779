"""What a judgement costs: keys, and what the page sends for it."""

import gzip

import pytest

from tests.browser.bench import judge, ready, saved, task

pytestmark = [pytest.mark.xdist_group("browser")]

# The keystroke-level model: Card, S. K., Moran, T. P. and Newell, A. (1980). Comm. ACM 23(7), 396-410.
KEY, THOUGHT = 0.28, 1.35  # seconds
COUNT = "addEventListener('keydown', () => { window.pressed = (window.pressed ?? 0) + 1 }, true)"


def pressed(page) -> int:
    return page.evaluate("window.pressed")


def test_three_criteria_take_three_keys(study, rater):
    page = rater(study()).page
    page.evaluate(COUNT)

    judge(page, "132")

    saved(page)
    assert pressed(page) * KEY + 3 * THOUGHT <= 4.9


def test_a_sentence_takes_two_keys_more_than_its_letters(site, study, rater):
    page = rater(study()).page
    page.evaluate(COUNT)
    sentence = "The lamp throws no shadow."

    page.keyboard.press("r")
    page.keyboard.type(sentence)
    page.keyboard.press("Escape")
    judge(page, "132")

    saved(page)
    assert site.value("SELECT count(*) FROM judging_rationale WHERE text = ?", sentence) == 1
    shifted = sum(letter.isupper() for letter in sentence)
    besides = pressed(page) - len(sentence)
    assert besides in {5, 5 + shifted}
    assert round(5 * KEY + 4 * THOUGHT, 2) <= 6.8


@pytest.mark.parametrize("works", ["pictures", "texts"])
def test_the_bench_sends_little_for(study, rater, works):
    bob = rater(study(**{"pictures": 0, "texts": 0} | {works: 4}))
    own, all_of_it = [], []

    def weigh(response) -> None:
        body = response.body()
        if "/works/" in response.url:
            return
        all_of_it.append(len(body))
        if "/static/" in response.url and response.url.endswith((".js", ".css")):
            own.append(len(gzip.compress(body)))

    page = bob.page
    page.on("requestfinished", lambda request: weigh(request.response()))
    page.reload()
    task(page).locator("[data-viewer] .tools").first.wait_for(state="attached")
    ready(page)
    page.wait_for_load_state("networkidle")

    assert sum(own) <= 60_000, own
    assert len(own) >= 3  # style, the bench, its viewer
    assert sum(all_of_it) <= 1_000_000
