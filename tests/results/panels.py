"""Panels of simulated raters whose strengths are known, as a `Sample`, with one fault planted if asked; no database.

`drawn(seed)` is a clean study: twenty raters judge 150 pairs each on three criteria, of six generators' works on twenty
prompts. Works differ by generator (sd 0.8 logits) and within it (sd 0.5); raters differ in reliability (sd 0.15) and
taste (sd 0.3 on each work and criterion), and what they see is noise for the rest. `drawn(seed, "twins")` plants a fault.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from feedback.results.sample import ANSWERED, NOBODY, SKIPPED, Answers, Floats, Ints, Raters, Sample, Works

DAY = 86_400.0
CUTS = (0.4, 1.2, 2.4)  # logits felt from which a strength is 1, 2 and 3; below the first it is a tie


@dataclass(frozen=True)
class Sizes:
    """How large a study is, and how its raters differ by nature."""

    raters: int = 20
    each: int = 150
    prompts: int = 20
    generators: int = 6
    shown: int = 2
    criteria: tuple[str, ...] = ("overall", "craft", "style")
    repeats: int = 8
    gold: int = 20
    spread_generators: float = 0.8
    spread_works: float = 0.5
    alike: float = 0.5  # correlation of the criteria's true strengths
    reliability: float = 0.15
    taste: float = 0.3
    shared_noise: float = 0.1  # correlation of what is felt on two criteria beyond the works
    skipped: float = 0.04


USUAL = Sizes()


@dataclass
class Drawing:
    """A study on its way to a sample; a fault changes what it says."""

    size: Sizes
    random: np.random.Generator
    generator: Ints  # (n_works,)
    prompt: Ints  # (n_works,)
    length: Floats  # (n_works,)
    value: Floats  # (n_criteria, n_works)
    reliability: Floats  # (n_raters,)
    taste: Floats  # (n_criteria, n_raters, n_works)
    comparisons: Ints  # (n_comparisons, K)
    shared_noise: float
    rater: Ints = field(init=False)  # (m,) from here on
    comparison: Ints = field(init=False)
    when: Floats = field(init=False)
    purpose: NDArray[np.str_] = field(init=False)
    repeat_of: Ints = field(init=False)
    shown: Ints = field(init=False)
    seen: Floats = field(init=False)  # (n_criteria, m, K) logits of every work as it was seen
    felt: Floats = field(init=False)  # the same with noise
    strength: NDArray[np.int8] = field(init=False)  # (n_criteria, m)
    dwell: Floats = field(init=False)
    skipped: NDArray[np.bool_] = field(init=False)
    rationale: Ints = field(init=False)

    def __len__(self) -> int:
        return len(self.rater)

    def after(self, rater: int, share: float) -> NDArray[np.bool_]:
        """Rows of a rater's later work, from a share of it on."""
        mine = np.flatnonzero(self.rater == rater)
        later = np.zeros(len(self), dtype=bool)
        later[mine[int(len(mine) * share) :]] = True
        return later


type Plant = Callable[[Drawing], None]


@dataclass(frozen=True)
class Fault:
    """What is changed, and when: the works and raters, who is asked what, what is seen, or what is answered.

    `size` says it in words, `found_as` is what the finding is called, if not as the fault.
    """

    size: str
    found_as: str | None = None
    people: Plant | None = None
    asked: Plant | None = None
    seen: Plant | None = None
    answered: Plant | None = None


def drawn(seed: int, fault: str | None = None, size: Sizes = USUAL) -> Sample:
    """A study drawn from a seed, with a fault of `FAULTS` or clean."""
    planted = FAULTS[fault] if fault else Fault("clean")
    drawing = _people(size, np.random.default_rng(seed))
    for step, plant in (
        (None, planted.people),
        (_asked, planted.asked),
        (_seen, planted.seen),
        (_answered, planted.answered),
    ):
        if step:
            step(drawing)
        if plant:
            plant(drawing)
    return _sample(drawing)


