"""How fast the queue of the review page is when very many groups wait.

    python -m bench.queue [--counts 10000 100000] [--rounds N]

The groups are invented: their files lie in six folders, and their pictures nowhere, so that only
the queue is measured. "asked" is the review alone, without a browser: a way to look that is new,
and a page of it afterwards. The rest is seen in Chromium, by its own clock: from the address until
the rows are there; from the choice of an order, a state or a search until the list has the rows;
from a key until the next group is marked in it. Each figure is the median of the rounds, in
milliseconds.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

import chromium
import invented
from same_image_locator.cache import Cache
from same_image_locator.decode.previews import Previews
from same_image_locator.model import TIERS
from same_image_locator.plans import Staged
from same_image_locator.review import Query, Review
from same_image_locator.web_review import Server, create_app
from same_image_locator.web_review.media import Gallery

FOLDERS = ("Phone", "Backup", "From Anna", "To sort", "2019 Lake", "2021 City")
NEW = {
    "sort: most to free": Query(sort="bytes"),
    "sort: path": Query(sort="path"),
    "state: suggested": Query(stand="suggested"),
    "tier: verified": Query(tier="same picture"),
    "search": Query(words="img_0001"),
    "two folders": Query(folders=("Phone", "To sort")),
}
# In the page: choose something, and tell after how many milliseconds the list has other rows.
_SEEN = """([name, value]) => new Promise(done => {
  const listed = () => [...document.querySelectorAll('.row')].map(r => r.dataset.number).join();
  const before = listed(), began = performance.now();
  const seen = () => listed() && listed() !== before ? done(performance.now() - began)
    : requestAnimationFrame(seen);
  const control = document.querySelector(name);
  control.focus();
  control.value = value;
  control.dispatchEvent(new Event(control.matches('select') ? 'change' : 'input'));
  seen();
})"""
_KEY = """() => new Promise(done => {
  const marked = () => document.querySelector('.row[aria-selected=true]')?.dataset.number;
  const before = marked(), began = performance.now();
  const seen = () => marked() && marked() !== before ? done(performance.now() - began)
    : requestAnimationFrame(seen);
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
  seen();
})"""
_ROWS = """() => new Promise(done => {
  const seen = () => document.querySelector('.row') ? done(performance.now())
    : requestAnimationFrame(seen);
  seen();
})"""


def main() -> None:
    """Print a table for each number of groups."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.found(), args=chromium.QUIET)
        for count in given.counts:
            groups = [_group(number) for number in range(1, count + 1)]
            print(f"\n{count:,} groups")
            with tempfile.TemporaryDirectory() as room:
                _asked(Path(room), groups, given.rounds)
                _seen(Path(room), groups, browser, given.rounds)
        browser.close()


def _group(number: int) -> Staged:
    tier = TIERS[number % len(TIERS)]
    folders = [FOLDERS[(number + place * (number % 5 + 1)) % 6] for place in range(2 + number % 3)]
    paths = [f"{one}/{number // 500}/IMG_{number:06}_{i}.jpg" for i, one in enumerate(folders)]
    size, changed = 500_000 + number * 7919 % 5_000_000, number * 104_729 % 10**8
    return invented.group(number, paths, size=size, tier=tier, changed=changed)


def _asked(room: Path, groups: Sequence[Staged], rounds: int) -> None:
    for name, query in NEW.items():
        new, again = [], []
        for _ in range(rounds):
            review = invented.review(room, groups)
            new.append(_took(partial(review.rows, 0, 50, query)))
            again.append(_took(partial(review.rows, 100, 50, query)))
        _say(f"asked, {name}", new, f"   its next page {statistics.median(again):.1f}")


def _took(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _seen(room: Path, groups: Sequence[Staged], browser: Browser, rounds: int) -> None:
    with _served(invented.review(room, groups)) as url:
        first: list[float] = []
        for _ in range(rounds):
            page = browser.new_page()
            page.goto(url, wait_until="commit")  # its pictures may come later than the rows
            first.append(page.evaluate(_ROWS))
            page.close()
        _say("seen, rows at first", first)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        page.evaluate(_ROWS)
        page.locator("#filters-toggle").click()
        _choose(page, rounds)
        _say("seen, key to next group", [page.evaluate(_KEY) for _ in range(rounds * 4)])
        rows = page.locator(".row").count()
        heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
        print(f"  {'rows in the page, heap':40} {rows:8d}, {heap:.0f} MB")
        page.close()


def _choose(page: Page, rounds: int) -> None:
    for name, control, value, usual in (
        ("sort: most to free", "#by-sort", "bytes", "number"),
        ("state: suggested", "#by-state", "suggested", ""),
        ("tier: verified", "#by-tier", "same picture", ""),
        ("search, its pause of 200 included", "#find", "img_0001", ""),
    ):
        shown = []
        for _ in range(rounds):
            shown.append(page.evaluate(_SEEN, [control, value]))
            page.evaluate(_SEEN, [control, usual])
        _say(f"seen, {name}", shown)


@contextmanager
def _served(review: Review) -> Iterator[str]:
    server = Server("127.0.0.1", 0)
    with Cache() as cache, Previews(1) as previews:
        server.start(create_app(review, Gallery(cache, previews), server.keys))
        try:
            yield server.url
        finally:
            server.stop()


def _say(name: str, figures: Sequence[float], more: str = "") -> None:
    print(f"  {name:40} {statistics.median(figures):8.1f}{more}", flush=True)


if __name__ == "__main__":
    main()
