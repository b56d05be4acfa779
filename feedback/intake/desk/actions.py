"""What a lead does to a study that reaches into several rooms."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from feedback.intake.actions import launch
from feedback.judging.actions import NewExample, add_examples, keep_quota
from feedback.judging.actions.opening import PLANNED, places_of
from feedback.judging.models import Comparison, Example, Judgement, Mark
from feedback.people import actions as people
from feedback.people.models import User
from feedback.studies import actions as studies
from feedback.studies.access import must_lead
from feedback.studies.actions import Wording
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion, Study
from feedback.studies.stages import WrongStage, must_allow, stage_of
from feedback.works.models import Preparation, Work

PLACES = {"overlap", "everyone_judges_all", "cohort_places", "most_judgements"}  # what they depend on


@transaction.atomic
def act(*, study: Study, act: str, by: User) -> None:
    """Open, pause, resume, close, archive or bring back; raises WrongStage where it does not follow."""
    study = Study.objects.select_for_update().get(pk=study.pk)
    must_lead(by, study)
    must_allow(study, act)
    if act == "open":
        if hindrance := hindrance_of(study):
            raise WrongStage(hindrance)
        launch(study=study, by=by)
        return
    ways = {
        "pause": studies.pause_study,
        "resume": studies.resume_study,
        "close": studies.close_study,
        "archive": studies.archive_study,
        "unarchive": studies.unarchive_study,
    }
    ways[act](study=study, by=by)


def hindrance_of(study: Study) -> str:
    """What keeps the study from being opened; empty if nothing does."""
    preparation = Preparation.objects.filter(study=study).first()
    if preparation and not preparation.is_ready:
        return "Its works are not ready yet."
    if not criteria_of(study):
        return "It has no criterion yet: raters would be asked nothing."
    if not Work.objects.cleared("show").filter(collection__studies=study).exclude(medium="absent").exists():
        return "No work of it may be shown. What is blocked, and the remedy, stands below."
    return ""


def is_judged(study: Study, slug: str) -> bool:
    """Whether anybody has judged, or pinned a mark, by the present wording of the criterion."""
    criterion = _present(study, slug)
    return Judgement.objects.filter(criterion=criterion).exists() or Mark.objects.filter(criterion=criterion).exists()


@transaction.atomic
def reword(*, study: Study, slug: str, wording: Wording, by: User) -> Criterion:
    """Say a criterion in other words; its examples go with it into a new version."""
    _must_rest(study)
    before = _present(study, slug)
    after = studies.reword_criterion(criterion=before, wording=wording, judged=is_judged(study, slug), by=by)
    if after.pk != before.pk:
        shown = Example.objects.filter(criterion=before)
        add_examples(study=study, examples=[NewExample(after.pk, one.work_id, one.shows, one.note) for one in shown])
    return after


@transaction.atomic
def remove(*, study: Study, slug: str, by: User) -> None:
    """Ask for a criterion no more that nobody has judged by, in any version."""
    _must_rest(study)
    judged = Judgement.objects.filter(criterion__study=study, criterion__slug=slug).exists()
    studies.remove_criterion(study=study, slug=slug, judged=judged or is_judged(study, slug), by=by)


@transaction.atomic
def add(*, study: Study, slug: str, wording: Wording, by: User) -> Criterion:
    """Ask for one quality more."""
    _must_rest(study)
    return studies.add_criterion(study=study, slug=slug, wording=wording, by=by)


@transaction.atomic
def move(*, study: Study, slug: str, up: bool, by: User) -> None:
    """Ask for the criterion one place earlier or later."""
    _must_rest(study)
    order = [criterion.slug for criterion in criteria_of(study)]
    at = order.index(slug)
    to = max(0, at - 1) if up else min(len(order) - 1, at + 1)
    order.insert(to, order.pop(at))
    studies.move_criterion(study=study, order=order, by=by)


@transaction.atomic
def change_settings(*, study: Study, settings: Mapping[str, Any], by: User) -> list[str]:
    """Change what is asked for; how many raters judge each comparison holds for what is asked already as well."""
    changed = studies.change_settings(study=study, settings=settings, by=by)
    if PLACES.intersection(changed):
        asked = Comparison.objects.filter(study=study, purpose__in=PLANNED, repeats=None, only_for=None, cohort="")
        asked.update(places=Greatest(F("places_taken"), places_of(study)))
        keep_quota(study=study)
    return changed


@transaction.atomic
def set_cohort(*, study: Study, user: User, cohort: str, by: User) -> None:
    """Let the member judge with another group."""
    must_lead(by, study)
    people.set_cohort(rater=people.rater_of(user=user), cohort=" ".join(cohort.split()), by=by)


def _present(study: Study, slug: str) -> Criterion:
    return next(criterion for criterion in criteria_of(study) if criterion.slug == slug)


def _must_rest(study: Study) -> None:
    """What raters are asked changes only while nobody is handed anything."""
    if stage_of(study) == "open":
        raise WrongStage("Pause the study first: what raters are asked changes only while nobody is at work.")
