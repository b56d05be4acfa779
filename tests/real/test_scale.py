"""Sets that are large, or of many shapes."""

import time
from collections import Counter, defaultdict

import pytest

from feedback.judging.models import Comparison, Judgement, Purpose, Submission
from feedback.people.models import Rater
from tests.real import oasst, tournesol
from tests.real.folder import run

pytestmark = pytest.mark.django_db


def test_twenty_thousand_strengths_on_absent_videos_come_along(real_data, tmp_path):
    """A pair judged on both criteria is one submission; a strength turns with its pair."""
    given = tournesol.comparisons(real_data)
    folder = tournesol.study_of(real_data, tmp_path / "tournesol")

    started = time.monotonic()
    told = run("import_study", folder)
    print(f"{len(given):,} comparisons imported in {time.monotonic() - started:.1f} s")

    assert (told["prompts"], told["works"], told["judgements"]) == (1, 4109, 21_604)
    pairs = {frozenset((one["video_a"], one["video_b"])) for one in given}
    assert told["comparisons"] == Comparison.objects.filter(purpose=Purpose.IMPORTED).count() == len(pairs)
    ballots = {(one["rater"], frozenset((one["video_a"], one["video_b"]))) for one in given}
    assert Submission.objects.count() == len(ballots)
    assert Rater.objects.count() == 3
    stored = Counter()
    rows = Judgement.objects.values_list("criterion__slug", "submission__assignment__shown_order", "strength", "ranks")
    for criterion, order, strength, ranks in rows.iterator():
        assert (strength > 0) - (strength < 0) == (ranks[1] > ranks[0]) - (ranks[1] < ranks[0])
        stored[criterion, -strength if order[0] else strength] += 1
    assert stored == Counter(
        (one["criteria"].replace("_", "-"), tournesol.strength(int(one["score"]))) for one in given
    )


def test_ranked_replies_of_unlike_set_sizes_are_fitted_in_their_order(real_data, tmp_path):
    given = oasst.sets(real_data)
    run("import_study", oasst.study_of(real_data, tmp_path / "oasst"))

    [told] = run("fit", "oasst")["criteria"]

    assert told["judgements"] == len(given) == 112
    found = defaultdict(list)
    for row in told["works"]:
        found[row["prompt"]].append((-row["value"], row["work"]))
    for prompt, one in given.items():
        best_first = [reply["id"] for reply in sorted(one["replies"], key=lambda reply: reply["rank"])]
        assert [work for _, work in sorted(found[prompt])] == best_first
