"""Not duplicates, as a person says it: a key, a button, a comparison, and the way back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import pictures
from browser.conftest import Program

pytestmark = pytest.mark.browser


def alike(folder: Path) -> None:
    """Write three pictures that look alike, two others, and two files with the same bytes."""
    for name, quality in (("a.jpg", 95), ("b.jpg", 90), ("in/c.jpg", 85)):
        pictures.photo(folder / name, 1, quality=quality, size=(640, 480))
    for name, quality in (("x.jpg", 95), ("y.jpg", 90)):
        pictures.photo(folder / name, 2, quality=quality, size=(640, 480))
    for name in ("m.jpg", "n.jpg"):
        pictures.photo(folder / name, 3, size=(640, 480))


def test_one_picture_then_a_pair_then_the_whole_group_and_all_of_it_back(
    start_program: Callable[..., Program], page: Page, tmp_path: Path
) -> None:
    alike(tmp_path / "photos")
    program = start_program(None, "--mode", "phash", "--no-verify")
    page.goto(program.url)
    expect(page.locator(".card")).to_have_count(3)
    one_is_another_picture(page)
    the_rest_is_decided_as_usual(page)
    the_history_takes_it_back(page)
    two_that_are_compared(page)
    none_are_duplicates(page, program)
    nothing_is_said_of_identical_files(page)
    page.keyboard.press("j")
    expect(page.locator("#group-title")).to_have_text("Group 3")
    page.locator("#apart").click()
    both = page.locator("#ask").get_by_role("button", name="These 2 are not duplicates")
    expect(both).to_be_focused()


def one_is_another_picture(page: Page) -> None:
    card, dialog = page.locator(".card").nth(2), page.locator("#ask")
    expect(card.locator("h3")).to_have_text("c.jpg")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(card).to_have_class("card cursor")
    page.keyboard.press("n")
    expect(dialog.get_by_role("button", name="None of these 3 are duplicates")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(card).to_have_attribute("data-state", "unset")
    page.locator("#apart").click()
    dialog.get_by_role("button", name="Only c.jpg (3) is another picture").click()
    expect(card).to_have_attribute("data-state", "apart")
    expect(card.locator(".pill")).to_have_text("Another picture")
    expect(card.get_by_role("checkbox")).to_be_disabled()


def the_rest_is_decided_as_usual(page: Page) -> None:
    words = page.locator("#bar-words")
    expect(words).to_have_text("Nothing chosen yet; 1 other picture")
    page.keyboard.press("1")
    expect(words).to_contain_text("1 kept, 1 set aside")
    page.keyboard.press("u")
    expect(words).to_have_text("Nothing chosen yet; 1 other picture")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_contain_text("All other 2 files would be set aside")
    page.keyboard.press("Escape")
    page.locator("#toast").get_by_role("button", name="Dismiss").click()


def the_history_takes_it_back(page: Page) -> None:
    page.get_by_role("button", name="History").click()
    history = page.locator("#history")
    expect(history).to_contain_text("stays when an earlier run is undone: only Take back forgets")
    expect(history).to_contain_text("1 file told apart from 2 others")
    history.get_by_role("button", name="Take back").click()
    expect(history.get_by_role("button", name="Take back")).to_have_count(0)
    expect(history.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".card").nth(2)).to_have_attribute("data-state", "unset")


def two_that_are_compared(page: Page) -> None:
    page.keyboard.press("c")
    expect(page.locator("#compare-title")).to_be_focused()
    page.keyboard.press("n")
    toast = page.locator("#toast")
    expect(toast).to_contain_text("remembered as not duplicates")
    other = page.locator("#compare .keep-toggle", has_text="Another picture")
    expect(other).to_have_count(1)
    toast.get_by_role("button", name="Take back").click()
    expect(other).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#compare")).to_be_hidden()


def none_are_duplicates(page: Page, program: Program) -> None:
    page.keyboard.press("n")
    whole = page.locator("#ask").get_by_role("button", name="None of these 3 are duplicates")
    expect(whole).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#group-title")).to_have_text("Group 2")
    undo = page.locator("#toast").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    assert program.at_home() == {"a.jpg", "b.jpg", "in/c.jpg"}
    undo.click()
    expect(page.locator("#toast")).to_contain_text("Group 1 undone")
    page.get_by_role("button", name="History").click()
    expect(page.locator("#history")).to_contain_text("Undone")
    expect(page.locator("#history").get_by_role("button", name="Take back")).to_have_count(0)
    page.keyboard.press("Escape")


def nothing_is_said_of_identical_files(page: Page) -> None:
    page.keyboard.press("n")
    expect(page.locator("#toast")).to_contain_text("same bytes: they cannot be told apart")
    expect(page.locator("#ask")).to_be_hidden()
