"""Tests the wheel where the source is not: ``python tests/installed.py --help`` tells how.

Under each Python a virtual environment of its own gets the wheel, as that of a user would, and a
whole run is played: scan, settle, verify, undo. Tests may follow, in a copy of the project that has
no source. Needs nothing but Python itself.
"""

import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION = re.compile(r"Programming Language :: Python :: (3\.\d+)$")
VERSIONS = [found[1] for line in PROJECT["classifiers"] if (found := VERSION.match(line))]
# What runs the tests, and what they compare with; the rest of it would bring the project itself.
NEEDED = "pytest|pytest-randomly|pytest-xdist|hypothesis|jsonschema|argparse-manpage|hatchling"
RUNNERS = re.compile(rf"(?:{NEEDED})[<>=]")
FOR_TESTS = [line for line in PROJECT["optional-dependencies"]["dev"] if RUNNERS.match(line)]
KEPT = ("docs", "examples", "pyproject.toml", "README.md", "CHANGELOG.md", "find_dupe_images.py")


def main(arguments: Sequence[str] | None = None) -> int:
    """Test the wheel under each Python; the exit code is 1 when one of them failed."""
    parser = argparse.ArgumentParser(description="Tests the wheel where the source is not.")
    parser.add_argument("--every", action="store_true", help="with each Python that is found")
    parser.add_argument("--extras", default="", metavar="NAMES", help="install these too: all")
    parser.add_argument("--workers", default="2", help="of pytest, 2 unless told")
    parser.add_argument("tests", nargs="*", help="tests to run, such as tests/cli; else none")
    options = parser.parse_args(arguments)
    wheels = sorted((ROOT / "dist").glob("*.whl"))
    if len(wheels) != 1:
        print("There must be one wheel in dist: make wheel")
        return 2
    pythons = dict(_pythons()) if options.every else {"this Python": sys.executable}
    outcomes = {}
    for version, python in pythons.items():
        with tempfile.TemporaryDirectory(prefix="sil-wheel-") as room:
            fit = _fit(Path(room), python, wheels[0], options)
        outcomes[version] = "passed" if fit else "FAILED"
    for version in [*outcomes, *(set(VERSIONS) - set(outcomes) if options.every else ())]:
        print(f"wheel under {version}: {outcomes.get(version, 'not tested, no such Python here')}")
    return int("FAILED" in outcomes.values() or not outcomes)


def _pythons() -> Iterator[tuple[str, str]]:
    """Yield each Python of the classifiers that starts: of the path, or kept by pyenv."""
    kept = os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv"))
    for version in VERSIONS:
        names = [f"python{version}", *glob.glob(f"{kept}/versions/{version}.*/bin/python")]
        for name in names:
            ask = [name, "-c", "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"]
            if shutil.which(name) and _answer(ask) == version:
                yield version, name
                break


def _answer(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _fit(room: Path, python: str, wheel: Path, options: argparse.Namespace) -> bool:
    """Install the wheel in ``room``, play the run and the tests there, and tell how it went."""
    print(f"\n== {wheel.name} under {_answer([python, '--version'])} ==", flush=True)
    subprocess.run([python, "-m", "venv", str(room / "venv")], check=True)
    scripts = room / "venv" / ("Scripts" if os.name == "nt" else "bin")
    inside = str(scripts / "python")
    pip = [inside, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    what = f"{wheel}[{options.extras}]" if options.extras else str(wheel)
    more = FOR_TESTS if options.tests else []
    if subprocess.run([*pip, what, *more], check=False).returncode:
        return False
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}
    environment |= {"SIL_CACHE_DIR": str(room / "cache"), "SIL_DATA_DIR": str(room / "data")}
    return _journey(room, str(scripts / "sil"), environment) and (
        not options.tests or _tests(room, inside, environment, options)
    )


def _journey(room: Path, sil: str, environment: dict[str, str]) -> bool:
    """Play a whole run on real files: nothing may be lost, and all must come home."""
    photos = room / "photos"
    for number, name in enumerate(("2019/a.jpg", "phone/a.jpg", "2020/b.jpg")):
        (photos / name).parent.mkdir(parents=True)
        (photos / name).write_bytes(b"the same" * 999 if number < 2 else b"another")
    before = _contents(photos)
    for words, code in (
        (("--version",), 0),
        (("scan", str(photos)), 1),
        ((str(photos), "--auto", "identical", "--no-page"), 0),
        (("verify", str(photos)), 0),
        (("undo", str(photos)), 0),
        (("status", str(photos)), 0),
    ):
        ran = subprocess.run(
            [sil, *words],
            cwd=photos,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if ran.returncode != code:
            print(f"sil {' '.join(words)}: {ran.returncode}\n{ran.stdout}{ran.stderr}")
            return False
    return _contents(photos) == before


def _contents(photos: Path) -> dict[str, bytes]:
    return {
        path.relative_to(photos).as_posix(): path.read_bytes()
        for path in photos.rglob("*")
        if path.is_file() and "_DECISION_DUPES" not in path.parts
    }


def _tests(
    room: Path, python: str, environment: dict[str, str], options: argparse.Namespace
) -> bool:
    """Run tests in a copy of the project that has no source."""
    copy = room / "project"
    shutil.copytree(ROOT / "tests", copy / "tests")
    for name in KEPT:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
    command = [python, "-m", "pytest", "-q", "-n", options.workers, "-o", "pythonpath=tests"]
    ran = subprocess.run([*command, *options.tests], cwd=copy, env=environment, check=False)
    return ran.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())
