"""Every option and exit code, from the command line, the environment and a .env file."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

import pictures
import reviewing
from crash.stories import another_drive
from mounting import bound, without
from program import Program, environment, sil
from same_image_locator.cli import main
from same_image_locator.errors import UsageError
from same_image_locator.options import build_parser


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two identical photos, a near copy of them, and a text file twice."""
    pictures.photo(tmp_path / "photos/a.jpg", 1)
    pictures.photo(tmp_path / "photos/b.jpg", 1)
    pictures.photo(tmp_path / "photos/c.jpg", 1, quality=60, brightness=1.1)
    (tmp_path / "photos/x.txt").write_text("a text")
    (tmp_path / "photos/y.txt").write_text("a text")
    return tmp_path / "photos"


def scanned(photos: Path, *words: str, **more: Any) -> dict[str, Any]:
    """Return the report of a scan."""
    report: dict[str, Any] = json.loads(sil("scan", photos, "--json", "-", *words, **more).stdout)
    return report


def names(report: dict[str, Any]) -> list[list[str]]:
    return [[os.path.basename(f["path"]) for f in group["files"]] for group in report["groups"]]


def test_mode_exact_is_the_default_and_compares_bytes(photos: Path) -> None:
    report = scanned(photos)
    assert (report["version"], report["mode"], report["threshold"]) == (1, "exact", 0)
    assert names(report) == [["a.jpg", "b.jpg"]]


@pytest.mark.parametrize("mode", ["ahash", "phash"])
def test_mode_ahash_and_phash_find_near_copies(photos: Path, mode: str) -> None:
    report = scanned(photos, "--mode", mode)
    assert (report["mode"], report["threshold"]) == (mode, 5)
    assert names(report) == [["a.jpg", "b.jpg", "c.jpg"]]
    assert report["groups"][0]["number"] == 1
    assert report["groups"][0]["files"][0] == {
        "path": str(photos / "a.jpg"),
        "distance": 0,
        "tier": "identical",
        "changes": "",
    }


def test_threshold_sets_the_cut_off_and_is_ignored_in_exact_mode(photos: Path) -> None:
    loose = scanned(photos, "--mode", "phash", "--threshold", "64")
    distances = [f["distance"] for f in loose["groups"][0]["files"]]
    assert loose["threshold"] == 64
    assert distances[0] == distances[1] == 0
    strict = scanned(photos, "--mode", "phash", "--threshold", "0")
    assert all(f["distance"] == 0 for f in strict["groups"][0]["files"])
    assert scanned(photos, "--threshold", "7")["threshold"] == 0


def test_include_all_takes_files_of_every_kind(photos: Path) -> None:
    assert sorted(names(scanned(photos, "--include-all"))) == [
        ["a.jpg", "b.jpg"],
        ["x.txt", "y.txt"],
    ]


def test_dry_run_tells_the_groups_and_moves_nothing(photos: Path) -> None:
    before = sorted(photos.parent.rglob("*"))
    done = sil(photos, "--dry-run", cwd=photos.parent)
    assert done.returncode == 1
    assert "would stage 2 files" in done.stderr
    assert f"{photos}/a.jpg" in done.stderr
    assert "http://" not in done.stderr
    assert sorted(photos.parent.rglob("*")) == before


def test_dry_run_with_groups_waiting_says_that_it_would_go_on(photos: Path) -> None:
    Program(photos, cwd=photos.parent).kill()
    done = sil(photos, "--dry-run", cwd=photos.parent)
    assert (done.returncode, "would go on with the groups" in done.stderr) == (1, True)


