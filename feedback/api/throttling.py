"""How much a person may ask for: counted in the database, the same for all their tokens and all our processes."""

from math import ceil
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from feedback.api.actions import Spent, spend
from feedback.people.models import User


class Allowances(BaseThrottle):
    """One request of the kind that the view names."""

    spent: Spent

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, User):
            return True  # turned away already
        kind = view.spends.get(request.method, "reading" if request.method in {"GET", "HEAD"} else "writing")
        most, window = settings.API_ALLOWANCES[kind]
        self.spent = view.spent = spend(user=request.user, kind=kind, most=most, window=window)
        return self.spent.allowed

    def wait(self) -> float:
        return ceil(self.spent.resets_in)


def headers(spent: Spent | None) -> dict[str, str]:
    """What is left, as the usual headers tell it; the reset in seconds from now."""
    if spent is None:
        return {}
    return {
        "X-RateLimit-Limit": str(spent.most),
        "X-RateLimit-Remaining": str(max(0, spent.most - spent.used)),
        "X-RateLimit-Reset": str(ceil(spent.resets_in)),
    }
