"""The ordered rules by which one file of a group is better to keep than another, with reasons.

A rule leaves those of the files that are best by it. What is not known of a file never speaks for
it: where another's value is known, the unknown one is left out.
"""

import datetime as dt
import os
import re
from collections.abc import Callable, Sequence

from same_image_locator.choices import KEEP_RULES
from same_image_locator.review.candidate import Candidate
from same_image_locator.review.installed_rules import installed
from same_image_locator.review.rule import Files, Rule

PIXELS_PERCENT = 105  # a picture that is a little larger was not made better by that
QUALITY_STEP = 5  # estimates are no finer than this
_SECONDS_LENGTH = 19  # "2019-06-12T14:03:22": zones differ too often to be compared
_COPY_NAMES = (
    r"\(\d{1,3}\)$",
    r"[ _-]+(?:copy|kopie|copie|copia|cópia)(?: ?\(?\d+\)?)?$",
    r"^(?:copy of|kopie von|copie de) ",
    r"[ _-]edit(?:ed)?$",
    r"^IMG-\d{8}-WA\d+",
    r"^WhatsApp Image",
    r"^Screenshot",
)
_COPY_NAME = re.compile("|".join(f"({one})" for one in _COPY_NAMES), re.IGNORECASE)


def ordered(names: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Return the rules of these names in this order; without names all, in the usual order."""
    rules = (_RULES.get(name) or installed(name) for name in names or KEEP_RULES)
    return tuple(rule for rule in rules if rule is not None)


def _highest(files: Files, value: Callable[[Candidate], float | None]) -> list[Candidate]:
    """Return the files of the highest value; all of them when no value is known."""
    return _above(files, value, lambda top: top)


def _above(
    files: Files,
    value: Callable[[Candidate], float | None],
    least: Callable[[float], float],
) -> list[Candidate]:
    values = [(file, value(file)) for file in files]
    known = [(file, one) for file, one in values if one is not None]
    if not known:
        return list(files)
    border = least(max(one for _, one in known))
    return [file for file, one in known if one >= border]


# -- the rules -----------------------------------------------------------------------------


def _folder(files: Files) -> list[Candidate]:
    return _highest(files, lambda file: None if file.preferred is None else -file.preferred)


def _folder_words(_one: Candidate, other: Candidate) -> str:
    return "in your preferred folder" if other.preferred is None else "in the folder preferred last"


def _whole(files: Files) -> list[Candidate]:
    return _highest(files, lambda file: 1 if file.facts else None)


def _pixels(files: Files) -> list[Candidate]:
    return _above(files, lambda file: file.telling, lambda top: 100 * top / PIXELS_PERCENT)


def _pixels_words(one: Candidate, other: Candidate) -> str:
    return f"{pixel_words(one)} against {pixel_words(other)}"


def pixel_words(file: Candidate) -> str:
    """Return "4000 × 3000"."""
    return f"{file.facts.width} × {file.facts.height}" if file.facts else "unknown"


def enlarged_words(file: Candidate) -> str:
    """Return why its pixels do not count, "" where they do."""
    detail = file.facts.detail if file.facts else None
    if detail is None:
        return ""
    return f"may be an enlargement: no more detail than {detail[0]} × {detail[1]}"


def _quality(files: Files) -> list[Candidate]:
    """Compare JPEG files only: what is stored without loss has no such number, and is no worse."""
    if any(file.facts and file.facts.format != "JPEG" for file in files):
        return list(files)
    return _above(files, _quality_of, lambda top: top - QUALITY_STEP + 1)


def _quality_of(file: Candidate) -> int | None:
    return file.facts.quality if file.facts else None


def _quality_words(one: Candidate, other: Candidate) -> str:
    return f"quality {_quality_of(one)} against {_quality_of(other) or 'unknown'}"


def _data(files: Files) -> list[Candidate]:
    return _highest(files, lambda file: len(file.data))


def _data_words(one: Candidate, other: Candidate) -> str:
    more = [word for word in one.data if word not in other.data]
    return f"has {listed(more)}, the other has not"


def listed(parts: Sequence[str]) -> str:
    """Return "a", "a and b", or "a, b and c"."""
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def _name(files: Files) -> list[Candidate]:
    return _highest(files, lambda file: 0 if copy_mark(file.entry.origin) else 1)


def copy_mark(path: str) -> str:
    """Return what in a file's name looks as a copy's does, "" for nothing; only a hint."""
    found = _COPY_NAME.search(os.path.splitext(os.path.basename(path))[0])
    return found[0].strip(" _-") if found else ""


def _name_words(_one: Candidate, other: Candidate) -> str:
    return f"name without “{copy_mark(other.entry.origin)}”"


def _age(files: Files) -> list[Candidate]:
    """The oldest capture date wins, and of the same one the file that was changed first."""
    known = [taken for file in files if (taken := _taken(file))]
    left = [file for file in files if _taken(file) == min(known)] if known else list(files)
    return _highest(left, lambda file: -file.entry.identity.mtime_ns)


def _taken(file: Candidate) -> str:
    taken = file.facts.taken_at if file.facts else None
    return taken[:_SECONDS_LENGTH] if taken else ""


def _age_words(one: Candidate, other: Candidate) -> str:
    if _taken(one) != _taken(other):
        mine, its, sort = _taken(one), _taken(other) or "unknown", "older"
    else:
        mine, its = (_changed(file.entry.identity.mtime_ns) for file in (one, other))
        sort = "older file"
    day = len("2019-06-12")
    if mine[:day] != its[:day]:
        mine, its = mine[:day], its[:day]
    if mine == its:
        return sort
    return f"{sort}: {mine.replace('T', ' ')} against {its.replace('T', ' ')}"


def _changed(mtime_ns: int) -> str:
    try:
        return f"{dt.datetime.fromtimestamp(mtime_ns // 10**9):%Y-%m-%dT%H:%M:%S}"  # noqa: DTZ006 - as the user's other programs show it
    except (OverflowError, OSError, ValueError):
        return "unknown"


def _bytes(files: Files) -> list[Candidate]:
    """More bytes say something only within one format, unless enlarging may have made them."""
    formats = {file.facts.format for file in files if file.facts}
    if len(formats) != 1 or any(file.facts and file.facts.detail for file in files):
        return list(files)
    return _highest(files, lambda file: file.entry.identity.size if file.facts else None)


def _path(files: Files) -> list[Candidate]:
    return _highest(files, lambda file: -len(file.entry.origin))


# What stays where it is comes before all that can be asked for.
STAYS = Rule(
    "reference",
    True,
    lambda files: _highest(files, lambda file: int(file.entry.protected)),
    lambda *_: "in a reference folder, where it stays",
)
_RULES = {
    rule.name: rule
    for rule in (
        Rule("folder", True, _folder, _folder_words),
        Rule("whole", True, _whole, lambda *_: "can be read, the other cannot"),
        Rule("pixels", True, _pixels, _pixels_words),
        Rule("quality", True, _quality, _quality_words),
        Rule("data", True, _data, _data_words),
        Rule("name", False, _name, _name_words),
        Rule("age", False, _age, _age_words),
        Rule("bytes", False, _bytes, lambda *_: "larger file"),
        Rule("path", False, _path, lambda *_: "shorter path"),
    )
}
