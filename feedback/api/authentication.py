"""Who asks: the owner of a token, or somebody signed in who looks with their browser."""

from django.conf import settings
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from feedback.people import actions as people
from feedback.people.models import Token, User


class Bearer(BaseAuthentication):
    """`Authorization: Bearer salon_…`; wrong tokens are counted as failed tries to sign in are."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer" or not secret.strip():
            raise exceptions.AuthenticationFailed("The header Authorization holds no bearer token.")
        try:
            token = people.read_token(secret=secret.strip())
        except people.TokenRefused as refused:
            _slow_down(request)
            raise exceptions.AuthenticationFailed(str(refused)) from None
        people.note_use(token=token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - REST framework's signature
        return 'Bearer realm="salon"'


class Browser(SessionAuthentication):
    """A session looks and never writes, so that no other site can have it write."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        user = getattr(request._request, "user", None)  # noqa: SLF001 - as REST framework's own class reads it
        return (user, None) if request.method in SAFE_METHODS and isinstance(user, User) else None


def _slow_down(request: Request) -> None:
    try:
        people.count_failed_try(address=request.META.get("REMOTE_ADDR", ""))
    except people.TooManyTries:
        _, window = settings.SIGN_IN_TRIES
        raise exceptions.Throttled(window.total_seconds(), "Too many wrong tokens from this address.") from None
