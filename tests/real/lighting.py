"""Scenes under four lights: rendered with POV-Ray, and photographs with their exposure and colour changed."""

import json
from pathlib import Path

from PIL import ImageCms

from tests.real.folder import CRITERION, Row, write_study

LICENCES = {"public domain": "LicenseRef-public-domain", "CC0": "CC0-1.0", "CC-BY-3.0": "CC-BY-3.0"}


def study_of(data: Path, folder: Path) -> Path:
    """A study of pairs. Each picture is stamped as cameras and editors do it: with what it is, in its metadata."""
    shown = pictures(data)
    write_study(
        folder,
        settings={"slug": "lights", "title": "Scenes and their light", "overlap": 1, "rationale": "off"},
        criteria={CRITERION: "Whose light serves the scene better?"},
        prompts=[
            {"id": scene, "text": f"Scene {number}", "group": scene.partition("_")[0]}
            for number, scene in enumerate(dict.fromkeys(one["prompt_id"] for one in shown), 1)
        ],
        works=map(_work, shown),
    )
    (folder / "media").mkdir()
    for one in shown:
        name = Path(one["file"]).name
        (folder / "media" / name).write_bytes(stamped((data / "media" / one["file"]).read_bytes(), name))
    return folder


def pictures(data: Path) -> list[Row]:
    """The variants of light in the manifest; its other pictures are of other things."""
    manifest = json.loads((data / "media" / "manifest.json").read_text())
    return [one for one in manifest if one["kind"] == "image" and one["prompt_id"].startswith(("pov_", "photo_"))]


def stamped(jpeg: bytes, name: str) -> bytes:
    """The picture with its name in EXIF (as the description), in XMP and in a comment, and with a colour profile."""
    label = name.encode() + b"\0"
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x0e\x01\x02\0" + len(label).to_bytes(4, "little")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    undated = profile[:24] + bytes(12) + profile[36:]
    parts = [
        (0xE1, exif + b"\x1a\0\0\0\0\0\0\0" + label),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + label[:-1] + b"</x:xmpmeta>"),
        (0xE2, b"ICC_PROFILE\0\x01\x01" + undated),
        (0xFE, label),
    ]
    head = b"".join(b"\xff" + bytes([mark]) + (len(part) + 2).to_bytes(2) + part for mark, part in parts)
    return jpeg[:2] + head + jpeg[2:]


def _work(one: Row) -> Row:
    return {
        "id": f"{one['prompt_id']}__{one['system']}",
        "prompt": one["prompt_id"],
        "generator": one["system"],
        "file": Path(one["file"]).name,
        "licence": next(spdx for words, spdx in LICENCES.items() if words in one["licence"]),
        "source": one["source"],
        "purposes": ["show", "export"],
        "edit": one["note"],
    }
