"""Plug-ins of other packages in the real program: a hash, a decoder, a keep rule; broken ones."""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import pictures
from program import Program, sil

SAMPLE = Path(__file__).parents[2] / "examples/sample-plugins"
pytestmark = pytest.mark.xdist_group("plugins")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the sample package into a folder of its own, once."""
    target = tmp_path_factory.mktemp("packages")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, *options, "--target", target, SAMPLE], check=True)
    return target


@pytest.fixture
def sample(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process and the program's find the sample package."""
    monkeypatch.syspath_prepend(package)


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package of which nothing can be imported."""
    about = tmp_path / "packages/broken-2.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 2\n")
    kinds = ("algorithms", "decoders", "rules", "reports")
    points = [f"[same_image_locator.{kind}]\nworse = not_there:IT\n" for kind in kinds]
    (about / "entry_points.txt").write_text("\n".join(points))
    monkeypatch.syspath_prepend(tmp_path / "packages")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A photo in the camera's folder, a near copy of it, and one that nobody else knows."""
    root = tmp_path / "photos"
    pictures.photo(root / "DCIM/a.jpg", 1)
    pictures.photo(root / "b.jpg", 1, quality=60)
    with Image.open(root / "DCIM/a.jpg") as image:
        samples = np.asarray(image.convert("RGBA")).astype(">u2") * 257
        header = struct.pack(">8sII", b"farbfeld", *image.size)
    (root / "c.ff").write_bytes(header + samples.tobytes())
    return root


def scanned(photos: Path, *words: str) -> tuple[dict[str, Any], str]:
    done = sil("scan", photos, "--json", "-", *words)
    assert done.returncode in {0, 1}, done.stderr
    return json.loads(done.stdout), done.stderr


def names(report: dict[str, Any]) -> list[set[str]]:
    return [{os.path.basename(f["path"]) for f in group["files"]} for group in report["groups"]]


@pytest.mark.usefixtures("sample")
def test_a_hash_is_a_mode_and_what_it_makes_is_cached(photos: Path) -> None:
    report, _ = scanned(photos, "--mode", "dhash", "--threshold", "6")
    assert (report["mode"], report["threshold"]) == ("dhash", 6)
    assert names(report) == [{"a.jpg", "b.jpg"}]
    again, told = scanned(photos, "--mode", "dhash", "--threshold", "6")
    assert names(again) == names(report)
    assert "2 known from earlier, 0 new" in told


@pytest.mark.usefixtures("sample")
def test_a_wrong_mode_tells_those_of_plugins_and_a_plugin_is_a_mode_everywhere(
    photos: Path,
) -> None:
    done = sil("scan", photos, "--mode", "dhahs")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "invalid choice: 'dhahs'" in done.stderr
    assert "'similar', 'dhash'" in done.stderr
    (photos / ".sil.toml").write_text('mode = "dhash"\nkeep = ["dcim"]\n')
    assert names(scanned(photos)[0]) == [{"a.jpg", "b.jpg"}]