def _people(size: Sizes, random: np.random.Generator) -> Drawing:
    n_works, n_criteria = size.prompts * size.generators, len(size.criteria)
    generator = np.tile(np.arange(size.generators), size.prompts)
    prompt = np.repeat(np.arange(size.prompts), size.generators)

    def alike(*shape: int) -> Floats:
        common, own = random.normal(size=shape), random.normal(size=(n_criteria, *shape))
        return np.asarray(np.sqrt(size.alike) * common + np.sqrt(1 - size.alike) * own)

    by_generator = alike(size.generators)
    by_generator *= size.spread_generators / by_generator.std(axis=1, keepdims=True)
    value = by_generator[:, generator] + size.spread_works * alike(n_works)
    sets = list(combinations(range(size.generators), size.shown))
    comparisons = np.array([np.array(one) + first for first in range(0, n_works, size.generators) for one in sets])
    return Drawing(
        size=size,
        random=random,
        generator=generator,
        prompt=prompt,
        length=random.normal(size=n_works),
        value=value,
        reliability=1 + size.reliability * random.normal(size=size.raters),
        taste=size.taste * random.normal(size=(n_criteria, size.raters, n_works)),
        comparisons=comparisons,
        shared_noise=size.shared_noise,
    )


def _asked(drawing: Drawing) -> None:
    """Everyone gets comparisons by chance, then some of them again, turned round; gold is where the difference is large."""
    size, random = drawing.size, drawing.random
    every = len(drawing.comparisons)
    apart = np.ptp(drawing.value[0][drawing.comparisons], axis=1)
    sure = np.argsort(-apart)[: 2 * size.gold]
    rows = []
    for rater in range(size.raters):
        gold = random.choice(sure, size.gold, replace=False)
        usual = random.permutation(np.setdiff1d(np.arange(every), gold))[: size.each]
        again = usual[: size.repeats]
        first = list(zip(usual, ["uniform"] * len(usual), strict=True))
        for one in gold:
            first.insert(int(random.integers(len(first) + 1)), (one, "gold"))
        rows += [(rater, *one) for one in [*first, *((one, "repeat") for one in again)]]
    rater, comparison, purpose = (np.array(column) for column in zip(*rows, strict=True))
    pace = np.concatenate([np.sort(random.random(n)) for n in np.bincount(rater)])
    order = np.argsort(pace, kind="stable")
    drawing.rater, drawing.comparison, drawing.purpose = rater[order], comparison[order], purpose[order]
    drawing.when = pace[order]
    drawing.repeat_of = np.full(len(order), -1)
    first_row = {
        (int(r), int(c)): at
        for at, (r, c, p) in enumerate(zip(drawing.rater, drawing.comparison, drawing.purpose, strict=True))
        if p == "uniform"
    }
    for at in np.flatnonzero(drawing.purpose == "repeat"):
        drawing.repeat_of[at] = first_row[int(drawing.rater[at]), int(drawing.comparison[at])]
    turn = random.permuted(np.tile(np.arange(size.shown), (len(order), 1)), axis=1)
    again = drawing.repeat_of >= 0
    turn[again] = turn[drawing.repeat_of[again]][:, ::-1]
    drawing.shown = np.take_along_axis(drawing.comparisons[drawing.comparison], turn, axis=1)


def _seen(drawing: Drawing) -> None:
    at = drawing.value[:, drawing.shown] + drawing.taste[:, drawing.rater[:, None], drawing.shown]
    drawing.seen = drawing.reliability[drawing.rater][:, None] * at


def _answered(drawing: Drawing) -> None:
    """Gumbel noise on every work, correlated over the criteria: pairs are logistic, sets Plackett and Luce's."""
    random, shared = drawing.random, drawing.shared_noise
    common, own = random.normal(size=drawing.seen.shape[1:]), random.normal(size=drawing.seen.shape)
    uniform = np.clip(ndtr(np.sqrt(shared) * common + np.sqrt(1 - shared) * own), 1e-12, 1 - 1e-12)
    drawing.felt = drawing.seen - np.log(-np.log(uniform))
    gap = drawing.felt[..., 0] - drawing.felt[..., 1]
    drawing.strength = (np.sign(gap) * np.searchsorted(CUTS, np.abs(gap))).astype(np.int8)
    m = len(drawing)
    pace = np.exp(random.normal(0, 0.3, drawing.size.raters))
    drawing.dwell = 30 * pace[drawing.rater] * np.exp(random.normal(0, 0.5, m))
    drawing.skipped = random.random(m) < drawing.size.skipped
    drawing.rationale = np.where(random.random(m) < 0.3, np.arange(m), -1)
    common_words = random.random(m) < 0.02
    drawing.rationale[common_words] = m + random.integers(5, size=int(common_words.sum()))


