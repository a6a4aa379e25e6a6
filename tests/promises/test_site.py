"""The documentation is whole: each page in the menu, small pictures, messages that exist."""

import argparse
import ast
import os
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from same_image_locator.errors import ExitCode
from same_image_locator.options import VERBS, build_parser

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
IMAGES = sorted((DOCS / "images").iterdir())
TROUBLE = (DOCS / "how-to/troubleshooting.md").read_text(encoding="utf-8")
QUADRANTS = {"how-to", "reference", "explanation"}

config = pytest.importorskip("mkdocs.config")


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    """Return what MkDocs calls while it builds."""
    spec = spec_from_file_location("pages", DOCS / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def menu(pages: ModuleType) -> list[str]:
    """Return the pages of the menu, in their order."""
    loaded = pages.on_config(config.load_config(str(ROOT / "mkdocs.yml")))
    named: list[str] = []
    for section in loaded.nav:
        [held] = section.values()
        named += [held] if isinstance(held, str) else held
    return named


def test_each_page_is_in_the_menu_once(menu: list[str], pages: ModuleType) -> None:
    there = [path.relative_to(DOCS).as_posix() for path in PAGES]
    assert sorted(menu) == sorted([*there, pages.HELP])


def test_the_pages_lie_in_the_four_quadrants() -> None:
    for path in PAGES:
        folder = path.relative_to(DOCS).parent.as_posix()
        assert folder in QUADRANTS or path.name in {"index.md", "tutorial.md"}, path


def test_the_page_of_the_help_is_what_the_program_says(
    pages: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())  # it sets how wide the help is
    page = pages.help_page()
    for verb in ("", *VERBS):
        told = page.partition(f"## `{f'sil {verb}'.strip()}`")[2].partition("\n## ")[0]
        shown = [one for one in build_parser(verb)._actions if one.help != argparse.SUPPRESS]
        for action in shown:
            for name in action.option_strings:
                assert re.search(rf"(?<![\w-]){name}(?![\w-])", told), (verb, name)


@pytest.mark.parametrize("image", IMAGES, ids=lambda path: path.name)
def test_a_picture_of_the_documentation_is_small_and_shown(image: Path) -> None:
    assert image.stat().st_size < 150_000
    with Image.open(image) as opened:
        assert opened.format == "PNG"
    shown = re.compile(rf"!\[[^\]]{{20,}}\]\([\w/.-]*images/{re.escape(image.name)}\)")
    assert any(shown.search(path.read_text(encoding="utf-8")) for path in PAGES)


def test_each_picture_that_is_shown_is_there() -> None:
    for path in (*PAGES, ROOT / "README.md"):
        for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).is_file(), f"{path.name}: {link}"


def test_every_exit_code_has_its_cure() -> None:
    for code in ExitCode:
        assert f"\n| {int(code)} | " in TROUBLE


def said() -> str:
    """Return all texts in the source, what is put into them left out."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.js")]
    for path in (ROOT / "src").rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        constants = [node.value for node in nodes if isinstance(node, ast.Constant)]
        texts += [text for text in constants if isinstance(text, str)]
    return "\n".join(texts).lower()


def test_the_messages_of_the_troubleshooting_are_ones_that_the_program_prints() -> None:
    program = said()
    messages = [
        message
        for row in re.findall(r"^\| (.*?) \|", TROUBLE, re.MULTILINE)
        for message in re.findall(r"\*([^*]+)\*", row)
    ]
    assert len(messages) > 40
    for message in messages:
        for part in filter(str.strip, message.split("…")):
            assert part.strip().lower() in program, message
