"""The pages say all that the program can, and only what is so."""

import argparse
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from same_image_locator import choices
from same_image_locator.errors import ExitCode
from same_image_locator.journal.records import Operation
from same_image_locator.model import MODES, Disposal, Mode
from same_image_locator.options import VERBS, build_parser
from same_image_locator.plans import ActKind
from same_image_locator.scan import IMG_EXTS

ROOT = Path(__file__).parents[2]
COMMAND_LINE = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
FILES = (ROOT / "docs/reference/files.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
# What stands before our own command in a line of another program are its options, not ours.
ANOTHERS = re.compile(
    r"\b(?:docker compose|journalctl|systemctl) [^`\n]*?(?= sil |`|$)", re.MULTILINE
)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def options_of(verb: str) -> set[str]:
    return {
        name
        for action in build_parser(verb)._actions
        for name in action.option_strings
        if name.startswith("--")
    }


def section(verb: str) -> str:
    """Return the part of the page on one verb."""
    found = re.search(rf"### `sil {verb}\b.*?(?=\n#|\nIn `review`)", COMMAND_LINE, re.DOTALL)
    assert found, f"{verb} has no section"
    return found[0]


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_of_a_verb_is_in_its_section(verb: str) -> None:
    missing = options_of(verb) - {"--help", "--open", "--no-include-all"}
    missing -= set(OPTION.findall(section(verb)))
    assert not missing


def test_every_option_of_the_main_job_is_documented() -> None:
    main = COMMAND_LINE.partition("## Verbs")[0]
    assert options_of("") <= set(OPTION.findall(main))


def test_the_pages_name_no_option_that_does_not_exist() -> None:
    real = set.union(*(options_of(verb) for verb in ("", *VERBS)))
    for page in (ROOT / "README.md", *ROOT.glob("docs/**/*.md")):
        text = page.read_text(encoding="utf-8")
        ours = "\n".join(line for line in text.splitlines() if ".venv/bin/ruff" not in line)
        assert set(OPTION.findall(ANOTHERS.sub("", ours))) <= real, page.name


def test_every_default_stands_in_the_page_as_the_parser_has_it() -> None:
    for action in build_parser()._actions:
        if isinstance(action.default, (int, str)) and not isinstance(action.default, bool):
            if action.default == argparse.SUPPRESS:
                continue
            [row] = [
                line
                for line in COMMAND_LINE.splitlines()
                if line.startswith(f"| `{action.option_strings[0]}")
            ]
            assert f"`{action.default}`" in row.rsplit("|", 2)[1], action.dest


def test_every_mode_exit_code_and_extension_is_documented() -> None:
    for mode in MODES:
        assert f"| `{mode}` |" in COMMAND_LINE
        assert f"| `{mode}`" in README
    for code in ExitCode:
        assert f"\n| {int(code)} | " in COMMAND_LINE
    words = set(re.findall(r"\w+", COMMAND_LINE))
    assert {extension.lstrip(".") for extension in IMG_EXTS} <= words


def test_every_variable_of_the_environment_is_documented() -> None:
    for action in build_parser()._actions:
        if action.dest not in {"help", "version"}:
            assert f"`SIL_{action.dest.upper()}`" in COMMAND_LINE
    assert "`SIL_CACHE_DIR`" in COMMAND_LINE


def test_every_record_and_act_of_the_journal_is_documented() -> None:
    for name in (*get_args(Operation), *(kind.value for kind in ActKind)):
        assert f"`{name}`" in FILES, name


def test_the_commands_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in re.findall(
            r"(?:^|`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE
        ):
            told = f"{page.name}: make {target}"
            if target.startswith("bench-"):
                module = target.removeprefix("bench-")
                assert (ROOT / "bench" / f"{module}.py").exists(), told
            else:
                assert re.search(rf"^{target}:", makefile, re.MULTILINE), told
    for verb in re.findall(r"^sil ([a-z]+) ", README, re.MULTILINE):
        assert verb in VERBS
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"sil", "same-image-locator"} == set(scripts["scripts"])
    assert (ROOT / "find_dupe_images.py").exists()


def test_there_are_as_many_attacks_as_the_pages_say() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [where] = re.findall(r"^ATTACKS := (.+)$", makefile, re.MULTILINE)
    listing = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    listed = subprocess.run(
        [*listing, *where.split()], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for page, pattern in (
        ("docs/explanation/safety.md", r"more than (\d+) cases"),
        ("README.md", r"(\d+) attacks on the page"),
        ("CHANGELOG.md", r"against (\d+) attacks"),
    ):
        [said] = re.findall(pattern, (ROOT / page).read_text(encoding="utf-8"))
        assert listed.count("::test_") >= int(said), page
    [in_chromium] = re.findall(
        r"(\d+) of them in a real Chromium",
        (ROOT / "docs/explanation/safety.md").read_text(encoding="utf-8"),
    )
    assert listed.count("tests/browser/") >= int(in_chromium)


def test_the_readme_is_short_and_every_link_leads_somewhere() -> None:
    assert len(README.splitlines()) < 120
    for page in PAGES:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            if not link.endswith(".png"):
                assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_words_of_the_command_line_are_those_of_the_types() -> None:
    assert get_args(Mode) == choices.MODES
    assert get_args(Disposal) == choices.DISPOSALS
