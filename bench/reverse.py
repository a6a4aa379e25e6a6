"""``sil find-similar`` in a library that was scanned before, beside a bare walk through it.

    python -m bench.reverse [--count N] [--rounds N]

The files are as long as photos are, without taking the room, and what the cache knows of them is
made up: signatures of painted pictures whose signs were dealt anew for each file, so that strangers
are as far from each other as photos are. One real picture lies among them, and a copy of it in half
its size is asked for, each time as a file that was never seen before. No folder changes meanwhile,
so that only the first question, which is not counted, walks. "walk" lists every folder and asks for
each file's status. "start" is what the program takes to tell its options.
"""

import argparse
import os
import shlex
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.second import WALK, long_file, made
from bench.sidebyside import measure, table
from same_image_locator.cache import Cache
from same_image_locator.decode.glimpse import glimpse_and_small
from same_image_locator.decode.miniature import squares
from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render
from same_image_locator.events import ignore
from same_image_locator.fingerprint import album, signature
from same_image_locator.fingerprint.algorithm import recipe
from same_image_locator.photos import Prints
from same_image_locator.scan import scan

_RECIPE = recipe(signature.ALGORITHM)
_AT_ONCE = 2048
_BASES = 12  # painted pictures
_SETTLED_SECONDS = 4  # a folder that has just changed is not believed to stay as it is


def main() -> None:
    """Make the library and what is known of it, then measure questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    room = Path(tempfile.gettempdir()) / "same-image-locator-bench"
    folder = made(room / f"long-{given.count}", given.count, long_file)
    os.environ["SIL_CACHE_DIR"] = str(room / f"reverse-{given.count}")
    asked, whole = room / "asked.jpg", folder / "0000" / "whole.jpg"
    picture = render(SCENES["city"]).convert("RGB")
    picture.reduce(2).save(asked, quality=80)
    if not Path(os.environ["SIL_CACHE_DIR"]).exists():
        _know(folder)
    picture.save(whole, quality=90)
    time.sleep(_SETTLED_SECONDS)
    sil = [sys.executable, "-m", "same_image_locator", "find-similar"]
    question = shlex.join([*sil, str(asked), "--in", str(folder)])
    ways = {
        "walk": [sys.executable, "-c", WALK, str(folder)],
        "find-similar": ["sh", "-c", f"touch {shlex.quote(str(asked))}; exec {question}"],
        "start": [*sil, "--help"],
    }
    runs = measure(ways, given.rounds)
    whole.unlink()
    print(f"{given.count:,} files, {given.rounds} rounds")
    print(table(runs, "walk"))


def _know(folder: Path) -> None:
    """Fill the cache as a scan of all these files would."""
    photos, _ = scan(str(folder), "", include_all=False, listener=ignore)
    names = list(SCENES)[:_BASES]
    bases = signature.unpacked(b"".join(_signed(render(SCENES[name])) for name in names))
    dice = np.random.default_rng(1)
    try:
        with Cache() as cache, cache.recorder() as recorder:
            for start in range(0, len(photos), _AT_ONCE):
                part = photos.chosen(range(start, min(start + _AT_ONCE, len(photos))))
                answers = _dealt(bases, len(part), dice)
                for place in range(len(part)):
                    recorder.seen(_RECIPE, part[place].identity, answers[place], bytes(16))
                prints = Prints.found(part, answers, None)
                album.add(_RECIPE, prints, range(len(prints)), cache.looks)
    except BaseException:
        shutil.rmtree(os.environ["SIL_CACHE_DIR"])
        raise


def _signed(image: Image.Image) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        image.save(file.name)
        _, small = glimpse_and_small(file.name, 0, (), signature.SIDE, colour=True)
    return signature.packed(signature.rows(*squares(small, signature.SIDE)))


def _dealt(bases: NDArray[np.int8], count: int, dice: np.random.Generator) -> list[bytes]:
    """Return signatures of strangers: in each, the same values have other signs in all rows."""
    signs = dice.choice(np.array([-1, 1], np.int8), (count, 1, signature.VALUES))
    chosen = bases[dice.integers(0, len(bases), count)] * signs
    return [one.tobytes() for one in chosen]


if __name__ == "__main__":
    main()
