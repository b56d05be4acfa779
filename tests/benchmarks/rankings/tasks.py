"""The tasks that the library was set, each with its goals."""

import math
from functools import partial

from tests.benchmarks.rankings import errors, judgements, optimum
from tests.benchmarks.rankings.rows import NO_BOUND, Beside, By, Task, faster, within

STUDIES = 20

FLOOR = partial(Beside, "the one-pass floor", "ours.floor", goal=NO_BOUND)
EVALICA = partial(Beside, "evalica's core, no intervals", "peers.evalica_core")
ARENA = partial(Beside, "arena-rank with intervals", "peers.arena_rank")
ARENA_FIRST = partial(Beside, "arena-rank with intervals, first fit of both", "peers.arena_rank", by=By.FIRST)
CHOIX = partial(Beside, "choix, no intervals", "peers.choix_dense", turns=2)

off_optimum = partial(errors.off_optimum, optimum.of_pairs)

PAIRS = (
    Task(
        "1,000 items × 100k pairs",
        partial(judgements.uniform, 1_000, 100_000),
        "ours.bradley_terry",
        (
            FLOOR(goal=within(2.5), turns=9),
            EVALICA(goal=faster(3.5), turns=9),
            Beside("evalica's public API on lists", "peers.evalica_lists", faster(10)),
            Beside("evalica's public API on arrays", "peers.evalica_arrays"),
            ARENA_FIRST(goal=faster(500), turns=1),
            ARENA(turns=1),
            CHOIX(),
        ),
        turns=9,
        error=off_optimum,
    ),
    Task(
        "10,000 × 1M",
        partial(judgements.uniform, 10_000, 1_000_000),
        "ours.bradley_terry",
        (
            FLOOR(goal=within(1.5)),
            EVALICA(goal=faster(130), turns=0),
            EVALICA(goal=within(0.1), turns=0, by=By.MEMORY),
            ARENA_FIRST(goal=faster(1_500), turns=0, minutes=True),
        ),
        error=off_optimum,
    ),
    Task(
        "1,000 × 10M",
        partial(judgements.uniform, 1_000, 10_000_000),
        "ours.bradley_terry",
        (
            FLOOR(goal=within(1.3)),
            EVALICA(goal=faster(3.5)),
            CHOIX(),
            ARENA_FIRST(turns=0, minutes=True),
        ),
        error=off_optimum,
    ),
    Task(
        "100,000 × 10M",
        partial(judgements.uniform, 100_000, 10_000_000),
        "ours.bradley_terry",
        (FLOOR(goal=within(1.4), turns=3),),
        turns=3,
        error=off_optimum,
    ),
    Task(
        "100 × 10k",
        partial(judgements.uniform, 100, 10_000),
        "ours.bradley_terry",
        (
            EVALICA(goal=faster(1), turns=51),
            Beside("evalica's public API on lists", "peers.evalica_lists", turns=51),
            FLOOR(turns=51),
            CHOIX(),
            Beside("choix.opt_pairwise, no intervals", "peers.choix_opt", turns=0),
        ),
        turns=51,
        error=off_optimum,
    ),
    Task(
        "Islands of 8, 1 % bridges, 1,000 × 100k",
        partial(judgements.islands, 1_000, 100_000),
        "ours.bradley_terry",
        (EVALICA(goal=faster(15)), FLOOR()),
        error=off_optimum,
    ),
    Task(
        "Islands of 8, 1 % bridges, 10,000 × 1M, values alone",
        partial(judgements.islands, 10_000, 1_000_000),
        "ours.values_alone",
        (EVALICA(goal=faster(15), turns=0, minutes=True), FLOOR()),
        error=off_optimum,
    ),
    Task(
        "Zipf, 1,000 × 100k",
        partial(judgements.zipf, 1_000, 100_000),
        "ours.bradley_terry",
        (EVALICA(goal=faster(15)), FLOOR()),
        error=off_optimum,
    ),
    Task(
        "Zipf, 10,000 × 1M",
        partial(judgements.zipf, 10_000, 1_000_000),
        "ours.bradley_terry",
        (EVALICA(goal=faster(15), turns=0), FLOOR()),
        error=off_optimum,
    ),
)

OTHER_MODELS = (
    Task(
        "Davidson, 1,000 × 100k, 20 % ties",
        partial(judgements.with_ties, 1_000, 100_000),
        "ours.davidson",
        (Beside("evalica's newman, no intervals", "peers.evalica_newman", faster(20), turns=3),),
        error=partial(errors.off_optimum, optimum.of_ties),
    ),
    Task(
        "Plackett–Luce, 200 items, 20k rankings of 5",
        partial(judgements.orders, 200, 20_000, 5),
        "ours.plackett_luce",
        (Beside("choix.ilsr_rankings, no intervals", "peers.choix_rankings", faster(24), turns=3),),
        error=partial(errors.off_optimum, optimum.of_orders),
    ),
)

RATERS = (
    Task(
        "with_raters, 100 × 10k, 50 raters, 20 % clicking at random",
        partial(judgements.by_raters, 100, 10_000, 50),
        "ours.with_raters",
        (Beside("crowd-kit's NoisyBradleyTerry, no intervals", "peers.crowd_kit", faster(100), turns=0),),
        error=errors.off_truth,
        near=math.inf,
    ),
    *(
        Task(
            f"Error of {STUDIES} such studies, 20 % {kind}",
            partial(judgements.studies, STUDIES, 100, 10_000, 50, kind=kind),
            "ours.studies_with_raters",
            (Beside("an oracle that drops the bad", "ours.studies_of_good_raters", within(1.05), By.ERROR, turns=0),),
            turns=0,
            error=errors.off_truth,
            near=math.inf,
        )
        for kind in judgements.BAD
    ),
    Task(
        "with_raters, 1,000 × 1M, 500 raters",
        partial(judgements.by_raters, 1_000, 1_000_000, 500),
        "ours.with_raters",
        (Beside("a second", constant=1.0, goal=within(3)),),
        turns=2,
        error=errors.off_truth,
        near=math.inf,
    ),
)

AGREEMENT = tuple(
    Task(
        f"α, 1M judgements, {level}, {points} points, and 1,000 bootstrap rounds",
        partial(judgements.ratings, 200_000, 50, 5, points),
        f"ours.alpha_{level}",
        (Beside("krippendorff's point estimate", f"peers.krippendorff_{level}", within(1), turns=3),),
        turns=3,
        error=partial(errors.off_alpha, level),
    )
    for level, points in (("nominal", 3), ("interval", 7))
)

LIVE = (
    Task(
        "One live judgement at 10,000 × 1M",
        partial(judgements.uniform, 10_000, 1_000_000),
        "ours.update",
        (Beside("a cold fit", "ours.bradley_terry", within(0.1)),),
        error=off_optimum,
        near=1e-4,
    ),
    Task(
        "One of 100 raters taken out, 1,000 × 100k",
        partial(judgements.pairs_by_raters, 1_000, 100_000, 100),
        "ours.without",
        (Beside("a fit that never saw them", "ours.refit", NO_BOUND),),
        error=errors.off_refit,
        near=1e-9,
    ),
    Task(
        "A pick of a pair, 10,000 items",
        partial(judgements.few, 10_000, 100_000),
        "ours.pick",
        (Beside("a millisecond", constant=1e-3, goal=within(1)),),
        error=errors.none,
        turns=51,
    ),
)

TASKS = PAIRS + OTHER_MODELS + RATERS + AGREEMENT + LIVE
