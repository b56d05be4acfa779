"""croissant.json: the release as Croissant 1.1 describes datasets, with its checksums, its makers and its terms of use.

No clock: `datePublished` is the day of the last judgement, so that the same release has the same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from feedback.datasets.columns import Column
from feedback.datasets.documents.annotation import annotation
from feedback.datasets.documents.card import ONE_LICENCE
from feedback.datasets.documents.configs import Manifest, views_of
from feedback.datasets.documents.text import counted, one_line
from feedback.datasets.documents.vocabulary import CONTEXT, ENCODINGS, MEDIA, SPLIT_TERMS, TYPES, VERSIONS
from feedback.datasets.lines import document
from feedback.datasets.reading.splits import SPLITS

UNKNOWN = "application/octet-stream"
SPLIT_OF_PATH = rf"(?:.*/)?({'|'.join(SPLITS)})(?:-\d.*)?$"  # of a split's name too: readers apply it twice


def croissant(manifest: Manifest, columns: Mapping[str, Sequence[Column]]) -> bytes:
    """The document; `columns` are those written, by view."""
    until = manifest["snapshot"]["judged_until"]
    return document(
        {
            "@context": CONTEXT,
            "@type": "sc:Dataset",
            "conformsTo": VERSIONS,
            "name": one_line(manifest["title"]),
            "description": _description(manifest),
            "url": f"urn:uuid:{manifest['release']}",
            "version": manifest["version"],
            "citeAs": f"{one_line(manifest['title'])}, release {manifest['release']}, version {manifest['version']}.",
            **({"datePublished": until[:10]} if until else {}),
            "creator": [
                {"@type": "sc:Organization", "name": f"The raters of {one_line(study['title'])}"}
                for study in manifest["studies"]
            ],
            "license": [_licence(one["licence"]) for one in manifest["licences"]],
            "usageInfo": _usage(manifest),
            **annotation(manifest),
            "distribution": [*_files(manifest), *_file_sets(manifest)],
            "recordSet": [
                _splits(manifest),
                *(_record_set(manifest, view, columns[view]) for view in views_of(manifest)),
            ],
        }
    )


def _description(manifest: Manifest) -> str:
    criteria = ", ".join(criterion["slug"] for criterion in manifest["criteria"])
    works, judgements = counted(manifest["works"], "work"), counted(manifest["judgements"]["used"], "judgement")
    return f"{judgements} of {works} on {criteria}, released for the purpose {manifest['purpose']}."


def _licence(licence: str) -> str | dict[str, str]:
    if ONE_LICENCE.fullmatch(licence):
        return f"https://spdx.org/licenses/{licence}"
    return {"@type": "sc:CreativeWork", "name": licence or "By consent of the makers alone"}


def _usage(manifest: Manifest) -> dict[str, Any]:
    """The purpose all its works are cleared for, as an offer; nothing is said of other purposes."""
    return {
        "@type": ["sc:CreativeWork", "odrl:Offer"],
        "name": f"Cleared for {manifest['purpose']}",
        "odrl:permission": {
            "@type": "odrl:Permission",
            "odrl:action": {"@id": "odrl:use"},
            "odrl:constraint": {
                "@type": "odrl:Constraint",
                "odrl:leftOperand": {"@id": "odrl:purpose"},
                "odrl:operator": {"@id": "odrl:eq"},
                "odrl:rightOperand": manifest["purpose"],
            },
        },
    }


def _files(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """Every data file with its checksum."""
    for file in manifest["files"]:
        yield {
            "@type": "cr:FileObject",
            "@id": file["path"],
            "name": file["path"].rsplit("/", 1)[-1],
            "contentUrl": file["path"],
            "contentSize": f"{file['bytes']} B",
            "encodingFormat": _encodings(file["path"]),
            "sha256": file["sha256"],
        }


def _file_sets(manifest: Manifest) -> Iterator[dict[str, Any]]:
    for name in views_of(manifest):
        path = next(file["path"] for file in manifest["files"] if file["view"] == name)
        yield {
            "@type": "cr:FileSet",
            "@id": f"{name}-files",
            "includes": f"data/{name}/*",
            "encodingFormat": _encodings(path),
        }
    if manifest["media"]["files"]:
        types = sorted({MEDIA.get(suffix, UNKNOWN) for suffix in manifest["media"]["suffixes"]})
        yield {"@type": "cr:FileSet", "@id": "media-files", "includes": "media/*", "encodingFormat": types}


def _encodings(path: str) -> list[str]:
    return next(encodings for suffix, encodings in ENCODINGS.items() if path.endswith(suffix))


def _splits(manifest: Manifest) -> dict[str, Any]:
    present = {file["split"] for file in manifest["files"]}
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [
            {"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"},
            {"@type": "cr:Field", "@id": "splits/url", "name": "url", "dataType": ["sc:Text", "cr:Split"]},
        ],
        "data": [{"splits/name": split, "splits/url": term} for split, term in SPLIT_TERMS.items() if split in present],
    }


def _record_set(manifest: Manifest, name: str, columns: Sequence[Column]) -> dict[str, Any]:
    split = {
        "@type": "cr:Field",
        "@id": f"{name}/split",
        "name": "split",
        "description": "train, validation or test; by prompt, for good",
        "dataType": "sc:Text",
        "references": {"field": {"@id": "splits/name"}},
        "source": {
            "fileSet": {"@id": f"{name}-files"},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": SPLIT_OF_PATH},
        },
    }
    key = next(view.get("key") for view in manifest["views"] if view["view"] == name)
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        **({"key": {"@id": f"{name}/{key}"}} if key else {}),
        "field": [split, *(_field(name, column, _source(manifest, name, column.name)) for column in columns)],
    }


def _source(manifest: Manifest, view: str, column: str) -> dict[str, Any]:
    """Where a column's values are; an array in JSON has paths and no columns."""
    extract = {"jsonPath": f"[*].{column}"} if manifest["format"] == "json" else {"column": column}
    return {"fileSet": {"@id": f"{view}-files"}, "extract": extract}


