"""Salon from a program: the standard library and nothing else, so that it runs in any training environment.

from feedback.client import Salon

path = Salon("https://salon.example", token).study("my-study").release(preset="trl").download("release")
data = load_dataset(str(path))
"""

from feedback.client.connection import Connection
from feedback.client.errors import BuildFailed, Damaged, FolderTaken, Refused, SalonError, Unreachable
from feedback.client.releases import Release
from feedback.client.salon import Added, Salon, Study

__all__ = [
    "Added",
    "BuildFailed",
    "Connection",
    "Damaged",
    "FolderTaken",
    "Refused",
    "Release",
    "Salon",
    "SalonError",
    "Study",
    "Unreachable",
]
