"""Why there is nothing to release, in one line with the remedy."""

from feedback.datasets.export import (
    ASKED_TO_TEACH,
    CANNOT_JUDGE,
    EARLIER_WORDING,
    NOT_CLEARED,
    NOT_TEXT,
    NOTHING_RANKED,
    SKIPPED,
    TIED,
    Tally,
)
from feedback.datasets.terms import Terms

SINGLE = "Ask for the view judgements (--view judgements), which has every answer."
REMEDIES = {
    NOT_TEXT: (
        "Trainers that take prompt, chosen and rejected read text alone and would train on nothing. "
        "Ask for the view judgements (--view judgements), which names works by id and sha256."
    ),
    NOTHING_RANKED: SINGLE,
    TIED: SINGLE,
    CANNOT_JUDGE: SINGLE,
    SKIPPED: SINGLE,
    ASKED_TO_TEACH: SINGLE,
    EARLIER_WORDING: SINGLE,
}


def why_nothing(terms: Terms, tally: Tally) -> str:
    """The reasons, most frequent first, and the remedy for the first."""
    on = f" on {terms.criterion.slug}" if terms.criterion else ""
    if not tally.live:
        return f"Nothing to release: {terms.study.slug} has no judgement{on} yet. Have it judged first."
    left = [(count, f"{count} pairs: {reason}", reason) for reason, count in tally.pairs_left.items()]
    left = left or [(count, f"{count} judgements: {reason}", reason) for reason, count in tally.judgements_left.items()]
    left.sort(key=lambda one: (-one[0], one[1]))
    listed = "; ".join(said for _, said, _ in left)
    remedies = REMEDIES | {
        NOT_CLEARED: f"Works leave when their `purposes` name {' and '.join(terms.purposes)}, if the maker agrees."
    }
    return f"Nothing to release{on}: {listed}. {remedies[left[0][2]]}"
