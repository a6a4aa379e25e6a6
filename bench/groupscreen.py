"""How fast the review page shows a group of 500 files, and how soon it answers a key there.

    python -m bench.groupscreen [--files N] [--rounds N]

The files are invented; their thumbnails are real ones of 480 pixels, and lie in the cache as after
a scan. There are two groups: in one all files differ, so that all have their cards; in the other
most are copies of one file, so that one card stands for them. All is seen in Chromium, by its own
clock, from the key that opens the group: until its first picture is painted; until the last card
and the table are there. Then from a key until the frame after what it has changed: a tick, the next
card, a folded cluster shown whole. Each figure is the median of the rounds, in milliseconds.
"""

import argparse
import dataclasses
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Response, sync_playwright

import chromium
import invented
import pictures
from same_image_locator.cache import Cache, by_content
from same_image_locator.decode.previews import Previews
from same_image_locator.model import Facts
from same_image_locator.plans import Staged
from same_image_locator.web_review import Server, create_app
from same_image_locator.web_review.media import Gallery

PAINTED = 20  # different thumbnails; more would only take longer to paint
# Press a key, and tell after how many milliseconds what it asks for is on the screen.
_PRESSED = """key => new Promise(done => {
  const there = () => WANTED, began = performance.now();
  const seen = () => there() ? requestAnimationFrame(() => done(performance.now() - began))
    : requestAnimationFrame(seen);
  const target = document.activeElement;
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  requestAnimationFrame(seen);
})"""
_FIRST = (
    "document.querySelector('#group-title')?.textContent === 'Group %d'"
    " && document.querySelector('.card img')?.complete"
)
_ALL = (
    "document.querySelectorAll('.about:not(:empty)').length === %d"
    " && document.querySelector('.sideways')"
)
_KEPT = "document.querySelector('[data-place=\"2\"]').dataset.state === 'keep'"
_LEFT = "document.querySelector('[data-place=\"2\"]').dataset.state !== 'keep'"
_NEXT = "document.activeElement.closest('.card')?.dataset.place === '%d'"
_CARDS = "document.querySelectorAll('.card').length === %d"


def main() -> None:
    """Print a table for each of the two groups."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    groups = [_group(1, 2), _group(2, given.files), _same(_group(3, given.files))]
    with tempfile.TemporaryDirectory() as room, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.found(), args=chromium.QUIET)
        with _served(Path(room), groups) as url:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            answers: list[Response] = []
            page.on("response", lambda one: answers.append(one))  # noqa: PLW0108 - it marks its handlers
            page.goto(url)
            page.wait_for_selector(".facts")
            _different(page, given.files, given.rounds)
            _folded(page, given.files, given.rounds)
            if refused := [one.url for one in answers if not one.ok]:
                raise SystemExit(f"What was refused is no choice: {refused[0]}")
        browser.close()


def _group(number: int, files: int) -> Staged:
    folders = ("Phone", "Backup", "To sort", "2019 Lake")
    paths = [f"{folders[place % 4]}/{place // 100}/IMG_{place:04}.jpg" for place in range(files)]
    return invented.group(number, paths, size=4_000_000, tier="same picture", changed=10**9)


def _same(group: Staged) -> Staged:
    """Make all but ten files of a group copies of its second."""
    first, second, *rest = group.entries
    copies = [dataclasses.replace(one, sha256=second.sha256) for one in rest[:-9]]
    return dataclasses.replace(group, entries=(first, second, *copies, *rest[-9:]))


@contextmanager
def _served(room: Path, groups: Sequence[Staged]) -> Iterator[str]:
    server = Server("127.0.0.1", 0)
    jpegs = [pictures.encoded(seed, (480, 360)) for seed in range(PAINTED)]
    with Cache(str(room / "cache")) as cache, Previews(1) as previews:
        for group in groups:
            for place, entry in enumerate(group.entries):
                jpeg = jpegs[place % PAINTED]
                facts = Facts(4000 - place % 7, 3000, "JPEG", quality=80 + place % 15, depth=8)
                cache.pictures.put(by_content(entry.sha256), [(480, jpeg), (160, jpeg)], facts)
        review = invented.review(room, invented.in_folders(room, groups))
        server.start(create_app(review, Gallery(cache, previews), server.keys))
        try:
            yield server.url
        finally:
            server.stop()


def _different(page: Page, files: int, rounds: int) -> None:
    print(f"\n{files} different files")
    first, whole, ticked, moved = [], [], [], []
    for _ in range(rounds):
        first.append(_press(page, "j", _FIRST % 2))
        whole.append(_press(page, "", _ALL % files))
        ticked += [_press(page, "3", _KEPT), _press(page, "3", _LEFT)]
        moved += [_press(page, "ArrowRight", _NEXT % place) for place in (3, 4, 5)]
        _press(page, "k", _FIRST % 1)
    _say("first picture, from the key", first)
    _say("all cards and the table, from then on", whole)
    _say("key to tick", ticked)
    _say("key to next card", moved)


def _folded(page: Page, files: int, rounds: int) -> None:
    print(f"\n{files} files, {files - 10} of them the same")
    first, opened, closed = [], [], []
    _press(page, "j", _FIRST % 2)
    for _ in range(rounds):
        first.append(_press(page, "j", _FIRST % 3))
        _press(page, "", _ALL % 11)
        _press(page, "ArrowRight", _NEXT % 1)
        opened.append(_press(page, "e", _CARDS % files))
        closed.append(_press(page, "e", _CARDS % 11))
        _press(page, "k", _FIRST % 2)
    _say("first picture, from the key", first)
    _say("key to all files shown", opened)
    _say("key to one card for all", closed)


def _press(page: Page, key: str, wanted: str) -> float:
    took: float = page.evaluate(_PRESSED.replace("WANTED", wanted), key)
    return took


def _say(name: str, figures: Sequence[float]) -> None:
    print(f"  {name:40} {statistics.median(figures):8.1f}", flush=True)


if __name__ == "__main__":
    main()
