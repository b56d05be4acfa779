"""Differences and probabilities of works by the site's own model, and how near they are to a known truth."""

import numpy as np
import pytest

from feedback.results.scale import Compared
from feedback.studies.models import Study
from rankings import simulate

PAIRS = Study(form="pair", ranking="full")
GRADED = Study(form="pair", ranking="full", scale="strength")
SETS = Study(form="set", ranking="full")


def compared(study, told):
    """Judgements as (works, ranks, what was shown first) on a scale."""
    gathered = Compared(study)
    for works, ranks, first in told:
        gathered.add(works, ranks, first, rater=0)
    return gathered.scale()


def drawn(*, prompts=150, works=4, overlap=2, position=0.0, tie=0.0):
    """Judgements of all pairs of each prompt by Davidson's model, and the strengths they come from."""
    rng = np.random.default_rng(1)
    strengths = rng.normal(0, 1.2, prompts * works)
    told = []
    for prompt in range(prompts):
        for one in range(works):
            for other in range(one + 1, works):
                a, b = prompt * works + one, prompt * works + other
                for _ in range(overlap):
                    first = int(rng.random() < 0.2)  # work `a` is shown first more often, as it might come about
                    drop = strengths[a] - strengths[b] + (position if first == 0 else -position)
                    weights = np.array([np.exp(drop / 2), tie, np.exp(-drop / 2)])
                    outcome = rng.choice([1, 0, -1], p=weights / weights.sum())
                    told.append(([a, b], {1: [1, 2], 0: [1, 1], -1: [2, 1]}[int(outcome)], first))
    return strengths, told


def log_loss(truth, found):
    found = np.clip(found, 0.001, 0.999)
    return float(-(truth * np.log(found) + (1 - truth) * np.log(1 - found)).mean())


def expected(strengths, a, b, tie):
    """The true probability that `a` is preferred, a tie counting half, without any advantage of place."""
    half = (strengths[a] - strengths[b]) / 2
    ahead, behind = np.exp(half), np.exp(-half)
    return (ahead + tie / 2) / (ahead + behind + tie)


@pytest.mark.parametrize("tie", [0.0, 0.8])
@pytest.mark.parametrize("overlap", [1, 3, 9])
def test_probabilities_are_nearer_to_the_truth_than_raw_shares(overlap, tie):
    strengths, told = drawn(overlap=overlap, position=0.5, tie=tie)
    scale = compared(PAIRS, told)

    pairs = {(works[0], works[1]) for works, _, _ in told}
    shares: dict[tuple[int, int], list[float]] = {pair: [] for pair in pairs}
    for (a, b), ranks, _ in told:
        shares[a, b].append((ranks[0] < ranks[1]) + 0.5 * (ranks[0] == ranks[1]))
    truth = np.array([expected(strengths, a, b, tie) for a, b in shares])
    raw = np.array([np.mean(of) for of in shares.values()])
    fitted = np.array([scale.probability(a, b) for a, b in shares])

    assert log_loss(truth, fitted) < log_loss(truth, raw)
    assert ((fitted - truth) ** 2).mean() < ((raw - truth) ** 2).mean() / 1.5
    assert abs((fitted - truth).mean()) < 0.03  # the advantage of standing first is gone …
    assert (raw - truth).mean() > 0.03  # … which raw shares have


def test_probabilities_are_as_sure_as_they_are_right():
    strengths, told = drawn(prompts=400, overlap=1)
    scale = compared(PAIRS, told)
    pairs = [works for works, _, _ in told]
    fitted = np.array([scale.probability(a, b) for a, b in pairs])
    truth = np.array([expected(strengths, a, b, 0.0) for a, b in pairs])

    for low in np.arange(0, 1, 0.2):
        inside = (fitted >= low) & (fitted < low + 0.2)
        assert inside.sum() > 50
        assert fitted[inside].mean() == pytest.approx(truth[inside].mean(), abs=0.04)


def test_errors_of_differences_are_those_of_the_whole_fit():
    _, told = drawn(prompts=12, works=5, overlap=4, position=0.3, tie=0.5)
    scale = compared(PAIRS, told)

    for a, b in [(0, 1), (3, 0), (5, 9), (58, 55)]:
        value, error = scale.difference(a, b)
        exact, exact_error = scale.strengths.difference(a, b)
        assert value == pytest.approx(exact, abs=1e-9)
        assert error == pytest.approx(exact_error, rel=1e-4)


def test_parts_wider_than_a_block_and_of_different_sizes():
    rng = np.random.default_rng(3)
    told = [([a, a + 1], [1, 2] if rng.random() < 0.6 else [2, 1], None) for a in range(40) for _ in range(3)]
    told += [([100 + a, 101 + a], [1, 2], None) for a in range(0, 6, 2)]
    scale = compared(PAIRS, told)

    for a, b in [(0, 1), (0, 40), (33, 7), (100, 101), (105, 104)]:
        assert scale.difference(a, b) == pytest.approx(
            scale.strengths.difference(*np.searchsorted(scale.works, (a, b)))
        )
    assert scale.told()["parts"] == 4


