"""What can sink a study, in words: each fault's name, what was found, and what to do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feedback.results.dashboard.facts import Facts, Json, Names
from feedback.results.dashboard.words import capital, chance, listed, plural, share, signed

FATAL = 3  # no score can be read


@dataclass(frozen=True)
class Fault:
    """How one fault is put: `{who}` is whom or what it is about, the figures are those of its check."""

    title: str
    short: str
    figures: str
    advice: str


FAULTS: Mapping[str, Fault] = {
    "identical works": Fault(
        "There is nothing to tell apart: the works are as good as equal.",
        "the works cannot be told apart",
        "scores vary {ratio:.1f} times as much as raters’ noise alone would have them, {if_apart:.1f} times if they differed",
        "More judgements will not help. Compare works that differ more.",
    ),
    "disconnected": Fault(
        "Some {of} were never compared with the others{where}.",
        "some were never compared with the others",
        "",
        "Open comparisons that join the parts.",
    ),
    "side bias": Fault(
        "{Who} leans to what stands first.",
        "one side wins too often",
        "standing first adds {side:+.2f} logits",
        "Scores have it taken out. Remind the panel to look at both before answering.",
    ),
    "reversed rater": Fault(
        "{Who} answers the other way round.",
        "a rater answers the other way round",
        "follows the others by {reliability:.2f} (1: as they do, 0: not at all)",
        "Ask how the question was understood before anything is excluded.",
    ),
    "random rater": Fault(
        "{Who} answers as a coin would.",
        "a rater answers as a coin would",
        "follows the others by {reliability:.2f} (1: as they do, 0: not at all)",
        "Pause, and go through the worked examples together.",
    ),
    "twins": Fault(
        "{Who} give the same answers far too often.",
        "two raters give the same answers",
        "beyond the scores they agree with {correlation:.2f} on {common:,} comparisons",
        "Find out whether they sit together or are one: then one of the two should count.",
    ),
    "drift": Fault(
        "{Who} changed in the course of the work.",
        "a rater changed in the course of the work",
        "most of it after {after:.0%} of {n:,} judgements",
        "Look at what was said before and after; a break may do.",
    ),
    "drift of a generator": Fault(
        "{Who} is judged otherwise late than early.",
        "a generator is judged otherwise late than early",
        "{logits:+.2f} logits from the first to the last",
        "Look whether its works were handed out in another order than the others.",
    ),
    "straight-lining": Fault(
        "{Who} presses the same key in long runs.",
        "a rater presses one key in long runs",
        "the same place {same:,} times in {n:,}, where {expected:.0f} are expected",
        "Send the runs back to be judged again.",
    ),
    "halo": Fault(
        "{Who} gives every criterion the same answer.",
        "criteria are answered as one",
        "beyond the scores, criteria go together with {correlation:.2f}",
        "Ask for the criteria one at a time, in another order for each.",
    ),
    "taste camps": Fault(
        "The panel falls into camps.",
        "the panel falls into camps",
        "",
        "One score for all would suit nobody: read each camp’s own.",
    ),
    "leaked identity": Fault(
        "{Who} is favoured by some, as if its name were known.",
        "a generator is recognised",
        "raters differ on it {excess:.1f} times as much as chance has them",
        "Remove what gives the maker away, and have those works judged anew.",
    ),
    "confounder": Fault(
        "{Who} sways the answers.",
        "something other than the quality sways the answers",
        "{logits_per_sd:+.2f} logits for a standard step, on {n:,} works",
        "Read the scores net of it beside the raw ones.",
    ),
    "speeding": Fault(
        "{Who} answers faster than one can look.",
        "a rater answers faster than one can look",
        "{such:,} of {n:,} within {floor:.1f} s",
        "Ask for the works to be seen whole before answering.",
    ),
    "copied reasons": Fault(
        "{Who} writes the same reason again and again.",
        "a rater pastes reasons",
        "{such:,} of {n:,} reasons",
        "Their reasons should not train anything; their answers may still be good.",
    ),
    "skips": Fault(
        "{Who} is skipped more often than the others.",
        "skips are not at random",
        "{share:.0%} where it is shown, {elsewhere:.0%} elsewhere",
        "Look at what is skipped: it may not load, or nobody wants to say.",
    ),
    "failed gold": Fault(
        "{Who} misses comparisons that have a key.",
        "a rater misses comparisons that have a key",
        "{such:,} of {n:,} right",
        "Go through the missed ones together.",
    ),
    "failed repeats": Fault(
        "{Who} answers differently when asked again.",
        "a rater answers differently when asked again",
        "{such:,} of {n:,} the same",
        "Shorter sittings, or fewer criteria at a time.",
    ),
}


@dataclass(frozen=True)
class Sinking:
    """A finding of the whole study, in words."""

    title: str
    short: str
    evidence: str
    advice: str
    is_fatal: bool
    raters: tuple[int, ...]


def sinking(facts: Facts) -> Sequence[Sinking]:
    """What no other finding explains, in the report's order: the likeliest cause first."""
    return [_worded(finding, facts.names) for finding in facts.findings if not finding.get("explained_by")]