def _field(view: str, column: Column, source: dict[str, Any]) -> dict[str, Any]:
    """A column; what is nested in it becomes subfields one level deep, each with its path."""
    depth, members = _unfolded(column.feature)
    told = {"@type": "cr:Field", "@id": f"{view}/{column.name}", "name": column.name, "description": column.says}
    if isinstance(members, str):
        # Readers take a column of this name for times.
        kind = "sc:DateTime" if column.name.endswith("_at") else TYPES[members]
        made_by = {"equivalentProperty": "prov:wasAttributedTo"} if column.name == "rater" else {}
        return told | {"dataType": kind, **_array(depth), **made_by, "source": source}
    leaves = [
        {
            "@type": "cr:Field",
            "@id": f"{view}/{column.name}/{path}",
            "name": path,
            "dataType": TYPES[kind],
            **_array(inner),
            "source": source | {"transform": {"jsonPath": path}},
        }
        for path, inner, kind in _leaves(members)
    ]
    return told | _array(depth) | {"subField": leaves}


def _leaves(members: list[dict[str, Any]], above: str = "") -> Iterator[tuple[str, int, str]]:
    """The path, the depth of lists and the type of everything that holds a value."""
    for member in members:
        path = above + member["name"]
        depth, inner = _unfolded(member)
        if isinstance(inner, str):
            yield path, depth, inner
        else:
            yield from _leaves(inner, f"{path}.")


def _unfolded(feature: dict[str, Any]) -> tuple[int, Any]:
    """How many lists deep a feature is, and what lies within: a dtype, or the members of a struct."""
    depth, inner = 0, feature
    while isinstance(inner, dict) and "list" in inner:
        depth, inner = depth + 1, inner["list"]
    if isinstance(inner, dict):
        inner = inner.get("struct") or inner["dtype"]
    return depth, inner


def _array(depth: int) -> dict[str, Any]:
    return {"isArray": True, "arrayShape": ",".join(["-1"] * depth)} if depth else {}
