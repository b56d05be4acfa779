"""What a rater does beside answering: saving a draft, flagging a comparison, checking the device."""

from typing import Any

from django.db import transaction
from django.utils.timezone import now

from feedback.judging.models import Assignment, Draft, Flag, Submission
from feedback.judging.wire import Unreadable, read_json
from feedback.people.models import DeviceCheck, Rater

LONGEST_DRAFT = 500_000  # characters
LONGEST_NOTE = 2_000
LONGEST_CHECK = 20_000


class NotKept(ValueError):
    """It cannot be kept; the message says why."""


@transaction.atomic
def save_draft(*, assignment: Assignment, said: str) -> bool:
    """Keep the form's values, a JSON object, for another device to go on with; False once there is an answer."""
    values = _object(said, LONGEST_DRAFT, "The draft")
    current = Assignment.objects.select_related("latest").select_for_update(of=("self",)).get(pk=assignment.pk)
    if current.latest and current.latest.kind == Submission.Kind.ANSWER:
        return False
    Draft.objects.update_or_create(assignment=current, defaults={"said": values, "saved_at": now()})
    return True


def draft_of(assignment: Assignment) -> dict[str, Any] | None:
    """What the rater had entered when the draft was last saved."""
    said: dict[str, Any] | None = Draft.objects.filter(assignment=assignment).values_list("said", flat=True).first()
    return said


@transaction.atomic
def flag(*, assignment: Assignment, reason: str, note: str = "") -> Flag:
    """Tell the lead about a comparison. The same reason again is the same flag, with the newest words."""
    if reason not in Flag.Reason.values:
        raise NotKept(f"There is no such reason. There is: {', '.join(Flag.Reason.values)}.")
    note = note.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE or "\0" in note:
        raise NotKept(f"The note is longer than {LONGEST_NOTE:,} characters or holds one that cannot be stored.")
    raised, made = Flag.objects.get_or_create(assignment=assignment, reason=reason, defaults={"note": note})
    if not made and note and raised.note != note:
        raised.note = note
        raised.save(update_fields=["note"])
    return raised


@transaction.atomic
def record_device(*, rater: Rater, found: str) -> DeviceCheck:
    """Keep what was found of the rater's screen and sound, a JSON object; the same again is the same check."""
    values = _object(found, LONGEST_CHECK, "The device check")
    newest = DeviceCheck.objects.filter(rater=rater).order_by("-pk").first()
    if newest and newest.found == values:
        return newest
    return DeviceCheck.objects.create(rater=rater, found=values)


def _object(text: str, most: int, what: str) -> dict[str, Any]:
    if len(text) > most:
        raise NotKept(f"{what} has {len(text):,} characters, expected at most {most:,}.")
    try:
        values = read_json(text)
    except Unreadable as why:
        raise NotKept(f"{what} could not be read: {why}.") from None
    if not isinstance(values, dict):
        raise NotKept(f"{what} is no object of names and values.")
    return values
