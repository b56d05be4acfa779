"""Storing a study that was read and found sound."""

import random
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection, transaction

from feedback.intake.reading.plans import JudgementPlan, StudyPlan, WorkPlan
from feedback.judging.actions import Answer, Answers, PastAnswer, bring_along, open_round
from feedback.judging.models import Assignment, Comparison, Entry, Judgement, Submission
from feedback.people.actions import record
from feedback.people.models import Rater, User
from feedback.studies.actions import open_study
from feedback.studies.models import Criterion, Membership, Study
from feedback.works.actions import NewAsset, NewWork, store_collection, store_files
from feedback.works.media import RECIPE
from feedback.works.models import Asset, Prompt, Work
from feedback.works.rights import Blocked, blocked_works


class StudyExists(ValueError):
    """A study of this slug exists with other content."""


@dataclass(frozen=True)
class Imported:
    """What an import stored, or found stored already."""

    study: Study
    unchanged: bool
    prompts: int
    works: int
    comparisons: int
    judgements: int
    blocked: list[Blocked]


def store_study(*, plan: StudyPlan, by: User | None = None, dry_run: bool = False) -> Imported:
    """Store the study, open it and its first round. The same content again changes nothing.

    Files are written first, under names made of their content; all rows follow in one transaction. If that fails,
    or on a dry run, nothing stays.
    """
    existing = Study.objects.filter(slug=plan.slug).first()
    if existing:
        if existing.content_digest != plan.digest:
            raise StudyExists(
                f"A study {plan.slug!r} exists with other content. Give this one another `slug` to import it beside."
            )
        return _summary(existing, plan, unchanged=True)
    works = [_new_work(work) for work in plan.works]
    written = []
    try:
        if not dry_run:
            for stored in store_files(asset for work in works for asset in work.assets):
                written.append(stored)  # noqa: PERF402 - kept one by one, so that a failure half-way can be taken back
        with transaction.atomic():
            study = _store(plan, works, by)
            summary = _summary(study, plan, unchanged=False)
            transaction.set_rollback(dry_run)
    except BaseException:
        for storage, name in written:
            storage.delete(name)
        raise
    _learn_sizes()
    return summary


def _learn_sizes() -> None:
    """Tell PostgreSQL's planner of the new rows; until it looks by itself it would plan for empty tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (Work, Entry, Comparison, Assignment, Submission, Judgement):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")  # noqa: SLF001 - Django's documented interface


def _store(plan: StudyPlan, works: list[NewWork], by: User | None) -> Study:
    study = Study.objects.create(
        slug=plan.slug,
        title=plan.title,
        brief=plan.brief,
        form=plan.form,
        set_size=plan.set_size,
        scale=plan.scale,
        overlap=plan.overlap,
        rationale=plan.rationale,
        content_digest=plan.digest,
    )
    Criterion.objects.bulk_create(
        [
            Criterion(
                study=study,
                slug=criterion.slug,
                position=position,
                name=criterion.name,
                definition=criterion.definition,
                strong=criterion.strong,
                weak=criterion.weak,
            )
            for position, criterion in enumerate(plan.criteria)
        ]
    )
    prompts = [
        Prompt(external_id=prompt.id, text=prompt.text, group=prompt.group, metadata=dict(prompt.metadata))
        for prompt in plan.prompts
    ]
    store_collection(study=study, slug=plan.collection, prompts=prompts, works=works)
    if by:
        Membership.objects.create(study=study, user=by, role=Membership.Role.LEAD)
    bring_along(study=study, past=_past_answers(study, plan), by=by)
    open_round(study=study, seed=random.Random(plan.digest).getrandbits(32), by=by)  # noqa: S311 - a design, not a secret
    record(by=by, action="import study", subject=study, digest=plan.digest)
    return open_study(study=study, by=by)


def _new_work(work: WorkPlan) -> NewWork:
    return NewWork(
        external_id=work.id,
        prompt=work.prompt,
        medium=work.medium,
        sha256=next((asset.sha256 for asset in _assets(work)), ""),
        generator=(work.generator, work.generator_version) if work.generator else None,
        maker=work.maker,
        assets=_assets(work),
        licence=work.licence,
        consent=work.consent,
        source=work.source,
        purposes=work.purposes,
        metadata=dict(work.metadata),
    )


def _assets(work: WorkPlan) -> list[NewAsset]:
    if work.medium == "text":
        return [NewAsset.of_text(work.text)]
    if work.original is None or work.info is None or work.derivative is None:
        return []
    return [
        NewAsset(
            role=Asset.Role.ORIGINAL,
            media_type=work.info.media_type,
            sha256=work.info.sha256,
            bytes=work.info.bytes,
            width=work.info.width,
            height=work.info.height,
            path=work.original,
        ),
        NewAsset(
            role=Asset.Role.SHOWN,
            media_type=work.derivative.media_type,
            sha256=work.derivative.sha256,
            bytes=work.derivative.bytes,
            width=work.derivative.width,
            height=work.derivative.height,
            path=work.derivative_path,
            recipe=str(RECIPE),
        ),
    ]


def _past_answers(study: Study, plan: StudyPlan) -> list[PastAnswer]:
    """The plan's judgements, one submission for each rater and set of works."""
    told: dict[tuple[str, str, frozenset[str]], list[JudgementPlan]] = defaultdict(list)
    for judgement in plan.judgements:
        told[judgement.rater, judgement.prompt, frozenset(judgement.works)].append(judgement)
    works = {work.external_id: work for work in Work.objects.filter(collection__slug=plan.collection)}
    criteria = {criterion.slug: criterion for criterion in study.criteria.all()}
    raters = _raters(study, {rater for rater, _, _ in told})
    past = []
    for (rater, _, _), judgements in told.items():
        shown = tuple(works[work].pk for work in judgements[0].works)
        answers = Answers(
            each=[_answer(judgement, criteria[judgement.criterion], works) for judgement in judgements],
            rationale="\n".join(dict.fromkeys(one.rationale for one in judgements if one.rationale)),
        )
        at = min((one.judged_at for one in judgements if one.judged_at), default=None)
        past.append(PastAnswer(raters[rater], works[judgements[0].works[0]].prompt_id, shown, answers, at))
    return past


def _answer(judgement: JudgementPlan, criterion: Criterion, works: dict[str, Work]) -> Answer:
    """The judgement with its ranks turned from shown order to that of the entries."""
    keys = [works[work].pk for work in judgement.works]
    turned = sorted(range(len(keys)), key=keys.__getitem__)
    flipped = turned != sorted(turned)
    return Answer(
        criterion=criterion,
        outcome=judgement.outcome,
        ranks=[judgement.ranks[at] for at in turned] if judgement.ranks else None,
        strength=-judgement.strength if judgement.strength and flipped else judgement.strength,
        score=judgement.score,
        acceptable=[judgement.acceptable[at] for at in turned] if judgement.acceptable else None,
    )


def _raters(study: Study, labels: set[str]) -> dict[str, Rater]:
    rows = [Rater(kind=Rater.Kind.PERSON, origin=study.slug, label=label) for label in sorted(labels)]
    return {rater.label: rater for rater in Rater.objects.bulk_create(rows, batch_size=500)}


def _summary(study: Study, plan: StudyPlan, *, unchanged: bool) -> Imported:
    return Imported(
        study=study,
        unchanged=unchanged,
        prompts=len(plan.prompts),
        works=len(plan.works),
        comparisons=Comparison.objects.filter(study=study).count(),
        judgements=len(plan.judgements),
        blocked=list(blocked_works(study)),
    )
