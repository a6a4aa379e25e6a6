"""Turns the sample library's list into files: JPEG with camera and date, and the copies of each."""

import io
import os
from collections.abc import Iterator

from PIL import Image, ImageEnhance, ImageOps

from same_image_locator.demo.catalogue import COPIES, ORIGINALS, Kind, Original
from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render

_MAKE, _MODEL, _ORIENTATION, _DATE, _EXIF_FOLDER = 0x010F, 0x0110, 0x0112, 0x0132, 0x8769
_DATE_TAKEN = 0x9003
_TURN_RIGHT = 6  # the viewer turns the stored pixels a quarter to the right
_CAMERA_QUALITY, _COPY_QUALITY, _MESSENGER_QUALITY = 91, 84, 68


def files(folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield each file's path in ``folder`` and its content, an original before its copies."""
    for original in ORIGINALS:
        image = render(SCENES[original.scene])
        content = _jpeg(image, _CAMERA_QUALITY, _exif(original))
        yield _place(folder, original.path), content
        for copy in COPIES:
            if copy.original == original.path:
                yield _place(folder, copy.path), _copied(copy.kind, original, content)


def _place(folder: str, path: str) -> str:
    return os.path.join(folder, *path.split("/"))


def _copied(kind: Kind, original: Original, content: bytes) -> bytes:
    image = Image.open(io.BytesIO(content), formats=["JPEG"])
    match kind:
        case "identical":
            return content
        case "re-encoded":  # a messenger leaves no camera and no date
            return _jpeg(image, _MESSENGER_QUALITY)
        case "half size":
            return _jpeg(ImageOps.scale(image, 0.5), _MESSENGER_QUALITY)
        case "brighter":
            brighter = ImageEnhance.Brightness(image).enhance(1.12)
            return _jpeg(brighter, _COPY_QUALITY, _exif(original))
        case "sideways":
            exif = _exif(original)
            exif[_ORIENTATION] = _TURN_RIGHT
            return _jpeg(image.transpose(Image.Transpose.ROTATE_90), _COPY_QUALITY, exif)


def _exif(original: Original) -> Image.Exif:
    exif = Image.Exif()
    exif[_MAKE], exif[_MODEL] = original.camera
    exif[_DATE] = original.taken
    exif.get_ifd(_EXIF_FOLDER)[_DATE_TAKEN] = original.taken
    return exif


def _jpeg(image: Image.Image, quality: int, exif: Image.Exif | None = None) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, exif=(exif or Image.Exif()).tobytes())
    return buffer.getvalue()
