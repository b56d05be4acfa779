"""Planning: what is asked next, and how much there is still to ask."""

from feedback.results.planning.rounds import plan_next, running_low

__all__ = ["plan_next", "running_low"]
