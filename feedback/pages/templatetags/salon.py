"""What templates share."""

from django import template

register = template.Library()


@register.filter
def signed(value: float) -> str:
    """A number with its sign, a true minus, and two digits."""
    return f"{value:+.2f}".replace("-", "−")
