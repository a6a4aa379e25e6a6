"""What earlier runs found when they looked at two files, so that a second run need not look."""

import time

from same_image_locator.cache import Looks, file_key
from same_image_locator.model import DECODER_VERSION, Identity
from same_image_locator.similar.verdict import Verdict, seen_from_the_other

# The number rises whenever a second look would come to another verdict.
_RECIPE = f"second look/2/{DECODER_VERSION}"
_COMMIT_SECONDS = 1.0


class Verdicts:
    """Verdicts on pairs of unchanged files of one drive; what is new is committed each second."""

    def __init__(self, looks: Looks, device: int) -> None:
        self._looks = looks
        self._device = device
        self._known = looks.answers(_RECIPE, device)
        self._new: list[tuple[bytes, str]] = []
        self._committed = time.monotonic()

    def known(self, one: Identity, other: Identity) -> Verdict | None:
        """Return the verdict on two files, with the changes as they are seen from the first."""
        first, second = file_key(one), file_key(other)
        answer = self._known.get(min(first, second) + max(first, second))
        if not isinstance(answer, str) or not answer[:1].isdecimal():
            return None
        certainty, changes = int(answer[:1]), answer[1:]
        if second < first:
            changes = seen_from_the_other(changes)
        return Verdict(same=False, changes=changes, certainty=certainty).by("default")

    def keep(self, one: Identity, other: Identity, verdict: Verdict) -> None:
        """Remember a verdict."""
        first, second = file_key(one), file_key(other)
        changes = verdict.changes if first <= second else seen_from_the_other(verdict.changes)
        answer = f"{verdict.certainty}{changes}"  # whatever the strictness: another may ask
        self._new.append((min(first, second) + max(first, second), answer))
        if time.monotonic() - self._committed >= _COMMIT_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Write what is new."""
        self._looks.keep_answers(_RECIPE, self._device, self._new)
        self._new = []
        self._committed = time.monotonic()
