"""How much memory a scan of very many photos takes, first and second time.

    python -m bench.memory [--count N]

The walk and the decoding are simulated, everything between and after them is the real program:
the list of photos, the pool, the cache with its thumbnails, the search for pairs and the groups.
One photo in ten has a near copy. The bar is 1.5 GiB for a million.
"""

import argparse
import os
import random
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from bench.sidebyside import cost

if TYPE_CHECKING:
    from same_image_locator.listing import Listing

_FOLDER_FILES = 2500
_NEAR_COPY_EVERY = 10
_SIDE = 32
_SIZE = 3_600_000  # bytes of a photo, give or take
_THUMBNAILS = ((160, bytes(3000)), (480, bytes(9000)))
_FACTS = '{"width":4000,"height":3000,"format":"JPEG","taken_at":"2019-07-14T18:05:09"}'
_BAR_MB = 1536


class NoWorkers:
    """Answers at once what workers would answer after a decode."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def run(
        self, _look: Callable[..., Any], tasks: Sequence[Any], _waiting: Callable[..., Any]
    ) -> Iterator[tuple[int, Any]]:
        """Yield for every task a raster of noise; that of a near copy differs in one grey."""
        from same_image_locator.fingerprint.look import Seen

        for index in range(len(tasks)):
            task = tasks[index]
            near = index % _NEAR_COPY_EVERY == _NEAR_COPY_EVERY - 1
            dice = random.Random(index - near)  # noqa: S311 - a benchmark's dice
            greys = dice.randbytes(_SIDE * _SIDE)
            if near:
                greys = bytes([greys[0] // 2]) + greys[1:]
            thumbnails = _THUMBNAILS if task.sizes else ()
            yield index, Seen(greys, edges=bytes(16), facts=_FACTS, thumbnails=thumbnails)


def simulated(count: int) -> None:
    """Scan photos that are not there, in this process."""
    from same_image_locator import listing, pipeline
    from same_image_locator.decode import worker
    from same_image_locator.events import Event, StepFinished
    from same_image_locator.model import Method, Settings

    root = os.getcwd()
    device = os.stat(root).st_dev

    def listed(folder: str) -> listing.Listing:
        if folder == root:
            folders = range(0, count, _FOLDER_FILES)
            return _listing([f"{n:05}" for n in folders], 0o040755, folders, device)
        first = int(os.path.basename(folder))
        files = range(first + 1, min(first + _FOLDER_FILES, count) + 1)
        return _listing([f"IMG_{n - 1:07}.jpg" for n in files], 0o100644, files, device)

    def tell(event: Event) -> None:
        if isinstance(event, StepFinished):
            print(f"{event.step}: {event.summary}", file=sys.stderr, flush=True)

    for module, name, stand_in in (
        (listing, "listed", listed),
        (worker, "Workers", NoWorkers),
    ):
        setattr(module, name, stand_in)
    pipeline.find(Settings(root, Method("phash", 5), os.path.join(root, "decide")), tell)


def _listing(names: list[str], mode: int, numbers: range, device: int) -> "Listing":
    from same_image_locator.listing import Listing

    kind = 2_000_000 if mode & 0o040000 else 0
    return Listing(
        tuple(names),
        (mode,) * len(names),
        tuple(10_000_000 + kind + number for number in numbers),
        tuple(_SIZE + number for number in numbers),
        tuple((1_600_000_000 + number) * 10**9 + number for number in numbers),
        (1,) * len(names),
        (device,) * len(names),
    )


def main() -> None:
    """Print the peak of a first and of a second scan."""
    given = _options()
    if given.simulate:
        try:
            simulated(given.count)
        except Exception:  # noqa: BLE001 - code 1, as Python ends then, would mean duplicates
            traceback.print_exc()
            sys.exit(2)
        return
    with tempfile.TemporaryDirectory(prefix="memory-") as room:
        os.environ["SIL_CACHE_DIR"] = str(Path(room) / "cache")
        os.environ["PYTHONPATH"] = os.pathsep.join(["src", os.getcwd(), *sys.path[1:]])
        words = ["--simulate", "--count", str(given.count)]
        for name in ("first", "second"):
            run = cost([sys.executable, "-m", "bench.memory", *words])
            print(f"{name} scan of {given.count:,}: peak {run.peak:,.0f} MB, {run.cpu:.0f} CPU s")
    print(f"bar for a million: {_BAR_MB:,} MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--simulate", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