def test_nothing_is_said_across_parts_or_of_strangers():
    scale = compared(PAIRS, [([1, 2], [1, 2], 0), ([3, 4], [2, 1], 0)])

    assert scale.difference(1, 3) is scale.probability(2, 4) is None
    assert scale.difference(1, 99) is scale.probability(99, 98) is None
    assert scale.difference(0, 1) is None
    assert scale.probability(1, 2) == pytest.approx(1 - scale.probability(2, 1))
    assert 0.5 < scale.probability(1, 2) < 0.9  # one judgement is not much


def test_the_place_is_estimated_only_where_we_drew_it():
    _, told = drawn(prompts=100, overlap=3, position=0.5)
    found = compared(PAIRS, told).told()
    unknown = compared(PAIRS, [(works, ranks, None) for works, ranks, _ in told]).told()

    assert found["position"] == pytest.approx(0.5, abs=0.15)
    assert 0 < found["position_se"] < 0.2
    assert (unknown["position"], unknown["position_se"]) == (None, None)
    assert (found["model"], found["judgements"], found["parts"]) == ("davidson", len(told), 100)


def test_sets_are_fitted_by_what_was_asked_of_them():
    rng = np.random.default_rng(5)
    strengths = np.linspace(-1.5, 1.5, 6)
    sets = [list(map(int, rng.permutation(6)[:4])) for _ in range(300)]
    told = []
    for members in sets:
        felt = strengths[members] + rng.gumbel(size=4)
        told.append((members, [int(rank) for rank in (-felt).argsort().argsort() + 1], 0))
    scale = compared(SETS, told)

    assert scale.told()["model"].startswith("plackett-luce")
    assert scale.probability(5, 0) == pytest.approx(1 / (1 + np.exp(-3)), abs=0.03)
    value, error = scale.difference(4, 1)
    assert value == pytest.approx(strengths[4] - strengths[1], abs=4 * error)


def test_no_judgement_is_no_scale():
    assert compared(PAIRS, []) is compared(SETS, []) is None


def test_raters_who_click_at_random_do_not_make_it_surer():
    """Half of the judgements are noise: what is fitted moves towards a half, as the judgements do."""
    _, told = drawn(prompts=100, overlap=4)
    rng = np.random.default_rng(9)
    noisy = [
        (works, [[1, 2], [2, 1]][rng.integers(2)] if turn % 2 else ranks, 0)
        for turn, (works, ranks, _) in enumerate(told)
    ]
    sure, unsure = compared(PAIRS, told), compared(PAIRS, noisy)

    pairs = sorted({tuple(works) for works, _, _ in told})
    spread = [np.std([scale.probability(a, b) for a, b in pairs]) for scale in (sure, unsure)]
    assert spread[1] < 0.7 * spread[0]


GOOD, BAD = simulate.Raters.good(8), simulate.Raters.reversed(1) + simulate.Raters.random(1)


def judged(seed, raters, study=GRADED, works=40, judgements=1200):
    """Strengths, and the scale of a panel's graded judgements on them."""
    values = np.random.default_rng(seed).normal(0, 1, works)
    told = simulate.graded(values, judgements, seed=seed, position=0.3, raters=raters)
    gathered = Compared(study)
    for a, b, strength, first_a, rater in zip(told.a, told.b, told.outcome, told.first_a, told.rater, strict=True):
        ranks = (1 + int(strength < 0), 1 + int(strength > 0))
        graded = int(strength) if study is GRADED else None
        gathered.add([int(a), int(b)], ranks, 0 if first_a else 1, rater=int(rater), strength=graded)
    return values, gathered.scale()


def wrong(values, scale):
    """How far the fitted differences lie from the true ones on average, in logits."""
    pairs = [(one, other) for one in range(len(values)) for other in range(one)]
    apart = [scale.difference(one, other)[0] - (values[one] - values[other]) for one, other in pairs]
    return float(np.sqrt(np.mean(np.square(apart))))


def test_raters_who_judge_against_the_others_or_at_random_hardly_count(monkeypatch):
    known = [wrong(*judged(seed, GOOD + BAD)) for seed in range(5)]
    monkeypatch.setattr("feedback.results.fitting.FEWEST", 99)
    alike = [wrong(*judged(seed, GOOD + BAD)) for seed in range(5)]
    panel = [wrong(*judged(seed, GOOD)) for seed in range(5)]

    assert np.mean(known) < 0.75 * np.mean(alike)
    assert np.mean(known) < 1.2 * np.mean(panel)


def test_a_grade_tells_more_than_a_choice():
    graded = [wrong(*judged(seed, GOOD)) for seed in range(5)]
    chosen = [wrong(*judged(seed, GOOD, PAIRS)) for seed in range(5)]

    assert np.mean(graded) < 0.95 * np.mean(chosen)


def test_probabilities_of_grades_count_ties_half():
    values, scale = judged(1, GOOD, works=6, judgements=6000)

    for one, other in ((0, 1), (2, 5), (3, 4)):
        felt = values[one] - values[other]
        truth = (1 / (1 + np.exp(-felt + 0.5)) + 1 / (1 + np.exp(-felt - 0.5))) / 2
        assert scale.probability(one, other) == pytest.approx(truth, abs=0.04)
    assert scale.told()["model"] == "graded"
