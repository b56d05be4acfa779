"""A prompt stays in its split for good."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feedback.datasets.reading.splits import split_of, split_prompts
from feedback.works.actions import NewAsset, NewWork, store_collection
from feedback.works.models import Prompt
from tests import make
from tests.datasets.panel import freeze, judge_all, rows


@some.composite
def prompts(draw):
    """The groups of some prompts, and whose works have which content."""
    groups = draw(some.lists(some.text("abcdef", min_size=1, max_size=3), min_size=2, max_size=30))
    one_of_them = some.integers(0, len(groups) - 1)
    contents = draw(some.lists(some.tuples(one_of_them, some.sampled_from("vwxyz")), max_size=20))
    return list(enumerate(groups)), contents


def test_the_splits_are_about_eight_to_one_to_one():
    drawn = [split_of(f"prompt {number}") for number in range(20_000)]

    assert abs(drawn.count("train") - 16_000) < 200
    assert abs(drawn.count("validation") - 2_000) < 150
    assert abs(drawn.count("test") - 2_000) < 150


def test_the_split_of_a_name_never_changes():
    assert [split_of(name) for name in ("p1", "p6", "p13")] == ["train", "validation", "test"]


def test_a_prompt_that_shares_a_work_goes_where_the_one_stored_first_is():
    apart = split_prompts([(1, "p1"), (2, "p6"), (3, "p13")], [(1, "v"), (2, "w"), (3, "x")])
    together = split_prompts([(1, "p1"), (2, "p6"), (3, "p13")], [(2, "v"), (3, "v")])

    assert apart == {1: "train", 2: "validation", 3: "test"}
    assert together == {1: "train", 2: "validation", 3: "validation"}


@given(prompts())
def test_prompts_that_share_a_group_or_a_work_are_never_parted(drawn):
    groups, contents = drawn

    splits = split_prompts(groups, contents)

    for alike in (groups, contents):
        for prompt, shared in alike:
            assert {splits[other] for other, its in alike if its == shared} == {splits[prompt]}


@given(prompts())
def test_a_newcomer_that_joins_one_group_of_prompts_moves_nobody(drawn):
    groups, contents = drawn
    before = split_prompts(groups, contents)
    newcomer = (len(groups), "a newcomer")

    after = split_prompts([*groups, newcomer], [*contents, *((len(groups), sha256) for _, sha256 in contents[:1])])

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
