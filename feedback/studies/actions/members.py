"""Who has which part in a study."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from feedback.people import actions as people
from feedback.people.actions import create_user, make_sign_in_link, record
from feedback.people.models import User
from feedback.studies.access import LEAD, RATER, must_lead
from feedback.studies.models import Membership, Study


class LastLead(ValueError):
    """Somebody has to lead."""


@dataclass(frozen=True)
class NewMember:
    """Somebody to be invited; a cohort is for raters."""

    name: str
    role: str
    cohort: str = ""


@dataclass(frozen=True)
class Invited:
    """Somebody who was invited, with the link that is shown once."""

    name: str
    role: str
    cohort: str
    link: str


@transaction.atomic
def add_member(*, study: Study, user: User, role: str, by: User | None) -> Membership:
    """Give the user a role in the study."""
    must_lead(by, study)
    if role not in Membership.Role.values:
        raise ValueError(f"No such role: {role}. Roles are {', '.join(Membership.Role.values)}.")
    membership, made = Membership.objects.get_or_create(study=study, user=user, role=role)
    if made:
        record(by=by, action="add member", subject=study, user=user.pk, role=role)
    return membership


@transaction.atomic
def remove_member(*, study: Study, user: User, role: str, by: User | None) -> None:
    """Take the role away; what the person has judged stays. Raises LastLead where nobody would lead."""
    must_lead(by, study)
    leads = Membership.objects.select_for_update().filter(study=study, role=LEAD)
    if role == LEAD and not any(lead.user_id != user.pk for lead in leads):
        raise LastLead("Somebody has to lead the study: give another person the role first.")
    gone, _ = Membership.objects.filter(study=study, user=user, role=role).delete()
    if gone:
        record(by=by, action="remove member", subject=study, user=user.pk, role=role)


@transaction.atomic
def invite(*, study: Study, name: str, role: str, by: User | None, cohort: str = "") -> str:
    """Add a person to the study and return the link that signs them in, once."""
    must_lead(by, study)
    user = create_user(name=name, by=by)
    add_member(study=study, user=user, role=role, by=by)
    if cohort and role == RATER:
        people.set_cohort(rater=people.rater_of(user=user), cohort=cohort, by=by)
    return make_sign_in_link(user=user, goes_to=_door(study), by=by)


@transaction.atomic
def invite_many(*, study: Study, members: Sequence[NewMember], by: User | None) -> list[Invited]:
    """Invite all of them or, if anything is wrong with one, none."""
    return [
        Invited(
            one.name,
            one.role,
            one.cohort,
            invite(study=study, name=one.name, role=one.role, cohort=one.cohort, by=by),
        )
        for one in members
    ]


@transaction.atomic
def renew_link(*, study: Study, user: User, by: User | None) -> str:
    """A fresh link for a member of the study, in place of those that were not used."""
    must_lead(by, study)
    if not Membership.objects.filter(study=study, user=user).exists():
        raise ValueError("A link is for members of the study.")
    people.end_links(user=user, by=by)
    return make_sign_in_link(user=user, goes_to=_door(study), by=by)


@transaction.atomic
def welcome_lead(*, name: str) -> str:
    """Somebody who may create studies, though they lead none yet; the link that signs them in, once."""
    user = create_user(name=name)
    people.let_make_studies(user=user)
    return make_sign_in_link(user=user, goes_to="/studies/")


def _door(study: Study) -> str:
    return f"/studies/{study.slug}/"
