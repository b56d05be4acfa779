"""Agreement beside what a model expects, on panels whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from feedback.results.measures import agreement, matrix, preferences_of
from feedback.results.measures.model import Model, drawn, leaning
from feedback.results.measures.ratios import Ratio, with_interval
from feedback.results.sample import Sample
from tests.results import panels

FAITHFUL = panels.Sizes(taste=0.0, reliability=0.0, gold=0, repeats=0, skipped=0.0, criteria=("overall",))


class Fitted:
    """As much of a fit as answers are drawn from."""

    tie, position = 0.5, 0.0


def of_known(seed: int, sd: float = 1.0, each: int = 60):
    """Preferences of raters who follow Davidson's model with known values, and those values."""
    random = np.random.default_rng(seed)
    asked = preferences_of(panels.drawn(seed, None, replace(FAITHFUL, each=each)), "overall")
    values = sd * random.normal(size=asked.n_works)
    said = drawn(asked, values, Fitted, random)
    return replace(asked, answer=said, strength=said), values


def expected_of(asked, values):
    first = asked.seen_first
    apart = values[asked.first[first]] - values[asked.second[first]]
    several = np.bincount(asked.unit)
    weight = np.where(several > 1, several, 0)
    return np.average(0.5 + leaning(apart, Fitted.tie) ** 2 / 2, weights=weight)


def test_what_the_model_expects_is_what_raters_who_follow_it_show():
    off, excess = [], []
    for seed in range(12):
        asked, values = of_known(seed)
        found = agreement.pairwise(asked, Model.of(asked))
        off.append(found.expected - expected_of(asked, values))
        excess.append(found.expected - found.found.value)

    assert abs(np.mean(off)) < 0.01
    assert abs(np.mean(excess)) < 0.012


def test_the_fit_alone_would_expect_too_much_of_few_judgements():
    asked, values = of_known(1, sd=0.3, each=30)

    model = Model.of(asked)
    naive = np.mean(leaning(*_apart(asked, model.fit.values), Fitted.tie) ** 2)
    known = np.mean(leaning(*_apart(asked, values), Fitted.tie) ** 2)
    calibrated = np.mean(leaning(*_apart(asked, model.values), Fitted.tie) ** 2)

    assert naive > 1.8 * known
    assert calibrated == pytest.approx(known, abs=0.03)


def _apart(asked, values):
    return (values[asked.first] - values[asked.second],)


def test_the_interval_of_pairwise_agreement_holds_the_truth():
    held = []
    for seed in range(60):
        asked, values = of_known(seed, each=40)
        found = agreement.pairwise(asked, None).found
        held.append(found.low <= expected_of(asked, values) <= found.high)

    assert np.mean(held) >= 0.87  # 95 % of 60 are 57 ± 1.7


def test_raters_at_random_agree_half_of_the_time_whatever_they_tie():
    sample = panels.drawn(3, "identical works", FAITHFUL)
    asked = preferences_of(sample, "overall")

    found = agreement.measure(asked, Model.of(asked))

    assert found.pairwise.found.low < 0.5 < found.pairwise.found.high
    assert found.pairwise.expected == pytest.approx(0.5, abs=0.005)
    assert found.alpha.found.low < 0 < found.alpha.found.high


def test_alpha_of_graded_answers_is_near_what_the_model_expects():
    excess = []
    for seed in range(6):
        asked = preferences_of(panels.drawn(seed, None, FAITHFUL), "overall")
        found = agreement.measure(asked, Model.of(asked)).alpha
        excess.append(found.expected - found.found.value)

    assert abs(np.mean(excess)) < 0.025


def test_alpha_does_not_mind_which_way_round_works_are_named():
    asked = preferences_of(panels.drawn(4, None, FAITHFUL), "overall")
    renamed = np.random.default_rng(0).permutation(asked.n_works)
    other = replace(asked, first=renamed[asked.first], second=renamed[asked.second])

    assert agreement.measure(other, None).told() == agreement.measure(asked, None).told()


