"""Opens and decodes a picture once for all that is wanted of it: greys, facts, thumbnails."""

import hashlib
from typing import Literal, NamedTuple

from PIL import Image

from same_image_locator.decode import colours, jpeg, plain_jpeg, shrink, source, thumbnails
from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.decoders import decoded
from same_image_locator.decode.facts import Stored
from same_image_locator.decode.facts import of_plain_jpeg as facts_of_plain_jpeg
from same_image_locator.decode.source import Opened, Source
from same_image_locator.model import Facts

_BYTE = 8  # bits
_DIGESTED_AT_ONCE = 1 << 18  # pixels: their bytes stay in a core's cache
_MADE = frozenset({"RAW", "SVG"})  # pictures of our making, of which the file holds more


class Glimpse(NamedTuple):
    """What one opening and one decode of a picture gave.

    Attributes:
        facts: what it says of itself.
        greys: ``side`` x ``side`` bytes, row by row; empty when ``damage`` is not.
        thumbnails: a JPEG for each size asked for, in that order; framed in red when damaged.
        damage: why only a part of the picture could be read, else empty. What is missing would
            look the same in every such picture, so that they cannot be compared by their looks.
    """

    facts: Facts
    greys: bytes
    thumbnails: tuple[bytes, ...] = ()
    damage: str = ""


class _Drawn(NamedTuple):
    facts: Facts
    small: shrink.Small


class _Wanted(NamedTuple):
    """How many pixels the longer side must keep, and whether colours are needed."""

    longest: float
    colour: bool


def glimpse(path: str, side: int, sizes: tuple[int, ...] = (), *, full: bool = False) -> Glimpse:
    """Look at a picture.

    A JPEG is decoded at the smallest scale that serves; its colours are decoded only when
    thumbnails are wanted or its profile needs them. With ``full`` nothing is shrunk before the
    last step, and the greys of plain 8-bit pictures are those that ImageHash hashes, to the bit.
    Thumbnails are a tenth of the work on a large photo, and most of the work on a small one.

    Args:
        path: of the file.
        side: how many greys the picture gets in each direction; 0 for none.
        sizes: lengths in pixels that the thumbnails' longer sides are to have, give or take a
            quarter.
        full: decode every pixel, as an oracle does.

    Raises:
        DecodeError: it is no picture that we can read, with one clear cause.
    """
    wanted = _Wanted(thumbnails.needed(sizes), bool(sizes))
    return _glimpsed(path, side, sizes, wanted, full=full)[0]


def glimpse_and_small(
    path: str, side: int, sizes: tuple[int, ...], longest: int, *, colour: bool
) -> tuple[Glimpse, shrink.Small]:
    """Look at a picture as :func:`glimpse` does; return also what all was made from.

    The small picture keeps at least ``longest`` pixels on its longer side, as far as it has them,
    and with ``colour`` its colours.

    Raises:
        DecodeError: it is no picture that we can read, with one clear cause.
    """
    wanted = _Wanted(max(longest, thumbnails.needed(sizes)), colour or bool(sizes))
    return _glimpsed(path, side, sizes, wanted, full=False)


def _glimpsed(
    path: str, side: int, sizes: tuple[int, ...], wanted: _Wanted, *, full: bool
) -> tuple[Glimpse, shrink.Small]:
    with source.opened(path) as file:
        plain, damage = None if full else _plain(file, wanted), ""
        if plain is None:
            drawn, damage = decoded(file, lambda opened: _drawn(opened, file, wanted, full=full))
        else:
            drawn = plain
    greys = shrink.greys(drawn.small, side, full=full) if side and not damage else b""
    made = thumbnails.made(drawn.small.image, sizes, damaged=bool(damage)) if sizes else ()
    return Glimpse(drawn.facts, greys, made, damage), drawn.small


def facts(path: str) -> Facts:
    """Return what the picture's header says; the pixels are not decoded where that can be helped.

    Raises:
        DecodeError: with one clear cause.
    """
    with source.opened(path) as file:
        return decoded(file, lambda opened: Stored(opened).gathered(file))[0]


