"""Croissant by our own checks; `make consumers` has its own library validate it and read the rows."""

import json

import pytest

from feedback.datasets.documents import croissant
from feedback.datasets.documents.vocabulary import CONTEXT
from feedback.datasets.presets import PRESETS
from feedback.datasets.rows import VIEWS
from feedback.datasets.terms import Terms
from tests.datasets.manifests import columns, manifest, shard

TERMS = Terms(
    studies=(),
    views=(),
    preset="",
    format="jsonl",
    criterion=None,
    purpose="train-reward-model",
    split="prompt",
    min_judgements=1,
    margin=True,
    rationales=True,
    media="shown",
    since=None,
)


def of(told, *views):
    return json.loads(croissant(told, columns(*views)))


def by_id(nodes):
    found = {node["@id"]: node for node in nodes}
    assert len(found) == len(nodes)
    return found


def everything(node):
    """Every mapping below the node, itself included."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from everything(value)
    elif isinstance(node, list):
        for value in node:
            yield from everything(value)


def test_it_names_what_the_standard_requires_of_a_dataset():
    told = of(manifest())

    assert told["conformsTo"][0] == "http://mlcommons.org/croissant/1.1"
    assert (told["name"], told["version"]) == ("Lamps at night", "1.2.0")
    assert told["url"] == "urn:uuid:3f0c7c1e-0000-4000-8000-000000000000"
    assert told["datePublished"] == "2026-05-04"
    for required in ("description", "license", "creator", "citeAs", "distribution", "recordSet"):
        assert told[required]


def test_every_file_is_listed_with_its_checksum():
    told = manifest("pairs", "judgements")

    listed = by_id([one for one in of(told, "pairs", "judgements")["distribution"] if one["@type"] == "cr:FileObject"])

    assert {path: (one["contentUrl"], one["sha256"], one["contentSize"]) for path, one in listed.items()} == {
        file["path"]: (file["path"], file["sha256"], f"{file['bytes']} B") for file in told["files"]
    }


@pytest.mark.parametrize("views", [("pairs",), ("judgements",), ("pairs", "judgements")])
def test_every_reference_leads_to_a_node(views):
    told = of(manifest(*views), *views)
    known = {node["@id"] for node in everything(told) if "@id" in node and "@type" in node}
    referred = {node["@id"] for node in everything(told["recordSet"]) if list(node) == ["@id"]}

    assert referred
    assert referred <= known


@pytest.mark.parametrize("views", [("pairs",), ("judgements",)])
def test_every_word_is_of_the_context_or_of_schema_org(views):
    told = of(manifest(*views), *views)
    schema = {"contentSize", "contentUrl", "creator", "datePublished", "distribution", "encodingFormat", "license"}
    schema |= {"sha256", "url", "usageInfo", "version"}
    words = {word for node in everything({**told, "@context": {}}) for word in node if not word.startswith("@")}

    prefixed = {word for word in words if word.split(":")[0] in CONTEXT}
    assert words - prefixed - CONTEXT.keys() - schema - {f"splits/{name}" for name in ("name", "url")} == set()


def test_a_view_without_rows_is_not_described():
    told = of(manifest("pairs", "judgements", files=[shard("pairs", "train", "lighting")]), "pairs", "judgements")

    assert [one["@id"] for one in told["recordSet"]] == ["splits", "pairs"]
    assert [one["@id"] for one in told["distribution"]] == ["data/pairs/train-00000-of-00001.jsonl", "pairs-files"]


@pytest.mark.parametrize("shape", [*VIEWS.values(), *PRESETS.values()], ids=lambda shape: shape.name)
def test_every_column_there_can_be_has_a_type(shape):
    view = getattr(shape, "view", shape.name)
    written = {view: shape.columns(TERMS)}
    told = manifest(files=[shard(view, "train", "lighting")], views=[{"view": view, "rows": 10, "columns": []}])

    [_, record_set] = json.loads(croissant(told, written))["recordSet"]

    assert [field["name"] for field in record_set["field"]] == ["split", *(column.name for column in written[view])]
    assert all("dataType" in field or field["subField"] for field in record_set["field"])


def test_columns_become_fields_of_their_types():
    record_sets = by_id(of(manifest("judgements"), "judgements")["recordSet"])
    fields = by_id(record_sets["judgements"]["field"])

    assert record_sets["judgements"]["key"] == {"@id": "judgements/judgement_id"}
    told = {
        name.removeprefix("judgements/"): (field.get("dataType"), field.get("arrayShape"))
        for name, field in fields.items()
    }
    assert told == {
        "split": ("sc:Text", None),
        "judgement_id": ("sc:Text", None),
        "works": (None, "-1"),
        "ranks": ("sc:Integer", "-1"),
        "strokes": ("sc:Float", "-1,-1"),
        "box": (None, None),
        "rater": ("sc:Text", None),
        "judged_at": ("sc:DateTime", None),
    }
    assert fields["judgements/rater"]["equivalentProperty"] == "prov:wasAttributedTo"


def test_what_is_nested_becomes_subfields_by_path():
    [record_set] = [one for one in of(manifest("judgements"), "judgements")["recordSet"] if one["@id"] == "judgements"]
    works = by_id(record_set["field"])["judgements/works"]

    assert [(one["@id"], one["dataType"], one["source"]["transform"]["jsonPath"]) for one in works["subField"]] == [
        ("judgements/works/work", "sc:Text", "work"),
        ("judgements/works/size.x", "sc:Integer", "size.x"),
    ]
    assert {one["source"]["extract"]["column"] for one in works["subField"]} == {"works"}


def test_splits_that_have_rows_are_told_and_found_in_the_paths():
    told = of(manifest(files=[shard("pairs", "train", "lighting"), shard("pairs", "test", "lighting")]))
    record_sets = by_id(told["recordSet"])

    assert record_sets["splits"]["data"] == [
        {"splits/name": "train", "splits/url": "cr:TrainingSplit"},
        {"splits/name": "test", "splits/url": "cr:TestSplit"},
    ]
    split = by_id(record_sets["pairs"]["field"])["pairs/split"]
    assert split["references"] == {"field": {"@id": "splits/name"}}


@pytest.mark.parametrize(
    ("suffix", "encoding"),
    [
        ("jsonl", "application/jsonlines"),
        ("jsonl.gz", "application/jsonlines"),
        ("parquet", "application/x-parquet"),
        ("json", "application/json"),
        ("csv", "text/csv"),
    ],
)
def test_encodings_are_those_that_are_read(suffix, encoding):
    told = of(manifest(files=[shard("pairs", "train", "lighting", suffix=suffix)]))

    assert {one["encodingFormat"][0] for one in told["distribution"]} == {encoding}


def test_an_array_is_read_by_paths_and_not_by_columns():
    told = of(manifest(format="json", files=[shard("pairs", "train", "lighting", suffix="json")]))

    prompt = by_id(told["recordSet"][1]["field"])["pairs/prompt"]

    assert prompt["source"]["extract"] == {"jsonPath": "[*].prompt"}


def test_media_are_a_set_of_files_of_their_types():
    media = {"files": 2, "bytes": 9, "suffixes": ["webp", "webm", "odd"]}

    found = by_id(of(manifest(media=media))["distribution"])["media-files"]

    assert found["includes"] == "media/*"
    assert found["encodingFormat"] == ["application/octet-stream", "image/webp", "video/webm"]


def test_licences_are_those_of_the_works():
    listed = [{"licence": licence, "works": 1} for licence in ("", "CC-BY-4.0", "LicenseRef-letter")]

    assert of(manifest(licences=listed))["license"] == [
        {"@type": "sc:CreativeWork", "name": "By consent of the makers alone"},
        "https://spdx.org/licenses/CC-BY-4.0",
        {"@type": "sc:CreativeWork", "name": "LicenseRef-letter"},
    ]


def test_the_terms_of_use_permit_the_purpose_and_nothing_more():
    offer = of(manifest(purpose="train-generator"))["usageInfo"]

    assert offer["odrl:permission"]["odrl:constraint"]["odrl:rightOperand"] == "train-generator"
    assert len([node for node in everything(offer) if node.get("@type") == "odrl:Permission"]) == 1


def test_it_says_how_judgements_came_to_be_and_about_whom_they_tell():
    told = of(manifest("judgements"), "judgements")

    assert any(
        "Criterion lighting, version 2: Lighting. Which is lit better?" in one
        for one in told["rai:dataAnnotationProtocol"]
    )
    assert told["rai:dataAnnotationPlatform"] == ["Salon 0.9"]
    assert told["rai:annotationsPerItem"].startswith("41 judgements by 3 raters on 12 works")
    assert "Left out: 3 judgements, the rater skipped it." in told["rai:dataPreprocessingProtocol"]
    assert "pseudonym" in told["rai:personalSensitiveInformation"][0]
    assert of(manifest())["rai:personalSensitiveInformation"] == ["The rows name no rater."]


def test_demographics_are_not_made_up_and_machines_are_told():
    assert "rai:annotatorDemographics" not in of(manifest())
    assert "rai:machineAnnotationTools" not in of(manifest())
    assert of(manifest(raters={"person": 1, "simulated": 2}))["rai:machineAnnotationTools"] == ["2 simulated raters"]


def test_croissant_knows_no_clock():
    later = manifest(
        snapshot={"judged_until": "2026-05-04T10:11:12.000000Z", "frozen_at": "2031-01-01T00:00:00.000000Z"}
    )

    assert croissant(later, columns()) == croissant(manifest(), columns())
