"""A site in processes of its own, with its own data folder and database, to be killed and started again."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.durability.databases import database, query
from tests.durability.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
KEY = "a key for the sites that durability tests start, longer than fifty characters"
STARTS_WITHIN = 90.0  # seconds, on a machine that does much else


class Site:
    """One data folder and database, and the processes that use them."""

    def __init__(self, data: Path, database_url: str) -> None:
        self.data = data
        self.database_url = database_url
        self.port = _free_port()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.server: subprocess.Popen[bytes] | None = None
        self.environment = _environment() | {
            "DATA_DIR": str(data),
            "DATABASE_URL": database_url,
            "SECRET_KEY": KEY,
            "DJANGO_SETTINGS_MODULE": "feedback.settings",
            "PORT": str(self.port),
            "BASE_URL": f"http://127.0.0.1:{self.port}",
        }

    # Processes

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    def serving(self, *, workers: int = 1, threads: int = 4) -> list[str]:
        """The web server as `manage.py run` starts it."""
        return [
            sys.executable, "-m", "granian", "feedback.wsgi:application", "--interface", "wsgi", "--no-ws",
            "--host", "127.0.0.1", "--port", str(self.port), "--workers", str(workers),
            "--blocking-threads", str(threads), "--backpressure", "64", "--log-level", "warning",
        ]  # fmt: skip

    def spawn(self, command: Sequence[str], **more: str) -> subprocess.Popen[bytes]:
        """Start a process, the first of its own group; `more` is added to its environment."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment | more, stdout=log, stderr=log, start_new_session=True
            )
        self.processes.append(process)
        return process

    def run(self, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        """Run to the end, within two minutes."""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            out, err = process.communicate(timeout=120)
        except BaseException:
            end(process)
            process.communicate()
            raise
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def manage(self, *arguments: str) -> str:
        """What a management command prints; it must succeed."""
        done = self.run(self.command(*arguments))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *, workers: int = 1, threads: int = 4) -> None:
        self.server = self.spawn(self.serving(workers=workers, threads=threads))
        deadline = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"The server did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=10).close()
        except OSError:
            return False
        return True

    def kill(self, process: "subprocess.Popen[bytes] | None" = None) -> None:
        """kill -9 of a process (the server's, unless told otherwise) and of what it has started."""
        process = process or self.server
        assert process is not None
        end(process)

    def end(self) -> None:
        for process in self.processes:
            end(process)

    # What is in it

    @property
    def log(self) -> Path:
        return self.data / "log.txt"

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return query(self.database_url, sql, *parameters)

    def value(self, sql: str, *parameters: Any) -> Any:
        """The one value that a query gives."""
        [(value,)] = self.rows(sql, *parameters)
        return value

    def visitor(self, study: str, number: int = 1, role: str = "rater") -> Visitor:
        """Somebody who was invited to the study, signed in; raters have agreed to the consent text."""
        link = json.loads((self.data / "links.json").read_text())[study][role][number - 1]
        visitor = Visitor("127.0.0.1", self.port)
        visitor.sign_in(urlsplit(link).path)
        return visitor

    def visitors(self, study: str, number: int) -> list[Visitor]:
        return [self.visitor(study, one) for one in range(1, number + 1)]


@dataclass(frozen=True)
class Mould:
    """A prepared site that others are cast from: migrated, with studies and invitations."""

    data: Path
    static: Path  # settings.STATIC_ROOT, collected once for the whole run
    database_url: str

    @contextmanager
    def cast(self, folder: Path) -> Iterator[Site]:
        """A site of its own in `folder`; what it starts ends with the block."""
        data = folder / "data"
        shutil.copytree(self.data, data)
        (data / "static").symlink_to(self.static)
        with database(data, like=self.database_url) as url:
            site = Site(data, url)
            try:
                yield site
            finally:
                site.end()


@contextmanager
def mould(data: Path, *, static: Path) -> Iterator[Mould]:
    data.mkdir()
    with database(data) as url:
        done = Site(data, url).run([sys.executable, "-m", "tests.durability.studies", str(data)])
        assert done.returncode == 0, done.stderr
        yield Mould(data, static, url)


def tampered(*changes: str, **settings: Any) -> dict[str, str]:
    """The environment of a site with guards removed; see tampering.py and tampered.py."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.durability.tampered",
        "SALON_TAMPERING": ",".join(changes),
        "SALON_TAMPERED_SETTINGS": json.dumps(settings),
    }


def end(process: "subprocess.Popen[bytes]") -> None:
    """kill -9 of the process group that the process leads, unless the process is known to be gone."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)


def _environment() -> dict[str, str]:
    """Ours, without what is set for the tests' own process."""
    ours = {"DJANGO_ALLOW_ASYNC_UNSAFE", "DJANGO_SETTINGS_MODULE", "DEBUG", "ALLOWED_HOSTS"}
    return {name: value for name, value in os.environ.items() if name not in ours}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
