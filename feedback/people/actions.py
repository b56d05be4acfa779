"""Inviting, signing in, agreeing: every write about people."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.timezone import now

from feedback.people.models import AuditEntry, Consent, ConsentText, Rater, SignInAttempt, SignInLink, User

SIGNER = signing.Signer(salt="salon.sign-in")


class LinkRefused(Exception):
    """A sign-in link that is unknown, spent or out of date; the message says which."""


class TooManyTries(Exception):
    """Too many failed tries from one address."""


def record(*, by: User | None, action: str, subject: object, **detail: Any) -> AuditEntry:
    """Write an audit row; call it inside the transaction of the change it tells of."""
    return AuditEntry.objects.create(
        by=by, action=action, subject=f"{type(subject).__name__} {subject}"[:200], detail=detail
    )


@transaction.atomic
def create_user(*, name: str, by: User | None = None) -> User:
    """Add somebody who can then be sent a sign-in link."""
    name = " ".join(name.split())
    if not name:
        raise ValueError("A person needs a name.")
    user = User(name=name)
    user.set_unusable_password()
    user.save()
    record(by=by, action="create user", subject=user)
    return user


@transaction.atomic
def rater_of(*, user: User) -> Rater:
    """The user's rater, made at first need."""
    rater, _ = Rater.objects.get_or_create(user=user, defaults={"kind": Rater.Kind.PERSON})
    return rater


@transaction.atomic
def simulated_rater(*, origin: str, label: str) -> Rater:
    """The simulated rater of that label, made at first need and marked as simulated for ever."""
    rater, _ = Rater.objects.get_or_create(origin=origin, label=label, defaults={"kind": Rater.Kind.SIMULATED})
    return rater


@transaction.atomic
def make_sign_in_link(*, user: User, goes_to: str = "", by: User | None = None, life: timedelta | None = None) -> str:
    """A fresh one-time link for the user, as an absolute URL."""
    link = SignInLink.objects.create(
        user=user, goes_to=goes_to, expires_at=now() + (life or settings.SIGN_IN_LINK_LIFE)
    )
    record(by=by, action="make sign-in link", subject=user)
    return f"{settings.BASE_URL}/sign-in/{SIGNER.sign(link.public_id.hex)}/"


def read_link(*, token: str, for_update: bool = False) -> SignInLink:
    """The usable link that the token signs; raises LinkRefused with the reason."""
    try:
        public_id = uuid.UUID(hex=SIGNER.unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise LinkRefused("This link is not one of ours, or it was cut off on its way.") from error
    links = SignInLink.objects.select_related("user")
    link = (links.select_for_update(of=("self",)) if for_update else links).filter(public_id=public_id).first()
    if link is None or not link.user.is_active:
        raise LinkRefused("This link is no longer known here.")
    if link.spent_at:
        raise LinkRefused("This link was used already; each works once.")
    if link.expires_at < now():
        raise LinkRefused("This link is out of date.")
    return link


@transaction.atomic
def spend_link(*, token: str) -> SignInLink:
    """Use the link up and return it; a second try raises LinkRefused."""
    link = read_link(token=token, for_update=True)
    link.spent_at = now()
    link.save(update_fields=["spent_at"])
    record(by=link.user, action="sign in", subject=link.user)
    return link


@transaction.atomic
def count_failed_try(*, address: str) -> None:
    """Note a failed try; raises TooManyTries once the address has used its allowance."""
    allowed, window = settings.SIGN_IN_TRIES
    SignInAttempt.objects.filter(at__lt=now() - window).delete()
    if SignInAttempt.objects.filter(address=address).count() >= allowed:
        raise TooManyTries
    SignInAttempt.objects.create(address=address)


def consent_wanted(*, rater: Rater) -> ConsentText | None:
    """The newest consent text if the rater has not agreed to it yet."""
    newest = ConsentText.objects.order_by("-version").first()
    if newest is None or Consent.objects.filter(rater=rater, text=newest).exists():
        return None
    return newest


@transaction.atomic
def agree(*, rater: Rater, text: ConsentText) -> Consent:
    """Record the rater's agreement to this version of the text."""
    consent, made = Consent.objects.get_or_create(rater=rater, text=text)
    if made:
        record(by=rater.user, action="agree to consent text", subject=text)
    return consent


@transaction.atomic
def set_letter_keys(*, user: User, on: bool) -> None:
    """Turn the single-letter shortcuts of the bench on or off for this user."""
    user.letter_keys = on
    user.save(update_fields=["letter_keys"])
