"""A study in the database with a report as the background worker would have left it."""

from typing import Any

from feedback.people.models import User
from feedback.results.models import Report
from feedback.studies.models import Study
from feedback.works.models import Generator
from tests import make
from tests.results.dashboard.told import CRITERIA, MAKERS, RATERS, renumbered, told


def study_told(*, lead: User | None = None, changes: dict[str, Any] | None = None, **fields: Any) -> Study:
    """An open study of the fixture's seven generators and nine raters, told."""
    works = [
        make.work(f"{prompt}-{number}", prompt, generator=name)
        for prompt in ("p1", "p2")
        for number, name in enumerate(MAKERS, start=1)
    ]
    study = make.study(
        lead=lead, prompts=2, each=works, criteria=tuple(CRITERIA), title="Studio light, spring panel", **fields
    )
    people = [make.make_rater(study, make.user(name)) for name in RATERS]
    tell(study, told(**(changes or {})), {at: rater.pk for at, rater in enumerate(people, start=1)})
    return study


def tell(study: Study, report: dict[str, Any], raters: dict[int, int]) -> Report:
    """Keep the report as the study's newest."""
    pks = dict(Generator.objects.filter(works__collection__studies=study).values_list("name", "pk"))
    makers = {at: pks[name] for at, name in enumerate(MAKERS, start=1)}
    return Report.objects.create(
        study=study, cutoff=1, submissions=3786, code_version="0", seconds=1.0, told=renumbered(report, makers, raters)
    )
