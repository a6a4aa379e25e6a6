"""Which photos a JSON file of a Google Takeout tells of: their names are cut, numbered, shared.

Takeout writes ``NAME.supplemental-metadata.json``, before 2024 ``NAME.json``, and cuts the part
before ``.json`` at 46 characters wherever that falls. The number of a second file of one name goes
behind all of it: ``a(1).jpg`` has ``a.jpg.supplemental-metadata(1).json``. An edited picture, with
"-edited" in its name in some language, has no JSON of its own and shares that of its original.
"""

import bisect
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator

_SUPPLEMENT = ".supplemental-metadata"
_NUMBER = re.compile(r"\((\d+)\)$")

# A name this long may have been cut; 46 is what Takeout does, and characters are not all alike.
_MAYBE_CUT = 44

_EDITED = (
    "-edited",
    "-effects",
    "-smile",
    "-mix",
    "-bearbeitet",
    "-bewerkt",
    "-editado",
    "-editat",
    "-edytowane",
    "-ha editado",
    "-modificato",
    "-modifié",
    "-編集済み",
)


class Catalogue:
    """The photos of one folder, to be found by the names that Takeout gives to their JSON."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[tuple[str, str], set[str]] = {}
        self._stems: dict[tuple[str, str], set[str]] = {}
        self._long: list[tuple[str, str, str]] = []
        for name in names:
            stem, extension = os.path.splitext(unicodedata.normalize("NFC", name))
            for form, number in set(_forms(stem)):
                key = form + extension.lower()
                self._names.setdefault((key, number), set()).add(name)
                self._stems.setdefault((form, number), set()).add(name)
                if len(key) > _MAYBE_CUT:
                    self._long.append((number, key.lower(), name))
        self._long.sort()

    def find(self, name: str) -> set[str]:
        """Return the photos that a JSON file of this name tells of, none for any other JSON."""
        stem = unicodedata.normalize("NFC", name[: -len(".json")])
        readings = list(_readings(stem))
        for known in (self._by_name, self._by_stem, self._by_beginning):
            if found := set().union(*(known(*reading) for reading in readings)):
                return found
        return set()

    def _by_name(self, text: str, number: str) -> set[str]:
        stem, extension = os.path.splitext(text)
        return self._names.get((stem + extension.lower(), number), set())

    def _by_stem(self, text: str, number: str) -> set[str]:
        return self._stems.get((text, number), set())

    def _by_beginning(self, text: str, number: str) -> set[str]:
        """Return the long names that begin with a text which may itself be cut."""
        if len(text) < _MAYBE_CUT:
            return set()
        start = bisect.bisect_left(self._long, (number, text.lower(), ""))
        found: tuple[set[str], set[str]] = (set(), set())
        for index in range(start, len(self._long)):
            its_number, key, name = self._long[index]
            if its_number != number or not key.startswith(text.lower()):
                break
            # A text that ends before the number of a name is rather that of the first such name.
            stem = os.path.splitext(name)[0]
            found[not number and len(text) < len(stem) and bool(_NUMBER.search(stem))].add(name)
        return found[0] or found[1]


def _readings(stem: str) -> Iterator[tuple[str, str]]:
    """Yield what the name of a JSON file may mean: a photo's name, perhaps cut, and its number."""
    for text, number in _numbered(stem):
        yield text, number
        before, dot, after = text.rpartition(".")
        if dot and _SUPPLEMENT.startswith(dot + after):
            yield before, number


def _forms(stem: str) -> Iterator[tuple[str, str]]:
    """Yield the stems and numbers under which a photo's JSON may go."""
    for text, number in _numbered(stem):
        yield text, number
        for original in _originals(text):
            for plain, its_number in _numbered(original):
                yield plain, number or its_number


def _numbered(stem: str) -> Iterator[tuple[str, str]]:
    """Yield a stem as it is and, when it ends in a number, without and with it."""
    yield stem, ""
    if match := _NUMBER.search(stem):
        yield stem[: match.start()], match[1]
        yield stem, match[1]


def _originals(stem: str) -> Iterator[str]:
    """Yield the stem of the picture that an edited one was made from."""
    for word in _EDITED:
        # In a long name the word itself may be cut.
        shortest = 2 if len(stem) >= _MAYBE_CUT else len(word)
        for length in range(len(word), shortest - 1, -1):
            if stem.endswith(word[:length]) and len(stem) > length:
                yield stem[:-length]
                break
