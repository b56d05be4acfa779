"""A release's version says what became of the rows of the one before it."""

import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feedback.datasets.making.index import Entry, Fate, compare
from feedback.judging.actions import retract
from feedback.people.actions import rater_of
from tests import make
from tests.datasets.panel import freeze, judge_all, study_of


@some.composite
def indexes(draw):
    """Two indexes by key."""
    keys = some.text("abcdef", min_size=1, max_size=4)
    hashes = some.sampled_from("12")
    return draw(some.dictionaries(keys, hashes)), draw(some.dictionaries(keys, hashes))


@given(indexes())
def test_two_indexes_are_compared_as_their_dictionaries_would_be(both):
    before, after = both

    found = {
        entry.key: fate
        for fate, entry in compare(
            *(
                sorted((Entry("pairs", key, hashed) for key, hashed in index.items()), key=lambda entry: entry.place)
                for index in both
            )
        )
    }

    assert found.keys() == before.keys() | after.keys()
    for key, fate in found.items():
        if key not in after:
            assert fate is Fate.REMOVED
        elif key not in before:
            assert fate is Fate.ADDED
        else:
            assert fate is (Fate.KEPT if before[key] == after[key] else Fate.CHANGED)


def judged(person, judgements):
    """A study that has some judgements of hers."""
    study = make.study(prompts=4, works=2, rater=person)
    for _ in range(judgements):
        make.judgement(study, person)
    return study


@pytest.mark.django_db
def test_the_first_of_a_series_is_one_nought_nought_and_a_repeated_one_keeps_its_version(bob):
    study = judged(bob, 2)

    first = freeze(study)

    assert (first.version, freeze(study).version) == ("1.0.0", "1.0.0")
    assert first.manifest["version"] == "1.0.0"


@pytest.mark.django_db
def test_rows_that_came_make_a_minor_version(bob):
    study = judged(bob, 2)
    freeze(study, view="judgements")
    make.judgement(study, bob)

    later = freeze(study, view="judgements")

    assert later.version == "1.1.0"
    assert later.manifest["changes"] == {"added": 3, "changed": 0, "removed": 0}


@pytest.mark.django_db
def test_rows_that_are_gone_make_a_major_version(bob):
    study = judged(bob, 3)
    freeze(study, view="judgements")
    retract(study=study, rater=rater_of(user=bob), key=uuid.uuid4())

    later = freeze(study, view="judgements")

    assert later.version == "2.0.0"
    assert later.manifest["changes"] == {"added": 0, "changed": 0, "removed": 3}


@pytest.mark.django_db
def test_rows_that_changed_make_a_major_version(alice, bob):
    study = study_of(make.work("a"), make.work("b"))
    judge_all(study, alice, {"a": 1, "b": 2})
    freeze(study)
    judge_all(study, bob, {"a": 1, "b": 2})  # of the same mind: the pair counts one more judgement

    later = freeze(study)

    assert later.version == "2.0.0"
    assert later.manifest["changes"] == {"added": 0, "changed": 1, "removed": 0}


@pytest.mark.django_db
def test_another_format_of_the_same_rows_is_a_patch_and_other_rows_are_another_series(bob):
    study = judged(bob, 3)

    made = [
        freeze(study, **terms)
        for terms in ({}, {"format": "parquet"}, {"view": "judgements"}, {"purpose": "export"}, {"format": "jsonl.gz"})
    ]

    assert [release.version for release in made] == ["1.0.0", "1.0.1", "1.0.0", "1.0.0", "1.0.2"]
    assert made[0].series == made[1].series == made[4].series
    assert len({release.series for release in made}) == 3


@pytest.mark.django_db
def test_a_version_that_another_process_took_meanwhile_is_counted_again(bob, monkeypatch):
    study = judged(bob, 2)
    freeze(study)
    make.judgement(study, bob)
    from feedback.datasets.actions import freezing

    kept, others = freezing.keep, []

    def overtaken(*args):
        if not others:
            others.append(None)
            others.append(freeze(study, format="parquet"))
        return kept(*args)

    monkeypatch.setattr(freezing, "keep", overtaken)

    release = freeze(study)

    assert (others[1].version, release.version) == ("1.1.0", "1.1.1")
    assert release.manifest["version"] == release.version


@pytest.mark.django_db
def test_raters_keep_their_pseudonyms_in_another_format_of_the_same_rows_alone(bob):
    study = judged(bob, 3)

    keys = [freeze(study, **terms).pseudonym_key for terms in ({}, {"format": "parquet"}, {"view": "judgements"})]

    assert keys[0] == keys[1] != keys[2]
    assert all(len(bytes.fromhex(key)) == 32 for key in keys)


def test_entries_survive_their_line():
    dice = random.Random(1)
    entry = Entry("pairs", "p1/a", f"{dice.getrandbits(128):032x}", "1,2", 3, 4, 2)

    assert Entry.of(entry.line()) == entry