def test_a_group_of_a_hash_that_is_gone_is_still_known(
    photos: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as during:
        during.syspath_prepend(package)
        done = sil(photos, "--mode", "dhash", "--no-page", cwd=photos.parent)
        assert done.returncode == 1, done.stderr
    [folder] = (photos.parent / "_DECISION_DUPES").glob("group_0001_dhash_t05_*")
    meta = json.loads((folder / "_group_meta.json").read_text())
    assert (meta["mode"], meta["threshold"], meta["hash_size"]) == ("dhash", 5, 8)
    program = Program(photos, cwd=photos.parent)
    group = program.get("/api/groups/1")
    assert (group["mode"], group["threshold"]) == ("dhash", 5)
    program.kill()
    assert sil("undo", photos, cwd=photos.parent).returncode == 0
    assert (photos / "b.jpg").exists()


def test_a_decoder_reads_in_the_workers_what_was_no_picture_before(
    photos: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--mode", "phash", "--include-all")
    before, _ = scanned(photos, *words)
    assert names(before) == [{"a.jpg", "b.jpg"}]
    assert [problem["detail"] for problem in before["problems"]] == ["not a picture"]
    monkeypatch.syspath_prepend(package)
    after, _ = scanned(photos, *words)
    assert names(after) == [{"a.jpg", "b.jpg", "c.ff"}]
    (photos / "d.ff").write_bytes((photos / "c.ff").read_bytes()[:500])
    torn, _ = scanned(photos, *words)
    assert (
        torn["problems"][0]["detail"] == "truncated: the file ends before the farbfeld picture does"
    )


@pytest.mark.usefixtures("sample")
def test_a_keep_rule_is_asked_in_its_place_and_offered_on_the_page(photos: Path) -> None:
    words = ("--mode", "phash", "--keep", "dcim,path", "--dry-run")
    told = sil(photos, *words, cwd=photos.parent).stderr
    assert "suggested is DCIM/a.jpg: in the camera's own folder" in told

    program = Program(photos, "--mode", "phash", cwd=photos.parent)
    usual = program.get("/api/rules")
    assert (usual["others"], "dcim" in usual["rules"]) == (["dcim"], False)
    status, chosen = program.ask("PUT", "/api/rules", {"rules": ["dcim", "path"]})
    assert (status, chosen["rules"]) == (200, ["dcim", "path"])
    suggested = program.get("/api/groups/1/facts")["suggestion"]
    assert suggested["reasons"] == ["in the camera's own folder"]
    assert program.ask("PUT", "/api/rules", {"rules": ["luck"]})[0] != 200
    program.kill()


@pytest.mark.usefixtures("sample")
def test_a_form_of_reports_writes_to_a_file_and_replaces_only_its_own(
    photos: Path, tmp_path: Path
) -> None:
    words = ("scan", photos, "--mode", "phash", "--report", "markdown", "--output")
    report = tmp_path / "report.md"
    assert sil(*words, report).returncode == 1
    text = report.read_text()
    assert text.startswith(f"# Same images in `{photos}`\n\n## Group 1, ")
    assert "`DCIM/a.jpg`" in text
    assert sil(*words, report).returncode == 1, "its own report may be replaced"
    refused = sil(*words, photos / "b.jpg")
    assert (refused.returncode, "is no report" in refused.stderr) == (2, True)
    done = sil("scan", photos, "--report", "pdf")
    assert "(choose from 'json', 'csv', 'html', 'tsv', 'markdown')" in done.stderr


@pytest.mark.usefixtures("broken")
def test_a_broken_plugin_costs_one_line_that_names_it(photos: Path) -> None:
    told = "the plug-in worse of broken 2 cannot be loaded: ModuleNotFoundError"
    refused = sil("scan", photos, "--mode", "worse")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    assert told in refused.stderr
    refused = sil("scan", photos, "--report", "worse")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    assert told in refused.stderr

    report, _ = scanned(photos, "--mode", "phash", "--include-all")
    assert names(report) == [{"a.jpg", "b.jpg"}]
    [problem] = report["problems"]
    assert problem["detail"].startswith(f"not a picture that can be read: {told}")

    words = ("--mode", "phash", "--keep", "worse,pixels", "--dry-run")
    done = sil(photos, *words, cwd=photos.parent)
    assert done.returncode == 1
    assert done.stderr.count(told) == 1
    assert "the run goes on without it" in done.stderr


def test_help_and_plain_runs_look_for_no_plugin(photos: Path) -> None:
    program = (
        "import sys\n"
        "from same_image_locator.cli import main\n"
        f"assert main(['scan', {str(photos)!r}]) == 0\n"
        "try:\n"
        "    main(['--help'])\n"
        "except SystemExit:\n"
        "    assert 'importlib.metadata' not in sys.modules\n"
    )
    from program import environment

    subprocess.run([sys.executable, "-c", program], env=environment(), check=True)
