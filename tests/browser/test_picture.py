"""Pictures on the bench: linked zoom, flicker, wipe, loupe, and marks that come back to the pixel."""

import io
from collections.abc import Iterator
from math import floor

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser.gallery import Gallery, Shown, opened
from tests.browser.touch import swipe, touch

pytestmark = [pytest.mark.xdist_group("browser")]
RED, BLUE, GREEN = (200, 40, 40), (40, 60, 200), (40, 160, 70)
HAND = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def picture(colour=RED, size=(600, 400), original=None) -> Shown:
    """A field of one colour, its upper half ruled, as a derivative of an original of another size."""
    image = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(image)
    for at in range(0, size[0], 50):
        draw.line((at, 0, at, size[1] // 2), fill=(255, 255, 255))
    saved = io.BytesIO()
    image.save(saved, "PNG")
    return Shown(saved.getvalue(), "image/png", *(original or size))


@pytest.fixture
def gallery(browser) -> Iterator[Gallery]:
    with opened(browser) as it:
        yield it


@pytest.fixture
def hand(browser) -> Iterator[Gallery]:
    with opened(browser, **HAND) as it:
        yield it


def frame(page: Page, position: int) -> Locator:
    return page.locator(".frame").nth(position)


def lies(page: Page, position: int) -> dict[str, float]:
    """Where the picture lies in its frame, in CSS pixels."""
    return page.evaluate(
        """position => { const frame = document.querySelectorAll(".frame")[position].getBoundingClientRect();
        const picture = document.querySelectorAll(".frame > img:first-child")[position].getBoundingClientRect();
        return { x: picture.x - frame.x, y: picture.y - frame.y, width: picture.width, height: picture.height,
                 room: frame.width, left: frame.x, top: frame.y }; }""",
        position,
    )


def in_view(page: Page, position: int) -> tuple[float, float]:
    """The place in the middle of the frame, in parts of the work."""
    at = lies(page, position)
    room = frame(page, position).bounding_box()
    return (room["width"] / 2 - at["x"]) / at["width"], (room["height"] / 2 - at["y"]) / at["height"]


# ── Zoom and pan ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_both_works_are_seen_whole_and_as_large_as_each_other(gallery):
    page = gallery.hang("picture-viewer", [picture(), picture(BLUE)])
    one, other = lies(page, 0), lies(page, 1)

    assert one["width"] == other["width"] == pytest.approx(one["room"])
    assert one["width"] / one["height"] == pytest.approx(1.5, rel=0.001)
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")


def test_wheel_keys_and_dragging_move_both_works_alike(gallery):
    page = gallery.hang("picture-viewer", [picture(), picture(BLUE)])
    box = frame(page, 0).bounding_box()
    page.mouse.move(box["x"] + 500, box["y"] + 200)
    before = lies(page, 0)
    under = (500 - before["x"]) / before["width"]

    page.mouse.wheel(0, -400)
    wheeled = lies(page, 0)
    assert wheeled["width"] > 2 * before["width"]
    assert (500 - wheeled["x"]) / wheeled["width"] == pytest.approx(under, abs=0.002)
    assert lies(page, 1) == wheeled | {"left": lies(page, 1)["left"]}

    page.keyboard.press("=")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    keyed = lies(page, 1)
    assert keyed["width"] == pytest.approx(wheeled["width"] * 1.25, rel=0.001)
    assert keyed["x"] < wheeled["x"]

    page.mouse.down()
    page.mouse.move(box["x"] + 560, box["y"] + 230, steps=3)
    page.mouse.up()
    assert lies(page, 1)["x"] == pytest.approx(keyed["x"] + 60, abs=1)
    assert lies(page, 1) == lies(page, 0) | {"left": lies(page, 1)["left"]}
    page.keyboard.press("\\")
    assert lies(page, 0) == before


def test_works_of_other_sizes_show_the_same_place(gallery):
    page = gallery.hang("picture-viewer", [picture(size=(600, 400)), picture(BLUE, size=(900, 900))])
    for key in ["="] * 8 + ["ArrowRight"] * 4 + ["ArrowUp"] * 4:
        page.keyboard.press(key)

    assert in_view(page, 0) == pytest.approx(in_view(page, 1), abs=0.002)
    assert in_view(page, 0) != pytest.approx((0.5, 0.5), abs=0.05)


def test_a_pinch_zooms_both_works(hand):
    page = hand.hang("picture-viewer", [picture(), picture(BLUE)])
    before = lies(page, 1)
    session = hand.context.new_cdp_session(page)
    box = frame(page, 0).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    touch(session, "touchStart", (x - 30, y), (x + 30, y))
    for apart in (40, 60, 90):
        touch(session, "touchMove", (x - apart, y), (x + apart, y))
    touch(session, "touchEnd")

    assert lies(page, 0)["width"] == pytest.approx(3 * before["width"], rel=0.05)
    assert lies(page, 1)["width"] == lies(page, 0)["width"]


@pytest.mark.parametrize("density", [1, 2])
def test_pixel_for_pixel_is_exact_and_counted(browser, density):
    with opened(browser, device_scale_factor=density) as gallery:
        page = gallery.hang("picture-viewer", [picture(size=(1600, 1200), original=(4000, 3000)), picture(BLUE)])
        page.keyboard.press("z")
        at = lies(page, 0)
        seen = page.evaluate("viewer.seen()")

        assert at["width"] * density == pytest.approx(1600, abs=0.01)
        assert at["x"] * density == pytest.approx(round(at["x"] * density), abs=0.01)
        assert seen[0]["zoom"] == 1
        assert seen[1]["zoom"] == pytest.approx(1600 / 600, abs=0.3)
        page.keyboard.press("z")
        assert page.evaluate("viewer.viewport.isFitted")
        frame(page, 0).dblclick(position={"x": 200, "y": 200})
        assert page.evaluate("viewer.viewport.isActual")


# ── Many works, small screens ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", range(1, 10))
def test_up_to_nine_works_are_seen_whole_without_scrolling(gallery, count):
    page = gallery.hang("picture-viewer", [picture()] * count)
    boxes = [page.locator(".frame > img").nth(at).bounding_box() for at in range(count)]

    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    assert all(box["width"] / box["height"] == pytest.approx(1.5, rel=0.01) for box in boxes)
    assert sum(box["width"] * box["height"] for box in boxes) > 0.4 * 1376 * 600


def test_on_a_phone_the_works_lie_below_each_other(hand):
    page = hand.hang("picture-viewer", [picture(), picture(BLUE)])
    one, other = frame(page, 0).bounding_box(), frame(page, 1).bounding_box()

    assert other["y"] >= one["y"] + one["height"]
    assert one["width"] > 360
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert all(box["height"] >= 44 for box in (tool.bounding_box() for tool in page.locator(".tool:visible").all()))


# ── Flicker, wipe, loupe, surround ───────────────────────────────────────────────────────────────────────────────


def middle(gallery: Gallery, position: int = 0, at=(0.52, 0.6)) -> tuple[int, ...]:
    shown = gallery.look(frame(gallery.page, position))
    return shown.getpixel((floor(shown.width * at[0]), floor(shown.height * at[1])))


def test_holding_space_puts_the_second_in_the_place_of_the_first(gallery):
    page = gallery.hang("picture-viewer", [picture(), picture(BLUE)])
    assert middle(gallery) == RED

    page.keyboard.down(" ")
    assert middle(gallery) == BLUE
    expect(page.locator("figcaption").first).to_have_text("B")
    page.keyboard.up(" ")

    assert middle(gallery) == RED
    expect(page.locator("figcaption").first).to_have_text("A")


def test_more_than_two_take_turns_as_long_as_space_is_held(gallery):
    page = gallery.hang("picture-viewer", [picture(), picture(BLUE), picture(GREEN)])
    letter = page.locator("figcaption").first

    page.keyboard.down(" ")
    for name in "BCAB":
        expect(letter).to_have_text(name)
    page.keyboard.up(" ")

    expect(letter).to_have_text("A")


def test_the_wipe_shows_one_left_and_the_other_right_of_its_edge(gallery):
    page = gallery.hang("picture-viewer", [picture(), picture(BLUE)])
    page.keyboard.press("w")

    assert middle(gallery, at=(0.42, 0.6)) == RED
    assert middle(gallery, at=(0.62, 0.6)) == BLUE
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    assert middle(gallery, at=(0.62, 0.6)) == RED
    page.get_by_role("slider", name="Wipe between A and B").fill("0")
    assert middle(gallery, at=(0.42, 0.6)) == BLUE
    assert page.evaluate("viewer.escape()")
    expect(frame(page, 1)).to_be_visible()


def test_the_loupe_is_over_the_same_place_of_every_work(gallery):
    page = gallery.hang("picture-viewer", [picture(), picture(BLUE)])
    page.keyboard.press("l")
    box = frame(page, 1).bounding_box()
    page.mouse.move(box["x"] + 150, box["y"] + 220)

    lenses = [page.locator(".loupe").nth(at).bounding_box() for at in (0, 1)]
    assert lenses[1]["x"] + lenses[1]["width"] / 2 == pytest.approx(box["x"] + 150, abs=1)
    assert lenses[1]["x"] - lenses[0]["x"] == pytest.approx(box["x"] - frame(page, 0).bounding_box()["x"], abs=1)
    # Lines 50 pixels of the picture apart are twice as far apart under the loupe as around it.
    lens = gallery.look(page.locator(".loupe").first)
    row = [lens.getpixel((x, lens.height // 2)) for x in range(20, lens.width - 20)]
    light = [x for x, colour in enumerate(row) if min(colour) > 140 and min(row[x - 1]) <= 140]
    assert light[1] - light[0] == pytest.approx(2 * 50 * lies(page, 0)["width"] / 600, abs=3)


def test_the_surround_is_remembered(gallery):
    page = gallery.hang("picture-viewer", [picture(), picture(BLUE)])
    page.keyboard.press("s")
    page.keyboard.press("s")
    assert page.evaluate("getComputedStyle(viewer).backgroundColor") == "rgb(0, 0, 0)"

    page.reload()
    gallery.until("window.viewer?.isShown")
    assert page.evaluate("getComputedStyle(viewer).backgroundColor") == "rgb(0, 0, 0)"


def test_letters_can_be_off_while_signs_stay(gallery):
    page = gallery.hang("picture-viewer", [picture(), picture(BLUE)])
    page.evaluate("viewer.letters = false")
    page.keyboard.press("w")
    page.keyboard.press("=")

    assert not page.evaluate("viewer.wipe.isOn")
    assert page.evaluate("viewer.viewport.zoom") == 1.25


# ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────────


def zoom_to(page: Page, zoom: float) -> None:
    page.evaluate("zoom => viewer.zoom(zoom)", zoom)


def test_a_box_drawn_on_a_smaller_picture_comes_back_in_pixels_of_the_original(gallery):
    work = picture(size=(2048, 1536), original=(4000, 3000))
    page = gallery.hang("picture-viewer", [work, work])
    zoom_to(page, 3)
    at = lies(page, 1)
    scale = at["width"] / 4000
    start, end = (211, 83), (407, 318)  # CSS pixels of the frame

    page.evaluate("viewer.pick('box')")
    page.mouse.move(at["left"] + start[0], at["top"] + start[1])
    page.mouse.down()
    page.mouse.move(at["left"] + end[0], at["top"] + end[1], steps=4)
    page.mouse.up()

    [mark] = gallery.placed()
    x, y = (floor((start[axis] - at["xy"[axis]]) / scale) for axis in (0, 1))
    far_x, far_y = (floor((end[axis] - at["xy"[axis]]) / scale) for axis in (0, 1))
    box = {"x": x, "y": y, "width": far_x - x + 1, "height": far_y - y + 1}
    assert mark == {"position": 1, "kind": "box", "place": box}

    page.evaluate("mark => viewer.draw([{ ...mark, sign: -1, number: 1, tag: 'shadow' }])", mark)
    drawn = page.locator(".mark.against rect").bounding_box()
    assert drawn["x"] == pytest.approx(at["left"] + start[0], abs=scale + 1)
    assert drawn["x"] + drawn["width"] == pytest.approx(at["left"] + end[0], abs=scale + 1)
    assert drawn["y"] + drawn["height"] == pytest.approx(at["top"] + end[1], abs=scale + 1)

    page.keyboard.press("\\")
    fitted, drawn = lies(page, 1), page.locator(".mark.against rect").bounding_box()
    assert drawn["x"] - fitted["left"] - fitted["x"] == pytest.approx(x * fitted["width"] / 4000, abs=1.5)
    expect(page.locator(".badge")).to_have_text("1shadow")


def test_marks_are_placed_by_keys(gallery):
    page = gallery.hang("picture-viewer", [picture(), picture(BLUE)])
    scale = lies(page, 0)["width"] / 600
    far = round(8 / scale)

    page.evaluate("viewer.pick('box')")
    for key in ("ArrowRight", "Enter", "ArrowRight", "ArrowRight", "Shift+ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.evaluate("viewer.pick('point')")
    for key in (".", "ArrowUp", "Enter"):
        page.keyboard.press(key)

    # The first arrow brings the crosshair to the middle and moves it.
    box, point = gallery.placed()
    assert box["place"] == {"x": 300 + far, "y": 200, "width": 2 * far + 1, "height": round(40 / scale) + 1}
    assert point == {"position": 1, "kind": "point", "place": {"x": 300, "y": 200 - far}}


def test_a_brush_keeps_its_strokes_and_its_size_in_pixels_of_the_original(gallery):
    page = gallery.hang("picture-viewer", [picture(original=(6000, 4000)), picture(BLUE)])
    at = lies(page, 0)
    scale = at["width"] / 6000
    page.evaluate("viewer.pick('brush')")
    for stroke in (100, 160):
        if stroke == 100:
            page.keyboard.down("Shift")
        page.mouse.move(at["left"] + 100, at["top"] + at["y"] + stroke)
        page.mouse.down()
        page.mouse.move(at["left"] + 200, at["top"] + at["y"] + stroke, steps=5)
        page.mouse.up() if stroke == 160 else (page.mouse.up(), page.keyboard.up("Shift"))

    [mark] = gallery.placed()
    strokes = mark["place"]["strokes"]
    assert mark["place"]["size"] == round(28 / scale)
    assert len(strokes) == 2
    assert strokes[0][0] == pytest.approx([100 / scale, 100 / scale], abs=1 / scale)
    assert strokes[1][-1] == pytest.approx([200 / scale, 160 / scale], abs=1 / scale)
    assert all(isinstance(value, int) for stroke in strokes for point in stroke for value in point)


TALL = [picture(colour, size=(400, 640)) for colour in (RED, BLUE, GREEN)]


def in_sight(page: Page) -> list[float]:
    """How far the middle of each frame is from the middle of the window."""
    return page.evaluate(
        """[...document.querySelectorAll(".frame")].map((frame) => frame.getBoundingClientRect())
        .map(({ top, height }) => Math.abs(top + height / 2 - innerHeight / 2))"""
    )


def test_a_finger_goes_from_picture_to_picture(hand):
    page = hand.hang("picture-viewer", TALL)
    for start, way, seen in ((0, -120, 1), (1, -120, 2), (2, 120, 1)):
        swipe(page, frame(page, start), way)
        for _ in range(20):  # until the strip has come to rest
            if in_sight(page).index(min(in_sight(page))) == seen:
                break
            page.wait_for_timeout(100)

        assert in_sight(page).index(min(in_sight(page))) == seen


def test_a_finger_pans_what_is_zoomed_and_marks_when_asked_to(hand):
    page = hand.hang("picture-viewer", TALL)
    page.evaluate("viewer.pick('box')")
    swipe(page, frame(page, 0), -100, 10)
    zoom_to(page, 3)
    before, middle = in_sight(page), page.evaluate("viewer.viewport.x")
    swipe(page, frame(page, 0), -100)

    assert in_sight(page) == before
    assert page.evaluate("viewer.viewport.x") > middle
    assert [mark["kind"] for mark in hand.placed()] == ["box"]


def test_two_fingers_go_nowhere(hand):
    page = hand.hang("picture-viewer", TALL)
    before = in_sight(page)
    session = hand.context.new_cdp_session(page)

    touch(session, "touchStart", (250, 300))
    touch(session, "touchStart", (250, 300), (310, 300))
    touch(session, "touchMove", (130, 300), (150, 300))
    touch(session, "touchEnd")

    assert in_sight(page) == before


def test_a_finger_draws_a_box(hand):
    page = hand.hang("picture-viewer", [picture(), picture(BLUE)])
    at = lies(page, 0)
    session = hand.context.new_cdp_session(page)
    page.evaluate("viewer.pick('box')")

    touch(session, "touchStart", (at["left"] + 40, at["top"] + 40))
    touch(session, "touchMove", (at["left"] + 90, at["top"] + 60))
    touch(session, "touchMove", (at["left"] + 140, at["top"] + 100))
    touch(session, "touchEnd")

    [mark] = hand.placed()
    scale = at["width"] / 600
    assert mark["place"]["width"] == pytest.approx(100 / scale, abs=2)
    assert mark["place"]["x"] == floor((40 - at["x"]) / scale)


def test_going_to_a_mark_brings_it_into_view_at_the_zoom_of_the_eye(gallery):
    page = gallery.hang("picture-viewer", [picture(), picture(BLUE)])
    zoom_to(page, 6)
    mark = {"position": 1, "kind": "point", "place": {"x": 590, "y": 20}, "sign": 1, "number": 1}
    page.evaluate("mark => { viewer.draw([mark]); viewer.goTo(mark); }", mark)

    expect(page.locator(".mark circle").first).to_be_in_viewport()
    assert page.evaluate("viewer.viewport.zoom") == 6


# ── Faults ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_that_does_not_load_says_so(browser):
    with opened(browser) as gallery:
        page = gallery.hang("picture-viewer", [picture(), None])

        expect(page.get_by_role("alert")).to_have_text("B did not load.")
        gallery.complaints.clear()  # the browser's own word on the missing file


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_viewer_is_free_of_faults_of_access(browser, scheme):
    with opened(browser, color_scheme=scheme) as gallery:
        page = gallery.hang("picture-viewer", [picture(), picture(BLUE)])
        page.keyboard.press("w")

        found = Axe().run(page, context="picture-viewer").response["violations"]

    assert [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]] == []
