"""Where do raters differ?"""

from collections.abc import Iterator, Sequence

from feedback.results.dashboard.camps import camps_of, cohorts_of
from feedback.results.dashboard.facts import OVERALL, Facts, Json
from feedback.results.dashboard.sentences.answer import Answer
from feedback.results.dashboard.words import SPACE, capital, coefficient, counted, give_or_take, listed, share
from feedback.results.measures.matrix import MOST_SHOWN

ENOUGH_REPEATS = 30
VERDICTS = {
    "taste": "They differ in taste, not in care.",
    "noise": "They differ by chance, not in taste.",
    "both": "Part of it is taste, part is noise.",
}
ADVICE = {
    "taste": "That is taste: keep both, and give each camp scores of its own.",
    "noise": "That is noise: a clearer guide and worked examples help, more raters only average it out.",
    "both": "Keep the camps apart, and sharpen the guide: both would gain.",
}
AT_RANDOM = "random rater"
OF_ONE_TASTE = "careful judges of one taste would on such works"


def differ(facts: Facts) -> Answer:
    """Camps come first if their own scores predict better, and who agrees with nobody; else the verdict on taste.

    Without a verdict the headline says whether raters agree as well as the model of the scores has them. Over all criteria,
    each is named by its verdict.
    """
    if facts.criterion == OVERALL:
        return Answer(tuple(_of_each(facts)), ("Choose a criterion to see who agrees with whom.",))
    camps = camps_of(facts)
    clicking = [one for one in facts.raters if any(flag["fault"] == AT_RANDOM for flag in one.get("flags") or [])]
    verdict = facts.part("differ", "taste").get("verdict")
    if len(camps) > 1:
        schools = f"{capital(counted(len(camps)))} schools"
        return Answer((f"{schools}{_and_who(clicking)}.",), tuple(_because(facts, camps)))
    if verdict in VERDICTS:
        return Answer((VERDICTS[verdict],), tuple(_because(facts, camps)))
    random = [f"{capital(counted(len(clicking)))} rater{'s’' if len(clicking) > 1 else '’s'} answers look random."]
    return Answer((_as_expected(facts), *random[: len(clicking)]), tuple(_because(facts, camps)))


def _of_each(facts: Facts) -> Iterator[str]:
    verdicts = {
        slug: ((told.get("differ") or {}).get("taste") or {}).get("verdict") for slug, told in facts.every.items()
    }
    for verdict, words in (("taste", "Taste"), ("both", "Taste and noise"), ("noise", "Noise")):
        named = [facts.names.criterion(slug) for slug, its in verdicts.items() if its == verdict]
        if named:
            yield f"{words} in {listed(named)}."
    if not set(verdicts.values()) & set(VERDICTS):
        yield "No verdict on any criterion yet."


def _and_who(clicking: Sequence[Json]) -> str:
    if not clicking:
        return ""
    return f", and {counted(len(clicking))} rater{'s' if len(clicking) > 1 else ''} whose answers look random"


def _as_expected(facts: Facts) -> str:
    alpha = facts.part("differ", "alpha")
    if alpha.get("value") is None:
        w = (facts.part("differ", "w") or {}).get("value")
        return (
            "Too little was judged by more than one to say."
            if w is None
            else f"On sets they agree by {coefficient(w)}."
        )
    if alpha.get("expected") is None and (alpha.get("low") or 0) <= 0:
        return "They agree no more than chance would."
    if alpha.get("expected") is None:
        return f"They agree by {coefficient(alpha['value'])}, where 1 is all alike and 0 is chance."
    return (
        f"They agree {'as well as' if (alpha.get('high') or 1) >= alpha['expected'] else 'less than'} {OF_ONE_TASTE}."
    )


def _because(facts: Facts, camps: Sequence[Json]) -> Iterator[str]:
    yield from _strangers(facts)
    yield from _within_and_across(facts, camps)
    yield from _taste(facts)
    yield from _alpha(facts)
    yield from _concordance(facts)
    yield from _marks(facts)


