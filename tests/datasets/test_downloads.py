"""A release on its way to whoever may have it: the zip, and each file at an address of its own."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse

from feedback.datasets import serving
from feedback.datasets.serving import address_of, key_for
from feedback.people.models import AuditEntry
from tests.datasets.panel import body, download_of, freeze

pytestmark = pytest.mark.django_db


def file_of(release, path=""):
    """The address of the file, the first with rows unless told."""
    return reverse("release_file", args=[release.public_id, path or release.files.data().first().path])


@pytest.fixture
def release(study):
    return freeze(study)


@pytest.fixture
def engineer(client, erin):
    client.force_login(erin)
    return client


def test_the_download_tells_its_length_and_checksum_before_and_with_the_content(engineer, release):
    head, whole = engineer.head(download_of(release)), engineer.get(download_of(release))
    content = body(whole)

    assert head.content == b""
    for response in (head, whole):
        assert response.status_code == 200
        assert response.headers["Content-Length"] == str(len(content)) == str(release.archive_bytes)
        assert response.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
        assert response.headers["Content-Type"] == "application/zip"
        assert response.headers["Content-Disposition"] == f'attachment; filename="{release.file_name}"'
        assert response.headers["Accept-Ranges"] == "bytes"
    known = {"If-None-Match": head.headers["ETag"]}
    assert engineer.get(download_of(release), headers=known).status_code == 304
    assert engineer.get(download_of(release), headers={"If-Match": '"another"'}).status_code == 412


def test_every_file_is_at_an_address_of_its_own_with_the_bytes_it_has_in_the_zip(engineer, release):
    archive = zipfile.ZipFile(io.BytesIO(body(engineer.get(download_of(release)))))

    for file in release.files.all():
        head, whole = engineer.head(file_of(release, file.path)), engineer.get(file_of(release, file.path))
        content = body(whole)

        assert content == archive.read(file.path)
        for response in (head, whole):
            assert response.status_code == 200
            assert response.headers["Content-Length"] == str(len(content))
            assert response.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert response.headers["Cache-Control"] == "private, no-cache"
    assert set(archive.namelist()) == {file.path for file in release.files.all()}


def test_files_say_what_they_are(engineer, release):
    types = {
        "README.md": "text/markdown; charset=utf-8",
        "manifest.json": "application/json",
        release.files.data().first().path: "application/jsonl",
    }

    for path, media_type in types.items():
        assert engineer.head(file_of(release, path)).headers["Content-Type"] == media_type
    assert serving.media_type_of("data/pairs/train.jsonl.gz") == "application/gzip"
    assert serving.media_type_of("data/pairs/train.parquet") == "application/vnd.apache.parquet"
    assert serving.media_type_of("media/abc.html") == "application/octet-stream"


RANGES = [
    ("bytes=0-9", slice(0, 10)),
    ("bytes=5-", slice(5, None)),
    ("bytes=-7", slice(-7, None)),
    ("bytes=10-99999999", slice(10, None)),
]


@pytest.mark.parametrize(("asked", "part"), RANGES)
@pytest.mark.parametrize("address", [download_of, file_of])
def test_one_range_of_bytes_can_be_asked_for(engineer, release, asked, part, address):
    content = body(engineer.get(address(release)))

    response = engineer.get(address(release), headers={"Range": asked})

    wanted, start = content[part], range(len(content))[part].start
    assert response.status_code == 206
    assert body(response) == wanted
    assert response.headers["Content-Length"] == str(len(wanted))
    assert response.headers["Content-Range"] == f"bytes {start}-{start + len(wanted) - 1}/{len(content)}"


@pytest.mark.parametrize(
    ("asked", "status"),
    [("bytes=99999999-", 416), ("bytes=-0", 416), ("bytes=9-3", 200), ("bytes=0-1,4-5", 200), ("lines=1-2", 200)],
)
@pytest.mark.parametrize("address", [download_of, file_of])
def test_other_ranges_are_refused_or_passed_over(engineer, release, asked, status, address):
    size = len(body(engineer.get(address(release))))

    response = engineer.get(address(release), headers={"Range": asked})

    assert response.status_code == status
    if status == 416:
        assert response.headers["Content-Range"] == f"bytes */{size}"
    else:
        assert len(body(response)) == size


def test_a_range_of_another_release_gives_the_whole(engineer, release):
    response = engineer.get(download_of(release), headers={"Range": "bytes=0-9", "If-Range": '"another"'})

    assert response.status_code == 200
    assert len(body(response)) == release.archive_bytes


@pytest.mark.parametrize("path", ["data/pairs/other.jsonl", "../secret_key", "data/../README.md", "README.md/"])
def test_what_is_no_file_of_the_release_does_not_exist(engineer, release, path):
    assert engineer.get(f"/releases/{release.public_id}/{path}").status_code == 404


def test_a_signed_link_opens_the_zip_and_its_files_without_a_session(client, release, erin):
    key = key_for(release, erin)
    path = release.files.data().first().path

    for address in (address_of(release, key=key), address_of(release, path, key=key)):
        response = client.get(address.partition("localhost:8000")[2] or address)
        assert response.status_code == 200
        assert body(response)
    taken = AuditEntry.objects.filter(action="download release")
    assert [entry.by for entry in taken] == [erin, erin]


def test_a_signed_link_opens_nothing_else_and_not_for_ever(client, study, release, erin, monkeypatch):
    other = freeze(study, view="judgements")
    key = key_for(release, erin)

    def status(of, with_key):
        return client.get(file_of(of), {"key": with_key}).status_code

    assert other != release
    assert status(other, key) == 404
    assert status(release, key[:-1] + ("a" if key[-1] != "a" else "b")) == 404
    assert status(release, "") == 404
    assert status(release, signing.TimestampSigner(salt="another").sign(release.public_id.hex)) == 404
    monkeypatch.setattr(serving, "LINK_LIFE", timedelta(0))
    assert status(release, key) == 404


@pytest.mark.parametrize("lost", ["the membership", "the account"])
def test_a_signed_link_ends_with_the_right_of_whoever_made_it(client, release, erin, lost):
    key = key_for(release, erin)
    if lost == "the membership":
        erin.memberships.all().delete()
    else:
        erin.is_active = False
        erin.save()

    assert client.get(file_of(release), {"key": key}).status_code == 404


def test_a_forged_key_does_not_fall_back_on_the_session(engineer, release):
    assert engineer.get(file_of(release), {"key": "forged"}).status_code == 404


@pytest.mark.parametrize("who", ["nobody", "a stranger", "a rater"])
def test_for_all_others_no_file_exists(client, release, bob, charlie, who):
    if who != "nobody":
        client.force_login(charlie if who == "a stranger" else bob)

    for address in (download_of(release), file_of(release), reverse("release", args=[release.public_id])):
        assert client.get(address).status_code == 404
        assert client.head(address).status_code in {404, 405}


def test_every_taking_away_is_on_record_and_a_look_is_not(engineer, release, erin):
    engineer.head(download_of(release))
    body(engineer.get(download_of(release)))
    body(engineer.get(file_of(release), headers={"Range": "bytes=0-"}))
    body(engineer.get(file_of(release), headers={"Range": "bytes=5-9"}))

    told = AuditEntry.objects.filter(action="download release", by=erin)
    assert told.count() == 2
    assert {entry.detail["release"] for entry in told} == {str(release)}


def test_the_lines_of_python_name_every_file_of_the_rows(engineer, study, release):
    page = engineer.get(reverse("release", args=[release.public_id])).content.decode()

    whole, rows = (block.split("</code>")[0] for block in page.split('<pre class="code"')[1:])
    assert whole.count("\n") == rows.count("\n") == 2
    listed = json.loads(rows.split("files = ")[1].split("\n")[0].replace("&quot;", '"'))
    assert {split: len(addresses) for split, addresses in listed.items()} == {
        split: release.files.data().filter(split=split).count()
        for split in {file.split for file in release.files.data()}
    }
    for addresses in listed.values():
        for address in addresses:
            engineer.logout()
            assert engineer.get("/" + address.split("/", 3)[3]).status_code == 200
