"""A study folder that tells who made what wherever a folder can: nothing of it may reach a rater."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from tests.blinding import c2pa
from tests.blinding.secrets import Secret, digests
from tests.works.making import cube, cube_bytes, numbered, sine, write_film, write_glb, write_sound

COLOURS = ((178, 40, 40), (40, 60, 190), (60, 170, 60), (220, 210, 120))
FORMATS = ("png", "jpg", "gif", "webp")
SYLLABLES = ("ba", "ke", "ti", "mo", "zu", "ra", "ve", "lo", "pi", "xu", "na", "de", "fo", "gi", "ju", "sy")


def word(kind: str, number: object = 0) -> str:
    """A word that stands nowhere else: twelve letters made of the kind and the number."""
    made = hashlib.sha256(f"{kind} {number}".encode()).digest()
    return "".join(SYLLABLES[byte % 16] for byte in made[:6]).capitalize()


@dataclass
class Telling:
    """A study folder, its secrets, and by what a test knows a work that a rater sees."""

    path: Path
    slug: str
    secrets: list[Secret] = field(default_factory=list)
    markers: dict[bytes, str] = field(default_factory=dict)  # words in a text → its maker
    colours: dict[tuple[int, int, int], str] = field(default_factory=dict)  # of a picture → its maker
    files: dict[str, str] = field(default_factory=dict)  # work id → file name

    def keep(self, kind: str, value: str) -> str:
        """The value, from now on a secret."""
        self.secrets.append(Secret(kind, value))
        return value


def write_telling(
    path: Path,
    *,
    slug: str = "light",
    pictures: int = 2,
    texts: int = 2,
    moving: Sequence[str] = (),
    makers: int = 4,
    **settings: object,
) -> Telling:
    """`pictures` and `texts` prompts and one for each of `moving`, answered by `makers` makers, the last a person.

    `moving` are of "film", "sound" and "model".
    """
    (path / "media").mkdir(parents=True)
    told = Telling(path, slug)
    given = {
        "slug": slug,
        "title": "Light by the water",
        "brief": "Compare.",
        "form": "pair",
        "scale": "choice",
        "overlap": 2,
        "collection": told.keep("collection", word("collection").lower()),
    } | settings
    (path / "study.toml").write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in given.items()))
    hands = [_hand(told, number, person=number == makers - 1) for number in range(makers)]
    told.colours = dict(zip(COLOURS, [_name(hand) for hand in hands], strict=False))
    prompts, works = [], []
    for number in range(pictures + texts + len(moving)):
        prompt = _prompt(told, number)
        prompts.append(prompt)
        for at, hand in enumerate(hands):
            work = _work(told, prompt["id"], number, at) | hand
            if number < pictures:
                _add_picture(told, work, number, at)
            elif number < pictures + texts:
                _add_text(told, work, _name(hand))
            else:
                ADD[moving[number - pictures - texts]](told, work, number, at)
            works.append(work)
        works.append(_blocked(told, prompt["id"], number, hands[0]))
    _write_lines(path / "prompts.jsonl", prompts)
    _write_lines(path / "works.jsonl", works)
    _write_lines(path / "judgements.jsonl", [_past(told, works)])
    return told


def _hand(told: Telling, number: int, *, person: bool) -> dict[str, str]:
    """Names of very different lengths, with letters that every encoding treats in its own way."""
    name = " ".join([f"{word('maker', number)} & Söhne <{number}>", *[word("maker", f"{number}+")] * (2 * number)])
    if person:
        return {"maker": told.keep("maker", name)}
    version = f"{word('version', number)}-7.{number} β"
    return {"generator": told.keep("generator", name), "generator_version": told.keep("version", version)}


def _name(hand: dict[str, str]) -> str:
    return hand.get("generator") or hand["maker"]


def _prompt(told: Telling, number: int) -> dict[str, Any]:
    return {
        "id": told.keep("prompt id", word("prompt id", number)),
        "text": f"A light by the water, seen for the {['first', 'second', 'third', 'fourth'][number % 4]} time.",
        "group": told.keep("prompt group", word("prompt group", number % 2)),
        told.keep("prompt metadata key", word("prompt key", number)): told.keep(
            "prompt metadata", word("prompt value", number)
        ),
    }


def _work(told: Telling, prompt: str, number: int, at: int) -> dict[str, Any]:
    here = f"{number}-{at}"
    return {
        "id": told.keep("external id", f"{word('work', here)}/{at}"),
        "prompt": prompt,
        "licence": told.keep("licence", f"LicenseRef-{word('licence', at)}"),
        "consent": told.keep("consent", f"{word('consent', at)} gave it"),
        "source": told.keep("source", f"https://{word('source', at).lower()}.example/?a=1&b=<2>"),
        "purposes": ["show", "export", "train-reward-model"],
        told.keep("metadata key", word("key", at)): {"seed": [told.keep("metadata", f"{word('value', here)} ü")]},
    }


def _add_text(told: Telling, work: dict[str, Any], maker: str) -> None:
    mark = hashlib.sha256(work["id"].encode()).digest()[0:4].hex()
    work["text"] = f"Sheet {mark}. The lamp was lit & nobody <asked> by whom."
    told.markers[f"Sheet {mark}.".encode()] = maker
    told.secrets += digests("text checksum", work["text"].encode())


def _blocked(told: Telling, prompt: str, number: int, hand: dict[str, str]) -> dict[str, Any]:
    """A work that its maker did not consent to have shown."""
    return {
        "id": told.keep("external id", word("blocked work", number)),
        "prompt": prompt,
        "text": told.keep("blocked text", f"{word('blocked', number)} was never to be shown."),
        **hand,
    }


def _past(told: Telling, works: list[dict[str, Any]]) -> dict[str, Any]:
    """What somebody said elsewhere, brought along with the study."""
    return {
        "rater": told.keep("past rater", word("past rater")),
        "prompt": works[0]["prompt"],
        "works": [work["id"] for work in works[:2]],
        "criterion": "lighting",
        "ranks": [1, 2],
        "rationale": told.keep("past sentence", f"{word('past sentence')} is better."),
    }


def _add_picture(told: Telling, work: dict[str, Any], number: int, at: int) -> None:
    kind, here = FORMATS[(at + number) % len(FORMATS)], f"{number}-{at}"
    work["file"] = told.keep("file name", f"{word('file', here)} & {at}.{kind}")
    told.files[work["id"]] = work["file"]
    path = told.path / "media" / work["file"]
    frames = [_drawn(at, number, frame) for frame in range(3 if kind == "gif" else 1)]
    frames[0].save(path, **_metadata(told, kind, here, frames[1:]))
    if kind in {"png", "jpg"}:
        c2pa.put(path, c2pa.manifest(told.keep("C2PA", word("C2PA", here))))
    told.secrets += digests("original checksum", path.read_bytes())


def _file(told: Telling, work: dict[str, Any], here: str, suffix: str) -> Path:
    work["file"] = told.keep("file name", f"{word('file', here)} & {suffix}")
    told.files[work["id"]] = work["file"]
    return told.path / "media" / work["file"]


def _tags(told: Telling, kind: str, here: str) -> dict[str, str]:
    """What a container says of its maker."""
    return {name: told.keep(f"{kind} {name}", word(f"{kind} {name}", here)) for name in ("title", "artist", "comment")}


def _add_film(told: Telling, work: dict[str, Any], number: int, at: int) -> None:
    """The same film by everybody; only the tags tell."""
    here = f"{number}-{at}"
    path = _file(told, work, here, ".mp4")
    tone = sine(0.4)
    write_film(path, [numbered(frame) for frame in range(10)], sound=tone, **_tags(told, "MP4", here))
    c2pa.put(path, c2pa.manifest(told.keep("C2PA", word("C2PA", here))))
    told.secrets += digests("original checksum", path.read_bytes())


def _add_sound(told: Telling, work: dict[str, Any], number: int, at: int) -> None:
    """The same sound by everybody; only the tags tell."""
    here = f"{number}-{at}"
    path = _file(told, work, here, ".mp3")
    write_sound(path, sine(0.6), **_tags(told, "ID3", here))
    told.secrets += digests("original checksum", path.read_bytes())


def _add_model(told: Telling, work: dict[str, Any], number: int, at: int) -> None:
    """The same cube by everybody; names, extras and the asset's maker tell."""
    here = f"{number}-{at}"
    path = _file(told, work, here, ".glb")

    def secret(name: str) -> str:
        return told.keep(f"glTF {name}", word(f"glTF {name}", here))

    document = cube()
    document["asset"] |= {"generator": secret("generator"), "copyright": secret("copyright")}
    document["nodes"][0] |= {"name": secret("node"), "extras": {"by": secret("extras")}}
    document["materials"][0] |= {"name": secret("material")}
    write_glb(path, document, cube_bytes())
    told.secrets += digests("original checksum", path.read_bytes())


