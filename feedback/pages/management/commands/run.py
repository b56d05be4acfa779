"""The site and its background worker, started and stopped together."""

import ctypes
import signal
import socket
import subprocess
import sys
import time
from types import FrameType
from typing import Any
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.safety import refuse_unsafe_database

STOP_WITHIN = 20  # seconds
PARENT_DIED = 1  # PR_SET_PDEATHSIG of Linux's prctl


class Command(BaseCommand):
    help = "Serve the site on PORT and run the background worker beside it. Ctrl-C stops both."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
        parser.add_argument(
            "--demo", action="store_true", help="bring everything up to date first, with a demonstration"
        )
        parser.add_argument("--quiet", action="store_true", help="print no sign-in links")

    def handle(self, *args: Any, **options: Any) -> None:
        host = options["host"]
        _refuse_taken_port(host)
        if options["demo"]:
            call_command("prepare", demo=True, stdout=self.stdout, stderr=self.stderr)
        refuse_unsafe_database()
        signal.signal(signal.SIGTERM, _stop)
        site = [
            sys.executable, "-m", "granian", "feedback.wsgi:application", "--interface", "wsgi", "--no-ws",
            "--host", host, "--port", str(settings.PORT), "--workers", "1", "--blocking-threads", "4",
            "--backpressure", "64", "--log-level", "warning",
        ]  # fmt: skip
        commands = [site, [sys.executable, "manage.py", "work"]]
        # The children get their own process group: Ctrl-C reaches this process, which stops them in order.
        children = [
            subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True, preexec_fn=_end_with_parent)  # noqa: S603, PLW1509 - our own commands, from our only thread
            for command in commands
        ]
        try:
            self.greet(host, quiet=options["quiet"])
            while all(child.poll() is None for child in children):
                time.sleep(0.2)
            raise CommandError("The site or its worker ended by itself; its last words are above.")
        except KeyboardInterrupt:
            self.stdout.write("\nStopping.")
        finally:
            for child in children:
                child.terminate()
            for child in children:
                try:
                    child.wait(timeout=STOP_WITHIN)
                except subprocess.TimeoutExpired:
                    child.kill()

    def greet(self, host: str, *, quiet: bool) -> None:
        """Say where the site is, once it answers."""
        address = f"http://{host}:{settings.PORT}/health/"
        for _ in range(150):
            try:
                urlopen(address, timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        self.stdout.write(f"\nSalon is open at {settings.BASE_URL}/\n")
        if not quiet:
            call_command("sign_in", stdout=self.stdout)
        self.stdout.write("Ctrl-C stops it; `make sign-in` prints fresh links.\n")
        self.stdout.flush()


def _refuse_taken_port(host: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, settings.PORT))
        except OSError as error:
            raise CommandError(
                f"Port {settings.PORT} is taken: stop what listens there, or choose with PORT=8001."
            ) from error


def _end_with_parent() -> None:
    """In a child to be: have Linux stop it when this process is killed outright and can no longer do it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGTERM)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
