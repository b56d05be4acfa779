"""Models on the bench: one camera, one light, and spots that lie on the surface of the file."""

from collections.abc import Iterator
from math import dist

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import chromium, launch_arguments
from tests.browser.gallery import Gallery, Shown, opened
from tests.browser.solids import PRIMITIVES, SHIFT, gate, house, poster

pytestmark = [pytest.mark.xdist_group("browser")]
# WebGL without a graphics card.
DRAWS = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
SMALL = {"width": 800, "height": 560}  # every pixel is drawn by the processor
HOUSE = Shown(house(), "model/gltf-binary")
GATE = Shown(gate(), "model/gltf-binary")
POSTER = Shown(poster(), "model/gltf-binary")


@pytest.fixture(scope="module")
def drawing(launch_browser) -> Iterator[Browser]:
    browser = launch_browser(executable_path=chromium(), args=[*launch_arguments(), *DRAWS])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def wall(drawing) -> Iterator[Gallery]:
    with opened(drawing, reduced_motion="reduce", viewport=SMALL) as it:
        yield it


@pytest.fixture
def gallery(wall) -> Iterator[Gallery]:
    """One page for all, as on the bench: works follow works, on one canvas that is made once."""
    yield wall
    assert wall.complaints == []


def hang(gallery: Gallery, *works: Shown | None, exposure: str = "off") -> Page:
    page = gallery.hang("solid-viewer", works, exposure=exposure)
    gallery.until("viewer.panes.every((pane) => pane.model || pane.hasFailed)")
    still(page)
    return page


