"""A reference folder on the page: its file has a lock, stays ticked, and is never touched."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import reviewing

pytestmark = pytest.mark.browser


def test_the_file_of_a_reference_folder_stays_and_only_its_copies_are_decided(
    start_program: Callable[..., Any], page: Page, tmp_path: Path
) -> None:
    archive = reviewing.library(tmp_path / "archive", {"a.jpg": 1, "b.jpg": 2})
    before = reviewing.tree(archive)
    program = start_program({"x.jpg": 1, "y.jpg": 1, "z.jpg": 2}, "--reference", str(archive))
    page.goto(program.url)
    cards, words = page.locator(".card"), page.locator("#bar-words")
    expect(cards.nth(0).locator(".pill")).to_have_text("Reference: stays")
    expect(cards.nth(0).locator(".keep-box")).to_be_disabled()
    expect(cards.nth(1)).to_have_attribute("data-state", "unset")
    expect(page.locator("#auto-why")).to_have_text("not with a reference folder")
    expect(words).to_contain_text("Suggested: 1 kept, 2 set aside")

    page.keyboard.press("1")
    expect(page.get_by_text("It lies in a reference folder, so it stays")).to_be_visible()
    page.keyboard.press("2")
    expect(cards.nth(1)).to_have_attribute("data-state", "keep")
    expect(words).to_contain_text("2 kept, 1 set aside")
    page.keyboard.press("2")
    expect(words).to_contain_text("1 kept, 2 set aside")
    page.keyboard.press("Enter")
    sheet = page.locator("#sheet")
    expect(sheet).to_contain_text("1 file in a reference folder: kept, and not touched.")
    expect(sheet).to_contain_text("2 files set aside")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Group 2")).to_be_visible()
    expect(words).to_contain_text("Suggested: 1 kept, 1 set aside")
    page.keyboard.press("Enter")
    expect(sheet).to_contain_text("1 file set aside")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="All groups are decided")).to_be_visible()
    assert program.at_home() == set()
    assert reviewing.tree(archive) == before
