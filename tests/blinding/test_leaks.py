"""Leaks planted on purpose, one of each kind: the search that finds nothing in the product finds every one of them."""

import base64
import io
from dataclasses import replace
from urllib.parse import quote

import pytest
from PIL import Image

from feedback.intake.reading import media
from feedback.judging import bench, views
from feedback.judging.models import Assignment, Entry
from feedback.works.media import RECIPE
from feedback.works.models import Asset, Work
from tests.blinding import c2pa
from tests.blinding.crawl import Response, judge_all
from tests.blinding.folder import write_telling
from tests.blinding.violations import BESIDES, violations
from tests.works.making import cube, cube_bytes, numbered, sine, write_film, write_glb, write_sound

pytestmark = pytest.mark.django_db


def works_on(assignment) -> list[Work]:
    """The works of the comparison as they stand on the screen."""
    entries = Entry.objects.filter(comparison=assignment.comparison_id).select_related("work__generator")
    by_index = {entry.index: entry.work for entry in entries}
    return [by_index[index] for index in assignment.shown_order]


def name_of(work) -> str:
    return work.generator.name if work.generator else work.maker


def change_panes(monkeypatch, change):
    """Let `change(pane, work)` have its way with every work on a page."""
    plain = bench.panes_of

    def panes(assignment):
        return [change(*both) for both in zip(plain(assignment), works_on(assignment), strict=True)]

    monkeypatch.setattr(bench, "panes_of", panes)


def change_pages(monkeypatch, change):
    """Let `change(response, work)` have its way with every page that shows works."""
    plain = views.render

    def render(request, template, context, **more):
        response = plain(request, template, context, **more)
        if "task" in context:
            change(response, works_on(context["task"].assignment)[0])
        return response

    monkeypatch.setattr(views, "render", render)


def change_works(monkeypatch, change):
    """Let `change(response, work)` have its way with every served picture."""
    plain = views.ranged

    def ranged(request, file, **more):
        response = plain(request, file, **more)
        asset = Asset.objects.filter(derivative=file.name.split("derivatives/")[-1]).select_related("work").first()
        change(response, asset.work)
        return response

    monkeypatch.setattr(views, "ranged", ranged)


def name_in_the_body(monkeypatch, told):
    change_panes(monkeypatch, lambda pane, work: replace(pane, letter=name_of(work).lower()))


def name_in_a_header(monkeypatch, told):
    change_pages(monkeypatch, lambda response, work: response.headers.setdefault("X-Cache-Key", quote(name_of(work))))


def version_in_base64_in_an_attribute(monkeypatch, told):
    def change(pane, work):
        version = work.generator.version if work.generator else ""
        return replace(pane, width=base64.b64encode(f"v={version};".encode()).decode())

    change_panes(monkeypatch, change)


def file_name_in_the_address_of_a_work(monkeypatch, told):
    def change(pane, work):
        return replace(pane, url=f"{pane.url}?{quote(told.files[work.external_id])}") if pane.url else pane

    change_panes(monkeypatch, change)


def exif_kept_in_the_derivative(monkeypatch, told):
    plain = media.encode

    def encode(path, destination, **more):
        derivative = plain(path, destination, **more)
        with Image.open(path) as original, Image.open(destination) as shown:
            saved = io.BytesIO()
            shown.save(saved, "WEBP", exif=original.getexif())
        destination.write_bytes(saved.getvalue())
        return replace(derivative, bytes=len(saved.getvalue()), sha256=f"{RECIPE:02}" + derivative.sha256[2:])

    monkeypatch.setattr(media, "encode", encode)


def c2pa_kept_in_the_derivative(monkeypatch, told):
    plain = media.encode

    def encode(path, destination, **more):
        derivative = plain(path, destination, **more)
        store = c2pa.store_in(path.read_bytes())
        if not store:
            return derivative
        destination.write_bytes(c2pa.in_webp(destination.read_bytes(), store))
        sha256 = "c2" + derivative.sha256[2:]  # a name that no other test has stored a file under
        return replace(derivative, bytes=destination.stat().st_size, sha256=sha256)

    monkeypatch.setattr(media, "encode", encode)


def external_id_as_hex_in_a_cookie(monkeypatch, told):
    change_pages(monkeypatch, lambda response, work: response.set_cookie("last", work.external_id.encode().hex()))


def checksum_of_the_original_as_etag(monkeypatch, told):
    change_works(monkeypatch, lambda response, work: response.headers.setdefault("ETag", f'"{work.sha256}"'))


