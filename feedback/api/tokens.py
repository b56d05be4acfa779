"""The page on which somebody makes and ends their own tokens."""

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from feedback.api.permissions import takes_part
from feedback.http import SignedIn, signed_in
from feedback.people import actions as people
from feedback.people.models import Token

SCOPES = {
    "read": "Read: studies, prompts, works, fits, and what releases there are",
    "write": "Write: add prompts and works to studies that I lead",
    "export": "Export: judgements, and releases with their files",
}
LIVES = {7: "a week", 30: "a month", 90: "three months", 365: "a year"}


class TokenForm(forms.Form):
    """What the token is for, what it may, and how long it lives."""

    name = forms.CharField(label="What it is for", max_length=100)
    scopes = forms.MultipleChoiceField(
        label="What it may do", choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple, initial=["read"]
    )
    days = forms.TypedChoiceField(label="It lives", choices=list(LIVES.items()), coerce=int, initial=30)


@require_GET
@never_cache
@signed_in
def tokens(request: SignedIn) -> HttpResponseBase:
    """The person's tokens: what each may do, until when, and when it was last used."""
    return _page(request, TokenForm())


@require_POST
@never_cache
@signed_in
def make_token(request: SignedIn) -> HttpResponseBase:
    """Make a token; its secret is on this page and nowhere afterwards."""
    _must_take_part(request)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    said = form.cleaned_data
    _, secret = people.make_token(
        user=request.user, name=said["name"], scopes=said["scopes"], life=timedelta(days=said["days"])
    )
    return _page(request, TokenForm(), secret=secret)


@require_POST
@signed_in
def revoke_token(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """End a token of one's own at once."""
    token = get_object_or_404(Token, user=request.user, public_id=public_id)
    people.revoke_token(token=token, by=request.user)
    return redirect("tokens")


def _page(request: SignedIn, form: TokenForm, *, status: int = 200, **more: Any) -> HttpResponseBase:
    _must_take_part(request)
    mine = Token.objects.filter(user=request.user).order_by("-pk")
    return render(request, "api/tokens.html", {"form": form, "tokens": mine, **more}, status=status)


def _must_take_part(request: SignedIn) -> None:
    if not takes_part(request.user):
        raise Http404