def _sample(drawing: Drawing) -> Sample:
    size, m, k = drawing.size, len(drawing), drawing.size.shown
    works = Works(
        ids=np.arange(len(drawing.prompt)) + 1000,
        prompt=drawing.prompt,
        generator=drawing.generator,
        covariates={"log characters": drawing.length},
    )
    nobody = np.full(size.raters, NOBODY)
    raters = Raters(
        ids=np.arange(size.raters) + 100,
        kind=np.full(size.raters, "person"),
        cohort=nobody,
        cohorts=(),
        excluded=np.zeros(size.raters, dtype=bool),
    )
    ends = np.full((m, k), -1, dtype=np.int8)
    criteria, expected = {}, {}
    for number, name in enumerate(size.criteria):
        ranks = _ranks(drawing.felt[number], drawing.strength[number] if k == 2 else None)
        ranks[drawing.skipped] = 0
        outcome = np.where(drawing.skipped, SKIPPED, ANSWERED).astype(np.int8)
        strength = np.where(drawing.skipped, 0, drawing.strength[number]).astype(np.int8) * (k == 2)
        criteria[name] = Answers(outcome, ranks, strength.astype(np.int8), np.full(m, np.nan), ends)
        key = _ranks(drawing.value[number][drawing.shown], None)
        key[drawing.purpose != "gold"] = 0
        expected[name] = key if number == 0 else np.zeros_like(key)
    return Sample(
        slug="simulated",
        prompts=np.arange(size.prompts) + 10,
        generators=np.arange(size.generators) + 1,
        works=works,
        raters=raters,
        rater=drawing.rater,
        prompt=drawing.prompt[drawing.shown[:, 0]],
        comparison=drawing.comparison,
        purpose=drawing.purpose,
        shown=drawing.shown,
        drawn=np.ones(m, dtype=bool),
        repeat_of=drawing.repeat_of,
        at=1.8e9 + 10 * DAY * drawing.when,
        dwell=drawing.dwell,
        rationale=drawing.rationale,
        criteria=criteria,
        expected=expected,
    )


def _ranks(felt: Floats, strength: NDArray[np.int8] | None) -> NDArray[np.int8]:
    ranks = 1 + (felt[:, :, None] < felt[:, None, :]).sum(axis=2)
    if strength is not None:
        ranks = np.where((strength == 0)[:, None], 1, np.stack([1 + (strength < 0), 1 + (strength > 0)], axis=1))
    return np.asarray(ranks, dtype=np.int8)


# The faults. Rater 0 is the one at fault where it is one.


def _side_bias(drawing: Drawing) -> None:
    drawing.seen[:, :, 0] += 0.3


def _one_sided(drawing: Drawing) -> None:
    drawing.seen[:, drawing.rater == 0, 0] += 1.2


def _reversed(drawing: Drawing) -> None:
    drawing.reliability[0] = -1.0


def _random(drawing: Drawing) -> None:
    drawing.reliability[0] = 0.0


def _twins(drawing: Drawing) -> None:
    """Rater 1 hands in rater 0's answers where both had the same comparison, 97 of 100."""
    theirs = {int(drawing.comparison[at]): at for at in np.flatnonzero(drawing.rater == 0)}
    for at in np.flatnonzero(drawing.rater == 1):
        source = theirs.get(int(drawing.comparison[at]))
        if source is None or drawing.random.random() > 0.97:
            continue
        place = [drawing.shown[source].tolist().index(work) for work in drawing.shown[at]]
        drawing.felt[:, at] = drawing.felt[:, source][:, place]
        drawing.strength[:, at] = drawing.strength[:, source] * (1 if place[0] == 0 else -1)


def _tired(drawing: Drawing) -> None:
    drawing.seen[:, drawing.after(0, 0.5)] = 0


def _generator_drifts(drawing: Drawing) -> None:
    drawing.seen += 1.5 * drawing.when[:, None] * (drawing.generator[drawing.shown] == 0)


def _straight_lining(drawing: Drawing) -> None:
    """The last seven tenths of the rater's answers are one key, held down."""
    held = drawing.after(0, 0.3)
    drawing.strength[:, held] = 2
    drawing.felt[:, held] = -np.arange(drawing.size.shown)


def _alternating(drawing: Drawing) -> None:
    mine = np.flatnonzero(drawing.rater == 0)
    drawing.strength[:, mine] = np.where(np.arange(len(mine)) % 2, 2, -2)
    drawing.felt[:, mine, 0] = np.where(np.arange(len(mine)) % 2, 99, -99)


def _halo(drawing: Drawing) -> None:
    drawing.shared_noise = 0.8


