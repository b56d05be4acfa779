"""Every write about releases: freezing them, writing them to a folder, and asking for them to be built."""

from feedback.datasets.actions.building import ask_for_release, cancel_build, run_build
from feedback.datasets.actions.downloading import note_download
from feedback.datasets.actions.freezing import Frozen, freeze_release, may_release
from feedback.datasets.actions.writing import write_release

__all__ = [
    "Frozen",
    "ask_for_release",
    "cancel_build",
    "freeze_release",
    "may_release",
    "note_download",
    "run_build",
    "write_release",
]
