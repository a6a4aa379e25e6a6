"""Tell which files of a folder belong to its photos: settings, notes, films, RAW, Takeout's JSON.

Only names decide, as they do for the cameras and programs that write these files. A companion
belongs to every photo that it fits; what fits none is no companion.
"""

import os
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from same_image_locator.takeout import Catalogue

# A camera writes the RAW file and the film of a shot beside a picture of one of these kinds.
_SHOTS = frozenset((".jpg", ".jpeg", ".heic", ".heif", ".hif"))
_RAW_NAMES = """
3fr arw cap cr2 cr3 crw dcr dng erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf ori pef raf raw
rw2 rwl sr2 srf srw x3f
"""
_RAW = frozenset(f".{name}" for name in _RAW_NAMES.split())
_FILMS = frozenset((".mov", ".mp4", ".mp"))
_MEDIA = _RAW | _FILMS
_TAKEOUT = ".json"
# Edits of Lightroom, darktable and others; edits of Apple's; thumbnails; spoken notes.
_SIDECARS = frozenset((".xmp", ".pp3", ".dop", ".aae", ".thm", ".wav", _TAKEOUT))
_KINDS = _MEDIA | _SIDECARS

# Other spellings of a stem: by iCloud's downloaders, by Apple for the original of an edited
# picture, by old cameras for a spoken note, by darktable for a second version of its edits.
_SPELLINGS: Mapping[str, tuple[re.Pattern[str], str]] = {
    ".mov": (re.compile(r"_HE[VI]C$", re.IGNORECASE), ""),
    ".aae": (re.compile(r"^IMG_O(?=\d)"), "IMG_"),
    ".wav": (re.compile(r"^SND_(?=\d)"), "IMG_"),
    ".xmp": (re.compile(r"_\d\d(?=\.\w+$)"), ""),
}


def may_belong(endings: Iterable[str]) -> bool:
    """Return whether a file with one of these endings may be a companion; most folders have none.

    An ending begins with the last dot of a name, in any letter case.
    """
    return not _KINDS.isdisjoint(map(str.lower, endings))


def owners_by_companion(
    names: Collection[str], pictures: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return, for each companion among the files of one folder, the files that it belongs to.

    ``pictures`` are those of ``names`` that are pictures. A RAW file or film that belongs to no
    picture owns its own companions.
    """
    kinds = [(name, os.path.splitext(name)[1].lower()) for name in names]
    media = {name: kind for name, kind in kinds if kind in _MEDIA}
    sidecars = {name: kind for name, kind in kinds if kind in _SIDECARS}
    shots = _Names([n for n in pictures if os.path.splitext(n)[1].lower() in _SHOTS])
    owners = {name: shots.of_medium(name, kind) for name, kind in media.items()}
    hosts = {name: (name,) for name in pictures} | {n: found or (n,) for n, found in owners.items()}
    index = _Names(list(hosts))
    for name, kind in sidecars.items():
        fitting = index.of_sidecar(name, kind)
        owners[name] = _in_order(owner for host in fitting for owner in hosts[host])
    return {name: found for name, found in owners.items() if found}


class _Names:
    """Files of a folder by name and by stem; letter case counts in a stem, not in an extension."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._by_name: dict[str, list[str]] = {}
        self._by_stem: dict[str, list[str]] = {}
        self._takeout: Catalogue | None = None
        for name in names:
            stem, extension = _split(name)
            self._by_name.setdefault(stem + extension, []).append(name)
            self._by_stem.setdefault(stem, []).append(name)

    def of_medium(self, name: str, kind: str) -> tuple[str, ...]:
        """Return the pictures taken in the same moment as a RAW file or film."""
        stem, _ = _split(name)
        # A Pixel's film X.MP lies beside X.MP.jpg.
        whole = [unicodedata.normalize("NFC", name)] if kind == ".mp" else []
        return _first(self._by_stem, [*whole, *_spellings(stem, kind)])

    def of_sidecar(self, name: str, kind: str) -> tuple[str, ...]:
        """Return the files that a sidecar tells of."""
        if kind == _TAKEOUT:
            self._takeout = self._takeout or Catalogue(self._names)
            return _in_order(self._takeout.find(name))
        spellings = _spellings(_split(name)[0], kind)
        named = _first(self._by_name, ["".join(_split(text)) for text in spellings])
        return named or _first(self._by_stem, spellings)


def _split(name: str) -> tuple[str, str]:
    """Return a name's stem, however its accents are encoded, and its extension in small letters."""
    stem, extension = os.path.splitext(unicodedata.normalize("NFC", name))
    return stem, extension.lower()


def _spellings(stem: str, kind: str) -> list[str]:
    """Return the stems that a companion's photo may have, the likeliest first."""
    pattern, replacement = _SPELLINGS.get(kind, (None, ""))
    return [stem, pattern.sub(replacement, stem)] if pattern else [stem]


def _first(known: Mapping[str, list[str]], texts: Iterable[str]) -> tuple[str, ...]:
    return next((_in_order(known[text]) for text in texts if text in known), ())


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=os.fsencode))
