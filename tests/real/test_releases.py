"""Real sets, released under their licences and loaded back equal to what their authors published."""

import json
from collections import Counter, defaultdict

import pytest
from django.core.management import CommandError
from pyarrow import parquet

from tests.consumers.inspection import faults, rows
from tests.real import imagereward, lamp, llmfao
from tests.real.folder import run

pytestmark = pytest.mark.django_db
yaml = pytest.importorskip("yaml")

SETS = {
    "lamp": (lamp, "BSD-3-Clause", 318),
    "llmfao": (llmfao, "CC-BY-4.0", 407),
    "imagereward": (imagereward, "Apache-2.0", 1328),
}


def released(real_data, folder, slug, *asked):
    """A set, imported and released; the release has no fault."""
    run("import_study", SETS[slug][0].study_of(real_data, folder / slug))
    run("export_release", slug, "--out", folder / "out", *asked)
    assert faults(folder / "out") == []
    return folder / "out"


def read(release, view):
    return [row for path in sorted((release / "data" / view).iterdir()) for row in rows(path)]


def by_rater(told):
    """Answers by rater, without the raters' names: what two lists have in common whoever the raters are called."""
    answers = defaultdict(list)
    for rater, *answer in told:
        answers[rater].append(tuple(map(_frozen, answer)))
    return Counter(tuple(sorted(of_one)) for of_one in answers.values())


def _frozen(value):
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize("packed", ["jsonl", "jsonl.gz", "parquet"])
def test_lamps_rankings_come_back_with_their_raters_their_order_and_their_ranks(real_data, tmp_path, packed):
    release = released(real_data, tmp_path, "lamp", "--view", "rankings", "--format", packed)

    found = read(release, "rankings")

    given = [
        (one["rater"], one["set_id"], one["shown"], [one["ranked"].index(item) + 1 for item in one["shown"]])
        for one in lamp.rankings(real_data)
    ]
    told = [(row["rater"], row["prompt_id"], [work["work"] for work in row["works"]], row["ranking"]) for row in found]
    assert len(found) == 318
    assert by_rater(told) == by_rater(given)
    assert len({row["set_id"] for row in found}) == 106
    assert not {row["rater"] for row in found} & {one["rater"] for one in lamp.rankings(real_data)}


def test_lamps_texts_come_back_with_their_works(real_data, tmp_path):
    release = released(real_data, tmp_path, "lamp", "--view", "works")

    texts = {row["work"]: row["text"] for row in read(release, "works")}

    items = map(json.loads, (real_data / "text_lamp_rankings" / "items.jsonl").read_text().splitlines())
    assert texts == {item["item_id"]: item["text"] for item in items}


def test_llmfaos_votes_come_back_one_by_one(real_data, tmp_path):
    release = released(real_data, tmp_path, "llmfao", "--view", "judgements", "--format", "parquet")

    found = [
        row for path in sorted((release / "data/judgements").iterdir()) for row in parquet.read_table(path).to_pylist()
    ]

    given = [
        (vote["worker"], [f"{vote['prompt_id']}-{vote[f'{side}_model_id']}" for side in ("left", "right")], ranks)
        for vote in llmfao.votes(real_data)
        for ranks in [llmfao.RANKS[vote["winner"]]]
    ]
    told = [(row["rater"], [work["work"] for work in row["works"]], row["ranks"]) for row in found]
    assert len(told) == 4851
    assert by_rater(told) == by_rater(given)


def test_llmfaos_shares_are_the_votes_a_tie_half_for_each(real_data, tmp_path):
    votes = defaultdict(Counter)
    for vote in llmfao.votes(real_data):
        left, right = (f"{vote['prompt_id']}-{vote[f'{side}_model_id']}" for side in ("left", "right"))
        winner = {"left": left, "right": right, "tie": None}[vote["winner"]]
        votes[frozenset((left, right))][winner] += 1
    release = released(real_data, tmp_path, "llmfao", "--view", "pairs_soft")

    found = read(release, "pairs_soft")

    dropped = list(rows(release / "dropped.jsonl"))
    assert len(found) + len(dropped) == len(votes)
    for row in found:
        counted = votes[frozenset((row["work_0"], row["work_1"]))]
        assert (row["n_0"], row["n_1"], row["n_ties"]) == (
            counted[row["work_0"]],
            counted[row["work_1"]],
            counted[None],
        )
        assert row["label_0"] == pytest.approx((row["n_0"] + row["n_ties"] / 2) / counted.total(), abs=1e-6)


def test_imagerewards_rankings_come_back_with_their_ties_and_gaps(real_data, tmp_path):
    release = released(real_data, tmp_path, "imagereward", "--view", "judgements")

    found = {row["prompt_id"]: row for row in read(release, "judgements")}

    given = {
        one["prompt_id"]: dict(zip(one["items"], one["rank"], strict=True)) for one in imagereward.rankings(real_data)
    }
    assert {
        prompt: dict(zip([work["work"] for work in row["works"]], row["ranks"], strict=True))
        for prompt, row in found.items()
    } == given
    assert sum(len(set(row["ranks"])) < len(row["ranks"]) for row in found.values()) == 171


def test_pictures_that_are_not_at_hand_are_refused_to_who_would_train_on_them(real_data, tmp_path):
    with pytest.raises(CommandError, match="takes image alone, and these works are absent"):
        released(real_data, tmp_path, "imagereward", "--preset", "imagereward")


@pytest.mark.parametrize("slug", SETS)
def test_every_set_leaves_under_its_own_licence(real_data, tmp_path, slug):
    _, licence, works = SETS[slug]

    release = released(real_data, tmp_path, slug, "--view", "judgements")

    manifest = json.loads((release / "manifest.json").read_text())
    front = yaml.safe_load((release / "README.md").read_text().split("\n---\n")[0].removeprefix("---\n"))
    croissant = json.loads((release / "croissant.json").read_text())
    assert manifest["licences"] == [{"licence": licence, "works": works}]
    assert front["license"] == licence.lower()
    assert croissant["license"] == [f"https://spdx.org/licenses/{licence}"]


def test_the_pairs_of_every_prompt_stay_in_its_split(real_data, tmp_path):
    release = released(real_data, tmp_path, "lamp", "--view", "pairs", "--view", "rankings")

    manifest = json.loads((release / "manifest.json").read_text())
    where = defaultdict(set)
    for file in manifest["files"]:
        for row in rows(release / file["path"]):
            where[row["prompt_id"]].add(file["split"])
    assert all(len(splits) == 1 for splits in where.values())
    assert len(where) == 106
    assert Counter(split for [split] in where.values()).keys() == {"train", "validation", "test"}
