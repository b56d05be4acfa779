"""A line to the site that breaks: it lets so many bytes through and then hangs up, or changes one on the way."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CHUNK = 1 << 14


@dataclass
class Line:
    """What happens to requests whose path matches: `cuts` of them break off, each way after so many bytes."""

    site: str
    path: str = "never"
    cuts: int = 0
    up: int = 1 << 40
    down: int = 1 << 40
    spoils: int = 0
    url: str = ""
    requests: list[str] = field(default_factory=list)

    def ranges(self) -> list[str]:
        """The ranges of bytes that were asked for."""
        return [found for one in self.requests for found in re.findall(r"(?mi)^range: (.*?)\r$", one)]


@contextmanager
def line_to(site: str, **how: object) -> Iterator[Line]:
    """A line to the site, on a port of its own."""
    line = Line(site, **how)
    with socket.create_server(("127.0.0.1", 0)) as server:
        line.url = f"http://127.0.0.1:{server.getsockname()[1]}"
        threading.Thread(target=_listen, args=(server, line), daemon=True).start()
        yield line


def _listen(server: socket.socket, line: Line) -> None:
    with suppress(OSError):
        while True:
            caller, _ = server.accept()
            threading.Thread(target=_carry, args=(caller, line), daemon=True).start()


def _carry(caller: socket.socket, line: Line) -> None:
    parts = urlsplit(line.site)
    with caller, socket.create_connection((parts.hostname, parts.port)) as site, suppress(OSError):
        head = b""
        while b"\r\n\r\n" not in head:
            head += caller.recv(CHUNK)
        request, _, body = head.partition(b"\r\n\r\n")
        line.requests.append(request.decode() + "\r\n")
        meant = re.search(line.path, request.decode().split("\r\n", 1)[0]) is not None
        breaks, spoils = meant and line.cuts > 0, meant and line.spoils > 0
        line.cuts -= breaks
        line.spoils -= spoils and not breaks
        site.sendall(request + b"\r\n\r\n")
        length = int((re.findall(rb"(?mi)^content-length: (\d+)", request) or [b"0"])[0])
        _pass_on(caller, site, min(length, line.up) if breaks else length, first=body)
        if breaks and length > line.up:
            return
        _answer(site, caller, line.down if breaks else 1 << 40, spoils=spoils)


def _pass_on(source: socket.socket, to: socket.socket, most: int, *, first: bytes = b"") -> None:
    chunk = first[:most]
    while most > 0:
        to.sendall(chunk)
        most -= len(chunk)
        if most > 0 and not (chunk := source.recv(min(CHUNK, most))):
            return


def _answer(site: socket.socket, caller: socket.socket, most: int, *, spoils: bool) -> None:
    while most > 0 and (chunk := site.recv(min(CHUNK, most))):
        if spoils and b"\r\n\r\n" not in chunk and len(chunk) > 100:
            chunk, spoils = bytes([chunk[0] ^ 1]) + chunk[1:], False
        caller.sendall(chunk)
        most -= len(chunk)
