"""The page in another language: all of it, also from right to left, and what the program says."""

import errno
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import page_words
import program_words
from browser.walking import library, walk
from same_image_locator.wording import disk_trouble

pytestmark = pytest.mark.browser

Start = Callable[..., Any]

ACCENTED = str.maketrans("aeiouyAEIOUYcnszCNSZ", "áéíóúýÁÉÍÓÚÝćñšžĆÑŠŽ")
SOON = 20_000  # milliseconds that a worker may take on a busy computer

# What can be read or heard, names, keys and units aside, and is in no translated text.
UNTRANSLATED = """() => {
  const bare = (text) => {
    for (let now = text; ; text = now) {
      now = text.replace(/⟦[^⟦⟧]*⟧/g, "");
      if (now === text) return now.replace(/[\\w/]*\\.jpg|\\b(JPEG|[kM]B|MP|s)\\b/g, "");
    }
  };
  const told = (node) => node.nodeType === Node.TEXT_NODE ? [node.data]
    : ["aria-label", "title", "placeholder", "alt"].map((name) => node.getAttribute(name) ?? "");
  const found = [];
  const kinds = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;
  const nodes = document.createTreeWalker(document.body, kinds);
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (element.closest("bdi, kbd, h1, noscript, [lang]:not(html)")) continue;
    found.push(...told(node).filter((text) => /[A-Za-z]{2}/.test(bare(text))));
  }
  return found;
}"""
# What makes the page scroll sideways: only what may scroll by itself can be wider than the window.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? []
  : [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().left < 0 && !one.closest(".sideways"))
    .map((one) => one.outerHTML.slice(0, 90))"""
SAID = """async (texts) => {
  const { said } = await import("/static/js/opening.js");
  return texts.map(said);
}"""


def pseudo(english: str) -> str:
    """Return a text half as long again, marked at both ends, its values as they were."""
    if " | " in english:
        return " | ".join(map(pseudo, english.split(" | ")))
    words = "".join(
        part if part.startswith("{") else part.translate(ACCENTED)
        for part in re.split(r"(\{\d\})", english.strip())
    )
    longer = f"⟦{words}{'~' * (len(words) // 2)}⟧"
    return english.replace(english.strip(), longer) if english.strip() else english


@pytest.fixture
def german(browser: Browser) -> Iterator[Page]:
    """A narrow window of a browser that asks for German."""
    context = browser.new_context(locale="de-AT", viewport={"width": 320, "height": 700})
    context.set_default_timeout(SOON)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert errors == []


def test_every_word_is_translated_and_all_fits_from_right_to_left(
    start_program: Start, tmp_path: Path, german: Page
) -> None:
    page = german
    library(tmp_path / "photos")
    read = json.loads((page_words.STATIC / "languages/de.json").read_text())
    read["direction"] = "rtl"
    for part in ("texts", "phrases"):
        read[part] = {english: pseudo(english) for english in read[part]}
    page.route("**/static/languages/de.json", lambda route: route.fulfill(json=read))
    page.goto(start_program(None, "--mode", "similar").url)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    for there in walk(page):
        assert page.evaluate(UNTRANSLATED) == [], there
        assert page.evaluate(TOO_WIDE) == [], there


def test_german_is_spoken_where_the_browser_asks_for_it_until_another_is_chosen(
    start_program: Start, tmp_path: Path, german: Page
) -> None:
    page = german
    library(tmp_path / "photos")
    page.goto(start_program(None, "--mode", "similar").url)
    expect(page.locator("#group-title")).to_have_text("Gruppe 1")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#progress-words")).to_have_text("0 von 2 Gruppen entschieden")
    expect(page.locator(".suggests")).to_contain_text("Qualität 90 gegen 60")
    told = [*program_words.reasons(), *program_words.changes(), *program_words.refusals()]
    told += program_words.troubles()
    said = page.evaluate(SAID, told)
    assert [one for one, other in zip(told, said, strict=True) if one == other] == ["GPS"]
    whole = {
        "/a.jpg is no longer there; /b.jpg cannot be read: Input/output error": (
            "/a.jpg ist nicht mehr da; /b.jpg lässt sich nicht lesen: "
            "Fehler beim Lesen oder Schreiben"
        ),
        disk_trouble(OSError(errno.ESTALE, "Stale file handle", "/nas")): (
            "das Netzlaufwerk kennt die Datei nicht mehr: /nas. Der Lauf musste anhalten; kein "
            "Foto ist verloren, und der nächste Start macht von hier aus weiter"
        ),
        "/a.jpg is taken by another file": "/a.jpg ist von einer anderen Datei belegt",
        "XMP file": "eine XMP-Datei",
    }
    assert page.evaluate(SAID, [*whole]) == [*whole.values()], "no phrase takes another's place"
    page.keyboard.press("?")
    page.locator("#language").select_option("en")
    expect(page.locator("#group-title")).to_have_text("Group 1")
    page.reload()
    expect(page.locator("#group-title")).to_have_text("Group 1")