def _strangers(facts: Facts) -> Iterator[str]:
    """Groups of raters who judged nothing in common, the largest first; not told of a matrix that leaves raters out."""
    matrix = facts.part("differ", "matrix")
    groups = _acquainted(matrix.get("n") or [])
    if len(groups) < 2 or len(matrix["raters"]) == MOST_SHOWN:
        return
    sizes = listed([counted(len(group)) for group in groups])
    yield f"Groups of {sizes} raters judged nothing in common: how far they agree is told within each alone."


def _acquainted(common: Sequence[Sequence[int]]) -> list[set[int]]:
    """Who is joined to whom by something that both judged, directly or through others, the largest group first."""
    groups: list[set[int]] = []
    for one, row in enumerate(common):
        met = {one, *(other for other, n in enumerate(row) if n)}
        apart = [group for group in groups if not group & met]
        groups = [*apart, met.union(*(group for group in groups if group & met))]
    return sorted(groups, key=len, reverse=True)


def _within_and_across(facts: Facts, camps: Sequence[Json]) -> Iterator[str]:
    """The mean agreement of raters of one camp and of raters of two, each pair weighted by what both judged."""
    matrix = facts.part("differ", "matrix")
    if len(camps) < 2 or not matrix.get("raters"):
        return
    camp_of = {rater: number for number, camp in enumerate(camps) for rater in camp["raters"]}
    sums = {True: [0.0, 0], False: [0.0, 0]}
    for i, one in enumerate(matrix["raters"]):
        for j, other in enumerate(matrix["raters"][:i]):
            agreed, n = matrix["agreement"][i][j], matrix["n"][i][j]
            if agreed is not None and one in camp_of and other in camp_of:
                of = sums[camp_of[one] == camp_of[other]]
                of[0] += agreed * n
                of[1] += n
    if sums[True][1] and sums[False][1]:
        within, across = (total / n for total, n in (sums[True], sums[False]))
        cohorts = cohorts_of(facts)
        who = capital(listed(cohorts) if cohorts else f"the {counted(len(camps))} camps")
        yield f"{who} agree within themselves ({share(within)}) and less across ({share(across)})."


def _taste(facts: Facts) -> Iterator[str]:
    """The share of disagreement that is taste, and what to do; too few repeats say how many are missing."""
    taste, repeats = facts.part("differ", "taste"), facts.part("differ", "repeatability")
    n = repeats.get("n") or 0
    if taste.get("share") is None or n < ENOUGH_REPEATS:
        if n < ENOUGH_REPEATS:
            yield f"Noise or taste shows after {ENOUGH_REPEATS - n} more hidden repeats; {counted(n) if n else 'none'} so far."
        return
    error = taste.get("se")
    yield (
        f"{share(taste['share'])}{f'{SPACE}±{SPACE}{share(2 * error)}' if error else ''} of the disagreement is taste: raters "
        f"repeat themselves in {share(repeats['share'])} of {n} hidden repeats. {ADVICE.get(str(taste.get('verdict')), '')}"
    ).rstrip()


def _alpha(facts: Facts) -> Iterator[str]:
    alpha = facts.part("differ", "alpha")
    if alpha.get("value") is None:
        return
    expected = alpha.get("expected")
    ending = ""
    if expected is not None:
        reached = "no less than" if alpha["value"] >= expected else f"{coefficient(expected)} is what"
        ending = f"; {reached} perfect judges on such works would reach"
    yield f"Krippendorff’s α is {give_or_take(alpha['value'], alpha.get('low'), alpha.get('high'))}{ending}."


def _concordance(facts: Facts) -> Iterator[str]:
    w = facts.part("differ", "w") or {}
    if w.get("value") is not None:
        yield f"Kendall’s W of sets is {give_or_take(w['value'], w.get('low'), w.get('high'))}: 1 is the same order by all, 0 is chance."


def _marks(facts: Facts) -> Iterator[str]:
    """Where they point at: each medium's measure with its mean."""
    names = {"iou": "regions overlap", "temporal_iou": "spans overlap", "token_f1": "words overlap"}
    marks = facts.part("differ", "marks")
    told = [
        f"{words} by {coefficient(marks[key]['value'])}"
        for key, words in names.items()
        if (marks.get(key) or {}).get("value") is not None
    ]
    if told:
        yield f"Where two raters mark the same work, their {listed(told)}."
