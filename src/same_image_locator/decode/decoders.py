"""Chooses who decodes a picture, and who tries after one that failed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import NamedTuple, TypeVar

from PIL import Image, ImageFile

from same_image_locator.decode.causes import DecodeError, causes
from same_image_locator.decode.pillow import PIXEL_LIMIT
from same_image_locator.decode.source import Source

Result = TypeVar("Result")

# A decoder is a module with a function ``opened`` from a Source to a Pillow image, whose pixels
# may still have to be loaded. They are named, not imported, so that each is loaded when needed.
_PILLOW = "same_image_locator.decode.pillow"

# Of these, Pillow shows what there is before the place where a file is broken.
_SALVAGED = frozenset({"JPEG", "PNG", "GIF", "BMP", "TIFF", "HEIF", "JPEG2000", "TGA", "ICO"})


class _Attempt(NamedTuple):
    module: str
    salvages: bool = False


def decoded(source: Source, use: Callable[[Image.Image], Result]) -> tuple[Result, str]:
    """Return what ``use`` makes of the picture, which it loads, and the damage.

    The damage says why only a part of the picture was read, and is empty when all of it was. Who
    cannot make sense of a picture's header leaves it to the next decoder; who finds its pixels
    broken makes it a damaged picture whoever reads it after that.

    Raises:
        DecodeError: nobody can read it; the cause is the first decoder's.
    """
    first: DecodeError | None = None
    damage = ""
    for attempt in _attempts(source):
        if attempt.salvages and not damage:
            continue
        image = None
        try:
            with causes(source.kind.name, PIXEL_LIMIT), _truncated_allowed(attempt.salvages):
                source.file.seek(0)
                with _opened(attempt, source) as image:
                    return use(image), damage
        except DecodeError as error:
            first = first or error
            if image is not None and error.broken:
                damage = first.cause
    raise first or DecodeError(f"unsupported: a {source.kind.name}", lasting=False)


def _attempts(source: Source) -> Iterator[_Attempt]:
    if source.kind.plugin:
        yield _Attempt(_PILLOW)
    if source.kind.plugin in _SALVAGED:
        yield _Attempt(_PILLOW, salvages=True)


def _opened(attempt: _Attempt, source: Source) -> Image.Image:
    image: Image.Image = import_module(attempt.module).opened(source)
    return image


@contextmanager
def _truncated_allowed(allowed: bool) -> Iterator[None]:
    """Let Pillow go on after broken pixels; it knows this for a whole process only."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = allowed
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
