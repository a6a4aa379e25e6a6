"""Makes small real pictures of the kinds that need an extra."""

from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import Compression

from sample_pictures import Raster

_UNIT = tuple(part for row in np.eye(3, dtype=int) for value in row for part in (value, 1))


def dng(path: Path, colours: Raster, orientation: int = 1, preview: Raster | None = None) -> str:
    """Write an Adobe DNG as a camera's sensor would see the colours: one of three at each pixel.

    A ``preview`` comes first, as a JPEG, and the sensor's picture below it.
    """
    height, width, _ = colours.shape
    mosaic = np.zeros((height, width), np.uint16)
    for row, column, channel in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        mosaic[row::2, column::2] = colours[row::2, column::2, channel].astype(np.uint16) * 257
    tags: list[Any] = [
        (274, "H", 1, orientation, True),
        (271, "s", 0, "Maker Inc.", True),
        (272, "s", 0, "Model 5", True),
        (33421, "H", 2, (2, 2), True),
        (33422, "B", 4, bytes([0, 1, 1, 2]), True),
        (50706, "B", 4, bytes([1, 4, 0, 0]), True),
        (50707, "B", 4, bytes([1, 1, 0, 0]), True),
        (50708, "s", 0, "Maker Model 5", True),
        (50717, "I", 1, 65535, True),
        (50721, "2i", 9, _UNIT, True),
        (50728, "2I", 3, (1, 1, 1, 1, 1, 1), True),
        (50778, "H", 1, 21, True),
    ]
    with tifffile.TiffWriter(path) as file:
        if preview is not None:
            whole: dict[str, Any] = {"rowsperstrip": preview.shape[0], "subfiletype": 1}
            file.write(
                preview,
                photometric="rgb",
                compression="jpeg",
                subifds=1,
                metadata=None,
                extratags=tags[:3] + tags[5:],
                **whole,
            )
            tags = tags[3:5]
        file.write(mosaic, photometric="cfa", metadata=None, extratags=tags, subfiletype=0)
    return str(path)


def tiff(path: Path, samples: NDArray[Any], **options: Any) -> str:
    """Write a TIFF of a rare kind."""
    tifffile.imwrite(path, samples, metadata=None, **options)
    return str(path)


def psb(path: Path, colours: Raster) -> str:
    """Write a large Photoshop file."""
    document = PSDImage.frompil(Image.fromarray(colours), compression=Compression.RAW)
    document._record.header.version = 2
    document.save(path)
    return str(path)


def jxl(path: Path, image: Image.Image, orientation: int = 1) -> str:
    """Write a lossless JPEG XL."""
    import pillow_jxl  # noqa: F401 - importing it registers it

    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(path, exif=exif.tobytes(), lossless=True)
    return str(path)
