"""Real shells complete what is typed after `sil`; the manual page is that of the parser."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import man_page
from program import sil
from same_image_locator.choices import SHELLS
from same_image_locator.completion import script
from same_image_locator.options import VERBS, build_parser

PAGE = Path(__file__).parents[2] / "docs/man/sil.1"
PATIENCE = 60

# What is typed, the last word unfinished, and what of it must be offered and must not.
TYPED: list[tuple[str, set[str], set[str]]] = [
    ("sil re", {"review", "recover", "reports"}, {"scan", "report.txt"}),
    ("sil Pic", {"Pictures"}, set()),
    ("sil --mo", {"--mode"}, {"--host"}),
    ("sil --mode ", {"exact", "ahash", "phash", "similar"}, {"Pictures"}),
    ("sil Pictures --mode si", {"similar"}, {"exact"}),
    ("sil --rejects ", {"quarantine", "trash", "delete"}, set()),
    ("sil --decision-folder re", {"reports"}, {"report.txt", "review"}),
    ("sil undo --g", {"--group"}, {"--mode"}),
    ("sil scan --json re", {"reports", "report.txt"}, {"review"}),
    ("sil config ", {"show", "path"}, {"scan"}),
    ("sil completion ", {*SHELLS}, set()),
    ("sil status --mo", set(), {"--mode"}),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two others in it, and a file whose name begins as a verb does."""
    (tmp_path / "here/Pictures").mkdir(parents=True)
    (tmp_path / "here/reports").mkdir()
    (tmp_path / "here/report.txt").touch()
    for shell in SHELLS:
        (tmp_path / f"sil.{shell}").write_text(script(shell))
    return tmp_path / "here"


def offered_by_bash(line: str, folder: Path) -> set[str]:
    words = line.split(" ")
    asking = (
        "source ../sil.bash\n"
        f"COMP_WORDS=({' '.join(map(repr, words))}) COMP_CWORD={len(words) - 1}\n"
        "_shtab_sil\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    return _answer(["bash", "--norc", "-c", asking], folder)


def offered_by_fish(line: str, folder: Path) -> set[str]:
    asking = f"source ../sil.fish; complete -C '{line}'"
    return _answer(["fish", "--no-config", "-c", asking], folder)


def _answer(command: list[str], folder: Path) -> set[str]:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return {line.split("\t")[0].rstrip("/\\") for line in done.stdout.splitlines() if line}


@pytest.mark.parametrize(
    ("shell", "offered"), [("bash", offered_by_bash), ("fish", offered_by_fish)]
)
def test_a_shell_offers_verbs_folders_options_and_their_values(
    folder: Path, shell: str, offered: Callable[[str, Path], set[str]]
) -> None:
    _needs(shell)
    for line, present, absent in TYPED:
        found = offered(line, folder)
        assert present <= found, line
        assert not absent & found, line


def test_zsh_completes_what_is_typed(folder: Path) -> None:
    """What it shows it draws on a terminal; so one is typed into, and what it made of it told."""
    _needs("zsh")
    typed = {
        "sil stat\t": "status",
        "sil Pic\t": "Pictures",
        "sil --thr\t9": "--threshold 9",
        "sil --mode sim\t": "--mode similar",
        "sil ./Pic\t --no-op\t": "./Pictures --no-open",
        "sil --strict Pic\t --no-op\t": "--strict Pictures --no-open",
        "sil undo --gr\t1": "undo --group 1",
        "sil conf\tpa\t": "config path",
        "sil scan rep\t": "scan reports",
        "sil completion power\t": "completion powershell",
    }
    setup = (
        "PS1= RPS1=; autoload -Uz compinit; compinit -u -D; "
        'eval "$(<../sil.zsh)"; sil() { print -r -- "<$*>" }; print ready\n'
    )
    told = _typed_into(["zsh", "-f", "-i"], folder, setup, list(typed))
    assert [words.strip() for words in told] == list(typed.values())


def _typed_into(command: list[str], folder: Path, setup: str, lines: list[str]) -> list[str]:
    """Return what the shell has made of each line, as a program of its own tells it."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        os.execvpe(command[0], command, {**os.environ, "TERM": "dumb", "HOME": str(folder)})
    try:
        _read_until(terminal, rb"\nready", setup)
        return [
            _read_until(terminal, rb"\n<([^>\n]*)>", f"{line}\r").decode().strip() for line in lines
        ]
    finally:
        os.close(terminal)
        os.waitpid(process, 0)


def _read_until(terminal: int, pattern: bytes, typed: str) -> bytes:
    os.write(terminal, typed.encode())
    read, end = b"", time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            read += os.read(terminal, 4096)
            if found := re.search(pattern, read):
                return found[found.re.groups]
    raise AssertionError(read.decode(errors="replace"))


def test_powershell_offers_verbs_folders_and_options(folder: Path) -> None:
    _needs("pwsh")
    for line, present, absent in TYPED:
        asking = (
            ". ../sil.powershell; "
            f"(TabExpansion2 '{line}' {len(line)}).CompletionMatches.CompletionText"
        )
        found = _answer(["pwsh", "-NoProfile", "-Command", asking], folder)
        assert present <= found, line
        assert not absent & found, line


def _needs(shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed, so that its completions are not tried")


def test_the_verb_prints_the_script_of_each_shell() -> None:
    done = sil("completion", "fish")
    assert (done.returncode, done.stdout) == (0, script("fish"))
    refused = sil("completion", "tcsh")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    for shell in SHELLS:
        text = script(shell)
        assert all(verb in text for verb in VERBS), shell
        assert "--threshold" in text or "-l threshold" in text


def test_the_manual_page_is_that_of_the_parser() -> None:
    assert PAGE.read_text(encoding="utf-8") == man_page.text(), "make man writes it anew"


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_every_option_is_in_the_manual_page(verb: str) -> None:
    text = PAGE.read_text(encoding="utf-8").replace("\\-", "-").replace("\\", "")
    own = text.partition("\n.SH OPTIONS")[2].partition("\n.SH")[0]
    if verb:
        own = text.partition(f"\n.SS fBsil {verb}fR")[2].partition("\n.S")[0]
    for action in build_parser(verb)._actions:
        for name in action.option_strings:
            hidden = action.help == "==SUPPRESS==" or name in {"-h", "--help"}
            assert hidden or f"fB{name}fR" in own, f"sil {verb}: {name}"
