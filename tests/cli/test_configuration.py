"""Options from files: which place wins, what is refused, and what `sil config` tells of it."""

import argparse
import itertools
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import pictures
from program import sil
from same_image_locator.config_care import look_after
from same_image_locator.config_files import SAFE, user_file
from same_image_locator.configuration import configured
from same_image_locator.errors import UsageError
from same_image_locator.option_layers import NAMES
from same_image_locator.options import build_parser

PAGE = Path(__file__).parents[2] / "docs/reference/configuration.md"
LAYERS = ("user file", "ROOT file", ".env", "environment", "command line")
BAD: dict[str, tuple[str, int, str]] = {
    "unknown": ("\ntreshold = 3", 2, "treshold is no option. Did you mean threshold?"),
    "hyphen": ("include-all = true", 1, "Did you mean include_all?"),
    "strange": ("zzzz = 1", 1, "zzzz is no option. docs/reference/configuration.md lists them"),
    "table": ("mode = 'exact'\n[threshold]\nx = 1", 2, "must be a whole number, not a table"),
    "word": ("threshold = '3'", 1, "threshold must be a whole number, not a string"),
    "truth": ("threshold = true", 1, "threshold must be a whole number, not true or false"),
    "flag": ("strict = 1", 1, "strict must be true or false, not a whole number"),
    "list": ("keep = 'age'", 1, "keep must be a list of strings, not a string"),
    "parts": ("keep = ['age', 1]", 1, "keep must be a list of strings, not a list"),
    "range": ("threshold = 99", 1, "'99' is not a whole number from 0 to 64"),
    "choice": ("\n\nmode = 'magic'", 3, "mode: invalid choice: 'magic' (choose from 'exact'"),
    "rule": ("keep = ['age', 'luck']", 1, "the rule 'luck' is none of"),
    "both": ("strict = true\nloose = true", 2, "loose is set together with strict"),
    "broken": ("mode = 'exact'\nthreshold = ", 2, "invalid value"),
    "torn": ("keep = ['age',\n", 2, "invalid value"),
    "twice": ("threshold = 1\nthreshold = 2", 2, "cannot overwrite a value"),
}


def config(where: Path, text: str) -> Path:
    """Write a configuration file and return it."""
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text(text, encoding="utf-8")
    return where


def own(text: str) -> Path:
    """Write the user's own file."""
    return config(Path(user_file()), text)


def options(verb: str, *words: str | Path) -> dict[str, Any]:
    return vars(configured(build_parser(verb), [*map(str, words)], build_parser).options)


def shown(capsys: pytest.CaptureFixture[str], *words: str | Path) -> dict[str, Any]:
    """Return what `sil config show --json` tells of the options."""
    words = ("show", *words, "--json")
    look_after(configured(build_parser("config"), [*map(str, words)], build_parser))
    told: dict[str, Any] = json.loads(capsys.readouterr().out)["options"]
    return told


def test_the_weightiest_place_wins_and_show_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for count in range(len(LAYERS) + 1):
        for layers in itertools.combinations(LAYERS, count):
            said = {layer: 10 + LAYERS.index(layer) for layer in layers}
            check_who_wins(said, tmp_path, monkeypatch, capsys)


