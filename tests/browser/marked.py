"""A small study of every medium that two raters judged elsewhere, with their marks."""

import json
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from tests.browser.folder import LINES, RIGHTS
from tests.works.making import cube, cube_bytes, numbered, sine, write_film, write_glb, write_sound

MEDIA = ("image", "text", "video", "audio", "model")
NOTE = "The glow on the wall has no lamp to come from."


def write_marked(folder: Path, *, slug: str = "marked") -> Path:
    """One prompt for each medium with two works, judged by Ann and Ben, each with two marks."""
    (folder / "media").mkdir(parents=True)
    criterion = '[[criteria]]\nslug = "light"\nname = "Lighting"\ndefinition = "Does the light have a source?"\n'
    settings = f'slug = "{slug}"\ntitle = "Light by the water"\nscale = "strength"\ntags = ["shadow", "glow"]\n'
    (folder / "study.toml").write_text(settings + criterion)
    write_lines(folder / "prompts.jsonl", [{"id": one, "text": f"A light by the water, as {one}."} for one in MEDIA])
    write_lines(folder / "works.jsonl", [_work(folder, medium, side) for medium in MEDIA for side in (0, 1)])
    answers = [_answer(medium, rater) for medium in MEDIA for rater in ("Ann", "Ben")]
    write_lines(folder / "judgements.jsonl", answers)
    write_lines(folder / "marks.jsonl", [mark for answer in answers for mark in _marks(answer)])
    return folder


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def _work(folder: Path, medium: str, side: int) -> dict[str, Any]:
    work = {"id": f"{medium}-{side}", "prompt": medium, "generator": f"Zyzzogeton {side}"} | RIGHTS
    if medium == "text":
        return work | {"text": LINES[side]}
    suffix = {"image": "png", "video": "webm", "audio": "flac", "model": "glb"}[medium]
    path = folder / "media" / f"{work['id']}.{suffix}"
    match medium:
        case "image":
            _picture(side).save(path)
        case "video":
            write_film(path, [numbered(frame + side, (192, 128)) for frame in range(50)])
        case "audio":
            write_sound(path, sine(2, hertz=440 * (side + 1)))
        case "model":
            write_glb(path, cube(), cube_bytes())
    return work | {"file": path.name}


def _picture(side: int) -> Image.Image:
    picture = Image.new("RGB", (600, 400), ((178, 92, 60), (70, 96, 120))[side])
    ImageDraw.Draw(picture).ellipse((80 + 100 * side, 80, 300 + 100 * side, 300), (206, 190, 150))
    return picture


def _answer(medium: str, rater: str) -> dict[str, Any]:
    works = [f"{medium}-0", f"{medium}-1"]
    shown = works if rater == "Ann" else works[::-1]
    said = {"rater": rater, "prompt": medium, "works": shown, "criterion": "light", "strength": 2}
    return said | {"rationale": f"{rater} saw where the light comes from."}


def _marks(answer: dict[str, Any]) -> list[dict[str, Any]]:
    whose = {name: answer[name] for name in ("rater", "prompt", "works")}
    first, second = PLACES[answer["prompt"]][answer["rater"]]
    good = {"work": f"{answer['prompt']}-0", "tag": "glow", "sign": 1, "criterion": "light"}
    bad = {"work": f"{answer['prompt']}-1", "tag": "shadow", "sign": -1, "note": NOTE}
    return [whose | good | first, whose | bad | second]


def _words(side: int, quote: str) -> dict[str, Any]:
    start = LINES[side].index(quote)
    return {"kind": "words", "place": {"start": start, "end": start + len(quote), "quote": quote}}


def _spot(face: int) -> dict[str, Any]:
    place = {"mesh": 0, "primitive": 0, "face": face, "barycentric": [0.4, 0.3, 0.3], "position": [0.0, 0.0, 0.0]}
    return {"kind": "spot", "place": place}


def _kind(name: str, **place: Any) -> dict[str, Any]:
    return {"kind": name, "place": place}


PLACES = {
    "image": {
        "Ann": (_kind("box", x=100, y=90, width=150, height=120), _kind("point", x=400, y=200)),
        "Ben": (_kind("point", x=200, y=300), _kind("brush", size=12, strokes=[[[60, 60], [120, 90], [200, 70]]])),
    },
    "text": {
        "Ann": (_words(0, "The lamp was lit"), _words(1, "It was dark")),
        "Ben": (_words(0, "nobody asked"), _words(1, "A boat came")),
    },
    "video": {
        "Ann": (_kind("moment", time=0.4, frame=10), _kind("box", x=20, y=20, width=60, height=40, frame=30, time=1.2)),
        "Ben": (_kind("span", start=0.4, end=1.2, first=10, last=29), _kind("point", x=90, y=60, frame=40, time=1.6)),
    },
    "audio": {
        "Ann": (_kind("moment", time=0.5), _kind("span", start=0.8, end=1.4)),
        "Ben": (_kind("moment", time=1.2), _kind("moment", time=1.8)),
    },
    "model": {"Ann": (_spot(0), _spot(1)), "Ben": (_spot(2), _spot(3))},
}
