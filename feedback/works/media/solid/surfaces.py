"""Materials, textures and images, rewritten from the fields that are drawn; names, notes and the like stay behind."""

import io
from typing import Any

from PIL import Image

from feedback.works.media.kinds import recognise
from feedback.works.media.limits import MediaLimits, MediaRefused
from feedback.works.media.picture.decoding import opened
from feedback.works.media.picture.recipe import fitted
from feedback.works.media.solid.document import Document, numbers, whole
from feedback.works.media.solid.glb import Json

TEXTURE_SIDE = 2048
_JPEG = {"quality": 95, "subsampling": 0}
_NUMBERS = frozenset({
    "baseColorFactor", "metallicFactor", "roughnessFactor", "emissiveFactor", "alphaCutoff", "doubleSided", "scale",
    "strength", "texCoord", "offset", "rotation", "clearcoatFactor", "clearcoatRoughnessFactor", "ior",
    "specularFactor", "specularColorFactor", "transmissionFactor", "thicknessFactor", "attenuationDistance",
    "attenuationColor", "sheenColorFactor", "sheenRoughnessFactor", "iridescenceFactor", "iridescenceIor",
    "iridescenceThicknessMinimum", "iridescenceThicknessMaximum", "anisotropyStrength", "anisotropyRotation",
    "emissiveStrength", "dispersion",
})  # fmt: skip
_TEXTURES = frozenset({
    "baseColorTexture", "metallicRoughnessTexture", "normalTexture", "occlusionTexture", "emissiveTexture",
    "clearcoatTexture", "clearcoatRoughnessTexture", "clearcoatNormalTexture", "specularTexture",
    "specularColorTexture", "transmissionTexture", "thicknessTexture", "sheenColorTexture", "sheenRoughnessTexture",
    "iridescenceTexture", "iridescenceThicknessTexture", "anisotropyTexture",
})  # fmt: skip
_MATERIALS = (
    "unlit", "clearcoat", "ior", "specular", "transmission", "volume", "sheen", "iridescence", "anisotropy",
    "emissive_strength", "dispersion",
)  # fmt: skip
_EXTENSIONS = frozenset({"KHR_texture_transform", *(f"KHR_materials_{name}" for name in _MATERIALS)})
_ALPHA = frozenset({"OPAQUE", "MASK", "BLEND"})
_SAMPLER = {"magFilter": {9728, 9729}, "minFilter": {9728, 9729, 9984, 9985, 9986, 9987}}
_WRAPS = {33071, 33648, 10497}


class Surfaces:
    """The materials of a model as they are met, with the textures and images that these need."""

    def __init__(self, document: Document, limits: MediaLimits) -> None:
        self.materials: list[Json] = []
        self.textures: list[Json] = []
        self.samplers: list[Json] = []
        self.images: list[tuple[str, bytes]] = []
        self.extensions: set[str] = set()
        self._document = document
        self._limits = limits
        self._pixels = 0
        self._places: dict[tuple[str, int], int] = {}

    def material(self, index: object) -> int:
        return self._once("materials", index, self.materials, self._fields)

    def _once(self, kind: str, index: object, into: list[Any], make: Any) -> int:
        """The place of an item in what is written, made when it is first asked for."""
        key = (kind, whole(index))
        if key not in self._places:
            made = make(self._document.one(kind, index))
            self._places[key] = len(into)
            into.append(made)
        return self._places[key]

    def _fields(self, fields: Json) -> Json:
        made: Json = {}
        for key, value in fields.items():
            if key in _NUMBERS:
                made[key] = numbers(value)
            elif key in _TEXTURES:
                made[key] = {
                    **self._fields(value),
                    "index": self._once("textures", value["index"], self.textures, self._texture),
                }
            elif key == "pbrMetallicRoughness":
                made[key] = self._fields(value)
            elif key == "alphaMode" and value in _ALPHA:
                made[key] = value
            elif key == "extensions":
                known = {name: self._fields(inner) for name, inner in value.items() if name in _EXTENSIONS}
                self.extensions |= set(known)
                made |= {"extensions": known} if known else {}
        return made

    def _texture(self, texture: Json) -> Json:
        if "source" not in texture:
            raise MediaRefused(
                "a model with a texture that is neither PNG nor JPEG", "save its textures as PNG or JPEG"
            )
        made = {"source": self._once("images", texture["source"], self.images, self._image)}
        if "sampler" in texture:
            made["sampler"] = self._once("samplers", texture["sampler"], self.samplers, _sampler)
        return made

    def _image(self, image: Json) -> tuple[str, bytes]:
        """Its media type and bytes: the same pixels, fitted, with all metadata gone."""
        handle = io.BytesIO(self._document.view(image["bufferView"]))
        kind = recognise(handle, "")
        if kind.name not in {"PNG", "JPEG"}:
            raise MediaRefused(f"a model with a texture in {kind.name}", "save its textures as PNG or JPEG")
        with opened(handle, kind, self._limits) as (picture, frames):
            self._pixels += picture.width * picture.height
            if self._pixels > self._limits.motion_pixels:
                raise MediaRefused("a model with too many pixels in its textures", "scale its textures down")
            picture.seek(frames[0])
            plain = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        plain.info.clear()  # profiles and comments, which saving would write again
        size = fitted(plain.size, TEXTURE_SIDE)
        plain = plain if plain.size == size else plain.resize(size, Image.Resampling.LANCZOS)
        saved = io.BytesIO()
        plain.save(saved, kind.name, **(_JPEG if kind.name == "JPEG" else {}))
        return kind.media_type, saved.getvalue()


def _sampler(sampler: Json) -> Json:
    known = {**_SAMPLER, "wrapS": _WRAPS, "wrapT": _WRAPS}
    return {key: sampler[key] for key, values in known.items() if sampler.get(key) in values}
