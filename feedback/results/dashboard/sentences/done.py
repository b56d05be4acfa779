"""When am I done?"""

from collections.abc import Iterator, Sequence

from feedback.results.dashboard.facts import Facts, Json
from feedback.results.dashboard.sentences.answer import Answer
from feedback.results.dashboard.words import SPACE, capital, coefficient, lasting, listed


def done(facts: Facts) -> Answer:
    """What is done, then what more it takes, then what will not converge, then what cannot be told yet."""
    by_state: dict[str, list[str]] = {}
    for slug, told in facts.every.items():
        state = (told.get("done") or {}).get("state") or "unknown"
        by_state.setdefault(state, []).append(slug)
    if not by_state:
        return Answer(("Too early to say.",), ("A forecast needs a first fit.",))
    return Answer(tuple(_headline(facts, by_state)), tuple(_because(facts)))


def _headline(facts: Facts, by_state: dict[str, list[str]]) -> Iterator[str]:
    named = {state: listed([facts.names.criterion(slug) for slug in slugs]) for state, slugs in by_state.items()}
    if "done" in named:
        many = len(by_state["done"]) > 1
        everything = len(by_state["done"]) == len(facts.every) and many
        yield "Now: every criterion is done." if everything else capital(f"{named['done']} {_is(many)} done.")
    if "more" in named:
        yield f"{_more([facts.every[slug] for slug in by_state['more']])} for {named['more']}."
    if "never" in named:
        yield f"More will not settle {named['never']}."
    if set(named) == {"unknown"}:
        yield "Too early to say."
    elif "unknown" in named:
        yield f"Too early to say for {named['unknown']}."


def _more(those: Sequence[Json]) -> str:
    """The most that any of them takes; with the end of its interval where that is more than twice as many."""
    most = max(those, key=lambda one: _done(one).get("more") or 0)
    more, (_, latest) = _done(most).get("more") or 0, _from_now(most)
    if not more:
        return "More"
    if latest is not None and latest > 2 * more:
        return f"About {more:,}{SPACE}more, up to {latest:,},"
    return f"{more:,} or more" if _done(most).get("between") and latest is None else f"{more:,}{SPACE}more"


def _because(facts: Facts) -> Iterator[str]:
    """This criterion first, then the others, those of which the same is to be said together."""
    alike: dict[str, list[str]] = {}
    for slug in sorted(facts.every, key=lambda one: one != facts.criterion):
        said = _of(facts.every[slug])
        if said:
            alike.setdefault(said, []).append(facts.names.criterion(slug))
    for said, names in alike.items():
        yield capital(f"{listed(names)}: {said}.")


def _of(every: Json) -> str:
    """What it takes in judgements, hours and money, or why more will not help."""
    told = _done(every)
    state, target = told.get("state"), told.get("target")
    reach = f"reach {coefficient(target)}" if target is not None else "reach the target"
    if state == "more" and told.get("more"):
        hours = f", about {lasting(told['hours'])}" if told.get("hours") is not None else ""
        cost = f" and {told['cost']:,.0f} in pay" if told.get("cost") else ""
        return f"{told['more']:,}{SPACE}more{_between(*_from_now(every))}{hours}{cost}, {reach}"
    if state == "never":
        return f"no number of judgements will {reach}: {str(told.get('text') or 'more judgements do not raise it').rstrip('.')}"
    return str(told.get("text") or "").rstrip(".") if state == "unknown" else ""


def _from_now(every: Json) -> tuple[int | None, int | None]:
    """How many more it takes at the soonest and at the latest, as far as that is known."""
    there = ((every.get("trust") or {}).get("reliability") or {}).get("n_all") or 0
    soonest, latest = _done(every).get("between") or (None, None)
    return None if soonest is None else max(soonest - there, 0), None if latest is None else max(latest - there, 0)


def _between(soonest: int | None, latest: int | None) -> str:
    if soonest is None or soonest == latest:
        return ""
    return f" ({soonest:,} or more)" if latest is None else f" ({soonest:,} to {latest:,})"


def _done(told: Json) -> Json:
    return told.get("done") or {}


def _is(many: bool) -> str:
    return "are" if many else "is"
