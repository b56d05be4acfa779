"""Asking for a release from the site, building it in the background, and calling it off."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction
from django.db.models import Q
from django.utils.timezone import now

from feedback.datasets.actions.freezing import freeze_release, may_release
from feedback.datasets.making.workshop import discard
from feedback.datasets.models import Build
from feedback.datasets.tasks import build_release
from feedback.datasets.terms import ReleaseRefused, Terms
from feedback.people.actions import record
from feedback.people.models import User

TELL_EVERY = 1.0  # seconds


class Cancelled(Exception):
    """The build was called off."""


@transaction.atomic
def ask_for_release(*, terms: Terms, by: User) -> Build:
    """Have a release built in the background; who asks again for one that is under way gets the same request."""
    if not may_release(by, *terms.studies):
        raise PermissionDenied
    under_way = Build.objects.filter(terms=terms.told(), state__in=Build.UNDER_WAY)
    lately = now() - settings.RELEASE_WAIT
    asked = under_way.filter(Q(asked_at__gt=lately) | Q(told_at__gt=lately)).first()
    if asked:
        return asked
    build = Build.objects.create(terms=terms.told(), asked_by=by)
    build.studies.set(terms.studies)
    record(by=by, action="ask for release", subject=terms.studies[0], build=str(build), **terms.told())
    build_release.enqueue(str(build.public_id))
    return build


@transaction.atomic
def cancel_build(*, build: Build, by: User) -> Build:
    """Call the build off; one that is done stays done. The worker stops within seconds and leaves nothing."""
    if not may_release(by, *build.studies.all()):
        raise PermissionDenied
    under_way = Build.objects.filter(pk=build.pk, state__in=Build.UNDER_WAY)
    if under_way.update(state=Build.State.CANCELLED, done_at=now()):
        record(by=by, action="cancel build", subject=build.studies.first(), build=str(build))
    build.refresh_from_db()
    return build


def run_build(*, build_id: uuid.UUID) -> None:
    """Build what was asked for, from where an earlier try has ended; done already, it changes nothing."""
    build = Build.objects.select_related("asked_by").get(public_id=build_id)
    if build.state not in {*Build.UNDER_WAY, Build.State.FAILED}:
        return
    _settle(build, Build.State.RUNNING)
    try:
        with suppress(Cancelled), Reporter(build) as progress:
            terms = Terms.from_told(build.terms)
            frozen = freeze_release(
                terms=terms, by=build.asked_by, progress=progress, request=build.public_id.hex, resume=True
            )
            _settle(build, Build.State.READY, release=frozen.release, reason="")
    except ReleaseRefused as refused:
        _settle(build, Build.State.FAILED, reason=str(refused))
    except PermissionDenied:
        _settle(build, Build.State.FAILED, reason="Who asked for it may no longer have releases of this study.")
    except Exception as error:
        broke = f"It broke on our side ({type(error).__name__}) and is tried again; the server's log says more."
        _settle(build, Build.State.FAILED, reason=broke)
        raise
    finally:
        build.refresh_from_db(fields=["state"])
        if build.state == Build.State.CANCELLED:
            discard(build.public_id.hex)


def _settle(build: Build, state: str, **fields: Any) -> None:
    """Write what became of the build, unless it was called off."""
    done_at = None if state == Build.State.RUNNING else now()
    still = Build.objects.filter(pk=build.pk).exclude(state=Build.State.CANCELLED)
    still.update(state=state, done_at=done_at, **fields)


class Reporter:
    """Writes how far a build is into its row; raises Cancelled where it was called off.

    The snapshot's own transaction can write nothing, so it is written on a connection of its own; inside a transaction
    that was open before, where another connection would wait for it, on that one.
    """

    def __init__(self, build: Build) -> None:
        self.build = build
        self.elsewhere = None if connection.in_atomic_block else ThreadPoolExecutor(1)
        self.stage = ""
        self.started = self.told = now()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.elsewhere:
            self.elsewhere.submit(connections.close_all).result()  # those of its thread
            self.elsewhere.shutdown()

    def __call__(self, stage: str, done: int, total: int) -> None:
        at = now()
        if stage != self.stage:
            self.stage, self.started = stage, at
        elif (at - self.told).total_seconds() < TELL_EVERY and done < total:
            return
        self.told = at
        running = self.elsewhere.submit(self._tell, done, total).result() if self.elsewhere else self._tell(done, total)
        if not running:
            raise Cancelled

    def _tell(self, done: int, total: int) -> int:
        running = Build.objects.filter(pk=self.build.pk, state=Build.State.RUNNING)
        return running.update(stage=self.stage, done=done, total=total, started_at=self.started, told_at=self.told)
