"""Reads Radiance HDR, which measures light, and gives each picture the exposure that suits it."""

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

# Each pixel takes twelve bytes, and as many again while its exposure is computed.
PIXEL_LIMIT = 60_000_000
_MIDDLE_GREY, _GAMMA = 0.18, 2.2
_LONGEST_LINE = 100


def opened(source: Source) -> Opened:
    """Return the picture in eight bits.

    Raises:
        DecodeError: it has more pixels than we decode, or its rows are in an unusual order.
        Exception: whatever the library makes of a broken file.
    """
    data = source.file.read()
    width, height = _size(data)
    if width * height > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    return Opened(Image.fromarray(_exposed(imagecodecs.rgbe_decode(data))))


def _size(data: bytes) -> tuple[int, int]:
    """Return width and height by the line after the header's end, which is an empty line."""
    end = data.find(b"\n\n")
    if end < 0:
        raise ValueError("its header does not end")
    words = data[end + 2 : end + 2 + _LONGEST_LINE].partition(b"\n")[0].split()
    if len(words) != 4 or (words[0], words[2]) != (b"-Y", b"+X"):  # noqa: PLR2004 - names, numbers
        raise DecodeError("unsupported: a Radiance HDR picture with rows in an unusual order")
    return int(words[3]), int(words[1])


def _exposed(light: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Map light to eight bits so that its middle becomes the middle grey and nothing is cut off.

    The global operator of Reinhard et al., "Photographic Tone Reproduction for Digital Images"
    (2002), for each colour by itself.
    """
    brightest = light.max(axis=-1)
    lit = brightest[brightest > 0]
    middle = float(np.exp(np.log(lit).mean())) if lit.size else 1.0
    shown = light / (light + np.float32(middle / _MIDDLE_GREY))
    return (shown ** np.float32(1 / _GAMMA) * 255 + 0.5).astype(np.uint8)
