"""Gives candidates their verdicts: known ones from the cache, the others on all cores."""

from collections.abc import Iterator, Sequence

from same_image_locator.decode.worker import Lost, Workers
from same_image_locator.events import Awaited, Listener, Noted
from same_image_locator.model import Identity, Strictness
from same_image_locator.photos import Photos
from same_image_locator.similar.candidates import Candidate
from same_image_locator.similar.pair import Pair
from same_image_locator.similar.verdict import Verdict
from same_image_locator.similar.verdicts import Verdicts

Seen = tuple[Candidate, Verdict]


def looked_at(pair: Pair) -> Verdict | None:
    """Look at a pair in a worker, where alone what looks at pixels is loaded."""
    from same_image_locator.similar.second_look import look

    return look(pair)


class Looking:
    """Looks at pairs of the photos that candidates name by their places."""

    def __init__(
        self,
        photos: Photos,
        workers: Workers,
        verdicts: Verdicts,
        listener: Listener,
        strictness: Strictness = "default",
    ) -> None:
        self._photos = photos
        self._workers = workers
        self._verdicts = verdicts
        self._listener = listener
        self._strictness: Strictness = strictness

    def at(self, near: Sequence[Candidate]) -> Iterator[Seen]:
        """Yield each candidate with its verdict by the rule of this strictness.

        What cannot be looked at, or what a worker dies of, stays apart in this run.
        Those of one picture are best side by side: a worker remembers what it saw last.
        """
        unknown = []
        for candidate in near:
            known = self._verdicts.known(*self._identities(candidate))
            if known is None:
                unknown.append(candidate)
            else:
                yield candidate, known.by(self._strictness)
        for candidate, verdict in self._new(unknown):
            yield candidate, verdict.by(self._strictness)
        self._verdicts.commit()

    def _new(self, near: Sequence[Candidate]) -> Iterator[Seen]:
        pairs = [self._pair(candidate) for candidate in near]

        def waiting(indexes: list[int]) -> None:
            paths = tuple(path for index in indexes for path, _ in pairs[index][:2])
            self._listener(Awaited("match", paths))

        for index, answer in self._workers.run(looked_at, pairs, waiting):
            if isinstance(answer, Lost):
                paths = " and ".join(path for path, _ in pairs[index][:2])
                words = f"{paths} could not be compared, and stay apart: {answer.cause}"
                self._listener(Noted(words))
            if answer is None or isinstance(answer, Lost):
                yield near[index], Verdict(same=False)
            else:
                self._verdicts.keep(*self._identities(near[index]), answer)
                yield near[index], answer

    def _pair(self, candidate: Candidate) -> Pair:
        one, other = self._photos[candidate.one], self._photos[candidate.other]
        both = (one.path, one.identity), (other.path, other.identity)
        return Pair(*both, candidate.view, candidate.whole, candidate.window)

    def _identities(self, candidate: Candidate) -> tuple[Identity, Identity]:
        return self._photos[candidate.one].identity, self._photos[candidate.other].identity
