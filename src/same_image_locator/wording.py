"""How numbers, sizes and file names are worded for people: one place, so that all faces agree."""

import datetime as dt
import os
import unicodedata

_JOINERS = "\u200c\u200d"  # needed inside Persian words and emoji, and harmless
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_ESCAPED_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_SIZE_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")
_MINUTE = 60  # seconds, as well as minutes of an hour
_STEP = 1000  # decimal units, as disks and cameras are sold


def printable(path: str) -> str:
    r"""Return ``path`` safe to show: what could act on a terminal or deceive the eye is escaped.

    Control characters, line breaks, bidi marks and undecodable bytes come out as ``\n``, ``\x1b``,
    ``\u202e`` or ``\xff``; everything else, in any script, stays as it is. For eyes only: the
    result is not meant to be turned back into a path.
    """
    if path.isprintable():  # stricter than what is escaped here, and quickly told
        return path
    return "".join(_shown(character) for character in path)


def inside(path: str, root: str) -> str:
    """Return a path as seen from the root, or in full when it lies elsewhere."""
    return path.removeprefix(root.rstrip(os.sep) + os.sep)


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category not in _ESCAPED_CATEGORIES or character in _JOINERS:
        return character
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - PEP 383: a surrogate that stands for one byte
        return f"\\x{code - 0xDC00:02x}"
    if code <= 0xFF:  # noqa: PLR2004 - the range that two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - as Python does


def disk_trouble(error: OSError) -> str:
    """Return the one line that says why a run had to stop, and what that means for the photos."""
    name = error.filename  # a number where the system was asked by an open file's number
    where = f": {printable(os.fsdecode(name))}" if isinstance(name, (str, bytes)) else ""
    return (
        f"{error.strerror or error}{where}. The run had to stop; no photo is lost, "
        "and the next start goes on from here"
    )


def missing_library(library: str) -> str:
    """Say that a library is not installed, and the command that installs it."""
    return (
        f'the library {library} is not installed. Run: pip install "same-image-locator" '
        "(in a checkout: pip install -r requirements.txt)"
    )


def plural(count: int, noun: str, nouns: str = "") -> str:
    """Return "1 photo" or "1,204 photos"; ``nouns`` gives an irregular plural."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def size_words(size: float) -> str:
    """Return a number of bytes in decimal units: "1 byte", "812 bytes", "3.2 GB"."""
    if size < _STEP:
        return plural(int(size), "byte")
    rest, unit = float(size), 0
    # 999,950 bytes would round to "1000.0 kB": the next unit begins where rounding reaches it.
    while rest >= _STEP - 0.05 and unit < len(_SIZE_UNITS) - 1:
        rest, unit = rest / _STEP, unit + 1
    return f"{rest:.1f} {_SIZE_UNITS[unit]}"


def duration_words(seconds: float) -> str:
    """Return a time still to wait, no more exact than it can be: "8 s", "3 min 20 s", "2 h 5 min".

    From one minute on it goes by fives of seconds, from ten by minutes.
    """
    whole = max(1, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < 10 * _MINUTE:
        minutes, rest = divmod(round(whole / 5) * 5, _MINUTE)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(round(whole / _MINUTE), _MINUTE)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def moment_words(at: str) -> str:
    """Return an ISO 8601 time with its zone as people here read it: "2026-03-01 14:05"."""
    return f"{dt.datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"
