"""Rows between the database and the files."""

import json

from feedback.datasets import spool as rows_on_their_way
from feedback.datasets.columns import Column
from feedback.datasets.export import Row
from feedback.datasets.spool import Spool, pseudonyms

COLUMNS = (Column("number", "int64", ""), Column("said", "string", ""), Column("rater", "string", ""))


def test_a_split_is_cut_into_files_of_one_criterion_each_and_no_row_is_lost(monkeypatch):
    monkeypatch.setattr(rows_on_their_way, "ROWS_PER_FILE", 2)
    with Spool(COLUMNS) as spool:
        for number in range(5):
            spool.add(Row("lighting", "train", {"number": number, "said": None, "rater": "r"}))
        for number in range(2):
            spool.add(Row("arc", "train", {"number": number, "said": None, "rater": "r"}))
        spool.add(Row("arc", "test", {"number": 9, "said": None, "rater": "r"}))

        shards = spool.shards("pairs", ["lighting", "unused", "arc"])

    assert [(shard.path, shard.criterion, shard.rows) for shard in shards] == [
        ("data/pairs/train-00000-of-00004.jsonl", "lighting", 2),
        ("data/pairs/train-00001-of-00004.jsonl", "lighting", 2),
        ("data/pairs/train-00002-of-00004.jsonl", "lighting", 1),
        ("data/pairs/train-00003-of-00004.jsonl", "arc", 2),
        ("data/pairs/test-00000-of-00001.jsonl", "arc", 1),
    ]


def test_only_the_column_is_left_out_never_words_that_look_like_it():
    trap = ',"rater":"somebody","said":null,"number":null\\",\\"said\\":null'
    with Spool((*COLUMNS, Column("empty", "string", ""))) as spool:
        spool.add(Row("c", "train", {"number": None, "said": trap, "rater": "somebody", "empty": None}))
        spool.add(Row("c", "train", {"number": 1, "said": ',"empty":null', "rater": "another", "empty": None}))

        first, second = (json.loads(line) for line in spool.lines("c", "train", b"key"))

        assert [column.name for column in spool.filled] == ["number", "said", "rater"]
    named = pseudonyms(b"key")
    assert first == {"number": None, "said": trap, "rater": named(b"somebody").decode()}
    assert second == {"number": 1, "said": ',"empty":null', "rater": named(b"another").decode()}


def test_a_pseudonym_holds_under_one_key_alone():
    named, otherwise = pseudonyms(b"one key"), pseudonyms(b"another")

    assert named(b"bob") == named(b"bob") != named(b"alice")
    assert named(b"bob") != otherwise(b"bob")
    assert b"bob" not in named(b"bob")
