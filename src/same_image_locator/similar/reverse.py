"""Answers whether a library has a picture already: which of its files show it, however changed."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from same_image_locator.cache import Cache, Looks
from same_image_locator.decode.worker import Lost, Workers
from same_image_locator.errors import LocatorError, UsageError
from same_image_locator.events import Advanced, Listener, StepFinished, StepStarted, ignore
from same_image_locator.fingerprint import album, examine
from same_image_locator.fingerprint.algorithm import recipe
from same_image_locator.fingerprint.freshness import is_fresh
from same_image_locator.fingerprint.look import is_compared_by_bytes
from same_image_locator.fingerprint.signature import ALGORITHM, unpacked
from same_image_locator.model import Examined, Identity, Method, Photo, Problem, Tier
from same_image_locator.photos import Photos, Prints
from same_image_locator.similar import library
from same_image_locator.similar.candidates import Candidate, beside
from same_image_locator.similar.library import Library
from same_image_locator.similar.looking import looked_at
from same_image_locator.similar.pair import Pair, same_bytes
from same_image_locator.similar.strangers import Question
from same_image_locator.wording import plural

_RECIPE = recipe(ALGORITHM)
_METHOD = Method("similar")
_PERCENT = 100
_WORTHWHILE = 100  # photos that the album lacks: to write them costs a moment
_BLOCK = 1024

Signatures = NDArray[np.int8]


class Match(NamedTuple):
    """A file that shows the picture: how far their signatures are apart, what was done to it."""

    path: str
    distance: int
    tier: Tier
    changes: str


class Answer(NamedTuple):
    """All files that show a picture, nearest first, and what could not be looked at."""

    matches: list[Match]
    problems: list[Problem]


def find(picture: str, root: str, own_folder: str, listener: Listener) -> Answer:
    """Return which photos under ``root`` show the same picture, each verified by its pixels.

    What the cache does not know yet is looked at first. As long as no folder has changed, nor a
    photo that may be the same, the last walk through ``root`` is not made again. The picture
    itself, if it lies there, is left out.

    Raises:
        LocatorError: the picture cannot be looked at.
    """
    asked = _photo(picture)
    with Cache(listener=listener) as cache, ThreadPoolExecutor(1) as beside_the_walk:
        signing = beside_the_walk.submit(examine, Photos.of([asked]), _METHOD, ignore)
        known = library.remembered(root, own_folder, cache.looks, listener)
        if known is not None:
            with contextlib.suppress(_OverwrittenError):
                return _answer(asked, *signing.result(), known, cache.looks, listener)
        found = library.walked(root, own_folder, cache.looks, listener)
        return _answer(asked, *signing.result(), found, cache.looks, listener)


class _OverwrittenError(Exception):
    """A remembered photo is not what it was, though its folder is."""


def _answer(
    asked: Photo,
    signed: Sequence[Examined],
    unfit: list[Problem],
    known: Library,
    looks: Looks,
    listener: Listener,
) -> Answer:
    photos = _others(known.photos, asked)
    if unfit and not is_compared_by_bytes(unfit[0].detail):
        raise LocatorError(f"{asked.path} cannot be looked at: {unfit[0].detail}")
    if unfit:
        places = [at for at, size in enumerate(photos.sizes) if size == asked.identity.size]
        _expect_unchanged(photos, places, known)
        return Answer(list(_identical(photos, places, asked)), known.problems)
    search = _Search(asked, signed[0].fingerprint, photos, listener)
    near = search.candidates(looks)
    _expect_unchanged(photos, [max(one.one, one.other) for one in near], known)
    return Answer(search.matches(near), known.problems + search.problems)


def _expect_unchanged(photos: Photos, places: Sequence[int], known: Library) -> None:
    """Raise ``_OverwrittenError`` if one of these is not as it is remembered."""
    if not known.remembered:
        return
    for photo in (photos[place] for place in places):
        try:
            fresh = is_fresh(os.lstat(photo.path), photo.identity)
        except OSError:
            fresh = False
        if not fresh:
            raise _OverwrittenError


def _photo(path: str) -> Photo:
    real = os.path.realpath(path)
    if not os.path.isfile(real):
        reason = "is not a file" if os.path.exists(real) else "does not exist"
        raise UsageError(f"{path} {reason}", "Name the picture that is to be found")
    status = os.stat(real)
    identity = Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    return Photo(real, identity)


def _others(photos: Photos, asked: Photo) -> Photos:
    """Return the photos without the picture itself, under whatever name it was found."""
    seen = asked.identity
    if photos.device != seen.device or seen.inode not in photos.inodes:
        return photos
    return photos.chosen([at for at, inode in enumerate(photos.inodes) if inode != seen.inode])


def _identical(photos: Photos, places: Sequence[int], asked: Photo) -> Iterator[Match]:
    """Yield which of these files have the bytes of a picture that shows nothing to be compared."""
    for path in (photos.paths[place] for place in places):
        if same_bytes(path, asked.path):
            yield Match(path, 0, "identical", "")


class _Search:
    """One search for one picture among the photos of a library."""

    def __init__(self, asked: Photo, signature: bytes, photos: Photos, listener: Listener) -> None:
        self.problems: list[Problem] = []
        self._asked = asked
        self._signature = unpacked(signature)
        self._photos = photos
        self._listener = listener

    def candidates(self, looks: Looks) -> list[Candidate]:
        """Return what may be the same; a photo's number is its place, the picture's is -1."""
        near, lacking = self._glanced(looks)
        return near + self._examined(lacking, looks)

    def matches(self, near: Sequence[Candidate]) -> list[Match]:
        """Return which of the candidates show the picture, nearest first."""
        return sorted(self._looked_at(near), key=lambda match: (match.distance, match.path))

    def _glanced(self, looks: Looks) -> tuple[list[Candidate], list[int]]:
        """Return the candidates among what the album has, and the places of what it lacks."""
        question = Question(self._signature)
        known = np.zeros(len(self._photos), np.bool_)
        places: list[int] = []
        for page in album.pages(_RECIPE, self._photos, looks):
            there = (page.places >= 0) & ~known[page.places]
            known[page.places[there]] = True
            places += page.places[there & question.may_be_near(page.glances)].tolist()
        looks.mark_used(self._photos.device, album.names(self._photos))
        answers = [looks.answer(_RECIPE, self._photos[place].identity) for place in places]
        here = np.array([isinstance(answer, bytes) for answer in answers], np.bool_)
        known[np.array(places, np.intp)[~here]] = False  # what was forgotten is looked at again
        signed = np.array(places, np.intp)[here].tolist()
        signatures = unpacked(b"".join(one for one in answers if isinstance(one, bytes)))
        return self._beside(signatures, signed), np.flatnonzero(~known).tolist()

    def _examined(self, lacking: Sequence[int], looks: Looks) -> list[Candidate]:
        """Look at photos that the album lacks, and return the candidates among them."""
        if not lacking:
            return []
        examined, problems = examine(self._photos.chosen(lacking), _METHOD, self._listener)
        self.problems += [one for one in problems if not is_compared_by_bytes(one.detail)]
        prints = Prints.of(examined)
        if len(prints) >= _WORTHWHILE:
            album.add(_RECIPE, prints, range(len(prints)), looks)
        at = {self._photos.paths[place]: place for place in lacking}
        near = []
        for start in range(0, len(prints), _BLOCK):
            part = range(start, min(start + _BLOCK, len(prints)))
            places = [at[prints.photos.paths[one]] for one in part]
            near += self._beside(unpacked(prints.joined(part)), places)
        return near

    def _beside(self, signatures: Signatures, places: Sequence[int]) -> list[Candidate]:
        """Return the candidates among the photos at these places."""
        numbers = [-1, *places]
        return [
            near._replace(one=numbers[near.one], other=numbers[near.other])
            for near in beside(self._signature, signatures)
        ]

    def _looked_at(self, near: Sequence[Candidate]) -> Iterator[Match]:
        """Yield the candidates that a second look finds the same."""
        self._listener(StepStarted("match", len(near)))
        pairs = [self._pair(one) for one in near]
        same = 0
        with Workers() as workers:
            for index, verdict in workers.run(looked_at, pairs):
                self._listener(Advanced("match"))
                candidate = near[index]
                place = max(candidate.one, candidate.other)
                if verdict is None or isinstance(verdict, Lost):
                    cause = "cannot be looked at" if verdict is None else verdict.cause
                    self.problems.append(Problem(self._photos.paths[place], "match", cause))
                elif verdict.same:
                    changes = verdict.changes
                    if candidate.one >= 0:
                        changes = changes.reversed()
                    same += 1
                    distance = round(_PERCENT * candidate.distance)
                    yield Match(self._photos.paths[place], distance, verdict.tier, changes.words())
        summary = f"{plural(len(near), 'photo')} looked at beside the picture, {same} show it"
        self._listener(StepFinished("match", summary))

    def _pair(self, candidate: Candidate) -> Pair:
        one, other = (
            self._asked if number < 0 else self._photos[number]
            for number in (candidate.one, candidate.other)
        )
        both = (one.path, one.identity), (other.path, other.identity)
        return Pair(*both, candidate.view, candidate.whole, candidate.window)
