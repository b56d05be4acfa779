"""The reference of a prompt is read, checked and stored, or refused with its place."""

import json

import pytest

from feedback.intake.actions import store_study
from feedback.intake.reading import LeftOut
from feedback.works.actions import CollectionConflict
from feedback.works.models import Prompt
from tests.intake.test_reading import STUDY, faults, read, rows, work, write
from tests.works.making import sine, write_sound

DAWN, DUSK = {"id": "dawn", "text": "Dawn"}, {"id": "dusk", "text": "Dusk"}
HOSTILE = [
    ("a work nobody knows", "nine", 'found "nine", expected an id in works.jsonl'),
    ("a work of another prompt", "three", 'found "three" of the prompt "dusk", expected a work of "dawn"'),
    ("a text", "words", 'found "words", which is of the medium text, expected a sound'),
    ("an absent work", "none", 'found "none", which is of the medium absent, expected a sound'),
    ("a list", ["one"], "found a list of 1, expected a string of at most 200 characters on one line"),
]


def sound(id_: str, **changed: object) -> dict[str, object]:
    return work(id=id_, text=None, file="tone.wav", **changed)


WORKS = [
    sound("one"),
    sound("two"),
    sound("three", prompt="dusk"),
    work(id="words"),
    work(id="none", text=None, content="absent"),
]


def folder(path, reference: object, works=WORKS, study: bytes = STUDY):
    told = DAWN if reference is None else DAWN | {"reference": reference}
    write(path, study=study, prompts=rows(DUSK, told), works=rows(*works))
    write_sound(path / "media" / "tone.wav", sine(0.3))
    return path


@pytest.mark.parametrize("case", HOSTILE, ids=[name for name, *_ in HOSTILE])
def test_a_reference_that_cannot_be_heard_is_refused_with_its_place(tmp_path, case):
    _, reference, message = case

    assert faults(folder(tmp_path / "study", reference)) == [f"prompts.jsonl:2 reference: {message}"]


def test_a_reference_is_no_metadata_and_makes_another_study(tmp_path):
    with_it = read(folder(tmp_path / "a", "two"))
    other = read(folder(tmp_path / "b", "one"))
    without = [read(folder(tmp_path / name, told)) for name, told in (("c", None), ("d", ""), ("e", " "))]

    assert [(prompt.id, prompt.reference, prompt.metadata) for prompt in with_it.prompts] == [
        ("dusk", "", {}),
        ("dawn", "two", {}),
    ]
    assert len({with_it.digest, other.digest, *(plan.digest for plan in without)}) == 3


def test_one_that_may_not_be_shown_is_warned_of(tmp_path):
    plan = read(folder(tmp_path / "a", "two", [WORKS[0], sound("two", purposes=["export"]), *WORKS[2:]]))

    assert 'prompts.jsonl:2: the reference "two" may not be shown, so nobody will hear it' in map(str, plan.warnings)


def test_one_whose_file_is_broken_is_left_out_and_the_prompt_stays(tmp_path):
    path = folder(tmp_path / "a", "two", [WORKS[0], sound("two") | {"file": "broken.wav"}, *WORKS[2:]])
    (path / "media" / "broken.wav").write_bytes(b"RIFF\0\0\0\0WAVE")

    plan = read(path, left_out=LeftOut())

    assert [prompt.reference for prompt in plan.prompts] == ["", ""]
    assert 'prompts.jsonl:2: the reference "two" is left out, so nobody will hear it' in map(str, plan.warnings)


@pytest.mark.django_db
def test_it_is_stored_and_found_the_same_again(tmp_path):
    path = folder(tmp_path / "a", "two")

    store_study(plan=read(path))
    again = store_study(plan=read(path))

    assert again.unchanged
    assert dict(Prompt.objects.values_list("external_id", "reference")) == {"dawn": "two", "dusk": ""}
    row = json.loads((path / "prompts.jsonl").read_text().splitlines()[1])
    assert row["reference"] == Prompt.objects.get(external_id="dawn").reference


@pytest.mark.django_db
def test_studies_that_share_a_collection_share_the_reference(tmp_path):
    def study(slug: str, reference: str | None):
        return read(
            folder(tmp_path / slug, reference, study=b'slug = "%s"\ntitle = "T"\ncollection = "c"\n' % slug.encode())
        )

    store_study(plan=study("first", "two"))
    store_study(plan=study("second", None))

    with pytest.raises(CollectionConflict, match="without the reference 'one'"):
        store_study(plan=study("third", "one"))
    assert Prompt.objects.get(external_id="dawn").reference == "two"