def _halo_of_one(drawing: Drawing) -> None:
    mine = drawing.rater == 0
    drawing.felt[1:, mine] = drawing.felt[0, mine]
    drawing.strength[1:, mine] = drawing.strength[0, mine]


def _camps(drawing: Drawing) -> None:
    """Half of the raters like three of the generators, by 0.6 logits, and dislike the rest; the others the reverse."""
    size, random = drawing.size, drawing.random
    liking = 0.6 * random.permutation(np.where(np.arange(size.generators) % 2, 1, -1))[drawing.generator]
    drawing.taste += np.where(np.arange(size.raters) % 2, 1, -1)[:, None] * liking


def _disconnected(drawing: Drawing) -> None:
    """On half of the prompts the first three generators meet each other alone, on the others the last three."""
    half = drawing.size.generators // 2
    first = drawing.generator[drawing.comparisons] < half
    even = drawing.prompt[drawing.comparisons[:, 0]] % 2 == 0
    drawing.comparisons = drawing.comparisons[np.where(even, first.all(axis=1), ~first.any(axis=1))]


def _leaked(drawing: Drawing) -> None:
    """Three raters in ten know generator 0 when they see it, and favour it by 1.5 logits."""
    knowing = np.arange(drawing.size.raters) < 0.3 * drawing.size.raters
    drawing.taste += 1.5 * knowing[:, None] * (drawing.generator == 0)


def _length(drawing: Drawing) -> None:
    drawing.value += 0.3 * drawing.length


def _identical(drawing: Drawing) -> None:
    drawing.value[:] = 0
    drawing.taste[:] = 0


def _speeding(drawing: Drawing) -> None:
    drawing.dwell[drawing.rater == 0] *= 0.1


def _copied_words(drawing: Drawing) -> None:
    words = (drawing.rater == 0) & (drawing.rationale >= 0)
    drawing.rationale[words] = 10 * len(drawing) + drawing.random.integers(3, size=int(words.sum()))


def _skipping(drawing: Drawing) -> None:
    """Where generator 0 is shown, four times as much is skipped."""
    shown = (drawing.generator[drawing.shown] == 0).any(axis=1)
    drawing.skipped |= shown & (drawing.random.random(len(drawing)) < 3 * drawing.size.skipped)


def _failing_gold(drawing: Drawing) -> None:
    """The rater answers what is hard as everyone does, and gold the other way round."""
    gold = (drawing.rater == 0) & (drawing.purpose == "gold")
    drawing.strength[:, gold] *= -1
    drawing.felt[:, gold] *= -1


FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "side bias": Fault("0.3 logits for what is shown first, in everyone", seen=_side_bias),
        "reversed rater": Fault("one rater takes best for worst", people=_reversed),
        "random rater": Fault("one rater answers at random", people=_random),
        "twins": Fault("of two raters one hands in the other's answers, 97 of 100", answered=_twins),
        "drift": Fault("one rater answers at random from half way on", seen=_tired),
        "straight-lining": Fault("one rater holds one key down for the last 70 %", answered=_straight_lining),
        "halo": Fault("what is felt on the criteria correlates by .8 beyond the works, in everyone", people=_halo),
        "taste camps": Fault("half of the raters favour three generators by 0.6 logits, half the rest", people=_camps),
        "disconnected": Fault("three generators never meet the other three", people=_disconnected),
        "leaked identity": Fault("three raters in ten favour one generator by 1.5 logits", people=_leaked),
        "confounder": Fault("0.3 logits for one sd of log length", people=_length),
        "identical works": Fault("no work differs from any other", people=_identical),
        "side bias of one": Fault("1.2 logits for what is shown first, in one rater", "side bias", seen=_one_sided),
        "drift of a generator": Fault("one generator gains 1.5 logits over the study", seen=_generator_drifts),
        "alternating": Fault("one rater answers left, right, left, right", "straight-lining", answered=_alternating),
        "halo of one": Fault("one rater gives every criterion the first one's answer", "halo", answered=_halo_of_one),
        "speeding": Fault("one rater is ten times as fast as by nature", answered=_speeding),
        "copied reasons": Fault("one rater gives three reasons again and again", answered=_copied_words),
        "skips": Fault("16 % are skipped where one generator is shown, 4 % elsewhere", answered=_skipping),
        "failed gold": Fault("one rater answers 20 gold comparisons the wrong way round", answered=_failing_gold),
    }
)
"""What can be planted. The first twelve are those that a study must show."""
