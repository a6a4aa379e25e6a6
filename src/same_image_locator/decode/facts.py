"""Gathers what a picture says of itself: size, format, camera, date, place, depth, quality."""

import functools
import re
from collections.abc import Callable

from PIL import Image

from same_image_locator.decode import colours, exif, plain_jpeg, quality
from same_image_locator.decode.source import Opened, Source
from same_image_locator.model import Facts

_REDUCED, _SUBFILE_TYPE, _BITS_PER_SAMPLE = (
    1,
    254,
    258,
)  # of a TIFF page that is a preview of another
_PARTS = frozenset({"PSD", "ICO", "ICNS", "CUR"})  # their "frames" are layers or sizes of the one
_MADE = frozenset({"RAW", "SVG"})  # the picture is of our making, and its depth too
_MODE_DEPTHS = {"1": 1, "I": 16, "F": 32}


class Stored:
    """What has to be asked of a picture before it is decoded, since decoding changes the answer."""

    def __init__(self, opened: Opened) -> None:
        self._image = opened.image
        self._size = opened.image.size
        self._mode = opened.image.mode
        self._opened = opened
        self._exif = opened.exif or exif.read(opened.image)
        self._orientation = opened.orientation or exif.orientation(self._exif)

    @property
    def turn(self) -> int:
        """The orientation by which the decoded pixels are still to be turned."""
        return 1 if self._opened.upright else self._orientation

    def gathered(self, source: Source) -> Facts:
        """Return the facts, after decoding or instead of it; it may seek to the next frame."""
        width, height = self._opened.size or self._size
        if self.turn in colours.SIDEWAYS:
            width, height = height, width
        place = exif.place(self._exif) or (None, None)
        saved = None
        if source.kind.name == "JPEG":
            saved = quality.estimated(getattr(self._image, "quantization", None))
        return Facts(
            width,
            height,
            source.kind.name,
            exif.taken_at(self._exif),
            orientation=self._orientation,
            camera=exif.camera(self._exif),
            latitude=place[0],
            longitude=place[1],
            more_frames=self._opened.more or _has_more(self._image, self._size),
            depth=_depth(source, self._image, self._mode),
            quality=saved.value if saved else None,
            quality_exact=bool(saved and saved.exact),
            serial=exif.serial(self._exif),
        )


def of_plain_jpeg(header: plain_jpeg.Header) -> Facts:
    """Return the facts of a JPEG that was read without Pillow's plugin."""
    saved = quality.of_stored(header.table)
    taken_at, camera, place, serial = None, None, None, None
    if header.exif is not None:
        taken_at, camera = exif.taken_at(header.exif), exif.camera(header.exif)
        place, serial = exif.place(header.exif), exif.serial(header.exif)
    width, height = header.size
    return Facts(
        *((height, width) if header.turn in colours.SIDEWAYS else (width, height)),
        "JPEG",
        taken_at,
        orientation=header.turn,
        camera=camera,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        depth=8,
        quality=saved.value if saved else None,
        quality_exact=bool(saved and saved.exact),
        serial=serial,
    )


def _has_more(image: Image.Image, size: tuple[int, int]) -> bool:
    """Return whether other pictures follow the first; their number may take minutes to count."""
    if image.format in _PARTS:
        return False
    try:
        if image.format == "MPO":  # previews and gain maps are smaller than the photo
            image.seek(1)
            return image.size == size
        if image.format == "TIFF":
            image.seek(1)
            return not image.tag_v2.get(_SUBFILE_TYPE, 0) & _REDUCED  # type: ignore[attr-defined] # a TIFF's
        return bool(getattr(image, "is_animated", False))
    except Exception:  # noqa: BLE001 - broken later frames raise anything; the first one is fine
        return False


def _depth(source: Source, image: Image.Image, mode: str) -> int | None:
    """Return the bits per channel of the stored picture, as far as its header tells."""
    if image.format is None or source.kind.name in _MADE:
        return None
    told = image.info.get("bit_depth")  # by pillow-heif
    if isinstance(told, int):
        return told
    tell = _DEPTHS.get(source.kind.name)
    depth = tell(source.head, image) if tell else None
    if depth is None:
        depth = 16 if mode.startswith("I;16") else _MODE_DEPTHS.get(mode, 8)
    return depth


def _depth_of_tiff(_head: bytes, image: Image.Image) -> int | None:
    bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE, ())
    return max((one for one in bits if isinstance(one, int)), default=None)


def _depth_of_avif(head: bytes, _image: Image.Image) -> int | None:
    """Read two flags of the codec's configuration (AV1 in ISOBMFF, AOM, 2019, section 2.3)."""
    found = re.search(rb"av1C\x81.(.)", head, re.DOTALL)
    if found is None:
        return None
    high, twelve = found[1][0] & 0x40, found[1][0] & 0x20
    return (12 if twelve else 10) if high else 8


def _depth_at(place: int, size: int, head: bytes, _image: Image.Image) -> int | None:
    return int.from_bytes(head[place : place + size], "big") or None


def _depth_of_jp2(head: bytes, _image: Image.Image) -> int | None:
    found = re.search(rb"\xff\x51.{38}(.)", head, re.DOTALL)  # SIZ: the first component's depth
    return (found[1][0] & 0x7F) + 1 if found else None


_DEPTHS: dict[str, Callable[[bytes, Image.Image], int | None]] = {
    "TIFF": _depth_of_tiff,
    "AVIF": _depth_of_avif,
    "PNG": functools.partial(_depth_at, 24, 1),
    "PSD": functools.partial(_depth_at, 22, 2),
    "JPEG 2000": _depth_of_jp2,
}
