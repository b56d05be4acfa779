"""Professional writers' rankings of paragraphs.

The authors found that writers like a paragraph edited by a writer best, one edited by a model next, and one as the
model wrote it least. Salon's own fit must find it too; its intervals, which hold at once and for other writers like these
ten, tell the untouched paragraph from the others, and leave open which edit is better: two of the ten see it the other way.
"""

import json
from collections import Counter, defaultdict
from itertools import combinations

import pytest

from feedback.judging.models import Judgement
from feedback.works.models import Work
from tests.real import lamp
from tests.real.folder import read_rows, run

pytestmark = pytest.mark.django_db

BEST_FIRST = ["Human-edited", "AI-edited", "AI-generated"]


def test_every_ranking_comes_along_with_its_rater_the_order_shown_and_the_ranks(real_data, tmp_path):
    folder = lamp.study_of(real_data, tmp_path / "lamp")

    told = run("import_study", folder)

    assert (told["prompts"], told["works"], told["judgements"]) == (106, 318, 318)
    assert (told["blocked"], told["warnings"]) == ([], [])
    external = dict(Work.objects.values_list("pk", "external_id"))
    stored = []
    for judgement in Judgement.objects.select_related("submission__assignment__rater").prefetch_related(
        "submission__assignment__comparison__entries"
    ):
        assignment = judgement.submission.assignment
        entries = [external[entry.work_id] for entry in assignment.comparison.entries.all()]
        by_rank = dict(zip(judgement.ranks, entries, strict=True))
        shown = tuple(entries[index] for index in assignment.shown_order)
        stored.append((assignment.rater.label, shown, tuple(by_rank[rank] for rank in (1, 2, 3))))
    given = [(one["rater"], tuple(one["shown"]), tuple(one["ranked"])) for one in lamp.rankings(real_data)]
    assert sorted(stored) == sorted(given)
    assert len({rater for rater, _, _ in stored}) == 10


def test_writers_rank_the_human_edited_paragraph_first_and_the_fit_finds_it(real_data, tmp_path):
    """Writers put the human-edited paragraph first most often: in 206 of 318 rankings, the untouched one in 28."""
    first = Counter(lamp.condition(one["ranked"][0]) for one in lamp.rankings(real_data))
    run("import_study", lamp.study_of(real_data, tmp_path / "lamp"))

    [told] = run("fit", "lamp")["criteria"]

    assert first == {"Human-edited": 206, "AI-edited": 84, "AI-generated": 28}
    human, edited, generated = told["generators"]
    assert [row["generator"] for row in told["generators"]] == BEST_FIRST
    assert {row["judgements"] for row in told["generators"]} == {told["judgements"]} == {318}
    assert human["value"] > edited["value"]
    assert edited["low"] > generated["high"]
    assert len(told["works"]) == 318


def test_the_file_that_trains_never_prefers_what_most_writers_ranked_lower(real_data, tmp_path):
    """Three writers rank each set without ties, so that each pair has a majority; on 232 of 318 they all agree."""
    above = _writers_for(real_data)
    texts = {item["item_id"]: item["text"] for item in read_rows(real_data / "text_lamp_rankings" / "items.jsonl")}
    run("import_study", lamp.study_of(real_data, tmp_path / "lamp"))

    told = run("export_release", "lamp", "--out", tmp_path / "out", "--preset", "trl")

    files = sorted((tmp_path / "out").glob("data/*/*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    assert told["rows"] == len(rows) == 318
    assert (told["ties"], told["works_left_out"], told["pairs_left_out"]) == (0, [], [])
    for row in rows:
        chosen, rejected = row["chosen_work"], row["rejected_work"]
        assert (row["chosen"], row["rejected"]) == (texts[chosen], texts[rejected])
        assert above[chosen, rejected] > above[rejected, chosen]
        assert row["p_chosen"] == pytest.approx(above[chosen, rejected] / 3, abs=1e-6)
    unanimous = [row for row in rows if row["p_chosen"] == 1]
    assert len(unanimous) == sum(count == 3 for count in above.values()) == 232
    assert all(above[row["rejected_work"], row["chosen_work"]] == 0 for row in unanimous)


def _writers_for(real_data):
    """How many writers put the one work above the other."""
    above = defaultdict(int)
    for ranking in lamp.rankings(real_data):
        for pair in combinations(ranking["ranked"], 2):
            above[pair] += 1
    return above
