"""The sheet offers to keep what only a file that goes says; nothing is written without a tick."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import said_pictures
from same_image_locator import xmp

pytestmark = pytest.mark.browser

Start = Callable[..., Any]


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Write a large file that says nothing and a small one of the same picture that says much."""
    return said_pictures.two_of_one(tmp_path / "photos")


def test_what_is_asked_for_is_written_beside_the_kept_file_and_undone(
    start_program: Start, page: Page, two: Path
) -> None:
    program = start_program(None, "--mode", "similar")
    page.goto(program.url)
    expect(page.locator("#suggestion")).to_contain_text("Keep IMG_1.jpg")
    page.keyboard.press("s")
    expect(page.locator(".card").nth(0)).to_have_attribute("data-state", "keep")
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="Write into phone/IMG_1.jpg.xmp")
    expect(box).not_to_be_checked()
    expect(page.locator("#sidecar-choice label")).to_have_text(
        "Write into phone/IMG_1.jpg.xmp: taken 3 May 2019, 14:02:11; place 48.25000, 16.50000; "
        "rating 4; keywords lake and boat (from backup/IMG_1.jpg)"
    )
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    page.keyboard.press("Enter")  # the keyboard alone is enough, although the box has the focus
    expect(page.locator("#toast")).to_contain_text("metadata kept in 1 XMP file")
    path = two / "phone/IMG_1.jpg.xmp"
    assert xmp.read(path.read_bytes()).keywords == ("lake", "boat")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toast")).to_contain_text("undone")
    assert not path.exists()
    assert (two / "backup/IMG_1.jpg").exists()
