"""Every screen as axe sees it: WCAG 2.2 A and AA, in light, dark and forced colours."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from browser.walking import library, walk

pytestmark = pytest.mark.browser

Start = Callable[..., Any]

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": LEVELS}}
# What colours can change; the rest holds in all of them.
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}

# Back where the walk has been, and further ways to compare, whose buttons are the same.
SEEN_BEFORE = ("body", "[data-act=side]", "[data-act=slider]", "[data-act=overlay]")
WIDE = (".card", "#compare-title")


def test_no_screen_shuts_anybody_out(start_program: Start, tmp_path: Path, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    opened(page, start_program, tmp_path)
    for there in walk(page):
        if not there.startswith(SEEN_BEFORE):
            assert_open_to_all(page, there)


def test_nor_does_a_wide_window(start_program: Start, tmp_path: Path, page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    opened(page, start_program, tmp_path)
    for there in walk(page):
        if there in WIDE:
            assert_open_to_all(page, there)
        if there == WIDE[-1]:
            break


def opened(page: Page, start_program: Start, tmp_path: Path) -> None:
    page.emulate_media(reduced_motion="reduce")  # what still fades has no colour yet
    library(tmp_path / "photos")
    page.goto(start_program(None, "--mode", "similar").url)


def assert_open_to_all(page: Page, there: str) -> None:
    page.emulate_media(color_scheme="light", forced_colors="none")
    assert found(page, ALL) == [], there
    page.emulate_media(color_scheme="dark")
    assert found(page, COLOURS) == [], f"{there}, dark"
    page.emulate_media(forced_colors="active")
    assert found(page, COLOURS) == [], f"{there}, forced colours"


def found(page: Page, options: dict[str, Any]) -> list[str]:
    """Return each violation with the element that it is about."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate("options => axe.run(options)", options)["violations"]
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}"
        for one in violations
        for node in one["nodes"]
    ]
