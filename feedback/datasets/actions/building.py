"""Asking for a release from the site, and building it in the background."""

import uuid

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from feedback.datasets.actions.freezing import freeze_release, may_release
from feedback.datasets.models import Build
from feedback.datasets.tasks import build_release
from feedback.datasets.terms import ReleaseRefused, Terms
from feedback.people.actions import record
from feedback.people.models import User


@transaction.atomic
def ask_for_release(*, terms: Terms, by: User) -> Build:
    """Have a release built in the background; who asks again for one that is under way gets the same request."""
    if not may_release(by, terms.study):
        raise PermissionDenied
    waiting = Build.objects.filter(**terms.fields(), state=Build.State.WAITING)
    under_way = waiting.filter(asked_at__gt=now() - settings.RELEASE_WAIT).first()
    if under_way:
        return under_way
    build = Build.objects.create(**terms.fields(), asked_by=by)
    record(by=by, action="ask for release", subject=terms.study, build=str(build), **terms.told())
    build_release.enqueue(str(build.public_id))
    return build


def run_build(*, build_id: uuid.UUID) -> None:
    """Build what was asked for; done already, it changes nothing."""
    build = Build.objects.select_related("study", "criterion", "asked_by").get(public_id=build_id)
    if build.state == Build.State.READY:
        return
    try:
        frozen = freeze_release(
            study=build.study,
            preset=build.preset,
            view=build.view,
            purpose=build.purpose,
            criterion=build.criterion,
            rationales=build.rationales,
            by=build.asked_by,
        )
    except ReleaseRefused as refused:
        _fail(build, str(refused))
    except PermissionDenied:
        _fail(build, "Who asked for it may no longer have releases of this study.")
    except Exception as error:
        _fail(build, f"It broke on our side ({type(error).__name__}) and is tried again; the server's log says more.")
        raise
    else:
        build.state, build.release, build.reason, build.done_at = Build.State.READY, frozen.release, "", now()
        build.save(update_fields=["state", "release", "reason", "done_at"])


def _fail(build: Build, reason: str) -> None:
    build.state, build.reason, build.done_at = Build.State.FAILED, reason, now()
    build.save(update_fields=["state", "reason", "done_at"])
