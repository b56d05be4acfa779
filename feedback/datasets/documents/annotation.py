"""How the rows came to be, in Croissant's vocabulary for responsible AI; only what the manifest knows is said."""

from collections.abc import Iterator
from typing import Any

from feedback.datasets.documents.configs import Manifest
from feedback.datasets.documents.text import counted, one_line

FORMS = {
    "pair": "Two works of one prompt stand side by side; for each criterion one of them is preferred, or neither.",
    "set": "Several works of one prompt are put in order for each criterion; equal places are ties.",
    "rating": "One work at a time is scored for each criterion.",
}
BLIND = (
    "Raters judge alone. They are not told who or what made a work, nor what others said of it. Which work stands where "
    "is drawn for each rater and balanced, and kept with the answer."
)
PURPOSES = {
    "export": "Analysis.",
    "train-reward-model": "Training a model of what the raters prefer.",
    "train-generator": "Training a generator of works.",
    "commercial": "Commercial use.",
}
RULES = {
    "pairs": (
        "Each row of pairs is decided by the majority of the judgements that rank both works, a tie counting half a vote. "
        "Pairs that end even are left out and counted."
    ),
    "pairs_soft": "Each row of pairs_soft keeps the raw shares of both works, a tie counting half for each.",
    "unpaired": "Labels of unpaired come from what raters said of one work by itself, never from comparisons.",
}
MIXED = (
    "Judgements on different criteria may contradict each other as labels: train on one criterion's config at a time."
)
PRESENT = "A preference holds for the raters asked and for the works they saw; it is no property of the works alone."
PSEUDONYMS = (
    "Raters appear under a pseudonym keyed to this release alone. Names, addresses and accounts are not in it, and "
    "pseudonyms of two releases cannot be joined."
)
NOBODY = "The rows name no rater."
OWN_WORDS = (
    "Rationales are the raters' own sentences, of those alone who agreed to share them; they may tell who wrote them."
)
PLAN = (
    "A release is never edited. What is added or removed later makes another one with a higher version; when a work's "
    "clearance ends, or a work or rater is withdrawn, this one is superseded and no longer served."
)


def annotation(manifest: Manifest) -> dict[str, Any]:
    """The `rai:` properties."""
    return {
        "rai:dataCollection": "Judgements of works that were imported with a licence or their makers' consent.",
        "rai:dataAnnotationProtocol": list(_protocol(manifest)),
        "rai:dataAnnotationPlatform": [f"Salon {manifest['code_version']}".strip()],
        "rai:annotationsPerItem": _per_item(manifest),
        "rai:dataPreprocessingProtocol": list(_preprocessing(manifest)),
        "rai:dataUseCases": [PURPOSES[manifest["purpose"]]],
        "rai:dataLimitations": [PRESENT, *([MIXED] if len(manifest["criteria"]) > 1 else [])],
        "rai:personalSensitiveInformation": list(_personal(manifest)),
        "rai:dataReleaseMaintenancePlan": PLAN,
        **_machines(manifest),
    }


def _protocol(manifest: Manifest) -> Iterator[str]:
    yield from (FORMS[form] for form in dict.fromkeys(study["form"] for study in manifest["studies"]))
    yield BLIND
    for criterion in manifest["criteria"]:
        said = one_line(f"{criterion['name']}. {criterion['definition']}")
        yield f"Criterion {criterion['slug']}, version {criterion['version']}: {said}"


def _per_item(manifest: Manifest) -> str:
    used = counted(manifest["judgements"]["used"], "judgement")
    raters = counted(sum(manifest["raters"].values()), "rater")
    return f"{used} by {raters} on {counted(manifest['works'], 'work')}; rows with n_judgements say how many stand behind each."


def _preprocessing(manifest: Manifest) -> Iterator[str]:
    yield from (RULES[view["view"]] for view in manifest["views"] if view["view"] in RULES)
    if manifest["min_judgements"] > 1:
        yield f"Pairs with fewer than {manifest['min_judgements']} judgements are left out."
    for what, left in (("judgement", manifest["judgements"]["left_out"]), ("pair", manifest["pairs_left_out"])):
        yield from (f"Left out: {counted(one['count'], what)}, {one['reason']}." for one in left)
    yield from (f"Left out: {counted(one['count'], 'work')}, {one['reason']}." for one in manifest["works_left_out"])


def _personal(manifest: Manifest) -> Iterator[str]:
    columns = {column for view in manifest["views"] for column in view["columns"]}
    yield PSEUDONYMS if "rater" in columns else NOBODY
    if "rationale" in columns:
        yield OWN_WORDS


def _machines(manifest: Manifest) -> dict[str, Any]:
    """Raters that are no people, if there are any."""
    tools = [f"{counted(number, f'{kind} rater')}" for kind, number in manifest["raters"].items() if kind != "person"]
    return {"rai:machineAnnotationTools": tools} if tools else {}
