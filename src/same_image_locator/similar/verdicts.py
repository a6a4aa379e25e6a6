"""What earlier runs found when they looked at two files, so that a second run need not look."""

import time

from same_image_locator.cache import Looks, by_file, file_key
from same_image_locator.model import DECODER_VERSION, TIERS, Identity
from same_image_locator.similar.changes import as_text, from_text
from same_image_locator.similar.verdict import Verdict

# The number rises whenever a second look would come to another verdict.
_RECIPE = f"second look/24/{DECODER_VERSION}"
_NUMBERS = 4  # digits that come first: certainty, tier, and two of what is shared
_WHOLE = 99  # is all of it
_COMMIT_SECONDS = 1.0


class Verdicts:
    """Verdicts on pairs of unchanged files; what is new is committed each second.

    They are kept with the ``device`` on which most of the files lie.
    """

    def __init__(self, looks: Looks, device: int) -> None:
        self._looks = looks
        self._device = device
        self._known = looks.answers(_RECIPE, device)
        self._new: list[tuple[bytes, str]] = []
        self._committed = time.monotonic()

    def known(self, one: Identity, other: Identity) -> Verdict | None:
        """Return the verdict on two files, with the changes as they are seen from the first."""
        first, second = self._key(one), self._key(other)
        answer = self._known.get(min(first, second) + max(first, second))
        if not isinstance(answer, str) or not answer[:_NUMBERS].isdecimal():
            return None
        changes = from_text(answer[_NUMBERS:])
        if changes is None:
            return None
        seen = changes if first <= second else changes.reversed()
        certainty, tier = int(answer[0]), TIERS[int(answer[1])]
        shared = int(answer[2:_NUMBERS]) / _WHOLE
        return Verdict(False, seen, certainty, tier, shared).by("default")

    def keep(self, one: Identity, other: Identity, verdict: Verdict) -> None:
        """Remember a verdict."""
        first, second = self._key(one), self._key(other)
        changes = verdict.changes if first <= second else verdict.changes.reversed()
        # Whatever the strictness: another may ask.
        shared = round(_WHOLE * max(0.0, verdict.shared))
        numbers = f"{verdict.certainty}{TIERS.index(verdict.tier)}{shared:02}"
        answer = numbers + as_text(changes)
        self._new.append((min(first, second) + max(first, second), answer))
        if time.monotonic() - self._committed >= _COMMIT_SECONDS:
            self.commit()

    def _key(self, identity: Identity) -> bytes:
        return (file_key if identity.device == self._device else by_file)(identity)

    def commit(self) -> None:
        """Write what is new."""
        self._looks.keep_answers(_RECIPE, self._device, self._new)
        self._new = []
        self._committed = time.monotonic()
