"""A study is read whole, or refused with every fault and its place."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.intake.reading import DEFAULT_CRITERIA, BadStudy, Limits, StudyPlan, read_study, write_example

STUDY = b'slug = "light"\ntitle = "Light"\n'
ONE = {"id": "one", "prompt": "dawn", "generator": "lamp", "text": "It dawns.", "licence": "MIT", "purposes": ["show"]}
TWO = {**ONE, "id": "two", "text": "It dawned."}
ASKED = {"rater": "r1", "prompt": "dawn", "works": ["one", "two"], "criterion": "lighting", "ranks": [1, 2]}


def rows(*values: object) -> bytes:
    return b"".join(value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n" for value in values)


def work(**changed: object) -> dict[str, object]:
    return {key: value for key, value in {**ONE, **changed}.items() if value is not None}


def answer(**changed: object) -> dict[str, object]:
    return {key: value for key, value in {**ASKED, **changed}.items() if value is not None}


def write(folder: Path, **files: bytes) -> Path:
    """A sound study of one prompt and two works, with some of its files (named by stem) replaced."""
    contents = {"study": STUDY, "prompts": rows({"id": "dawn", "text": "Dawn"}), "works": rows(ONE, TWO), **files}
    (folder / "media").mkdir(parents=True, exist_ok=True)
    for stem, content in contents.items():
        (folder / f"{stem}.{'toml' if stem == 'study' else 'jsonl'}").write_bytes(content)
    return folder


def read(folder: Path, **options: object) -> StudyPlan:
    return read_study(folder, scratch=folder.parent / "scratch", **options)  # type: ignore[arg-type]


def faults(folder: Path, **options: object) -> list[str]:
    with pytest.raises(BadStudy) as bad:
        read(folder, **options)
    return [str(fault) for fault in bad.value.faults]


# (what is wrong, the document, its content, the fault's line, its field, a telling word)
HOSTILE = [
    ("UTF-16", "works", rows(ONE).decode().encode("utf-16"), None, "", "UTF-16"),
    ("UTF-16 without a mark", "works", rows(ONE).decode().encode("utf-16-le"), None, "", "UTF-16"),
    ("UTF-32", "prompts", '{"id": "dawn"}'.encode("utf-32"), None, "", "UTF-32"),
    ("Latin-1", "works", rows(ONE) + '{"id": "café"}\n'.encode("latin-1"), 2, "", "0xe9 at column 12"),
    ("Latin-1 in the settings", "study", STUDY + 'brief = "café"'.encode("latin-1"), 3, "", "not UTF-8"),
    ("NaN", "works", rows(work(seed=float("nan"))), 1, "seed", "NaN"),
    ("Infinity", "works", rows(work(deep={"a": [1, float("inf")]})), 1, "deep.a[1]", "Infinity"),
    ("a float beyond 64 bits", "works", b'{"id": "one", "scale": 1e999}\n', 1, "scale", "64 bits"),
    ("an integer beyond 64 bits", "works", rows(work(seed=2**63)), 1, "seed", "64 bits"),
    ("a negative integer beyond 64 bits", "works", rows(work(seed=-(2**63) - 1)), 1, "seed", "64 bits"),
    ("an integer of 100,000 digits", "works", b'{"id": "one", "seed": ' + b"9" * 100_000 + b"}", 1, "seed", "64 bits"),
    ("a duplicate key", "works", b'{"id": "one", "id": "two"}\n', 1, "id", "twice"),
    ("a duplicate key deep down", "works", b'{"id": "one", "deep": [{"a": 1, "a": 1}]}\n', 1, "deep[0].a", "twice"),
    ("a lone surrogate", "works", b'{"id": "one", "text": "\\ud83d"}\n', 1, "text", "lone surrogate"),
    ("a lone surrogate in a key", "works", b'{"id": "one", "\\uDE00": 1}\n', 1, "'\\ude00'", "lone surrogate"),
    ("an escaped NUL", "works", rows(work(text="a\0b")), 1, "text", "NUL"),
    ("a NUL in metadata", "works", rows(work(note=["\0"])), 1, "note[0]", "NUL"),
    ("a raw NUL", "works", b'{"id": "\0"}\n', 1, "", "NUL"),
    ("a blank text", "works", rows(ONE, work(id="two", text=" \n\t")), 2, "text", "blank"),
    ("an empty text", "works", rows(work(text="")), 1, "text", "blank"),
    ("a text of invisible characters", "works", rows(work(text="\u200b\u2060\ufeff\u3164\u2800")), 1, "text", "invisible"),
    ("a blank prompt", "prompts", rows({"id": "dawn", "text": "\u00a0"}), 1, "text", "blank"),
    ("an empty works file", "works", b"", None, "", "no rows"),
    ("a works file of blank lines", "works", b"\n  \n", None, "", "no rows"),
    ("an empty prompts file", "prompts", b"\xef\xbb\xbf", None, "", "no rows"),
    ("a line over 1 MiB", "works", rows(work(text="a" * 1024**2)), 1, "", "1,048,576 bytes"),
    ("a line one byte over 1 MiB", "works", rows(work(pad="x" * (1024**2 + 1 - len(json.dumps(work(pad="")))))), 1, "", "1,048,576"),
    ("nesting over 64", "works", b'{"id": "one", "deep": ' + b"[" * 64 + b"]" * 64 + b"}", 1, "", "nesting over 64"),
    ("nesting that would overflow a stack", "works", b"[" * 1_000_000, 1, "", "nesting over 64"),
    ("not JSON", "works", rows(ONE) + b"{'id': 1}\n", 2, "", "not JSON"),
    ("a line that ends early", "works", rows(ONE) + b'{"id": "tw', 2, "", "not JSON"),
    ("two objects on a line", "works", b"{} {}\n", 1, "", "Extra data"),
    ("a list for a row", "works", rows([1]), 1, "", "a list of 1"),
    ("a duplicate id", "works", rows(ONE, TWO, TWO), 3, "id", "line 2"),
    ("a duplicate prompt", "prompts", rows(*[{"id": "dawn", "text": "Dawn"}] * 2), 2, "id", "line 1"),
    ("a number for an id", "works", rows(work(id=7)), 1, "id", "found 7"),
    ("an id over 200 characters", "works", rows(work(id="x" * 201)), 1, "id", "201 characters"),
    ("an id of several lines", "works", rows(work(id="a\nb")), 1, "id", "control characters"),
    ("a prompt nobody wrote", "works", rows(work(prompt="down")), 1, "prompt", 'did you mean "dawn"'),
    ("both generator and maker", "works", rows(work(maker="Ann")), 1, "generator", "both generator and maker"),
    ("neither generator nor maker", "works", rows(work(generator=None)), 1, "generator", "neither"),
    ("blanks for a generator", "works", rows(work(generator="  ")), 1, "generator", "neither"),
    ("a version of nothing", "works", rows(work(generator=None, maker="A", generator_version="2")), 1, "generator_version", "without a generator"),
    ("text and file", "works", rows(work(file="a.png")), 1, "text", "text and file"),
    ("no content", "works", rows(work(text=None)), 1, "text", "no content"),
    ("another word for absent", "works", rows(work(text=None, content="gone")), 1, "content", '"absent"'),
    ("a text over 200,000 characters", "works", rows(work(text="e" * 200_001)), 1, "text", "200,001"),
    ("a licence in prose", "works", rows(work(licence="CC BY 4.0")), 1, "licence", "SPDX"),
    ("a licence half said", "works", rows(work(licence="MIT OR")), 1, "licence", "SPDX"),
    ("a licence that is none", "works", rows(work(licence="NOASSERTION")), 1, "licence", "states no licence"),
    ("a true consent", "works", rows(work(consent=True)), 1, "consent", "found true"),
    ("an unknown purpose", "works", rows(work(purposes=["show", "sell"])), 1, "purposes", '"sell" at place 2'),
    ("a purpose outside a list", "works", rows(work(purposes="show")), 1, "purposes", "a list"),
    ("no settings", "study", b"", None, "slug", "missing"),
    ("settings that are not TOML", "study", b"slug = light", 1, "", "not TOML"),
    ("a key given twice in the settings", "study", b'slug = "a"\nslug = "b"', 2, "", "not TOML"),
    ("a misspelt setting", "study", STUDY + b"overlapp = 2", 3, "overlapp", 'did you mean "overlap"'),
    ("a slug in capitals", "study", b'title = "Light"\nslug = "Light"', 2, "slug", "lower-case"),
    ("an unknown form", "study", STUDY + b'form = "trio"', 3, "form", '"pair", "set" or "rating"'),
    ("a true overlap", "study", STUDY + b"overlap = true", 3, "overlap", "found true"),
    ("no overlap", "study", STUDY + b"overlap = 0", 3, "overlap", "from 1"),
    ("an infinite overlap", "study", STUDY + b"overlap = inf", 3, "overlap", "Infinity"),
    ("a pair of three", "study", STUDY + b"set_size = 3", 3, "set_size", "for the form pair"),
    ("strength for sets", "study", STUDY + b'form = "set"\nscale = "strength"', 4, "scale", "pair"),
    ("criteria that are no tables", "study", STUDY + b'criteria = ["lighting"]', 3, "criteria", "[[criteria]]"),
    ("a criterion without a definition", "study", STUDY + b'[[criteria]]\nslug = "a"\nname = "A"', 3, "criteria[0].definition", "missing"),
    ("a criterion twice", "study", STUDY + b'[[criteria]]\nslug = "a"\nname = "A"\ndefinition = "A?"\n' * 2, 8, "criteria[1].slug", "twice"),
    ("nested arrays in the settings", "study", b"brief = " + b"[" * 100_000, None, "", "nesting"),
    ("an unknown key in an answer", "judgements", rows(answer(rank=[1, 2])), 1, "rank", 'did you mean "ranks"'),
    ("a rater without a name", "judgements", rows(answer(rater=" ")), 1, "rater", "blank"),
    ("an unknown criterion", "judgements", rows(answer(criterion="lightning")), 1, "criterion", 'did you mean "lighting"'),
    ("a prompt unknown to the answer", "judgements", rows(answer(prompt="dusk")), 1, "prompt", "prompts.jsonl"),
    ("an unknown work", "judgements", rows(answer(works=["one", "ten"])), 1, "works", '"ten"'),
    ("a work twice", "judgements", rows(answer(works=["one", "one"])), 1, "works", "twice"),
    ("ranks that do not fit", "judgements", rows(answer(ranks=[1])), 1, "ranks", "1 ranks for 2 works"),
    ("a rank of 0", "judgements", rows(answer(ranks=[0, 1])), 1, "ranks", "found 0 at place 1"),
    ("a true rank", "judgements", rows(answer(ranks=[True, 2])), 1, "ranks", "found true"),
    ("a rank of 1.0", "judgements", rows(answer(ranks=[1.0, 2])), 1, "ranks", "found 1.0"),
    ("a strength of 4", "judgements", rows(answer(strength=4)), 1, "strength", "-3 to 3"),
    ("a strength against the ranks", "judgements", rows(answer(strength=-1)), 1, "strength", "beside ranks [1, 2]"),
    ("a strength of a tie", "judgements", rows(answer(strength=1, ranks=[2, 2])), 1, "strength", "beside ranks"),
    ("no answer", "judgements", rows(answer(ranks=None)), 1, "ranks", "found none"),
    ("one work without a score", "judgements", rows(answer(works=["one"], ranks=[1])), 1, "ranks", "one work"),
    ("a score of two", "judgements", rows(answer(ranks=None, score=3)), 1, "score", "2 works"),
    ("a score in words", "judgements", rows(answer(works=["one"], ranks=None, score="3")), 1, "score", "a number"),
    ("ranks nobody could judge", "judgements", rows(answer(outcome="cannot_judge")), 1, "outcome", "beside ranks"),
    ("a tie of unequal ranks", "judgements", rows(answer(outcome="tie")), 1, "outcome", "beside ranks"),
    ("an unknown outcome", "judgements", rows(answer(outcome="invalid")), 1, "outcome", '"cannot_judge"'),
    ("a time without an offset", "judgements", rows(answer(judged_at="2026-05-04T09:30:00")), 1, "judged_at", "offset"),
    ("a time that is none", "judgements", rows(answer(judged_at="yesterday")), 1, "judged_at", "ISO 8601"),
    ("a time before time", "judgements", rows(answer(judged_at="0001-01-01T00:00:00+14:00")), 1, "judged_at", "ISO 8601"),
    ("acceptable in numbers", "judgements", rows(answer(acceptable=[1, 0])), 1, "acceptable", "true, false or null"),
    ("the same answer twice", "judgements", rows(ASKED, answer(works=["two", "one"], ranks=[2, 1])), 2, "rater", "line 1"),
]  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE, ids=[case[0] for case in HOSTILE])
def test_hostile_input_is_refused_with_its_place(tmp_path, case):
    _what, document, content, line, field, word = case
    folder = write(tmp_path / "study", **{document: content})

    with pytest.raises(BadStudy) as bad:
        read(folder)

    file = f"{document}.{'toml' if document == 'study' else 'jsonl'}"
    found = [fault for fault in bad.value.faults if (fault.file, fault.line, fault.field) == (file, line, field)]
    assert any(word in fault.message for fault in found), str(bad.value)


MISPLACED = {
    "a path upwards": ("../secret.png", '".." in'),
    "a path upwards from within": ("a/../../secret.png", '".." in'),
    "an absolute path": ("/etc/passwd", "absolute"),
    "a drive": ("C:/secret.png", "absolute"),
    "a backslash": ("..\\secret.png", "backslash"),
    "an address": ("https://example.org/a.png", "nothing is ever fetched"),
    "a link that leads away": ("link.png", "leads out of the folder"),
    "a folder that leads away": ("outside/secret.png", "leads out of the folder"),
    "a folder": ("inside", "no file"),
    "a file that is not there": ("lanter.png", 'did you mean "lantern.png"'),
    "an empty path": ("a//b.png", "names no file"),
    "a name too long for any disk": ("x" * 300, "names no file"),
}


@pytest.mark.parametrize(("name", "word"), MISPLACED.values(), ids=MISPLACED)
def test_a_media_path_never_leaves_the_folder(tmp_path, name, word):
    folder = write(tmp_path / "study", works=rows(TWO, work(text=None, file=name)))
    (tmp_path / "secret.png").write_bytes(b"secret")
    (folder / "media" / "inside").mkdir()
    (folder / "media" / "lantern.png").touch()
    (folder / "media" / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "media" / "outside").symlink_to(tmp_path)

    found = faults(folder)

    assert len(found) == 1
    assert found[0].startswith("works.jsonl:2 file: found ")
    assert word in found[0]


def test_a_media_folder_that_is_a_link_tells_nothing_of_where_it_leads(tmp_path):
    folder = write(tmp_path / "study", works=rows(TWO, work(text=None, file="secret.png")))
    (folder / "media").rmdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.png").write_bytes(b"secret")
    (tmp_path / "outside" / "another.png").write_bytes(b"secret")
    (folder / "media").symlink_to(tmp_path / "outside")

    found = faults(folder)

    assert len(found) == 1
    assert "leads out of the folder" in found[0]
    (folder / "works.jsonl").write_bytes(rows(ONE, TWO))
    assert read(folder).warnings == ()


def test_a_document_that_links_out_of_the_folder_is_refused(tmp_path):
    folder = write(tmp_path / "study")
    (folder / "prompts.jsonl").rename(tmp_path / "elsewhere.jsonl")
    (folder / "prompts.jsonl").symlink_to(tmp_path / "elsewhere.jsonl")

    found = faults(folder)

    assert found == ["prompts.jsonl: found a link that leads out of the folder, expected a file in it"]


def test_every_missing_document_is_named(tmp_path):
    (tmp_path / "study").mkdir()

    found = faults(tmp_path / "study")

    assert [line.partition(":")[0] for line in found] == ["study.toml", "prompts.jsonl", "works.jsonl"]


@pytest.mark.parametrize("name", ["nowhere", "notes.txt"])
def test_what_is_no_study_at_all_is_refused(tmp_path, name):
    (tmp_path / "notes.txt").write_text("hello")

    found = faults(tmp_path / name)

    assert len(found) == 1
    assert "expected a folder, a zip or a .jsonl" in found[0]


def test_all_faults_are_listed_in_reading_order(tmp_path):
    folder = write(
        tmp_path / "study",
        study=STUDY + b'form = "trio"',
        prompts=rows({"id": "dawn"}),
        works=rows(work(licence="?", purposes=["sell"], text=None), work(id="two", file="no.png", text=None), b"{\n"),
        judgements=rows(answer(ranks=[1], rater="")),
    )

    found = faults(folder)

    assert [line.partition(" found")[0].partition(" missing")[0].partition(" not")[0] for line in found] == [
        "study.toml:3 form:",
        "prompts.jsonl:1 text:",
        "works.jsonl:1 licence:",
        "works.jsonl:1 purposes:",
        "works.jsonl:1 text:",
        "works.jsonl:2 file:",
        "works.jsonl:3:",
        "judgements.jsonl:1 rater:",
        "judgements.jsonl:1 ranks:",
    ]


def test_a_long_list_of_faults_is_cut_where_it_is_shown_and_whole_where_it_is_kept(tmp_path):
    folder = write(tmp_path / "study", works=rows(*({} for _ in range(700))))

    with pytest.raises(BadStudy) as bad:
        read(folder)

    assert len(bad.value.faults) == 700 * 4
    assert str(bad.value).endswith("\nand 1,800 more")


def test_nothing_is_encoded_once_something_is_wrong(tmp_path):
    folder = write(tmp_path / "study", works=rows(work(text=None, file="a.png"), work(id="")))
    from PIL import Image

    Image.new("RGB", (4, 4)).save(folder / "media" / "a.png")

    faults(folder)

    assert list((tmp_path / "scratch" / "derivatives").iterdir()) == []


ODDITIES = {
    "a BOM": {"works": b"\xef\xbb\xbf" + rows(ONE, TWO)},
    "a BOM in the settings": {"study": b"\xef\xbb\xbf" + STUDY},
    "CRLF line ends": {"works": rows(ONE, TWO).replace(b"\n", b"\r\n"), "study": STUDY.replace(b"\n", b"\r\n")},
    "no final newline": {"works": rows(ONE, TWO).rstrip(b"\n")},
    "blank lines": {"works": b"\n" + rows(ONE, b"\r\n", TWO) + b"\n"},
    "a text that contains HTML": {"works": rows(ONE, work(id="two", text="<script>alert(1)</script><svg>"))},
    "right-to-left": {"works": rows(ONE, work(id="two", text="שָׁלוֹם \u202eabc"))},
    "emoji": {"works": rows(ONE, work(id="👩‍🎨", text="🌅")), "prompts": rows({"id": "dawn", "text": "🌅"})},
    "an escaped pair of surrogates": {"works": rows(ONE, b'{"id": "two", "prompt": "dawn", "maker": "A", "text": "\\ud83c\\udf05"}\n')},
    "a backslash before a u": {"works": rows(ONE, work(id="two", text="\\ud800 \\u0000"))},
    "the largest 64-bit numbers": {"works": rows(ONE, work(id="two", seed=2**63 - 1, floor=-(2**63), big=1.7e308))},
    "brackets in a text": {"works": rows(ONE, work(id="two", text="[{" * 500 + '"\\'))},
    "nesting of 64": {"works": rows(ONE, b'{"id": "two", "prompt": "dawn", "maker": "A", "text": "B", "deep": ' + b"[" * 63 + b"]" * 63 + b"}")},
    "a line of exactly 1 MiB": {"works": rows(ONE, work(id="two", pad="x" * (1024**2 - len(json.dumps(work(id="two", pad="")))))) },
    "nulls for what is left out": {"works": rows(ONE, {**TWO, "file": None, "maker": None, "consent": None, "purposes": None})},
    "a work without a basis": {"works": rows(ONE, work(id="two", licence=None, purposes=None))},
    "absent content": {"works": rows(ONE, work(id="two", text=None, content="absent"))},
    "an SPDX expression": {"works": rows(ONE, work(id="two", licence="(MIT OR GPL-2.0+) AND LicenseRef-Our-1 WITH Classpath-exception-2.0"))},
    "no answers yet": {"judgements": b""},
    "a set of three with gaps": {"works": rows(ONE, TWO, work(id="three")), "judgements": rows(answer(works=["three", "one", "two"], ranks=[5, 1, 5]))},
}  # fmt: skip


@pytest.mark.parametrize("files", ODDITIES.values(), ids=ODDITIES)
def test_what_is_only_odd_is_read_without_a_word(tmp_path, files):
    folder = write(tmp_path / "study", **files)

    plan = read(folder)

    assert plan.warnings == ()
    assert plan.works[0].text == "It dawns."
    assert len(plan.works) >= 2


def test_settings_left_out_get_their_defaults(tmp_path):
    plan = read(write(tmp_path / "study"))

    assert (plan.collection, plan.brief) == ("light", "")
    assert (plan.form, plan.set_size, plan.scale, plan.rationale) == ("pair", 2, "choice", "optional")
    assert plan.criteria == DEFAULT_CRITERIA
    assert all(len(criterion.definition) <= 90 for criterion in DEFAULT_CRITERIA)


@pytest.mark.parametrize(("form", "size"), [(b"pair", 2), (b"set", 3), (b"rating", 1)])
def test_each_form_has_its_own_size(tmp_path, form, size):
    assert read(write(tmp_path / "study", study=STUDY + b'form = "%s"' % form)).set_size == size


def test_everything_a_row_says_arrives(tmp_path):
    said = work(
        generator_version="2", consent="by letter", source="archive", purposes=["export", "show"], seed=[1, {"a": None}]
    )

    plan = read(
        write(
            tmp_path / "study",
            works=rows(said, TWO),
            prompts=rows({"id": "dawn", "text": "a\r\nb\rc", "group": "g", "x": 1}),
        )
    )

    first = plan.works[0]
    assert (first.generator, first.generator_version, first.maker, first.medium) == ("lamp", "2", "", "text")
    assert (first.licence, first.consent, first.source) == ("MIT", "by letter", "archive")
    assert first.purposes == {"export", "show"}
    assert first.metadata == {"seed": [1, {"a": None}]}
    assert plan.prompts[0].text == "a\nb\nc"
    assert (plan.prompts[0].group, plan.prompts[0].metadata) == ("g", {"x": 1})


def test_past_answers_keep_their_raw_ranks_and_turn_to_utc(tmp_path):
    told = answer(
        ranks=[7, 2],
        strength=-3,
        judged_at="2026-05-04T09:30:00+02:00",
        rationale="Warmer.\r\nTruer.",
        acceptable=[None, True],
    )

    plan = read(write(tmp_path / "study", judgements=rows(told)))

    judgement = plan.judgements[0]
    assert (judgement.line, judgement.ranks, judgement.strength, judgement.outcome) == (1, (7, 2), -3, "answered")
    assert judgement.judged_at == datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
    assert judgement.rationale == "Warmer.\nTruer."
    assert judgement.acceptable == (None, True)


@pytest.mark.parametrize(
    ("told", "ranks", "outcome"),
    [
        ({"ranks": None, "strength": 2}, (1, 2), "answered"),
        ({"ranks": None, "strength": 0}, (1, 1), "answered"),
        ({"ranks": None, "outcome": "tie"}, (1, 1), "answered"),
        ({"ranks": [3, 3], "outcome": "tie"}, (3, 3), "answered"),
        ({"ranks": None, "outcome": "cannot_judge"}, None, "cannot_judge"),
        ({"ranks": None, "outcome": "skipped", "works": ["one"]}, None, "skipped"),
        ({"ranks": None, "score": 4, "works": ["one"]}, None, "answered"),
    ],
)
def test_an_answer_is_brought_into_one_form(tmp_path, told, ranks, outcome):
    judgement = read(write(tmp_path / "study", judgements=rows(answer(**told)))).judgements[0]

    assert (judgement.ranks, judgement.outcome) == (ranks, outcome)
    assert judgement.score == told.get("score")


def test_a_work_of_another_prompt_does_not_answer_this_one(tmp_path):
    folder = write(
        tmp_path / "study",
        prompts=rows({"id": "dawn", "text": "Dawn"}, {"id": "dusk", "text": "Dusk"}),
        works=rows(ONE, TWO, work(id="three", prompt="dusk")),
        judgements=rows(answer(works=["one", "three"])),
    )

    found = faults(folder)

    assert found == ['judgements.jsonl:1 works: found "three" of the prompt "dusk", expected works of "dawn"']


def test_one_fault_in_a_work_does_not_cause_another_in_its_answers(tmp_path):
    folder = write(tmp_path / "study", works=rows(work(licence="?"), TWO), judgements=rows(ASKED))

    assert len(faults(folder)) == 1


def test_doubtful_prompts_and_misspelt_fields_are_only_warned_of(tmp_path):
    folder = write(
        tmp_path / "study",
        prompts=rows({"id": "dawn", "text": "Dawn"}, {"id": "dusk", "text": "Dusk"}),
        works=rows(work(license="MIT")),
    )
    (folder / "media" / "forgotten.png").touch()

    warnings = [str(warning) for warning in read(folder).warnings]

    assert len(warnings) == 4
    assert warnings[0].startswith('prompts.jsonl:1: the prompt "dawn" has one work')
    assert warnings[1].startswith('prompts.jsonl:2: the prompt "dusk" has no works')
    assert warnings[2].startswith("works.jsonl: 1 under media/ that no work names: forgotten.png")
    assert warnings[3].startswith('works.jsonl:1: "license" is kept as metadata; did you mean "licence"')


def test_the_same_content_has_the_same_digest_and_any_change_another(tmp_path):
    same = [read(write(tmp_path / name)).digest for name in ("a", "b")]
    other = read(write(tmp_path / "c", works=rows(ONE, work(id="two", text="It dawned!")))).digest

    assert same[0] == same[1] != other


def test_a_title_given_stands_in_for_the_title_in_the_settings(tmp_path):
    plan = read(write(tmp_path / "study"), title="Another light")

    assert (plan.slug, plan.title) == ("light", "Another light")


def test_one_jsonl_brings_its_prompts_along(tmp_path):
    works = tmp_path / "works.jsonl"
    works.write_bytes(
        rows(
            work(prompt="Paint the dawn."),
            work(id="two", prompt="Paint the dawn."),
            work(id="three", prompt="d", prompt_text="Dusk"),
            work(id="four", prompt="d", prompt_text="Dusk", seed=1),
        )
    )

    plan = read(works, title="Água & Lüz")

    assert (plan.slug, plan.title, plan.collection) == ("agua-luz", "Água & Lüz", "agua-luz")
    assert [(prompt.id, prompt.text) for prompt in plan.prompts] == [
        (plan.works[0].prompt, "Paint the dawn."),
        ("d", "Dusk"),
    ]
    assert len(plan.works[0].prompt) == 16
    assert plan.works[3].metadata == {"seed": 1}
    assert plan.warnings == ()


def test_one_jsonl_needs_a_title(tmp_path):
    (tmp_path / "works.jsonl").write_bytes(rows(work(prompt="Dawn")))

    assert faults(tmp_path / "works.jsonl") == ["works.jsonl title: missing, expected a title given by --title"]


def test_one_jsonl_holds_one_text_for_each_prompt(tmp_path):
    (tmp_path / "w.jsonl").write_bytes(rows(work(prompt_text="Dawn"), work(id="two", prompt_text="Dusk")))

    found = faults(tmp_path / "w.jsonl", title="Light")

    assert found == [
        'w.jsonl:2 prompt_text: found another text for the prompt "dawn" than at line 1, expected the same'
    ]


def test_a_title_without_a_latin_letter_still_makes_a_slug(tmp_path):
    (tmp_path / "works.jsonl").write_bytes(rows(work(prompt="Dawn"), work(id="two", prompt="Dawn")))

    assert read(tmp_path / "works.jsonl", title="夜明け").slug.startswith("study-")


def test_the_limits_can_be_set(tmp_path):
    folder = write(tmp_path / "study")

    found = faults(folder, limits=Limits(id_chars=2, text_chars=8))

    assert any("3 characters" in line for line in found)
    assert any("expected a text of 1 to 8 characters" in line for line in found)


def test_progress_is_told_stage_by_stage(tmp_path):
    told: list[tuple[str, int, int]] = []

    read(write(tmp_path / "study"), on_progress=lambda *stage: told.append(stage))

    assert told == [("prompts", 1, 1), ("works", 2, 2)]


def test_reading_leaves_the_folder_as_it_was(tmp_path):
    folder = write(tmp_path / "study")
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*"))

    read(folder)

    assert sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*")) == before


def test_the_example_is_read_without_a_fault_or_a_warning(tmp_path):
    write_example(tmp_path / "example")

    plan = read(tmp_path / "example")

    assert plan.warnings == ()
    assert (len(plan.prompts), len(plan.works)) == (2, 6)
    assert all(work.licence and work.purposes for work in plan.works)
    assert (tmp_path / "example" / "media").is_dir()


def test_the_example_overwrites_nothing(tmp_path):
    (tmp_path / "prompts.jsonl").write_text("mine")

    with pytest.raises(FileExistsError, match=r"prompts\.jsonl"):
        write_example(tmp_path)

    assert os.listdir(tmp_path) == ["prompts.jsonl"]  # noqa: PTH208 - the names alone are what matters
    assert (tmp_path / "prompts.jsonl").read_text() == "mine"


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(text=TEXTS, extra=st.dictionaries(TEXTS, st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1) | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=8)), ascii_only=st.booleans())  # fmt: skip
def test_any_text_and_any_metadata_survive_exactly(tmp_path, text, extra, ascii_only):
    fields = {**{f"x-{key}": value for key, value in extra.items()}, **work(text=f"a{text}")}
    content = json.dumps(fields, ensure_ascii=ascii_only).encode() + b"\n" + rows(TWO)

    first = read(write(tmp_path / "study", works=content)).works[0]

    assert first.text == f"a{text}"
    assert first.metadata == {f"x-{key}": value for key, value in extra.items()}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(st.binary(max_size=200) | st.text('{}[]":,\\ud8\n\r\t 019.eE-+aNIi', max_size=200).map(str.encode))
def test_no_bytes_whatever_break_the_reader(tmp_path, noise):
    folder = write(tmp_path / "study", works=noise, prompts=noise, judgements=noise, study=STUDY + noise)

    assert faults(folder)
