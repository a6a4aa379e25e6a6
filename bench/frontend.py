"""How many bytes of the page itself a browser downloads, packed as they come.

    python -m bench.frontend

Chromium goes through a whole review of two real photos: the list and the group, the comparison with
its map of differences, many at once, folders, help, history, and the sheet before the second
confirmation. What it has asked for until the first pictures were there is "first screen". Data and
pictures are not counted; neither is a language's file, of which an English reader loads none.
"""

import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response, sync_playwright

import chromium
import reviewing
from same_image_locator.web_review.page import KINDS
from serving import own_cache, serving


def main() -> None:
    """Print a line for each file, and the sums."""
    with tempfile.TemporaryDirectory() as room, own_cache(), sync_playwright() as playwright:
        photos = reviewing.library(Path(room) / "photos", {"a/1.jpg": 1, "b/1.jpg": 1})
        browser = playwright.chromium.launch(executable_path=chromium.found(), args=chromium.QUIET)
        with serving(photos) as site:
            page = browser.new_page(locale="en-GB")
            sizes: dict[str, int] = {}
            page.on("response", lambda one: _note(one, sizes))
            page.goto(site.server.url)
            page.wait_for_selector(".facts")
            first = sum(sizes.values())
            _journey(page)
        browser.close()
    for name, size in sizes.items():
        print(f"  {name:32} {size:7,}")
    print(f"first screen {first:,}, all {sum(sizes.values()):,} bytes")


def _note(answer: Response, sizes: dict[str, int]) -> None:
    path = urlsplit(answer.url).path
    own = path == "/" or (path.startswith("/static/") and Path(path).suffix in KINDS)
    if own and answer.ok:  # else it is here already
        sizes[path] = int(answer.headers["content-length"])


def _journey(page: Page) -> None:
    page.keyboard.press("c")
    page.wait_for_selector("#compare-title")
    with page.expect_worker():
        page.keyboard.press("t")
    page.keyboard.press("Escape")
    for key, dialog in (("b", "bulk"), ("m", "folders"), ("?", "help"), ("r", "rules")):
        page.keyboard.press(key)
        page.wait_for_selector(f"#{dialog}[open]")
        page.keyboard.press("Escape")
    page.locator("[data-action=history]").click()
    page.wait_for_selector("#history[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet[open]")


if __name__ == "__main__":
    main()