def test_w_of_ranked_sets_is_near_what_the_model_expects():
    excess = []
    for seed in range(4):
        asked = preferences_of(panels.drawn(seed, None, replace(FAITHFUL, shown=4, each=40)), "overall")
        found = agreement.measure(asked, Model.of(asked))
        excess.append(found.concordance.expected - found.concordance.found.value)
        assert found.alpha.found.value is None
        assert found.concordance.found.low < found.concordance.found.value < found.concordance.found.high

    assert abs(np.mean(excess)) < 0.02


def test_w_is_that_of_the_library():
    import rankings

    ranks = np.array([[1, 2, 3, 4], [2, 1, 3, 4], [1, 3, 2, 4]])
    comparison, shown = np.zeros(3, dtype=np.int64), np.tile(np.arange(4), (3, 1))

    _, w, raters = agreement._concordances(comparison, shown, ranks)

    assert w[0] == pytest.approx(rankings.kendall_w(ranks).value)
    assert raters[0] == 3


def test_many_patterns_have_the_interval_of_few(monkeypatch):
    random = np.random.default_rng(0)
    ratio = Ratio.of(random.random(2000), np.ones(2000))
    drawn_again = with_interval(ratio.value, ratio)

    monkeypatch.setattr("feedback.results.measures.ratios.MOST_PATTERNS", 10)
    normal = with_interval(ratio.value, ratio)

    assert normal.low == pytest.approx(drawn_again.low, abs=0.003)
    assert normal.high == pytest.approx(drawn_again.high, abs=0.003)


def test_the_matrix_puts_camps_side_by_side():
    asked = preferences_of(panels.drawn(0, "taste camps", replace(panels.USUAL, each=290)), "overall")

    found = matrix.measure(asked)

    camp = found.raters % 2
    assert (np.diff(camp) != 0).sum() <= 3
    assert np.isnan(found.agreement.diagonal()).all()
    np.testing.assert_array_equal(found.n, found.n.T)


def test_nothing_is_said_of_one_rater_alone():
    sample = panels.drawn(0, None, replace(FAITHFUL, raters=1))
    asked = preferences_of(sample, "overall")

    found = agreement.measure(asked, Model.of(asked)).told()

    assert found["pairwise"]["value"] is None
    assert found["pairwise"]["why"] == "nothing was judged by two raters"
    assert found["alpha"]["value"] is None


def ratings(sample: Sample) -> Sample:
    """The same study with a score of one work at a time in place of pairs."""
    random = np.random.default_rng(0)
    works, raters = len(sample.works.ids), len(sample.raters.ids)
    rater, work = (column.ravel() for column in np.meshgrid(np.arange(raters), np.arange(works), indexing="ij"))
    value = random.normal(size=works)[work] + random.gumbel(size=len(work))
    m = len(work)
    answers = sample.criteria["overall"]
    rated = replace(
        answers,
        outcome=np.zeros(m, dtype=np.int8),
        ranks=np.ones((m, 1), dtype=np.int8),
        strength=np.zeros(m, dtype=np.int8),
        score=np.round(value),
        acceptable=np.full((m, 1), -1, dtype=np.int8),
    )
    return replace(
        sample,
        rater=rater,
        prompt=sample.works.prompt[work],
        comparison=work,
        purpose=np.full(m, "uniform"),
        shown=work[:, None],
        drawn=np.ones(m, dtype=bool),
        repeat_of=np.full(m, -1),
        at=np.arange(m, dtype=float),
        dwell=np.full(m, 10.0),
        rationale=np.full(m, -1),
        criteria={"overall": rated},
        expected={"overall": np.zeros((m, 1), dtype=np.int8)},
    )


def test_ratings_agree_by_their_scores():
    asked = preferences_of(ratings(panels.drawn(0, None, FAITHFUL)), "overall")

    found = agreement.measure(asked, Model.of(asked))

    assert asked.form == "rating"
    assert len(asked) == 20 * 20 * 15  # raters × prompts × pairs of six generators
    assert found.alpha.found.low > 0.2
    assert found.pairwise.found.value == pytest.approx(found.pairwise.expected, abs=0.02)
