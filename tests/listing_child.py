"""Walks a tree with helpers and without, in a process that is young enough to fork them.

    python -m listing_child ROOT WHEN

Helpers are killed before the walk ("before"), one each time a listing comes ("meanwhile"), or not
at all ("never"). Ends with an error unless both walks found the same, and no helper is left.
"""

import os
import signal
import stat
import sys

from same_image_locator import forked
from same_image_locator.listing import Listing, Listings

_BESIDE = 3


def main(root: str, when: str) -> None:
    """Compare a walk with listers to one without."""
    forked.cores = lambda: 1 + _BESIDE  # type: ignore[attr-defined] # whatever this computer has
    forked.prepare()
    numbers = [helper.pid for helper in forked._ready]
    assert len(numbers) == _BESIDE
    if when == "before":
        while numbers:
            os.kill(numbers.pop(), signal.SIGKILL)
    found = _walked(root, numbers if when == "meanwhile" else [])
    forked.dismiss()
    assert found == _walked(root, [])
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        sys.stdout.write(f"{len(found)} folders\n")


def _walked(root: str, victims: list[int]) -> dict[str, Listing]:
    found: dict[str, Listing] = {}
    with Listings([root]) as listings:
        for folder, its in listings:
            assert folder not in found
            found[folder] = its
            pairs = zip(its.names, its.modes, strict=True)
            listings.add(os.path.join(folder, name) for name, mode in pairs if stat.S_ISDIR(mode))
            if victims:
                os.kill(victims.pop(), signal.SIGKILL)
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
