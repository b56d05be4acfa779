"""What the camps of a panel are called: by cohort where all of a camp are of one, and no two camps of the same."""

from collections.abc import Sequence

from feedback.results.dashboard.facts import Facts, Json
from feedback.results.dashboard.words import capital


def camps_of(facts: Facts) -> Sequence[Json]:
    """The camps of the raters of this criterion."""
    found: Sequence[Json] = facts.part("differ").get("camps") or []
    return found


def cohorts_of(facts: Facts) -> Sequence[str] | None:
    """The cohort that each camp is, in their order; None where camps are something else."""
    cohort_of = {one["rater"]: one.get("cohort") for one in facts.raters}
    cohorts = [{cohort_of.get(rater) for rater in camp["raters"]} for camp in camps_of(facts)]
    named = [str(next(iter(its))) for its in cohorts if len(its) == 1 and all(its)]
    return named if len(named) == len(cohorts) == len(set(named)) else None


def called(facts: Facts) -> Sequence[str]:
    """A name for each camp, in their order."""
    cohorts = cohorts_of(facts)
    return (
        [capital(name) for name in cohorts]
        if cohorts
        else [f"Camp {number}" for number in range(1, len(camps_of(facts)) + 1)]
    )
