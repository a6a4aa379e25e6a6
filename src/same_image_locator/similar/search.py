"""Finds groups of pictures that are verified to be the same: candidates, second looks, stars."""

import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from same_image_locator.cache import Cache
from same_image_locator.decode.worker import Workers
from same_image_locator.events import Advanced, Listener, Noted, StepFinished, StepStarted
from same_image_locator.fingerprint import album
from same_image_locator.fingerprint.algorithm import recipe
from same_image_locator.fingerprint.signature import ALGORITHM, unpacked
from same_image_locator.model import Member, Strictness
from same_image_locator.photos import Prints
from same_image_locator.similar import library
from same_image_locator.similar.candidates import Candidate, candidates
from same_image_locator.similar.findings import Findings
from same_image_locator.similar.hubs import Hubs
from same_image_locator.similar.looking import Looking
from same_image_locator.similar.placing import placed
from same_image_locator.similar.verdicts import Verdicts
from same_image_locator.wording import duration_words, plural

_ROUNDS = 3  # of looking at members that were not candidates of their keeper
_TRIAL, _LONG = 2.0, 10.0  # seconds of work that a forecast is taken from, and that is told
_TELL = 0.5  # seconds between two tellings
_HALF, _CHECKED = 0.5, 0.9  # of the step candidates are known, and have been looked at


def find_groups(
    ordered: Prints, listener: Listener, strictness: Strictness = "default"
) -> Collection[list[Member]]:
    """Return the groups of two or more, the keeper of each first, in the given order of pictures.

    Every member was verified against its group's keeper, by the rule of this strictness: it is the
    same picture, whatever was done to it. Or it was against another member, and by the next looser
    rule against the keeper: its tier says that it is not verified.
    """
    listener(StepStarted("match", len(ordered)))
    search = _Search(ordered, listener, strictness)
    search.run()
    found = search.findings
    pairs = plural(len(found.seen), "pair")
    summary = f"{pairs} of pictures looked at, {len(found.same):,} of them the same"
    listener(StepFinished("match", summary))
    return found.groups()


class _Blocks:
    """The signatures of some pictures, of which few at a time are copied out of the store."""

    def __init__(self, prints: Prints, places: Sequence[int]) -> None:
        self._prints, self._places = prints, places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, part: slice) -> NDArray[np.int8]:
        return unpacked(self._prints.joined(self._places[part]))


class _Search:
    """One search; pictures are numbers, in the order that was given."""

    def __init__(self, ordered: Prints, listener: Listener, strictness: Strictness) -> None:
        self.findings = Findings(ordered, strictness)
        self._ordered = ordered
        self._listener = listener
        self._strictness = strictness
        self._told = 0.0

    def run(self) -> None:
        """Look at all candidates, then at all members of each keeper that were none."""
        firsts, twins = self._distinct()
        near = candidates(_Blocks(self._ordered, firsts), self._asked(len(firsts)))
        near = [one._replace(one=firsts[one.one], other=firsts[one.other]) for one in near]
        photos = self._ordered.photos
        with Cache(listener=self._listener) as cache, Workers() as workers:
            if album.complete(recipe(ALGORITHM), self._ordered, cache.looks):
                for part, _ in photos.by_drive():
                    library.forget(part.device, cache.looks)
            verdicts = Verdicts(cache.looks, photos.device)
            looking = Looking(photos, workers, verdicts, self._listener, self._strictness)
            self._look_at_hubs(looking, Hubs([*twins, *near], photos.sizes))
            for _ in range(_ROUNDS):
                missing = placed(list(dict.fromkeys(self.findings.missing())), self._ordered)
                if not missing:
                    break
                share = (1 - _CHECKED) / _ROUNDS * len(self._ordered) / len(missing)
                for _found in self._look(looking, missing, partial(self._advance, share)):
                    pass
            if self._strictness != "loose":
                for _found in self._look(looking, list(self.findings.parted(cache.pictures))):
                    pass
        self._advance(len(self._ordered) - self._told)

    def _look_at_hubs(self, looking: Looking, hubs: Hubs) -> None:
        waiting = max(1, hubs.left())
        files = (_CHECKED - _HALF) * len(self._ordered)
        pending, due = 0, 0.0

        def looked() -> None:
            nonlocal pending, due
            pending -= 1
            if (now := time.monotonic()) >= due or not pending:
                # Most candidates need no look once their picture has a keeper: only that tells.
                left = files * (hubs.left() + pending) / waiting
                self._advance(max(0.0, _CHECKED * len(self._ordered) - left - self._told))
                due = time.monotonic() + max(_TELL, time.monotonic() - now)

        while chosen := hubs.next():
            pending = len(chosen)
            for candidate in self._look(looking, chosen, looked):
                hubs.found(candidate)

    def _asked(self, count: int) -> Callable[[int], None]:
        """Return what hears of pictures whose candidates are known, and tells when it will end."""
        share = _HALF * len(self._ordered) / max(1, count)
        began, done, foretold = time.monotonic(), 0, False

        def heard(more: int) -> None:
            nonlocal done, foretold
            done += more
            self._advance(more * share)
            seconds = time.monotonic() - began
            ahead = seconds / done * (count - done)
            if not foretold and seconds >= _TRIAL and ahead >= _LONG:
                foretold = True
                words = f"comparing {count:,} pictures takes about {duration_words(ahead)}"
                self._listener(Noted(f"{words}; Ctrl+C stops without a change"))

        return heard

    def _distinct(self) -> tuple[list[int], list[Candidate]]:
        """Return the pictures with different signatures, and the others beside their first."""
        first: dict[bytes, int] = {}  # by a short name of the signature, of which there are many
        firsts, twins = [], []
        for place, examined in enumerate(self._ordered):
            name = hashlib.blake2b(examined.fingerprint, digest_size=16).digest()
            known = first.setdefault(name, place)
            if known == place:
                firsts.append(place)
            else:
                twins.append(Candidate(0.0, known, place, 0, whole=False))
        return firsts, twins

    def _look(
        self, looking: Looking, near: Sequence[Candidate], looked: Callable[[], None] = lambda: None
    ) -> Iterator[Candidate]:
        """Look at candidates; yield those that are the same, and call ``looked`` after each."""
        for candidate, verdict in looking.at(near):
            self.findings.add(candidate, verdict)
            if verdict.same:
                yield candidate
            looked()

    def _advance(self, files: float) -> None:
        """Tell that so many more pictures are done, in whole ones."""
        before = int(self._told)
        self._told += files
        if int(self._told) > before:
            self._listener(Advanced("match", int(self._told) - before))
