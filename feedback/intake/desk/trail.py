"""What was done to a study, by whom and when, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback.people.models import AuditEntry, User
from feedback.studies.forms import SettingsForm
from feedback.studies.models import Study

LISTED = 200
MOST = 60  # characters of a value


@dataclass(frozen=True)
class Line:
    """One entry of the trail."""

    entry: AuditEntry
    says: str


def trail_of(study: Study) -> list[Line]:
    """The newest entries first."""
    entries = list(AuditEntry.objects.filter(study=study.slug).select_related("by").order_by("-at", "-pk")[:LISTED])
    named = User.objects.in_bulk({entry.detail["user"] for entry in entries if "user" in entry.detail})
    names = {pk: user.name for pk, user in named.items()}
    return [Line(entry, ", ".join(_told(entry.detail, names))) for entry in entries]


def _told(detail: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    """The particulars that a lead can read."""
    told = []
    if "user" in detail:
        told.append(f"{names.get(detail['user'], 'somebody')} as {detail.get('role', 'member')}")
    if "criterion" in detail:
        told.append(f"{detail['criterion']}, version {detail.get('version', 1)}")
    if "order" in detail:
        told.append(" · ".join(detail["order"]))
    if "comparisons" in detail:
        told.append(f"{detail['comparisons']:,} comparisons")
    told += [
        f"{SettingsForm.LABELS.get(name, name.replace('_', ' ').capitalize())}: {_value(before)} → {_value(after)}"
        for name, (before, after) in detail.get("changed", {}).items()
    ]
    if "reason" in detail:
        told.append(str(detail["reason"]))
    return told


def _value(value: Any) -> str:
    return "nothing" if value in (None, "", [], {}) else str(value)[:MOST]
