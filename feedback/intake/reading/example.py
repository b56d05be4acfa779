"""Writes a small study to start from."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_STUDY = '''\
# One question put to a panel. Change anything; only slug and title must be there.

slug = "{slug}"  # the study's name in addresses and commands: a-z, 0-9 and hyphens
title = "A harbour, a letter"       # what raters see
brief = """
Read both versions to the end before you answer.
"""                                 # shown to raters before they begin
# collection = "{slug}"  # where prompts and works are kept; the slug unless you say otherwise

form = "pair"                       # pair: two works side by side; set: several, to be ranked; rating: one at a time
# set_size = 3                      # how many works in a set
scale = "choice"                    # choice: A, tie or B; strength: seven steps (pairs only)
overlap = 3                         # how many raters judge each comparison
rationale = "optional"              # a sentence of reasons: off, optional or required
# marks = "strong"                  # reasons pinned to places: off, optional, or required at a strong preference
# tags = ["pacing", "dialogue"]     # what marks may be tagged with; the medium's own words unless you say otherwise
# exposure = "whole"                # what was not seen to its end cannot be judged
# ranking = "best-worst"            # sets: full order, best, or best-worst
# guide = "How to judge here."      # one key away on the bench

# What to judge by. Without any [[criteria]]: lighting, narrative-arc, emotional-resonance.
[[criteria]]
slug = "narrative-arc"
name = "Narrative arc"
definition = "Is something set up, turned, and left changed at the end?"
strong = "One thing causes the next, and the ending follows without being foreseen."
weak = "Events merely stand in a row, or the end feels just as the beginning did."

[[criteria]]
slug = "emotional-resonance"
name = "Emotional resonance"
definition = "Does it move you, as the person it is meant for, by how it is made?"

# Beside this file:
#   prompts.jsonl     id, text and, if you like, group
#   works.jsonl       id, prompt, generator (and generator_version) or maker, then text, or file (under media/), or
#                     "content": "absent"; and what it may be used for: licence (SPDX or LicenseRef-...), consent,
#                     source, purposes (show, export, train-reward-model, train-generator, commercial).
#                     A work without a licence or consent, or without a purpose, is kept from that use.
#   judgements.jsonl  optional: past answers, with rater, prompt, works, criterion and ranks (1 = best)
#   raters.jsonl      optional: of whom these are: rater, kind (person, machine, simulated), cohort
#   marks.jsonl       optional: reasons of these answers, pinned to places in the works
#   keys.jsonl        optional: an expert's answers, to teach raters with and to check them by before real work
#   media/            the files that works name
'''
_PROMPTS = (
    {"id": "harbour", "text": "A night watchman at a harbour sees a light where there should be none."},
    {"id": "letter", "text": "A letter arrives forty years after it was posted."},
)
_TEXTS = {
    ("harbour", "plain-1"): "The watchman saw a light on the old pier. He walked out to look. It was the moon on a "
    "bottle. He walked back and drank his tea.",
    ("harbour", "turning-2"): "The light blinked twice, then once, as his brother used to from the trawler. The "
    "watchman counted the years it had lain on the bottom. Then he lifted his own lamp and, for the first time since, "
    "answered.",
    (
        "harbour",
        "",
    ): "There was a light on the pier and Oke, who was paid to have no fear of lights, was afraid. It was "
    "a boy with a torch, fishing up his father's keys. They went on together until dawn. In the morning Oke reported "
    "nothing, and for once it was not the truth.",
    ("letter", "plain-1"): "The letter was from an aunt. She wrote about the weather and her garden. It was nice to "
    "read. He put it in a drawer.",
    ("letter", "turning-2"): "Come on Friday, it said, or I shall know. He had been angry for forty years that she "
    "never asked. He took the train all the same, on the Friday, to a town where somebody else's washing hung in her "
    "garden, and stood there until it was dry.",
    ("letter", ""): "The postman apologised as if he himself had been slow. Inside was a pressed clover and no words. "
    "Marthe laughed, then counted its leaves, then sat down on the stairs with her coat still on.",
}


def write_example(directory: Path) -> None:
    """Write a study of two prompts with three short texts each, its slug the folder's name.

    Raises FileExistsError before touching a file.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", directory.absolute().name.lower()).strip("-")[:50] or "a-study"
    files = {
        "study.toml": _STUDY.replace("{slug}", slug),
        "prompts.jsonl": _lines(_PROMPTS),
        "works.jsonl": _lines(_work(prompt, generator, text) for (prompt, generator), text in _TEXTS.items()),
    }
    for name in files:
        if (directory / name).exists():
            raise FileExistsError(f"{directory / name} exists already: choose an empty folder")
    (directory / "media").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (directory / name).write_text(content, encoding="utf-8", newline="\n")


def _work(prompt: str, generator: str, text: str) -> dict[str, Any]:
    name, _, version = generator.partition("-")
    made_by = {"generator": name, "generator_version": version} if generator else {"maker": "A. Writer"}
    return {
        "id": f"{prompt}-{name or 'written'}",
        "prompt": prompt,
        **made_by,
        "text": text,
        "licence": "Apache-2.0",
        "source": "written for this example",
        "purposes": ["show", "export", "train-reward-model"],
    }


def _lines(rows: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
