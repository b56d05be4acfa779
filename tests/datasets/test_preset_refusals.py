"""What a consumer cannot use is refused, or stays, with the reason."""

from functools import partial

import pytest

from feedback.datasets.presets import PRESETS
from feedback.datasets.rows import VIEWS
from feedback.datasets.terms import ReleaseRefused
from tests import make
from tests.datasets.loaders import RULES
from tests.datasets.panel import answer_next, asked, freeze, images, judge_all, study_of
from tests.datasets.telling import consumed, told
from tests.datasets.truth import TEXTS, become_films, faults, judged_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def study_for(alice, bob, tmp_path):
    """A study whose works the preset can use, judged by two people who know the truth."""
    return partial(judged_for, people=(alice, bob), folder=tmp_path)


@pytest.mark.parametrize("preset", PRESETS)
def test_no_preset_has_a_margin_unless_it_is_asked_for_nor_a_reserved_column(preset, study_for):
    study, form = study_for(preset), PRESETS[preset]

    names = {column.name for column in form.columns(asked(study, preset=preset))}

    assert not names & (form.reserved | {"margin", "margin_se"})
    if form.margin:
        with pytest.raises(ReleaseRefused, match="takes no margin"):
            asked(study, preset=preset, margin=True)
    else:
        rows = consumed(study, preset, margin=True)
        assert all(row["margin"] > 0 for row in rows)
        assert [faults(preset, row) for row in rows] == [[]] * len(rows)


@pytest.mark.parametrize("preset", PRESETS)
def test_works_of_another_medium_are_refused_with_what_to_ask_instead(preset, bob, tmp_path):
    if PRESETS[preset].takes == {"image"}:
        study = study_of(make.work("a"), make.work("b"))
    else:
        study = study_of(*images(tmp_path, "a", "b"))
    judge_all(study, bob, {"a": 1, "b": 2})

    with pytest.raises(ReleaseRefused, match=f"{preset} takes .* alone.*Ask for"):
        freeze(study, preset=preset)


@pytest.mark.parametrize("preset", ["hpdv2", "pickapic", "videoalign", "helpsteer3", "nemo-rl"])
def test_a_tie_is_what_the_consumer_takes_for_one(preset, alice, bob, tmp_path):
    works = [make.work(name) for name in "ab"] if preset in TEXTS else images(tmp_path, "a", "b")
    study = study_of(*works)
    judge_all(study, alice, {"a": 1, "b": 2})
    judge_all(study, bob, {"a": 2, "b": 1})
    if preset == "videoalign":
        become_films(study)

    rows, _, _ = told(study, preset=preset)
    form = PRESETS[preset]
    taken = [one for row in rows if not form.stays(row.values) for one in form.turn(row.values)]

    if preset in {"hpdv2", "nemo-rl"}:
        assert taken == []
    else:
        (row,) = taken
        assert faults(preset, row) == []
        told_as = {
            "pickapic": ("label_0", 0.5),
            "videoalign": ("lighting", "same"),
            "helpsteer3": ("overall_preference", 0),
        }
        name, value = told_as[preset]
        assert row[name] == value


@pytest.mark.parametrize(
    ("scores", "overall"),
    [([(1, 3), (1, 1)], -2), ([(1, 1), (-1, -1)], 0), ([(1, None), (1, None)], -2), ([(1, 1), (-1, -1), (1, 1)], -1)],
)
def test_the_overall_preference_is_the_mean_and_a_tie_only_if_that_is(scores, overall):
    values = {
        "prompt": "P\n",
        "text_0": "a",
        "text_1": "b",
        "preferences": [{"rater": "r", "verdict": verdict, "strength": strength} for verdict, strength in scores],
    }

    (row,) = PRESETS["helpsteer3"].turn(values)

    assert row["overall_preference"] == overall
    assert faults("helpsteer3", row) == []


def test_words_that_the_consumer_takes_for_files_stay(bob):
    study = study_of(make.work("a", text="An <image> of words."), make.work("b"), make.work("c"))
    judge_all(study, bob, {"a": 1, "b": 2, "c": 3})
    form = PRESETS["llamafactory"]

    rows, _, _ = told(study, preset="llamafactory")

    reasons = [form.stays(row.values) for row in rows]
    assert sum(map(bool, reasons)) == 2
    assert "takes for files" in "".join(reasons)


def test_every_preset_is_a_form_of_a_view_and_every_name_is_its_own():
    assert all(preset.view in VIEWS and preset.name == name for name, preset in PRESETS.items())
    assert PRESETS.keys() == RULES.keys()
    assert all(preset.says and preset.formats for preset in PRESETS.values())
    assert all(view.key in {column.name for column in _columns(view)} for view in VIEWS.values())


def _columns(view):
    return view.columns(asked(study_of(make.work("a"), make.work("b")), view=view.name))


def test_prompts_that_end_in_a_newline_lose_it_where_messages_end_by_themselves(bob):
    study = study_of(make.work("a"), make.work("b"), prompt="Tell.\n")
    judge_all(study, bob, {"a": 1, "b": 2})

    assert consumed(study, "trl")[0]["prompt"] == "Tell.\n"
    assert consumed(study, "axolotl-bt")[0]["input"] == "Tell."
    assert consumed(study, "nemo-rl")[0]["context"] == [{"role": "user", "content": "Tell."}]
    assert consumed(study, "rewardbench")[0]["prompt"] == "Tell."


def test_one_answer_alone_makes_no_release_of_a_preset_that_needs_two_works(bob):
    study = study_of(make.work("a"), make.work("b"), form="rating", set_size=1)
    make.make_rater(study, bob)
    answer_next(study, bob, score=6.0)

    with pytest.raises(ReleaseRefused, match="it scores one work"):
        freeze(study, preset="trl")
