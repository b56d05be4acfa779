"""A crowd's votes on language models' answers, with many ties."""

import time
from collections import Counter, defaultdict

import pytest
from django.apps import apps
from scipy.stats import kendalltau, spearmanr

from feedback.judging.models import Comparison, Judgement, Purpose
from feedback.results.models import Fit
from tests.real import llmfao
from tests.real.folder import run

pytestmark = pytest.mark.django_db


def test_every_vote_comes_along_and_importing_again_changes_nothing(real_data, tmp_path):
    """No worker votes twice on a pair, so nothing is dropped; 23 answers are blank and stand without content."""
    votes = llmfao.votes(real_data)
    folder = llmfao.study_of(real_data, tmp_path / "llmfao")

    started = time.monotonic()
    told = run("import_study", folder)
    print(f"{len(votes):,} votes imported in {time.monotonic() - started:.1f} s")
    before = _rows_by_table()
    again = run("import_study", folder)

    ballots = {(one["worker"], one["prompt_id"], one["left_model_id"], one["right_model_id"]) for one in votes}
    assert len(ballots) == len(votes)
    assert (told["prompts"], told["works"], told["judgements"]) == (7, 407, 4851)
    assert [one["reason"] for one in told["blocked"]] == ["Its content is absent."] * 23
    stored = Counter(tuple(sorted(ranks)) for ranks in Judgement.objects.values_list("ranks", flat=True))
    assert stored == {(1, 2): 1796 + 1459, (1, 1): 1596}
    assert Judgement.objects.live().count() == 4851
    workers = Judgement.objects.values_list("submission__assignment__rater", flat=True)
    assert len(set(workers)) == 124
    asked = Comparison.objects.filter(purpose=Purpose.UNIFORM)
    assert not asked.filter(entries__work__medium="absent").exists()
    assert again["unchanged"]
    assert not again["imported"]
    assert _rows_by_table() == before


def test_the_models_stand_in_the_order_of_their_raw_win_shares(real_data, tmp_path):
    """The share of votes won, a tie for half, is the plainest order of the models; the fit must agree with it."""
    shares = _win_shares(llmfao.votes(real_data))
    run("import_study", llmfao.study_of(real_data, tmp_path / "llmfao"))

    [told] = run("fit", "llmfao")["criteria"]

    values = {row["generator"]: row["value"] for row in told["generators"]}
    assert values.keys() == shares.keys()
    assert len(values) == 59
    pairs = [(values[model], shares[model]) for model in sorted(shares)]
    spearman, kendall = spearmanr(pairs).statistic, kendalltau(*zip(*pairs, strict=True)).statistic
    print(f"Spearman {spearman:.3f}, Kendall {kendall:.3f}")
    assert spearman > 0.9
    assert kendall > 0.8
    fit = Fit.objects.get(level=Fit.Level.GENERATORS)
    assert fit.judgements == 4851
    assert fit.tie > 0


def _win_shares(votes):
    won, cast = defaultdict(float), Counter()
    for vote in votes:
        left, right = vote["left_model"], vote["right_model"]
        won[left] += {"left": 1, "tie": 0.5, "right": 0}[vote["winner"]]
        won[right] += {"left": 0, "tie": 0.5, "right": 1}[vote["winner"]]
        cast.update((left, right))
    return {model: won[model] / cast[model] for model in cast}


def _rows_by_table():
    return {model._meta.label: model.objects.count() for model in apps.get_models()}
