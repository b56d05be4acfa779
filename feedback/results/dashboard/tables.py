"""Numbers that are looked up rather than looked at."""

from collections.abc import Iterator, Sequence
from typing import Any

from feedback.results.dashboard.camps import called, camps_of
from feedback.results.dashboard.charts.table import Column, Table
from feedback.results.dashboard.facts import Facts, Json
from feedback.results.dashboard.words import coefficient, give_or_take, lasting, share, signed

type Check = tuple[str, str | None, str | None, str]


def beats(facts: Facts) -> Table:
    """How likely the generator of the row is preferred to that of the column."""
    rows = facts.rows
    chances: Sequence[Sequence[float | None]] = facts.part("best", "generators").get("beats") or []
    names = [facts.names.generator(row["id"]) for row in rows]
    columns = [Column("How often", "generator"), *(Column(name, name, share) for name in names[: len(chances)])]
    return Table(
        "How often the one at the left is preferred to the one above, by the scores",
        columns,
        [(name, *told) for name, told in zip(names, chances, strict=False)],
    )


def raters(facts: Facts) -> Table:
    """Everybody who judged, those who need help first."""
    columns = [
        Column("Rater", "rater"),
        Column("Kind", "kind"),
        Column("Cohort", "cohort"),
        Column("Judged", "n", "{:,}".format),
        Column("Median seconds", "seconds", "{:.0f}".format),
        Column("Standing first adds, in logits", "side", signed),
        Column("Infit", "infit", "{:.2f}".format),
        Column("Outfit", "outfit", "{:.2f}".format),
        Column("Reliability", "reliability", coefficient),
        Column("τ-b to the others", "tau_b", coefficient),
        Column("Gold", "gold", str),
        Column("Repeats", "repeats", str),
        Column("Flags", "flags"),
    ]
    ordered = sorted(facts.raters, key=lambda row: (-len(row.get("flags") or []), -(row.get("n") or 0)))
    return Table(
        "Everybody who judged: infit and outfit are 1, reliability 1, where one is as noisy as the panel",
        columns,
        [_rater(facts, row) for row in ordered],
    )


def _rater(facts: Facts, row: Json) -> tuple[Any, ...]:
    return (
        facts.names.rater(row["rater"]),
        row.get("kind"),
        row.get("cohort") or None,
        row.get("n"),
        row.get("seconds"),
        _first(row.get("side")),
        row.get("infit"),
        row.get("outfit"),
        _first(row.get("reliability")),
        _first(row.get("tau")),
        _of(row.get("gold")),
        _of(row.get("repeats")),
        ", ".join(flag["fault"] for flag in row.get("flags") or []) or None,
    )


def _first(interval: Sequence[float] | None) -> float | None:
    return interval[0] if interval else None


def _of(told: Sequence[int] | None) -> str | None:
    return f"{told[0]} of {told[1]}" if told and told[1] else None


def checks(facts: Facts) -> Table:
    """What was looked at besides reliability, what was found, and what one would find without a fault."""
    columns = [
        Column("Check", "check"),
        Column("Found", "found"),
        Column("Expected", "expected"),
        Column("What it means", "meaning"),
    ]
    looks = (_reliable, _balanced, _connected, _agreed, _marked, _confounded, _sensitive)
    found = [row for look in looks for row in look(facts)]
    return Table("What was looked at, with 95 % intervals", columns, found)


def _reliable(facts: Facts) -> Iterator[Check]:
    told, ssr = facts.part("trust", "reliability"), facts.part("trust", "separation")
    if told.get("value") is not None:
        yield (
            "Reliability on the audit stratum",
            give_or_take(told["value"], told.get("low"), told.get("high")),
            f"{coefficient(facts.target)} wanted",
            f"{told.get('n_uniform') or 0:,} of {told.get('n_all') or 0:,} judgements were drawn by chance alone",
        )
    if ssr.get("value") is not None:
        yield "Scale separation (not to be relied on)", coefficient(ssr["value"]), None, ssr.get("why") or ""


def _balanced(facts: Facts) -> Iterator[Check]:
    side, circles, skips = (facts.part("trust", name) for name in ("position", "transitivity", "skips"))
    if side.get("share") is not None:
        sees = f"{share(side['detects'])} would be seen at this size" if side.get("detects") else ""
        yield "The work shown first wins", _between(side, "share", share), share(0.5), sees
    if side.get("value") is not None:
        yield "Standing first adds, in logits", _between(side, "value", signed, ends=""), "0", "taken out of the scores"
    if circles.get("share") is not None:
        meaning = "more than one score per work would say" if circles["share"] > (circles.get("high") or 1) else ""
        yield "Circular triads", share(circles["share"], 1), _between(circles, "expected", share, ends=""), meaning
    if skips.get("p") is not None:
        word = "not by chance" if skips["p"] < 0.05 else "as by chance"
        yield "Skips", f"p = {skips['p']:.2g}", None, f"spread over the generators {word}"


