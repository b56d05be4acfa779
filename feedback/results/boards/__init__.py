"""Leaderboards: who is best, how sure that is, and what cannot be told apart."""

from feedback.results.boards.board import Board
from feedback.results.boards.making import LEVEL, Best, Boards, Ranked, boards_of, ranked

__all__ = ["LEVEL", "Best", "Board", "Boards", "Ranked", "boards_of", "ranked"]
