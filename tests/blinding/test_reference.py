"""An open reference is heard beside the works, and tells nothing of which of them it is."""

import json
import re

import pytest

from feedback.judging.models import Assignment
from feedback.works.models import Asset, Clearance, Prompt, Work
from tests.blinding.conftest import import_folder
from tests.blinding.crawl import judge_all, look_at_work
from tests.blinding.folder import Telling, write_telling
from tests.blinding.test_twins import plain
from tests.works.making import sine, write_sound

pytestmark = pytest.mark.django_db
LENGTHS = (0.6, 0.7, 0.8)  # of the works of the makers; the last is the reference
REFERENCE = re.compile(r'data-reference="([^"]+)"')


def write_referred(path, *, alike: bool = False) -> Telling:
    """Three sounds by three makers, the last of them also the reference; alike, or of unlike lengths."""
    told = write_telling(path, pictures=0, texts=0, moving=["sound"], makers=3)
    rows = [json.loads(line) for line in (path / "works.jsonl").read_text().splitlines()]
    sounds = [row for row in rows if "file" in row]
    for row, length in zip(sounds, LENGTHS, strict=True):
        if not alike:
            write_sound(path / "media" / row["file"], sine(length))
    prompt = json.loads((path / "prompts.jsonl").read_text())
    (path / "prompts.jsonl").write_text(json.dumps(prompt | {"reference": sounds[-1]["id"]}) + "\n")
    return told


@pytest.fixture
def referred(tmp_path) -> Telling:
    told = write_referred(tmp_path / "study")
    import_folder(told.path)
    return told


@pytest.fixture
def tasks(referred, visitor):
    """Whoever judged, and every comparison as it was shown."""
    bob = visitor(referred.slug)
    told = judge_all(bob, referred.slug)
    assert len(told) == 3
    return bob, told


def test_it_is_served_like_the_works_after_the_last_of_them(tasks):
    bob, told = tasks
    prompt = Prompt.objects.get()
    shown = Asset.objects.get(work__external_id=prompt.reference, role=Asset.Role.SHOWN)
    with shown.derivative.open("rb") as file:
        sound = file.read()

    for task in told:
        address = REFERENCE.findall(task.html)
        work, reference = bob.get(task.works[0]), bob.get(f"{task.action}works/2/")
        assert address == [reference.url]
        assert reference.body == sound
        assert [name for name, _ in reference.headers] == [name for name, _ in work.headers]
        assert reference.header("Content-Type") == work.header("Content-Type")


def test_it_has_one_part_and_nothing_comes_after_it(tasks, referred, visitor):
    bob, (task, *_) = tasks
    stranger = visitor(referred.slug, "Eve")

    assert bob.get(f"{task.action}works/2/").status == 200
    assert bob.get(f"{task.action}works/2/?part=poster").status == 404
    assert bob.get(f"{task.action}works/2/?part=original").status == 404
    assert bob.get(f"{task.action}works/3/").status == 404
    assert stranger.get(f"{task.action}works/2/").status == 404


def test_a_page_says_nothing_of_it_but_where_it_is(tasks):
    _, told = tasks
    lengths = {
        str(work.assets.get(role=Asset.Role.SHOWN).facts["duration"]): work.external_id
        for work in Work.objects.filter(medium="audio")
    }

    for task in told:
        assignment = Assignment.objects.get(public_id=task.id)
        among = set(assignment.comparison.entries.values_list("work__external_id", flat=True))
        facts = re.findall(r"duration&quot;: ?([\d.]+)", task.html)
        assert {lengths[length] for length in facts} == among
        assert Prompt.objects.get().reference not in task.html


def test_a_page_with_it_among_the_works_is_the_same_page(tmp_path, visitor):
    told = write_referred(tmp_path / "study", alike=True)
    import_folder(told.path)
    bob = visitor(told.slug)
    addresses = [address for task in judge_all(bob, told.slug) for address in (*task.works, f"{task.action}works/2/")]

    parts = [one for one in bob.responses if one.view == "answer" and one.status == 200]
    ways = set()
    for address in addresses:
        before = len(bob.responses)
        look_at_work(bob, address)
        ways.add(tuple((one.method, one.status, one.headers, one.body) for one in bob.responses[before:]))

    assert len(parts) == 2
    assert len({plain(one) for one in parts}) == 1
    assert len(addresses) == 9
    assert len(ways) == 1


def test_one_that_may_not_be_shown_any_more_is_gone(referred, visitor):
    Clearance.objects.filter(work__external_id=Prompt.objects.get().reference).update(may_show=False)
    bob = visitor(referred.slug)

    for task in judge_all(bob, referred.slug):
        assert "data-reference" not in task.html
        assert bob.get(f"{task.action}works/2/").status == 404


def test_without_one_nothing_speaks_of_it(telling, visitor):
    told = telling(pictures=0, texts=0, moving=["sound"], makers=2)
    bob = visitor(told.slug)

    (task,) = judge_all(bob, told.slug)

    assert "reference" not in task.html.lower()
    assert bob.get(f"{task.action}works/2/").status == 404
