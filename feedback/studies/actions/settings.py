"""What a study asks for."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from feedback.people.actions import record
from feedback.people.models import User
from feedback.studies.access import must_lead
from feedback.studies.models import Study


@transaction.atomic
def change_settings(*, study: Study, settings: Mapping[str, Any], by: User | None) -> list[str]:
    """Set these fields; the names of those that changed, which are told in the audit trail with what they were."""
    must_lead(by, study)
    before = {name: getattr(study, name) for name in settings}
    changed = {name: value for name, value in settings.items() if value != before[name]}
    if changed:
        for name, value in changed.items():
            setattr(study, name, value)
        study.save(update_fields=list(changed))
        told = {name: [_short(before[name]), _short(value)] for name, value in changed.items()}
        record(by=by, action="change settings", subject=study, changed=told)
    return list(changed)


def _short(value: Any) -> Any:
    """Long texts are told by their beginning."""
    return value[:80] if isinstance(value, str) else value
