"""Pictures of a release: they decode, whether they lie beside the rows or in them, and are those that were judged."""

from io import BytesIO
from pathlib import Path

import torch
from datasets import Dataset, Image, load_dataset
from PIL import Image as Pillow
from PIL import ImageChops
from torch import nn

from tests.consumers.reading.checks import check
from tests.consumers.reading.probe import Probe, Work, probe
from tests.consumers.reading.training import held_out_works

STUDY, CRITERION = "pictures", "lighting"


@check("datasets", "pictures beside the rows (JSONL) and in them (Parquet, preset pickapic) decode and are the same")
def decoded(folder: Path) -> str:
    named = load_dataset(str(folder / "pictures"))
    held = load_dataset(str(folder / "pictures-parquet"))
    packed = load_dataset(str(folder / "pickapic"))
    assert isinstance(held["train"].features["media_0"], Image)
    count = 0
    for split, part in named.items():
        rows = zip(part, held[split], _by_works(part, packed[split]), strict=True)
        for row, with_pictures, with_bytes in rows:
            for side in (0, 1):
                original = Pillow.open(folder / "studies/pictures/media" / f"{row[f'work_{side}']}.png")
                beside = Pillow.open(folder / "pictures" / row[f"media_{side}"])
                inside = Pillow.open(BytesIO(with_bytes[f"jpg_{side}"]))
                assert same(beside, with_pictures[f"media_{side}"])
                assert same(beside, inside)
                assert beside.size == original.size
                count += 1
    return f"{count} pictures"


@check("datasets", "soft labels: shares of both sum to 1, pickapic's are those of pairs_soft")
def shares(folder: Path) -> str:
    named, packed = load_dataset(str(folder / "pictures")), load_dataset(str(folder / "pickapic"))
    ties = 0
    for split, part in named.items():
        for row, with_bytes in zip(part, _by_works(part, packed[split]), strict=True):
            assert row["label_0"] + row["label_1"] == with_bytes["label_0"] + with_bytes["label_1"] == 1
            assert row["label_0"] == with_bytes["label_0"]
            ties += row["label_0"] == 0.5
    return f"{sum(map(len, named.values()))} pairs, {ties} of them even"


def same(one: Pillow.Image, other: Pillow.Image) -> bool:
    return one.size == other.size and not ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getbbox()


def probe_pictures(score: nn.Module, folder: Path) -> Probe:
    """Whether the encoder prefers the better lit of two pictures of a held-out prompt."""

    def scored(works: list[Work]) -> list[float]:
        pictures = torch.stack([_pixels(folder / work.content) for work in works])
        with torch.no_grad():
            return score(pictures / 255)[:, 0].tolist()

    return probe(held_out_works(load_dataset(str(folder / "pictures")), folder, STUDY, CRITERION), scored)


def _pixels(path: Path) -> torch.Tensor:
    picture = Pillow.open(path).convert("RGB")
    return (
        torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8).view(*picture.size[::-1], 3).permute(2, 0, 1)
    )


def _by_works(part: Dataset, packed: Dataset) -> list[dict]:
    """The rows of preset pickapic in the order of these, by the works they are of."""
    found = {(row["image_0_uid"], row["image_1_uid"]): row for row in packed}
    return [found[row["work_0"], row["work_1"]] for row in part]
