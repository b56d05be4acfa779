"""Why there is nothing to release, in one line with the remedy."""

from feedback.datasets.reasons import (
    MIDDLING,
    NO_CONTENT,
    NO_SCALE,
    NOT_CLEARED,
    NOT_TAKEN,
    NOT_TEXT,
    NOTHING_RANKED,
    NOTHING_SCORED,
    TIED,
    TOO_FEW,
)
from feedback.datasets.rows.tally import Tally
from feedback.datasets.terms import Terms

SINGLE = "Ask for the view judgements (--view judgements), which has every answer."
SCORES = "Ask for the view ratings (--view ratings), which has every score."
REMEDIES = {
    NOT_TEXT: (
        "Trainers that take prompt, chosen and rejected read text alone and would train on nothing. Ask for the view "
        "pairs_soft (--view pairs_soft), which names the files of the works."
    ),
    NOT_TAKEN: "Ask for the view pairs_soft (--view pairs_soft), which takes works of any medium.",
    NOTHING_RANKED: SCORES,
    NOTHING_SCORED: (
        "Labels are made of scores and of what raters call acceptable, never of comparisons. Ask for the view pairs "
        "(--view pairs): trainers such as TRL's KTOTrainer take pairs apart by themselves."
    ),
    NO_SCALE: "Ask for the view ratings (--view ratings), which has the scores as they came.",
    MIDDLING: SCORES,
    TIED: "Ask for the view pairs_soft (--view pairs_soft), which keeps ties.",
    NO_CONTENT: SINGLE,
}


def why_nothing(terms: Terms, tally: Tally) -> str:
    """The reasons, most frequent first, and the remedy for the first."""
    on = f" on {terms.criterion}" if terms.criterion else ""
    if not tally.live:
        studies = " and ".join(study.slug for study in terms.studies)
        has = "has" if len(terms.studies) == 1 else "have"
        return f"Nothing to release: {studies} {has} no judgement{on} yet. Have it judged first."
    left = [(count, f"{count} pairs: {reason}", reason) for reason, count in tally.pairs_left.items()]
    left = left or [(count, f"{count} judgements: {reason}", reason) for reason, count in tally.judgements_left.items()]
    if not left:
        return f"Nothing to release{on}: no answer says anything of the kind. {SINGLE}"
    left.sort(key=lambda one: (-one[0], one[1]))
    listed = "; ".join(said for _, said, _ in left)
    return f"Nothing to release{on}: {listed}. {_remedy(terms, left[0][2])}"


def _remedy(terms: Terms, reason: str) -> str:
    if reason == NOT_CLEARED:
        return f"Works leave when their `purposes` name {' and '.join(terms.purposes)}, if the maker agrees."
    if reason == TOO_FEW:
        return f"Ask for fewer than {terms.min_judgements} judgements (--min-judgements), or have more given."
    return REMEDIES.get(reason, SINGLE)
