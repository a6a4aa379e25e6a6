"""The suggestion on the page: shown with its reason, taken up with one key, never by itself."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import pictures
from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render

pytestmark = pytest.mark.browser

Start = Callable[..., Any]
_DATE_TAKEN, _EXIF_FOLDER = 0x9003, 0x8769


@pytest.fixture
def leaning(tmp_path: Path) -> Path:
    """Write a large picture and a small copy of it that alone knows when it was taken."""
    photos = tmp_path / "photos"
    photos.mkdir()
    scene = render(SCENES["city"])
    scene.save(photos / "large.jpg", quality=92)
    exif = Image.Exif()
    exif.get_ifd(_EXIF_FOLDER)[_DATE_TAKEN] = "2019:06:12 14:03:22"
    scene.resize((800, 600)).save(photos / "small (1).jpg", quality=92, exif=exif)
    return photos


def test_a_lean_suggestion_says_why_and_what_would_be_missed_and_s_accepts_it(
    start_program: Start, page: Page, leaning: Path
) -> None:
    program = start_program(None, "--mode", "similar")
    page.goto(program.url)
    shown, cards, words = (
        page.locator("#suggestion"),
        page.locator(".card"),
        page.locator("#bar-words"),
    )
    expect(shown).to_contain_text("Lean")
    expect(shown).to_contain_text("Keep large.jpg (1): 1600 × 1200 against 800 × 600")
    expect(shown.locator(".lack")).to_contain_text(
        "small (1).jpg (2) has capture date, which the suggested one has not"
    )
    expect(cards.nth(0).locator(".suggested")).to_be_visible()
    expect(cards.nth(0)).to_have_attribute("data-state", "unset")
    expect(words).to_have_text("Nothing chosen yet")
    page.keyboard.press("s")
    expect(cards.nth(0)).to_have_attribute("data-state", "keep")
    expect(words).to_contain_text("1 kept, 1 set aside")
    assert program.at_home() == set()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet .lack")).to_contain_text("has capture date, which no kept file has")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="All groups are decided")).to_be_visible()
    assert program.at_home() == {"large.jpg"}


def test_a_sure_suggestion_is_a_proposal_that_the_first_own_choice_replaces(
    start_program: Start, page: Page, tmp_path: Path
) -> None:
    for path, seed in (("a.jpg", 1), ("b (1).jpg", 1), ("c.jpg", 2), ("d (1).jpg", 2)):
        pictures.photo(tmp_path / "photos" / path, seed)
    program = start_program(None)
    page.goto(program.url)
    cards, words = page.locator(".card"), page.locator("#bar-words")
    suggested = page.locator("#suggestion")
    expect(suggested).to_contain_text(
        re.compile(r"IdenticalKeep [ac]\.jpg \(1\): name without “\(1\)”")
    )
    expect(cards.nth(0)).to_have_attribute("data-state", "proposed")
    expect(cards.nth(0).locator(".keep-box")).to_be_checked(indeterminate=True)
    expect(words).to_contain_text("Suggested: 1 kept, 1 set aside")
    page.keyboard.press("2")
    expect(cards.nth(1)).to_have_attribute("data-state", "keep")
    expect(cards.nth(0)).to_have_attribute("data-state", "aside")
    page.keyboard.press("u")
    expect(words).to_have_text("Nothing chosen yet")
    expect(cards.nth(0)).to_have_attribute("data-state", "unset")
    page.reload()
    expect(suggested).to_contain_text("Identical")
    expect(words).to_have_text("Nothing chosen yet")
    page.keyboard.press("j")
    expect(page.locator("#group-title")).to_have_text("Group 2")
    expect(words).to_contain_text("Suggested: 1 kept")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_contain_text("Set aside 1 file")
    assert program.at_home() == set()
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("Group 2 settled: 1 kept")
    assert program.at_home() in ({"a.jpg"}, {"c.jpg"})


def test_the_rules_are_put_in_another_order_and_suggest_anew(
    start_program: Start, page: Page, leaning: Path
) -> None:
    program = start_program(None, "--mode", "similar")
    page.goto(program.url)
    shown = page.locator("#suggestion")
    expect(shown).to_contain_text("Keep large.jpg (1)")
    shown.get_by_role("button", name="Rules…").click()
    rules = page.locator("#rules")
    expect(rules.locator("li")).to_have_count(9)
    for place in range(4, 0, -1):
        rules.get_by_role("button", name="Move up: Capture data").click()
        expect(rules.locator("li").nth(place - 1)).to_contain_text("Capture data")
    expect(rules.get_by_role("button", name="Move down: Capture data")).to_be_focused()
    rules.get_by_role("checkbox", name="Original name").uncheck()
    rules.get_by_role("button", name="Suggest by these").click()
    expect(shown).to_contain_text("Keep small (1).jpg (2): has capture date, the other has not")
    page.reload()
    expect(shown).to_contain_text("Keep small (1).jpg (2)")
    page.keyboard.press("r")
    expect(rules.locator("li").first).to_contain_text("Capture data")
    expect(rules.get_by_role("checkbox", name="Original name")).not_to_be_checked()
    expect(rules.locator("li").last).to_contain_text("Original name")
