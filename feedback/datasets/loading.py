"""The lines of Python that load a release."""

import json
from dataclasses import dataclass

from feedback.datasets.models import Release
from feedback.datasets.reading.splits import SPLITS
from feedback.datasets.serving import address_of

BUILDERS = {"parquet": "parquet", "csv": "csv"}


@dataclass(frozen=True)
class Lines:
    """A way to load it: what it is good for, and the code."""

    title: str
    says: str
    code: str


def loading(release: Release, key: str) -> list[Lines]:
    """The whole with its card and its media, and its rows straight from here; the key opens both."""
    whole = Lines(
        "The whole of it",
        "With every column typed by its card, and the files of works beside the rows.",
        "import datasets, io, urllib.request, zipfile\n"
        f'zipfile.ZipFile(io.BytesIO(urllib.request.urlopen("{address_of(release, key=key)}").read()))'
        '.extractall("release")\n'
        'data = datasets.load_dataset("release")',
    )
    data = release.files.data().filter(view=release.terms["views"][0], offset__isnull=False)
    paths = {split: [file.path for file in data if file.split == split] for split in SPLITS}
    files = {split: [address_of(release, path, key=key) for path in of] for split, of in paths.items() if of}
    if not files:
        return [whole]
    builder = BUILDERS.get(release.terms["format"], "json")
    rows = Lines(
        "Its rows, from here",
        "Nothing to unpack; streams with streaming=True. Needs the package aiohttp.",
        f'import datasets\nfiles = {json.dumps(files)}\ndata = datasets.load_dataset("{builder}", data_files=files)',
    )
    return [whole, rows]