def checksum_of_what_is_shown_in_a_header(monkeypatch, told):
    def change(response, work):
        response["X-Content"] = work.assets.get(role="shown").sha256.upper()

    change_works(monkeypatch, change)


def metadata_in_a_comment_on_the_page(monkeypatch, told):
    def change(response, work):
        response.content += f"<!-- {str(work.metadata).upper()} -->".encode()

    change_pages(monkeypatch, change)


def consent_in_the_name_of_a_cookie(monkeypatch, told):
    def change(response, work):
        response.set_cookie(work.clearances.get().consent.split()[0], "1")

    change_pages(monkeypatch, change)


def order_by_generator(monkeypatch, told):
    plain = Assignment.save

    def save(self, **more):
        self.shown_order = sorted(self.shown_order, key=lambda index: name_of(Entry.objects.get(comparison=self.comparison_id, index=index).work))  # fmt: skip
        plain(self, **more)

    monkeypatch.setattr(Assignment, "save", save)


LEAKS = {
    name_in_the_body: {("generator", "html", "body")},
    name_in_a_header: {("generator", "url path", "X-Cache-Key")},
    version_in_base64_in_an_attribute: {("version", "base64+2", "body")},
    file_name_in_the_address_of_a_work: {
        ("file name", "url", "url"),
        ("file name", "url", "body"),
        ("address", "", "body"),
    },
    exif_kept_in_the_derivative: {
        ("EXIF", "plain", "body"),
        ("EXIF author", "utf-16-le", "body"),
        ("metadata", "EXIF", "body"),
    },
    c2pa_kept_in_the_derivative: {("C2PA", "plain", "body"), ("metadata", "C2PA", "body")},
    external_id_as_hex_in_a_cookie: {("external id", "hex", "cookie")},
    checksum_of_the_original_as_etag: {("original checksum", "plain", "ETag"), ("header", "ETag", "ETag")},
    checksum_of_what_is_shown_in_a_header: {("shown checksum", "plain", "X-Content")},
    metadata_in_a_comment_on_the_page: {("metadata", "plain", "body"), ("metadata key", "plain", "body")},
    consent_in_the_name_of_a_cookie: {("consent", "plain", "cookie")},
    order_by_generator: {("order", "by name", "body")},
}


def found_on_a_way(telling, visitor, plant=None, monkeypatch=None) -> set[tuple[str, str, str]]:
    """What the search finds on a rater's short way, with a leak planted."""
    sizes = {"pictures": 0, "texts": 5} if plant is order_by_generator else {"pictures": 1, "texts": 1, "makers": 3}
    told = telling(plant=plant and (lambda told: plant(monkeypatch, told)), **sizes)
    bob = visitor(told.slug)
    judge_all(bob, told.slug)
    return {(one.kind, one.encoding, one.place) for one in violations(bob.responses, told)}


def test_without_a_leak_nothing_is_found(telling, visitor):
    assert found_on_a_way(telling, visitor) == set()


@pytest.mark.parametrize(("plant", "expected"), LEAKS.items(), ids=[plant.__name__ for plant in LEAKS])
def test_a_planted_leak_is_found(telling, visitor, monkeypatch, plant, expected):
    found = found_on_a_way(telling, visitor, plant, monkeypatch)

    assert expected <= found


def test_metadata_left_in_films_sounds_and_models_is_found(tmp_path):
    film = write_film(tmp_path / "film.webm", [numbered(0)] * 3, title="Aurora")
    sound = write_sound(tmp_path / "sound.flac", sine(0.2), artist="Aurora")
    document = cube()
    document["asset"]["generator"] = "Aurora"
    model = write_glb(tmp_path / "model.glb", document, cube_bytes())

    found = [
        BESIDES[kind](path.read_bytes())
        for kind, path in (("video/webm", film), ("audio/flac", sound), ("model/gltf-binary", model))
    ]

    assert all(found)


@pytest.mark.parametrize(("suffix", "kind"), [(".jpg", "image/jpeg"), (".png", "image/png"), (".mp4", "video/mp4")])
def test_a_manifest_left_in_an_original_is_found(tmp_path, suffix, kind):
    told = write_telling(tmp_path / "study", pictures=1, texts=0, moving=["film"])
    body = next((told.path / "media").glob(f"*{suffix}")).read_bytes()
    sent = Response("GET", "/assignments/0/works/0/", "shown_work", 200, (("Content-Type", kind),), (), body)

    found = {(one.kind, one.place) for one in violations([sent], told)}

    assert ("C2PA", "body") in found
    assert c2pa.store_in(body)[4:8] == b"jumb"
