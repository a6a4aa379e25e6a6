"""What thumbnails cost the scan, and how soon a large group shows its first ones.

    python -m bench.thumbnails [--count N] [--photos FOLDER] [--rounds N]

First, CPU seconds of a whole perceptual scan of 12-megapixel JPEG photos with thumbnails, beside
one without; the bar is 1.10. Second, the real page in a real Chromium with one group of 50 such
photos: milliseconds from the page's first request for a thumbnail to the first one on the screen,
and from the opening of the page to there. Each round is a new context of one browser that has been
open for a while, as a person's is; once with the thumbnails of the scan and once without, when the
page has them made; the bar is 100. Beside it stands the floor: an empty page of the same server,
open for a while, that is told to show one such thumbnail, or 50 at once. Without Playwright or
Chromium the second part is left out, aloud.
"""

import argparse
import contextlib
import importlib.util
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageEnhance

import chromium
from bench.corpus import made
from bench.sidebyside import measure, table
from same_image_locator.decode.previews import Previews
from same_image_locator.web_review.server import Server

_GROUP = 50
_WITHOUT = """
import sys
from same_image_locator import cli
from same_image_locator.cache import recorder
recorder.THUMBNAIL_BYTES = 0
sys.exit(cli.main(sys.argv[1:]))
"""
# Element Timing tells when a picture was on the screen, decoded, not only loaded.
_WATCH = """
window.shown = new Promise((resolve) => {
  const is = (image) => image instanceof HTMLImageElement && image.src.includes("/thumb/");
  const watched = (node) => [node, ...(node.querySelectorAll?.("img") ?? [])].filter(is);
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes]))
      for (const image of watched(node)) image.elementTiming = "picture";
  }).observe(document, {subtree: true, childList: true});
  new PerformanceObserver((list) => resolve(list.getEntries()[0].renderTime))
    .observe({type: "element", buffered: true});
});
"""
_TOOK = """async () => {
  const shown = await window.shown;
  const all = performance.getEntriesByType("resource");
  const asked = all.filter((one) => one.name.includes("/thumb/"));
  return [shown - Math.min(...asked.map((one) => one.startTime)), shown];
}"""
# No script of ours runs for the floor, and nothing but pictures is laid out.
_SHOW = """(count) => {
  for (let number = 0; number < count; number += 1) {
    const image = new Image(320, 240);
    image.src = `/thumb/${number}`;
    document.body.append(image);
  }
}"""
_ALONE = (1, _GROUP)
_EMPTY_MS = 500  # until nothing of the empty page is left to paint
_SETTLING_MS = 5000  # a browser just started makes its own windows first, on the same processors


def main() -> None:
    """Make the photos, measure both, and print the figures."""
    given = _options()
    room = Path(tempfile.gettempdir()) / "same-image-locator-bench"
    real = "real" if given.photos else "painted"
    folder = made("phone", room / f"phone-{real}-{given.count}", given.count, given.photos)
    own = [sys.executable, "-m", "same_image_locator"]
    without = [sys.executable, "-c", _WITHOUT]
    with tempfile.TemporaryDirectory(prefix="thumbnails-", dir=room) as cache:
        os.environ["SIL_CACHE_DIR"] = cache
        clear = f'rm -f "{cache}"/*; exec "$@"'
        scan = ["scan", str(folder), "--mode", "phash"]
        commands = {
            name: ["sh", "-c", clear, "sh", *program, *scan]
            for name, program in (("with", own), ("without", without))
        }
        runs = measure(commands, given.rounds)
    print(f"{given.count} photos, {real}, {given.rounds} rounds")
    print(table(runs, "without"))
    for name, program in (("made in the scan", own), ("made when asked", without)):
        with tempfile.TemporaryDirectory(prefix="thumbnails-", dir=room) as at:
            _group(folder, Path(at) / "photos")
            times = _painted(program, Path(at), given.rounds)
        if not times:
            continue
        ours = f"first thumbnail of a group of {_GROUP}, {name}, since"
        lines = [f"{ours} its request", f"{ours} the opening"]
        lines += [
            f"  floor: the first of {count} on an empty page, since its request" for count in _ALONE
        ]
        for line, those in zip(lines, zip(*times, strict=True), strict=True):
            low, high = min(those), max(those)
            print(f"{line}: median {statistics.median(those):.0f} ms ({low:.0f} to {high:.0f})")


def _group(photos: Path, folder: Path) -> None:
    """Make a group: one photo, a little brighter from file to file."""
    folder.mkdir()
    with Image.open(next(photos.rglob("*.jpg"))) as image:
        for number in range(_GROUP):
            copy = ImageEnhance.Brightness(image).enhance(1 + number / 1000)
            copy.save(folder / f"{number:02}.jpg", quality=90)


def _painted(program: list[str], room: Path, rounds: int) -> list[tuple[float, ...]]:
    """Return the first thumbnail's milliseconds since its request, since the opening, and floors.

    There is one tuple a round, and none without a browser.
    """
    if chromium.found() is None or importlib.util.find_spec("playwright") is None:
        print("left out: the page, since Playwright or Chromium is missing")
        return []
    from playwright.sync_api import sync_playwright

    words = ["--mode", "phash", "--no-open", "--port", "0"]
    words += ["--decision-folder", str(room / "decide")]
    os.environ["SIL_CACHE_DIR"] = str(room / "cache")
    command = [*program, str(room / "photos"), *words]
    times = []
    with sync_playwright() as playwright, _alone(next((room / "photos").iterdir())) as empty:
        browser = playwright.chromium.launch(executable_path=chromium.found(), args=chromium.QUIET)
        browser.new_page().wait_for_timeout(_SETTLING_MS)
        for number in range(rounds):
            if "-c" in program:  # what the page has made must be made again
                shutil.rmtree(room / "cache", ignore_errors=True)
            with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=room) as run:  # noqa: S603 - our own
                lines = iter(run.stderr or ())
                url = next(found[0] for line in lines if (found := re.search(r"http://\S+", line)))
                page = _opened(browser, url)
                since_request, since_opening = page.evaluate(_TOOK)
                page.close()
                run.terminate()
                run.communicate()
            floors = [_floor(browser, empty, count) for count in _ALONE]
            times.append((float(since_request), float(since_opening), *floors))
            print(f"page, round {number + 1} of {rounds}", file=sys.stderr)
        browser.close()
    return times


def _opened(browser: Any, url: str) -> Any:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(_WATCH)
    page.goto(url)
    return page


def _floor(browser: Any, url: str, count: int) -> float:
    """Return the milliseconds from the first request of so many pictures to the first one seen."""
    page = _opened(browser, url)
    page.wait_for_timeout(_EMPTY_MS)
    page.evaluate(_SHOW, count)
    since_request, _ = page.evaluate(_TOOK)
    page.close()
    return float(since_request)


@contextlib.contextmanager
def _alone(photo: Path) -> Iterator[str]:
    """Serve an empty page, and a thumbnail of ``photo`` under all other addresses."""
    with Previews() as previews:
        _, (picture,) = previews.pictures(str(photo), (480,))

    def app(environ: Any, start: Any) -> list[bytes]:
        empty = environ["PATH_INFO"] == "/"
        kind, body = (
            ("text/html", b"<!doctype html><title>-</title>") if empty else ("image/jpeg", picture)
        )
        start("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    server = Server("127.0.0.1", 0)
    server.start(app)
    try:
        yield server.url
    finally:
        server.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