def check_who_wins(
    said: Mapping[str, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Let each of these places say another threshold."""
    root = tmp_path / "root"
    places = {"user file": Path(user_file()), "ROOT file": root / ".sil.toml", ".env": Path(".env")}
    for layer, path in places.items():
        path.unlink(missing_ok=True)
        path.parent.mkdir(exist_ok=True)
        if layer in said:
            name = "SIL_THRESHOLD" if layer == ".env" else "threshold"
            path.write_text(f"{name} = {said[layer]}\n")
    monkeypatch.delenv("SIL_THRESHOLD", raising=False)
    if "environment" in said:
        monkeypatch.setenv("SIL_THRESHOLD", str(said["environment"]))
    words = ["--threshold", str(said["command line"])] if "command line" in said else []

    won = next((layer for layer in reversed(LAYERS) if layer in said), "default")
    wheres = {layer: str(path.resolve()) for layer, path in places.items()}
    told = shown(capsys, root, *words)["threshold"]
    assert told == {
        "value": said.get(won, 5),
        "origin": won,
        "where": {**wheres, "environment": "SIL_THRESHOLD"}.get(won, ""),
    }
    assert options("scan", root, *words)["threshold"] == said.get(won, 5)


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("of", ["user", "root"])
def test_a_bad_file_is_refused_with_its_name_its_line_and_what_is_expected(
    tmp_path: Path, case: str, of: str
) -> None:
    text, line, message = BAD[case]
    path = own(text) if of == "user" else config(tmp_path / ".sil.toml", text)
    for verb in ("scan", "undo"):
        with pytest.raises(UsageError) as refused:
            options(verb, tmp_path)
        assert str(refused.value).startswith(f"{path}, line {line}: ")
        assert message in str(refused.value)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", sorted(NAMES - SAFE))
def test_what_comes_with_photos_may_only_say_how_to_look(tmp_path: Path, name: str) -> None:
    path = config(tmp_path / ".sil.toml", f"threshold = 3\n {name} = 'anything'\n")
    with pytest.raises(UsageError) as refused:
        options("", tmp_path)
    told = f"{path}, line 2: {name} cannot be set in the folder of the photos"
    assert str(refused.value).startswith(told)


def test_the_refusal_is_one_line_and_nothing_is_begun(tmp_path: Path) -> None:
    pictures.photo(tmp_path / "photos/a.jpg", 1)
    pictures.photo(tmp_path / "photos/b.jpg", 1)
    config(tmp_path / "photos/.sil.toml", 'host = "0.0.0.0"\nallow_remote = true\n')
    done = sil(tmp_path / "photos", "--no-page", cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines()), done.stdout) == (2, 1, "")
    assert ".sil.toml, line 1: host cannot be set" in done.stderr
    assert not (tmp_path / "_DECISION_DUPES").exists()


def test_a_file_that_cannot_be_one_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    path = tmp_path / ".sil.toml"
    os.mkfifo(path)
    with pytest.raises(UsageError, match="is no regular file"):
        options("scan", tmp_path)
    path.unlink()
    path.write_bytes(b"# a comment\n\xff")
    with pytest.raises(UsageError, match="line 2: it is not written in UTF-8"):
        options("scan", tmp_path)
    for text in ("x = " + "[" * 100_000, "x = " + "9" * 10_000, "#" * 2_000_000):
        path.write_text(text)
        with pytest.raises(UsageError, match="configuration file"):
            options("scan", tmp_path)


def test_real_runs_take_the_files_and_a_broken_one_still_lets_help_and_path_through(
    tmp_path: Path,
) -> None:
    pictures.photo(tmp_path / "photos/a.jpg", 1)
    pictures.photo(tmp_path / "photos/c.jpg", 1, quality=60)
    path = own('mode = "ahash"\nthreshold = 9\n')
    config(tmp_path / "photos/.sil.toml", "threshold = 7\n")
    report = json.loads(sil("scan", tmp_path / "photos", "--json", "-").stdout)
    assert (report["mode"], report["threshold"], len(report["groups"])) == ("ahash", 7, 1)
    text = sil("config", "show", tmp_path / "photos", "--mode", "phash").stdout
    assert f"{'threshold = 7':40}  # {tmp_path}/photos/.sil.toml\n" in text
    words = 'mode = "phash"'
    assert f"{words:40}  # command line\n" in text
    assert "\n# auto " in text

    path.write_text("mode = ")
    assert sil("--help").returncode == 0
    told = sil("config", "path", tmp_path / "photos")
    assert (told.returncode, told.stdout.splitlines()) == (
        0,
        [f"user file   {path}", f"ROOT file   {tmp_path}/photos/.sil.toml"],
    )
    assert sil("config", "show").returncode == 2
    listed = json.loads(sil("config", "path", "--json").stdout)["files"]
    assert listed[1] == {"kind": "ROOT file", "path": None, "exists": False}


def test_what_show_tells_is_a_configuration_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["show", str(tmp_path / 'a "b'), "--keep", "age,path", "--no-verify"]
    look_after(configured(build_parser("config"), words, build_parser))
    own(capsys.readouterr().out)
    found = options("")
    assert (found["root"], found["keep"]) == ([str(tmp_path / 'a "b')], ("age", "path"))
    assert (found["verify"], found["port"], found["auto"]) == (False, 5173, None)


def test_strict_in_one_place_takes_loose_in_a_lighter_one_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def both(*words: str) -> tuple[bool, bool]:
        found = options("scan", tmp_path, *words)
        return found["strict"], found["loose"]

    own("loose = true\n")
    assert both() == (False, True)
    config(tmp_path / ".sil.toml", "strict = true\n")
    assert both() == (True, False)
    monkeypatch.setenv("SIL_STRICT", "0")
    assert both() == (False, False), "what was taken back does not come again"
    monkeypatch.setenv("SIL_LOOSE", "1")
    assert both("--strict") == (True, False)


def test_the_users_file_may_name_the_root_but_not_the_demos_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    own('root = "~/photos"\nallowed_host = ["a.local", "b.local"]\n')
    config(tmp_path / "photos/.sil.toml", "threshold = 3\n")
    found = options("", "--allowed-host", "c.local")
    assert (found["root"], found["threshold"]) == ([str(tmp_path / "photos")], 3)
    assert found["allowed_host"] == ["a.local", "b.local", "c.local"]
    assert options("demo")["folder"] == "sample-photos"


def test_the_page_lists_every_option_with_its_type_and_whether_the_root_may_set_it() -> None:
    rows = [
        line.split("|")[1:4]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    listed = {
        name.strip(" `"): (kind.strip(), safe.strip())
        for names, kind, safe in (row for row in rows if len(row) == 3)
        for name in names.split(",")
    }
    for action in build_parser()._actions:
        if action.dest in NAMES:
            assert listed[action.dest] == (_kind(action), "yes" if action.dest in SAFE else "")


def _kind(action: argparse.Action) -> str:
    from same_image_locator.option_layers import expected

    return expected(action)
