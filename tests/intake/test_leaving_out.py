"""Broken files: they refuse the whole import, or are left out with what names them, as the importer says."""

import io
import json
import zlib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from feedback.intake.reading import BadStudy, LeftOut, read_study
from feedback.judging.models import Comparison, Judgement, Mark, Purpose
from feedback.studies.models import Study
from feedback.works.models import LeftOut as StoredLeftOut
from feedback.works.models import Work
from tests import make
from tests.intake.test_import import everything, slug
from tests.intake.test_reading_media import picture

COLOURS = ("orange", "navy", "olive", "teal")
RIGHTS = {"licence": "CC0-1.0", "purposes": ["show", "export", "train-reward-model"]}


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def rot(path: Path) -> None:
    """Spoil what is drawn in a PNG; its headers and checksums stay sound, so that only decoding finds out."""
    data = path.read_bytes()
    at = data.index(b"IDAT")
    length = int.from_bytes(data[at - 4 : at])
    spoilt = b"IDAT" + b"\xff" * length
    path.write_bytes(data[:at] + spoilt + zlib.crc32(spoilt).to_bytes(4) + data[at + 8 + length :])


def folder(
    path: Path, name: str, *, broken: tuple[int, ...] = (1,), rotten: tuple[int, ...] = (), gold: bool = False
) -> Path:
    """Four pictures by four makers, those of `broken` cut short and those of `rotten` spoilt within; judgements, marks and keys name some of them."""
    (path / "media").mkdir(parents=True)
    qualify = "qualify_items = 2\nqualify_pass = 2\n" if gold else ""
    criteria = '[[criteria]]\nslug = "light"\nname = "Light"\ndefinition = "Is it lit?"\n'
    (path / "study.toml").write_text(f'slug = "{name}"\ntitle = "Light"\n{qualify}{criteria}')
    write_lines(path / "prompts.jsonl", [{"id": "dawn", "text": "Dawn"}])
    works = []
    for number, colour in enumerate(COLOURS):
        file = path / "media" / f"{number}.png"
        picture(colour).save(file)
        if number in broken:
            file.write_bytes(file.read_bytes()[:-30])
        if number in rotten:
            rot(file)
        works.append({"id": f"w{number}", "prompt": "dawn", "maker": f"M{number}", "file": file.name} | RIGHTS)
    write_lines(path / "works.jsonl", works)
    answer = {"prompt": "dawn", "criterion": "light"}
    pairs = [["w0", "w1"], ["w2", "w3"], ["w1", "w3"]]
    write_lines(
        path / "judgements.jsonl", [answer | {"rater": "ann", "works": pair, "ranks": [1, 2]} for pair in pairs]
    )
    mark = {"prompt": "dawn", "rater": "ann", "kind": "point", "place": {"x": 3, "y": 4}, "sign": 1}
    write_lines(
        path / "marks.jsonl",
        [mark | {"works": ["w0", "w1"], "work": "w0"}, mark | {"works": ["w2", "w3"], "work": "w3"}],
    )
    if gold:
        key = answer | {"ranks": [1, 2], "purpose": "gold"}
        write_lines(path / "keys.jsonl", [key | {"works": ["w0", "w1"]}, key | {"works": ["w2", "w3"]}])
    return path


def run(path: Path, *options: str) -> tuple[dict, str]:
    """What the command says in JSON, and in words."""
    told, words = io.StringIO(), io.StringIO()
    call_command("import_study", str(path), "--json", *options, stdout=told, stderr=io.StringIO())
    call_command("import_study", str(path), *options, stdout=words, stderr=io.StringIO())
    return json.loads(told.getvalue()), words.getvalue()


@pytest.mark.django_db
def test_a_broken_file_refuses_the_whole_import_unless_told_otherwise_and_says_how(tmp_path):
    before = everything()

    with pytest.raises(CommandError, match=r"(?s)works.jsonl:2 file: 1.png.*--leave-out-broken") as refused:
        run(folder(tmp_path / "a", slug()))

    assert "Nothing was imported: 1 fault." in str(refused.value)
    assert everything() == before


@pytest.mark.django_db
def test_broken_works_are_left_out_with_the_rows_that_name_them_and_the_rest_comes_in(tmp_path):
    told, words = run(folder(tmp_path / "a", name := slug()), "--leave-out-broken")

    study = Study.objects.get(slug=name)
    assert study.is_open
    assert [one["work"] for one in told["left_out"]] == ["w1"]
    assert "truncated" in told["left_out"][0]["reason"]
    assert told["left_out"][0]["remedy"] == "save or copy it again"
    assert told["rows_left_out"] == {"judgements.jsonl": 2, "marks.jsonl": 1}
    assert "left out: w1" in words
    assert "2 of judgements.jsonl, 1 of marks.jsonl" in words
    assert set(Work.objects.filter(collection__slug=name).values_list("external_id", flat=True)) == {"w0", "w2", "w3"}
    assert Judgement.objects.filter(submission__study=study).count() == 1
    assert Mark.objects.filter(submission__study=study).count() == 1
    assert Comparison.objects.filter(study=study, purpose=Purpose.UNIFORM).count() == 3
    assert list(StoredLeftOut.objects.filter(study=study).values_list("work", "prompt")) == [("w1", "dawn")]


@pytest.mark.django_db
def test_the_leads_page_tells_what_was_left_out_and_why(tmp_path, client, alice):
    run(folder(tmp_path / "a", name := slug(), broken=(1, 2)), "--leave-out-broken")
    study = Study.objects.get(slug=name)
    make.add_member(study=study, user=alice, role="lead", by=None)
    client.force_login(alice)

    page = client.get(reverse("study_desk", args=[name])).content.decode()

    assert "2 works left out, with 3 rows of judgements.jsonl, 2 rows of marks.jsonl" in page
    assert "A damaged or truncated PNG" in page
    assert "Save or copy it again." in page


@pytest.mark.django_db
def test_the_qualification_round_shrinks_with_its_keys(tmp_path):
    told, _ = run(folder(tmp_path / "a", name := slug(), gold=True), "--leave-out-broken")

    study = Study.objects.get(slug=name)
    assert (study.qualify_items, study.qualify_pass) == (1, 1)
    assert told["rows_left_out"]["keys.jsonl"] == 1
    assert any("1 of 2 gold comparisons are left" in warning for warning in told["warnings"])


@pytest.mark.django_db
def test_with_nothing_broken_the_option_changes_nothing(tmp_path):
    told, _ = run(folder(tmp_path / "a", slug(), broken=()), "--leave-out-broken")

    assert (told["left_out"], told["rows_left_out"], told["works"], told["judgements"]) == ([], {}, 4, 3)


def test_a_study_of_broken_files_alone_is_refused(tmp_path):
    with pytest.raises(BadStudy, match="no work whose file can be shown"):
        read_study(
            folder(tmp_path / "a", "light", broken=(0, 1, 2, 3)), scratch=tmp_path / "scratch", left_out=LeftOut()
        )


def test_a_file_that_is_not_there_is_a_fault_all_the_same(tmp_path):
    path = folder(tmp_path / "a", "light", broken=())
    (path / "media" / "2.png").unlink()

    with pytest.raises(BadStudy, match="no file"):
        read_study(path, scratch=tmp_path / "scratch", left_out=LeftOut())
