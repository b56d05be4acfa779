"""Inviting, signing in, agreeing: every write about people."""

import hashlib
import secrets
import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now

from feedback.people.models import (
    SCOPES,
    AuditEntry,
    Consent,
    ConsentText,
    Rater,
    SignInAttempt,
    SignInLink,
    Token,
    User,
)

SIGNER = signing.Signer(salt="salon.sign-in")
PREFIX_LENGTH = len("salon_") + 8  # of a token's secret: the part that may be seen


class LinkRefused(Exception):
    """A sign-in link that is unknown, spent or out of date; the message says which."""


class NotAgreed(Exception):
    """The rater has agreed to no consent text yet."""


class TokenRefused(Exception):
    """A token that is unknown, revoked or out of date; the message says which."""


class TooManyTries(Exception):
    """Too many failed tries from one address."""


def record(*, by: User | None, action: str, subject: object, **detail: Any) -> AuditEntry:
    """Write an audit row; call it inside the transaction of the change it tells of."""
    kind = type(subject).__name__
    study = getattr(subject, "slug", "") if kind == "Study" else ""
    return AuditEntry.objects.create(
        by=by, action=action, subject=f"{kind} {subject}"[:200], study=study, detail=detail
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
def set_cohort(*, rater: Rater, cohort: str, by: User | None) -> None:
    """Let the rater judge with this group, or with none."""
    if rater.cohort != cohort:
        record(by=by, action="set cohort", subject=rater, rater=rater.pk, before=rater.cohort, cohort=cohort)
        rater.cohort = cohort
        rater.save(update_fields=["cohort"])


@transaction.atomic
def let_make_studies(*, user: User, by: User | None = None) -> None:
    """Let the person create studies; `by` None is the command line."""
    user.makes_studies = True
    user.save(update_fields=["makes_studies"])
    record(by=by, action="let make studies", subject=user)


@transaction.atomic
def end_links(*, user: User, by: User | None) -> None:
    """Let no link that was made for the user before open any more."""
    if SignInLink.objects.filter(user=user, spent_at=None, expires_at__gt=now()).update(expires_at=now()):
        record(by=by, action="end sign-in links", subject=user)


@transaction.atomic
def simulated_rater(*, origin: str, label: str) -> Rater:
    """The simulated rater of that label, made at first need and marked as simulated for ever."""
    rater, _ = Rater.objects.get_or_create(origin=origin, label=label, defaults={"kind": Rater.Kind.SIMULATED})
    return rater


@transaction.atomic
def machine_rater(*, origin: str, label: str) -> Rater:
    """The rater of that label from that place, made at first need as a machine; who is there already stays what it is."""
    rater, _ = Rater.objects.get_or_create(
        origin=origin, label=label, defaults={"kind": Rater.Kind.MACHINE, "agreed_elsewhere": True}
    )
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
def agree(*, rater: Rater, text: ConsentText, words: bool = False) -> Consent:
    """Record the rater's agreement to this version of the text, and whether their own sentences may leave."""
    consent, made = Consent.objects.get_or_create(rater=rater, text=text, defaults={"words": words})
    if made:
        record(by=rater.user, action="agree to consent text", subject=text, words=words)
        if not words:
            rater.consents.filter(words=True).update(words=False, words_until=now())
    return consent


def shares_words(*, rater: Rater) -> bool:
    """Whether the rater's own sentences may leave with releases, by what they last chose."""
    return Rater.objects.sharing_words().filter(pk=rater.pk).exists()


@transaction.atomic
def set_words(*, rater: Rater, on: bool) -> None:
    """Let the rater's own sentences leave with later releases, or keep them here; who has agreed to nothing cannot."""
    newest = Consent.objects.select_for_update().filter(rater=rater).order_by("-text__version").first()
    if newest is None:
        raise NotAgreed
    if newest.words == on:
        return
    newest.words, newest.words_until = on, None if on else now()
    newest.save(update_fields=["words", "words_until"])
    record(by=rater.user, action="share own words" if on else "keep own words", subject=newest.text)


@transaction.atomic
def set_letter_keys(*, user: User, on: bool) -> None:
    """Turn the single-letter shortcuts of the bench on or off for this user."""
    user.letter_keys = on
    user.save(update_fields=["letter_keys"])


@transaction.atomic
def set_keys(*, user: User, keymap: dict[str, str], break_after: int) -> None:
    """Keep the letters that the user has moved, and after how many minutes a break is suggested."""
    user.keymap = keymap
    user.break_after = break_after
    user.save(update_fields=["keymap", "break_after"])


@transaction.atomic
def make_token(*, user: User, name: str, scopes: Collection[str], life: timedelta) -> tuple[Token, str]:
    """A new token of the user's with its secret, which nobody can read again; raises ValueError with the reason."""
    name = " ".join(name.split())
    if not name:
        raise ValueError("A token needs a name that says what it is for.")
    unknown = set(scopes) - set(SCOPES)
    if unknown or not scopes:
        raise ValueError(f"A token may {', '.join(SCOPES)}: choose at least one of them.")
    if not timedelta(0) < life <= settings.TOKEN_LIFE:
        raise ValueError(f"A token lives at most {settings.TOKEN_LIFE.days} days.")
    made_at = now()
    prefix = "salon_" + secrets.token_hex(4)
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        user=user,
        name=name,
        prefix=prefix,
        sha256=hashlib.sha256(secret.encode()).hexdigest(),
        created_at=made_at,
        expires_at=made_at + life,
        **{f"may_{scope}": True for scope in scopes},
    )
    record(by=user, action="make token", subject=token, name=name, scopes=token.scopes, days=life.days)
    return token, secret


def read_token(*, secret: str) -> Token:
    """The live token of that secret; raises TokenRefused with the reason."""
    token = Token.objects.select_related("user").filter(prefix=secret[:PREFIX_LENGTH]).first()
    hashed = hashlib.sha256(secret.encode()).hexdigest()
    known = constant_time_compare(hashed, token.sha256 if token else "0" * len(hashed))
    if token is None or not known or not token.user.is_active:
        raise TokenRefused("This token is not one of ours, or it was cut off on its way.")
    if token.state != "live":
        ended = token.revoked_at or token.expires_at
        raise TokenRefused(f"This token was {token.state} on {ended:%d %B %Y}: make a new one.")
    return token


@transaction.atomic
def revoke_token(*, token: Token, by: User) -> None:
    """End the token at once; ended already, nothing changes."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now()):
        record(by=by, action="revoke token", subject=token, name=token.name)


def note_use(*, token: Token) -> None:
    """Keep when the token was used, with at most one write a minute."""
    at = now()
    if token.used_at is None or at - token.used_at > timedelta(minutes=1):
        Token.objects.filter(pk=token.pk).update(used_at=at)
