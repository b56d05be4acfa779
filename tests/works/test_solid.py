"""A model is read to the last vertex and written anew; what could break a viewer or name a maker is not in it."""

import copy
import io
import json
import random
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from feedback.works.media import Derivative, MediaLimits, MediaRefused, encode, inspect
from tests.works.making import CUBE_CORNERS, CUBE_FACES, SECRET, cube, cube_bytes, read_glb, write_glb


def refusal(path: Path, limits: MediaLimits = MediaLimits()) -> str:  # noqa: B008 - frozen
    with pytest.raises(MediaRefused) as refused:
        inspect(path, limits=limits)
    with pytest.raises(MediaRefused):
        encode(path, path.with_name("derivative"), limits=limits)
    assert refused.value.remedy
    return str(refused.value)


def derived(path: Path) -> tuple[Derivative, dict[str, Any], bytes]:
    made = encode(path, path.with_name("derivative"))
    return made, *read_glb(made.path)


def array(document: dict[str, Any], binary: bytes, index: int) -> np.ndarray:
    """What an accessor of the derivative stands for; its elements are packed without gaps."""
    accessor = document["accessors"][index]
    view = document["bufferViews"][accessor["bufferView"]]
    kind = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32, 5120: np.int8, 5122: np.int16}
    columns = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}[accessor["type"]]
    dtype = np.dtype(kind[accessor["componentType"]])
    stride = view.get("byteStride", columns * dtype.itemsize)
    return np.ndarray((accessor["count"], columns), dtype, binary, view["byteOffset"], (stride, dtype.itemsize))


def picture(kind: str, mode: str = "RGB", **options: Any) -> bytes:
    saved = io.BytesIO()
    Image.linear_gradient("L").resize((32, 32)).convert(mode).save(saved, kind, **options)
    return saved.getvalue()


def textured(image: bytes, media_type: str) -> tuple[dict[str, Any], bytes]:
    """A cube that wears the image."""
    document, binary = cube(), cube_bytes()
    uv = np.linspace(0, 1, 16, dtype=np.float32).tobytes()
    document["bufferViews"] += [
        {"buffer": 0, "byteOffset": len(binary), "byteLength": len(uv)},
        {"buffer": 0, "byteOffset": len(binary) + len(uv), "byteLength": len(image)},
    ]
    document["buffers"][0]["byteLength"] += len(uv) + len(image)
    document["accessors"].append({"bufferView": 2, "componentType": 5126, "count": 8, "type": "VEC2"})
    document["meshes"][0]["primitives"][0]["attributes"]["TEXCOORD_0"] = 2
    document["images"] = [{"bufferView": 3, "mimeType": media_type}]
    document["samplers"] = [{"magFilter": 9729, "wrapS": 10497}]
    document["textures"] = [{"source": 0, "sampler": 0}]
    document["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"] = {
        "index": 0,
        "extensions": {"KHR_texture_transform": {"scale": [2, 2]}},
    }
    document["extensionsUsed"] = ["KHR_texture_transform"]
    return document, binary + uv + image


def test_a_model_is_taken_and_its_mesh_stays_as_it_is(tmp_path):
    path = write_glb(tmp_path / "a.glb", cube(), cube_bytes())

    info = inspect(path)
    made, document, binary = derived(path)

    assert (info.medium, info.media_type, info.width, info.frames) == ("model", "model/gltf-binary", None, 0)
    assert (made.media_type, made.original) == ("model/gltf-binary", info)
    assert made.facts == {"triangles": 12, "nodes": 1, "radius": 1.73205, "centre": [0, 0, 0]}
    primitive = document["meshes"][0]["primitives"][0]
    assert np.array_equal(array(document, binary, primitive["attributes"]["POSITION"]), CUBE_CORNERS)
    assert np.array_equal(array(document, binary, primitive["indices"])[:, 0], CUBE_FACES.reshape(-1))
    assert document["accessors"][primitive["attributes"]["POSITION"]]["max"] == [1, 1, 1]
    assert document["asset"] == {"version": "2.0"}


