"""Videos on one clock: drift, frames, loops, layouts, sound, marks and what was played, on films made for it."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from playwright.sync_api import Page

from tests.browser.screening import BITS, Audience, faults, film, screening
from tests.browser.touch import swipe, touch

pytestmark = [pytest.mark.xdist_group("browser")]
FRAME = 1 / 25
SMALL = {"width": 800, "height": 600}  # spares the machine while it is measured
ROUNDING = 0.001  # s, of times that are told
CALM = 1.0  # s after the machine has disturbed the clocks, to put them right
ENOUGH = 30  # ticks in peace
PATIENCE = 60  # s to wait for them
EVENING, NIGHT = film(), film(hue=(90, 140, 230), pitch=660)
LONG = [film(frames=500, size=(160, 90), hue=hue) for hue in ((230, 150, 90), (90, 140, 230))]
SHORT = film(frames=50, hue=(120, 200, 140), pitch=550)
# The number each video shows, read off its upper edge.
NUMBERS = f"""() => viewer.videos.map((video) => {{
  const canvas = Object.assign(document.createElement("canvas"), {{ width: video.videoWidth, height: video.videoHeight }});
  const pen = canvas.getContext("2d", {{ willReadFrequently: true }});
  pen.drawImage(video, 0, 0);
  const field = video.videoWidth / {2 * BITS};
  const isWhite = (bit) => pen.getImageData((bit + 0.5) * field, video.videoHeight / 20, 1, 1).data[0] > 127;
  return Array.from({{ length: {BITS} }}, (_, bit) => isWhite(bit) * 2 ** bit).reduce((sum, part) => sum + part);
}})"""
# At every tick of the page, read in one go: the wall's clock, the time of each video, the speed each is meant to have.
WATCH = """() => {
  window.ticks = [];
  const note = () => {
    if (viewer.clock.running && !viewer.clock.crawling) {
      const times = viewer.videos.map((video) => video.currentTime);
      window.ticks.push([performance.now() / 1000, times, viewer.videos.map((video) => video.playbackRate)]);
    }
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}"""
# Pauses, and tells how far each video has come.
PAUSE = "() => { const at = viewer.videos.map((video) => video.currentTime); viewer.toggle(); return at; }"
type Tick = tuple[float, list[float], list[float]]


@pytest.fixture
def audience(browser) -> Iterator[Callable[..., Audience]]:
    with screening(browser) as make:
        yield make


def settled(one: Audience) -> None:
    """All stand still on the frame that was asked for."""
    one.until("viewer.clock.reels.every((reel) => reel.isReady)")
    one.page.wait_for_timeout(60)


def is_disturbed(before: Tick, tick: Tick) -> bool:
    """Whether the machine was elsewhere: the page's tick came late, or a video did not go on at its own speed."""
    (start, then, speeds), (end, now, _) = before, tick
    lost = [abs(at - was - speed * (end - start)) for was, at, speed in zip(then, now, speeds, strict=True)]
    return end - start > 3 * FRAME or max(lost) > FRAME / 2


def drifts(ticks: list[Tick]) -> list[float]:
    """How far apart the videos are in seconds of film, once nothing has disturbed them for a second."""
    found, calm_since = [], ticks[0][0] if ticks else 0
    for before, tick in pairwise(ticks):
        when, (first, second), _ = tick
        if is_disturbed(before, tick):
            calm_since = when
        elif when >= calm_since + CALM:
            found.append(abs(first - second))
    return found


def drift_of(one: Audience) -> float:
    """How far apart the videos are at most while they play; and it is spoken.

    It is the drift of what shows them, their own clocks: when a busy machine brings a frame to the screen says nothing
    of the viewer. What the machine does to the clocks themselves the viewer has a second to put right.
    """
    one.page.evaluate(WATCH)
    end = time.monotonic() + PATIENCE
    found: list[float] = []
    while len(found) < ENOUGH:
        one.page.wait_for_timeout(200)
        found = drifts(one.page.evaluate("window.ticks"))
        assert time.monotonic() < end, f"only {len(found)} ticks in peace"
        if not one.page.evaluate("viewer.clock.wanted"):
            one.page.keyboard.press(" ")  # from the beginning
    ticks = one.page.evaluate("window.ticks")
    print(f"{len(found)} of {len(ticks)} ticks in peace: {max(found) * 1000:.1f} ms apart at most")
    return max(found)


# ── One clock ──────────────────────────────────────────────────────────────────────────────────────────────────────


def play(one: Audience) -> Page:
    """Two long films on the screen, playing."""
    page = one.sit(LONG)
    settled(one)
    page.keyboard.press(" ")
    return page


def test_two_videos_never_drift_by_more_than_a_frame(audience):
    one = audience(viewport=SMALL)
    play(one)

    assert drift_of(one) <= FRAME


def test_one_whose_clock_is_fast_is_held_back(audience):
    one = audience(viewport=SMALL)
    play(one).evaluate("""() => {
      const speed = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "playbackRate");
      const set = function (rate) { speed.set.call(this, rate * 1.05); };
      Object.defineProperty(viewer.videos[1], "playbackRate", { ...speed, set });
      viewer.videos[1].playbackRate = 1;
    }""")

    assert drift_of(one) <= FRAME


def test_one_that_loads_late_holds_the_others(audience):
    one = audience(viewport=SMALL)
    one.room.late = {1: 2.5}
    page = one.sit(LONG)
    page.keyboard.press(" ")
    page.wait_for_timeout(500)
    held = page.evaluate("[viewer.videos[0].currentTime, viewer.clock.isHeld]")

    assert held == [0, True]
    assert drift_of(one) <= FRAME


def test_one_that_starts_late_is_waited_for(audience):
    one = audience(viewport=SMALL)
    page = one.sit(LONG)
    settled(one)
    page.evaluate("""() => {
      const { play } = HTMLMediaElement.prototype;
      viewer.videos[1].play = function () {
        return new Promise((done) => setTimeout(() => done(play.call(this)), 300));
      };
    }""")
    page.keyboard.press(" ")
    one.until("viewer.clock.running && !viewer.clock.crawling")
    ahead, behind = page.evaluate("viewer.videos.map((video) => video.currentTime)")

    assert ahead - behind < 0.2
    assert drift_of(one) <= FRAME


def test_one_that_stumbles_is_caught_up_with(audience):
    one = audience(viewport=SMALL)
    page = play(one)
    one.until("viewer.clock.time > 0.5")
    apart = page.evaluate("""() => {
      const [one, other] = viewer.videos;
      const goOn = () => other.play() && one.currentTime - other.currentTime;
      other.pause();
      return new Promise((done) => setTimeout(() => done(goOn()), 300));
    }""")

    assert apart > 3 * FRAME
    assert drift_of(one) <= FRAME


def test_at_double_speed_they_stay_together_too(audience):
    one = audience(viewport=SMALL)
    play(one).keyboard.press("]")

    assert drift_of(one) <= FRAME


# ── Frames ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_step_is_exactly_one_frame_and_all_show_the_same(audience):
    one = audience()
    page = one.sit([EVENING, NIGHT])
    settled(one)

    shown = []
    for key in [*"........,,.", "ArrowRight", ".", "ArrowRight", ",", ",", "End", "Home", "."]:
        page.keyboard.press(key)
        settled(one)
        shown.append(page.evaluate(NUMBERS))

    expected = [1, 2, 3, 4, 5, 6, 7, 8, 7, 6, 7, 32, 33, 58, 57, 56, 124, 0, 1]
    assert shown == [[number, number] for number in expected]
    assert page.locator(".readout span").all_inner_texts() == ["0:00.06", "frame 1"]


@pytest.mark.parametrize("rate", [24, 30, 60])
def test_steps_are_exact_where_frames_are_no_whole_milliseconds(audience, rate):
    one = audience()
    page = one.sit([film(frames=70, rate=rate, pitch=0)])
    settled(one)

    shown = []
    for number in (*range(14), 36, 37, 38, 68, 69):
        page.evaluate(f"viewer.goTo({{ position: 0, kind: 'moment', place: {{ frame: {number}, time: 0 }} }})")
        settled(one)
        shown.append((number, page.evaluate(NUMBERS)[0], page.evaluate("viewer.momentAt(viewer.clock.time).frame")))

    assert [one for one in shown if len(set(one)) > 1] == []


def test_steps_pressed_quickly_are_all_taken(audience):
    one = audience()
    page = one.sit([EVENING, NIGHT])
    settled(one)

    for _ in range(15):
        page.keyboard.press(".")
    settled(one)

    assert page.evaluate(NUMBERS) == [15, 15]


def test_a_pause_keeps_the_frame_that_was_seen(audience):
    one = audience()
    page = one.sit([EVENING, NIGHT])
    page.keyboard.press(" ")
    one.until("viewer.clock.time > 1.3")

    page.keyboard.press(" ")
    settled(one)

    numbers = page.evaluate(NUMBERS)
    assert numbers[0] == numbers[1] == page.evaluate("viewer.clock.frame")
    assert numbers[0] >= 30


def test_videos_of_other_rates_and_lengths_show_the_same_time(audience):
    slow = film(frames=36, rate=12, hue=(150, 90, 170), pitch=0)
    one = audience()
    page = one.sit([EVENING, slow])
    settled(one)

    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(".")
    settled(one)
    both = page.evaluate(NUMBERS)
    page.keyboard.press("End")
    settled(one)

    assert both == [51, 24]  # 2.04 s is in the 24th frame of twelve a second
    assert page.evaluate(NUMBERS) == [124, 35]


# ── Loop, speed, and what was played ───────────────────────────────────────────────────────────────────────────────


def test_a_loop_is_played_again_and_again_until_it_is_ended(audience):
    one = audience()
    page = one.sit([EVENING, NIGHT])
    settled(one)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    for _ in range(9):
        page.keyboard.press(".")
    page.keyboard.press("b")
    settled(one)
    page.evaluate(
        "() => { window.laps = 0; const { onLap } = viewer; viewer.onLap = () => { laps += 1; onLap.call(viewer); }; }"
    )

    page.keyboard.press(" ")
    one.until("window.laps >= 3")
    loop = page.evaluate("viewer.loop")
    played = page.evaluate("viewer.seen()[1].played")
    page.keyboard.press("a")
    one.until("viewer.clock.time > 1.8")

    assert loop == {"start": 1, "end": 1.4}
    assert len(played) == 1
    assert played[0][0] >= 1 - 0.001
    assert played[0][1] <= 1.4 + 0.1
    assert page.evaluate("viewer.loop") == {"start": None, "end": None}


def test_the_ends_of_the_loop_are_moved_by_hand_and_by_keys(audience):
    one = audience()
    page = one.sit([EVENING, NIGHT])
    page.evaluate("viewer.setLoop(1, 2)")
    ruler = page.locator(".timeline").bounding_box()
    start, end = (page.get_by_role("slider", name=name) for name in ("Loop from", "Loop to"))

    handle = end.bounding_box()
    page.mouse.move(ruler["x"] + 0.4 * ruler["width"] + 2, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(ruler["x"] + 0.8 * ruler["width"], handle["y"] + 10, steps=4)
    page.mouse.up()
    start.focus()
    page.keyboard.press("ArrowRight")

    loop = page.evaluate("viewer.loop")
    assert loop["end"] == pytest.approx(4, abs=0.02)
    assert loop["start"] == pytest.approx(1.1)


def test_the_scrubber_seeks(audience):
    one = audience()
    page = one.sit([EVENING, NIGHT])
    ruler = page.locator(".timeline").bounding_box()

    page.mouse.click(ruler["x"] + ruler["width"] * 0.5, ruler["y"] + 20)
    settled(one)

    assert page.evaluate(NUMBERS) == [62, 62]


def test_what_was_played_and_how_fast_is_kept(audience):
    one = audience()
    page = one.sit([EVENING, NIGHT])
    settled(one)
    page.keyboard.press(" ")
    one.until("viewer.clock.time > 0.8")
    stops = page.evaluate(PAUSE)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    settled(one)
    again = page.evaluate("viewer.clock.time")
    page.keyboard.press("]")
    page.keyboard.press(" ")
    one.until("viewer.clock.time > 4")
    ends = page.evaluate(PAUSE)
    first, second = page.evaluate("viewer.seen()")

    assert first["rate"] == second["rate"] == 2
    assert first["dwell_ms"] > 1000
    for work, stop, end in zip((first, second), stops, ends, strict=True):
        assert work["played"] == [pytest.approx([0, stop], abs=ROUNDING), pytest.approx([again, end], abs=ROUNDING)]


def test_the_shorter_holds_its_last_frame_and_whole_means_both(audience):
    one = audience()
    page = one.sit([SHORT, film(frames=75)], exposure="whole")
    settled(one)
    before = page.evaluate("viewer.missing()")

    page.keyboard.press(" ")
    one.until("viewer.clock.time > 2.5")
    half = page.evaluate("viewer.missing()")
    one.until("!viewer.clock.wanted")

    assert before == "Play A and B to the end"
    assert half == "Play B to its end"
    assert page.evaluate("viewer.missing()") == ""
    assert page.evaluate(NUMBERS) == [49, 74]
    assert [one["played"] for one in page.evaluate("viewer.seen()")] == [
        [[0, pytest.approx(2, abs=0.05)]],
        [[0, pytest.approx(3, abs=0.05)]],
    ]


# ── Layouts and sound ──────────────────────────────────────────────────────────────────────────────────────────────


def test_one_after_another_plays_each_in_turn_at_full_size(audience):
    one = audience()
    page = one.sit([SHORT, film(frames=50)])
    settled(one)
    beside = page.locator("video").first.bounding_box()["width"]

    page.keyboard.press("v")
    page.keyboard.press("v")
    alone = page.locator("video").first.bounding_box()["width"]
    in_turn = [page.locator("video").nth(at).is_visible() for at in range(2)]
    page.keyboard.press(" ")
    one.until("viewer.clock.time > 1")
    first = page.evaluate("viewer.seen().map((work) => work.played.length)")
    one.until("viewer.chosen === 1 && !viewer.clock.wanted")

    assert alone > 1.2 * beside
    assert in_turn == [True, False]
    assert first == [1, 0]
    assert page.evaluate("viewer.seen()[1].played[0][1]") == pytest.approx(2, abs=0.05)


def test_in_turns_a_loop_goes_from_work_to_work(audience):
    one = audience()
    page = one.sit([EVENING, NIGHT])
    settled(one)
    page.keyboard.press("v")
    page.keyboard.press("v")
    page.evaluate("viewer.setLoop(1, 1.4)")

    page.keyboard.press(" ")
    one.until("viewer.played.every((played) => played.total > 0.3)")
    one.until("viewer.chosen === 0")

    for work in page.evaluate("viewer.seen()"):
        assert work["played"] == [[pytest.approx(1, abs=FRAME), pytest.approx(1.4, abs=0.1)]]


def test_the_wipe_is_a_slider_over_both(audience):
    one = audience()
    page = one.sit([EVENING, NIGHT])
    page.keyboard.press("v")
    frames = page.locator(".frame")
    assert frames.nth(0).bounding_box() == frames.nth(1).bounding_box()
    box = frames.nth(0).bounding_box()

    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2)

    clip = frames.nth(1).evaluate("(frame) => getComputedStyle(frame).clipPath")
    value = page.get_by_role("slider", name="Wipe").evaluate("(range) => range.value / 1000")
    assert value == pytest.approx(0.25, abs=0.005)
    assert float(re.search(r"50% - ([\d.]+)px", clip)[1]) == pytest.approx(box["width"] / 4, rel=0.02)
    top = page.evaluate("([x, y]) => document.elementFromPoint(x, y).className", [box["x"] + 9, box["y"] + 9])
    assert top == "wipe"


def test_only_the_work_in_focus_is_heard(audience):
    one = audience()
    page = one.sit([EVENING, NIGHT, SHORT])
    heard = lambda: page.evaluate("viewer.videos.map((video) => !video.muted)")  # noqa: E731 - asked four times

    assert heard() == [True, False, False]
    page.keyboard.press("s")
    assert heard() == [False, True, False]
    page.locator(".frame").nth(2).click()
    assert heard() == [False, False, True]
    assert page.evaluate("viewer.clock.wanted") is False
    page.get_by_role("button", name="Hear A").click()
    assert heard() == [True, False, False]
    assert page.get_by_role("button", name="A is heard").get_attribute("aria-pressed") == "true"
    page.locator(".frame").nth(0).click()
    assert page.evaluate("viewer.clock.wanted") is True


# ── On the bench ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_plays_when_it_is_shown_unless_stillness_is_wished_for(audience):
    lively = audience(reduced_motion="no-preference")
    page = lively.sit([EVENING, NIGHT], show=False)
    page.wait_for_timeout(400)
    assert page.evaluate("viewer.videos.every((video) => video.paused)")
    page.evaluate("viewer.show()")
    lively.until("viewer.clock.time > 0.2")
    page.evaluate("viewer.hide()")
    assert page.evaluate("viewer.videos.every((video) => video.paused)")

    still = audience()
    still.sit([EVENING, NIGHT])
    still.page.wait_for_timeout(400)
    assert still.page.evaluate("viewer.clock.time < 0.05 && !viewer.clock.wanted")


def test_a_browser_that_forbids_it_leaves_the_works_at_rest(audience):
    one = audience(reduced_motion="no-preference")
    page = one.sit([EVENING, NIGHT], show=False)
    page.evaluate("""() => {
      viewer.videos[0].play = () => Promise.reject(new DOMException("a press is wanted", "NotAllowedError"));
      viewer.show();
    }""")
    settled(one)

    page.get_by_role("button", name="Play").wait_for()
    assert page.evaluate("viewer.videos.every((video) => video.paused)")


def test_single_letters_rest_when_they_are_switched_off(audience):
    page = audience().sit([EVENING, NIGHT])
    page.evaluate("viewer.letters = false")

    for key in ("s", "v", "a"):
        page.keyboard.press(key)
    page.keyboard.press("ArrowRight")

    assert page.evaluate("[viewer.chosen, viewer.stage.layout, viewer.loop.start]") == [0, "side", None]
    assert page.evaluate("viewer.clock.frame") == 25


def test_a_video_that_does_not_load_says_so_and_holds_nobody(audience):
    one = audience()
    page = one.sit([EVENING, replace(NIGHT, content=b"no video at all")])
    page.get_by_text("B did not load.").wait_for()

    page.keyboard.press(" ")
    one.until("viewer.clock.time > 0.5")
    played = page.evaluate("viewer.seen()[1].played")
    page.evaluate("viewer.replaceWith(viewer)")  # as when a task comes back: it fails once more
    page.wait_for_timeout(300)

    assert played == []
    assert page.get_by_role("alert").all_inner_texts() == ["B did not load."]


# ── Marks ──────────────────────────────────────────────────────────────────────────────────────────────────────────

LARGE = [replace(work, width=1920, height=1080) for work in (EVENING, NIGHT)]


def test_marks_on_a_frame_are_in_pixels_of_the_original_with_frame_and_time(audience):
    one = audience()
    page = one.sit(LARGE)
    settled(one)
    page.keyboard.press("ArrowRight")
    box = page.locator(".frame").nth(1).bounding_box()

    page.evaluate("viewer.pick('box')")
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.75, steps=3)
    page.mouse.up()

    (mark,) = one.placed()
    assert (mark["position"], mark["kind"]) == (1, "box")
    place = mark["place"]
    assert (place["frame"], place["time"]) == (25, 1)
    assert [place[side] for side in ("x", "y", "width", "height")] == pytest.approx([480, 540, 480, 270], abs=4)


