"""Recordings in lockstep: switches without a gap or a click, loops, waveforms, marks and what was heard."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.browser.screening import SAMPLES, Audience, faults, recording, screening, tone

pytestmark = [pytest.mark.xdist_group("browser")]
LOW, HIGH = recording(tone(6, 220)), recording(tone(6, 330))
SHORT = recording(tone(2, 440))
# Renders what the mixer would send to the loudspeaker; `act` is called at each of the times.
RENDER = """async ({ waves, seconds, from, loop, acts }) => {
  const { Mixer } = await import("/static/js/viewers/mixer.js");
  const context = new OfflineAudioContext(1, seconds * 48000, 48000);
  const buffers = waves.map(({ pitch, loud, turn, length }) => {
    const buffer = context.createBuffer(1, length * 48000, 48000);
    const samples = buffer.getChannelData(0);
    samples.forEach((_, at) => (samples[at] = loud * Math.sin((2 * Math.PI * pitch * at) / 48000 + turn)));
    return buffer;
  });
  const mixer = new Mixer(context, buffers);
  const positions = [];
  mixer.start(from, loop);
  for (const [when, name, ...given] of acts) {
    context.suspend(when).then(() => {
      if (name) mixer[name](...given);
      positions.push(mixer.position);
      context.resume();
    });
  }
  const rendered = await context.startRendering();
  return { samples: [...rendered.getChannelData(0)], positions };
}"""
QUANTUM = 128  # samples the browser renders at a time
AHEAD = round(0.01 * SAMPLES)  # the mixer's start


@pytest.fixture
def audience(browser) -> Iterator[Callable[..., Audience]]:
    with screening(browser) as make:
        yield make


def wave(pitch: float, *, loud: float = 0.5, turn: float = 0, length: float = 4) -> dict[str, float]:
    return {"pitch": pitch, "loud": loud, "turn": turn, "length": length}


def render(one: Audience, waves, acts=(), *, seconds=1.5, begin=0.0, loop=None):
    page = one.sit([LOW, HIGH])
    given = {"waves": waves, "seconds": seconds, "from": begin, "loop": loop, "acts": acts}
    heard = page.evaluate(RENDER, given)
    return np.array(heard["samples"]), heard["positions"]


def steepest(pitch: float, loud: float = 0.5) -> float:
    """The largest step from sample to sample in a sine."""
    return 2 * np.pi * pitch / SAMPLES * loud


def loudness(samples, window: int = 480):
    """The peak in each hundredth of a second."""
    whole = len(samples) // window * window
    return np.abs(samples[:whole]).reshape(-1, window).max(axis=1)


# ── The graph ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_switch_has_no_gap_and_no_jump(audience):
    samples, _ = render(audience(), [wave(440), wave(440)], [[0.7, "hear", 1]])

    steady = loudness(samples[2 * AHEAD :])
    assert steady.min() >= 0.499  # no drop while one goes and the other comes
    assert steady.max() <= 0.5 * 1.4143
    assert np.abs(np.diff(samples[2 * AHEAD :])).max() <= 1.5 * steepest(440)


def test_a_switch_between_unlike_works_does_not_click(audience):
    at = 0.7  # where one is at its peak and the other at its trough
    waves = [wave(250, turn=np.pi / 2), wave(750, turn=-np.pi / 2)]
    samples, _ = render(audience(), waves, [[at, "hear", 1]])

    around = samples[round(at * SAMPLES) - 2000 : round(at * SAMPLES) + 2000]
    assert np.abs(np.diff(around)).max() <= steepest(250) + steepest(750)


def test_the_place_goes_on_through_a_switch(audience):
    waves = [wave(440), wave(700, loud=0.25)]
    samples, (before, after) = render(audience(), waves, [[0.5, "hear", 1], [0.75, ""]], begin=1.25)

    at = np.arange(round(0.55 * SAMPLES), len(samples))
    expected = 0.25 * np.sin(2 * np.pi * 700 * (1.25 + (at - AHEAD) / SAMPLES))
    assert np.abs(samples[at] - expected).max() < 2e-3
    assert after - before == pytest.approx(0.25, abs=2 * QUANTUM / SAMPLES)


def test_switches_pressed_quickly_end_at_the_last(audience):
    waves = [wave(440), wave(550, loud=0.3), wave(660, loud=0.1)]
    acts = [[0.5, "hear", 1], [0.503, "hear", 2], [0.506, "hear", 0], [0.51, "hear", 2]]
    samples, _ = render(audience(), waves, acts)

    assert loudness(samples)[70:].max() == pytest.approx(0.1, abs=0.002)


def test_starts_stops_and_leaps_are_soft(audience):
    waves = [wave(200, turn=np.pi / 2), wave(200)]
    samples, _ = render(audience(), waves, [[0.4, "start", 1.00125], [0.8, "stop"]])

    assert np.abs(np.diff(samples)).max() < 2 * steepest(200) + 0.5 / (0.005 * SAMPLES)
    assert np.abs(samples[round(0.83 * SAMPLES) :]).max() == 0
    assert loudness(samples)[3:39].min() > 0.45


def test_a_loop_comes_round_without_a_click_or_a_gap(audience):
    carry = [[moment / 20, "carryOn"] for moment in range(1, 30)]
    samples, positions = render(audience(), [wave(202)], carry, begin=0.2, loop=[0.2, 0.701])

    assert np.abs(np.diff(samples)).max() < 2 * steepest(202) + 0.5 / (0.005 * SAMPLES)
    assert loudness(samples)[3:140].min() > 0.2
    assert max(positions) <= 0.701
    assert positions[11] == pytest.approx(0.2 + 0.6 - 0.01 - 0.501, abs=0.01)


def test_a_loop_that_is_set_while_it_plays_is_not_heard(audience):
    samples, _ = render(audience(), [wave(202)], [[0.5, "setLoop", [0.1, 3]], [0.9, "setLoop", None]])

    at = np.arange(2 * AHEAD, len(samples))
    assert np.abs(samples[at] - 0.5 * np.sin(2 * np.pi * 202 * (at - AHEAD) / SAMPLES)).max() < 2e-3


# ── The viewer ─────────────────────────────────────────────────────────────────────────────────────────────────────


def sit(one: Audience, works=(LOW, HIGH), **more: object):
    page = one.sit(works, **more)
    one.until("viewer.player.buffers")
    return page


def test_only_what_was_heard_is_counted_to_fifty_milliseconds(audience):
    one = audience()
    page = sit(one)
    page.keyboard.press(" ")
    one.until("viewer.player.time > 0.9")
    switch = page.evaluate(
        "() => { viewer.key(new KeyboardEvent('keydown', { key: 'c' })); return viewer.player.time; }"
    )
    one.until("viewer.player.time > 1.6")
    page.keyboard.press(" ")
    stop = page.evaluate("viewer.player.time")
    first, second = page.evaluate("viewer.seen()")

    assert first["played"] == [[pytest.approx(0, abs=0.05), pytest.approx(switch, abs=0.05)]]
    assert second["played"] == [[pytest.approx(switch, abs=0.05), pytest.approx(stop, abs=0.05)]]
    assert first["rate"] == 1
    page.wait_for_timeout(200)
    assert page.evaluate("viewer.player.time") == stop


def test_the_place_keeps_pace_with_the_wall(audience):
    one = audience()
    page = sit(one)
    page.keyboard.press(" ")
    one.until("viewer.player.time > 0.2")
    start = page.evaluate("[performance.now() / 1000, viewer.player.time]")
    for _ in range(6):
        page.keyboard.press("s")
        page.wait_for_timeout(150)
    end = page.evaluate("[performance.now() / 1000, viewer.player.time]")

    assert end[1] - start[1] == pytest.approx(end[0] - start[0], abs=0.05)


def test_it_is_silent_until_it_is_asked(audience):
    one = audience(reduced_motion="no-preference")
    page = sit(one)
    page.wait_for_timeout(300)

    assert page.evaluate("[viewer.player.wanted, viewer.player.mixer]") == [False, None]
    page.keyboard.press(" ")
    one.until("viewer.player.time > 0.1")
    page.evaluate("viewer.hide()")
    assert page.evaluate("[viewer.player.wanted, viewer.player.mixer]") == [False, None]
    page.evaluate("viewer.show()")
    page.keyboard.press(" ")
    one.until("viewer.player.time > 0.4")


def test_a_pane_is_heard_by_click_focus_and_keys(audience):
    one = audience()
    page = sit(one, [LOW, HIGH, SHORT])
    heard = lambda: page.evaluate("[viewer.chosen, viewer.player.heard]")  # noqa: E731 - asked four times

    page.keyboard.press("c")
    assert heard() == [1, 1]
    page.keyboard.press("s")
    page.keyboard.press("s")
    assert heard() == [0, 0]
    page.locator(".work").nth(2).focus()
    assert heard() == [2, 2]
    wave_box = page.locator(".wave").nth(1).bounding_box()
    page.mouse.click(wave_box["x"] + wave_box["width"] / 4, wave_box["y"] + 20)
    assert heard() == [1, 1]
    assert page.evaluate("viewer.player.time") == pytest.approx(1.5, abs=0.02)
    assert page.get_by_role("button", name="B is heard").get_attribute("aria-pressed") == "true"


def test_a_loop_is_heard_again_and_again(audience):
    one = audience()
    page = sit(one)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    for _ in range(4):
        page.keyboard.press(".")
    page.keyboard.press("b")
    loop = page.evaluate("viewer.loop")

    page.keyboard.press(" ")
    page.wait_for_timeout(1500)
    inside = page.evaluate("viewer.player.time")
    played = page.evaluate("viewer.seen()[0].played")
    page.keyboard.press("a")
    one.until("viewer.player.time > 1.6")

    assert loop == {"start": 1, "end": 1.4}
    assert 1 <= inside <= 1.4
    assert played == [[pytest.approx(1, abs=0.05), pytest.approx(1.4, abs=0.05)]]


def test_works_of_other_lengths_end_with_the_longest(audience):
    one = audience()
    page = sit(one, [SHORT, recording(tone(2.6, 330))], exposure="whole")
    before = page.evaluate("viewer.missing()")

    page.keyboard.press(" ")
    one.until("!viewer.player.wanted")
    half = page.evaluate("viewer.missing()")
    page.keyboard.press("c")
    page.keyboard.press(" ")
    one.until("!viewer.player.wanted")

    assert before == "Play A and B to the end"
    assert half == "Play B to its end"
    assert page.evaluate("viewer.missing()") == ""
    assert page.evaluate("viewer.seen()[0].played") == [[pytest.approx(0, abs=0.05), 2]]


def test_the_level_is_set_once(audience):
    one = audience()
    page = sit(one)
    slider = page.get_by_role("slider", name="Level")

    slider.fill("40")
    assert page.evaluate("viewer.player.gain") == pytest.approx(0.16)
    page.keyboard.press("Tab")
    page.keyboard.press("=")
    assert slider.input_value() == "45"
    page.evaluate("viewer.lockLevel()")
    page.keyboard.press("-")
    assert slider.is_disabled()
    page.reload()
    one.until("window.viewer?.transport")
    page.evaluate("viewer.show()")
    assert (slider.input_value(), slider.is_disabled()) == ("45", True)


def test_moments_and_spans(audience):
    one = audience()
    page = sit(one)
    page.keyboard.press("ArrowRight")
    page.evaluate("viewer.pick('moment')")
    page.evaluate("viewer.pick('span')")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="end it here").click()
    page.keyboard.press("c")
    page.evaluate("viewer.setLoop(0.5, 0.75)")
    page.evaluate("viewer.pick('span')")

    assert one.placed() == [
        {"position": 0, "kind": "moment", "place": {"time": 1}},
        {"position": 0, "kind": "span", "place": {"start": 1, "end": 2}},
        {"position": 1, "kind": "span", "place": {"start": 0.5, "end": 0.75}},
    ]


def test_marks_are_drawn_on_their_work_and_found_again(audience):
    page = sit(audience())
    mark = {"position": 1, "kind": "span", "place": {"start": 3, "end": 4.5}, "sign": -1, "number": 1, "tag": "pacing"}
    page.evaluate("(mark) => viewer.draw([mark])", mark)
    drawn, wave_box = (page.locator(".wave").nth(1).locator(name).bounding_box() for name in (".wave-mark", "canvas"))

    page.evaluate("(mark) => viewer.goTo(mark)", mark)

    assert drawn["x"] - wave_box["x"] == pytest.approx(wave_box["width"] / 2, abs=1.5)
    assert drawn["width"] == pytest.approx(wave_box["width"] / 4, abs=1.5)
    assert page.evaluate("[viewer.chosen, viewer.player.time]") == [1, 3]


def test_the_wave_is_drawn_in_the_colour_of_the_light(audience):
    page = sit(audience(color_scheme="light"))
    ink = """() => {
      const { canvas } = viewer.waves[0];
      const pen = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
      pen.drawImage(canvas, 0, 0);
      const [red, green, blue, ink] = pen.getImageData(1, canvas.height / 2, 1, 1).data;
      return [red, green, blue, ink, canvas.width];
    }"""

    page.wait_for_timeout(100)
    light = page.evaluate(ink)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1000, "height": 900})
    page.wait_for_timeout(100)
    dark = page.evaluate(ink)

    assert light[:4] == [255, 255, 255, 255]
    assert dark[:4] == [242, 240, 236, 255]
    assert dark[4] < light[4]


def test_a_recording_that_does_not_load_says_so(audience):
    one = audience()
    page = sit(one, [LOW, replace(HIGH, content=b"no sound at all")])

    page.get_by_text("B did not load.").wait_for()
    page.keyboard.press(" ")
    one.until("viewer.player.time > 0.2")


# ── The reference ──────────────────────────────────────────────────────────────────────────────────────────────────

REFERENCE = recording(tone(6, 275))


def test_the_reference_is_heard_at_the_same_point_and_nothing_of_it_is_counted(audience):
    one = audience()
    page = sit(one, reference=REFERENCE)
    press = "(key) => { viewer.key(new KeyboardEvent('keydown', { key })); return [viewer.player.time, viewer.player.heard]; }"
    page.keyboard.press(" ")
    one.until("viewer.player.time > 0.5")
    away, at_reference = page.evaluate(press, "h")
    rounds = page.evaluate("viewer.player.mixer.rounds.length")
    one.until("viewer.player.time > 1.2")
    back, at_work = page.evaluate(press, "h")
    one.until("viewer.player.time > 1.6")
    page.keyboard.press(" ")
    stop = page.evaluate("viewer.player.time")
    first, second = page.evaluate("viewer.seen()")

    assert (at_reference, rounds, at_work) == (2, 1, 0)
    [start, left], again = first["played"]
    assert start < 0.15  # a busy machine counts its first tick late
    assert [left, *again] == pytest.approx([away, back, stop], abs=0.05)
    assert second["played"] == []
    assert one.complaints == []


def test_the_reference_has_a_button_and_is_left_for_any_work(audience):
    one = audience()
    page = sit(one, reference=REFERENCE)
    button = page.get_by_role("button", name="Hear the reference")
    heard = lambda: page.evaluate("[viewer.chosen, viewer.player.heard]")  # noqa: E731 - asked four times

    page.evaluate("viewer.letters = false")
    page.keyboard.press("h")
    assert heard() == [0, 0]
    button.click()
    assert heard() == [0, 2]
    assert button.get_attribute("aria-pressed") == "true"
    assert page.get_by_role("button", name=" is heard").count() == 0
    page.get_by_role("button", name="Hear A").click()
    assert heard() == [0, 0]
    button.click()
    page.locator(".work").nth(1).focus()
    assert heard() == [1, 1]
    assert button.get_attribute("aria-pressed") == "false"
    assert ["h", "hear the reference, and back"] in page.evaluate("viewer.keys")
    assert faults(one) == []


def test_a_mark_never_lies_on_the_reference(audience):
    one = audience()
    page = sit(one, reference=REFERENCE)
    page.keyboard.press("c")
    page.keyboard.press("h")

    page.evaluate("viewer.pick('moment')")

    assert one.placed() == [{"position": 1, "kind": "moment", "place": {"time": 0}}]
    assert page.evaluate("viewer.player.heard") == 1


def test_without_a_reference_nothing_speaks_of_one(audience):
    page = sit(audience())
    page.keyboard.press("h")

    assert page.get_by_role("button", name="reference").count() == 0
    assert "h" not in [key for key, _ in page.evaluate("viewer.keys")]
    assert page.evaluate("viewer.player.heard") == 0


def test_a_reference_that_does_not_load_says_so_and_holds_nobody(audience):
    one = audience()
    page = sit(one, reference=replace(REFERENCE, content=b"no sound at all"))

    page.get_by_text("The reference did not load.").wait_for()
    page.keyboard.press("h")
    page.keyboard.press(" ")
    one.until("viewer.player.time > 0.2")

    assert page.evaluate("viewer.player.heard") == 0
    assert page.get_by_role("button", name="Hear the reference").is_disabled()


# ── For everybody ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "hand"])
def test_eight_works_are_free_of_faults_and_fit(audience, scheme, size):
    hand = size[0] < 400
    one = audience(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, has_touch=hand, is_mobile=hand)
    page = sit(one, [LOW, HIGH, SHORT, LOW, HIGH, SHORT, LOW, HIGH], reference=REFERENCE)

    assert faults(one) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if hand:
        assert [box for one in page.locator(".tool:visible").all() if (box := one.bounding_box())["height"] < 44] == []
        page.get_by_role("button", name="Hear C").tap()
        page.get_by_role("button", name="Play").tap()
        one.until("viewer.player.time > 0.2")
        assert page.evaluate("viewer.player.heard") == 2
    else:
        assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
