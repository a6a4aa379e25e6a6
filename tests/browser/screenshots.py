"""Takes the pictures of the documentation: a walk through the sample library's review.

Run by ``make screenshots`` alone: pytest does not collect this module by itself, so that the
pictures change only when somebody means it, and looks at them.
"""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from browser.conftest import Program
from program import until
from same_image_locator import demo

pytestmark = pytest.mark.browser

IMAGES = Path(__file__).parents[2] / "docs/images"
LARGEST = 150_000  # bytes, so that a page loads fast; tests hold it
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
SOON = 60_000  # milliseconds, for what is drawn in the background


def shoot(page: Page, name: str) -> None:
    """Write what is on the screen as a small picture."""
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready")
    (IMAGES / f"{name}.png").write_bytes(small(page.screenshot(animations="disabled")))


def small(shot: bytes) -> bytes:
    """Return the picture with as many colours as keep it below the limit."""
    full = Image.open(io.BytesIO(shot)).convert("RGB")
    for colours in (256, 128, 64, 32):
        packed = io.BytesIO()
        few = full.quantize(colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(packed, "PNG", optimize=True)
        if packed.tell() < LARGEST:
            return packed.getvalue()
    pytest.fail("too large in 32 colours, too")


def loaded(page: Page) -> None:
    """Wait until each picture in view is drawn."""
    # Asked from here: a function that waits in the page is one that its policy forbids.
    until(
        lambda: page.evaluate(
            "[...document.images].filter((one) => one.checkVisibility())"
            ".filter((one) => one.getBoundingClientRect().top < innerHeight)"
            ".every((one) => one.complete && one.naturalWidth > 0)"
        )
    )


@pytest.fixture
def address(tmp_path: Path, start_program: Callable[..., Program]) -> str:
    """Return the address of a review of the sample library."""

    files: dict[str, bytes] = {}
    demo.build(str(tmp_path / "photos"), files.__setitem__)
    for path, content in files.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)
    return start_program({}, "--mode", "similar").url


def opened(browser: Browser, address: str, size: dict[str, int]) -> Page:
    page = browser.new_page(viewport=size, locale="en-GB")  # type: ignore[arg-type] # its own type
    page.goto(address)
    expect(page.locator(".suggests .confidence")).to_be_visible(timeout=SOON)
    loaded(page)
    return page


def compare(page: Page) -> None:
    """Compare the first file closely with the brighter one, and go back."""
    page.keyboard.press("c")
    expect(page.locator("#compare-title")).to_be_visible()
    expect(page.locator("#compare-lead .badge")).to_be_visible(timeout=SOON)
    page.keyboard.press("5")
    page.keyboard.press("w")
    expect(page.locator("[data-act=slider][aria-pressed=true]")).to_be_visible()
    expect(page.locator("#compare-lead .badge")).to_have_text("aligned", timeout=SOON)
    loaded(page)
    shoot(page, "compare")
    page.keyboard.press("t")
    expect(page.locator("#compare-difference")).to_contain_text("differs", timeout=SOON)
    shoot(page, "difference")
    page.keyboard.press("Escape")
    expect(page.locator(".keep-box").first).to_be_visible()


def settle(page: Page) -> None:
    """Finish the first group as it is suggested, and look at the history."""
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet-title")).to_be_visible()
    shoot(page, "confirm")
    page.keyboard.press("Enter")
    expect(page.locator("#group-title")).to_contain_text("2")
    page.locator("[data-action=history]").click()
    expect(page.locator("#history[open] li").first).to_be_visible()
    shoot(page, "history")


def test_the_pictures_of_the_documentation(browser: Browser, address: str) -> None:
    phone = opened(browser, address, PHONE)
    shoot(phone, "phone")
    phone.close()
    page = opened(browser, address, WIDE)
    shoot(page, "review")
    compare(page)
    page.keyboard.press("b")
    expect(page.locator("#bulk[open] #bulk-sum")).to_be_visible(timeout=SOON)
    loaded(page)
    shoot(page, "accept")
    page.keyboard.press("Escape")
    settle(page)