def test_a_point_is_placed_by_keys_alone(audience):
    one = audience()
    page = one.sit(LARGE)
    settled(one)
    page.keyboard.press(".")

    page.evaluate("viewer.pick('point')")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")

    (mark,) = one.placed()
    assert (mark["position"], mark["kind"]) == (0, "point")
    assert mark["place"]["frame"] == 1
    assert mark["place"]["x"] < 960
    assert mark["place"]["y"] == 540
    page.keyboard.press("ArrowRight")
    assert page.evaluate("viewer.clock.frame") == 26  # the arrows seek again


def test_moments_and_spans_are_whole_frames(audience):
    one = audience()
    page = one.sit([EVENING, NIGHT])
    settled(one)
    for _ in range(3):
        page.keyboard.press(".")

    page.evaluate("viewer.pick('moment')")
    page.evaluate("viewer.pick('span')")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("s")
    page.evaluate("viewer.setLoop(1, 2)")
    page.evaluate("viewer.pick('span')")

    assert one.placed() == [
        {"position": 0, "kind": "moment", "place": {"frame": 3, "time": 0.12}},
        {"position": 0, "kind": "span", "place": {"start": 0.12, "end": 1.16, "first": 3, "last": 28}},
        {"position": 1, "kind": "span", "place": {"start": 1, "end": 2, "first": 25, "last": 49}},
    ]


