"""Finds groups of pictures that are verified to be the same: candidates, second looks, stars."""

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from same_image_locator.cache import Cache, Pictures, by_file
from same_image_locator.decode.worker import Workers
from same_image_locator.events import Advanced, Listener, Noted, StepFinished, StepStarted
from same_image_locator.fingerprint import album
from same_image_locator.fingerprint.algorithm import recipe
from same_image_locator.fingerprint.signature import ALGORITHM, unpacked
from same_image_locator.model import Member, Strictness, Tier
from same_image_locator.photos import Prints
from same_image_locator.similar.candidates import Candidate, candidates
from same_image_locator.similar.changes import Changes
from same_image_locator.similar.hubs import Hubs
from same_image_locator.similar.looking import Looking
from same_image_locator.similar.series import other_shots
from same_image_locator.similar.stars import bridges, joined, linked, stars, together
from same_image_locator.similar.verdict import NEEDED
from same_image_locator.similar.verdicts import Verdicts
from same_image_locator.wording import duration_words, plural

_PERCENT = 100
_FAMILY = 3  # other pictures that look much like those of a group
_ROUNDS = 3  # of looking at members that were not candidates of their keeper
_TRIAL, _LONG = 2.0, 10.0  # seconds of work that a forecast is taken from, and that is told
_TELL = 0.5  # seconds between two tellings
_HALF, _CHECKED = 0.5, 0.9  # of the step candidates are known, and have been looked at


def find_groups(
    ordered: Prints, listener: Listener, strictness: Strictness = "default"
) -> Collection[list[Member]]:
    """Return the groups of two or more, the keeper of each first, in the given order of pictures.

    Every member was verified against its group's keeper, by the rule of this strictness: it is the
    same picture, whatever was done to it.
    """
    listener(StepStarted("match", len(ordered)))
    search = _Search(ordered, listener, strictness)
    search.run()
    pairs = plural(len(search.seen), "pair")
    summary = f"{pairs} of pictures looked at, {len(search.found):,} of them the same"
    listener(StepFinished("match", summary))
    return search.groups()


class _Blocks:
    """The signatures of some pictures, of which few at a time are copied out of the store."""

    def __init__(self, prints: Prints, places: Sequence[int]) -> None:
        self._prints, self._places = prints, places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, part: slice) -> NDArray[np.int8]:
        return unpacked(self._prints.joined(self._places[part]))


class _Same(NamedTuple):
    """Two pictures that are the same: what was done to ``one`` to get the other."""

    distance: float
    one: int
    changes: Changes
    tier: Tier
    certainty: int


