"""Rankings of pictures that are not at hand, with ties and gaps."""

import itertools
import math
from collections import Counter, defaultdict

import pytest
from django.urls import reverse

from feedback.judging.actions import hand_out
from feedback.judging.models import Assignment, Judgement
from feedback.people.actions import rater_of
from feedback.studies.models import Study
from feedback.works.models import Asset
from tests import make
from tests.real import imagereward
from tests.real.folder import run

pytestmark = pytest.mark.django_db


def test_rankings_keep_their_ties_and_gaps_and_nothing_absent_is_handed_out(real_data, tmp_path, client, bob):
    given = imagereward.rankings(real_data)

    told = run("import_study", imagereward.study_of(real_data, tmp_path / "imagereward"))

    assert (told["prompts"], told["works"], told["judgements"]) == (233, 1328, 233)
    assert told["comparisons"] == 233
    assert [one["reason"] for one in told["blocked"]] == ["Its content is absent."] * 1328
    stored = _stored()
    assert stored == {one["prompt_id"]: dict(zip(one["items"], one["rank"], strict=True)) for one in given}
    assert Counter(map(len, stored.values())) == {4: 107, 6: 22, 7: 72, 8: 24, 9: 8}
    assert sum(len(set(ranks.values())) < len(ranks) for ranks in stored.values()) == 171
    assert sum(max(ranks.values()) > len(set(ranks.values())) for ranks in stored.values()) == 75
    assert not Asset.objects.exists()

    study = Study.objects.get()
    make.make_rater(study, bob)
    client.force_login(bob)
    assert hand_out(study=study, rater=rater_of(user=bob)) is None
    assert client.get(reverse("judge", args=[study.slug])).url == reverse("thanks", args=[study.slug])


def test_the_fit_settles_and_follows_each_ranking(real_data, tmp_path):
    """One ranking a prompt: values fall as ranks rise, and ties are equal.

    Davidson-Luce shares the credit of one place among those that tie for it, so that with a prior and a single ranking
    the next below a tie can come out above it. The whole order is therefore asked of rankings without ties alone.
    """
    run("import_study", imagereward.study_of(real_data, tmp_path / "imagereward"))

    [told] = run("fit", "imagereward")["criteria"]

    rows = {row["work"]: row for row in told["works"]}
    assert len(rows) == 1328
    assert told["generators"] == []
    assert all(row["low"] < row["value"] < row["high"] for row in rows.values())
    untied = 0
    for one in imagereward.rankings(real_data):
        by_rank = defaultdict(list)
        for item, rank in zip(one["items"], one["rank"], strict=True):
            by_rank[rank].append(rows[item]["value"])
        best_first = [by_rank[rank][0] for rank in sorted(by_rank)]
        assert len({rows[item]["component"] for item in one["items"]}) == 1
        assert math.fsum(itertools.chain(*by_rank.values())) == pytest.approx(0, abs=1e-4)
        assert all(level == pytest.approx([level[0]] * len(level), abs=1e-4) for level in by_rank.values())
        assert best_first[0] > best_first[-1]
        if len(by_rank) == len(one["items"]):
            untied += 1
            assert all(better > worse for better, worse in itertools.pairwise(best_first))
    assert untied == 233 - 171


def _stored():
    """By prompt: each picture's raw rank, read back through the entries."""
    stored = {}
    assignments = Assignment.objects.select_related("comparison__prompt").prefetch_related("comparison__entries__work")
    ranks = dict(Judgement.objects.live().values_list("submission__assignment", "ranks"))
    for assignment in assignments:
        items = [entry.work.external_id for entry in assignment.comparison.entries.all()]
        stored[assignment.comparison.prompt.external_id] = dict(zip(items, ranks[assignment.pk], strict=True))
    return stored
