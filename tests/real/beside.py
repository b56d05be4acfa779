"""Real sets in two tellings: what their authors or the raw counts say, and what the lead's page says."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from feedback.results.actions import refresh
from feedback.results.dashboard import sentences, stored
from feedback.results.models import Estimate, Fit, Report
from feedback.studies.models import Study
from tests.real import hanna, imagereward, lamp, lightfield, llmfao, tonemapping, tournesol
from tests.real.folder import CRITERION, Row, run

type Scores = Mapping[str, float]


@dataclass(frozen=True)
class RealSet:
    """How a set becomes a study, and what is said of its generators, or of its works, before any model is fitted."""

    slug: str
    study_of: Callable[[Path, Path], Path]
    raw: Callable[[Path], Mapping[str, Scores]]  # by criterion
    says: str  # what the raw figures are
    level: str = Fit.Level.GENERATORS


def win_shares(duels: Iterable[tuple[str, str, float]]) -> dict[str, float]:
    """Of (one, other, how much of a win for the one): each one's share of its duels."""
    won: dict[str, list[float]] = defaultdict(list)
    for one, other, win in duels:
        won[one].append(win)
        won[other].append(1 - win)
    return {name: sum(wins) / len(wins) for name, wins in won.items()}


def _votes(data: Path) -> dict[str, Scores]:
    wins = {"left": 1.0, "tie": 0.5, "right": 0.0}
    votes = llmfao.votes(data)
    return {CRITERION: win_shares((one["left_model"], one["right_model"], wins[one["winner"]]) for one in votes)}


def _above(data: Path) -> dict[str, Scores]:
    """Of the two other paragraphs of its set, how many a writer ranked below it: the mean share."""
    told = [list(map(lamp.condition, one["ranked"])) for one in lamp.rankings(data)]
    duels = ((ranked[a], ranked[b], 1.0) for ranked in told for a, b in ((0, 1), (0, 2), (1, 2)))
    return {CRITERION: win_shares(duels)}


def _choices(data: Path) -> dict[str, Scores]:
    told = lightfield.choices(data)
    return {CRITERION: win_shares((*lightfield.distortions(one), float(one["selected"] == "1")) for one in told)}


def _films(data: Path) -> dict[str, Scores]:
    told = tonemapping.choices(data)
    return {
        CRITERION: win_shares((one["condition_A"], one["condition_B"], float(one["is_A_selected"])) for one in told)
    }


def mean_ratings(told: Iterable[Row]) -> dict[str, Scores]:
    """By criterion and system."""
    given: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in told:
        given[one["criterion"]][one["system"]].append(float(one["score"]))
    return {
        criterion: {name: sum(scores) / len(scores) for name, scores in of.items()} for criterion, of in given.items()
    }


def _own(data: Path) -> dict[str, Scores]:
    return {criterion: tournesol.own_scores(data, tournesol.RATER, criterion) for criterion in tournesol.QUESTIONS}


def _places(data: Path) -> dict[str, Scores]:
    """How much of its set stands below each picture, a tie for half."""
    found = {}
    for one in imagereward.rankings(data):
        rank = np.array(one["rank"])
        below = (rank[None, :] > rank[:, None]).sum(axis=1) + ((rank[None, :] == rank[:, None]).sum(axis=1) - 1) / 2
        found |= dict(zip(one["items"], (below / (len(rank) - 1)).tolist(), strict=True))
    return {CRITERION: found}


SETS = (
    RealSet("llmfao", llmfao.study_of, _votes, "share of votes won, a tie for half"),
    RealSet("lamp", lamp.study_of, _above, "share of paragraphs ranked below"),
    RealSet("light-field", lightfield.study_of, _choices, "share of choices won"),
    RealSet("tone-mapping", tonemapping.study_of, _films, "share of choices won"),
    RealSet("tournesol", tournesol.study_of, _own, "the project's own scores of the rater", Fit.Level.WORKS),
    RealSet("hanna", hanna.study_of, lambda data: mean_ratings(hanna.ratings(data)), "mean rating"),
    RealSet("imagereward", imagereward.study_of, _places, "share of the set ranked below", Fit.Level.WORKS),
)


def shown(one: RealSet, data: Path, folder: Path) -> Study:
    """The set imported, fitted and reported."""
    run("import_study", one.study_of(data, folder))
    study = Study.objects.get(slug=one.slug)
    refresh(study=study)
    return study


def scores(study: Study, criterion: str, level: str) -> dict[str, float]:
    """What the newest fit makes of generators, or of works, by name."""
    name = "generator__name" if level == Fit.Level.GENERATORS else "work__external_id"
    newest = Fit.objects.filter(study=study, criterion__slug=criterion, level=level).latest("pk")
    return dict(Estimate.objects.filter(fit=newest).values_list(name, "value"))


def alike(one: Scores, other: Scores) -> float:
    """Spearman's correlation over what both know."""
    both = sorted(one.keys() & other.keys())
    return float(spearmanr([one[name] for name in both], [other[name] for name in both]).statistic)


def page(study: Study, criterion: str) -> dict[str, str]:
    """The headlines of the lead's page."""
    facts = stored.read(study, criterion, named=True).facts
    answers = {
        "trust": sentences.trust,
        "best": sentences.best,
        "differ": sentences.differ,
        "help": sentences.who_needs_help,
        "done": sentences.done,
    }
    return {name: str(answer(facts)) for name, answer in answers.items()}


def row(one: RealSet, study: Study, criterion: str, raw: Scores) -> str:
    """A line of the table: both tellings of one criterion."""
    told = Report.objects.filter(study=study).latest("pk").told
    ours, counts, says = scores(study, criterion, one.level), told["counts"], page(study, criterion)
    judged = f"{counts['submissions']:,} answers by {counts['raters']:,} on {counts['works']:,} works"
    findings = [said["fault"] for said in told["findings"] if said["criterion"] in {None, criterion}]
    answers = [says["trust"], says["best"], says["differ"], f"Help: {says['help']}"]
    if findings:
        answers.append(f"Found: {', '.join(dict.fromkeys(findings))}.")
    first = f"{one.says}: {_best(raw)}" if one.level == Fit.Level.GENERATORS else one.says
    cells = (one.slug, criterion, judged, first, " ".join(answers), f"{alike(raw, ours):.3f}")
    return f"| {' | '.join(cells)} |"


def _best(raw: Scores) -> str:
    """The first three and the last."""
    best_first = sorted(raw, key=lambda name: -raw[name])
    named = [f"{name} {raw[name]:.2f}" for name in best_first]
    return ", ".join(named[:3]) + (f" … {named[-1]}" if len(named) > 3 else "")
