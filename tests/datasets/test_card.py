"""The card: what loaders read between its rules, and what people read below."""

import pytest

from feedback.datasets.documents import card
from tests.datasets.manifests import COLUMNS, columns, manifest, shard

yaml = pytest.importorskip("yaml")
HOSTILE = 'A "title":\n# with --- \u2028 \x7f | and 🎭 <b>'
TWO_CRITERIA = [
    shard("pairs", "train", "lighting", 0, 3),
    shard("pairs", "train", "lighting", 1, 3),
    shard("pairs", "train", "tone", 2, 3),
    shard("pairs", "test", "tone"),
]


def read(text: bytes) -> tuple[dict, str]:
    """The front matter and the body."""
    front, body = text.decode().removeprefix("---\n").split("\n---\n", 1)
    return yaml.safe_load(front), body


def front_of(told, *views):
    return read(card(told, columns(*views)))[0]


def test_a_view_on_one_criterion_has_one_config_which_is_the_default():
    front = front_of(manifest())

    assert front["configs"] == [
        {
            "config_name": "pairs",
            "default": True,
            "data_files": [
                {"split": split, "path": f"data/pairs/{split}-*"} for split in ("train", "validation", "test")
            ],
        }
    ]


def test_each_criterion_has_a_config_of_its_own_files_and_a_split_without_rows_has_none():
    front = front_of(manifest(files=TWO_CRITERIA))

    named = {config["config_name"]: config["data_files"] for config in front["configs"]}
    assert named == {
        "pairs": [{"split": "train", "path": "data/pairs/train-*"}, {"split": "test", "path": "data/pairs/test-*"}],
        "lighting": [
            {
                "split": "train",
                "path": ["data/pairs/train-00000-of-00003.jsonl", "data/pairs/train-00001-of-00003.jsonl"],
            }
        ],
        "tone": [
            {"split": "train", "path": ["data/pairs/train-00002-of-00003.jsonl"]},
            {"split": "test", "path": ["data/pairs/test-00000-of-00001.jsonl"]},
        ],
    }


def test_the_first_view_is_the_default_and_criteria_of_others_carry_their_view():
    files = [shard(view, "train", criterion) for view in ("judgements", "pairs") for criterion in ("lighting", "tone")]

    front = front_of(manifest("judgements", "pairs", files=files), "judgements", "pairs")

    assert [config["config_name"] for config in front["configs"]] == [
        "judgements",
        "lighting",
        "tone",
        "pairs",
        "pairs-lighting",
        "pairs-tone",
    ]
    assert [config.get("default") for config in front["configs"]] == [True, None, None, None, None, None]


def test_a_view_without_rows_has_no_config_and_no_columns():
    files = [shard("judgements", "train", "lighting")]

    front, body = read(card(manifest("pairs", "judgements", files=files), columns("pairs", "judgements")))

    assert [(config["config_name"], config["default"]) for config in front["configs"]] == [("judgements", True)]
    assert "Columns of judgements" in body
    assert "Columns of pairs" not in body


def test_a_release_of_removals_alone_declares_nothing_to_load():
    front, body = read(card(manifest(files=[]), columns()))

    assert front.keys() == {"pretty_name", "license"}
    assert "load_dataset" not in body


def test_a_criterion_called_like_a_config_gets_another_name():
    files = [shard("pairs", "train", criterion) for criterion in ("pairs", "lighting", "criterion-pairs")]

    front = front_of(manifest(files=files))

    names = [config["config_name"] for config in front["configs"]]
    assert names == ["pairs", "criterion-pairs", "lighting", "criterion-criterion-pairs"]


@pytest.mark.parametrize("views", [("pairs",), ("judgements",), ("pairs", "judgements")])
def test_every_config_is_typed_by_the_columns_of_its_view_and_says_how_many_rows_there_are(views):
    front = front_of(manifest(*views), *views)

    for view, info in zip(views, front["dataset_info"], strict=True):
        assert info["config_name"] == view
        assert info["features"] == [column.feature for column in COLUMNS[view]]
        assert info["splits"] == [
            {"name": split, "num_bytes": 1000, "num_examples": 10} for split in ("train", "validation", "test")
        ]


def test_rows_and_bytes_of_a_config_are_summed_over_its_files():
    mixed, lighting, _ = front_of(manifest(files=TWO_CRITERIA))["dataset_info"]

    assert mixed["splits"][0] == {"name": "train", "num_bytes": 3000, "num_examples": 10 + 20 + 30}
    assert lighting["splits"] == [{"name": "train", "num_bytes": 2000, "num_examples": 30}]


@pytest.mark.parametrize("suffix", ["jsonl.gz", "parquet", "csv"])
def test_files_are_named_whatever_their_format(suffix):
    files = [shard("pairs", "train", criterion, suffix=suffix) for criterion in ("lighting", "tone")]

    named = {config["config_name"]: config["data_files"] for config in front_of(manifest(files=files))["configs"]}

    assert named["pairs"] == [{"split": "train", "path": "data/pairs/train-*"}]
    assert named["tone"] == [{"split": "train", "path": [f"data/pairs/train-00000-of-00001.{suffix}"]}]


def test_a_hostile_title_is_one_line_of_text_in_both_halves():
    front, body = read(card(manifest(title=HOSTILE), columns()))

    assert front["pretty_name"] == " ".join(HOSTILE.split())
    assert body.strip().splitlines()[0] == '# A "title": \\# with ---   \\| and 🎭 \\<b\\>'


@pytest.mark.parametrize(
    ("licences", "told"),
    [
        (["CC0-1.0"], "cc0-1.0"),
        (["CC0-1.0", "MIT"], "other"),
        ([""], "other"),
        (["LicenseRef-letter"], "other"),
        (["MIT OR Apache-2.0"], "other"),
    ],
)
def test_the_licence_is_named_where_there_is_one_for_all(licences, told):
    listed = [{"licence": licence, "works": 1} for licence in licences]

    assert front_of(manifest(licences=listed))["license"] == told


def test_the_body_says_what_stayed_out_and_under_which_licences_the_rest_stands():
    _, body = read(card(manifest(licences=[{"licence": "", "works": 3}]), columns()))

    for said in (
        "- 2 works: its clearance has ended.",
        "- 3 judgements: the rater skipped it.",
        "- 1 pairs: as many raters for one work as for the other.",
        "| by consent alone | 3 |",
        "version 1.2.0",
        "| pairs | train | lighting | 10 |",
        "- `lighting` (version 2), Lighting: Which is lit better?",
    ):
        assert said in body


def test_pseudonyms_are_explained_where_there_are_any():
    assert "pseudonym under a key" in read(card(manifest("judgements"), columns("judgements")))[1]
    assert "pseudonym" not in read(card(manifest(), columns()))[1]


def test_media_are_told_where_there_are_any():
    media = {"files": 7, "bytes": 900, "suffixes": ["webp"]}

    assert "7 works lie under `media/`" in read(card(manifest(media=media), columns()))[1]
    assert "media/" not in read(card(manifest(), columns()))[1]


def test_the_card_knows_no_clock():
    later = manifest(
        snapshot={"judged_until": "2026-05-04T10:11:12.000000Z", "frozen_at": "2031-01-01T00:00:00.000000Z"}
    )

    assert card(later, columns()) == card(manifest(), columns())
