"""The rater's own settings: which letter does what, when to rest, and what the screen and the headphones are like."""

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from feedback.http import SignedIn, signed_in
from feedback.judging.actions import NotKept, record_device
from feedback.judging.own import shares_of, words_of
from feedback.people import actions as people
from feedback.people.models import DeviceCheck

UNPROCESSABLE = 422
ACTS = {
    "m": "Mark a place",
    "n": "Another kind of mark",
    "r": "To the reason",
    "x": "All fail",
    "g": "All excel",
    "u": "Undo",
    "f": "Flag to the lead",
    "?": "Help",
}
VIEWERS = "zwvlsabcpkjht"  # letters with a meaning of their own in some medium
LONGEST_BREAK = 240  # minutes
EARS = ((-1, "left"), (1, "right"))
SAYS = {
    "keys": "Your keys are kept.",
    "device": "The check is kept.",
    "words": "Your choice is kept.",
    "withdrawn": "Your judgements in that study are withdrawn.",
    "restored": "Your judgements in that study count again.",
}


@dataclass(frozen=True)
class Act:
    """Something a letter does on the bench."""

    letter: str
    name: str
    key: str
    fault: str = ""


@require_GET
@never_cache
@signed_in
def desk(request: SignedIn) -> HttpResponseBase:
    """The page of all settings."""
    acts = [Act(letter, name, request.user.keymap.get(letter, letter)) for letter, name in ACTS.items()]
    return _page(request, acts, says=SAYS)


@require_POST
@signed_in
def keys(request: SignedIn) -> HttpResponseBase:
    """Keep the rater's own letters, each with one meaning."""
    chosen = {letter: request.POST.get(letter, "").strip() or letter for letter in ACTS}
    acts = [Act(letter, name, chosen[letter], _fault(letter, chosen)) for letter, name in ACTS.items()]
    minutes = request.POST.get("break_after", "")
    if any(act.fault for act in acts):
        response = _page(request, acts, says={})
        response.status_code = UNPROCESSABLE
        return response
    moved = {letter: key for letter, key in chosen.items() if key != letter}
    rest = min(int(minutes), LONGEST_BREAK) if minutes.isdecimal() else request.user.break_after
    people.set_keys(user=request.user, keymap=moved, break_after=rest)
    return redirect("/desk/?kept=keys")


@require_POST
@signed_in
def device(request: SignedIn) -> HttpResponseBase:
    """Keep what was found of the device."""
    try:
        record_device(rater=people.rater_of(user=request.user), found=request.POST.get("found", ""))
    except NotKept as why:
        return HttpResponse(str(why), status=UNPROCESSABLE, content_type="text/plain")
    return redirect("/desk/?kept=device")


def _fault(letter: str, chosen: dict[str, str]) -> str:
    key = chosen[letter]
    if len(key) != 1 or key.isdigit() or key.isspace() or not key.isprintable():
        return "one letter or sign, and no digit"
    if key in VIEWERS:
        return f"{key} belongs to the works"
    if list(chosen.values()).count(key) > 1:
        return f"{key} has two meanings"
    return ""


def _page(request: SignedIn, acts: list[Act], says: dict[str, str]) -> HttpResponse:
    context = {
        "acts": acts,
        "ears": EARS,
        "break_after": request.user.break_after,
        "check": DeviceCheck.objects.filter(rater__user=request.user).order_by("-pk").first(),
        "says": says.get(request.GET.get("kept", ""), ""),
        "words": words_of(request.user),
        "shares": shares_of(request.user),
    }
    return render(request, "judging/desk.html", context)