def _connected(facts: Facts) -> Iterator[Check]:
    told = facts.part("trust", "coverage")
    if told.get("parts"):
        yield "Parts never compared", str(told["parts"]), "1", ""
    if told.get("least") is not None:
        yield "Fewest judgements of a work", f"{told['least']:,}", "6 or more", ""
    if told.get("lambda2") is not None:
        yield "How tightly works are joined, λ₂", f"{told['lambda2']:.2f}", "above 0", ""


def _agreed(facts: Facts) -> Iterator[Check]:
    names = {"alpha": "Krippendorff’s α, ordinal", "pairwise": "Two raters agree", "w": "Kendall’s W of sets"}
    for key, name in names.items():
        told = facts.part("differ", key)
        if told.get("value") is not None:
            expected = coefficient(told["expected"]) if told.get("expected") is not None else None
            yield (
                name,
                give_or_take(told["value"], told.get("low"), told.get("high")),
                expected,
                "under the fitted model",
            )


def _marked(facts: Facts) -> Iterator[Check]:
    """How far the marks of two raters cover the same place."""
    names = {
        "iou": "Regions marked overlap, IoU",
        "temporal_iou": "Spans marked overlap, temporal IoU",
        "token_f1": "Words marked overlap, F1",
    }
    for key, name in names.items():
        told = facts.part("differ", "marks").get(key) or {}
        if told.get("value") is not None:
            value = give_or_take(told["value"], told.get("low"), told.get("high"))
            yield name, value, None, f"over {told.get('n') or 0:,} works that two raters marked; 1 is the same place"


def _confounded(facts: Facts) -> Iterator[Check]:
    for one in facts.part("trust").get("confounders") or []:
        if one.get("value") is not None:
            yield f"A standard step of {one['name']} adds, in logits", _between(one, "value", signed, ends=""), "0", ""


def _sensitive(facts: Facts) -> Iterator[Check]:
    """How the order of the scores would change under other settings."""
    told = facts.part("trust", "sensitivity")
    for one in [*(told.get("prior") or []), *(told.get("ties") or [])]:
        if one.get("tau") is not None:
            first = "the same stands first" if one.get("same_first") else "another stands first"
            moves = f"{one['moves']} would change places" if one.get("moves") else "none would change places"
            yield f"With {one['setting']}", f"τ {coefficient(one['tau'])}", "τ 1.00", f"{moves}; {first}"


def _between(told: Json, key: str, written: Any, ends: str | None = None) -> str:
    """A value with its ends, which are called low and high, or after the value."""
    prefix = f"{key}_" if ends is None else ends
    low, high = told.get(f"{prefix}low"), told.get(f"{prefix}high")
    value = written(told[key])
    return value if low is None or high is None else f"{value} ({written(low)} to {written(high)})"


def plan(facts: Facts) -> Table:
    """What each criterion still takes."""
    columns = [
        Column("Criterion", "criterion"),
        Column("State", "state"),
        Column("Reliability", "reliability", coefficient),
        Column("Wanted", "target", coefficient),
        Column("More judgements", "more", "{:,}".format),
        Column("At least", "at_least", "{:,}".format),
        Column("At most", "at_most", "{:,}".format),
        Column("Hours", "hours", lasting),
        Column("Pay, by the price of an hour", "cost", "{:,.0f}".format),
        Column("Why", "why"),
    ]
    rows = []
    for slug, told in facts.every.items():
        its, now = told.get("done") or {}, ((told.get("trust") or {}).get("reliability") or {}).get("value")
        name, between = facts.names.criteria.get(slug, slug), its.get("between") or (None, None)
        rest = (its.get("hours"), its.get("cost"), its.get("why") or None)
        rows.append((name, its.get("state"), now, its.get("target"), its.get("more"), *between, *rest))
    return Table(
        "What each criterion still takes: judgements and hours from now; at least and at most, in all", columns, rows
    )


def camps(facts: Facts) -> Table:
    """The generators as each camp, and each cohort, ranks them."""
    boards = [(who, camp.get("board") or {}) for who, camp in zip(called(facts), camps_of(facts), strict=True)]
    boards += [(str(name), board or {}) for name, board in (facts.part("best").get("cohorts") or {}).items()]
    columns = [
        Column("Who", "who"),
        Column("Place", "place", str),
        Column("Generator", "generator"),
        Column("Strength", "value", signed),
        Column("From", "low", signed),
        Column("To", "high", signed),
    ]
    rows = [
        (who, place, facts.names.generator(row["id"]), row["value"], row["low"], row["high"])
        for who, board in boards
        for place, row in enumerate(board.get("rows") or [], start=1)
    ]
    return Table("Each camp’s and each cohort’s own scores, in logits with 95 % intervals", columns, rows)