def test_marks_are_seen_on_their_frame_and_found_again(audience):
    one = audience()
    page = one.sit(LARGE)
    settled(one)
    place = {"x": 300, "y": 200, "width": 400, "height": 300, "frame": 77, "time": 3.08}
    mark = {"position": 1, "kind": "box", "place": place, "sign": -1, "number": 1, "tag": "flicker"}
    badge = page.locator(".frame").nth(1).locator(".badge")

    page.evaluate("(mark) => viewer.draw([mark])", mark)
    assert badge.count() == 0
    page.evaluate("(mark) => viewer.goTo(mark)", mark)
    settled(one)

    assert page.evaluate(NUMBERS) == [77, 77]
    assert badge.inner_text().split() == ["1", "flicker"]
    page.keyboard.press(".")
    assert badge.count() == 0
    page.get_by_role("button", name="Mark 1, flicker").click()
    assert badge.count() == 1


def test_placing_is_left_by_escape(audience):
    page = audience().sit([EVENING, NIGHT])
    page.evaluate("viewer.pick('brush')")

    assert page.evaluate("viewer.escape()") is True
    assert page.evaluate("viewer.escape()") is False
    assert page.locator("[data-marking]").count() == 0


# ── For everybody ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "hand"])
def test_it_is_free_of_faults_and_fits(audience, scheme, size):
    hand = size[0] < 400
    one = audience(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, has_touch=hand, is_mobile=hand)
    page = one.sit([EVENING, NIGHT])
    page.evaluate("viewer.setLoop(1, 2)")
    mark = {"position": 0, "kind": "moment", "place": {"frame": 70, "time": 2.8}, "sign": 1, "number": 1, "tag": ""}
    page.evaluate("(mark) => viewer.draw([mark])", mark)

    assert faults(one) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if hand:
        small = [box for button in page.locator(".tool:visible").all() if (box := button.bounding_box())["height"] < 44]
        assert small == []