def _worded(finding: Json, names: Names) -> Sinking:
    fault, subject = fault_of(finding["fault"]), finding.get("subject") or {}
    where = f"On {names.criterion(finding['criterion'])}" if finding.get("criterion") else ""
    explains = [fault_of(one).short for one in finding.get("co_flags") or [] if one != finding["fault"]]
    more = f"It explains that {listed(explains)}" if explains else ""
    return Sinking(
        title=titled(fault, whom(subject, names), finding),
        short=fault.short,
        evidence=" ".join(f"{part}." for part in (evidence_of(finding, finding["p"]), where, more) if part),
        advice=fault.advice,
        is_fatal=(finding.get("severity") or 0) >= FATAL,
        raters=raters_of(subject),
    )


def titled(fault: Fault, who: str, finding: Json) -> str:
    says = finding.get("says") or {}
    prompts = len(says.get("prompts") or ())
    where = f", in {plural(prompts, 'prompt', 'prompts')}" if prompts else ""
    return fault.title.format(Who=capital(who), of=says.get("of", "works"), where=where)


def evidence_of(finding: Json, p: float) -> str:
    """What a finding rests on, and how likely chance is to give as much: nothing of it for what is no chance but a fact."""
    chances = f"by chance {chance(p)}" if p > 0 else ""
    return capital("; ".join(part for part in (in_figures(finding), chances) if part))


def fault_of(slug: str) -> Fault:
    """A fault that has no words here is called by its name."""
    return FAULTS.get(slug) or Fault(f"{{Who}}: {slug}.", slug, "", "Look at the comparisons behind it.")


def raters_of(subject: Json) -> tuple[int, ...]:
    """Whom a finding is about."""
    one, several = subject.get("rater"), subject.get("raters")
    return tuple(several or ([one] if one is not None else []))


def whom(subject: Json, names: Names) -> str:
    """The raters, generator, criterion or covariate that a finding is about; else the panel."""
    if raters_of(subject):
        return listed([names.rater(number) for number in raters_of(subject)])
    if "generator" in subject:
        return names.generator(subject["generator"])
    if "criterion" in subject:
        return names.criteria.get(subject["criterion"], str(subject["criterion"]))
    return str(subject.get("covariate", "the panel"))


def in_figures(finding: Json) -> str:
    """What it rests on; a check that tells other numbers than its words know of is given by their names."""
    says, words = finding.get("says") or {}, fault_of(finding["fault"]).figures
    try:
        return words.format_map(says).replace("-", "−").replace("%", "\u00a0%")
    except (KeyError, ValueError, TypeError):
        return ", ".join(f"{name.replace('_', ' ')} {_figure(value)}" for name, value in says.items())


def _figure(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return " to ".join(_figure(one) for one in value)
    if isinstance(value, float):
        return share(value) if 0 < value < 1 else signed(value).removeprefix("+")
    return f"{value:,}" if isinstance(value, int) else str(value)