def still(page: Page) -> None:
    """Whatever was asked for has been drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def frame(page: Page, position: int) -> Locator:
    return page.locator(".frame").nth(position)


def shows(gallery: Gallery, position: int = 0) -> Image.Image:
    still(gallery.page)
    return gallery.look(frame(gallery.page, position))


def difference(one: Image.Image, other: Image.Image) -> float:
    """The part of the pixels that differ plainly."""
    changed = ImageChops.difference(one, other.resize(one.size)).convert("L").point(lambda value: 255 * (value > 12))
    return changed.histogram()[255] / (one.width * one.height)


# ── One camera ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_both_models_are_drawn_and_turn_alike(gallery):
    page = hang(gallery, HOUSE, HOUSE)
    before = shows(gallery)
    assert len(before.getcolors(1_000_000)) > 50

    for key in ("ArrowRight", "ArrowUp", "="):
        page.keyboard.press(key)
        now = shows(gallery)
        assert difference(before, now) > 0.01
        assert difference(now, shows(gallery, 1)) < 0.001
        before = now

    box = frame(page, 1).bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 180, steps=3)
    page.mouse.up()
    page.mouse.wheel(0, 120)
    assert difference(before, shows(gallery)) > 0.01
    assert difference(shows(gallery), shows(gallery, 1)) < 0.001


def test_z_brings_back_how_it_was_at_first(gallery):
    page = hang(gallery, HOUSE, HOUSE)
    first = shows(gallery)
    for key in ("ArrowRight", "ArrowDown", "-", "z"):
        page.keyboard.press(key)

    assert difference(first, shows(gallery)) == 0


def test_every_mode_shows_the_models_another_way(gallery):
    page = hang(gallery, HOUSE, POSTER)
    modes = [shows(gallery)]
    for name in ("Clay", "Wire", "Normals"):
        page.keyboard.press("v")
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        modes.append(shows(gallery))

    assert all(difference(one, other) > 0.01 for one in modes for other in modes if one is not other)
    page.get_by_role("button", name="Shaded").click()
    assert difference(modes[0], shows(gallery)) == 0


def test_a_picture_inside_the_file_is_seen(gallery):
    hang(gallery, POSTER, HOUSE)
    shown = shows(gallery)
    red, green, blue = shown.getpixel((shown.width // 2, shown.height // 2))

    assert green > red + 40
    assert green > blue + 40


# ── What was seen ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_turntable_runs_until_a_key_stops_it(drawing):
    with opened(drawing, viewport=SMALL) as gallery:
        page = hang(gallery, HOUSE, HOUSE)
        gallery.until("viewer.seen()[0].turned > 20")
        page.keyboard.press("ArrowUp")
        still(page)
        turned = page.evaluate("viewer.seen()[0].turned")
        page.wait_for_timeout(300)

        assert page.evaluate("viewer.seen()[0].turned") == turned < 360


def test_with_less_motion_nothing_turns_by_itself(gallery):
    page = hang(gallery, HOUSE, HOUSE)
    before = shows(gallery)
    page.wait_for_timeout(300)

    assert difference(before, shows(gallery)) == 0
    assert page.evaluate("viewer.seen()[0].turned") <= 1


def test_a_study_may_ask_for_270_degrees(gallery):
    page = hang(gallery, HOUSE, HOUSE, exposure="whole")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
        still(page)
    assert page.evaluate("viewer.missing()").startswith("Turn A and B round: 181")
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
        still(page)
    assert page.evaluate("viewer.missing()") != ""  # there and back is the same side
    for _ in range(13):
        page.keyboard.press("ArrowRight")
        still(page)

    assert page.evaluate("viewer.missing()") == ""
    seen = page.evaluate("viewer.seen()")
    assert 270 <= seen[0]["turned"] <= 360
    assert 1 <= len(seen[1]["path"]) <= 60
    assert all(len(point) == 4 for point in seen[1]["path"])


def test_a_hidden_viewer_lets_go_of_the_canvas_and_draws_again(gallery):
    page = hang(gallery, HOUSE, POSTER)
    before = shows(gallery, 1)

    page.evaluate("viewer.hide()")
    assert page.locator("canvas").count() == 0
    page.evaluate("viewer.show()")
    page.locator("canvas").wait_for(state="attached")

    assert difference(before, shows(gallery, 1)) < 0.001


# ── Spots ────────────────────────────────────────────────────────────────────────────────────────────────────────


def spot(gallery: Gallery, x: float, y: float, position: int = 0) -> dict[str, object]:
    """Press on a point of the frame, 0..1 from its corner, and take the place that was announced."""
    page = gallery.page
    page.evaluate("viewer.pick('spot')")
    box = frame(page, position).bounding_box()
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    mark = gallery.placed()[-1]
    assert (mark["position"], mark["kind"]) == (position, "spot")
    return mark["place"]


def on_the_face(place: dict) -> tuple[float, ...]:
    points, faces = PRIMITIVES[place["mesh"], place["primitive"]]
    corners = [points[index] for index in faces[place["face"]]]
    at = [
        sum(part * corner[axis] for part, corner in zip(place["barycentric"], corners, strict=True))
        for axis in range(3)
    ]
    return tuple(value + (SHIFT[axis] if place["mesh"] == 1 else 0) for axis, value in enumerate(at))


def test_a_spot_lies_on_the_face_that_it_names(gallery):
    page = hang(gallery, HOUSE, HOUSE)
    seen = set()
    for x, y, position in ((0.5, 0.62, 0), (0.42, 0.7, 1), (0.5, 0.2, 0)):
        place = spot(gallery, x, y, position)
        seen.add((place["mesh"], place["primitive"]))

        assert all(0 <= part <= 1 for part in place["barycentric"])
        assert sum(place["barycentric"]) == pytest.approx(1, abs=1e-5)
        assert dist(on_the_face(place), place["position"]) < 1e-4
    assert seen >= {(0, 0), (1, 1)}
    assert page.evaluate("viewer.controls.hint.textContent") == ""


def test_a_press_beside_the_model_places_nothing(gallery):
    page = hang(gallery, HOUSE, HOUSE)
    page.evaluate("viewer.pick('spot')")
    frame(page, 0).click(position={"x": 8, "y": 8})

    assert gallery.placed() == []
    expect(page.get_by_role("status")).to_have_text("There is nothing of the model at that point.")


def test_a_spot_is_placed_by_keys(gallery):
    page = hang(gallery, HOUSE, HOUSE)
    page.evaluate("viewer.pick('spot')")
    for key in (".", "ArrowDown", "Enter"):
        page.keyboard.press(key)

    [mark] = gallery.placed()
    assert mark["position"] == 1
    assert dist(on_the_face(mark["place"]), mark["place"]["position"]) < 1e-4


def test_the_keys_begin_on_the_model_where_its_middle_is_a_hole(gallery):
    page = hang(gallery, GATE, GATE)
    page.evaluate("viewer.pick('spot')")
    for key in ("Enter", "Enter"):
        page.keyboard.press(key)

    assert [mark["position"] for mark in gallery.placed()] == [0]


def test_a_pin_stays_on_its_spot_and_is_faint_behind_the_model(gallery):
    page = hang(gallery, HOUSE, HOUSE)
    box = frame(page, 0).bounding_box()
    place = spot(gallery, 0.5, 0.62)
    page.evaluate("place => viewer.draw([{ position: 0, kind: 'spot', place, sign: 1, number: 1, tag: '' }])", place)
    still(page)

    pin = page.evaluate("document.querySelector('.mark circle').getBoundingClientRect().toJSON()")
    assert pin["x"] + pin["width"] / 2 == pytest.approx(box["x"] + 0.5 * box["width"], abs=1.5)
    assert pin["y"] + pin["height"] / 2 == pytest.approx(box["y"] + 0.62 * box["height"], abs=1.5)
    expect(page.locator(".mark.behind")).to_have_count(0)
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".mark.behind")).to_have_count(1)

    page.evaluate("place => viewer.goTo({ position: 0, kind: 'spot', place })", place)
    expect(page.locator(".mark.behind")).to_have_count(0)


# ── Faults ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("broken", [None, Shown(b"glTF but not really", "model/gltf-binary")], ids=["absent", "broken"])
def test_a_model_that_does_not_load_says_so(gallery, broken):
    page = hang(gallery, HOUSE, broken, exposure="whole")

    expect(page.get_by_role("alert")).to_have_text("B did not load.")
    assert page.evaluate("viewer.missing()") == "B cannot be shown: answer 0, cannot judge"
    gallery.complaints.clear()  # the browser's own word on the missing file


def test_without_webgl_it_says_so(drawing):
    with opened(drawing) as gallery:
        gallery.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        page = gallery.hang("solid-viewer", [HOUSE, HOUSE])

        expect(page.get_by_role("alert").first).to_contain_text("WebGL is switched off or missing")


def test_a_lost_context_is_told_and_comes_back(gallery):
    page = hang(gallery, HOUSE, HOUSE)
    before = shows(gallery)

    page.evaluate(
        "window.loss = viewer.stage.renderer.getContext().getExtension('WEBGL_lose_context'); loss.loseContext()"
    )
    expect(page.get_by_role("status")).to_contain_text("The graphics card let go of the picture.")
    page.evaluate("loss.restoreContext()")
    expect(page.get_by_role("status")).to_have_text("")

    assert difference(before, shows(gallery)) < 0.001
    gallery.complaints.clear()


def test_the_next_models_are_drawn_even_if_the_context_stayed_lost(drawing):
    with opened(drawing, reduced_motion="reduce", viewport=SMALL) as gallery:
        page = hang(gallery, HOUSE, HOUSE)
        before = shows(gallery)
        page.evaluate("viewer.stage.renderer.getContext().getExtension('WEBGL_lose_context').loseContext()")
        hang(gallery, HOUSE, HOUSE)

        assert difference(before, shows(gallery)) < 0.001
        gallery.complaints.clear()


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}], ids=["desk", "hand"])
def test_the_viewer_is_free_of_faults_of_access(drawing, size):
    with opened(drawing, viewport=size, reduced_motion="reduce") as gallery:
        page = hang(gallery, HOUSE, HOUSE)

        found = Axe().run(page, context="solid-viewer").response["violations"]

        assert [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
