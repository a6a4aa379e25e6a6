"""Reports of invented groups: whatever their names are, each form says just that, harmlessly."""

import csv
import io
import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from same_image_locator import reports
from same_image_locator.model import Facts, Identity, Method, Problem
from same_image_locator.reports import html_form
from same_image_locator.reports.table_forms import COLUMNS
from same_image_locator.reports.value import Advice, Appraised, File, Report

JPEG = b"\xff\xd8 a picture"
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=()), max_size=20)
EVIL = st.one_of(TEXT, st.builds(str.__add__, st.sampled_from("=+-@\t\r\n'＝\udcff<"), TEXT))  # noqa: RUF001 - a full-width sign
BIDI = "a\u202egpj.jpg"


def file(number: int, path: str, sha256: str = "", **facts: Any) -> File:
    picture = Facts(1600, 1200, "JPEG", **facts)
    identity = Identity(1, number, 1000 * number, 0)
    return File(
        number, path, path, identity, sha256 or f"{number:064x}", "same picture", 2, "", picture,
        ("/p/a.xmp",), ("GPS",),
    )  # fmt: skip


def group(number: int, *files: File, keep: tuple[int, ...] = (1,)) -> Appraised:
    advice = Advice(keep, "clear" if keep else "your call", ("larger file",), 500)
    return Appraised(number, Method("similar"), "same picture", files, ("/p/n.jpg",), 700, advice)


def written(form: str, groups: Sequence[Appraised], jpeg: bytes | None = JPEG) -> str:
    out = io.StringIO(newline="")
    count = sum(len(one.files) for one in groups)
    problems = [Problem("/p/<b>.jpg", "fingerprint", "broken")]
    report = Report(
        "/p", Method("similar"), "2026-03-01T10:15:00+00:00", "1", len(groups), count,
        iter(groups), problems, lambda _file: jpeg,
    )  # fmt: skip
    reports.form(form).write(report, out)
    return out.getvalue()


@pytest.mark.parametrize("form", reports.forms())
def test_each_report_begins_as_its_form_says(form: str) -> None:
    assert written(form, []).startswith(reports.form(form).head)
    assert written(form, [group(1, file(1, "/p/a.jpg"))]).startswith(reports.form(form).head)


def test_an_unknown_form_is_none() -> None:
    with pytest.raises(KeyError):
        reports.form("pdf")


def shown(text: str) -> str:
    """Return a text as a table can hold it: undecodable bytes in words."""
    return "".join(
        f"\\x{ord(c) - 0xDC00:02x}" if "\udc80" <= c <= "\udcff"
        else f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c
        for c in text
    )  # fmt: skip


def unescaped(cell: str) -> str:
    plain = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}

    def whole(found: re.Match[str]) -> str:
        if found[1] in plain:
            return plain[found[1]]
        code = int(found[1][1:], 16)
        return chr(code + 0xDC00 if found[1][0] == "x" else code)

    return re.sub(r"\\([tnr\\]|x[0-9a-f]{2}|u[0-9a-f]{4})", whole, cell)


@settings(max_examples=60)
@given(EVIL, EVIL)
def test_csv_gives_every_text_back_and_no_cell_begins_like_a_formula(
    name: str, camera: str
) -> None:
    text = written("csv", [group(1, file(1, f"/p/{name}", camera=camera), file(2, "/p/b.jpg"))])
    text.encode("utf-8")
    first, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert (tuple(first), len(rows)) == (COLUMNS, 2)
    row = dict(zip(first, rows[0], strict=True))
    assert row["path"] == shown(f"/p/{name}")
    assert row["camera"].removeprefix("'") == shown(camera) or row["camera"] == shown(camera)
    assert (row["camera"][:1] == "'") == camera.startswith(tuple("=+-@\t\r\n'＝＋－＠"))  # noqa: RUF001 - they are meant
    for cell in rows[0]:
        assert not cell.startswith(tuple("=+-@\t\r\n"))


@settings(max_examples=40)
@given(EVIL)
def test_a_line_of_tsv_is_a_row_and_gives_every_text_back(camera: str) -> None:
    text = written("tsv", [group(1, file(1, "/p/a.jpg", camera=camera))])
    head, row, end = text.split("\n")
    cells = dict(zip(head.split("\t"), row.split("\t"), strict=True))
    assert (tuple(cells), end) == (COLUMNS, "")
    assert unescaped(cells["camera"].removeprefix("'")) == camera


