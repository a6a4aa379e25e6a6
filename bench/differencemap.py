"""How soon the comparison shows where two photos of 12 megapixels differ.

    python -m bench.differencemap [--rounds N]

The page itself in Chromium, with two such photos side by side, both loaded: from the key that asks
for the map until its words stand there, in milliseconds by the browser's own clock; once with one
of them turned by a quarter, so that it is laid on the other first.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

import chromium
from serving import own_cache, serving

_SIZE = (4000, 3000)
# Press the key, and tell after how many milliseconds the words are there.
_PRESSED = """() => new Promise(done => {
  const words = () => document.querySelector('#compare-difference')?.textContent ?? '';
  const seen = () => / of 255/.test(words()) ? done(performance.now() - began)
    : requestAnimationFrame(seen);
  const began = performance.now();
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
    { key: 't', bubbles: true, cancelable: true }));
  seen();
})"""


def main() -> None:
    """Print the median of the rounds, and all of them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as room, own_cache(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.found(), args=chromium.QUIET)
        for turned in (False, True):
            folder = Path(room) / f"{turned}"
            _photos(folder, turned=turned)
            with serving(folder, "similar") as site:
                took = [_once(browser.new_page(), site.server.url) for _ in range(rounds)]
            name = "turned" if turned else "upright"
            all_of_it = ", ".join(f"{one:.0f}" for one in took)
            print(f"{name}: {statistics.median(took):.0f} ms ({all_of_it})")
        browser.close()


def _photos(folder: Path, *, turned: bool) -> None:
    """Write a photo of 12 megapixels, and it again, brighter in a corner and saved anew."""
    folder.mkdir()
    cells = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)
    one = Image.fromarray(cells).resize(_SIZE, Image.Resampling.BICUBIC)
    other = one.copy()
    other.paste((255, 240, 200), (0, 0, 600, 500))
    one.save(folder / "1.jpg", quality=92)
    other = other.transpose(Image.Transpose.ROTATE_90) if turned else other
    other.save(folder / "2.jpg", quality=80)


def _once(page: Page, url: str) -> float:
    page.goto(url)
    page.wait_for_selector(".facts")
    page.keyboard.press("c")
    page.wait_for_selector("#compare-title")
    page.wait_for_load_state("networkidle")
    took = float(page.evaluate(_PRESSED))
    page.close()
    return took


if __name__ == "__main__":
    main()
