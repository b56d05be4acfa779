"""Strengths on thousands of works, and sets of unlike sizes."""

import time
from collections import Counter, defaultdict

import pytest

from feedback.judging.models import Assignment, Comparison, Judgement, Purpose, Submission
from feedback.people.models import Rater
from tests.real import oasst, tournesol
from tests.real.folder import run

pytestmark = pytest.mark.django_db


def test_strengths_on_absent_videos_come_along_and_turn_with_their_pairs(real_data, tmp_path):
    """A pair judged on both criteria is one submission."""
    given = tournesol.comparisons(real_data)
    videos = {one[side] for one in given for side in ("video_a", "video_b")}
    pairs = {frozenset((one["video_a"], one["video_b"])) for one in given}
    folder = tournesol.study_of(real_data, tmp_path / "tournesol")

    started = time.monotonic()
    told = run("import_study", folder)
    print(f"{len(given):,} comparisons of {len(videos):,} videos imported in {time.monotonic() - started:.1f} s")

    assert (told["prompts"], told["works"], told["judgements"]) == (1, len(videos), 5604)
    assert told["comparisons"] == Comparison.objects.filter(purpose=Purpose.IMPORTED).count() == len(pairs)
    assert Submission.objects.count() == len(pairs)
    assert Rater.objects.get().label == tournesol.RATER
    first_shown = {pk: order[0] for pk, order in Assignment.objects.values_list("latest", "shown_order")}
    stored = Counter()
    for submission, criterion, strength, ranks in Judgement.objects.values_list(
        "submission", "criterion__slug", "strength", "ranks"
    ):
        assert (strength > 0) - (strength < 0) == (ranks[1] > ranks[0]) - (ranks[1] < ranks[0])
        stored[criterion, -strength if first_shown[submission] else strength] += 1
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
