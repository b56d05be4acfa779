"""marks.jsonl and keys.jsonl are read whole, or refused with every fault and its place."""

import pytest

from feedback.intake.actions import store_study
from feedback.intake.reading import StudyPlan
from feedback.judging.marks import former_marks
from feedback.judging.models import Comparison, Entry, Mark, Submission
from feedback.studies.models import Study
from tests.intake.test_reading import ONE, STUDY, TWO, answer, faults, read, rows, work, write

TEXT = "🎻 It dawns. It dawns\u0301 again."
SETTINGS = STUDY + b'scale = "strength"\nmarks = "strong"\n'
MARK = {
    "rater": "r1",
    "prompt": "dawn",
    "works": ["one", "two"],
    "criterion": "lighting",
    "work": "one",
    "kind": "words",
    "place": {"start": 12, "end": 20, "quote": "It dawns"},
    "tag": "word choice",
    "sign": -1,
    "note": "Twice.",
    "claim": "count( dawns, 02)",
}
KEY = {"prompt": "dawn", "works": ["two", "one"], "criterion": "lighting", "ranks": [1, 2], "reason": "It dawned."}


def mark(**changed):
    return {key: value for key, value in (MARK | changed).items() if value is not None}


def key(**changed):
    return {name: value for name, value in (KEY | changed).items() if value is not None}


def folder(tmp_path, **files):
    files = {"study": SETTINGS, "works": rows(work(text=TEXT), TWO), "judgements": rows(answer()), **files}
    return write(tmp_path / "study", **files)


HOSTILE = [
    ("an unknown key", mark(surprise=1), "surprise", "unknown key"),
    ("no place", mark(place=None), "place", "missing"),
    ("a list for a place", mark(place=[12, 20]), "place", "found a list of 2, expected an object"),
    ("a kind nobody knows", mark(kind="word"), "kind", 'did you mean "words"?'),
    ("a kind of another medium", mark(kind="moment", place={"time": 1}), "place", "cannot lie on a text"),
    (
        "a place shifted by one",
        mark(place={"start": 13, "end": 21, "quote": "It dawns"}),
        "place",
        "begins at 2 and 12",
    ),
    (
        "a quote that is nowhere",
        mark(place={"start": 12, "end": 20, "quote": "It dusks"}),
        "place",
        "nowhere in the text",
    ),
    ("a place beyond the end", mark(place={"start": 12, "end": 99, "quote": "It"}), "place", "begins at 2 and 12"),
    (
        "a place in UTF-16 units",
        mark(place={"start": 3, "end": 11, "quote": "It dawns"}),
        "place",
        "begins at 2 and 12",
    ),
    ("no sign", mark(sign=None), "sign", "missing"),
    ("a sign of nothing", mark(sign=0), "sign", "1 for the work or -1 against it"),
    ("a free tag", mark(tag="wordy"), "tag", "expected one of opening, ending"),
    ("a claim nobody knows", mark(claim="rhymes(a, b)"), "claim", "there is no claim rhymes here"),
    ("a work that was not shown", mark(work="three"), "work", "expected one of the row's works"),
    ("a work nobody knows", mark(works=["one", "three"]), "works", "expected an id in works.jsonl"),
    ("a prompt nobody knows", mark(prompt="dusk"), "prompt", "expected an id in prompts.jsonl"),
    ("a criterion nobody knows", mark(criterion="lightning"), "criterion", 'did you mean "lighting"?'),
    ("a criterion without an answer", mark(criterion="narrative-arc"), "criterion", "judged these works by"),
    ("a rater without an answer", mark(rater="r2"), "rater", 'found no answer of "r2" on these works'),
]
UNKEYED = [
    ("too few ranks", key(ranks=[1]), "ranks", "1 ranks for 2 works"),
    ("one work", key(works=["one"], ranks=[1]), "works", "a list of 1"),
    ("a work nobody knows", key(works=["one", "three"]), "works", "expected an id in works.jsonl"),
    ("a criterion nobody knows", key(criterion="taste"), "criterion", "expected a criterion of the study"),
    ("a purpose nobody knows", key(purpose="exam"), "purpose", '"training" or "gold"'),
]


