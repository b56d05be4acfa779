"""What templates share."""

import json
from datetime import datetime, timedelta

from django import template
from django.utils.timesince import timesince
from django.utils.timezone import now

from feedback.studies.models import Study
from feedback.studies.stages import stage_of

register = template.Library()


@register.filter
def signed(value: float) -> str:
    """A number with its sign, a true minus, and two digits."""
    return f"{value:+.2f}".replace("-", "−")


@register.filter
def ago(moment: datetime) -> str:
    """How long ago it was, in the largest unit that says it."""
    if now() - moment < timedelta(minutes=1):
        return "just now"
    return f"{timesince(moment, depth=1)} ago"


@register.filter
def thousands(number: int) -> str:
    """A whole number with its thousands set apart."""
    return f"{number:,}"


@register.filter
def span(length: timedelta) -> str:
    """How long something takes, in the unit that says it."""
    seconds = length.total_seconds()
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


@register.filter
def stage(study: Study) -> str:
    """Where the study is in its life; a paused one is not called open."""
    return stage_of(study)


@register.filter
def as_json(value: object) -> str:
    """The value as JSON, for an attribute that a script reads."""
    return json.dumps(value, separators=(",", ":"))
