"""Opening, closing, inviting: every write about studies."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from feedback.people.actions import create_user, make_sign_in_link, record
from feedback.people.models import User
from feedback.studies.access import can_lead
from feedback.studies.models import Membership, Study


@transaction.atomic
def open_study(*, study: Study, by: User | None) -> Study:
    """Hand out its comparisons, for the first time or again; `by` None is the command line."""
    _must_lead(by, study)
    study.opened_at = study.opened_at or now()
    study.closed_at = None
    study.save(update_fields=["opened_at", "closed_at"])
    record(by=by, action="open study", subject=study)
    return study


@transaction.atomic
def close_study(*, study: Study, by: User | None) -> Study:
    """Stop handing out comparisons; judgements already given stay."""
    _must_lead(by, study)
    study.opened_at = study.opened_at or now()
    study.closed_at = now()
    study.save(update_fields=["opened_at", "closed_at"])
    record(by=by, action="close study", subject=study)
    return study


@transaction.atomic
def add_member(*, study: Study, user: User, role: str, by: User | None) -> Membership:
    """Give the user a role in the study."""
    _must_lead(by, study)
    if role not in Membership.Role.values:
        raise ValueError(f"No such role: {role}. Roles are {', '.join(Membership.Role.values)}.")
    membership, made = Membership.objects.get_or_create(study=study, user=user, role=role)
    if made:
        record(by=by, action="add member", subject=study, user=user.pk, role=role)
    return membership


@transaction.atomic
def invite(*, study: Study, name: str, role: str, by: User | None) -> str:
    """Add a person to the study and return the link that signs them in, once."""
    _must_lead(by, study)
    user = create_user(name=name, by=by)
    add_member(study=study, user=user, role=role, by=by)
    return make_sign_in_link(user=user, goes_to=f"/studies/{study.slug}/", by=by)


def _must_lead(by: User | None, study: Study) -> None:
    if by is not None and not can_lead(by, study):
        raise PermissionDenied
