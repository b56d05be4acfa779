"""Which split a prompt belongs to, for good."""

import hashlib
from collections.abc import Iterable

TRAIN, VALIDATION, TEST = SPLITS = ("train", "validation", "test")
SALT = "salon splits 1"  # never changed: a prompt stays where it is


def split_of(group: str) -> str:
    """The split of a group of prompts: .8, .1 and .1 by the hash of its name."""
    drawn = hashlib.sha256(f"{SALT}\0{group}".encode()).digest()
    place = int.from_bytes(drawn[:8]) / 2**64
    if place < 0.8:
        return TRAIN
    return VALIDATION if place < 0.9 else TEST


def split_prompts(groups: Iterable[tuple[int, str]], contents: Iterable[tuple[int, str]]) -> dict[int, str]:
    """The split of each prompt.

    `groups` are (prompt, name of its group) in the order in which they were stored, `contents` (prompt, sha256 of one
    of its works). Prompts that share a group or a content stay together, in the split of the one stored first, so
    that a newcomer follows those who were there. Only a newcomer that joins two that were apart makes one move.
    """
    named = dict(groups)
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    first: dict[str, int] = {}
    for name in named.values():
        parent.setdefault(name, name)
        first.setdefault(name, len(first))
    holder: dict[str, str] = {}
    for prompt, sha256 in contents:
        mine, other = root(named[prompt]), root(holder.setdefault(sha256, named[prompt]))
        older, younger = sorted((mine, other), key=first.__getitem__)
        parent[younger] = older
    return {prompt: split_of(root(name)) for prompt, name in named.items()}