class _Search:
    """One search; pictures are numbers, in the order that was given."""

    def __init__(self, ordered: Prints, listener: Listener, strictness: Strictness) -> None:
        self.found: dict[tuple[int, int], _Same] = {}
        self._doubtful: dict[tuple[int, int], _Same] = {}  # by the next looser rule alone
        self._alike: dict[int, set[int]] = defaultdict(set)  # other pictures, much like each
        self._ordered = ordered
        self._listener = listener
        self._strictness = strictness
        self._told = 0.0
        self.seen: set[tuple[int, int]] = set()

    def run(self) -> None:
        """Look at all candidates, then at all members of each keeper that were none."""
        firsts, twins = self._distinct()
        near = candidates(_Blocks(self._ordered, firsts), self._asked(len(firsts)))
        near = [one._replace(one=firsts[one.one], other=firsts[one.other]) for one in near]
        photos = self._ordered.photos
        with Cache(listener=self._listener) as cache, Workers() as workers:
            album.complete(recipe(ALGORITHM), self._ordered, cache.looks)
            verdicts = Verdicts(cache.looks, photos.device)
            looking = Looking(photos, workers, verdicts, self._listener, self._strictness)
            self._look_at_hubs(looking, Hubs([*twins, *near], photos.sizes))
            for _ in range(_ROUNDS):
                missing = list(dict.fromkeys(self._missing()))
                if not missing:
                    break
                share = (1 - _CHECKED) / _ROUNDS * len(self._ordered) / len(missing)
                for _found in self._look(looking, missing, partial(self._advance, share)):
                    pass
            if self._strictness != "loose":
                for _found in self._look(looking, list(self._parted(cache.pictures))):
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

    def groups(self) -> list[list[Member]]:
        """Return the stars of what was found.

        Among many pictures of one layout even much that two share proves little.
        """
        all_stars = list(self._stars())
        keeper_of = {one: keeper for keeper, *members in all_stars for one in members}
        doubtful, paths = self._links(self._doubtful), self._ordered.photos.paths
        groups = []
        for keeper, *members in all_stars:
            likes = set().union(*(self._alike.get(one, ()) for one in members))
            others = {keeper_of.get(one, one) for one in likes} - {keeper}
            made = [self._member(keeper, one) for one in members]
            near = sorted(doubtful.get(keeper, {}).keys() - set(members))
            made[0] = made[0]._replace(near=tuple(paths[one] for one in near))
            groups.append([one.doubted() for one in made] if len(others) >= _FAMILY else made)
        return groups

    def _stars(self) -> Iterator[list[int]]:
        """Yield the members of each star, its keeper once more before them."""
        links, doubtful = self._links(self.found), self._links(self._doubtful)
        for part in together(links):
            of_part = {one: links[one] for one in part}
            groups = stars(of_part, self._ordered.photos.sizes)
            for keeper, members in joined(groups, of_part, doubtful).items():
                yield [keeper, *members]

    def _member(self, keeper: int, one: int) -> Member:
        examined = self._ordered[one]
        if one == keeper:
            return Member(examined, tier="identical")
        pair = min(keeper, one), max(keeper, one)
        same = self.found.get(pair) or self._doubtful[pair]
        changes = same.changes if same.one == keeper else same.changes.reversed()
        distance = round(_PERCENT * same.distance)
        return Member(examined, distance, changes.words(), same.tier, same.certainty)

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
        """Yield keepers beside what hangs together with them, where nobody looked yet.

        Where one keeper does not hold all of it, pictures that might do better are tried as well.
        """
        links = self._links(self.found)
        for part in together(links):
            of_part = {one: links[one] for one in part}
            groups = stars(of_part, self._ordered.photos.sizes)
            for keeper in [*groups, *bridges(of_part, groups)]:
                for one in part:
                    pair = (min(keeper, one), max(keeper, one))
                    if one != keeper and pair not in self.seen:
                        yield Candidate(1.0, *pair, None, whole=False)

    def _parted(self, pictures: Pictures) -> Iterator[Candidate]:
        """Take shots out of groups of another one, and yield pairs of them to look at.

        A copy that lost its time shows the same as each shot of a burst, and would tie them.
        """
        for _keeper, *members in list(self._stars()):
            identities = (self._ordered.photos[one].identity for one in members)
            facts = [pictures.facts(by_file(identity)) for identity in identities]
            for shot in other_shots(facts):
                leaving = [members[at] for at in shot]
                for one, other in product(leaving, set(members).difference(leaving)):
                    for known in (self.found, self._doubtful):
                        known.pop((min(one, other), max(one, other)), None)
                for other in leaving[1:]:
                    pair = min(leaving[0], other), max(leaving[0], other)
                    yield Candidate(1.0, *pair, None, whole=False)

    def _look(
        self, looking: Looking, near: Sequence[Candidate], looked: Callable[[], None] = lambda: None
    ) -> Iterator[Candidate]:
        """Look at candidates; yield those that are the same, and call ``looked`` after each."""
        for candidate, verdict in looking.at(near):
            pair = (min(candidate.one, candidate.other), max(candidate.one, candidate.other))
            self.seen.add(pair)
            needed = NEEDED[self._strictness]
            certainty = max(needed, verdict.certainty)  # two together meet the rule
            same = _Same(
                candidate.distance, candidate.one, verdict.changes, verdict.tier, certainty
            )
            if verdict.same:
                self.found[pair] = same
                yield candidate
            elif 0 < verdict.certainty == needed - 1:
                self._doubtful[pair] = same
            elif verdict.alike:
                self._alike[candidate.one].add(candidate.other)
                self._alike[candidate.other].add(candidate.one)
            looked()

    @staticmethod
    def _links(pairs: Mapping[tuple[int, int], _Same]) -> dict[int, dict[int, float]]:
        return linked((*pair, same.distance) for pair, same in pairs.items())

    def _advance(self, files: float) -> None:
        """Tell that so many more pictures are done, in whole ones."""
        before = int(self._told)
        self._told += files
        if int(self._told) > before:
            self._listener(Advanced("match", int(self._told) - before))
