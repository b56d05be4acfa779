"""A release on its way to whoever may have it."""

import hashlib

import pytest

from tests.datasets.panel import body, download_of, freeze

pytestmark = pytest.mark.django_db


def test_the_download_tells_its_length_and_checksum_before_and_with_the_content(client, study, erin):
    release = freeze(study)
    client.force_login(erin)

    head, whole = client.head(download_of(release)), client.get(download_of(release))
    content = body(whole)

    assert head.content == b""
    for response in (head, whole):
        assert response.status_code == 200
        assert response.headers["Content-Length"] == str(len(content)) == str(release.archive_bytes)
        assert response.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
        assert response.headers["Content-Type"] == "application/zip"
        assert response.headers["Content-Disposition"] == f'attachment; filename="{release.file_name}"'
        assert response.headers["Accept-Ranges"] == "bytes"
    assert client.get(download_of(release), headers={"If-None-Match": head.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=5-", slice(5, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=10-99999999", slice(10, None)),
    ],
)
def test_one_range_of_bytes_can_be_asked_for(client, study, erin, asked, part):
    release = freeze(study)
    client.force_login(erin)
    content = body(client.get(download_of(release)))

    response = client.get(download_of(release), headers={"Range": asked})

    wanted, start = content[part], range(len(content))[part].start
    assert response.status_code == 206
    assert body(response) == wanted
    assert response.headers["Content-Length"] == str(len(wanted))
    assert response.headers["Content-Range"] == f"bytes {start}-{start + len(wanted) - 1}/{len(content)}"


@pytest.mark.parametrize(
    ("asked", "status"),
    [("bytes=99999999-", 416), ("bytes=-0", 416), ("bytes=9-3", 200), ("bytes=0-1,4-5", 200), ("lines=1-2", 200)],
)
def test_other_ranges_are_refused_or_passed_over(client, study, erin, asked, status):
    release = freeze(study)
    client.force_login(erin)

    response = client.get(download_of(release), headers={"Range": asked})

    assert response.status_code == status
    if status == 416:
        assert response.headers["Content-Range"] == f"bytes */{release.archive_bytes}"
    else:
        assert len(body(response)) == release.archive_bytes


def test_a_range_of_another_release_gives_the_whole(client, study, erin):
    release = freeze(study)
    client.force_login(erin)

    response = client.get(download_of(release), headers={"Range": "bytes=0-9", "If-Range": '"another"'})

    assert response.status_code == 200
    assert len(body(response)) == release.archive_bytes