ADD = {"film": _add_film, "sound": _add_sound, "model": _add_model}


def _drawn(at: int, number: int, frame: int) -> Image.Image:
    image = Image.new("RGB", (96, 64), COLOURS[at])
    ImageDraw.Draw(image).ellipse((10 + 6 * frame, 10 + 9 * number, 24 + 6 * frame, 24 + 9 * number), "white")
    return image


def _metadata(told: Telling, kind: str, here: str, more: list[Image.Image]) -> dict[str, Any]:
    """All that a file of this kind can say of its maker."""
    if kind == "gif":
        comment = told.keep("GIF comment", word("GIF comment", here)).encode()
        return {"comment": comment, "save_all": True, "append_images": more, "duration": 80, "loop": 3}
    exif = Image.Exif()
    exif[0x013B] = told.keep("EXIF", word("EXIF", here))  # artist
    exif[0x9C9D] = told.keep("EXIF author", word("EXIF author", here)).encode("utf-16-le")
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><!-- {told.keep('XMP', word('XMP', here))} --></x:xmpmeta>"
    said: dict[str, Any] = {"exif": exif.tobytes(), "icc_profile": _profile(told, here)}
    if kind == "png":
        text = PngImagePlugin.PngInfo()
        text.add_text("Software", told.keep("PNG text", word("PNG text", here)))
        text.add_itxt("XML:com.adobe.xmp", xmp)
        return said | {"pnginfo": text}
    if kind == "jpg":
        said["comment"] = told.keep("JPEG comment", word("JPEG comment", here)).encode()
    return said | {"xmp": xmp.encode()}


def _profile(told: Telling, here: str) -> bytes:
    """A colour profile that works, with a name that tells."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    name = "sRGB built-in".encode("utf-16-be")
    if name not in plain:
        raise ValueError("the profile has another name than it used to")
    return plain.replace(name, f"{told.keep('ICC', word('ICC', here))}.".encode("utf-16-be"))


def _write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
