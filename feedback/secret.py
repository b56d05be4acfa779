"""Writes the key that signs sessions and links, once, readable by its owner alone."""

import os
import secrets
import sys
from pathlib import Path


def write_key(path: Path) -> bool:
    """Create the key file at `path` unless it exists; say whether it was created."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
    return True


if __name__ == "__main__":
    write_key(Path(sys.argv[1]) / "secret_key")
