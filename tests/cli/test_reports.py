"""What ``sil scan --report`` tells of real libraries, in each mode, and where it is written."""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import pictures
from same_image_locator.cli import main

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs/reference/report.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two copies and a smaller one of a photo, settings with one, and a photo on its own."""
    root = tmp_path / "photos"
    pictures.photo(root / "a.jpg", 1, size=(320, 240), taken="2019:06:12 14:03:22")
    pictures.photo(root / "copy/a (1).jpg", 1, size=(320, 240), taken="2019:06:12 14:03:22")
    pictures.photo(root / "sent/=a.jpg", 1, size=(240, 180), quality=70)
    pictures.photo(root / "b.jpg", 2)
    (root / "copy/a (1).xmp").write_text("settings")
    (root / "broken.jpg").write_bytes(b"\xff\xd8 no picture")
    return root


def reported(
    photos: Path, capsysbinary: pytest.CaptureFixture[bytes], *words: str
) -> tuple[int, bytes]:
    capsysbinary.readouterr()
    code = main(["scan", str(photos), *words])
    return code, capsysbinary.readouterr().out


def checked(text: bytes) -> dict[str, Any]:
    """Return a report that its schema allows, and in which nothing is that it does not name."""
    report: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(report, SCHEMA)
    defined = SCHEMA["$defs"]
    assert report.keys() <= SCHEMA["properties"].keys()
    for group in report["groups"]:
        assert group.keys() <= defined["group"]["properties"].keys()
        for file in group["files"]:
            assert file.keys() == defined["file"]["properties"].keys()
            assert (
                not file["facts"] or file["facts"].keys() == defined["facts"]["properties"].keys()
            )
    return report


@pytest.mark.parametrize("mode", ["exact", "ahash", "phash", "similar"])
def test_a_json_report_keeps_to_its_schema_and_to_the_report_of_version_1(
    photos: Path, capsysbinary: pytest.CaptureFixture[bytes], mode: str
) -> None:
    code, text = reported(photos, capsysbinary, "--mode", mode, "--report", "json")
    report = checked(text)
    first = json.loads(reported(photos, capsysbinary, "--mode", mode, "--json", "-")[1])
    assert (code, first["version"], report["version"]) == (1, 1, 2)
    for key in first.keys() - {"version", "groups"}:
        assert report[key] == first[key]
    for old, new in zip(first["groups"], report["groups"], strict=True):
        assert old["number"] == new["number"]
        for before, file in zip(old["files"], new["files"], strict=True):
            # Bytes that are equal are proof, which a scan by a hash did not look for.
            assert file["tier"] in {before.pop("tier"), "identical"}
            assert before.items() <= file.items()
    [group] = report["groups"]
    assert [file["number"] for file in group["files"]] == [1, 2, 3][: len(group["files"])]
    assert report["summary"]["files"] == (2 if mode == "exact" else 3)


def test_a_report_tells_what_is_suggested_why_and_what_would_be_missed(
    photos: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    _, text = reported(photos, capsysbinary, "--mode", "similar", "--report", "json")
    [group] = checked(text)["groups"]
    suggestion = group["suggestion"]
    [kept] = [file for file in group["files"] if file["number"] in suggestion["keep"]]
    assert kept["path"] == str(photos / "copy/a (1).jpg"), "it has settings"
    assert kept["companions"] == [str(photos / "copy/a (1).xmp")]
    assert "320 × 240 against 240 × 180" in suggestion["reasons"]
    others = sum(file["size"] for file in group["files"] if file is not kept)
    assert suggestion["frees_bytes"] == others
    _, text = reported(
        photos, capsysbinary, "--mode", "similar", "--report", "json", "--keep", "path"
    )
    [group] = checked(text)["groups"]
    told = {os.path.basename(file["path"]): file["has_alone"] for file in group["files"]}
    assert group["suggestion"]["reasons"] == ["shorter path"]
    assert told["a (1).jpg"] == ["XMP file"]


def test_a_second_name_of_a_file_frees_nothing(
    photos: Path, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.jpg").hardlink_to(photos / "copy/a (1).jpg")
    words = ("--report", "json", "--keep", "path")
    [group] = checked(reported(photos, capsysbinary, *words)[1])["groups"]
    settings = (photos / "copy/a (1).xmp").stat().st_size
    assert (group["suggestion"]["keep"], group["suggestion"]["frees_bytes"]) == ([1], settings)


def test_tables_have_a_row_for_each_file_and_formulas_are_defused(
    photos: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    _, text = reported(photos, capsysbinary, "--mode", "similar", "--report", "csv")
    assert text.startswith(b"\xef\xbb\xbfgroup,file,")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    assert sorted(row["name"] for row in rows) == ["'=a.jpg", "a (1).jpg", "a.jpg"]
    _, text = reported(photos, capsysbinary, "--mode", "similar", "--report", "tsv")
    assert [line.split("\t")[4] for line in text.decode().splitlines()] == [
        "name",
        *(row["name"] for row in rows),
    ]


def test_a_report_goes_to_a_file_and_over_an_older_one_but_never_over_anything_else(
    photos: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    target = tmp_path / "report.html"
    words = ("--report", "html", "--output", str(target))
    assert reported(photos, capsysbinary, *words) == (1, b"")
    assert target.read_text(encoding="utf-8").count("<img ") == 1
    again = target.stat().st_ino
    assert reported(photos, capsysbinary, *words) == (1, b"")
    assert target.stat().st_ino != again
    photo = (photos / "b.jpg").read_bytes()
    (tmp_path / "settings.json").write_text('{"mine": 1}')
    for taken in (photos / "b.jpg", tmp_path / "settings.json", tmp_path):
        assert main(["scan", str(photos), "--report", "html", "--output", str(taken)]) == 2
        assert b"exists and is no report" in capsysbinary.readouterr().err
    assert (photos / "b.jpg").read_bytes() == photo
    assert main(["scan", str(photos), "--output", str(target)]) == 2
    assert main(["scan", str(photos), "--report", "tsv", "--output", "no/folder"]) == 2
    errors = capsysbinary.readouterr().err.decode()
    assert "--output needs --report" in errors
    assert "no/folder cannot be written: No such file" in errors


def test_the_exit_code_tells_scripts_whether_duplicates_remain(
    photos: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (photos / "copy/a (1).jpg").unlink()
    code, text = reported(photos, capsysbinary, "--report", "json")
    assert (code, checked(text)["groups"]) == (0, [])
    code, text = reported(photos, capsysbinary, "--report", "json", "--mode", "phash")
    assert (code, len(checked(text)["groups"])) == (1, 1)
    (photos / "sent/=a.jpg").unlink()
    code, text = reported(photos, capsysbinary, "--report", "json", "--mode", "phash")
    [problem] = checked(text)["problems"]
    assert (code, problem["path"]) == (3, str(photos / "broken.jpg"))


def test_undecodable_names_come_out_whole_in_every_form(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    root = tmp_path / "photos"
    for name in (b"caf\xe9.jpg", b"\xff\xfe.jpg"):
        pictures.photo(root / os.fsdecode(name), 1)
    [group] = checked(reported(root, capsysbinary, "--report", "json")[1])["groups"]
    assert str(root / "caf\udce9.jpg") in {file["path"] for file in group["files"]}
    for form in ("csv", "tsv", "html"):
        code, text = reported(root, capsysbinary, "--report", form)
        assert (code, r"caf\xe9.jpg" in text.decode()) == (1, True)
