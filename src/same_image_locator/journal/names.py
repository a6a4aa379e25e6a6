"""Names that never collide: for a file in its group folder, and for a file that comes home."""

import os
import unicodedata
from collections.abc import Iterator

_LONGEST_STAGED = 120  # bytes of the name in a group folder, so that every system can hold it
_LONGEST_HOME = 255  # bytes that a name may have on the usual file systems
_LONGEST_EXTENSION = 200  # what is longer leaves no room for an addition, and is none
_FORBIDDEN = set('<>:"/\\|?*')


def staged_name(position: int, original: str) -> str:
    """Return the name of the group's file number ``position``, counted from 1.

    It begins with the number, so it is unique in its group even where letter case or Unicode
    forms are folded, and holds nothing that another system would refuse.
    """
    stem, extension = os.path.splitext(os.path.basename(original))
    prefix = f"{position:03}_"
    extension = _shortened(_plain(extension), 20)
    room = _LONGEST_STAGED - len(prefix) - len(extension.encode())
    stem = _shortened(_plain(stem), room).rstrip(". ") or "file"
    return f"{prefix}{stem}{extension.rstrip('. ')}"


def home_names(path: str, word: str) -> Iterator[str]:
    """Yield ``path`` and then its siblings ``name (word).ext``, ``name (word 2).ext``, ..."""
    yield path
    folder, name = os.path.split(path)
    stem, extension = os.path.splitext(name)
    if len(os.fsencode(extension)) > _LONGEST_EXTENSION:
        stem, extension = name, ""
    number = 1
    while True:
        addition = f" ({word})" if number == 1 else f" ({word} {number})"
        room = _LONGEST_HOME - len(os.fsencode(addition + extension))
        yield os.path.join(folder, _cut(stem, room) + addition + extension)
        number += 1


def companion_home(companion: str, owner: str, home: str) -> str:
    """Return where a companion comes home when its photo ``owner`` came home as ``home``.

    Beside it and under its name: ``a.xmp`` and ``a.jpg.xmp`` of ``a.jpg`` become ``a (kept).xmp``
    and ``a (kept).jpg.xmp`` when that became ``a (kept).jpg``.
    """
    if home == owner:
        return companion
    name = os.path.basename(companion)
    stem = os.path.splitext(os.path.basename(owner))[0]
    new_stem = os.path.splitext(os.path.basename(home))[0]
    start, bracket, word = new_stem.rpartition(" (")
    addition = bracket + word
    if name.startswith(stem):
        rest = name[len(stem) :]
    else:  # such as the shortened name of an export's text
        start, rest = os.path.splitext(name)
    room = _LONGEST_HOME - len(os.fsencode(addition + rest))
    return os.path.join(os.path.dirname(home), _cut(start, room) + addition + rest)


def sidecar_of(photo: str) -> str:
    """Return where a photo's own XMP file lies: beside it, its whole name before the ending.

    ``a.jpg.xmp`` belongs to ``a.jpg`` alone, while ``a.xmp`` is that of ``a.heic`` as well.
    """
    return f"{photo}.xmp"


def _plain(text: str) -> str:
    """Replace what is undecodable, invisible or forbidden on some system by an underscore."""
    if text.isprintable() and _FORBIDDEN.isdisjoint(text):
        return text  # as nearly every name; all of category C is unprintable
    return "".join(
        "_" if character in _FORBIDDEN or unicodedata.category(character)[0] == "C" else character
        for character in text
    )


def _shortened(text: str, room: int) -> str:
    return text.encode()[:room].decode(errors="ignore")


def _cut(stem: str, room: int) -> str:
    """Shorten a stem to ``room`` bytes; a character cut in two goes whole."""
    if len(os.fsencode(stem)) <= room:
        return stem
    while len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return stem
