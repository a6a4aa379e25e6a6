"""The words of the page as they stand in its code: what a language's file has to know."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from importlib import resources

STATIC = resources.files("same_image_locator.web_review") / "static"
_TAG = re.compile(r"(?<![\w$])t`")
_PLURAL = re.compile(r'plural\((?:[^()"`]|\([^()]*\))+, ?"([^"]+)"(?:, ?"([^"]+)")?\)')
_TOLD = ("aria-label", "title", "placeholder")
_NAMES = {"Same Image Locator", "Enter"}  # of the program itself; on a key, in the code besides


def scripts() -> dict[str, str]:
    """Return the page's modules by their names."""
    files = (STATIC / "js").iterdir()
    return {file.name: file.read_text() for file in files if file.name.endswith(".js")}


def keys() -> set[str]:
    """Return what stands in the page and in its code: "{0} kept" with a value, "file | files"."""
    return _in_the_page() | in_code(scripts().values())


def in_code(texts: Iterable[str]) -> set[str]:
    """Return what stands in these scripts."""
    found = set[str]()
    for text in texts:
        found |= {_template(text, match.end()) for match in _TAG.finditer(text)}
        found |= {f"{one} | {many or one + 's'}" for one, many in _PLURAL.findall(text)}
    return found


def _template(text: str, at: int) -> str:
    """Return the template literal that begins here, each value replaced by its place."""
    words, values = "", 0
    while text[at] != "`":
        if text.startswith("${", at):
            at = _after_value(text, at + 2)
            words += f"{{{values}}}"
            values += 1
        else:
            words += text[at]
            at += 1
    return words


def _after_value(text: str, at: int) -> int:
    depth = 1
    while depth:
        if text[at] == "`":
            at += 1
            while text[at] != "`":
                at = _after_value(text, at + 2) if text.startswith("${", at) else at + 1
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.found |= {value for name, value in attrs if name in _TOLD and value}

    def handle_data(self, data: str) -> None:
        if data.strip() and self._inside not in {"title", "noscript"}:
            self.found.add(data.strip())


def _in_the_page() -> set[str]:
    reader = _Words()
    reader.feed((STATIC / "index.html").read_text())
    return reader.found - _NAMES
