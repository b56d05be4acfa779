"""Live: each judgement moves the newest fit's strengths within a second or two, from what the worker keeps in memory."""

from feedback.results.live.following import Following

__all__ = ["Following"]
