"""What is published can be installed: the wheel alone is the program, and says what it lacks."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

import pictures
from program import environment

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FOR_PEOPLE = {"all", "codecs", "jxl", "psd", "raw", "svg", "tiff"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built as it is published."""
    from hatchling.builders.wheel import WheelBuilder

    folder = str(tmp_path_factory.mktemp("dist"))
    [built] = WheelBuilder(str(ROOT)).build(directory=folder, versions=["standard"])
    return Path(built)


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    """Return what the wheel says of itself."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which the wheel alone was installed, as pip does it."""
    folder = tmp_path_factory.mktemp("installed")
    install = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run(
        [*install, "--no-deps", "--no-index", "--no-compile", "--target", str(folder), str(wheel)],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return folder


def run(installed: Path, program: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python where the installed package, and not the source, is found first."""
    path = os.pathsep.join([str(installed), *(entry for entry in sys.path if "src" not in entry)])
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        capture_output=True,
        text=True,
        check=False,
        env=environment(PYTHONPATH=path),
        stdin=subprocess.DEVNULL,
    )


def test_the_installed_wheel_is_the_program(installed: Path, tmp_path: Path) -> None:
    pictures.draw_tree(tmp_path, "a.jpg @1\nb.jpg @1\nc.jpg @2")
    program = (
        "import sys, same_image_locator\n"
        "from importlib.metadata import entry_points\n"
        "print(same_image_locator.__file__, file=sys.stderr)\n"
        "[sil] = entry_points(group='console_scripts', name='sil')\n"
        "sys.exit(sil.load()())\n"
    )
    answer = run(installed, program, "scan", str(tmp_path))
    assert str(installed) in answer.stderr.splitlines()[0]
    assert answer.stdout.endswith("1 group of 2 files\n")
    assert answer.returncode == 1


@pytest.mark.parametrize("script", ["sil", "same-image-locator"])
def test_the_installed_commands_start(installed: Path, script: str) -> None:
    [path] = [path for path in (installed / "bin").iterdir() if path.stem == script]
    assert sys.executable in path.read_text(encoding="utf-8").splitlines()[0] or os.name == "nt"


def test_the_wheel_holds_the_page_its_languages_the_types_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = archive.namelist()
    for end in ("py.typed", "static/index.html", "languages/de.json", "licenses/LICENSE"):
        assert any(name.endswith(end) for name in held), end
    assert any(name.endswith("share/man/man1/sil.1") for name in held)
    tops = {name.partition("/")[0] for name in held}
    assert len(tops) == 3
    assert "same_image_locator" in tops
    assert len([top for top in tops if top.endswith((".data", ".dist-info"))]) == 2


def test_the_source_archive_holds_what_its_tests_read(tmp_path: Path) -> None:
    from hatchling.builders.sdist import SdistBuilder

    [built] = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(built) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    for name in ("pyproject.toml", "Makefile", "README.md", "docs/tutorial.md", "tests/program.py"):
        assert name in held
    assert not [name for name in held if "__pycache__" in name or name.startswith(".git/")]


def test_the_package_says_what_it_is_and_what_it_needs(metadata: Message) -> None:
    assert metadata["Name"] == "same-image-locator"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert set(metadata.get_all("Provides-Extra", [])) >= FOR_PEOPLE
    needed = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert len(needed) == len(PROJECT["dependencies"])


def test_the_extra_all_is_every_extra_that_reads_pictures() -> None:
    extras = PROJECT["optional-dependencies"]
    [named] = extras["all"]
    assert set(re.findall(r"[a-z]+", named.partition("[")[2])) == FOR_PEOPLE - {"all"}
    assert set(extras) - FOR_PEOPLE == {"dev", "docs", "lint", "publish"}


@pytest.mark.parametrize(
    ("library", "words"),
    [
        ("rich", "ROOT --no-page"),
        ("numpy", "scan ROOT --mode phash"),
        ("flask", "ROOT --no-open --port 0"),
    ],
)
def test_a_missing_library_is_one_sentence_with_the_command(
    installed: Path, library: str, words: str, tmp_path: Path
) -> None:
    pictures.draw_tree(tmp_path, "a.jpg @1\nb.jpg @1")
    program = (
        "import sys\n"
        "sys.modules[sys.argv.pop(1)] = None\n"
        "from same_image_locator.cli import main\n"
        "sys.exit(main())\n"
    )
    answer = run(installed, program, library, *words.replace("ROOT", str(tmp_path)).split())
    assert answer.returncode == 2, answer.stderr
    [told] = [line for line in answer.stderr.splitlines() if line.startswith("sil: ")]
    assert f"the library {library} is not installed" in told
    assert 'pip install "same-image-locator"' in told
    assert "Traceback" not in answer.stderr


def test_a_library_that_only_the_workers_load_is_named_likewise(
    installed: Path, tmp_path: Path
) -> None:
    pictures.draw_tree(tmp_path, "a.jpg @1\nb.jpg @2")
    # A folder with all that is installed but for Pillow, as after a broken installation.
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "sitecustomize.py").write_text(
        "import sys\n"
        "class Without:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == 'PIL':\n"
        "            raise ModuleNotFoundError(name, name='PIL')\n"
        "sys.meta_path.insert(0, Without())\n",
        encoding="utf-8",
    )
    answer = subprocess.run(
        [sys.executable, "-m", "same_image_locator", "scan", str(tmp_path), "--mode", "phash"],
        capture_output=True,
        text=True,
        check=False,
        env=environment(PYTHONPATH=os.pathsep.join([str(blocked), str(installed)])),
        stdin=subprocess.DEVNULL,
    )
    assert answer.returncode == 2, answer.stderr
    assert "sil: the library PIL is not installed" in answer.stderr
    assert "Traceback" not in answer.stderr
