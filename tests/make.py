"""Fixtures as functions: they call actions, so that they reach only states a user can reach."""

import hashlib
import itertools
import uuid
from typing import Any

from feedback.intake.actions import store_study
from feedback.intake.reading.plans import CriterionPlan, JudgementPlan, PromptPlan, StudyPlan, WorkPlan
from feedback.judging.actions import Answer, Answers, hand_out, submit
from feedback.judging.models import Assignment, Submission
from feedback.people import actions as people
from feedback.people.models import Rater, User
from feedback.studies.actions import add_member
from feedback.studies.models import Study
from feedback.works.models import PURPOSES

counter = itertools.count(1)
CRITERIA = ("lighting", "narrative-arc", "emotional-resonance")


def user(name: str = "Somebody") -> User:
    return people.create_user(name=name)


def criterion(slug: str) -> CriterionPlan:
    return CriterionPlan(slug=slug, name=slug.replace("-", " ").capitalize(), definition=f"How good is the {slug}?")


def work(external_id: str, prompt: str = "p1", **fields: Any) -> WorkPlan:
    """A text work, cleared for everything unless told otherwise."""
    given = {
        "generator": "maker-" + external_id.rsplit("-", 1)[-1],
        "medium": "text",
        "text": f"The text of {external_id}.",
        "licence": "CC0-1.0",
        "consent": "given",
        "purposes": frozenset(PURPOSES),
    } | fields
    return WorkPlan(id=external_id, prompt=prompt, **given)


def plan(
    *,
    slug: str = "",
    prompts: int = 1,
    works: int = 3,
    criteria: tuple[str, ...] = CRITERIA,
    each: list[WorkPlan] | None = None,
    judgements: tuple[JudgementPlan, ...] = (),
    **fields: Any,
) -> StudyPlan:
    """A study of `prompts` prompts with `works` text works each, by the generators maker-1, maker-2, …"""
    slug = slug or f"study-{next(counter)}"
    named = [f"p{number}" for number in range(1, prompts + 1)]
    given = {
        "title": slug.capitalize(),
        "brief": "",
        "collection": slug,
        "form": "pair",
        "set_size": 2,
        "scale": "choice",
        "overlap": 2,
        "rationale": "optional",
        "warnings": (),
    } | fields
    return StudyPlan(
        slug=slug,
        criteria=tuple(criterion(one) for one in criteria),
        prompts=tuple(PromptPlan(id=name, text=f"The prompt {name}.") for name in named),
        works=tuple(each or [work(f"{name}-{number}", name) for name in named for number in range(1, works + 1)]),
        judgements=judgements,
        digest=hashlib.sha256(repr((slug, prompts, works, given)).encode()).hexdigest(),
        **given,
    )


def study(*, lead: User | None = None, rater: User | None = None, **fields: Any) -> Study:
    """An open study, imported from a plan; see `plan` for the fields."""
    made = store_study(plan=plan(**fields)).study
    if lead:
        add_member(study=made, user=lead, role="lead", by=None)
    if rater:
        make_rater(made, rater)
    return made


def make_rater(in_study: Study, person: User) -> Rater:
    """The person rates in the study and has agreed to the consent text."""
    add_member(study=in_study, user=person, role="rater", by=None)
    rater = people.rater_of(user=person)
    wanted = people.consent_wanted(rater=rater)
    if wanted:
        people.agree(rater=rater, text=wanted)
    return rater


def assignment(in_study: Study, person: User) -> Assignment:
    """The next comparison, in the person's hands."""
    given = hand_out(study=in_study, rater=people.rater_of(user=person))
    assert given is not None, "The study has nothing left to hand out."
    return given


def answers(of: Assignment, *, ranks: list[int] | None = None, **fields: Any) -> Answers:
    """The same answer on every criterion: entry 0 first unless told otherwise."""
    told = ranks or list(range(1, of.comparison.size + 1))
    return Answers(each=[Answer(criterion=one, ranks=told) for one in of.study.criteria.all()], **fields)


def judgement(in_study: Study, person: User, **fields: Any) -> Submission:
    """The person judges the next comparison."""
    given = assignment(in_study, person)
    return submit(assignment=given, key=uuid.uuid4(), replaces=0, answers=answers(given, **fields))
