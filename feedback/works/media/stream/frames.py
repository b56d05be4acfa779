"""Brings a decoded frame to the one form that is encoded: upright, square pixels, BT.709, 4:2:0."""

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from numpy.typing import NDArray
from PIL import Image

type Planes = NDArray[np.uint8]  # luma over both chroma planes, as yuv420p lies in memory

_SCALING = Interpolation.LANCZOS | Interpolation.ACCURATE_RND | Interpolation.BITEXACT
_UNSTATED = 2
_HD = 720  # lines, from which a frame that does not say so is taken for BT.709 and not BT.601


def planes_of(frame: VideoFrame, size: tuple[int, int]) -> Planes:
    """The frame at this size, of even sides, once it stands upright; nothing but the picture comes along."""
    quarters = round(frame.rotation / 90) % 4
    width, height = size[::-1] if quarters % 2 else size
    usual = Colorspace.ITU709 if frame.height >= _HD else Colorspace.ITU601
    scaled = frame.reformat(
        width,
        height,
        "yuv420p",
        src_colorspace=usual if frame.colorspace == _UNSTATED else frame.colorspace,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=frame.color_range or ColorRange.MPEG,
        dst_color_range=ColorRange.MPEG,
        interpolation=_SCALING,
    )
    planes: Planes = scaled.to_ndarray().astype(np.uint8, copy=False)
    return _turned(planes, height, quarters) if quarters else planes


def _turned(planes: Planes, height: int, quarters: int) -> Planes:
    """Turned against the clock by so many right angles."""
    width = planes.shape[1]
    parts = [planes[:height], *planes[height:].reshape(2, height // 2, width // 2)]
    turned = [np.rot90(part, quarters) for part in parts]
    return np.concatenate([part.reshape(-1) for part in turned]).reshape(-1, turned[0].shape[1])


def frame_of(planes: Planes) -> VideoFrame:
    return VideoFrame.from_ndarray(np.ascontiguousarray(planes), "yuv420p")


def picture_of(planes: Planes) -> Image.Image:
    """The frame in sRGB."""
    coloured = frame_of(planes).reformat(
        format="rgb24",
        src_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=_SCALING,
    )
    return Image.fromarray(coloured.to_ndarray())
