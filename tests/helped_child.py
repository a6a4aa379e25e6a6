"""Tells files apart with helpers and without, in a process that is young enough to fork them.

    python -m helped_child ROOT WHEN [DIGESTS]

Helpers are killed before anything is asked of them ("before"), each with its second batch
("meanwhile"), or not at all ("never"). Ends with an error unless both ways found the same, with the
same troubles, and no helper is left.
"""

import os
import signal
import sys
import tempfile
from pathlib import Path

from same_image_locator import forked
from same_image_locator.events import ignore
from same_image_locator.fingerprint import exact, identical, prepare_helpers
from same_image_locator.fingerprint.pace import Pace
from same_image_locator.forked import Call, Helper
from same_image_locator.model import Method, Problem
from same_image_locator.photos import Photos
from same_image_locator.scan import scan

_BESIDE = 3
_asked: dict[int, int] = {}
Found = tuple[set[tuple[bytes, tuple[str, ...]]], list[Problem]]


def main(root: str, when: str, digests: str = "") -> None:
    """Compare a search with helpers to one without."""
    forked.cores = lambda: 1 + _BESIDE  # type: ignore[attr-defined] # whatever this computer has
    # Wherever the files lie: not every file system tells what memory holds.
    pace = Pace(3, 1 << 18, by_inode=False, tells=True, held=True)
    setattr(exact, "pace_of", lambda _: pace)  # noqa: B010 - mypy knows that it is not exported
    prepare_helpers(Method("exact"))
    helpers = [*forked._ready]
    assert len(helpers) == _BESIDE
    if when == "before":
        for helper in helpers:
            os.kill(helper.pid, signal.SIGKILL)
    ask = Helper.ask

    def counted(self: Helper, call: Call) -> None:
        ask(self, call)
        _asked[self.pid] = asked = _asked.get(self.pid, 0) + 1
        if when == "meanwhile" and asked > 1:
            os.kill(self.pid, signal.SIGKILL)

    Helper.ask = counted  # type: ignore[method-assign] # to be counted
    photos, _ = scan(root, "", include_all=False, listener=ignore)
    gone = photos[0].path
    Path(gone).rename(f"{gone}.gone")
    groups, problems = found = _found(photos, digests=bool(digests))
    # Whoever is quick leaves nothing to a slow one: not each of them need have been asked.
    assert _asked, "some were asked"
    assert not forked._ready
    assert found == _found(photos, digests=bool(digests))
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        sys.stdout.write(f"{len(groups)} groups, {len(problems)} problems\n")


def _found(photos: Photos, *, digests: bool) -> Found:
    """Search with an empty cache, else it would know."""
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SIL_CACHE_DIR"] = folder
        groups = {
            (same[0].fingerprint, tuple(one.photo.path for one in same))
            for same in identical(photos, ignore, problems, digests=digests)
        }
    return groups, problems


if __name__ == "__main__":
    main(*sys.argv[1:])
