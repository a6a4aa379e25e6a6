"""The source keeps its own rules: small modules that say their duty, one list of dependencies."""

import ast
import re
import shutil
import subprocess
import sys
import tokenize
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "src").rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VAGUE_NAMES = {"utils", "helpers", "common", "manager", "misc", "util", "helper"}
# Put together from parts, so that this file does not hold what it forbids.
FORBIDDEN = [
    "/" + "work/",
    "/" + "tmp/venv",
    "pypi" + ".org",
    "python" + "hosted.org",
    "index" + "-url",
]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked() -> list[Path]:
    """Return the files of the project: what git knows, or all of a checkout without git."""
    names: list[str] = []
    if git := shutil.which("git"):
        listing = subprocess.run(
            [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
        )
        names = [name for name in listing.stdout.split("\0") if name]
    files = [ROOT / name for name in names] or [*(ROOT / "src").rglob("*"), *ROOT.glob("*.*")]
    return [path for path in files if path.is_file()]


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_is_small_says_its_duty_and_has_a_plain_name(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert module.stem not in VAGUE_NAMES
    if text:
        duty = ast.get_docstring(ast.parse(text))
        assert duty
        assert duty.splitlines()[0].endswith((".", "."))


@pytest.mark.parametrize(
    "script",
    sorted((ROOT / "src").rglob("*.js")) + sorted((ROOT / "src").rglob("*.css")),
    ids=named,
)
def test_a_script_or_a_style_sheet_of_the_page_is_small(script: Path) -> None:
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 400


def test_the_requirements_are_those_of_the_project() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines == PROJECT["dependencies"]


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    for path in tracked():
        text = path.read_bytes().decode("utf-8", errors="replace").lower()
        found = [words for words in FORBIDDEN if words in text]
        assert not found, f"{named(path)}: {found}"


def test_every_exception_from_a_lint_rule_gives_its_reason() -> None:
    reason = re.compile(r"# noqa: [A-Z0-9, ]+ - \w")
    for path in [*MODULES, *(ROOT / "tests").rglob("*.py")]:
        with path.open("rb") as file:
            for token in tokenize.tokenize(file.readline):
                if token.type == tokenize.COMMENT and "noqa" in token.string:
                    assert reason.search(token.string), f"{named(path)}:{token.start[0]}"


@pytest.mark.parametrize("verb", ["", "scan", "undo", "demo"])
def test_help_answers_without_the_heavy_libraries(verb: str) -> None:
    program = (
        "import sys\n"
        "from same_image_locator.cli import main\n"
        "try:\n"
        f"    main({[*verb.split(), '--help']!r})\n"
        "except SystemExit as end:\n"
        "    assert end.code == 0\n"
        "heavy = {'numpy', 'PIL', 'flask', 'werkzeug', 'waitress', 'rich', 'sqlite3', 'dotenv'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    assert answer.stderr.strip() == "[]"
    assert "usage: sil" in answer.stdout


def test_a_search_for_identical_files_loads_nothing_that_looks_at_pictures(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"the same")
    program = (
        "import sys\n"
        "from same_image_locator.cli import main\n"
        f"assert main(['scan', {str(tmp_path)!r}]) == 1\n"
        "print(sorted({'numpy', 'PIL', 'flask', 'filelock', 'dotenv'} & set(sys.modules)))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT / "src"), "SIL_CACHE_DIR": str(tmp_path / "cache")},
    )
    assert answer.stdout.splitlines()[-2:] == ["1 group of 2 files", "[]"]


def test_the_wheel_holds_the_page_and_the_package(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    package = ROOT / "src/same_image_locator"
    wanted = [
        path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    missing = {path.relative_to(ROOT / "src").as_posix() for path in wanted} - held
    assert not missing
    assert any(name.endswith("static/index.html") for name in held)
    assert any(name.endswith("LICENSE") for name in held)
