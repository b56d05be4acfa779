"""Storing a study that was read and found sound."""

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction

from feedback.intake.brought import Brought, answer_of, keys_of, mark_of
from feedback.intake.reading import LeftOut, LeftOutWork
from feedback.intake.reading.marks import Answered, answered
from feedback.intake.reading.plans import JudgementPlan, MarkPlan, RoundsPlan, StudyPlan, WorkPlan
from feedback.intake.tasks import prepare
from feedback.judging.actions import Answers, PastAnswer, bring_along, open_keys, open_round
from feedback.judging.actions.examples import NewExample, add_examples
from feedback.judging.models import Assignment, Comparison, Entry, Judgement, Purpose, Submission
from feedback.people.actions import record
from feedback.people.models import Rater, User
from feedback.snapshot import learn_sizes
from feedback.studies.actions import open_study
from feedback.studies.models import Criterion, Membership, Study
from feedback.works import models as works_models
from feedback.works.actions import NewAsset, NewWork, is_wanted, shown_assets, store_collection, store_files
from feedback.works.models import Asset, Preparation, Prompt, Work
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
    marks: int
    blocked: list[Blocked]
    left_out: list[LeftOutWork]
    rows_left_out: dict[str, int]
    preparing: bool


def store_study(
    *,
    plan: StudyPlan,
    left_out: LeftOut | None = None,
    by: User | None = None,
    dry_run: bool = False,
    opens: bool = True,
) -> Imported:
    """Store the study, open it and its first round, unless its lead `opens` it. The same content again changes nothing.

    Files are written first, under names made of their content; all rows follow in one transaction. If that fails,
    or on a dry run, nothing stays. Where works have no derivatives yet the study stays a draft and the background
    worker is asked to make them; with `left_out` it leaves out what it refuses as well, without asking.
    """
    existing = Study.objects.filter(slug=plan.slug).first()
    if existing:
        if existing.content_digest != plan.digest:
            raise StudyExists(
                f"A study {plan.slug!r} exists with other content. Give this one another `slug` to import it beside."
            )
        _ask_again(existing)
        return _summary(existing, plan, unchanged=True)
    works = [new_work(work) for work in plan.works]
    written = []
    try:
        if not dry_run:
            for stored in store_files(asset for work in works for asset in work.assets):
                written.append(stored)  # noqa: PERF402 - kept one by one, so that a failure half-way can be taken back
        with transaction.atomic():
            study = _store(plan, works, left_out, by, opens=opens)
            summary = _summary(study, plan, unchanged=False)
            transaction.set_rollback(dry_run)
    except BaseException:
        for storage, name in written:
            storage.delete(name)
        raise
    learn_sizes(Work, Entry, Comparison, Assignment, Submission, Judgement)
    return summary


def _ask_again(study: Study) -> None:
    """Remind the worker of works that it has still to make."""
    if is_wanted(study_id=study.pk):
        prepare.enqueue(study.pk)


def _rounds(plan: RoundsPlan) -> dict[str, Any]:
    """Settings of the study, by its own names."""
    told = asdict(plan)
    return told | {"round_size": told.pop("size")}


def _store(plan: StudyPlan, works: list[NewWork], left_out: LeftOut | None, by: User | None, *, opens: bool) -> Study:
    study = Study.objects.create(
        slug=plan.slug,
        title=plan.title,
        brief=plan.brief,
        form=plan.form,
        set_size=plan.set_size,
        scale=plan.scale,
        overlap=plan.overlap,
        rationale=plan.rationale,
        marks=plan.marks,
        tags=list(plan.tags),
        exposure=plan.exposure,
        asking=plan.asking,
        criteria_order=plan.criteria_order,
        ranking=plan.ranking,
        guide=plan.guide,
        qualify_items=plan.qualify_items,
        qualify_pass=plan.qualify_pass,
        **_rounds(plan.rounds),
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
        Prompt(
            external_id=prompt.id,
            text=prompt.text,
            group=prompt.group,
            reference=prompt.reference,
            metadata=dict(prompt.metadata),
        )
        for prompt in plan.prompts
    ]
    store_collection(study=study, slug=plan.collection, prompts=prompts, works=works)
    _show_examples(study, plan)
    if by:
        Membership.objects.create(study=study, user=by, role=Membership.Role.LEAD)
    record(by=by, action="import study", subject=study, digest=plan.digest)
    unmade = Work.objects.filter(collection__studies=study).unmade().count()
    if unmade or left_out is not None:
        _note(study, plan, left_out, unmade, opens=opens)
    if unmade:
        prepare.enqueue(study.pk)
        return study
    return begin(study=study, brought=replace(Brought.by(plan), opens=opens), by=by)


def _show_examples(study: Study, plan: StudyPlan) -> None:
    works = dict(Work.objects.filter(collection__studies=study).values_list("external_id", "pk"))
    criteria = dict(study.criteria.values_list("slug", "pk"))
    examples = [
        NewExample(criteria[criterion.slug], works[one.work], one.shows, one.note)
        for criterion in plan.criteria
        for one in criterion.examples
        if one.work in works
    ]
    add_examples(study=study, examples=examples)


