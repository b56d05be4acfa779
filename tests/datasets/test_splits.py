"""A prompt stays in its split for good."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feedback.datasets.splits import split_of, split_prompts
from feedback.works.actions import NewAsset, NewWork, store_collection
from feedback.works.models import Prompt
from tests import make
from tests.datasets.panel import freeze, judge_all, rows

GROUPS = some.lists(some.text("abcdef", min_size=1, max_size=3), min_size=1, max_size=30)
CONTENTS = some.lists(some.tuples(some.integers(0, 29), some.sampled_from("vwxyz")), max_size=20)


def test_the_splits_are_about_eight_to_one_to_one():
    drawn = [split_of(f"prompt {number}") for number in range(20_000)]

    assert abs(drawn.count("train") - 16_000) < 200
    assert abs(drawn.count("validation") - 2_000) < 150
    assert abs(drawn.count("test") - 2_000) < 150


def test_the_split_of_a_name_never_changes():
    assert [split_of(name) for name in ("p1", "p6", "p13")] == ["train", "validation", "test"]


@given(GROUPS, CONTENTS)
def test_prompts_that_share_a_group_or_a_work_are_never_parted(groups, contents):
    named = list(enumerate(groups))
    told = [(prompt, sha256) for prompt, sha256 in contents if prompt < len(groups)]

    splits = split_prompts(named, told)

    for prompt, group in named:
        assert all(splits[prompt] == splits[other] for other, its in named if its == group)
    for prompt, sha256 in told:
        assert all(splits[prompt] == splits[other] for other, its in told if its == sha256)


@given(GROUPS, CONTENTS, some.integers(0, 30))
def test_a_newcomer_that_joins_at_most_one_group_of_prompts_moves_nobody(groups, contents, known):
    named = list(enumerate(groups))
    told = [(prompt, sha256) for prompt, sha256 in contents if prompt < min(known, len(groups))]
    before = split_prompts(named[:known], told)
    if told:
        told.append((len(groups), told[0][1]))

    after = split_prompts([*named, (len(groups), "a newcomer")], told)

    assert {prompt: after[prompt] for prompt in before} == before


@pytest.mark.django_db
def test_prompts_that_are_added_move_none_of_the_others(bob, charlie, tmp_path):
    places = {f"p{prompt}-{work}": work for prompt in range(1, 31) for work in (1, 2)}
    study = make.study(prompts=30, works=2, criteria=("lighting",))
    judge_all(study, bob, places)
    before = {row["prompt_id"]: path for path, row in _with_split(study, tmp_path / "before")}
    store_collection(
        study=study,
        slug=study.slug,
        prompts=[Prompt(external_id="a0", text="Shares a work."), Prompt(external_id="a1", text="Shares none.")],
        works=[_text("a0-1", "a0", "The text of p1-1."), _text("a1-1", "a1", "Its own.")],
    )
    judge_all(study, charlie, places)

    after = {row["prompt_id"]: path for path, row in _with_split(study, tmp_path / "after")}

    assert len(set(before.values())) == 3
    assert after == before


@pytest.mark.django_db
def test_a_split_without_rows_has_no_file_and_the_card_lists_only_what_is_there(bob, tmp_path):
    study = make.study(prompts=1, rater=bob)
    make.judgement(study, bob)

    rows(study, tmp_path / "out")

    assert {path.name.split("-")[0] for path in (tmp_path / "out").glob("data/pairs/*")} == {"train"}
    card = (tmp_path / "out" / "README.md").read_text()
    assert 'split: "train"' in card
    assert 'split: "test"' not in card
    assert freeze(study).manifest["prompts"] == {"train": 1, "validation": 0, "test": 0}


def _with_split(study, folder):
    rows(study, folder)
    import json

    for path in folder.glob("data/pairs/*"):
        for line in path.read_text().splitlines():
            yield path.name.split("-")[0], json.loads(line)


def _text(name, prompt, text):
    asset = NewAsset.of_text(text)
    return NewWork(
        external_id=name,
        prompt=prompt,
        medium="text",
        sha256=asset.sha256,
        generator=("maker", ""),
        maker="",
        assets=[asset],
        licence="CC0-1.0",
        consent="",
        source="",
        purposes=frozenset({"show", "export"}),
    )
