"""Where an answer and its reasons do not go together: asked about once, never refused for good."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from string import ascii_uppercase

from feedback.judging.actions.answering import Answer
from feedback.judging.claims import read_claim
from feedback.judging.marks import Said


def contradictions(answers: Sequence[Answer], marks: Sequence[Said], order: Sequence[int]) -> list[str]:
    """A question for each contradiction; `order` holds the entries as they stand on the screen."""
    letters = {entry: ascii_uppercase[position] for position, entry in enumerate(order)}
    return [*_against_the_vote(answers, marks, letters), *_claims_at_odds(marks, letters)]


def _against_the_vote(answers: Sequence[Answer], marks: Sequence[Said], letters: Mapping[int, str]) -> Iterator[str]:
    for answer in answers:
        slug, name = answer.criterion.slug, answer.criterion.name
        own = [mark for mark in marks if mark.criterion == slug or (not mark.criterion and len(answers) == 1)]
        for entry, sign in _preferred(answer.ranks):
            told = [_speaks_for(mark, entry, letters) for mark in own]
            told = [spoken for spoken in told if spoken]
            if told and all(spoken == -sign for spoken in told):
                vote = f"prefer {letters[entry]}" if sign > 0 else f"put {letters[entry]} last"
                side = "against" if sign > 0 else "for"
                yield f"You {vote} on {name}, but every mark on {name} speaks {side} {letters[entry]}. Keep it?"


def _preferred(ranks: Sequence[int] | None) -> Iterator[tuple[int, int]]:
    """The entry that stands alone at the top, with 1, and in a set the one alone at the bottom, with -1."""
    if not ranks or len(ranks) < 2:
        return
    if ranks.count(min(ranks)) == 1:
        yield ranks.index(min(ranks)), 1
    if len(ranks) > 2 and ranks.count(max(ranks)) == 1:
        yield ranks.index(max(ranks)), -1


def _speaks_for(mark: Said, entry: int, letters: Mapping[int, str]) -> int:
    """1 or -1 for what the mark says of the entry; of two works, what is for the one is against the other."""
    if mark.entry == entry:
        return mark.sign
    return -mark.sign if len(letters) == 2 else 0


def _claims_at_odds(marks: Sequence[Said], letters: Mapping[int, str]) -> Iterator[str]:
    """Claims in favour of one work that cannot both hold of it."""
    stated = [(mark.entry, read_claim(mark.claim)) for mark in marks if mark.claim and mark.sign > 0]
    for (one, first), (other, second) in combinations(dict.fromkeys(stated), 2):
        if one == other and first.clashes_with(second):
            yield f"You speak for {letters[one]} with {first} and {second}, which cannot both hold. Keep it?"
