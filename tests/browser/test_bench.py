"""Keys, prefetching, lost connections, sets: the bench in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.bench import assignment, judge, ready, saved, task

pytestmark = [pytest.mark.xdist_group("browser")]
LIVE = """SELECT count(*) FROM judging_submission s JOIN judging_assignment a ON a.latest_id = s.id
JOIN studies_study y ON y.id = a.study_id WHERE y.slug = ? AND s.kind = 'answer'"""


def test_the_next_pair_is_on_the_screen_before_the_server_has_answered(study, rater):
    bob = rater(study())
    ready(bob.page)
    bob.page.wait_for_load_state("networkidle")
    held = bob.page.locator("form.task[hidden]").first.get_attribute("data-assignment")
    waiting = []
    bob.page.route("**/assignments/*/", lambda route: waiting.append(route))  # noqa: PLW0108 - the driver asks for its signature

    for key in "123":
        bob.page.keyboard.press(key)

    assert assignment(bob.page) == held
    assert all(picture.evaluate("image => image.complete") for picture in task(bob.page).locator("img").all())
    bob.page.wait_for_timeout(50)
    waiting[0].continue_()
    saved(bob.page)


def test_a_step_takes_three_requests_at_most(study, rater):
    page = rater(study(texts=0)).page
    judge(page, "111")
    saved(page)
    ready(page)
    page.wait_for_load_state("networkidle")
    requests = []
    page.on("request", lambda request: requests.append(request.url))

    judge(page, "111")
    saved(page)
    page.wait_for_load_state("networkidle")

    assert 1 <= len(requests) <= 3, requests


def test_replies_that_cross_bring_nothing_twice(study, person):
    """The look ahead comes back, with the second comparison, only after the second has been answered."""
    someone, held, answers = person(study(pictures=0, texts=2)), [], []
    page = someone.sign_in(someone.link)
    page.route("**/ahead/", lambda route: held.append(route))  # noqa: PLW0108 - the driver asks for its signature
    someone.agree()
    judge(page, "123")
    late = held[0].fetch()
    second = assignment(page)
    page.route(re.compile("/assignments/[^/]+/$"), lambda route: answers.extend([route]))
    for key in "123":
        page.keyboard.press(key)
    expect(task(page)).to_have_attribute("data-waiting", "")
    held[0].fulfill(response=late)
    page.wait_for_timeout(300)
    assert assignment(page) == second
    expect(task(page)).to_have_attribute("data-waiting", "")
    answers[0].continue_()
    expect(task(page)).not_to_have_attribute("data-assignment", second)


def test_replies_that_cross_leave_nothing_unprepared(study, person):
    """The first answer is on its way when the look ahead asks, so that each of the two is told the same comparison."""
    someone, held = person(study(pictures=0, texts=6)), []
    page = someone.sign_in(someone.link)
    page.route("**/ahead/", lambda route: route.continue_() if held else held.append(route))
    someone.agree()
    judge(page, "123")
    late = held[0].fetch()
    held[0].fulfill(response=late)
    for _ in range(2):
        ready(page)
        judge(page, "123")


def test_letters_are_dead_while_typing_and_the_reason_is_kept(site, study, rater):
    slug = study()
    page = rater(slug).page

    page.keyboard.press("r")
    page.keyboard.type("xgu 012: the rug's edge? u")
    page.keyboard.press("Escape")
    judge(page, "123")
    saved(page)

    assert site.value("SELECT count(*) FROM judging_rationale WHERE text = ?", "xgu 012: the rug's edge? u") == 1
    assert site.value(LIVE, slug) == 1


def test_a_required_reason_is_already_focused_after_the_last_key(site, study, rater):
    page = rater(study(rationale="required")).page
    first = assignment(page)

    page.keyboard.press("1")
    page.keyboard.press("1")
    page.keyboard.press("1")
    expect(task(page).locator("textarea")).to_be_focused()
    page.keyboard.type("One key, one shadow.")
    page.keyboard.press("Control+Enter")

    saved(page)
    assert assignment(page) != first


def test_cannot_judge_and_the_two_verdicts_have_keys(site, study, rater):
    slug = study()
    page = rater(slug).page

    judge(page, "x10g2")
    saved(page)

    told = site.rows(
        """SELECT c.slug, j.outcome, j.acceptable FROM judging_judgement j
        JOIN studies_criterion c ON c.id = j.criterion_id JOIN studies_study y ON y.id = c.study_id
        WHERE y.slug = ? ORDER BY c.position""",
        slug,
    )
    assert [(name, outcome) for name, outcome, _ in told] == [
        ("lighting", "answered"), ("narrative-arc", "cannot_judge"), ("emotional-resonance", "answered"),
    ]  # fmt: skip
    assert "false" in str(told[0][2]).lower()
    assert "true" in str(told[2][2]).lower()


def test_letter_keys_can_be_switched_off(study, rater):
    page = rater(study()).page

    page.keyboard.press("?")
    with page.expect_response("**/letter-keys/"):
        page.get_by_label("Letter keys are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("r")

    expect(task(page).locator("textarea")).not_to_be_focused()
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_an_answer_given_without_a_connection_is_sent_by_itself_and_once(site, study, rater):
    slug = study()
    bob = rater(slug)
    ready(bob.page)
    bob.context.set_offline(True)

    judge(bob.page, "123")
    expect(task(bob.page).locator(".status")).to_contain_text("1 not sent")
    bob.context.set_offline(False)

    saved(bob.page)
    assert site.value(LIVE, slug) == 1
    bob.complaints.clear()  # the browser's own word on the lost connection


def test_an_unsent_answer_survives_a_closed_page(site, study, rater):
    slug = study()
    bob = rater(slug)
    ready(bob.page)
    bob.page.route("**/assignments/*/", lambda route: route.abort())
    judge(bob.page, "123")
    expect(task(bob.page).locator(".status")).to_contain_text("1 not sent")
    bob.page.close(run_before_unload=False)

    page = bob.context.new_page()
    page.goto(f"/studies/{slug}/judge/")

    page.wait_for_function("() => localStorage.getItem('salon-outbox') === '[]'")
    assert site.value(LIVE, slug) == 1
    bob.complaints.clear()


def test_a_lost_answer_is_asked_for_again_and_stored_once(site, study, rater):
    slug = study()
    bob = rater(slug)
    ready(bob.page)
    lost = []

    def lose_the_first(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())  # it arrived; the answer did not
            route.abort()

    bob.page.route("**/assignments/*/", lose_the_first)
    judge(bob.page, "123")

    saved(bob.page)
    assert site.value(LIVE, slug) == 1
    bob.complaints.clear()


def test_two_tabs_store_one_answer_and_the_second_is_told(site, study, rater):
    slug = study()
    bob = rater(slug)
    other = bob.context.new_page()
    other.goto(f"/studies/{slug}/judge/")
    assert assignment(other) == assignment(bob.page)
    judge(bob.page, "111")
    saved(bob.page)

    judge(other, "333")

    expect(task(other).locator(".status")).to_contain_text("already judged")
    assert site.value(LIVE, slug) == 1
    bob.complaints.clear()


def test_going_back_shows_what_is_next_and_not_what_was_judged(study, rater):
    page = rater(study(), java_script_enabled=False).page
    judged = assignment(page)
    for name in ("lighting", "narrative-arc", "emotional-resonance"):
        page.locator(f'.step:has([name="answer.{name}"][value="1"])').click()
    page.get_by_role("button", name="Next").click()
    following = assignment(page)

    page.go_back()

    assert assignment(page) == following != judged


def test_a_set_is_ranked_by_digits_and_arrows(site, study, rater):
    slug = study(form="set", set_size=3)
    page = rater(slug).page

    judge(page, "213" + "122" + "0")
    saved(page)

    ranks = site.rows(
        """SELECT j.outcome, j.ranks, a.shown_order FROM judging_judgement j
        JOIN judging_submission s ON s.id = j.submission_id JOIN judging_assignment a ON a.id = s.assignment_id
        JOIN studies_study y ON y.id = a.study_id JOIN studies_criterion c ON c.id = j.criterion_id
        WHERE y.slug = ? ORDER BY c.position""",
        slug,
    )
    shown = [
        [_list(ranks)[entry] for entry in _list(order)] for outcome, ranks, order in ranks if outcome == "answered"
    ]
    assert shown == [[2, 1, 3], [1, 2, 2]]
    assert ranks[2][0] == "cannot_judge"


def _list(value):
    import json

    return json.loads(value) if isinstance(value, str) else value


def test_a_set_is_ranked_by_dragging(study, rater):
    page = rater(study(form="set", set_size=3)).page
    ranks = task(page).locator("rank-list").first.locator(".rank")
    box, first = ranks.nth(2).bounding_box(), ranks.nth(0).bounding_box()

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(first["x"] + 20, first["y"] + 8, steps=6)
    page.mouse.move(first["x"] + 2, first["y"] + 8, steps=3)
    page.mouse.up()

    letters = [rank.locator("b").inner_text() for rank in ranks.all()]
    assert letters == ["C", "A", "B"]
    assert [rank.locator("input").input_value() for rank in ranks.all()] == ["1", "2", "3"]


def test_an_untouched_order_cannot_be_submitted(site, study, rater):
    slug = study(form="set", set_size=3)
    page = rater(slug).page
    first = assignment(page)

    page.keyboard.press("Control+Enter")

    expect(task(page).locator(".status")).to_have_text("Lighting is not answered yet.")
    assert assignment(page) == first
    assert site.value(LIVE, slug) == 0


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}])
def test_the_bench_fits_the_window(study, rater, size):
    page = rater(study(), viewport=size).page

    wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    high = page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")

    assert wide
    assert high or size["width"] == 390
    expect(task(page).get_by_role("button", name="Next")).to_be_in_viewport()


def test_strength_has_seven_keys(site, study, rater):
    slug = study(scale="strength")
    page = rater(slug).page

    judge(page, "147")
    saved(page)

    rows = site.rows(
        """SELECT j.strength, a.shown_order FROM judging_judgement j JOIN judging_submission s ON s.id = j.submission_id
        JOIN judging_assignment a ON a.id = s.assignment_id JOIN studies_study y ON y.id = a.study_id
        JOIN studies_criterion c ON c.id = j.criterion_id WHERE y.slug = ? ORDER BY c.position""",
        slug,
    )
    assert [strength if _list(order)[0] == 0 else -strength for strength, order in rows] == [3, 0, -3]