def test_meshes_primitives_and_faces_keep_their_places(tmp_path):
    document = cube()
    second = copy.deepcopy(document["meshes"][0])
    second["primitives"] = [{"attributes": {"POSITION": 0}, "mode": 0}, *second["primitives"]]
    document["meshes"] += [second]
    document["nodes"] = [{"children": [3]}, {"mesh": 0}, {}, {"mesh": 1, "translation": [3, 0, 0]}]

    made, written, _ = derived(write_glb(tmp_path / "a.glb", document, cube_bytes()))

    assert [len(mesh["primitives"]) for mesh in written["meshes"]] == [1, 2]
    assert written["meshes"][1]["primitives"][1]["mode"] == 4
    assert written["nodes"] == [{"children": [1]}, {"mesh": 1, "translation": [3, 0, 0]}]
    assert (made.facts["triangles"], made.facts["nodes"], made.facts["centre"]) == (12, 2, [3, 0, 0])


def test_where_a_model_stands_follows_from_its_nodes(tmp_path):
    half = np.sqrt(0.5)
    document = cube()
    document["nodes"] = [
        {"children": [1], "scale": [2, 2, 2], "translation": [10, 0, 0]},
        {"children": [2], "rotation": [0, 0, half, half]},
        {"mesh": 0, "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 5, 0, 0, 1]},
    ]

    made, *_ = derived(write_glb(tmp_path / "a.glb", document, cube_bytes()))

    assert made.facts["centre"] == pytest.approx([10, 10, 0], abs=1e-5)
    assert made.facts["radius"] == pytest.approx(2 * np.sqrt(3), abs=1e-4)


def test_names_notes_and_makers_are_gone_wherever_they_stood(tmp_path):
    path = write_glb(*planted(tmp_path))
    assert path.read_bytes().count(SECRET.encode()) > 15

    made, document, _ = derived(path)

    data = made.path.read_bytes()
    assert not [
        mark
        for mark in (SECRET, "Aurora", "extras", "name", "generator", "copyright", "VENDOR")
        if mark.encode() in data
    ]
    assert document["extensionsUsed"] == ["KHR_texture_transform"]
    assert not {"animations", "cameras", "extensions"} & set(document)


def planted(tmp_path: Path) -> tuple[Path, dict[str, Any], bytes]:
    """A model that names its maker in every place that it has for it."""
    exif = Image.Exif()
    exif[0x010E] = SECRET
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", SECRET)
    document, binary = textured(picture("PNG", pnginfo=notes, exif=exif), "image/png")
    signed = {"name": SECRET, "extras": {"by": SECRET}, "extensions": {"VENDOR_mark": {"by": SECRET}}}

    def sign(value: Any) -> None:
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            sign(inner)
        if isinstance(value, dict) and value is not document.get("x"):
            extensions = {**value.get("extensions", {}), **signed["extensions"]}
            value.update({**copy.deepcopy(signed), "extensions": extensions})

    for key in (
        "nodes",
        "scenes",
        "materials",
        "images",
        "textures",
        "samplers",
        "accessors",
        "bufferViews",
        "buffers",
    ):
        sign(document[key])
    for mesh in document["meshes"]:
        mesh.update(copy.deepcopy(signed))
        mesh["primitives"][0].update(copy.deepcopy(signed))
        mesh["primitives"][0]["attributes"]["_VENDOR"] = 0
    document["asset"] |= {"generator": SECRET, "copyright": SECRET, **signed}
    document["cameras"] = [{"type": "perspective", "perspective": {"yfov": 1, "znear": 1}, **signed}]
    document["animations"] = [{"channels": [], "samplers": [], **signed}]
    document["extras"] = SECRET
    document["extensionsUsed"] += ["VENDOR_mark"]
    document["materials"].append({"name": SECRET})
    return tmp_path / "a.glb", document, binary + SECRET.encode()


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB")])
def test_a_texture_keeps_its_pixels_and_loses_its_metadata(tmp_path, kind, mode):
    exif = Image.Exif()
    exif[0x010E] = SECRET
    exif[0x0112] = 6
    own = {"quality": 95, "comment": SECRET} if kind == "JPEG" else {}
    image = picture(kind, mode, exif=exif, icc_profile=b"made by " + SECRET.encode(), **own)

    _, document, binary = derived(write_glb(tmp_path / "a.glb", *textured(image, f"image/{kind.lower()}")))

    view = document["bufferViews"][document["images"][0]["bufferView"]]
    shown = Image.open(io.BytesIO(binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]))
    before = np.asarray(Image.open(io.BytesIO(image)).convert("RGB")).astype(int)
    assert (shown.format, document["images"][0]["mimeType"]) == (kind, f"image/{kind.lower()}")
    assert np.abs(np.asarray(shown.convert("RGB")) - before).max() <= (0 if kind == "PNG" else 4)
    assert not {"exif", "parameters", "icc_profile", "comment"} & set(shown.info)
    assert SECRET.encode() not in binary
    assert shown.mode == ("RGBA" if mode == "RGBA" else "RGB")
    assert document["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"] == {
        "index": 0,
        "extensions": {"KHR_texture_transform": {"scale": [2, 2]}},
    }


