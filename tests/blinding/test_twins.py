"""The same content by two makers: nothing differs but the address."""

import json
import re
import shutil

import pytest

from tests.blinding.conftest import import_folder
from tests.blinding.crawl import judge_all, look_at_work
from tests.blinding.folder import write_telling

pytestmark = pytest.mark.django_db
UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def twins(db, tmp_path):
    """A study in which all works of a prompt are the same to the last byte, and so are the prompts."""
    told = write_telling(tmp_path / "study", pictures=1, texts=1, makers=4)
    rows = [json.loads(line) for line in (told.path / "works.jsonl").read_text().splitlines()]
    files = [row["file"] for row in rows if "file" in row]
    first = told.path / "media" / next(file for file in files if file.endswith(".png"))
    content = first.read_bytes()
    for row in rows:
        if "file" in row:
            (told.path / "media" / row["file"]).unlink(missing_ok=True)
            row["file"] = row["file"].rsplit(".", 1)[0] + ".png"
            (told.path / "media" / row["file"]).write_bytes(content)
        elif "licence" in row:
            row["text"] = "The lamp was lit, and nobody asked by whom."
    prompts = [
        json.loads(line) | {"text": "A light."} for line in (told.path / "prompts.jsonl").read_text().splitlines()
    ]
    for name, changed in (("works", rows), ("prompts", prompts)):
        (told.path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in changed))
    import_folder(told.path)
    shutil.rmtree(told.path)
    return told


def plain(response) -> tuple[object, ...]:
    """The response without what is drawn by chance and without the progress, which counts."""
    body = re.sub(rb'data-done="\d+"|<progress.*?</progress>|<span data-count>.*?</span>', b"", response.body)
    body = TOKEN.sub(b"", UUID.sub(b"", body))
    headers = tuple((name, value) for name, value in response.headers if name != "Content-Length")
    return response.method, response.status, headers, body


def test_a_picture_of_two_makers_is_served_alike_in_every_way(twins, visitor):
    bob = visitor(twins.slug)
    pictures = {picture for task in judge_all(bob, twins.slug) for picture in task.pictures}

    ways = []
    for picture in pictures:
        before = len(bob.responses)
        look_at_work(bob, picture)
        ways.append([(one.method, one.status, one.headers, one.body) for one in bob.responses[before:]])

    assert len(ways) == 12
    assert all(way == ways[0] for way in ways)


def test_a_page_with_works_of_other_makers_is_the_same_page(twins, visitor):
    bob = visitor(twins.slug)
    judge_all(bob, twins.slug)

    parts = [one for one in bob.responses if one.view == "answer" and one.status == 200]
    texts, pictures = ([plain(one) for one in parts if (b"<img" in one.body) == has] for has in (False, True))

    assert len(texts) + len(pictures) == 11
    assert len(set(texts)) == len(set(pictures)) == 1


@pytest.mark.parametrize(("kind", "files"), [("film", 3), ("sound", 1), ("model", 1)])
def test_the_same_film_sound_or_model_under_other_tags_is_served_alike(telling, visitor, kind, files):
    told = telling(pictures=0, texts=0, moving=[kind])
    bob = visitor(told.slug)

    ways: dict[str, set[tuple[object, ...]]] = {}
    for work in {work for task in judge_all(bob, told.slug) for work in task.works}:
        before = len(bob.responses)
        look_at_work(bob, work)
        way = tuple((one.method, one.status, one.headers, one.body) for one in bob.responses[before:])
        ways.setdefault(work.partition("?")[2], set()).add(way)

    assert len(ways) == files
    assert {part: len(seen) for part, seen in ways.items()} == dict.fromkeys(ways, 1)


@pytest.mark.parametrize("kind", ["film", "sound", "model"])
def test_a_page_with_films_sounds_or_models_of_other_makers_is_the_same_page(telling, visitor, kind):
    told = telling(pictures=0, texts=0, moving=[kind])
    bob = visitor(told.slug)
    judge_all(bob, told.slug)

    parts = [plain(one) for one in bob.responses if one.view == "answer" and one.status == 200]

    assert len(parts) == 5
    assert len(set(parts)) == 1


def test_a_text_that_is_signed_where_no_eye_can_see_is_the_same_text(telling, visitor):
    marks = ("\u200b", "\u2060\ufeff", "\U000e0041\U000e0042", "\u200d")

    def sign(told) -> None:
        path = told.path / "works.jsonl"
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        signed = [row for row in rows if "licence" in row]
        for row, mark in zip(signed, marks, strict=True):
            row["text"] = f"The lamp{mark} was lit, and nobody{mark} asked by whom."
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))

    told = telling(plant=sign, pictures=0, texts=1)
    bob = visitor(told.slug)
    judge_all(bob, told.slug)

    parts = [plain(one) for one in bob.responses if one.view == "answer" and one.status == 200]
    assert len(parts) == 5
    assert len(set(parts)) == 1
