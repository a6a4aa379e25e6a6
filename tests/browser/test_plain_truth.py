"""The page says what is so: what will be gone, what moves along, what failed, who works there."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageOps
from playwright.sync_api import Page, expect

import pictures
import reviewing
from program import Program
from same_image_locator.decision_folder import REVIEW_STATE
from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render
from sample_pictures import variant

pytestmark = pytest.mark.browser

Start = Callable[..., Any]
PAIR = {"a/x.jpg": 1, "b/x.jpg": 1}


def test_removing_for_good_is_said_before_it_is_confirmed_and_promises_no_undo(
    start_program: Start, page: Page
) -> None:
    program = start_program({**PAIR, "a/y.jpg": 2, "b/y.jpg": 2}, "--rejects", "delete")
    page.goto(program.url)
    expect(page.locator(".lead")).to_contain_text("the rest is removed for good")
    page.locator(".picture").first.click()
    expect(page.locator("#bar-words")).to_contain_text("1 kept, 1 removed for good")
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("#sheet .attention")).to_have_text(re.compile("cannot be undone"))
    confirm = page.locator("#confirm")
    expect(confirm).to_have_class(re.compile("danger"))
    expect(confirm).to_contain_text("Remove 1 file for good")
    confirm.click()
    expect(page.locator("#toast")).to_contain_text("1 removed for good")
    expect(page.locator("#toast").get_by_role("button", name="Undo")).to_have_count(0)
    assert len(list(program.folder.rglob("*.jpg"))) == 2, "only the other group waits"


def test_what_moves_along_is_shown_and_what_has_no_copy_left_is_warned_of(
    start_program: Start, page: Page, tmp_path: Path
) -> None:
    for folder in ("a", "b"):
        (tmp_path / "photos" / folder).mkdir(parents=True)
        (tmp_path / "photos" / folder / "x.xmp").write_text(f"settings made in {folder}")
    reviewing.library(tmp_path / "photos", PAIR)
    program = start_program(None)
    page.goto(program.url)
    expect(page.locator(".along").first).to_have_text("+ XMP")
    expect(page.locator(".facts").first).to_contain_text("x.xmp")
    page.locator(".picture").first.click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("#sheet .companion").first).to_contain_text("x.xmp")
    expect(page.locator("#sheet .attention")).to_contain_text("x.xmp goes with its photo")
    page.locator("#confirm").click()
    expect(page.get_by_role("heading", name="All groups are decided")).to_be_visible()
    assert program.at_home() == {"a/x.jpg", "a/x.xmp"}


def test_a_tick_that_cannot_be_saved_is_not_shown_as_taken(
    start_program: Start, page: Page
) -> None:
    program = start_program(PAIR)
    page.goto(program.url)
    [group] = program.folder.glob("group_*")
    (group / f"{REVIEW_STATE}.new").mkdir()
    page.locator(".picture").first.click()
    expect(page.locator("#toast")).to_contain_text("could not be saved, so it was not done")
    expect(page.locator("#bar-words")).to_contain_text("Suggested: 1 kept")
    expect(page.locator(".card").first).to_have_attribute("data-state", "proposed")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_have_text(re.compile("1 kept"))
    expect(page.locator("#toast")).to_contain_text("could not be saved, so it was not done")
    expect(page.locator(".card").first).to_have_attribute("data-state", "proposed")
    expect(page.locator("#sheet")).to_be_hidden()


def test_a_run_that_had_to_stop_says_why_on_the_page(start_program: Start, page: Page) -> None:
    program = start_program(PAIR)
    page.goto(program.url)
    page.locator(".picture").first.click()
    expect(page.locator("#bar-words")).to_contain_text("1 kept")
    journal = program.folder / ".journal.jsonl"
    journal.rename(program.folder / "kept")
    journal.mkdir()
    page.get_by_role("button", name="Finish").click()
    page.locator("#confirm").click()
    expect(page.get_by_role("heading", name="The run could not go on")).to_be_visible()
    expect(page.locator(".trouble")).to_contain_text("Is a directory")
    assert program.wait() == 5


def test_a_second_run_only_looks(start_program: Start, page: Page) -> None:
    first = start_program(PAIR)
    looking = Program("review", first.root, "--decision-folder", first.folder)
    page.goto(f"{looking.base}/#t={looking.token}")
    expect(page.locator("#banner")).to_contain_text("another run is working in this folder")
    expect(page.locator(".facts").first).to_contain_text(re.compile("160 . 120"))
    expect(page.locator(".keep-box").first).to_be_disabled()
    expect(page.locator("#bar")).to_be_hidden()
    for key in ("1", "a", "f", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator(".card").first).to_have_attribute("data-state", "unset")
    page.get_by_role("button", name="Stop for now").click()
    page.locator("#ask").get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("heading", name="You have stopped looking")).to_be_visible()
    assert looking.wait() == 4


def test_each_card_says_how_sure_it_is_and_the_group_is_as_sure_as_its_least_sure_file(
    start_program: Start, page: Page, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    scene, other = (render(SCENES[name]) for name in ("city", "poppies"))
    scene.save(photos / "a.png")
    scene.save(photos / "b.tif")
    scene.resize((800, 600)).save(photos / "c.jpg", quality=90)
    other.save(photos / "d.png")
    ImageOps.mirror(other).save(photos / "e.png")
    program = start_program(None, "--mode", "similar")
    page.goto(program.url)
    expect(page.locator("#heading")).to_contain_text("Verified")
    cards = page.locator(".card")
    expect(cards.nth(0)).to_contain_text("the others are compared with this one")
    expect(cards.nth(1)).to_contain_text("the same pixels, stored in another way")
    expect(cards.nth(1)).to_contain_text("saved as TIFF")
    expect(cards.nth(2)).to_contain_text("the same picture, looked at closely")
    expect(cards.nth(2)).to_contain_text("scaled to 50 %, saved as JPEG")
    page.locator("#queue-list [data-number='2']").click()
    expect(cards.nth(1)).to_contain_text("mirrored")


def test_a_loose_threshold_says_on_the_page_what_it_costs(
    start_program: Start, page: Page, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in ("city", "poppies"):
        render(SCENES[name]).save(photos / f"{name}.jpg")
    program = start_program(None, "--mode", "phash", "--threshold", "64")
    page.goto(program.url)
    expect(page.locator("#heading")).to_contain_text("Not verified: look closely")
    expect(page.locator("#heading")).to_contain_text(
        "chance alone makes about 1 pair of different pictures among 2"
    )
    expect(page.locator(".card").nth(1)).to_contain_text("not verified: look closely")


def _copies(photos: Path) -> None:
    """Write a picture, a copy of it, and one that is cropped: 8 bits away."""
    photos.mkdir()
    scene = render(SCENES["poppies"])
    scene.save(photos / "a.png")
    scene.resize((800, 600)).save(photos / "b.jpg")
    scene.crop((40, 40, 1580, 1180)).save(photos / "c.jpg")


def test_a_stricter_look_shows_who_would_leave_before_anything_is_chosen(
    start_program: Start, page: Page, tmp_path: Path
) -> None:
    _copies(tmp_path / "photos")
    program = start_program(None, "--mode", "phash", "--threshold", "12")
    page.goto(program.url)
    words, slider = page.locator("#strictness-words"), page.get_by_role("slider")
    expect(words).to_have_text("up to 12 bits: all would stay")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    expect(words).to_have_text("up to 7 bits: 1 file would not belong to it (3)")
    expect(slider).to_have_attribute("aria-valuetext", "up to 7 bits")
    expect(page.locator(".card.leaves")).to_have_count(1)
    expect(page.locator(".card").nth(2)).to_have_class(re.compile("leaves"))
    expect(page.locator("#bar-words")).to_contain_text("Nothing chosen yet")
    page.get_by_role("button", name="Keep these").click()
    expect(page.locator("#bar-words")).to_contain_text("1 kept")
    expect(page.locator(".card").nth(2)).to_have_attribute("data-state", "keep")
    expect(words).to_have_text("up to 7 bits: 1 file would not belong to it (3)")
    slider.fill("12")
    expect(page.locator(".card.leaves")).to_have_count(0)


def test_a_looser_look_names_who_would_come(
    start_program: Start, page: Page, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for seed in (0, 1):
        variant(seed, 5.3).save(photos / f"{seed}.jpg", quality=97)
    variant(0, 5.3).reduce(2).save(photos / "half.jpg", quality=90)
    program = start_program(None, "--mode", "similar")
    page.goto(program.url)
    words, slider = page.locator("#strictness-words"), page.get_by_role("slider")
    expect(words).to_contain_text("the usual rule: all would stay")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(words).to_have_text(
        "doubtful pairs, too: 1 file would come (1.jpg) if a scan was made by this rule"
    )
    expect(page.locator(".card.leaves")).to_have_count(0)


def test_two_more_bits_name_who_would_come(
    start_program: Start, page: Page, tmp_path: Path
) -> None:
    _copies(tmp_path / "photos")
    program = start_program(None, "--mode", "phash", "--threshold", "6")
    page.goto(program.url)
    words, slider = page.locator("#strictness-words"), page.get_by_role("slider")
    expect(words).to_have_text("up to 6 bits: all would stay")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(words).to_have_text(
        "up to 8 bits: 1 file would come (c.jpg) if a scan was made by this rule"
    )


def test_pictures_that_follow_the_first_are_told_where_only_that_was_compared(
    start_program: Start, page: Page, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    frames = [pictures.picture(seed) for seed in (1, 2)]
    frames[0].save(photos / "more.png", save_all=True, append_images=frames[1:])
    frames[0].save(photos / "one.png")
    program = start_program(None, "--mode", "phash")
    page.goto(program.url)
    expect(page.locator(".facts", has_text="only the first was compared")).to_have_count(1)