def test_a_sparse_and_strided_mesh_is_laid_out_plainly(tmp_path):
    document = cube()
    wide = np.zeros((8, 5), np.float32)
    wide[:, :3] = CUBE_CORNERS
    moved = np.array([[0, 5, 0]], np.float32).tobytes()
    binary = wide.tobytes() + CUBE_FACES.tobytes() + struct.pack("<HH", 3, 0) + moved
    start = wide.nbytes + CUBE_FACES.nbytes
    document["bufferViews"] = [
        {"buffer": 0, "byteLength": wide.nbytes, "byteStride": 20},
        {"buffer": 0, "byteOffset": wide.nbytes, "byteLength": CUBE_FACES.nbytes},
        {"buffer": 0, "byteOffset": start, "byteLength": 2},
        {"buffer": 0, "byteOffset": start + 4, "byteLength": 12},
    ]
    document["buffers"][0]["byteLength"] = len(binary)
    document["accessors"][0]["sparse"] = {
        "count": 1,
        "indices": {"bufferView": 2, "componentType": 5123},
        "values": {"bufferView": 3},
    }

    _, written, packed = derived(write_glb(tmp_path / "a.glb", document, binary))

    wanted = CUBE_CORNERS.copy()
    wanted[3] = [0, 5, 0]
    assert np.array_equal(array(written, packed, 0), wanted)
    assert "sparse" not in written["accessors"][0]


def test_a_quantized_mesh_stays_so(tmp_path):
    small = (CUBE_CORNERS * 127).astype(np.int8)
    padded = np.zeros((8, 4), np.int8)
    padded[:, :3] = small
    document = cube()
    document["bufferViews"] = [
        {"buffer": 0, "byteLength": 32, "byteStride": 4},
        {"buffer": 0, "byteOffset": 32, "byteLength": CUBE_FACES.nbytes},
    ]
    document["accessors"][0] |= {"componentType": 5120, "normalized": True}
    document["buffers"][0]["byteLength"] = 32 + CUBE_FACES.nbytes
    document["extensionsUsed"] = document["extensionsRequired"] = ["KHR_mesh_quantization"]

    made, written, packed = derived(write_glb(tmp_path / "a.glb", document, padded.tobytes() + CUBE_FACES.tobytes()))

    assert np.array_equal(array(written, packed, 0), small)
    assert written["bufferViews"][0]["byteStride"] == 4
    assert (written["accessors"][0]["normalized"], written["extensionsRequired"]) == (True, ["KHR_mesh_quantization"])
    assert made.facts["radius"] == pytest.approx(1.732, abs=1e-3)


def test_a_skin_keeps_its_joints_and_the_model_stands_where_they_put_it(tmp_path):
    document = cube()
    joints, weights = np.zeros((8, 4), np.uint8), np.tile(np.array([1, 0, 0, 0], np.float32), (8, 1))
    inverse = np.eye(4, dtype=np.float32)
    binary = cube_bytes()
    for data, kind, shape in ((joints, 5121, "VEC4"), (weights, 5126, "VEC4"), (inverse, 5126, "MAT4")):
        document["bufferViews"].append({"buffer": 0, "byteOffset": len(binary), "byteLength": data.nbytes})
        count = 1 if shape == "MAT4" else 8
        view = len(document["bufferViews"]) - 1
        document["accessors"].append({"bufferView": view, "componentType": kind, "count": count, "type": shape})
        binary += data.tobytes()
    document["buffers"][0]["byteLength"] = len(binary)
    document["meshes"][0]["primitives"][0]["attributes"] |= {"JOINTS_0": 2, "WEIGHTS_0": 3}
    document["nodes"] = [{"mesh": 0, "skin": 0}, {"translation": [0, 7, 0]}]
    document["scenes"][0]["nodes"] = [0, 1]
    document["skins"] = [{"joints": [1], "inverseBindMatrices": 4, "name": SECRET}]
    path = write_glb(tmp_path / "a.glb", document, binary)

    made, written, packed = derived(path)

    assert made.facts["centre"] == [0, 7, 0]
    assert written["skins"][0]["joints"] == [1]
    assert np.array_equal(array(written, packed, written["skins"][0]["inverseBindMatrices"]).reshape(4, 4), inverse)
    joints[0, 0] = 1
    assert "joint" in refusal(
        write_glb(path, document, cube_bytes() + joints.tobytes() + binary[len(cube_bytes()) + 32 :])
    )


