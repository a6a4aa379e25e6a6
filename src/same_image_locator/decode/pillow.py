"""Opens one picture with Pillow: upright pixels, facts, thumbnails, and one cause per failure."""

import functools
import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Literal

from PIL import Image, ImageOps, UnidentifiedImageError

from same_image_locator.decode import exif, shrink
from same_image_locator.decode.sniff import HEAD_BYTES, Kind, sniff
from same_image_locator.model import Facts

PIXEL_LIMIT = 220_000_000
_TOO_LARGE = f"too large: more than {PIXEL_LIMIT // 1_000_000} million pixels"
_DNG_VERSION = 50706
_TURNED = frozenset({5, 6, 7, 8})  # the EXIF orientations that swap width and height

# Pillow raises at twice this figure. It guards the pictures inside ICO and ICNS files, which are
# decoded before we can ask for their size; our own check guards the rest.
Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT // 2


class DecodeError(Exception):
    """The file cannot be read as a picture; ``cause`` says why in a few words.

    A ``lasting`` cause is a property of the content, to be remembered as long as that is the same.
    The next time may be different when a drive failed, or when a missing part could be installed.
    """

    def __init__(self, cause: str, *, lasting: bool = True) -> None:
        super().__init__(cause)
        self.cause = cause
        self.lasting = lasting


def facts(path: str) -> Facts:
    """Return what the picture's header says; the pixels are not decoded where that can be helped.

    Raises:
        DecodeError: with one clear cause.
    """
    with _opened(path) as (image, kind):
        width, height = image.size
        found = exif.read(image)
        # A TIFF already reports the size that it will have after load has turned it.
        if kind.plugin != "TIFF" and exif.orientation(found) in _TURNED:
            width, height = height, width
        return Facts(width, height, kind.name, exif.taken_at(found))


def pixels(path: str, mode: Literal["L", "RGB"]) -> Image.Image:
    """Decode the first frame in full and return it upright.

    ``L`` is Pillow's plain conversion to grey, as other programs' perceptual hashes expect it.
    ``RGB`` is what a person sees: 16-bit greys scaled, transparency laid over white.

    Raises:
        DecodeError: with one clear cause.
    """
    with _opened(path) as (image, _kind):
        upright = _upright(image)
        return upright.convert("L") if mode == "L" else shrink.over_white(upright)


def raster(path: str, side: int) -> tuple[int, int, bytes]:
    """Return the upright width and height, and the picture shrunk to ``side`` x ``side`` greys.

    The shrinking is ImageHash's: a full decode, plain grey, then Lanczos, so that hashes computed
    from the raster (row by row, one byte a grey) equal that library's.

    Raises:
        DecodeError: with one clear cause.
    """
    grey = pixels(path, "L")
    with _causes("picture"):
        small = grey.resize((side, side), Image.Resampling.LANCZOS)
    return grey.width, grey.height, small.tobytes()


def thumbnail(path: str, longest: int) -> bytes:
    """Return an upright JPEG in sRGB, ``longest`` pixels on its longer side and never enlarged.

    Metadata of the photo (place, camera, date) does not go into it.

    Raises:
        DecodeError: with one clear cause.
    """
    with _opened(path) as (image, _kind):
        image.draft("RGB", (2 * longest, 2 * longest))
        return shrink.jpeg(_upright(image), longest)


@contextmanager
def _opened(path: str) -> Iterator[tuple[Image.Image, Kind]]:
    """Open a regular file as the one format that its first bytes show, unloaded."""
    with _regular(path) as file:
        with _causes("file"):
            head = file.read(HEAD_BYTES)
        if not head:
            raise DecodeError("the file is empty")
        kind = sniff(head, path)
        if kind is None:
            raise DecodeError("not a picture")
        if not kind.plugin:
            raise DecodeError(f"unsupported: a {kind.name}", lasting=False)
        file.seek(0)
        with _causes(kind.name), _image(file, kind) as image:
            yield image, kind


@contextmanager
def _regular(path: str) -> Iterator[IO[bytes]]:
    """Open ``path`` for reading if it is a regular file; a named pipe must not make us wait."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(open(path, "rb", opener=_without_waiting))
        except OSError as error:
            raise DecodeError(f"cannot be opened: {error.strerror}", lasting=False) from error
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise DecodeError("not a regular file")
        yield file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _image(file: IO[bytes], kind: Kind) -> Image.Image:
    """Let exactly one Pillow plugin at the file, and refuse what would be too large to decode."""
    # Pillow's warnings are for programmers; a person gets our causes. Asked again on each call,
    # because others (a test runner, for one) reset the filters.
    warnings.filterwarnings("ignore", module=r"PIL\b")
    if kind.plugin == "HEIF":
        _register_heif()
    image = Image.open(file, formats=[kind.plugin])
    width, height = image.size
    if width * height > PIXEL_LIMIT:
        raise DecodeError(_TOO_LARGE)
    if kind.plugin == "TIFF" and _DNG_VERSION in getattr(image, "tag_v2", ()):
        raise DecodeError("unsupported: a camera raw file", lasting=False)
    return image


@functools.cache
def _register_heif() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)


@contextmanager
def _causes(name: str) -> Iterator[None]:
    """Turn whatever a decoder raises into a ``DecodeError`` with a cause for people."""
    try:
        yield
    except DecodeError:
        raise
    except Image.DecompressionBombError as error:
        raise DecodeError(_TOO_LARGE) from error
    except MemoryError as error:
        cause = "too large: it needs more memory than one picture may take"
        raise DecodeError(cause, lasting=False) from error
    except UnidentifiedImageError as error:
        raise DecodeError(f"damaged: its {name} header cannot be read") from error
    except Exception as error:
        # Decoders raise SyntaxError, struct.error, IndexError and more on broken files.
        lasting = not isinstance(error, OSError) or error.errno is None
        raise DecodeError(_cause(name, error), lasting=lasting) from error


def _cause(name: str, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return f"cannot be read: {error.strerror}"
    said = str(error).lower()
    if isinstance(error, EOFError) or "truncated" in said or "end of file" in said:
        return f"truncated: the file ends before the {name} picture does"
    if "decoder error" in said or "data stream" in said:
        return f"damaged {name}: its pixels cannot be decoded"
    return f"damaged {name}: {str(error).splitlines()[0] if said else type(error).__name__}"


def _upright(image: Image.Image) -> Image.Image:
    """Decode the picture and turn it as its EXIF orientation says.

    The order matters: Pillow turns a TIFF by itself while it loads, and then drops the tag.
    """
    image.load()
    if exif.orientation(exif.read(image)) == 1:
        return image
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - broken EXIF data raises anything; the pixels are fine
        return image
