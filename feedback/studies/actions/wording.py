"""The criteria of a study: judged wording stays as it is, a change makes the next version."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F, Max

from feedback.people.actions import record
from feedback.people.models import User
from feedback.studies.access import must_lead
from feedback.studies.models import Criterion, Study


class NotRemoved(ValueError):
    """The criterion stays; the message says why."""


@dataclass(frozen=True)
class Wording:
    """A criterion as raters read it."""

    name: str
    definition: str
    strong: str = ""
    weak: str = ""

    @classmethod
    def of(cls, criterion: Criterion) -> "Wording":
        return cls(criterion.name, criterion.definition, criterion.strong, criterion.weak)


@transaction.atomic
def add_criterion(*, study: Study, slug: str, wording: Wording, by: User | None) -> Criterion:
    """Ask for one quality more, after the others. Raises ValueError for a slug that was ever used."""
    must_lead(by, study)
    if study.criteria.filter(slug=slug).exists():
        raise ValueError(f"There is a criterion {slug!r} already.")
    last = study.criteria.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    criterion = Criterion.objects.create(study=study, slug=slug, position=position, **asdict(wording))
    _tell(study, by, "add criterion", criterion)
    return criterion


@transaction.atomic
def reword_criterion(*, criterion: Criterion, wording: Wording, judged: bool, by: User | None) -> Criterion:
    """Say it in other words: in a version of its own where somebody `judged` by the present one."""
    study = criterion.study
    must_lead(by, study)
    if Wording.of(criterion) == wording:
        return criterion
    if judged:
        criterion = Criterion.objects.create(
            study=study,
            slug=criterion.slug,
            version=criterion.version + 1,
            position=criterion.position,
            **asdict(wording),
        )
    else:
        for name, text in asdict(wording).items():
            setattr(criterion, name, text)
        criterion.save(update_fields=list(asdict(wording)))
    _tell(study, by, "reword criterion", criterion)
    return criterion


@transaction.atomic
def move_criterion(*, study: Study, order: list[str], by: User | None) -> None:
    """Ask for them in this order of slugs, which names each once."""
    must_lead(by, study)
    known = set(study.criteria.values_list("slug", flat=True))
    if set(order) != known or len(order) != len(known):
        raise ValueError("The order has to name each criterion once.")
    for position, slug in enumerate(order):
        study.criteria.filter(slug=slug).update(position=position)
    _tell(study, by, "order criteria", None, order=order)


@transaction.atomic
def remove_criterion(*, study: Study, slug: str, judged: bool, by: User | None) -> None:
    """Ask for it no more: only one that nobody has `judged` by, and never the last."""
    must_lead(by, study)
    if judged:
        raise NotRemoved("Somebody has judged by this criterion: it stays, with what was judged.")
    if not study.criteria.exclude(slug=slug).exists():
        raise NotRemoved("A study needs a criterion: add another first.")
    for criterion in study.criteria.filter(slug=slug):
        _tell(study, by, "remove criterion", criterion)
        criterion.delete()


def _tell(study: Study, by: User | None, action: str, criterion: Criterion | None, **detail: object) -> None:
    """Write it down, and let every process read the criteria afresh."""
    Study.objects.filter(pk=study.pk).update(criteria_version=F("criteria_version") + 1)
    study.refresh_from_db(fields=["criteria_version"])
    if criterion:
        detail |= {"criterion": criterion.slug, "version": criterion.version}
    record(by=by, action=action, subject=study, **detail)
