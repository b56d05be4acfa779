"""What can go wrong; every message says what to do."""

from collections.abc import Sequence


class SalonError(Exception):
    """Something that the client could not do."""


class Unreachable(SalonError):
    """The site did not answer, or not to the end."""


class Refused(SalonError):
    """The site said no: what was wrong, where, and what to do."""

    def __init__(
        self, status: int, detail: str, *, where: str = "", remedy: str = "", faults: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail
        self.where = where
        self.remedy = remedy
        self.faults = list(faults)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        others = "".join(f"\n  {where}: {detail}" for where, detail in self.faults[1:])
        return f"{place}{self.detail} {self.remedy} (HTTP {self.status}){others}".strip()


class BuildFailed(SalonError):
    """The release could not be built; the message is the site's reason."""


class Damaged(SalonError):
    """What arrived is not what the site holds; nothing of it was kept."""


class FolderTaken(SalonError):
    """Something else stands where the release should go."""
