"""The search finds a secret in every dress, and only then."""

import base64
import hashlib
import html
from urllib.parse import quote

import pytest

from tests.blinding.secrets import Index, Secret, digests

NAME = Secret("generator", "Quomodocunque & Söhne")


def in_base64(before: str) -> bytes:
    return base64.b64encode(f"{before}{NAME.value} of 1931".encode())


@pytest.mark.parametrize(
    "text",
    [
        NAME.value.encode(),
        NAME.value.upper().encode(),
        b"qUOMODOCUNQUE",
        b"/quomodocunque-s%C3%B6hne/",
        b"quomodocunque_s\xc3\xb6hne.webp",
        html.escape(NAME.value).encode(),
        quote(NAME.value).encode(),
        quote(NAME.value, safe="").lower().encode(),
        b"Quomodocunque+%26+S%C3%B6hne",
        rb'"Quomodocunque & S\u00f6hne"',
        NAME.value.encode().hex().encode(),
        NAME.value.encode().hex().upper().encode(),
        NAME.value.encode("utf-16-le"),
        NAME.value.encode("utf-16-be"),
        in_base64(""),
        in_base64("x"),
        in_base64("xy"),
        base64.urlsafe_b64encode(NAME.value.lower().encode()),
        hashlib.md5(NAME.value.encode()).hexdigest().encode(),
        hashlib.sha1(b"quomodocunque").hexdigest().encode(),
        hashlib.sha256(NAME.value.upper().encode()).hexdigest().upper().encode(),
    ],
)
def test_a_secret_is_found_in_every_dress(text):
    index = Index([NAME])

    found = index.find(b"<p>before " + text + b" after</p>")

    assert {needle.secret for needle in found} == {NAME}


def test_a_content_is_found_by_its_checksum_whole_cut_or_in_base64():
    content = b"the original"
    checksum = hashlib.sha256(content)
    index = Index(digests("original", content))

    whole, cut, packed = (
        index.find(text)
        for text in (
            f'"{checksum.hexdigest()}"'.encode(),
            checksum.hexdigest()[:16].encode(),
            b"sha256-" + base64.b64encode(checksum.digest()),
        )
    )

    assert whole
    assert cut
    assert packed


def test_nothing_is_found_where_nothing_is():
    index = Index([NAME, *digests("original", b"the original")])

    assert index.find(b"") == index.find(b"Quomodo") == index.find(bytes(range(256)) * 50) == set()


def test_a_secret_too_short_to_look_for_is_passed_by_and_a_fragment_refused():
    assert Index([Secret("generator", "GPT")]).size == 0