def test_it_is_played_by_touch(audience):
    one = audience(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = one.sit([EVENING, NIGHT])
    settled(one)

    page.get_by_role("button", name="A frame on").tap()
    settled(one)
    assert page.evaluate(NUMBERS) == [1, 1]
    page.locator(".frame").nth(1).tap()
    assert page.evaluate("viewer.chosen") == 1
    page.locator(".frame").nth(1).tap()
    one.until("viewer.clock.time > 0.3")
    page.get_by_role("button", name="Loop from here").tap()
    assert page.evaluate("viewer.loop.start") is not None


def in_turns(one: Audience) -> Page:
    page = one.sit([EVENING, NIGHT, SHORT])
    settled(one)
    page.evaluate("viewer.lay('turns')")
    return page


def test_a_finger_goes_from_film_to_film_at_the_same_time(audience):
    one = audience(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = in_turns(one)
    page.evaluate("viewer.seek(1)")
    settled(one)
    frame = page.locator(".frame:visible")
    met = []

    for across in (120, -120, -120, -120, 120):
        swipe(page, frame, across)
        met.append(page.evaluate("viewer.chosen"))

    assert met == [0, 1, 2, 2, 1]
    assert page.evaluate("[viewer.clock.frame, viewer.clock.wanted]") == [25, False]
    assert [page.locator("video").nth(at).is_visible() for at in range(3)] == [False, True, False]


def test_a_finger_that_scrolls_pinches_rests_or_marks_stays_with_its_film(audience):
    one = audience(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = in_turns(one)
    frame = page.locator(".frame:visible")
    box = frame.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    swipe(page, frame, -70, 120)
    swipe(page, frame, -120, 100)
    swipe(page, frame, -30)
    swipe(page, frame, -120, wait=700)
    session = page.context.new_cdp_session(page)
    touch(session, "touchStart", (x, y))
    touch(session, "touchStart", (x, y), (x + 60, y))
    touch(session, "touchMove", (x - 120, y), (x + 60, y))
    touch(session, "touchEnd")
    page.evaluate("viewer.pick('box')")
    swipe(page, frame, -120)

    assert page.evaluate("viewer.chosen") == 0
    assert [mark["kind"] for mark in one.placed()] == ["box"]


def test_beside_each_other_and_under_a_wipe_a_finger_turns_nothing(audience):
    one = audience(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = one.sit([EVENING, NIGHT])

    swipe(page, page.locator(".frame").first, -120)
    page.evaluate("viewer.lay('wipe')")
    swipe(page, page.locator(".wipe"), -120)

    assert page.evaluate("[viewer.chosen, viewer.stage.wipe.value < 300]") == [0, True]