def _note(study: Study, plan: StudyPlan, left_out: LeftOut | None, unmade: int, *, opens: bool) -> None:
    """What is still to be made, and what was left out."""
    Preparation.objects.create(
        study=study,
        state=Preparation.State.MAKING if unmade else Preparation.State.READY,
        leaves_out=left_out is not None,
        total=unmade,
        brought=replace(Brought.by(plan), opens=opens).as_json() if unmade else {},
        rows_left_out=dict(left_out.rows) if left_out else {},
    )
    works_models.LeftOut.objects.bulk_create(
        [works_models.LeftOut(study=study, **asdict(work)) for work in (left_out.works if left_out else [])]
    )


def begin(*, study: Study, brought: Brought, by: User | None) -> Study:
    """Bring along what was said before, and open the study if it opens by itself; all its works can be shown."""
    works = {work.external_id: work for work in Work.objects.filter(collection__studies=study)}
    bring_along(study=study, past=_past_answers(study, brought, works), by=by)
    open_keys(study=study, keys=keys_of(study, brought.keys, works), by=by)
    return launch(study=study, by=by) if brought.opens else study


@transaction.atomic
def launch(*, study: Study, by: User | None) -> Study:
    """Open the study, the first time with its first round."""
    if not study.rounds.filter(purpose=Purpose.UNIFORM).exists():
        seed = random.Random(study.content_digest).getrandbits(32)  # noqa: S311 - a design, not a secret
        open_round(study=study, seed=seed, by=by)
    return open_study(study=study, by=by)


@transaction.atomic
def complete(
    *, preparation: Preparation, brought: Brought, rows_left_out: Mapping[str, int], qualifying: tuple[int, int]
) -> Study:
    """All works are there: begin."""
    study = preparation.study
    study.qualify_items, study.qualify_pass = qualifying
    study.save(update_fields=["qualify_items", "qualify_pass"])
    begin(study=study, brought=brought, by=None)
    preparation.state, preparation.brought, preparation.rows_left_out = "ready", {}, dict(rows_left_out)
    preparation.save(update_fields=["state", "brought", "rows_left_out"])
    learn_sizes(Work, Entry, Comparison, Assignment, Submission, Judgement)
    return study


def halt(*, preparation: Preparation, state: str, trouble: str = "") -> None:
    """Go no further: the lead has to say so, or nobody can."""
    preparation.state, preparation.trouble = state, trouble
    preparation.save(update_fields=["state", "trouble"])


def new_work(work: WorkPlan) -> NewWork:
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
    if work.original is None or work.info is None:
        return []
    original = NewAsset(
        role=Asset.Role.ORIGINAL,
        media_type=work.info.media_type,
        sha256=work.info.sha256,
        bytes=work.info.bytes,
        width=work.info.width,
        height=work.info.height,
        path=work.original,
    )
    return [original, *(shown_assets(work.derivative) if work.derivative else [])]


def _past_answers(study: Study, brought: Brought, works: dict[str, Work]) -> list[PastAnswer]:
    """The judgements, one submission for each rater and set of works, with the marks that belong to it."""
    told: dict[Answered, list[JudgementPlan]] = defaultdict(list)
    for judgement in brought.judgements:
        told[answered(judgement)].append(judgement)
    marked: dict[Answered, list[MarkPlan]] = defaultdict(list)
    for mark in brought.marks:
        marked[answered(mark)].append(mark)
    criteria = {criterion.slug: criterion for criterion in study.criteria.all()}
    raters = _raters(study, {rater for rater, _, _ in told}, brought)
    past = []
    for whose, judgements in told.items():
        rater, _, _ = whose
        shown = tuple(works[work].pk for work in judgements[0].works)
        answers = Answers(
            each=[answer_of(judgement, criteria[judgement.criterion], works) for judgement in judgements],
            rationale="\n".join(dict.fromkeys(one.rationale for one in judgements if one.rationale)),
            marks=[mark_of(mark, works) for mark in marked.get(whose, [])],
        )
        at = min((one.judged_at for one in judgements if one.judged_at), default=None)
        past.append(PastAnswer(raters[rater], works[judgements[0].works[0]].prompt_id, shown, answers, at))
    return past


def _raters(study: Study, labels: set[str], brought: Brought) -> dict[str, Rater]:
    known = {one.rater: {"kind": one.kind, "cohort": one.cohort} for one in brought.raters}
    elsewhere = {"origin": study.slug, "agreed_elsewhere": brought.shares_words}
    person = {"kind": Rater.Kind.PERSON}
    rows = [Rater(label=label, **elsewhere, **known.get(label, person)) for label in sorted(labels)]
    return {rater.label: rater for rater in Rater.objects.bulk_create(rows, batch_size=500)}


def _summary(study: Study, plan: StudyPlan, *, unchanged: bool) -> Imported:
    preparation = Preparation.objects.filter(study=study).first()
    return Imported(
        study=study,
        unchanged=unchanged,
        prompts=len(plan.prompts),
        works=len(plan.works),
        comparisons=Comparison.objects.filter(study=study).count(),
        judgements=len(plan.judgements),
        marks=len(plan.pinned),
        blocked=list(blocked_works(study)),
        left_out=[LeftOutWork(one.work, one.prompt, one.reason, one.remedy) for one in study.left_out.all()],
        rows_left_out=preparation.rows_left_out if preparation else {},
        preparing=bool(preparation and not preparation.is_ready),
    )
