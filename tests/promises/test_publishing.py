"""What runs elsewhere agrees with the project: workflows, container, services, citation."""

import json
import os
import plistlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from same_image_locator import __version__
from same_image_locator.options import VERBS, build_parser

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
DEPLOY = ROOT / "deploy"


def read(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_workflow_tests_each_python_that_the_package_names() -> None:
    named = re.findall(r":: (3\.\d+)$", "\n".join(PROJECT["classifiers"]), re.MULTILINE)
    [matrix] = re.findall(r"^ +python: (\[.+\])$", read(".github/workflows/test.yml"), re.MULTILINE)
    assert json.loads(matrix) == named
    assert PROJECT["requires-python"] == f">={named[0]}"


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_little_and_uses_only_what_is_pinned(workflow: Path) -> None:
    text = workflow.read_text(encoding="utf-8")
    assert "\npermissions: {}\n" in text
    granted = set(re.findall(r"^ {6}([a-z-]+: (?:read|write|none))$", text, re.MULTILINE))
    assert granted == {"contents: read"}
    used = re.findall(r"uses: (.+)", text)
    assert used
    for action in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)+", action), action
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")
    jobs = re.findall(r"^  [a-z]+:\n    name:", text, re.MULTILINE)
    assert jobs
    assert text.count("timeout-minutes:") == len(jobs)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_only_what_is_there(workflow: Path) -> None:
    text = workflow.read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([a-z-]+)", text):
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target
    for line in re.findall(r"^ {10}- (crash.*)$", text, re.MULTILINE):
        target, _, variable = line.partition(" ")
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), line
        assert f"$({variable.partition('=')[0]})" in MAKEFILE or not variable, line
    assert (ROOT / ".ci/run").exists()


def test_the_container_settles_nothing_as_root_and_keeps_what_must_be_kept() -> None:
    dockerfile = read("Dockerfile")
    assert re.search(r"^USER 1000:1000$", dockerfile, re.MULTILINE)
    folders = re.findall(r"SIL_(?:CACHE|DATA)_DIR=(/\w+)", dockerfile)
    for folder in folders:
        assert f'"{folder}"' in dockerfile
        assert f":{folder}\n" in COMPOSE
    assert len(folders) == 2
    assert "SIL_DECISION_FOLDER=/photos/" in dockerfile
    assert 'PHOTOS=/volume1/photos}:/photos"' in COMPOSE


def test_the_page_in_the_container_is_published_to_its_own_computer_only() -> None:
    [published] = re.findall(r"ports:\n +- (.+)\n", COMPOSE)
    [port] = re.findall(r'SIL_PORT: "(\d+)"', COMPOSE)
    assert published == f'"127.0.0.1:{port}:{port}"'
    for line in ("cap_drop:\n      - ALL", "no-new-privileges:true", "read_only: true"):
        assert line in COMPOSE


def test_the_variables_of_the_container_are_ones_that_the_program_reads() -> None:
    known = {f"SIL_{action.dest.upper()}" for action in build_parser()._actions}
    known |= {"SIL_CACHE_DIR", "SIL_DATA_DIR"}
    for text in (read("Dockerfile"), COMPOSE):
        assert set(re.findall(r"\bSIL_[A-Z_]+", text)) <= known


def test_the_image_is_built_of_all_that_the_wheel_needs() -> None:
    let_in = re.findall(r"^!(.+)$", read(".dockerignore"), re.MULTILINE)
    assert {"src", "pyproject.toml", PROJECT["readme"], *PROJECT["license-files"]} == set(let_in)


def test_the_services_run_a_command_that_the_program_takes() -> None:
    unit = re.findall(r"^ExecStart=(.+)$", read("deploy/same-image-locator.service"), re.MULTILINE)
    agent = plistlib.loads((DEPLOY / "same-image-locator.plist").read_bytes())
    for words in (unit[0].split(), agent["ProgramArguments"]):
        assert Path(words[0]).name in PROJECT["scripts"]
        assert words[1] not in VERBS
        options = build_parser("").parse_args(words[1:])
        assert (options.auto, options.page) == ("identical", False)
        [root] = options.root
        assert options.decision_folder.startswith(root)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_its_unit_and_timer(tmp_path: Path) -> None:
    for name in ("same-image-locator.service", "same-image-locator.timer"):
        text = read(DEPLOY / name).replace("%h/.local/bin/sil", sys.executable)
        (tmp_path / name).write_text(text, encoding="utf-8")
    answer = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", *map(str, tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert (answer.returncode, answer.stdout + answer.stderr) == (0, "")


def test_the_citation_names_this_version() -> None:
    assert f"\nversion: {__version__}\n" in read("CITATION.cff")
    assert f"\nlicense: {PROJECT['license']}\n" in read("CITATION.cff")