def test_the_same_model_gives_the_same_bytes_whatever_it_was_called(tmp_path):
    plain = textured(picture("PNG"), "image/png")
    _, named, binary = planted(tmp_path)

    one, other = (
        encode(write_glb(tmp_path / f"{number}.glb", *parts), tmp_path / f"derivative-{number}")
        for number, parts in enumerate((plain, (named, binary)))
    )

    assert one == other


def changed(change: str) -> tuple[dict[str, Any], bytes]:
    """A cube with one thing wrong, named by a line of Python."""
    document, binary = cube(), cube_bytes()
    scope = {"d": document, "a": document["accessors"], "v": document["bufferViews"], "n": document["nodes"]}
    exec(change, {"cube": cube}, scope)
    return document, binary


WRONG = {
    "nodes in a circle": ("n[0]['children'] = [1]; n.append({'children': [0]})", "loop"),
    "a node that is its own child": ("n[0]['children'] = [0]", "loop"),
    "a child with two parents": ("n += [{'children': [2]}, {}]; n[0]['children'] = [1, 2]", "loop"),
    "a child that is not there": ("n[0]['children'] = [7]", "nodes has no item 7"),
    "a child counted from the end": ("n[0]['children'] = [-1]", "whole number"),
    "a buffer elsewhere": ("d['buffers'][0]['uri'] = 'cube.bin'", "outside its own bytes"),
    "a buffer on the net": ("d['buffers'].append({'uri': 'https://example.org/a', 'byteLength': 1})", "outside"),
    "an image elsewhere": ("d['images'] = [{'uri': '../../etc/passwd'}]", "outside its own bytes"),
    "an index beyond the vertices": ("a[0]['count'] = 7", "vertex 7 of 7"),
    "an accessor beyond its view": ("a[0]['count'] = 9", "reaches to byte 108 of 96"),
    "an accessor of a billion": ("del a[0]['bufferView']; a[0]['count'] = 10**9", "too many vertices"),
    "an accessor of a billion without bytes": (
        "a[0] = {'componentType': 5126, 'type': 'VEC3', 'count': 10**12}",
        "too many",
    ),
    "no vertices": ("a[0]['count'] = 0", "damaged"),
    "a view beyond the bytes": ("v[0]['byteLength'] = 10**6", "a view of the bytes"),
    "a view before the bytes": ("v[0]['byteOffset'] = -4", "whole number"),
    "a buffer larger than the file": ("d['buffers'][0]['byteLength'] = 10**6", "announced"),
    "a second buffer": ("d['buffers'].append({'byteLength': 8}); v[0]['buffer'] = 1", "several buffers"),
    "no triangle": ("d['meshes'][0]['primitives'][0]['mode'] = 1", "without a single triangle"),
    "a mode unheard of": ("d['meshes'][0]['primitives'][0]['mode'] = 9", "mode 9"),
    "nothing in the scene": ("d['scenes'][0]['nodes'] = []", "without a single triangle"),
    "a size of nought": ("n[0]['scale'] = [0, 0, 0]", "radius 0"),
    "a rotation of three": ("n[0]['rotation'] = [0, 0, 1]", "4 numbers"),
    "words for numbers": ("n[0]['translation'] = ['a', 'b', 'c']", "3 numbers"),
    "positions of bytes by name": ("a[0]['type'] = 'VEC9'", "damaged"),
    "glTF 1": ("d['asset']['version'] = '1.0'", "glTF of version 1.0"),
    "no asset": ("del d['asset']", "damaged"),
    "Draco": ("d['extensionsRequired'] = ['KHR_draco_mesh_compression']", "KHR_draco_mesh_compression"),
    "a list for a node": ("n[0] = []", "damaged"),
    "a mesh that is not there": ("n[0]['mesh'] = 3", "damaged"),
    "a material that is not there": ("d['materials'] = []", "materials has no item 0"),
}


