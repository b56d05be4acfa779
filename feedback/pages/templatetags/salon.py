"""What templates share."""

from datetime import datetime, timedelta

from django import template
from django.utils.timesince import timesince
from django.utils.timezone import now

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
