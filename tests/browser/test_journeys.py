"""A person's ways through the page, in a real browser, with real files on a real disk."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Dialog, Locator, Page, expect

import pictures
from same_image_locator.decision_folder import REVIEW_STATE

pytestmark = pytest.mark.browser

Start = Callable[..., Any]


def card(page: Page, number: int) -> Locator:
    """Return the card with that number key on it."""
    return page.locator(".card").nth(number - 1)


def click(page: Page, number: int) -> None:
    """Click on a picture, as a person does."""
    card(page, number).locator(".picture").click()


def words(page: Page) -> Locator:
    return page.locator("#bar-words")


def title(page: Page) -> Locator:
    return page.locator("#group-title")


def sheet(page: Page) -> Locator:
    return page.locator("#sheet")


def finish_by_mouse(page: Page) -> None:
    """Give both confirmations."""
    page.get_by_role("button", name="Finish").click()
    sheet(page).get_by_role("button", name=re.compile("Set aside|Keep all")).click()


def free_the_space(page: Page, question: str) -> None:
    """Say yes twice."""
    expect(page.get_by_role("heading", name="All groups are decided")).to_be_visible()
    page.get_by_role("button", name="Yes, free").click()
    page.get_by_role("button", name=question).click()
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    expect(page.locator(".summary")).to_contain_text("Space freed")


def settle_rest_by_keys(page: Page) -> None:
    """Keep the first file of every group that waits."""
    while page.locator("#bar").is_visible():
        present = title(page).inner_text()
        page.keyboard.press("1")
        expect(words(page)).to_contain_text("1 kept")
        page.keyboard.press("Enter")
        expect(sheet(page)).to_be_visible()
        page.keyboard.press("Enter")
        offer = page.get_by_role("heading", name="All groups are decided")
        expect(page.locator("#group-title").or_(offer).filter(visible=True)).not_to_have_text(
            present
        )


def test_three_groups_by_mouse_from_the_first_look_to_the_freed_space(
    start_program: Start, page: Page
) -> None:
    program = start_program()
    page.goto(program.url)
    expect(title(page)).to_have_text("Group 1")
    assert "t=" not in page.url
    assert program.at_home() == set()
    click(page, 2)
    expect(card(page, 2)).to_have_attribute("data-state", "keep")
    expect(card(page, 1)).to_have_attribute("data-state", "aside")
    expect(words(page)).to_contain_text("1 kept, 2 set aside, frees")
    page.get_by_role("button", name="Finish").click()
    expect(sheet(page)).to_contain_text("phone/one.jpg")
    expect(sheet(page)).to_contain_text("2 files set aside")
    assert program.at_home() == set()
    sheet(page).get_by_role("button", name="Set aside 2 files").click()
    expect(title(page)).to_have_text("Group 2")
    assert program.at_home() == {"phone/one.jpg"}
    page.get_by_role("button", name="Keep all").click()
    finish_by_mouse(page)
    expect(title(page)).to_have_text("Group 3")
    click(page, 1)
    finish_by_mouse(page)
    free_the_space(page, "Delete 3 files")
    assert program.wait() == 0
    assert not program.folder.exists()
    assert len(program.at_home()) == 4


def test_no_keeps_what_was_set_aside(start_program: Start, page: Page) -> None:
    program = start_program({"a/x.jpg": 1, "b/x.jpg": 1})
    page.goto(program.url)
    click(page, 1)
    finish_by_mouse(page)
    page.get_by_role("button", name="No, keep them set aside").click()
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    program.wait()
    assert [path.name for path in program.folder.rglob("*.jpg")] != []
    assert program.at_home() == {"a/x.jpg"}


def test_a_reload_in_the_middle_keeps_the_ticks_and_the_place(
    start_program: Start, page: Page
) -> None:
    page.goto(start_program().url)
    expect(title(page)).to_have_text("Group 1")
    page.keyboard.press("j")
    expect(title(page)).to_have_text("Group 2")
    click(page, 2)
    expect(page.locator("[data-number='2'] .row-state")).to_contain_text("1 to keep")
    page.reload()
    expect(title(page)).to_have_text("Group 2")
    expect(card(page, 2)).to_have_attribute("data-state", "keep")


def test_a_reload_after_the_first_confirmation_asks_for_the_second_again(
    start_program: Start, page: Page
) -> None:
    program = start_program()
    page.goto(program.url)
    click(page, 1)
    page.get_by_role("button", name="Finish").click()
    expect(sheet(page)).to_be_visible()
    page.reload()
    expect(sheet(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet(page)).to_be_hidden()
    assert program.at_home() == set()


def test_after_a_kill_the_page_says_so_and_the_next_run_goes_on_with_the_ticks(
    start_program: Start, page: Page
) -> None:
    program = start_program()
    page.goto(program.url)
    click(page, 3)
    expect(page.locator("[data-number='1'] .row-state")).to_contain_text("1 to keep")
    program.kill()
    expect(page.get_by_role("heading", name="The program does not answer")).to_be_visible()
    assert program.at_home() == set()
    program.start("--port", program.port)
    expect(page.get_by_role("heading", name="This page belongs to another run")).to_be_visible()
    page.goto(program.url)
    expect(card(page, 3)).to_have_attribute("data-state", "keep")
    finish_by_mouse(page)
    expect(title(page)).to_have_text("Group 2")
    assert len(program.at_home()) == 1


def test_a_question_that_is_never_answered_is_asked_again(start_program: Start, page: Page) -> None:
    page.route("**/api/session*", lambda _route: None)
    page.goto(start_program().url)
    expect(page.get_by_role("heading", name="The program does not answer")).to_be_visible(
        timeout=40_000
    )
    page.unroute("**/api/session*")
    expect(title(page)).to_have_text("Group 1")


def test_every_key_does_what_the_help_says(start_program: Start, page: Page) -> None:
    page.goto(start_program().url)
    expect(words(page)).to_contain_text("Suggested: 1 kept")
    for keys, result in [
        (["2"], "1 kept, 2 set aside"),
        (["ArrowRight", "Space"], "2 kept, 1 set aside"),
        (["d"], "1 kept, 2 set aside"),
        (["u"], "Nothing chosen yet"),
        (["a"], "3 kept"),
        (["x"], "2 kept"),
        (["p"], "3 kept"),
        (["f"], "1 kept, 2 set aside"),
        (["f"], "Suggested: 1 kept, 2 set aside"),
        (["s"], "1 kept, 2 set aside"),
    ]:
        for key in keys:
            page.keyboard.press(key)
        expect(words(page)).to_contain_text(result)
    for key, group in [("j", 2), ("ArrowDown", 3), ("k", 2), ("ArrowUp", 1)]:
        page.keyboard.press(key)
        expect(title(page)).to_have_text(f"Group {group}")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(sheet(page)).to_contain_text("Nothing is set aside")
    page.keyboard.press("Escape")
    expect(sheet(page)).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="How to review")).to_be_visible()


def test_after_a_click_on_a_button_enter_means_finish(start_program: Start, page: Page) -> None:
    page.goto(start_program().url)
    for button in ("Keep all", "Prefer folder backup"):
        page.get_by_role("button", name=button).click()
        expect(words(page)).to_contain_text("kept")
        page.keyboard.press("Enter")
        expect(sheet(page)).to_be_visible()
        page.keyboard.press("Escape")


def tab_to(page: Page, button: Locator) -> None:
    """Go on with Tab until the button has the focus."""
    expect(button).to_be_visible()
    for _ in range(20):
        if button.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the button cannot be reached with Tab")


def test_keyboard_only_from_start_to_end(start_program: Start, page: Page) -> None:
    program = start_program()
    page.goto(program.url)
    expect(title(page)).to_have_text("Group 1")
    settle_rest_by_keys(page)
    expect(page.get_by_role("heading", name="All groups are decided")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Yes, free"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Delete"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    assert program.wait() == 0
    assert len(program.at_home()) == 3


def test_a_held_down_enter_gives_the_first_confirmation_only(
    start_program: Start, page: Page
) -> None:
    program = start_program()
    page.goto(program.url)
    expect(title(page)).to_have_text("Group 1")
    page.keyboard.press("1")
    expect(words(page)).to_contain_text("1 kept")
    page.keyboard.down("Enter")
    expect(sheet(page)).to_be_visible()
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect(sheet(page)).to_be_visible()
    assert program.at_home() == set()


def test_prefer_folder_ticks_here_and_in_later_groups_and_can_be_switched_off(
    start_program: Start, page: Page
) -> None:
    page.goto(start_program().url)
    expect(title(page)).to_have_text("Group 1")
    backup = page.get_by_role("button", name=re.compile("older backup"))
    backup.click()
    expect(backup).to_have_attribute("aria-pressed", "true")
    expect(words(page)).to_contain_text("1 kept, 2 set aside")
    page.keyboard.press("j")
    expect(title(page)).to_have_text("Group 2")
    expect(words(page)).to_contain_text("1 kept, 1 set aside")
    expect(backup).to_have_attribute("aria-pressed", "true")
    backup.click()
    expect(words(page)).to_contain_text("Suggested: 1 kept")
    page.keyboard.press("j")
    expect(title(page)).to_have_text("Group 3")
    expect(words(page)).to_contain_text("Suggested: 1 kept")


def test_auto_finish_settles_with_a_double_click_when_one_file_is_chosen(
    start_program: Start, page: Page
) -> None:
    program = start_program()
    page.goto(program.url)
    expect(title(page)).to_have_text("Group 1")
    card(page, 1).locator(".picture").dblclick()
    expect(words(page)).to_have_text("Nothing chosen yet")
    page.get_by_role("switch").locator("xpath=..").click()
    expect(page.get_by_role("switch")).to_be_checked()
    card(page, 1).locator(".picture").dblclick()
    expect(page.locator("#toast")).to_contain_text("exactly one")
    click(page, 2)
    expect(words(page)).to_contain_text("1 kept")
    card(page, 2).locator(".picture").dblclick()
    expect(title(page)).to_have_text("Group 2")
    assert program.at_home() == {"phone/one.jpg"}
    expect(page.get_by_role("switch")).to_be_checked()


def test_keeping_nothing_of_identical_files_is_refused_in_words(
    start_program: Start, page: Page
) -> None:
    program = start_program()
    page.goto(program.url)
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("#toast")).to_contain_text("Choose at least one file to keep")
    expect(sheet(page)).to_be_hidden()
    assert program.at_home() == set()


def test_in_a_perceptual_mode_auto_finish_is_off_and_keeping_nothing_needs_an_extra_yes(
    start_program: Start, page: Page
) -> None:
    program = start_program({"a/x.jpg": 1, "b/x.jpg": 1}, "--mode", "phash")
    page.goto(program.url)
    expect(page.get_by_role("switch")).to_be_disabled()
    expect(page.locator("#auto-label")).to_contain_text("only for identical files")
    expect(card(page, 2)).to_contain_text("0 of 64 bits")
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("button", name="Finish").click()
    confirm = sheet(page).get_by_role("button", name="Set aside all 2 files")
    expect(confirm).to_be_disabled()
    page.keyboard.press("Enter")
    expect(sheet(page)).to_be_visible()
    sheet(page).get_by_role("checkbox").check()
    confirm.click()
    expect(page.get_by_role("heading", name="All groups are decided")).to_be_visible()
    assert program.at_home() == set()
    assert len(list(program.folder.rglob("*.jpg"))) == 2


def test_undo_from_the_toast_and_from_history_brings_the_files_home(
    start_program: Start, page: Page
) -> None:
    program = start_program()
    page.goto(program.url)
    click(page, 1)
    finish_by_mouse(page)
    page.locator("#toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#toast")).to_contain_text("Group 1 undone")
    assert program.at_home() == {"backup/one.jpg", "phone/one.jpg", "sent/one copy.jpg"}
    expect(title(page)).to_have_text("Group 2")
    click(page, 1)
    finish_by_mouse(page)
    expect(title(page)).to_have_text("Group 3")
    page.get_by_role("button", name="History").click()
    history = page.locator("#history")
    expect(history.locator("li")).to_have_count(2)
    history.get_by_role("button", name="Undo").click()
    expect(history.get_by_role("button", name="Undo")).to_have_count(0)
    assert len(program.at_home()) == 5


def test_control_z_undoes_the_group_finished_last(start_program: Start, page: Page) -> None:
    program = start_program()
    page.goto(program.url)
    click(page, 1)
    finish_by_mouse(page)
    expect(title(page)).to_have_text("Group 2")
    page.keyboard.press("Control+z")
    expect(page.locator("#toast")).to_contain_text("Group 1 undone")
    assert len(program.at_home()) == 3


def test_a_group_that_cannot_be_settled_stays_and_says_why(
    start_program: Start, page: Page
) -> None:
    program = start_program()
    page.goto(program.url)
    click(page, 1)
    expect(words(page)).to_contain_text("1 kept")
    staged = next(path for path in sorted(program.folder.glob("group_0001*/*.jpg")))
    staged.write_bytes(b"changed while nobody looked")
    finish_by_mouse(page)
    expect(page.locator("#heading .attention")).to_contain_text("could not be settled")
    expect(page.locator("[data-number='1'] .row-state")).to_have_text("Needs attention")
    assert program.at_home() == set()


def test_stop_for_now_leaves_everything_for_the_next_run(start_program: Start, page: Page) -> None:
    program = start_program()
    page.goto(program.url)
    click(page, 1)
    page.get_by_role("button", name="Stop for now").click()
    page.locator("#ask").get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("heading", name="Stopped for now")).to_be_visible()
    assert program.wait() == 1
    page.goto(program.start())
    expect(card(page, 1)).to_have_attribute("data-state", "keep")


def test_two_windows_see_the_same_choice(start_program: Start, context: BrowserContext) -> None:
    program = start_program()
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        page.goto(program.url)
        expect(title(page)).to_have_text("Group 1")
    click(one, 2)
    expect(card(two, 2)).to_have_attribute("data-state", "keep")
    finish_by_mouse(one)
    expect(title(two)).to_have_text("Group 2")


def test_a_hostile_name_is_text_and_nothing_else(start_program: Start, page: Page) -> None:
    name = "<img src=x onerror=document.title='owned'>.jpg"
    folder = "<script>alert(1)<\\script>"
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.goto(start_program({f"{folder}/{name}": 1, "b/\u202egpj.exe.jpg": 1}).url)
    expect(page.locator(".card h3").filter(has_text="<img src=x onerror=")).to_be_visible()
    expect(page.locator(".card h3").filter(has_text="\\u202egpj")).to_be_visible()
    expect(page.locator(".folder-button").filter(has_text="<script>")).to_be_visible()
    click(page, 1)
    page.get_by_role("button", name="Finish").click()
    expect(sheet(page)).to_contain_text("<img src=x onerror=")
    assert page.locator("img[src='x']").count() == 0
    assert dialogs == []
    assert "owned" not in page.title()


def test_pictures_come_as_thumbnails_with_facts(start_program: Start, page: Page) -> None:
    page.goto(start_program().url)
    picture = card(page, 1).locator("img")
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("image => image.naturalWidth") == 160
    expect(card(page, 1)).to_contain_text(re.compile("160 . 120"))
    expect(card(page, 1)).to_contain_text("JPEG")
    box = card(page, 1).get_by_role("checkbox")
    expect(box).to_have_accessible_name(re.compile("Keep one.jpg, from backup, 160 by 120 pixels"))


def test_a_file_that_is_no_picture_shows_that_there_is_no_preview(
    start_program: Start, page: Page, tmp_path: Any
) -> None:
    for name in ("a", "b"):
        path = tmp_path / "photos" / name / "notes.txt"
        path.parent.mkdir(parents=True)
        path.write_text("the same words")
    page.goto(start_program(None, "--include-all").url)
    expect(card(page, 1).locator(".no-preview")).to_be_visible()
    click(page, 1)
    expect(words(page)).to_contain_text("1 kept")


def test_the_resumed_state_of_the_first_version_is_shown(start_program: Start, page: Page) -> None:
    program = start_program({"a/x.jpg": 1, "b/x.jpg": 1})
    program.kill()
    [group] = program.folder.glob("group_*")
    names = sorted(path.name for path in group.glob("*.jpg"))
    (group / REVIEW_STATE).write_text(f'{{"keep": ["{names[1]}"], "auto_finish": true}}')
    page.goto(program.start())
    expect(card(page, 2)).to_have_attribute("data-state", "keep")
    expect(page.get_by_role("switch")).to_be_checked()


def test_without_the_token_the_page_says_where_to_find_it(start_program: Start, page: Page) -> None:
    program = start_program()
    page.goto(program.url.split("#")[0])
    expect(page.get_by_role("heading", name="This page belongs to another run")).to_be_visible()
    page.goto(program.url)
    expect(title(page)).to_have_text("Group 1")


def test_keys_can_be_switched_off(start_program: Start, page: Page) -> None:
    page.goto(start_program().url)
    expect(title(page)).to_have_text("Group 1")
    page.keyboard.press("?")
    page.get_by_role("checkbox", name="Use single keys as shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.keyboard.press("j")
    expect(title(page)).to_have_text("Group 1")
    expect(words(page)).to_contain_text("Suggested: 1 kept")


def test_a_new_photo_in_the_old_place_is_told_before_and_survives(
    start_program: Start, page: Page
) -> None:
    program = start_program()
    page.goto(program.url)
    newcomer = pictures.photo(program.root / "backup/one.jpg", seed=77)
    click(page, 1)
    page.get_by_role("button", name="Finish").click()
    expect(sheet(page)).to_contain_text("the old name is taken")
    sheet(page).get_by_role("button", name="Set aside 2 files").click()
    expect(title(page)).to_have_text("Group 2")
    assert "backup/one.jpg" in program.at_home()
    assert len(program.at_home()) == 2
    assert newcomer


def test_what_an_earlier_run_has_settled_is_in_the_history_and_comes_back(
    start_program: Start, page: Page
) -> None:
    program = start_program()
    page.goto(program.url)
    click(page, 2)
    finish_by_mouse(page)
    expect(title(page)).to_have_text("Group 2")
    assert program.at_home() == {"phone/one.jpg"}
    program.kill()
    page.goto(program.start())
    page.locator("[data-action=history]").click()
    history = page.locator("#history")
    expect(history.get_by_role("heading", name="Earlier runs")).to_be_visible()
    expect(history.locator(".many")).to_contain_text("1 group2 files still set aside")
    history.get_by_text("The 1 group").click()
    history.get_by_text("Where its files are").click()
    expect(history.locator(".whereabouts li")).to_have_count(3)
    expect(history.locator(".whereabouts")).to_contain_text("phone/one.jpg: home again")
    expect(history.locator(".whereabouts")).to_contain_text("backup/one.jpg: set aside as ")
    history.get_by_role("button", name="Undo all").click()
    expect(page.locator("#bulk-title")).to_have_text("Undone: 1 group")
    assert program.at_home() == {"phone/one.jpg", "backup/one.jpg", "sent/one copy.jpg"}
