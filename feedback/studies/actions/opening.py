"""A study from one stage of its life to the next."""

from django.db import transaction
from django.utils.timezone import now

from feedback.people.actions import record
from feedback.people.models import User
from feedback.studies.access import must_lead
from feedback.studies.models import Study
from feedback.studies.stages import must_allow


@transaction.atomic
def open_study(*, study: Study, by: User | None) -> Study:
    """Hand out its comparisons, for the first time or again; `by` None is the command line."""
    must_lead(by, study)
    study.opened_at = study.opened_at or now()
    study.closed_at = study.paused_at = study.archived_at = None
    study.save(update_fields=["opened_at", "closed_at", "paused_at", "archived_at"])
    record(by=by, action="open study", subject=study)
    return study


@transaction.atomic
def close_study(*, study: Study, by: User | None) -> Study:
    """Stop handing out comparisons; judgements already given stay."""
    must_lead(by, study)
    study.opened_at = study.opened_at or now()
    study.closed_at, study.paused_at = now(), None
    study.save(update_fields=["opened_at", "closed_at", "paused_at"])
    record(by=by, action="close study", subject=study)
    return study


@transaction.atomic
def pause_study(*, study: Study, by: User | None) -> Study:
    """Hand out nothing for a while; the study stays open, and names stay hidden."""
    must_lead(by, study)
    must_allow(study, "pause")
    study.paused_at = now()
    study.save(update_fields=["paused_at"])
    record(by=by, action="pause study", subject=study)
    return study


@transaction.atomic
def resume_study(*, study: Study, by: User | None) -> Study:
    """Hand out comparisons again."""
    must_lead(by, study)
    must_allow(study, "resume")
    study.paused_at = None
    study.save(update_fields=["paused_at"])
    record(by=by, action="resume study", subject=study)
    return study


@transaction.atomic
def archive_study(*, study: Study, by: User | None) -> Study:
    """Keep a draft or a closed study out of the lists; nothing of it is deleted."""
    must_lead(by, study)
    must_allow(study, "archive")
    study.archived_at = now()
    study.save(update_fields=["archived_at"])
    record(by=by, action="archive study", subject=study)
    return study


@transaction.atomic
def unarchive_study(*, study: Study, by: User | None) -> Study:
    """Put it back into the lists, as it was."""
    must_lead(by, study)
    must_allow(study, "unarchive")
    study.archived_at = None
    study.save(update_fields=["archived_at"])
    record(by=by, action="bring back study", subject=study)
    return study
