"""Can I trust it?"""

from collections.abc import Iterator, Sequence

from feedback.results.dashboard.facts import Facts, Json
from feedback.results.dashboard.sentences.answer import Answer
from feedback.results.dashboard.sentences.faults import sinking
from feedback.results.dashboard.words import coefficient, counted, give_or_take, listed, share

LIGHTS = {
    "green": "Yes",
    "amber": "Nearly",
    "assumed": "Perhaps",
    "red": "Not yet",
    "never": "No",
    "grey": "Too early to say",
}
MOST_NAMED = 4  # criteria in one sentence


def trust(facts: Facts) -> Answer:
    """A fault that no reliability makes good stands alone; else the criteria by their lights.

    Green says yes, amber nearly, red not yet, or no where more judgements would not help, grey too early to say; where chance is only assumed to have chosen what
    was compared, as in an import, perhaps. Where all lights are alike, the criteria are not named.
    """
    fatal = [one.short for one in sinking(facts) if one.is_fatal]
    headline = (f"Not as it stands: {fatal[0]}.",) if fatal else tuple(_by_light(facts))
    return Answer(headline, tuple(_because(facts)))


def _by_light(facts: Facts) -> Iterator[str]:
    shown = {slug: _lasting(light, facts.every[slug]) for slug, light in lights(facts)}
    if not shown:
        yield "Too early to say."
        return
    if len(set(shown.values())) == 1 and len(shown) > 1:
        light = next(iter(shown.values()))
        yield f"{LIGHTS[light]}." if light == "grey" else f"{LIGHTS[light]}, on every criterion."
        return
    for light, word in LIGHTS.items():
        named = [facts.names.criterion(slug) for slug, its in shown.items() if its == light]
        if named:
            yield f"{word} for {listed(named)}{': more judgements will not settle it' if light == 'never' else ''}."


def _lasting(light: str, told: Json) -> str:
    """Never, where it is not enough and stays so."""
    stays = (told.get("done") or {}).get("state") == "never"
    return "never" if stays and light in {"amber", "red"} else light


def _because(facts: Facts) -> Iterator[str]:
    """Reliability of up to four criteria, this one first; position; circles; parts."""
    here_first = sorted(facts.every, key=lambda slug: slug != facts.criterion)
    known = [(slug, _reliability(facts.every[slug])) for slug in here_first]
    told = [
        f"{give_or_take(one['value'], one.get('low'), one.get('high'))} for {facts.names.criterion(slug)}"
        for slug, one in known
        if one.get("value") is not None
    ][:MOST_NAMED]
    if told:
        yield f"Reliability, on comparisons that chance chose, is {', '.join(told)}."
    why = _reliability(facts.here).get("why")
    if why:
        yield f"{why[:1].upper()}{why[1:].rstrip('.')}."
    yield from _position(facts.part("trust", "position"))
    yield from _circles(facts.part("trust", "transitivity"))
    parts = facts.part("trust", "coverage").get("parts") or 1
    if parts > 1:
        yield f"The works fall into {counted(parts)} parts that were never compared: nothing is ranked across them."


def _reliability(told: Json) -> Json:
    return (told.get("trust") or {}).get("reliability") or {}


def _position(told: Json) -> Iterator[str]:
    """Within chance, how large a bias would have been seen; outside, how large it is, and that scores are freed of it."""
    won, low, high = told.get("share"), told.get("share_low"), told.get("share_high")
    if won is None or low is None or high is None:
        return
    if low <= 0.5 <= high:
        sees = told.get("detects")
        ending = f"; from {share(sees)} on we would" if sees else ""
        yield f"The work shown first wins {share(won, 1)} of the time: we see no sign that the place matters{ending}."
    else:
        yield (
            f"The work shown first wins {share(won, 1)} of the time ({share(low, 1)} to {share(high, 1)}): "
            "more than chance, and taken out of the scores."
        )


def _circles(told: Json) -> Iterator[str]:
    """Said only when there are more of them than the model would give in 19 of 20 such studies."""
    seen, high = told.get("share"), told.get("high")
    if seen is None or high is None or seen <= high:
        return
    yield (
        f"Judgements go round in circles in {share(seen)} of the triads where {share(told['expected'])} are expected: "
        "one score per work does not tell the whole of it."
    )


def greyed(facts: Facts) -> str:
    """The separation other tools print as reliability, with the reason why it is not believed here."""
    told = facts.part("trust", "separation")
    if told.get("value") is None:
        return ""
    why = told.get("why") or "pairs were not chosen by chance alone"
    return (
        f"Scale separation {coefficient(told['value'])} is not to be relied on: {why[:1].lower()}{why[1:].rstrip('.')}."
    )


def lights(facts: Facts) -> Sequence[tuple[str, str]]:
    """The light of each criterion, by slug."""
    return [(slug, _light(_reliability(told))) for slug, told in facts.every.items()]


def _light(told: Json) -> str:
    light = told.get("light") or "grey"
    return "assumed" if light == "grey" and told.get("value") is not None else str(light)
