"""The end of an import whose works were made in the background: marks held against them, the study opened."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import cast

from feedback.intake import actions
from feedback.intake.brought import Brought
from feedback.intake.reading import DEFAULT_LIMITS, BadStudy
from feedback.intake.reading.findings import JUDGEMENTS, KEYS, MARKS, Findings
from feedback.intake.reading.leaving import qualified_by, without
from feedback.intake.reading.marks import place_marks
from feedback.intake.reading.plans import MarkPlan, WorkPlan
from feedback.studies.models import Study
from feedback.works.media import Derivative, MediaInfo
from feedback.works.media.derivative import Medium
from feedback.works.models import Asset, Preparation, Work


def finish(*, preparation: Preparation) -> None:
    """Open the study; or ask the lead first if works had to be left out, or say why it cannot be opened."""
    study = preparation.study
    gone = set(study.left_out.values_list("work", flat=True))
    if gone and not preparation.leaves_out:
        actions.halt(preparation=preparation, state=Preparation.State.ASKING)
        return
    told = Brought.from_json(preparation.brought)
    counts = Counter(preparation.rows_left_out)
    kept = replace(
        told,
        judgements=tuple(without(told.judgements, gone, JUDGEMENTS, counts)),
        marks=tuple(without(told.marks, gone, MARKS, counts)),
        keys=tuple(without(told.keys, gone, KEYS, counts)),
    )
    try:
        placed = replace(kept, marks=_placed(study, kept))
    except BadStudy as bad:
        actions.halt(preparation=preparation, state=Preparation.State.STOPPED, trouble=str(bad))
        return
    qualifying = qualified_by(kept.keys, told.keys, study)
    actions.complete(preparation=preparation, brought=placed, rows_left_out=counts, qualifying=qualifying)


def _placed(study: Study, brought: Brought) -> tuple[MarkPlan, ...]:
    """The marks, held against their works."""
    findings = Findings(DEFAULT_LIMITS)
    marked = {mark.work for mark in brought.marks}
    rows = Work.objects.filter(collection__studies=study, external_id__in=marked).select_related("prompt")
    works = [_plan(work) for work in rows.prefetch_related("assets")]
    placed = place_marks(brought.marks, brought.judgements, works, tags=study.tags, findings=findings)
    findings.settle()
    return placed


def _plan(work: Work) -> WorkPlan:
    """The work as far as places in it are concerned."""
    assets = {asset.role: asset for asset in work.assets.all()}
    original, shown = assets.get(Asset.Role.ORIGINAL), assets[Asset.Role.SHOWN]
    medium = cast("Medium", work.medium)
    plan = WorkPlan(id=work.external_id, prompt=work.prompt.external_id, medium=medium, text=shown.text)
    if original is None:
        return replace(plan, medium="text")
    info = MediaInfo(
        medium=medium,
        media_type=original.media_type,
        width=original.width,
        height=original.height,
        sha256=original.sha256,
        bytes=original.bytes,
    )
    derivative = Derivative(
        media_type=shown.media_type, path=Path(), sha256=shown.sha256, bytes=shown.bytes, facts=shown.facts
    )
    return replace(plan, info=info, derivative=derivative)
