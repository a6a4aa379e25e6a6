"""Reads PFM in colour, netpbm's format of floating-point samples; Pillow reads the grey ones."""

import numpy as np
from PIL import Image

from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 220_000_000
_LONGEST_LINE = 100
_COLOURS, _SAMPLE_BYTES = 3, 4


def opened(source: Source) -> Opened:
    """Return the picture, from black at 0 to white at 1, or at the brightest if that is more.

    Raises:
        DecodeError: it has more pixels than we decode.
        ValueError: its header or its pixels are broken.
    """
    source.file.readline(_LONGEST_LINE)
    width, height = map(int, source.file.readline(_LONGEST_LINE).split())
    scale = float(source.file.readline(_LONGEST_LINE))
    if min(width, height) < 1 or not np.isfinite(scale) or not scale:
        raise DecodeError("damaged: its PFM header cannot be read")
    if width * height > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    size = width * height * _COLOURS * _SAMPLE_BYTES
    data = source.file.read(size)
    if len(data) < size:
        raise EOFError
    order = "<f4" if scale < 0 else ">f4"
    samples = np.frombuffer(data, order).reshape(height, width, _COLOURS)[::-1]  # from the bottom
    samples = np.nan_to_num(samples.astype(np.float32), posinf=0, neginf=0)
    white = max(1.0, float(samples.max()))
    return Opened(Image.fromarray((samples.clip(0, white) * (255 / white) + 0.5).astype(np.uint8)))