def pixels(path: str, mode: Literal["L", "RGB"]) -> Image.Image:
    """Decode the first frame in full and return it upright and plain: 8 bits, sRGB, over white.

    Raises:
        DecodeError: with one clear cause.
    """
    with source.opened(path) as file:
        drawn, damage = decoded(
            file, lambda opened: _drawn(opened, file, _Wanted(0, colour=True), full=True)
        )
    if damage:
        raise DecodeError(damage)
    return drawn.small.image.convert(mode)


def pixel_digest(path: str) -> bytes:
    """Return the SHA-256 of what a picture shows: all upright pixels in sRGB, and their size.

    Two files with the same digest show the same to the last pixel. Where eight bits of one frame
    are not all that there is (transparency, deeper channels, further frames, a camera's raw data),
    the digest is empty: they could show the same and still not hold the same.

    Raises:
        DecodeError: with one clear cause.
    """
    with source.opened(path) as file:
        (drawn, clear), damage = decoded(file, lambda opened: _whole(opened, file))
    facts = drawn.facts
    flat = (facts.depth or _BYTE) <= _BYTE and not facts.more_frames
    if damage or clear or not flat or facts.format in _MADE:
        return b""
    image = drawn.small.image
    width, height = image.size
    digest = hashlib.sha256(b"%d %d " % image.size)
    lines = max(1, _DIGESTED_AT_ONCE // width)
    for top in range(0, height, lines):
        part = image.crop((0, top, width, min(top + lines, height)))
        digest.update(part.convert("RGB").tobytes())
    return digest.digest()


def _whole(opened: Opened, file: Source) -> tuple[_Drawn, bool]:
    """Decode in full; return also whether the picture is transparent anywhere."""
    clear = opened.image.has_transparency_data
    return _drawn(opened, file, _Wanted(0, colour=True), full=True), clear


def thumbnail(path: str, longest: int) -> bytes:
    """Return an upright JPEG in sRGB, about ``longest`` pixels on its longer side.

    It may be a quarter more or less, but never larger than the picture. Nothing that the photo
    says of itself (place, camera, date) goes into it. What can be read of a damaged picture is
    framed in red.

    Raises:
        DecodeError: with one clear cause.
    """
    return glimpse(path, 0, (longest,)).thumbnails[0]


def _plain(file: Source, wanted: _Wanted) -> _Drawn | None:
    """Decode as :func:`_drawn` does, but only a JPEG that is plain and whole."""
    header = plain_jpeg.header(file.content) if file.content else None
    if header is None or not colours.is_plain_profile(header.profile):
        return None
    by = shrink.factor(header.size, wanted.longest, jpeg=True)
    eighths = shrink.eighths(by)
    mode = header.mode if wanted.colour else "L"
    image = plain_jpeg.decoded(file.content, header, mode, eighths)
    if image is None:
        return None
    rest = by // eighths
    even = image.reduce(rest) if rest > 1 else image
    extent = (header.size[0] / eighths / rest, header.size[1] / eighths / rest)
    turn = header.turn
    box = shrink.box_of(even.size, extent, turn)
    return _Drawn(facts_of_plain_jpeg(header), shrink.Small(colours.upright(even, turn), box))


def _drawn(opened: Opened, file: Source, wanted: _Wanted, *, full: bool) -> _Drawn:
    """Decode and make plain: shrink, scale deep greys, to sRGB, over white, upright, each once."""
    stored, image = Stored(opened), opened.image
    if not min(image.size):
        raise DecodeError("damaged: it is a picture without pixels")
    if full and jpeg.is_large(image):
        raise too_large(jpeg.LIMIT)
    is_jpeg = image.format in {"JPEG", "MPO"}
    by = 1 if full else shrink.factor(image.size, wanted.longest, jpeg=is_jpeg)
    profile = image.info.get("icc_profile")
    grey = not (full or wanted.colour) and colours.is_plain_profile(profile)
    loaded = shrink.load(image, by, grey=grey)
    shown = colours.upright(colours.plain(loaded.image, loaded.white), stored.turn)
    if shown is image:  # gathering seeks to its next frame
        shown = image.copy()
    box = shrink.box_of(loaded.image.size, loaded.extent, stored.turn)
    return _Drawn(stored.gathered(file), shrink.Small(shown, box))
