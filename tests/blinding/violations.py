"""Looks through responses for anything that tells who made a work."""

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb

import av
from PIL import Image

from tests.blinding.crawl import MEDIA, Response, Task, task_of
from tests.blinding.folder import Telling
from tests.blinding.secrets import Index, Secret

TELLING_HEADERS = ("ETag", "Last-Modified", "Content-Disposition", "Server-Timing", "Content-Location", "X-Sendfile")
CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
NEUTRAL_TAGS = {("ENCODER", "Lavf"), ("encoder", "Lavf"), ("language", "und")}
CHANCE = 1e-6  # how rarely a fair order may be taken for a told one


@dataclass(frozen=True, order=True)
class Violation:
    """What leaks, in which dress, in which part of which response."""

    kind: str
    encoding: str
    place: str
    url: str


def violations(responses: Sequence[Response], told: Telling) -> list[Violation]:
    """All that the responses tell of the makers."""
    contents = {response.body for response in responses if _is_work(response)}
    checksums = [Secret("shown checksum", hashlib.sha256(content).hexdigest()) for content in contents]
    index = Index([*told.secrets, *checksums])
    found = {violation for response in responses for violation in _said(response, index)}
    for rule in (_telling_headers, _metadata, _addresses):
        found.update(violation for response in responses for violation in rule(response))
    return sorted(found | set(_order(responses, told)))


def _is_work(response: Response) -> bool:
    return response.view == "shown_work" and response.method == "GET" and response.status == 200


def _is_static(response: Response) -> bool:
    return response.url.startswith("/static/")


def _said(response: Response, index: Index) -> Iterator[Violation]:
    """Secrets, in any encoding, in any part."""
    parts = [("url", response.url), *response.headers, *[("cookie", cookie) for cookie in response.cookies]]
    for place, text in [*[(place, f"{place}: {text}".encode()) for place, text in parts], ("body", response.body)]:
        for needle in index.find(text):
            yield Violation(needle.secret.kind, needle.encoding, place, response.url)


def _telling_headers(response: Response) -> Iterator[Violation]:
    """Headers by which a content could be known again."""
    if not _is_static(response):
        for name in TELLING_HEADERS:
            if response.header(name):
                yield Violation("header", name, name, response.url)


def _metadata(response: Response) -> Iterator[Violation]:
    """Anything in a work that is not the work."""
    if _is_work(response):
        for more in BESIDES.get(response.header("Content-Type"), _beside_a_picture)(response.body):
            yield Violation("metadata", more, "body", response.url)


def _beside_a_picture(body: bytes) -> list[str]:
    return [chunk.decode("latin-1") for chunk in chunks(body) if chunk not in CHUNKS]


def _beside_a_film(body: bytes) -> list[str]:
    """WebM: what the container and its tracks say beyond their length and that some encoder made them."""
    with av.open(io.BytesIO(body)) as film:
        said = [film.metadata, *(stream.metadata for stream in film.streams)]
    return [
        f"{name}: {value}"
        for each in said
        for name, value in each.items()
        if (name, value) not in NEUTRAL_TAGS and name != "DURATION"
    ]


def _beside_a_sound(body: bytes) -> list[str]:
    """FLAC: blocks other than its measures and seek table, and comments in the block that an encoder must write."""
    found, at, last = [], 4, False
    while not last:
        last, kind, length = body[at] >> 7 == 1, body[at] & 127, int.from_bytes(body[at + 1 : at + 4], "big")
        block = body[at + 4 : at + 4 + length]
        comments = int.from_bytes(block[4 + int.from_bytes(block[:4], "little") :][:4], "little") if kind == 4 else 0
        if kind not in {0, 1, 3, 4} or comments:
            found.append(f"block {kind}")
        at += 4 + length
    return found


def _beside_a_model(body: bytes) -> list[str]:
    """GLB: names, extras, and who exported it."""
    document = body[20 : 20 + int.from_bytes(body[12:16], "little")].decode()
    return [key for key in ("name", "extras", "generator", "copyright") if f'"{key}":' in document.replace(" ", "")]


BESIDES = {
    "video/webm": _beside_a_film,
    "audio/flac": _beside_a_sound,
    "model/gltf-binary": _beside_a_model,
}


def chunks(webp: bytes) -> list[bytes]:
    """The names of a WebP file's chunks, and what is not WebP as one of its own."""
    if webp[:4] != b"RIFF" or webp[8:12] != b"WEBP" or int.from_bytes(webp[4:8], "little") + 8 != len(webp):
        return [webp[:4]]
    names, at = [], 12
    while at < len(webp):
        names.append(webp[at : at + 4])
        length = int.from_bytes(webp[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return names


def _addresses(response: Response) -> Iterator[Violation]:
    """Addresses of works say the assignment and the position, and nothing else."""
    for link in response.links:
        if "/works/" in link and not MEDIA.fullmatch(link):
            yield Violation("address", "", "body", link)
    for image in re.findall(r'<img[^>]* src="([^"]*)"', response.text) if response.is_page else []:
        if not MEDIA.fullmatch(image):
            yield Violation("address", "", "body", image)


def _order(responses: Sequence[Response], told: Telling) -> Iterator[Violation]:
    """A maker that stands left, or right, more often than chance allows."""
    shown = [makers for makers in orders(responses, told).values() if len(set(makers)) == 2]
    first = Counter(makers[0] for makers in shown)
    met = Counter(maker for makers in shown for maker in makers)
    trials = {maker: (first[maker], met[maker]) for maker in met}
    trials["by name"] = (sum(makers[0] < makers[1] for makers in shown), len(shown))
    for maker, (successes, number) in trials.items():
        if chance(successes, number) < CHANCE:
            yield Violation("order", maker, "body", "")


def chance(successes: int, number: int) -> float:
    """How likely a fair coin is to be as far off as this, either way."""
    tail = min(successes, number - successes)
    return min(1.0, 2 * sum(comb(number, k) for k in range(tail + 1)) / 2**number)


def orders(responses: Sequence[Response], told: Telling) -> dict[str, list[str]]:
    """Makers from left to right, by assignment, as a test can know them from what is shown."""
    seen = {
        response.url: picture_maker(response.body, told)
        for response in responses
        if _is_work(response) and response.header("Content-Type") == "image/webp"
    }
    tasks = {task.id: task for response in responses if (task := task_of(response))}
    return {id_: makers for id_, task in tasks.items() if (makers := makers_on(task, seen, told))}


def makers_on(task: Task, seen: dict[str, str], told: Telling) -> list[str]:
    if task.pictures:
        return [seen[url] for url in task.pictures] if all(url in seen for url in task.pictures) else []
    places = {task.html.find(marker.decode()): maker for marker, maker in told.markers.items()}
    return [places[at] for at in sorted(places) if at >= 0]


def picture_maker(body: bytes, told: Telling) -> str:
    """Whose picture it is, by its colour."""
    with Image.open(io.BytesIO(body)) as image:
        colour = image.convert("RGB").getpixel((2, 2))
    nearest = min(told.colours, key=lambda known: sum((a - b) ** 2 for a, b in zip(known, colour, strict=True)))
    return told.colours[nearest]
