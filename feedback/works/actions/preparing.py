"""Making what raters see of the works, in the background: who is at it, how far it is, what came of each work."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import now

from feedback.people.actions import record
from feedback.people.models import User
from feedback.studies.models import Study
from feedback.works.actions.storing import BATCH, asset_row, shown_assets, store_files
from feedback.works.media import Derivative, MediaInfo, MediaRefused
from feedback.works.models import Asset, LeftOut, Preparation, Work, originals
from feedback.works.signals import works_wanted

HELD_FOR = timedelta(seconds=30)  # after the last beat


def hold(*, study_id: int, holder: uuid.UUID) -> Preparation | None:
    """The preparation, to be worked at by this run alone until it lets go or falls silent; None if it is not free."""
    free = Q(holder=None) | Q(holder=holder) | Q(beat_at__lt=now() - HELD_FOR)
    making = Preparation.objects.filter(free, study=study_id, state=Preparation.State.MAKING)
    held = making.update(holder=holder, beat_at=now())
    return Preparation.objects.select_related("study").get(study=study_id) if held else None


def is_wanted(*, study_id: int) -> bool:
    """Whether works of the study are still to be made, by whichever run."""
    return Preparation.objects.filter(study=study_id, state=Preparation.State.MAKING).exists()


def begin_work(*, preparation: Preparation, work: Work) -> int:
    """Note that the work is in hand; how often it was begun before and never ended."""
    before = preparation.tries if preparation.now == work.external_id else 0
    preparation.now, preparation.tries, preparation.fraction = work.external_id, before + 1, 0.0
    preparation.save(update_fields=["now", "tries", "fraction"])
    return before


def beat(*, preparation: Preparation, fraction: float, seconds: float) -> None:
    """Tell how far the work in hand is, and that the run is alive."""
    Preparation.objects.filter(pk=preparation.pk).update(
        fraction=fraction, seconds=F("seconds") + seconds, beat_at=now()
    )


def let_go(*, preparation: Preparation) -> None:
    Preparation.objects.filter(pk=preparation.pk, holder=preparation.holder).update(holder=None, fraction=0.0)


def keep_derivative(*, works: Sequence[Work], made: Derivative, original: MediaInfo) -> None:
    """Store what raters see of these works, all of one content; what is there already stays."""
    assets = shown_assets(made)
    list(store_files(assets))
    with transaction.atomic():
        rows = [asset_row(work, asset) for work in works for asset in assets]
        Asset.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
        known = {"media_type": original.media_type, "width": original.width, "height": original.height}
        Asset.objects.filter(work__in=works, role=Asset.Role.ORIGINAL).update(**known)
        Work.objects.filter(pk__in=[work.pk for work in works]).update(medium=original.medium)


@transaction.atomic
def go_on(*, study: Study, by: User | None) -> None:
    """Have the worker make what is still to be made, and leave out what it refuses."""
    held = Preparation.State.MAKING, Preparation.State.ASKING
    if Preparation.objects.filter(study=study, state__in=held).update(state=held[0], leaves_out=True):
        record(by=by, action="go on without refused works", subject=study)
        works_wanted.send(Study, study_id=study.pk)


@transaction.atomic
def refuse_works(*, works: Sequence[Work], refused: MediaRefused) -> None:
    """Take works out of their collection and tell every study that waits for them why."""
    files = set(Asset.objects.filter(work__in=works, role=Asset.Role.ORIGINAL).values_list("original", flat=True))
    waiting = Preparation.objects.exclude(state=Preparation.State.READY)
    for work in works:
        rows = [
            LeftOut(
                study=one.study,
                work=work.external_id,
                prompt=work.prompt.external_id,
                reason=refused.reason,
                remedy=refused.remedy,
            )
            for one in waiting.filter(study__collections=work.collection_id).select_related("study")
        ]
        LeftOut.objects.bulk_create(rows, ignore_conflicts=True)
        work.delete()
    for name in files - set(Asset.objects.filter(original__in=files).values_list("original", flat=True)):
        transaction.on_commit(partial(originals().delete, name))
