"""Everything a rater can get is searched for everything that tells who made a work."""

from collections import Counter
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver
from PIL import Image

from tests.blinding.crawl import MEDIA
from tests.blinding.secrets import Index
from tests.blinding.violations import violations

pytestmark = pytest.mark.django_db
STATUSES = {200, 204, 206, 302, 400, 403, 404, 405, 409, 410, 416, 422}
WORK_HEADERS = {
    "Accept-Ranges",
    "Cache-Control",
    "Content-Length",
    "Content-Security-Policy",
    "Content-Type",
    "Cross-Origin-Opener-Policy",
    "Referrer-Policy",
    "Vary",
    "X-Content-Type-Options",
    "X-Frame-Options",
}


def names(resolver) -> set[str]:
    return {
        name
        for pattern in resolver.url_patterns
        for name in (names(pattern) if isinstance(pattern, URLResolver) else {pattern.name})
    }


def profile_in(file: Path) -> bytes:
    """The colour profile, which a PNG keeps compressed."""
    if file.suffix in {".mp4", ".mp3", ".glb"}:
        return b""
    with Image.open(file) as image:
        return image.info.get("icc_profile", b"")


def test_nothing_a_rater_gets_tells_who_made_a_work(walked):
    responses, told = walked

    assert violations(responses, told) == []


def test_the_walk_knocks_at_every_address_of_the_site(walked):
    responses, _ = walked

    assert names(get_resolver()) - {response.view for response in responses} == set()


def test_the_walk_meets_every_kind_of_answer(walked):
    responses, _ = walked

    statuses = Counter(response.status for response in responses)

    assert STATUSES - set(statuses) == set()
    assert len({response.url for response in responses if MEDIA.fullmatch(response.url)}) >= 20
    assert len(responses) >= 400


def test_the_secrets_are_in_the_folder_to_begin_with(walked):
    _, told = walked
    checksums = {secret for secret in told.secrets if "checksum" in secret.kind}
    index = Index(told.secrets)

    files = list(told.path.rglob("*.*"))
    profiles = [profile_in(file) for file in files if file.parent.name == "media"]
    found = {needle.secret for text in [*map(Path.read_bytes, files), *profiles] for needle in index.find(text)}

    assert set(told.secrets) - found - checksums == set()
    assert len({secret.kind for secret in told.secrets}) >= 25


def test_works_come_with_the_same_headers_whoever_made_them(walked):
    responses, _ = walked
    shown = [response for response in responses if response.view == "shown_work" and response.status == 200]

    headers = {name for response in shown for name, _ in response.headers}
    values = {
        medium: {
            (name, value)
            for response in shown
            for name, value in response.headers
            if name != "Content-Length" and response.header("Content-Type") == medium
        }
        for medium in {response.header("Content-Type") for response in shown}
    }

    assert headers <= WORK_HEADERS
    assert set(values) == {"image/webp", "video/webm", "audio/flac", "model/gltf-binary"}
    for told in values.values():
        assert len(told) == len({name for name, _ in told})
