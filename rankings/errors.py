"""The refusals of the library: each says what is wrong with the judgements and what to do about it."""

from collections.abc import Iterable


class RankingError(ValueError):
    """Judgements or settings that cannot be used as they are."""


class NotSettledError(RankingError):
    """The likelihood has no maximum that the fit could reach."""


class ItemsError(RankingError):
    """A refusal that concerns certain items.

    Attributes
    ----------
    items : tuple of int
        The items concerned, in ascending order.
    """

    def __init__(self, items: Iterable[int], problem: str, remedy: str) -> None:
        self.items = tuple(sorted(int(item) for item in items))
        shown = ", ".join(str(item) for item in self.items[:10])
        more = f" and {len(self.items) - 10} more" if len(self.items) > 10 else ""
        noun = "item" if len(self.items) == 1 else "items"
        super().__init__(f"{noun} {shown}{more}: {problem}; {remedy}")
        self._parts = (self.items, problem, remedy)

    def __reduce__(self) -> tuple[type["ItemsError"], tuple[tuple[int, ...], str, str]]:
        return type(self), self._parts


class NotComparableError(ItemsError):
    """The judgements do not say how these items compare with the others."""


class TooFewClustersError(ItemsError):
    """Fewer than two clusters judged these items, so their spread between clusters is unknown."""


class PoorlyConnectedError(ItemsError):
    """The judgements join these items so loosely that standard errors of all of them would take minutes."""
