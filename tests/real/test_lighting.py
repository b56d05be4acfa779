"""Scenes under four lights, as pictures that somebody judges."""

import base64
import hashlib
import re
from collections import Counter

import pytest
from django.urls import reverse

from feedback.judging.models import Comparison, Entry
from feedback.studies.models import Study
from feedback.works.models import Asset, Work
from tests import make
from tests.real import lighting
from tests.real.folder import run

pytestmark = pytest.mark.django_db

METADATA = (b"EXIF", b"Exif", b"XMP", b"xmpmeta", b"ns.adobe.com", b"ICCP", b"ICC_PROFILE")


def test_every_picture_gets_a_derivative_that_carries_no_metadata_and_every_pair_of_a_scene_is_asked(
    real_data, tmp_path
):
    folder = lighting.study_of(real_data, tmp_path / "lights")

    told = run("import_study", folder)

    assert (told["prompts"], told["works"], told["comparisons"]) == (12, 48, 12 * 6)
    assert told["warnings"] == []
    assert {tuple(one["uses"]) for one in told["blocked"]} == {("training a reward model",)}
    for comparison in Comparison.objects.prefetch_related("entries__work"):
        assert {entry.work.prompt_id for entry in comparison.entries.all()} == {comparison.prompt_id}
    asked = Counter(Entry.objects.values_list("work", flat=True))
    assert asked == dict.fromkeys(Work.objects.values_list("pk", flat=True), 3)
    for work in Work.objects.prefetch_related("assets"):
        assets = {asset.role: asset for asset in work.assets.all()}
        original = (folder / "media" / f"{work.external_id}.jpg").read_bytes()
        derivative = _bytes(assets[Asset.Role.SHOWN].derivative)
        assert _bytes(assets[Asset.Role.ORIGINAL].original) == original
        assert work.external_id.encode() in original
        assert (derivative[:4], derivative[8:12]) == (b"RIFF", b"WEBP")
        assert not [mark for mark in (*METADATA, *_traces(work.external_id)) if mark in derivative]


def test_a_rater_sees_pairs_of_a_scene_and_nothing_says_which_light_it_is(real_data, tmp_path, client, bob):
    run("import_study", lighting.study_of(real_data, tmp_path / "lights"))
    study = Study.objects.get()
    make.make_rater(study, bob)
    client.force_login(bob)

    page = client.get(reverse("judge", args=[study.slug]))
    sources = re.findall(r'<img src="([^"]+)"', page.content.decode())
    pictures = [client.get(source) for source in sources]

    shown = [entry.work for entry in Comparison.objects.get(assignments__rater__user=bob).entries.all()]
    assert len(pictures) == len(shown) == 2
    assert {(picture.status_code, picture["Content-Type"]) for picture in pictures} == {(200, "image/webp")}
    derivatives = {picture.getvalue() for picture in pictures}
    assert derivatives == {_bytes(work.assets.get(role=Asset.Role.SHOWN).derivative) for work in shown}
    told = [_whole(page), *(str(dict(picture.headers)).encode() for picture in pictures), *derivatives]
    for work in shown:
        names = (work.external_id, work.external_id + ".jpg", work.prompt.external_id, work.generator.name, work.sha256)
        traces = [trace for name in names for trace in _traces(name)]
        assert not [trace for trace in traces for response in told if trace in response]


def _bytes(file):
    with file.open("rb") as opened:
        return opened.read()


def _whole(response):
    return str(dict(response.headers)).encode() + response.content


def _traces(name):
    """The name as a leak would write it: plain, in hex, in base64, as a checksum."""
    plain = name.encode()
    return plain, plain.hex().encode(), base64.b64encode(plain).rstrip(b"="), hashlib.sha256(plain).hexdigest().encode()
