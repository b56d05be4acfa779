"""Who takes part: everybody with their roles, how far and how fast they are, and how they are asked in."""

import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from feedback.http import SignedIn, member
from feedback.intake.desk import actions
from feedback.intake.desk.places import open_places
from feedback.judging.models import Assignment, Submission
from feedback.people.models import Rater, User
from feedback.studies import access
from feedback.studies import actions as studies
from feedback.studies.actions import Invited, LastLead
from feedback.studies.forms import InviteForm, InviteManyForm
from feedback.studies.models import Membership, Study
from feedback.studies.stages import stage_of

UNPROCESSABLE = 422
DAY = timedelta(days=1)


@dataclass
class Person:
    """A member of the study: what they may do, and what they have judged."""

    user: User
    roles: list[str] = field(default_factory=list)
    rater: Rater | None = None
    done: int = 0
    today: int = 0
    last: datetime | None = None
    ahead: int | None = None

    @property
    def missing(self) -> list[str]:
        """Roles that may be added."""
        return [role for role in Membership.Role.values if role not in self.roles]

    @property
    def share(self) -> int:
        """In per cent, of what they have done and could still be handed."""
        whole = self.done + (self.ahead or 0)
        return int(100 * self.done / whole) if whole else 0

    @property
    def is_rater(self) -> bool:
        return access.RATER in self.roles


def people_of(study: Study) -> list[Person]:
    """Everybody with a part in the study, raters first, the busiest first."""
    people: dict[int, Person] = {}
    for row in Membership.objects.filter(study=study).select_related("user", "user__rater").order_by("role"):
        person = people.setdefault(row.user_id, Person(row.user, rater=getattr(row.user, "rater", None)))
        person.roles.append(row.role)
    pace = _pace(study)
    ahead = open_places(study)
    for person in people.values():
        if person.rater and person.rater.pk in pace:
            person.done, person.today, person.last = pace[person.rater.pk]
        if person.is_rater:
            known = pace.get(person.rater.pk, (0, 0, None))[0] if person.rater else 0
            person.ahead = max(0, ahead - known)
    return sorted(people.values(), key=lambda one: (not one.is_rater, -one.done, one.user.name.casefold()))


def _pace(study: Study) -> dict[int, tuple[int, int, datetime | None]]:
    """Of each rater: comparisons judged, those of the last day, and when the last was."""
    rows = (
        Assignment.objects.filter(study=study, latest__kind=Submission.Kind.ANSWER)
        .values_list("rater")
        .annotate(judged=Count("pk"), today=Count("pk", filter=Q(latest__at__gt=now() - DAY)), last=Max("latest__at"))
        .order_by()
    )
    return {rater: (done, today, last) for rater, done, today, last in rows}


@require_GET
@never_cache
@member("lead")
def people(request: SignedIn, study: Study) -> HttpResponseBase:
    """Everybody, and the forms that ask more of them in."""
    return page(request, study)


@require_POST
@member("lead")
def invite(request: SignedIn, study: Study) -> HttpResponseBase:
    """Ask one person in, and show the link, once."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return page(request, study, form=form, status=UNPROCESSABLE)
    link = studies.invite(study=study, by=request.user, **form.cleaned_data)
    told = form.cleaned_data
    return page(request, study, invited=[Invited(told["name"], told["role"], told["cohort"], link)])


@require_POST
@member("lead")
def invite_many(request: SignedIn, study: Study) -> HttpResponseBase:
    """Ask in as many as there are lines, or nobody if one of them is at fault."""
    form = InviteManyForm(request.POST)
    if not form.is_valid():
        return page(request, study, many=form, status=UNPROCESSABLE)
    invited = studies.invite_many(study=study, members=form.cleaned_data["lines"], by=request.user)
    return page(request, study, invited=invited)


@require_POST
@member("lead")
def person(request: SignedIn, study: Study, public_id: uuid.UUID) -> HttpResponseBase:
    """A fresh link, a role given or taken, another cohort."""
    user = User.objects.filter(public_id=public_id, memberships__study=study).distinct().first()
    if user is None:
        raise Http404
    role, act = request.POST.get("role", ""), request.POST.get("act", "")
    if act == "link":
        link = studies.renew_link(study=study, user=user, by=request.user)
        roles = ", ".join(sorted(user.memberships.filter(study=study).values_list("role", flat=True)))
        return page(request, study, invited=[Invited(user.name, roles, "", link)])
    acts: dict[str, Callable[[], Any]] = {
        "give": lambda: studies.add_member(study=study, user=user, role=role, by=request.user),
        "take": lambda: studies.remove_member(study=study, user=user, role=role, by=request.user),
        "cohort": lambda: actions.set_cohort(
            study=study, user=user, cohort=request.POST.get("cohort", "")[:100], by=request.user
        ),
    }
    if act not in acts or (act in {"give", "take"} and role not in Membership.Role.values):
        raise Http404
    try:
        acts[act]()
    except LastLead as last:
        return page(request, study, trouble=str(last), status=UNPROCESSABLE)
    return redirect("desk_people", study.slug) if access.can_lead(request.user, study) else redirect("studies")


def page(request: SignedIn, study: Study, *, status: int = 200, **more: Any) -> HttpResponse:
    everybody = people_of(study)
    cohorts: dict[str, int] = defaultdict(int)
    for one in everybody:
        if one.rater and one.rater.cohort and one.is_rater:
            cohorts[one.rater.cohort] += 1
    context = {
        "study": study,
        "stage": stage_of(study),
        "people": everybody,
        "cohorts": dict(cohorts),
        "form": InviteForm(),
        "many": InviteManyForm(),
        "roles": Membership.Role.choices,
    }
    return render(request, "studies/people.html", context | more, status=status)
