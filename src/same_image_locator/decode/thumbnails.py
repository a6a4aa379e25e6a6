"""Makes thumbnails of a plain small picture: cheap, without metadata, marked when damaged."""

import io

from PIL import Image

from same_image_locator.decode.shrink import Small

# Within these bounds a picture passes for the size asked for: shrinking it by an odd fraction
# would cost more than all the rest of a thumbnail.
_LEAST, _MOST = 0.8, 1.25
_QUALITY, _SUBSAMPLING = 80, "4:2:0"
_MARK = (200, 30, 30)


def needed(sizes: tuple[int, ...]) -> float:
    """Return how many pixels the longer side must have for thumbnails of these ``sizes``."""
    return _LEAST * max(sizes, default=0)


def made(image: Image.Image, sizes: tuple[int, ...], *, damaged: bool = False) -> tuple[bytes, ...]:
    """Return a JPEG for each size: its longer side is that long, give or take a quarter.

    None is larger than the picture. Nothing that the photo says of itself goes into them. A
    ``damaged`` picture is framed in red.
    """
    jpegs: dict[int, bytes] = {}
    for size in sorted(set(sizes), reverse=True):
        image = _about(image, size)
        jpegs[size] = jpeg(framed(image) if damaged else image)
    return tuple(jpegs[size] for size in sizes)


def _about(image: Image.Image, size: int) -> Image.Image:
    longest = max(image.size)
    if longest <= _MOST * size:
        return image
    whole = round(longest / size)
    if _LEAST * size <= longest / whole <= _MOST * size:
        return image.reduce(whole)
    scale = size / longest
    width, height = (max(1, round(side * scale)) for side in image.size)
    return image.resize((width, height), Image.Resampling.BOX, reducing_gap=2.0)


def framed(image: Image.Image) -> Image.Image:
    """Return a picture with the red frame that marks a damaged one."""
    from PIL import ImageDraw  # few pictures are damaged, and it loads all that draws text

    marked = image.convert("RGB")
    width, height = marked.size
    breadth = max(1, max(marked.size) // 40)
    ImageDraw.Draw(marked).rectangle((0, 0, width - 1, height - 1), outline=_MARK, width=breadth)
    return marked


def jpeg(image: Image.Image, quality: int = _QUALITY, subsampling: str = _SUBSAMPLING) -> bytes:
    """Return a plain picture as a JPEG that tells nothing but its pixels."""
    bare = image.copy()
    bare.info = {}  # a comment would go along
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality, subsampling=subsampling)
    return out.getvalue()


def small_of(jpeg: bytes) -> Small:
    """Return the greys of a thumbnail that was made here, as of a picture shrunk to its size."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        image.draft("L", None)
        grey = image.convert("L")
    return Small(grey, (0, 0, *grey.size))