@pytest.mark.parametrize(("change", "word"), WRONG.values(), ids=WRONG)
def test_a_broken_model_is_refused_with_a_reason(tmp_path, change, word):
    assert word in refusal(write_glb(tmp_path / "a.glb", *changed(change)))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_vertices_that_are_no_numbers_are_refused(tmp_path, value):
    corners = CUBE_CORNERS.copy()
    corners[5, 1] = value

    assert "no numbers" in refusal(write_glb(tmp_path / "a.glb", cube(corners), cube_bytes(corners)))


def test_a_model_that_lies_about_its_length_or_is_cut_short_is_refused(tmp_path):
    path = write_glb(tmp_path / "a.glb", cube(), cube_bytes())
    data = path.read_bytes()

    for missing in [*range(1, 40), *range(40, len(data), 25)]:
        path.write_bytes(data[:-missing])
        assert refusal(path)
    for length in (0, 12, len(data) - 4, len(data) + 4, 2**32 - 1):
        write_glb(path, cube(), cube_bytes(), length=length)
        assert "it says it is" in refusal(path)
    path.write_bytes(data + b"more")
    assert "it says it is" in refusal(path)


def test_a_chunk_that_lies_about_its_length_is_refused(tmp_path):
    path = write_glb(tmp_path / "a.glb", cube(), cube_bytes())
    data = bytearray(path.read_bytes())
    data[12:16] = struct.pack("<I", 10**9)
    path.write_bytes(data)

    assert "a chunk should be" in refusal(path)


@pytest.mark.parametrize("text", [b'{"asset": NaN}', b"[]", b"{", b"\xff\xff", b"[" * 100_000, b'{"a": 1}'])
def test_json_that_is_no_document_is_refused(tmp_path, text):
    text += b" " * (-len(text) % 4)
    body = struct.pack("<I4s", len(text), b"JSON") + text
    path = tmp_path / "a.glb"
    path.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body)

    assert "damaged" in refusal(path)


def test_limits_hold_for_triangles_nodes_and_depth(tmp_path):
    crowd, deep = cube(), cube()
    crowd["nodes"] = [{"mesh": 0} for _ in range(20)]
    crowd["scenes"][0]["nodes"] = list(range(20))
    deep["nodes"] = [*({"children": [number + 1]} for number in range(400)), {"mesh": 0}]
    path = write_glb(tmp_path / "a.glb", crowd, cube_bytes())

    assert "240 triangles" in refusal(path, MediaLimits(triangles=239))
    assert inspect(path, limits=MediaLimits(triangles=240)).medium == "model"
    assert "20 nodes" in refusal(path, MediaLimits(nodes=19))
    assert "deep" in refusal(write_glb(tmp_path / "b.glb", deep, cube_bytes()))


def test_a_texture_that_bombs_is_refused(tmp_path):
    huge = bytearray(picture("PNG"))
    huge[16:24] = struct.pack(">II", 60_000, 60_000)
    huge[29:33] = struct.pack(">I", zlib.crc32(huge[12:29]))

    assert "megapixels" in refusal(write_glb(tmp_path / "a.glb", *textured(bytes(huge), "image/png")))


def test_a_texture_of_another_kind_is_refused(tmp_path):
    assert "texture in WebP" in refusal(write_glb(tmp_path / "a.glb", *textured(picture("WEBP"), "image/png")))


def test_random_damage_is_refused_or_harmless_but_never_an_accident(tmp_path):
    dice = random.Random(3)
    whole = write_glb(tmp_path / "a.glb", *textured(picture("PNG"), "image/png")).read_bytes()
    path = tmp_path / "damaged.glb"
    refused = 0

    for _ in range(400):
        data = bytearray(whole)
        for _ in range(dice.choice([1, 3, 20])):
            data[dice.randrange(len(data))] = dice.choice([dice.randrange(256), *b"0123456789-[]{}"])
        path.write_bytes(data)
        try:
            json.dumps(dict(encode(path, tmp_path / "derivative").facts), allow_nan=False)
        except MediaRefused:
            refused += 1

    assert refused > 100
