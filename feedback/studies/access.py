"""Who may do what in a study."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef

from feedback.people.models import User
from feedback.studies.models import Membership, Study

RATER, LEAD, ENGINEER = Membership.Role.RATER, Membership.Role.LEAD, Membership.Role.ENGINEER


def study_of_member(user: User, slug: str, *roles: str) -> Study | None:
    """The study of that slug if the user is a member of it with one of these roles."""
    memberships = Membership.objects.filter(study=OuterRef("pk"), user=user, role__in=roles)
    return Study.objects.filter(Exists(memberships), slug=slug).first()


def roles_of(user: User, study: Study) -> set[str]:
    return set(Membership.objects.filter(user=user, study=study).values_list("role", flat=True))


def can_lead(user: User, study: Study) -> bool:
    return Membership.objects.filter(user=user, study=study, role=LEAD).exists()


def must_lead(user: User | None, study: Study) -> None:
    """Raise PermissionDenied unless the user leads the study; None is the command line, which may."""
    if user is not None and not can_lead(user, study):
        raise PermissionDenied


def can_make_studies(user: User) -> bool:
    """Whoever leads a study may make others; the operator lets the first lead in."""
    return user.makes_studies or Membership.objects.filter(user=user, role=LEAD).exists()


def sees_names(user: User, study: Study) -> bool:
    """Whether generators may be named to this user: never to somebody who rates while the study is open."""
    return not (study.is_open and Membership.objects.filter(user=user, study=study, role=RATER).exists())
