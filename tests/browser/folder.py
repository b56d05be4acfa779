"""A small study for the browser: pictures and texts by makers whose names nothing may tell."""

import json
from pathlib import Path

from PIL import Image, ImageDraw, PngImagePlugin

MAKERS = ("Zyzzogeton 7", "Quomodocunquize 3", "Floccinauci 9")
SECRET = "tell-tale-metadata"
RIGHTS = {
    "licence": "CC0-1.0",
    "consent": "made for the tests",
    "source": "tests",
    "purposes": ["show", "export", "train-reward-model"],
}
COLOURS = ((178, 92, 60), (70, 96, 120), (206, 190, 150))
LINES = (
    "The lamp was lit before the boat came in, and nobody asked by whom.",
    "A boat came. It was dark. Then it was over.",
    "She counted the steps down to the water, and the light counted with her.",
)


def write_folder(folder: Path, *, slug: str = "browser", pictures: int = 4, texts: int = 3, **settings: object) -> Path:
    """A study of `pictures` and `texts` prompts with three works each."""
    (folder / "media").mkdir(parents=True)
    given = {"slug": slug, "title": f"Light and {slug}", "form": "pair", "scale": "choice", "overlap": 2} | settings
    (folder / "study.toml").write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in given.items()))
    prompts, works = [], []
    for number in range(pictures + texts):
        prompt = f"brief-{number}"
        prompts.append({"id": prompt, "text": f"Brief number {number}: a light by the water."})
        for at, maker in enumerate(MAKERS):
            name, version = maker.split()
            work = {
                "id": f"{prompt}-{name}",
                "prompt": prompt,
                "generator": name,
                "generator_version": version,
            } | RIGHTS
            if number < pictures:
                work["file"] = f"{prompt}-{name}.png"
                _picture(folder / "media" / work["file"], at, number, maker)
            else:
                work["text"] = f"{LINES[at]} ({number})"
            works.append(work)
    _write_lines(folder / "prompts.jsonl", prompts)
    _write_lines(folder / "works.jsonl", works)
    return folder


def _picture(path: Path, at: int, number: int, maker: str) -> None:
    image = Image.new("RGB", (600, 400), COLOURS[at])
    ImageDraw.Draw(image).ellipse((60 + 60 * number, 80, 260 + 60 * number, 280), fill=COLOURS[(at + 1) % 3])
    said = PngImagePlugin.PngInfo()
    said.add_text("Software", f"{maker} {SECRET}")
    image.save(path, pnginfo=said)


def _write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
