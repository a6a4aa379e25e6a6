"""Chooses who decodes a picture, and who tries after one that failed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import NamedTuple, Protocol, TypeVar

from PIL import Image, ImageFile

from same_image_locator.decode import plugins
from same_image_locator.decode.causes import DecodeError, MissingExtraError, causes
from same_image_locator.decode.pillow import PIXEL_LIMIT
from same_image_locator.decode.sniff import OWN_DECODERS, Kind
from same_image_locator.decode.source import Opened, Source

Result = TypeVar("Result")

_PACKAGE = "same_image_locator"
# A decoder is a module with a function ``opened`` from a Source to an Opened. They are named, not
# imported, so that each is loaded when it is needed. Those of an extra import what it installs.
_EXTRAS = {
    "hdr": "codecs",
    "jxl": "jxl",
    "psd": "psd",
    "rare_jpeg": "codecs",
    "raw": "raw",
    "svg": "svg",
    "tiff": "tiff",
}

# Of these, Pillow calls some broken that are only of a sort that it does not know.
_MISTAKEN = frozenset({"PNG", "PSD", "TIFF"})

# Of these, Pillow shows what there is before the place where a file is broken.
_SALVAGED = frozenset({"JPEG", "PNG", "GIF", "BMP", "TIFF", "HEIF", "JPEG2000", "TGA", "ICO"})


class Decoder(Protocol):
    """What a module offers that another package installs as a decoder."""

    def sniff(self, head: bytes) -> Kind | None:
        """Return the kind of file that begins with ``head``, None when it is not this decoder's."""

    def opened(self, source: Source) -> Opened:
        """Return the picture; whatever this raises becomes the cause why it cannot be read."""


class _Attempt(NamedTuple):
    decoder: str
    salvages: bool = False  # shows the part of a broken picture that can be read
    spare: bool = False  # reads more pictures of a kind than the first decoder, if it is installed
    even_broken: bool = False  # also those that the first decoder calls broken


def decoded(source: Source, use: Callable[[Opened], Result]) -> tuple[Result, str]:
    """Return what ``use`` makes of the picture, which it loads, and the damage.

    The damage says why only a part of the picture was read, and is empty when all of it was. Who
    cannot make sense of a picture's header leaves it to the next decoder; who finds its pixels
    broken makes it a damaged picture whoever reads it after that.

    Raises:
        DecodeError: nobody can read it; the cause is the first decoder's.
    """
    first: DecodeError | None = None
    damage = ""
    for attempt in _attempts(source.kind):
        if not _may_follow(attempt, first, damage):
            continue
        image: Image.Image | None = None
        try:
            with causes(source.kind.name, PIXEL_LIMIT), _truncated_allowed(attempt.salvages):
                source.file.seek(0)
                opened = _decoder(attempt.decoder, source.kind).opened(source)
                with opened.image as image:
                    return use(opened), damage
        except MissingExtraError as error:
            if first is None or not damage:
                first = error if first is None else error.after(first)
        except DecodeError as error:
            first = first or error
            if image is not None and error.broken:
                damage = damage or error.cause
    raise first or DecodeError(f"unsupported: a {source.kind.thing}", lasting=False)


def _attempts(kind: Kind) -> Iterator[_Attempt]:
    if kind.decoder:
        yield _Attempt(kind.decoder)
    if kind.spare:
        yield _Attempt(kind.spare, spare=True, even_broken=kind.plugin in _MISTAKEN)
    if kind.plugin in _SALVAGED:
        yield _Attempt(kind.decoder, salvages=True)


def _may_follow(attempt: _Attempt, first: DecodeError | None, damage: str) -> bool:
    """Return whether an attempt makes sense after what has failed so far."""
    if attempt.salvages:
        return bool(damage)
    if attempt.spare:
        return first is not None and (first.strange or (first.broken and attempt.even_broken))
    return True


def _decoder(name: str, kind: Kind) -> ModuleType:
    """Return the module that decodes.

    Raises:
        MissingExtraError: what it needs is not installed.
    """
    try:
        installed = None if name in OWN_DECODERS else plugins.module(name)
        return installed or import_module(f"{_PACKAGE}.decode.{name}")
    except ImportError as error:
        if name not in _EXTRAS:
            raise
        raise MissingExtraError(kind.thing, _EXTRAS[name]) from error


@contextmanager
def _truncated_allowed(allowed: bool) -> Iterator[None]:
    """Let Pillow go on after broken pixels; it knows this for a whole process only."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = allowed
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