def test_dry_run_without_duplicates_ends_with_zero(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    assert sil(tmp_path / "photos", "--dry-run", cwd=tmp_path).returncode == 0


def test_decision_folder_sets_where_the_groups_live(photos: Path, tmp_path: Path) -> None:
    program = Program(photos, "--decision-folder", tmp_path / "my place", cwd=tmp_path)
    assert list((tmp_path / "my place").glob("group_0001_sha_*"))
    program.kill()
    done = sil("undo", "--decision-folder", tmp_path / "my place", cwd=tmp_path)
    assert (done.returncode, (photos / "a.jpg").exists()) == (0, True)


def test_a_decision_folder_inside_the_root_is_never_scanned(photos: Path) -> None:
    program = Program(photos, "--decision-folder", photos / "decide")
    program.kill()
    assert names(scanned(photos, "--mode", "phash")) == []
    again = Program(photos, "--decision-folder", photos / "decide")
    assert "going on with 1 group" in again.text
    again.kill()


def test_host_and_port_set_where_the_page_listens(photos: Path) -> None:
    program = Program(photos, "--host", "localhost", cwd=photos.parent)
    assert program.base.startswith("http://localhost:")
    assert program.get("/api/session")["phase"] == "review"
    program.kill()
    refused = sil(photos, "--host", "0.0.0.0", cwd=photos.parent)
    assert (refused.returncode, "Only this computer" in refused.stderr) == (4, True)


def test_allow_remote_and_allowed_host_let_others_in_with_a_warning(photos: Path) -> None:
    words = ("--host", "0.0.0.0", "--allow-remote", "--allowed-host", "127.0.0.1")
    program = Program(photos, *words, "--allowed-host", "nas.local", cwd=photos.parent)
    assert program.base.startswith("http://127.0.0.1:")
    assert program.get("/api/session")["phase"] == "review"
    program.interrupt()
    [warning] = [line for line in program.text.splitlines() if "other computers" in line]
    assert "whoever has its address with the token can see your photos and settle them" in warning


@pytest.mark.parametrize(
    "name", ["http://nas.local", "nas.local:80", "abc:80", "*", "a b", "", "a,,b", "."]
)
def test_an_allowed_host_is_a_name(name: str) -> None:
    with pytest.raises(UsageError, match=r"is not a name such as nas\.local"):
        build_parser("").parse_args(["/p", "--allowed-host", name])


def test_no_open_leaves_the_browser_alone_and_without_it_one_is_asked_for(
    photos: Path, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{seen}"\n')
    browser.chmod(0o755)
    opening = {"BROWSER": f"{browser} %s", "DISPLAY": ":0"}
    process = subprocess.Popen(
        [sys.executable, "-m", "same_image_locator", str(photos), "--port", "0"],
        cwd=tmp_path,
        env=environment(**opening),
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    lines = iter(process.stderr)
    url = next(line.split()[-1] for line in lines if "review page" in line)
    from program import until

    assert until(lambda: seen.exists() and seen.read_text()).strip() == url
    process.kill()
    process.communicate()
    seen.unlink()
    quiet = Program(photos, cwd=tmp_path)  # with --no-open
    quiet.kill()
    assert not seen.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--threshold", "65", "."], "'65' is not a whole number from 0 to 64"),
        (["--threshold", "-1", "."], "-1"),
        (["--threshold", "five", "."], "'five' is not a whole number"),
        (["--mode", "magic", "."], "invalid choice: 'magic'"),
        (["--port", "99999", "."], "'99999' is not a whole number from 0 to 65535"),
        (["--nonsense", "."], "--nonsense"),
        ([], "No folder is given"),
        (["/does/not/exist"], "/does/not/exist does not exist"),
        (["scan"], "No folder is given"),
        (["undo", "--group", "x"], "invalid int value: 'x'"),
        (["undo", "--group", "1", "--run", "r"], "not allowed with argument --group"),
        (["undo", "--all", "--group", "1"], "not allowed with argument --all"),
        (["purge", "--older-than", "3x"], "'3x' is not an age such as 12h, 30d or 4w"),
        (["purge", "--older-than", "-1d"], "--older-than"),
        (["purge", "--older-than", "999999d"], "'999999d' is not an age"),
        (["--rejects", "burn", "."], "invalid choice: 'burn'"),
    ],
)
def test_a_bad_value_gets_one_line_and_exit_code_2(words: list[str], message: str) -> None:
    done = sil(*words)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_an_option_may_stand_in_the_environment(photos: Path) -> None:
    report = scanned(photos, env={"SIL_MODE": "phash", "SIL_THRESHOLD": "8"})
    assert (report["mode"], report["threshold"]) == ("phash", 8)


def test_an_option_may_stand_in_a_dotenv_file(photos: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SIL_MODE=ahash\nSIL_THRESHOLD=3\n")
    report = scanned(photos, cwd=tmp_path)
    assert (report["mode"], report["threshold"]) == ("ahash", 3)


def test_the_command_line_beats_the_environment_which_beats_dotenv(
    photos: Path, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("SIL_MODE=ahash\nSIL_THRESHOLD=3\nSIL_INCLUDE_ALL=1\n")
    report = scanned(
        photos, "--threshold", "9", cwd=tmp_path, env={"SIL_MODE": "phash", "SIL_THRESHOLD": "7"}
    )
    assert (report["mode"], report["threshold"]) == ("phash", 9)
    assert any("x.txt" in problem["path"] for problem in report["problems"]), "from .env"
    without = scanned(photos, "--no-include-all", cwd=tmp_path)
    assert not without["problems"]


@pytest.mark.parametrize(
    "setting",
    [
        "SIL_THRESHOLD=99",
        "SIL_MODE=magic",
        "SIL_INCLUDE_ALL=maybe",
        "SIL_PORT=x",
        "SIL_REJECTS=burn",
    ],
)
def test_a_bad_value_in_the_environment_is_named(photos: Path, setting: str) -> None:
    name, _, value = setting.partition("=")
    done = sil(photos, "--dry-run", env={name: value})
    assert (done.returncode, setting in done.stderr) == (2, True)


def test_every_option_has_its_name_in_the_environment() -> None:
    values = {
        "root": "/p",
        "reference": os.pathsep.join(["/archive", "/best"]),
        "follow_mounts": "1",
        "exclude": "*.gif",
        "min_size": "20K",
        "decision_folder": "/d",
        "mode": "phash",
        "threshold": "8",
        "strict": "1",
        "loose": "0",
        "include_all": "yes",
        "dry_run": "on",
        "host": "localhost",
        "port": "0",
        "allow_remote": "1",
        "allowed_host": "NAS.local, photos.example",
        "tls_cert": "/c.pem",
        "tls_key": "/k.pem",
        "no_open": "1",
        "rejects": "trash",
        "allow_copy": "true",
        "verify": "no",
        "keep": "age, path",
        "auto": "identical",
        "page": "0",
        "json_log": "/run.jsonl",
    }
    options = vars(build_parser("", values).parse_args([]))
    assert options == {
        "root": ["/p"],
        "reference": ["/archive", "/best"],
        "follow_mounts": True,
        "exclude": ["*.gif"],
        "min_size": 20_000,
        "decision_folder": "/d",
        "mode": "phash",
        "threshold": 8,
        "strict": True,
        "loose": False,
        "include_all": True,
        "dry_run": True,
        "host": "localhost",
        "port": 0,
        "allow_remote": True,
        "allowed_host": ["nas.local", "photos.example"],
        "tls_cert": "/c.pem",
        "tls_key": "/k.pem",
        "no_open": True,
        "rejects": "trash",
        "allow_copy": True,
        "verify": False,
        "keep": ("age", "path"),
        "auto": "identical",
        "page": False,
        "json_log": "/run.jsonl",
    }


@pytest.mark.parametrize("said", ["strict", "loose"])
def test_strict_and_loose_say_how_sure_mode_similar_must_be(photos: Path, said: str) -> None:
    assert scanned(photos, "--mode", "similar")["strictness"] == "default"
    assert scanned(photos, "--mode", "similar", f"--{said}")["strictness"] == said
    other = "SIL_LOOSE" if said == "strict" else "SIL_STRICT"
    report = scanned(photos, f"--{said}", env={"SIL_MODE": "similar", other: "1"})
    assert report["strictness"] == said, "the command line beats the environment"
    assert "strictness" not in scanned(photos, f"--{said}")


def test_strict_and_loose_exclude_each_other(photos: Path) -> None:
    done = sil("scan", photos, "--strict", "--loose")
    assert (done.returncode, "not allowed with argument --strict" in done.stderr) == (2, True)
    done = sil("scan", photos, "--mode", "similar", env={"SIL_STRICT": "1", "SIL_LOOSE": "1"})
    assert (done.returncode, "SIL_STRICT and SIL_LOOSE" in done.stderr) == (2, True)


def test_a_root_may_stand_in_the_environment(photos: Path) -> None:
    done = sil("scan", "--json", "-", env={"SIL_ROOT": str(photos)})
    assert names(json.loads(done.stdout)) == [["a.jpg", "b.jpg"]]


def test_a_folder_named_like_a_verb_is_written_with_a_dot(tmp_path: Path) -> None:
    pictures.photo(tmp_path / "undo/a.jpg", 1)
    pictures.photo(tmp_path / "undo/b.jpg", 1)
    assert sil("./undo", "--dry-run", cwd=tmp_path).returncode == 1


def test_scan_tells_people_the_groups_in_words(photos: Path) -> None:
    done = sil("scan", photos, "--mode", "phash")
    assert done.returncode == 1
    assert "group 1: 3 files" in done.stdout
    assert "of 64 bits" in done.stdout
    assert done.stdout.endswith("1 group of 3 files\n")


def test_scan_writes_its_report_to_a_file_and_says_when_it_cannot(
    photos: Path, tmp_path: Path
) -> None:
    done = sil("scan", photos, "--json", tmp_path / "report.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(json.loads((tmp_path / "report.json").read_text())["groups"]) == 1
    refused = sil("scan", photos, "--json", tmp_path / "none" / "report.json")
    assert (refused.returncode, "cannot be written" in refused.stderr) == (2, True)


def test_a_report_never_replaces_a_photo(photos: Path) -> None:
    before = (photos / "a.jpg").read_bytes()
    done = sil("scan", photos, "--json", photos / "a.jpg")
    assert (done.returncode, "is no report" in done.stderr) == (2, True)
    assert (photos / "a.jpg").read_bytes() == before
    sil("scan", photos, "--json", photos / "r.json")
    assert sil("scan", photos, "--json", photos / "r.json").returncode == 1


def test_another_library_is_never_undone_by_mistake(photos: Path, tmp_path: Path) -> None:
    Program(photos, cwd=tmp_path).kill()
    (tmp_path / "other").mkdir()
    done = sil("undo", tmp_path / "other", cwd=tmp_path)
    assert (done.returncode, "no decision folder" in done.stderr) == (2, True)
    program = Program(tmp_path / "other", cwd=tmp_path)
    assert f"they come from {photos}" in program.text
    program.kill()


def test_a_full_disk_stops_the_run_with_one_line_and_the_next_start_goes_on(
    photos: Path, tmp_path: Path
) -> None:
    import resource

    # No file may grow beyond 200 bytes: the journal cannot be written, as on a full disk.
    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))

    done = subprocess.run(
        [sys.executable, "-m", "same_image_locator", photos, "--port", "0", "--no-open"],
        cwd=tmp_path,
        env=environment(PYTHONDONTWRITEBYTECODE="1", COVERAGE_PROCESS_CONFIG=""),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        preexec_fn=full,
        check=False,
    )
    assert done.returncode == 5
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert (photos / "a.jpg").exists()
    program = Program(photos, cwd=tmp_path)
    assert program.get("/api/groups")["total"] == 1
    program.kill()


def test_scan_moves_nothing_and_says_when_groups_wait_already(photos: Path) -> None:
    Program(photos, cwd=photos.parent).kill()
    before = sorted(photos.parent.rglob("*"))
    done = sil("scan", photos, cwd=photos.parent)
    assert "are not scanned again" in done.stderr
    assert sorted(photos.parent.rglob("*")) == before


def test_scan_tells_of_an_undecodable_name_as_json_can(photos: Path) -> None:
    (photos / "\udcff.jpg").write_bytes((photos / "a.jpg").read_bytes())
    paths = [f["path"] for f in scanned(photos)["groups"][0]["files"]]
    assert str(photos / "\udcff.jpg") in paths


def test_problems_give_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/broken.jpg").write_text("no picture")
    done = sil("scan", tmp_path / "photos", "--mode", "phash", "--json", "-")
    assert done.returncode == 3


def test_a_refusal_for_safety_gives_exit_code_4(photos: Path) -> None:
    done = sil(photos, "--decision-folder", photos, cwd=photos.parent)
    assert (done.returncode, "lies in the decision folder" in done.stderr) == (4, True)


def test_a_decision_folder_on_another_drive_is_refused_and_the_default_avoids_it(
    photos: Path,
) -> None:
    other = another_drive(photos)
    if other is None:
        pytest.skip("this system has one drive only")
    done = sil(photos, "--decision-folder", f"{other}/decide", cwd=photos.parent)
    assert (done.returncode, "another drive" in done.stderr) == (4, True)
    program = Program(photos, cwd=other)
    assert list((photos / "_DECISION_DUPES").glob("group_0001_*")), "in the root instead"
    program.kill()


def test_a_damaged_journal_gives_exit_code_5_and_changes_nothing(photos: Path) -> None:
    Program(photos, cwd=photos.parent).kill()
    path = photos.parent / "_DECISION_DUPES/.journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b"begin", b"bogus"))
    before = sorted(photos.parent.rglob("*"))
    done = sil(photos, "--port", "0", cwd=photos.parent)
    assert (done.returncode, "line 1 of" in done.stderr) == (5, True)
    assert sorted(photos.parent.rglob("*")) == before


def test_a_decision_folder_that_is_a_file_is_named(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = sil(photos, "--decision-folder", tmp_path / "file", cwd=tmp_path)
    assert (done.returncode, "is not a folder" in done.stderr) == (2, True)


def test_verbs_without_a_decision_folder_say_so(photos: Path) -> None:
    for verb in ("undo", "recover", "verify", "purge", "review"):
        done = sil(verb, photos, cwd=photos.parent)
        assert (done.returncode, "no decision folder" in done.stderr) == (2, True), verb
    told = sil("status", photos, cwd=photos.parent)
    assert (told.returncode, "no decision folder" in told.stdout) == (0, True)


def test_review_goes_on_without_scanning(photos: Path) -> None:
    Program(photos, cwd=photos.parent).kill()
    program = Program("review", cwd=photos.parent)
    assert program.get("/api/groups")["total"] == 1
    assert "scan:" not in program.text
    program.kill()
    assert sil("status", cwd=photos.parent).returncode == 1
    recovered = sil("recover", cwd=photos.parent)
    assert (recovered.returncode, "half done" in recovered.stdout) == (1, True)
    assert sil("purge", cwd=photos.parent).stdout == "nothing is set aside\n"


def test_the_launcher_does_the_same(photos: Path) -> None:
    launcher = Path(__file__).parents[2] / "find_dupe_images.py"
    done = subprocess.run(
        [sys.executable, launcher, "scan", photos, "--json", "-"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert names(json.loads(done.stdout)) == [["a.jpg", "b.jpg"]]


def test_the_sample_library_is_built_once_and_opened(tmp_path: Path) -> None:
    program = Program("demo", tmp_path / "samples")
    assert program.get("/api/groups")["total"] > 0
    program.kill()
    again = Program("demo", tmp_path / "samples")
    assert "going on with" in again.text
    again.kill()


def test_main_ends_with_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--threshold", "65", "."]) == 2
    assert "65" in capsys.readouterr().err


def test_several_folders_are_cleaned_against_one_that_is_left_alone(tmp_path: Path) -> None:
    for name, seed in (
        ("archive/a.jpg", 1),
        ("phone/b.jpg", 1),
        ("card/c.jpg", 1),
        ("card/old/d.jpg", 1),
        ("phone/e.jpg", 2),
        ("card/f.jpg", 2),
    ):
        pictures.photo(tmp_path / name, seed)
    before = reviewing.tree(tmp_path)
    words = ("phone", "--reference", "archive", "card", "--exclude", "old/")
    told = sil("scan", *words, "--json", "-", cwd=tmp_path)
    assert names(json.loads(told.stdout)) == [["a.jpg", "c.jpg", "b.jpg"], ["f.jpg", "e.jpg"]]
    done = sil(*words, "--auto", "identical", "--no-page", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    left = {name for name in reviewing.tree(tmp_path) if not name.startswith("_DECISION")}
    assert {"archive/a.jpg", "card/old/d.jpg"} < left
    assert not left & {"phone/b.jpg", "card/c.jpg"}
    assert len(left) == 3
    sil("undo", cwd=tmp_path)
    assert reviewing.tree(tmp_path) == before


@pytest.mark.parametrize("mode", ["exact", "similar"])
def test_a_drive_that_is_mounted_below_is_compared_and_never_touched(
    tmp_path: Path, mode: str
) -> None:
    photos, card = tmp_path / "photos", tmp_path / "photos/card"
    card.mkdir(parents=True)
    other = another_drive(tmp_path)
    if other is None:
        without("a second drive is needed, such as /dev/shm")
    with tempfile.TemporaryDirectory(dir=other) as there, bound(Path(there), card):
        for name in ("card/a.jpg", "b.jpg"):
            pictures.photo(photos / name, 1)
        for name in ("card/twice.jpg", "card/twice again.jpg"):
            pictures.photo(photos / name, 2)
        assert sil("scan", photos, "--mode", mode).returncode == 0, "left out"
        before = reviewing.tree(photos)
        for _ in range(2):  # the second time from the cache
            told = sil("scan", photos, "--mode", mode, "--follow-mounts", "--json", "-")
            assert [sorted(one) for one in names(json.loads(told.stdout))] == [["a.jpg", "b.jpg"]]
        words = ("--mode", mode, "--follow-mounts", "--auto", "identical", "--no-page")
        done = sil(photos, *words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert set(reviewing.tree(photos)) == {*before} - {"b.jpg"}
        sil("undo", cwd=tmp_path)
        assert reviewing.tree(photos) == before


def test_a_photo_library_of_another_program_is_only_looked_at(tmp_path: Path) -> None:
    library = tmp_path / "Mine.photoslibrary/originals"
    for name in ("a.jpg", "b.jpg"):
        pictures.photo(library / name, 1)
    assert sil("scan", library).returncode == 1
    refused = sil(library, "--no-page", cwd=tmp_path)
    assert refused.returncode == 4
    assert "belongs to another program" in refused.stderr
    assert len(list(library.iterdir())) == 2
