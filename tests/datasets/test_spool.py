"""Rows between the database and the files."""

import json
import uuid

import pytest

from feedback.datasets.columns import Column
from feedback.datasets.lines import marked
from feedback.datasets.making.gathering import Reading
from feedback.datasets.making.index import entries_in
from feedback.datasets.making.shards import Making
from feedback.datasets.making.spool import Spool
from feedback.datasets.making.workshop import Workshop
from feedback.datasets.rows import Row
from tests import make
from tests.datasets.panel import asked

COLUMNS = (Column("id", "string", ""), Column("said", "string", ""), Column("rater", "string", ""))
SOMEBODY, ANOTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def alone(values):
    return [values]


def twice(values):
    return [values, values | {"said": "again"}]


def row(number, *, criterion="lighting", split="train", **values):
    said = {"id": f"row-{number}", "said": None, "rater": marked(SOMEBODY)} | values
    return Row("pairs", criterion, split, said, (number,))


@pytest.fixture
def spooled(tmp_path):
    """Fills a spool with the rows and closes it."""

    def fill(*rows, columns=COLUMNS, turn=alone, **fixed):
        with Spool(tmp_path / "rows", {"pairs": columns}, {"pairs": "id"}, **fixed) as spool:
            for one in rows:
                spool.add(one, turn(one.values))
            return spool.spooled()

    return fill


def lines(spooled, key=b"key", kept=None):
    return [json.loads(line) for pile in spooled.piles for line in spooled.lines(pile, key, kept)]


def test_only_the_column_is_left_out_never_words_that_look_like_it(spooled):
    trap = f',"rater":"{marked(SOMEBODY)}","said":null,"empty":null'
    columns = (*COLUMNS, Column("empty", "string", ""))

    filled = spooled(row(1, said=trap, empty=None), row(2, said=',"empty":null', empty=None), columns=columns)

    assert filled.filled == {"pairs": ["id", "said", "rater"]}
    first, second = lines(filled)
    assert first.keys() == second.keys() == {"id", "said", "rater"}
    assert (first["said"], second["said"]) == (trap, ',"empty":null')


def test_a_consumers_columns_stay_even_without_a_value(spooled):
    (one,) = lines(spooled(row(1), fixed=True))

    assert one.keys() == {"id", "said", "rater"}
    assert one["said"] is None


def test_a_rater_has_one_pseudonym_under_one_key_wherever_the_id_stands(spooled):
    columns = (*COLUMNS, Column("votes", {"list": "string"}, ""))
    said = "rater: somebody who has much to say, and says it"
    values = {"id": "row-1", "said": said, "rater": marked(SOMEBODY), "votes": [marked(ANOTHER), marked(SOMEBODY)]}

    filled = spooled(Row("pairs", "c", "train", values, ()), columns=columns)

    (one,), (other,) = lines(filled), lines(filled, key=b"another key")
    assert one["rater"] == one["votes"][1] != one["votes"][0]
    assert {one["rater"], *one["votes"]}.isdisjoint({other["rater"], *other["votes"]})
    assert one["said"] == other["said"] == said
    assert SOMEBODY.hex not in json.dumps([one, other])
    assert ANOTHER.hex not in json.dumps([one, other])


def test_the_index_has_each_key_once_in_one_order_with_the_place_of_its_rows(spooled):
    filled = spooled(*(row(number, split="test" if number % 3 else "train") for number in range(200)), turn=twice)

    entries = list(entries_in(filled.folder / "index"))

    assert [entry.place for entry in entries] == sorted(entry.place for entry in entries)
    assert {entry.key for entry in entries} == {f"row-{number}" for number in range(200)}
    for entry in entries:
        pile = next(pile for pile in filled.piles if pile.name == f"{entry.pile:05}")
        written = [json.loads(line)["id"] for line in filled.lines(pile, b"key")]
        assert written[entry.first : entry.first + entry.rows] == [entry.key] * 2
        assert entry.works == entry.key.removeprefix("row-")


def test_a_row_that_moves_to_another_split_counts_as_changed(tmp_path):
    hashes = []
    for split in ("train", "test"):
        with Spool(tmp_path / split, {"pairs": COLUMNS}, {"pairs": "id"}) as spool:
            spool.add(moved := row(1, split=split), [moved.values])
        hashes += [entry.hash for entry in entries_in(tmp_path / split / "index")]

    assert len(set(hashes)) == 2


@pytest.mark.django_db
def test_a_split_is_cut_into_files_of_one_criterion_each_and_no_row_is_lost(spooled, tmp_path, monkeypatch):
    monkeypatch.setattr("feedback.datasets.making.shards.ROWS_PER_FILE", 2)
    filled = spooled(
        *(row(number) for number in range(5)),
        *(row(number, criterion="arc") for number in range(5, 7)),
        row(9, criterion="arc", split="test"),
    )
    facts = {"criteria": [{"slug": slug} for slug in ("lighting", "unused", "arc")]}
    reading = Reading(filled, facts, "", [], [], {}, [])

    shards = Making(asked(make.study()), Workshop(tmp_path), reading, b"").shards()

    assert [(shard.path, shard.pile.criterion, shard.rows) for shard in shards] == [
        ("data/pairs/train-00000-of-00004.jsonl", "lighting", 2),
        ("data/pairs/train-00001-of-00004.jsonl", "lighting", 2),
        ("data/pairs/train-00002-of-00004.jsonl", "lighting", 1),
        ("data/pairs/train-00003-of-00004.jsonl", "arc", 2),
        ("data/pairs/test-00000-of-00001.jsonl", "arc", 1),
    ]
