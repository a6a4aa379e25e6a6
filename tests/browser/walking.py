"""A walk through every screen of the page, over a small library that shows all of it."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, expect

import pictures

# What is done one after the other, by a key or a click, and what is there then.
WALK = [
    ("?", "#help[open]"),
    ("Escape", "body:not(:has(dialog[open]))"),
    ("n", "#ask[open]"),
    ("Escape", "body:not(:has(dialog[open]))"),
    ("b", "#bulk[open] #bulk-sum"),
    ("Escape", "body:not(:has(dialog[open]))"),
    ("r", "#rules[open] li"),
    ("Escape", "body:not(:has(dialog[open]))"),
    ("m", "#folders[open] .overlaps li"),
    ("Escape", "body:not(:has(dialog[open]))"),
    ("c", "#compare-title"),
    ("3", "#compare-lead .badge"),
    *(
        (key, f"[data-act={way}][aria-pressed=true]")
        for key, way in zip(
            "qwert", ("side", "slider", "flicker", "overlay", "difference"), strict=True
        )
    ),
    ("", "#compare-difference:text('255')"),
    ("Escape", ".keep-box"),
    ("1", ".card[data-state=keep]"),
    ("Enter", "#sheet-title"),
    ("Enter", "#toast p"),  # looked for first, as it goes again
    ("", "#group-title:text('2')"),
    ("[data-action=history]", "#history[open] li"),
    ("#history summary", "#history .whereabouts li"),
    ("Escape", "body:not(:has(dialog[open]))"),
    ("[data-action=queue]", "#filters-toggle"),
    ("#filters-toggle", "#filter-panel"),
    ("", "#by-folders:has(optgroup)"),
    ("Escape", "body:not(.queue-open)"),
    ("[data-action=stop]", "#ask[open]"),
    ("#ask .primary", "#screen .summary"),
]


def library(root: Path) -> None:
    """Make two groups: a picture and its small dated copy, and three of which two are the same."""
    pictures.photo(root / "1/1.jpg", 2, size=(640, 480))
    pictures.photo(root / "2/2.jpg", 2, size=(320, 240), taken="2019:06:12 14:03:22")
    for name in ("1/3.jpg", "2/4.jpg"):
        pictures.photo(root / name, 1, size=(640, 480))
    pictures.photo(root / "3/5.jpg", 1, size=(640, 480), quality=60)


def walk(page: Page) -> Iterator[str]:
    """Yield what is there, after each step of the walk; it begins with the first group."""
    expect(page.locator(".suggests .confidence")).to_be_visible()
    expect(page.locator(".sideways")).to_be_attached()
    for does, there in [("", ".card"), *WALK]:
        if does.startswith(("[", "#")):
            page.locator(does).click()
        elif does:
            page.keyboard.press(does)
        expect(page.locator(there).first).to_be_visible()
        yield there
