"""Makes large upright pictures, to be looked at closely and laid on each other."""

from PIL import Image

from same_image_locator.decode import thumbnails
from same_image_locator.decode.glimpse import glimpse_and_small

# What an encoding changes would be told as a difference: hardly anything, and no colours.
QUALITY, SUBSAMPLING = 92, "4:4:4"


def drawn(path: str, longest: int) -> bytes:
    """Return a JPEG of just the picture, upright and in sRGB, never larger than it is.

    Unlike a thumbnail's its edges are the photo's own to a fraction of a pixel, so that two of
    them can be laid on each other. What can be read of a damaged picture is framed in red.

    Args:
        path: of the file.
        longest: pixels of the longer side, at most.

    Raises:
        DecodeError: with one clear cause.
    """
    seen, small = glimpse_and_small(path, 0, (), longest, colour=True)
    left, top, right, bottom = small.box
    scale = min(1.0, longest / max(right - left, bottom - top))
    size = (max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)))
    image = small.image
    if size != image.size or small.box != (0, 0, *image.size):
        image = image.resize(size, Image.Resampling.LANCZOS, small.box, reducing_gap=2.0)
    return thumbnails.jpeg(thumbnails.framed(image) if seen.damage else image, QUALITY, SUBSAMPLING)