@pytest.mark.parametrize(("row", "field", "why"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_mark_that_does_not_fit_is_a_fault_with_its_line_and_field(tmp_path, row, field, why):
    (told,) = faults(folder(tmp_path, marks=rows(mark(), row)))

    assert told.startswith(f"marks.jsonl:2 {field}: ")
    assert why in told


@pytest.mark.parametrize(("row", "field", "why"), [case[1:] for case in UNKEYED], ids=[case[0] for case in UNKEYED])
def test_a_key_that_does_not_fit_is_a_fault_with_its_line_and_field(tmp_path, row, field, why):
    told = faults(folder(tmp_path, keys=rows(key(), row)))

    assert any(one.startswith(f"keys.jsonl:2 {field}: ") and why in one for one in told)


def test_a_key_comes_once_for_each_works_and_criterion_and_with_one_purpose(tmp_path):
    told = faults(folder(tmp_path, keys=rows(key(), key(works=["one", "two"], purpose="gold"))))

    assert any("the key of line 1 again" in one for one in told)
    assert any("found gold, expected training as at line 1" in one for one in told)


def test_a_qualification_round_has_as_many_items_as_there_are_gold_keys(tmp_path):
    told = faults(folder(tmp_path, study=SETTINGS + b"qualify_items = 2\n", keys=rows(key(purpose="gold"))))

    assert told == [
        "study.toml qualify_items: found 2 beside 1 gold comparisons in keys.jsonl, expected as many as there are"
    ]


def test_keys_need_works_that_may_be_shown(tmp_path):
    (told,) = faults(folder(tmp_path, works=rows(work(text=TEXT), TWO | {"purposes": []}), keys=rows(key())))

    assert told.startswith('keys.jsonl:1 works: found "two", expected works that may be shown')


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        (b'marks = "always"', '"off", "optional" or "strong"'),
        (b'marks = "strong"\nscale = "choice"', 'strong with the scale "strength" only'),
        (b'exposure = "half"', '"off" or "whole"'),
        (b'ranking = "best"', 'with the form "set" only'),
        (b"qualify_items = 4\nqualify_pass = 5", "at most qualify_items"),
        (b"tags = []", "an empty list"),
        (b'tags = ["a\\nb"]', "control characters"),
        (b'asking = "twice"', '"together" or "one"'),
    ],
)
def test_settings_are_held_to_their_words(tmp_path, setting, why):
    assert any(why in told for told in faults(write(tmp_path / "study", study=STUDY + setting)))


def test_settings_are_read_and_their_defaults_leave_the_checksum_alone(tmp_path):
    told = b'guide = "Look twice."\ntags = ["shadow", "shadow", "hands"]\nasking = "one"\nexposure = "whole"\n'
    plain = read(write(tmp_path / "plain"))
    spelled = read(
        write(tmp_path / "spelled", study=STUDY + b'marks = "optional"\nexposure = "off"\nqualify_items = 0\n')
    )
    other = read(write(tmp_path / "other", study=STUDY + told))

    assert plain.digest == spelled.digest != other.digest
    assert (other.tags, other.guide, other.asking, other.exposure) == (
        ("shadow", "hands"),
        "Look twice.",
        "one",
        "whole",
    )


def test_three_quarters_pass_where_the_study_does_not_say(tmp_path):
    gold = [work(id=f"w{number}") for number in range(5)]
    keys = [key(works=["w0", f"w{number}"], purpose="gold") for number in range(1, 5)]
    settings = STUDY + b"qualify_items = 4\n"

    plan = read(write(tmp_path / "study", study=settings, works=rows(*gold), keys=rows(*keys)))

    assert (plan.qualify_items, plan.qualify_pass) == (4, 3)


def stored(plan: StudyPlan) -> Study:
    return store_study(plan=plan).study


@pytest.mark.django_db
def test_marks_come_along_on_the_entry_of_their_work_in_one_spelling(tmp_path):
    second = mark(
        rater="r2", works=["two", "one"], work="two", criterion=None, place={"start": 0, "end": 2, "quote": "It"}
    )
    judgements = rows(answer(), answer(rater="r2", works=["two", "one"]))
    plan = read(folder(tmp_path, judgements=judgements, marks=rows(mark(), second)))

    study = stored(plan)

    told = {}
    for submission in Submission.objects.filter(study=study).select_related("assignment__rater"):
        (found,) = former_marks(submission)
        work_of = Entry.objects.get(comparison=submission.assignment.comparison_id, index=found.entry).work
        told[submission.assignment.rater.label] = (
            work_of.external_id,
            found.criterion,
            found.place["quote"],
            found.claim,
        )
    assert told == {
        "r1": ("one", "lighting", "It dawns", "count(dawns, 2)"),
        "r2": ("two", "", "It", "count(dawns, 2)"),
    }
    assert study.marks == "strong"


def test_a_row_of_a_releases_marks_is_read_as_it_is(tmp_path):
    told = mark() | {"mark_id": "9" * 32, "study": "dawns"}

    plan = read(folder(tmp_path, marks=rows(told)))

    assert plan.marks == read(folder(tmp_path / "own", marks=rows(mark()))).marks


@pytest.mark.django_db
def test_the_same_study_with_another_mark_is_another_study(tmp_path):
    first = read(folder(tmp_path / "a", marks=rows(mark())))
    other = read(folder(tmp_path / "b", marks=rows(mark(note="Thrice."))))

    assert first.digest != other.digest
    assert stored(first) == stored(first)
    assert Mark.objects.count() == 1


@pytest.mark.django_db
def test_keys_become_comparisons_with_their_lesson_before_the_open_round(tmp_path):
    works = rows(ONE, TWO, work(id="three"))
    keys = rows(
        key(), key(criterion="narrative-arc", reason=None), key(works=["three", "one"], ranks=[2, 1], purpose="gold")
    )
    plan = read(write(tmp_path / "study", study=STUDY + b"qualify_items = 1\n", works=works, keys=keys))

    study = stored(plan)

    training, gold, *uniform = Comparison.objects.filter(study=study).order_by("position")
    assert [one.purpose for one in (training, gold, *uniform)] == ["training", "gold"] + ["uniform"] * 3
    assert training.lesson == "Lighting: It dawned."
    for comparison, best in ((training, "two"), (gold, "one")):
        entries = [entry.work.external_id for entry in comparison.entries.order_by("index")]
        assert entries[comparison.expected["lighting"].index(1)] == best
    assert set(training.expected) == {"lighting", "narrative-arc"}
