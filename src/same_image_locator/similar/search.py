"""Finds groups of pictures that are verified to be the same: candidates, second looks, stars."""

import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence

from same_image_locator.decode.worker import Lost, Workers
from same_image_locator.events import (
    Advanced,
    Awaited,
    Listener,
    Noted,
    StepFinished,
    StepStarted,
)
from same_image_locator.fingerprint.signature import unpacked
from same_image_locator.model import Member
from same_image_locator.photos import Prints
from same_image_locator.similar.candidates import Candidate, candidates
from same_image_locator.similar.hubs import Hubs
from same_image_locator.similar.second_look import Pair, look
from same_image_locator.similar.stars import linked, stars, together
from same_image_locator.wording import duration_words, plural

_PERCENT = 100
_ROUNDS = 3  # of looking at members that were not candidates of their keeper
_TRIAL, _LONG = 2.0, 10.0  # seconds of work that a forecast is taken from, and that is told
_HALF = 2  # of the step is the search for candidates, the rest are second looks


def find_groups(ordered: Prints, listener: Listener) -> Collection[list[Member]]:
    """Return the groups of two or more, the keeper of each first, in the given order of pictures.

    Every member was verified against its group's keeper: it is the same picture, whatever was done
    to it.
    """
    listener(StepStarted("match", len(ordered)))
    search = _Search(ordered, listener)
    search.run()
    listener(
        StepFinished(
            "match",
            f"{plural(search.looked, 'pair')} of pictures looked at, {len(search.found):,} of them "
            "the same",
        )
    )
    return search.groups()


class _Search:
    """One search; pictures are numbers, in the order that was given."""

    def __init__(self, ordered: Prints, listener: Listener) -> None:
        self.found: dict[tuple[int, int], tuple[float, str]] = {}
        self.looked = 0
        self._ordered = ordered
        self._listener = listener
        self._told = 0.0
        self._share = 0.0  # of the step that a look makes, at least
        self._seen: set[tuple[int, int]] = set()

    def run(self) -> None:
        """Look at all candidates, then at all members of each keeper that were none."""
        firsts, twins = self._distinct()
        signatures = unpacked(self._ordered.fingerprints)[firsts]
        near = candidates(signatures, self._asked(len(firsts)))
        near = [one._replace(one=firsts[one.one], other=firsts[one.other]) for one in near]
        with Workers() as workers:
            hubs = Hubs([*twins, *near])
            waiting = max(1, hubs.left())
            self._share = len(self._ordered) / _HALF / waiting
            while chosen := hubs.next():
                for candidate in self._look(workers, chosen):
                    hubs.found(candidate)
                done = len(self._ordered) * (1 - hubs.left() / waiting / _HALF)
                self._advance(max(0.0, done - self._told))
            self._share = 0.0
            for _ in range(_ROUNDS):
                missing = list(self._missing())
                if not missing:
                    break
                self._look(workers, missing)
        self._advance(len(self._ordered) - self._told)

    def _asked(self, count: int) -> Callable[[int], None]:
        """Return what hears of pictures whose candidates are known, and tells when it will end."""
        share = len(self._ordered) / _HALF / max(1, count)
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

    def groups(self) -> list[list[Member]]:
        """Return the stars of what was found."""
        groups = []
        links = linked((*pair, distance) for pair, (distance, _) in self.found.items())
        for part in together(links):
            for keeper, members in stars({one: links[one] for one in part}).items():
                groups.append([self._member(keeper, one) for one in members])
        return groups

    def _member(self, keeper: int, one: int) -> Member:
        examined = self._ordered[one]
        if one == keeper:
            return Member(examined)
        distance, changes = self.found[min(keeper, one), max(keeper, one)]
        return Member(examined, round(_PERCENT * distance), changes)

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

    def _missing(self) -> Iterator[Candidate]:
        """Yield keepers beside what hangs together with them, where nobody looked yet."""
        links = linked((*pair, distance) for pair, (distance, _) in self.found.items())
        for part in together(links):
            for keeper in stars({one: links[one] for one in part}):
                for one in part:
                    pair = (min(keeper, one), max(keeper, one))
                    if one != keeper and pair not in self._seen:
                        yield Candidate(1.0, *pair, None, whole=False)

    def _look(self, workers: Workers, near: Sequence[Candidate]) -> list[Candidate]:
        """Look at candidates; return those that are the same.

        Those of one picture are best side by side: a worker remembers what it saw last.
        """
        photos = self._ordered.photos
        pairs = [
            Pair(
                photos.paths[one.one],
                photos.paths[one.other],
                one.view,
                one.whole,
                photos.sizes[one.one] == photos.sizes[one.other],
            )
            for one in near
        ]

        def waiting(indexes: list[int]) -> None:
            paths = tuple(path for index in indexes for path in pairs[index][:2])
            self._listener(Awaited("match", paths))

        same = []
        for index, answer in workers.run(look, pairs, waiting):
            candidate = near[index]
            pair = (min(candidate.one, candidate.other), max(candidate.one, candidate.other))
            self._seen.add(pair)
            self.looked += 1
            self._advance(self._share)
            if not isinstance(answer, Lost) and answer[0]:
                self.found[pair] = (candidate.distance, answer[1])
                same.append(candidate)
        return same

    def _advance(self, files: float) -> None:
        """Tell that so many more pictures are done, in whole ones."""
        before = int(self._told)
        self._told += files
        if int(self._told) > before:
            self._listener(Advanced("match", int(self._told) - before))
