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
