"""Many suggestions at once in the browser: looked at, asked twice, settled, undone as one."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Start = Callable[..., Any]

LIBRARY = {
    "phone/one.jpg": 1,
    "backup/one.jpg": 1,
    "sent/one copy.jpg": 1,
    "phone/lake.jpg": 2,
    "backup/lake.jpg": 2,
    "phone/city.jpg": 3,
    "backup/city.jpg": 3,
}


def test_what_is_in_view_is_accepted_after_two_questions_and_undone_as_one(
    start_program: Start, page: Page
) -> None:
    program = start_program(LIBRARY)
    page.goto(program.url)
    expect(page.locator("#queue-words")).to_have_text("3 groups to decide")
    only_what_is_in_view(page)
    what_a_person_has_chosen_is_left_to_them(page)
    the_second_question_can_be_answered_with_no(page)
    all_is_done_and_told(page)
    assert len(program.at_home()) == 2
    the_history_has_one_entry(page)
    expect(page.locator("#bulk-title")).to_have_text("Undone: 2 groups")
    assert len(program.at_home()) == 4
    page.keyboard.press("Escape")
    expect(page.locator("#group-title")).to_have_text("Group 1")
    expect(page.locator("#bar-words")).to_contain_text("1 kept")


def only_what_is_in_view(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("lake")
    expect(page.locator("#queue-words")).to_have_text("1 of 3 groups shown")
    page.get_by_role("button", name="Accept suggestions…").click()
    dialog = page.locator("#bulk")
    expect(dialog.locator("#bulk-sum")).to_contain_text("1 of 1 group in view: 1 file would")
    expect(dialog.locator("#bulk-title")).to_be_focused()
    expect(dialog.locator(".bulk-sample li")).to_contain_text("Keep phone/lake.jpg")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("#queue-words")).to_have_text("3 groups to decide")


def what_a_person_has_chosen_is_left_to_them(page: Page) -> None:
    page.locator(".row[data-number='1']").click()
    page.keyboard.press("d")
    expect(page.locator("#bar-words")).to_contain_text("1 kept")
    page.keyboard.press("b")
    dialog = page.locator("#bulk")
    expect(dialog.locator("#bulk-sum")).to_contain_text("2 of 3 groups in view: 2 files would")
    expect(dialog.locator(".bulk-left")).to_have_text("1 you have chosen here yourself")
    both = dialog.get_by_role("radio", name=re.compile("Identical and clear"))
    both.check()
    expect(dialog.locator("#bulk-sum")).to_contain_text("2 of 3 groups in view")
    expect(both).to_be_focused()


def the_second_question_can_be_answered_with_no(page: Page) -> None:
    dialog, title = page.locator("#bulk"), page.locator("#bulk-title")
    dialog.get_by_role("button", name="Accept 2 suggestions…").click()
    expect(title).to_have_text(re.compile(r"Set aside 2 files \(.+\) of 2 groups\?"))
    expect(dialog).to_contain_text("They go to")
    expect(dialog.locator(".path")).to_contain_text("decisions")
    page.keyboard.press("Escape")
    expect(title).to_have_text("Accept suggestions")
    expect(dialog.locator("#bulk-sum")).to_be_visible()


def all_is_done_and_told(page: Page) -> None:
    dialog = page.locator("#bulk")
    dialog.get_by_role("button", name="Accept 2 suggestions…").click()
    dialog.get_by_role("button", name="Set aside 2 files").click()
    expect(page.locator("#bulk-title")).to_have_text("Accepted 2 suggestions")
    expect(dialog).to_contain_text("2 files set aside")
    dialog.get_by_role("button", name="Done").click()
    expect(page.locator("#queue-words")).to_have_text("1 group to decide")


def the_history_has_one_entry(page: Page) -> None:
    page.get_by_role("button", name="History").click()
    history = page.locator("#history")
    expect(history.locator(".history > li")).to_have_count(1)
    expect(history).to_contain_text("Accepted 2 suggestions")
    history.locator("summary").click()
    expect(history.get_by_role("button", name="Undo", exact=True)).to_have_count(2)
    history.get_by_role("button", name="Undo all").click()


def test_a_folder_is_cleared_of_what_another_one_has_and_that_is_undone_as_one(
    start_program: Start, page: Page
) -> None:
    program = start_program(LIBRARY)
    page.goto(program.url)
    expect(page.locator("#queue-words")).to_have_text("3 groups to decide")
    page.keyboard.press("m")
    line = page.locator(".overlaps li").filter(has_text=re.compile("of phone also lie in backup"))
    expect(line).to_contain_text("All 3 files")
    line.get_by_role("button", name="Keep those in backup…").click()
    dialog, title = page.locator("#bulk"), page.locator("#bulk-title")
    expect(title).to_have_text("Keep what lies in backup, clear phone")
    expect(dialog.locator("#bulk-sum")).to_contain_text("2 of 3 groups in both folders: 2 files")
    expect(dialog.locator(".bulk-left")).to_have_text("1 lies in a third folder, too")
    dialog.get_by_role("button", name="Settle 2 groups…").click()
    dialog.get_by_role("button", name="Set aside 2 files").click()
    expect(title).to_have_text("Settled 2 groups: kept what lies in backup, cleared phone")
    assert program.at_home() == {"backup/lake.jpg", "backup/city.jpg"}
    dialog.get_by_role("button", name="Undo all").click()
    expect(title).to_have_text("Undone: 2 groups")
    assert len(program.at_home()) == 4