def test_numbers_stay_numbers_and_what_is_not_known_is_empty() -> None:
    unread = file(2, "/p/b.jpg")._replace(facts=None, distance=None)
    south = file(1, "/p/a.jpg", latitude=-33.8, longitude=151.2)
    rows = list(
        csv.DictReader(io.StringIO(written("csv", [group(4, south, unread)]).lstrip("\ufeff")))
    )
    assert [row["latitude"] for row in rows] == ["-33.8", ""]
    assert [(row["group"], row["file"], row["suggested"]) for row in rows] == [
        ("4", "1", "keep"),
        ("4", "2", "go"),
    ]
    assert [row["frees_bytes"] for row in rows] == ["500", ""], "it is told once a group"
    assert rows[1]["width"] == rows[1]["distance"] == ""


def test_nothing_is_suggested_where_a_person_has_to_choose() -> None:
    text = written("csv", [group(1, file(1, "/p/a.jpg"), keep=())])
    [row] = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (row["suggested"], row["confidence"]) == ("", "your call")
    assert "Left for you: larger file" in written("html", [group(1, file(1, "/p/a.jpg"), keep=())])


class Seen(HTMLParser):
    """What a browser would make of a page: its elements, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


KNOWN = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "h3", "p"),
    *("bdi", "article", "div", "span", "ul", "li", "img", "dl", "dt", "dd", "section"),
}


@settings(max_examples=40)
@given(EVIL)
def test_no_name_becomes_markup_in_html(name: str) -> None:
    one = file(1, f"/p/{name}", camera=name)
    seen = Seen(written("html", [group(1, one)]))
    assert {*seen.tags} <= KNOWN
    assert not [key for key, _ in seen.attributes if key.startswith("on") or key == "style"]
    assert seen.tags.count("img") == 1


def test_html_loads_nothing_says_so_and_shows_deceiving_names_as_they_are() -> None:
    page = written("html", [group(1, file(1, f"/p/x/{BIDI}"), file(2, "/p/b.jpg"))])
    assert "\u202e" not in page
    assert r"a\u202egpj.jpg" in page
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "http" not in page.replace("http-equiv", "")
    assert "⚠ has alone: GPS" in page
    assert "A looser rule would add" in page
    assert "&lt;b&gt;.jpg" in page, "problems are told, too"


def test_identical_files_share_one_picture_and_room_for_pictures_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    same = [file(n, f"/p/{n}.jpg", sha256="a" * 64) for n in range(1, 40)]
    page = written("html", [group(1, *same)])
    assert (page.count("<img "), "39 identical files" in page) == (1, True)
    different = group(1, *(file(n, f"/p/{n}.jpg") for n in range(1, 40)))
    page = written("html", [different])
    assert page.count("<img ") == html_form.PICTURES_OF_A_GROUP
    assert "<dt>Pictures left out</dt><dd>27</dd>" in page
    monkeypatch.setattr(html_form, "PICTURES_BYTES", 30)
    groups = [group(n, file(1, "/p/a.jpg"), file(2, "/p/b.jpg")) for n in range(1, 4)]
    page = written("html", groups)
    assert (page.count("<img "), page.count("picture left out")) == (2, 4)
    assert page.count("<article ") == 3, "the groups are all told"
    assert written("html", groups, jpeg=None).count("no preview") == 6


def test_json_sums_up_and_holds_paths_exactly() -> None:
    path = "/p/\udcff\n.jpg"
    report = json.loads(written("json", [group(1, file(1, path)), group(2, file(1, "/p/a"))]))
    assert report["groups"][0]["files"][0]["path"] == path
    assert report["summary"] == {
        "groups": 2,
        "files": 2,
        "redundant_bytes": 1400,
        "frees_bytes": 1000,
    }
    assert json.loads(written("json", []))["groups"] == []


def test_a_time_that_no_calendar_has_is_left_out() -> None:
    one = file(1, "/p/a.jpg")
    assert one._replace(identity=Identity(1, 1, 1, 10**30)).modified == ""
    assert one.modified == "1970-01-01T00:00:00+00:00"
