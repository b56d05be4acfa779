"""The five questions in their order, each with its answer and its pictures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from feedback.results.dashboard import tables
from feedback.results.dashboard.charts.curve import curve
from feedback.results.dashboard.charts.forest import forest
from feedback.results.dashboard.charts.graph import graph
from feedback.results.dashboard.charts.matrix import matrix
from feedback.results.dashboard.charts.picture import Picture
from feedback.results.dashboard.charts.progress import progress
from feedback.results.dashboard.charts.table import Table
from feedback.results.dashboard.charts.timeline import is_timed, timeline
from feedback.results.dashboard.facts import OVERALL, Facts
from feedback.results.dashboard.machines import machines
from feedback.results.dashboard.sentences import (
    Answer,
    best,
    differ,
    done,
    needs,
    trust,
    who_needs_help,
)

OF_ALL = "Overall is made of the criteria’s scores: choose a criterion for its own picture."


def generators(facts: Facts) -> Picture:
    """The board as it stands."""
    labels = [facts.names.generator(row["id"]) for row in facts.rows]
    board = facts.part("best", "generators")
    return forest(board, labels, name="generators", title="Strength of each generator", what="generators")


def at_work(facts: Facts) -> Picture:
    """Those who need help first."""
    return timeline(facts, [need.rater for need in needs(facts)])


def ways(facts: Facts) -> Picture:
    """Every criterion, whichever is looked at."""
    return progress(facts, tables.plan(facts))


PICTURES: Mapping[str, Callable[[Facts], Picture]] = {
    "reliability": curve,
    "connections": graph,
    "generators": generators,
    "agreement": matrix,
    "timeline": at_work,
    "plan": ways,
}
TABLES: Mapping[str, Callable[[Facts], Table]] = {
    "checks": tables.checks,
    "beats": tables.beats,
    "camps": tables.camps,
    "raters": tables.raters,
    "machines": machines,
}


def table_of(facts: Facts, chart: str) -> Table | None:
    """The table of that name, or the one behind the picture of that name."""
    if chart in PICTURES:
        return PICTURES[chart](facts).table
    return TABLES[chart](facts) if chart in TABLES else None


@dataclass(frozen=True)
class Section:
    """A question, its answer, the picture that shows it, and what may be unfolded."""

    name: str
    question: str
    answer: Answer
    picture: Picture | None
    folded: Sequence[tuple[str, str]]  # tables by name, and what they are called
    missing: str = ""  # said where there is no picture yet
    beside: Table | None = None  # shown under the picture, not folded
    scope: str = ""  # which criterion the answer speaks of, where there are several


def sections(facts: Facts) -> Sequence[Section]:
    """All five; a picture or a table is left out until there is something in it."""
    return [_trust(facts), _best(facts), _differ(facts), _help(facts), _done(facts)]


def _trust(facts: Facts) -> Section:
    told, edges = facts.part("trust"), facts.part("trust", "coverage").get("edges")
    return Section(
        "trust",
        "Can I trust it?",
        trust(facts),
        curve(facts) if told.get("curve") else None,
        _those(
            (told.get("curve"), "reliability", "Numbers"),
            (told, "checks", "Every check"),
            (edges, "connections", "Who met whom"),
        ),
        OF_ALL
        if facts.criterion == OVERALL
        else "The curve is drawn from comparisons that chance alone chose, once two raters have judged some of them.",
        scope=_every(facts),
    )


def _best(facts: Facts) -> Section:
    beats = facts.part("best", "generators").get("beats")
    return Section(
        "best",
        "Who is best?",
        best(facts),
        generators(facts) if facts.rows else None,
        _those((facts.rows, "generators", "Numbers"), (beats, "beats", "Who beats whom")),
        "Intervals appear with the first judgements: invite raters, and open the study.",
        scope=_this(facts),
    )


def _differ(facts: Facts) -> Section:
    told, raters = facts.part("differ"), facts.part("differ", "matrix").get("raters") or []
    own = told.get("camps") or facts.part("best").get("cohorts")
    return Section(
        "differ",
        "Where do raters differ?",
        differ(facts),
        matrix(facts) if len(raters) > 1 else None,
        _those((raters, "agreement", "Numbers"), (own, "camps", "Scores by camp")),
        OF_ALL
        if facts.criterion == OVERALL
        else "The matrix is drawn once two raters have judged the same comparisons: let each be judged by two or more.",
        machines(facts) if told.get("machine") else None,
        scope=_this(facts),
    )


def _help(facts: Facts) -> Section:
    timed = any(is_timed(row) for row in facts.raters)
    return Section(
        "help",
        "Who needs help?",
        who_needs_help(facts),
        at_work(facts) if timed else None,
        _those((facts.raters, "raters", "Everybody"), (timed, "timeline", "Numbers")),
        "Timelines are drawn once judgements are spread over time.",
        scope=_every(facts),
    )


def _done(facts: Facts) -> Section:
    judged = [told for told in facts.every.values() if told.get("done")]
    return Section(
        "done",
        "When am I done?",
        done(facts),
        ways(facts) if judged else None,
        _those((facts.every, "plan", "Each criterion")),
        scope=_every(facts),
    )


def _this(facts: Facts) -> str:
    return facts.names.criteria.get(facts.criterion, facts.criterion) if len(facts.every) > 1 else ""


def _every(facts: Facts) -> str:
    return "All criteria" if len(facts.every) > 1 else ""


def _those(*tables: tuple[object, str, str]) -> Sequence[tuple[str, str]]:
    """Tables by name and what they are called, those that have something in them."""
    return [(name, label) for filled, name, label in tables if filled]
