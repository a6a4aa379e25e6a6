"""The keep rules one by one, how sure a suggestion is, and what would be missed."""

import os
import time

import pytest

from same_image_locator.choices import KEEP_RULES
from same_image_locator.model import Facts, Identity, Tier
from same_image_locator.plans import Attached, Entry
from same_image_locator.review.suggestion import NO_DIFFERENCE, Suggestion, suggestion

NOON = 1_560_340_800 * 10**9  # 2019-06-12 12:00 UTC
LARGE, SMALL = Facts(4000, 3000, "JPEG"), Facts(1600, 1200, "JPEG")


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def entry(
    origin: str,
    *,
    size: int = 100,
    mtime: int = NOON,
    content: str = "",
    tier: Tier = "same picture",
    changes: str = "",
) -> Entry:
    name = origin.replace("/", "_")
    identity = Identity(1, 1, size, mtime)
    return Entry(name, origin, identity, content or origin, changes=changes, tier=tier)


A, B = entry("/p/a.jpg"), entry("/p/b.jpg")
# What each rule tells apart: two files of which the first is better, with the reason in words.
PAIRS = {
    "folder": (("/q/a.jpg", SMALL), ("/p/a.jpg", SMALL), "in your preferred folder"),
    "whole": (("/p/a.jpg", SMALL), ("/p/b.jpg", None), "can be read, the other cannot"),
    "pixels": (("/p/a.jpg", LARGE), ("/p/b.jpg", SMALL), "4000 × 3000 against 1600 × 1200"),
    "quality": (
        ("/p/a.jpg", LARGE._replace(quality=92)),
        ("/p/b.jpg", LARGE._replace(quality=75)),
        "quality 92 against 75",
    ),
    "data": (
        ("/p/a.jpg", LARGE._replace(taken_at="2019-06-12", latitude=1.0, longitude=2.0)),
        ("/p/b.jpg", LARGE),
        "has capture date and GPS, the other has not",
    ),
    "name": (("/p/a.jpg", LARGE), ("/p/a (1).jpg", LARGE), "name without “(1)”"),
    "age": (
        ("/p/a.jpg", LARGE._replace(taken_at="2019-06-12T14:03:22")),
        ("/p/b.jpg", LARGE._replace(taken_at="2020-01-01T00:00:00")),
        "older: 2019-06-12 against 2020-01-01",
    ),
    "path": (("/p/z.jpg", LARGE), ("/p/aa.jpg", LARGE), "shorter path"),
}
STRONG = ("folder", "pixels", "quality", "data")


def of(*files: tuple[str, Facts | None], **more: object) -> Suggestion:
    entries = [entry(origin) for origin, _ in files]
    return suggestion(entries, [facts for _, facts in files], ("/q",), **more)  # type: ignore[arg-type] # named as they are


@pytest.mark.parametrize("name", PAIRS)
def test_each_rule_decides_and_says_why(name: str) -> None:
    better, worse, words = PAIRS[name]
    for files, keeper in (((better, worse), 0), ((worse, better), 1)):
        found = of(*files)
        assert (found.keeper, found.reasons[0]) == (keeper, words)
        assert found.confidence == ("clear" if name in STRONG else "lean")


def test_more_bytes_win_within_a_format_only() -> None:
    files = [entry("/p/b.jpg", size=200), entry("/p/a.jpg")]
    assert suggestion(files, [LARGE, LARGE]).reasons == ("larger file",)
    mixed = suggestion(files, [LARGE, LARGE._replace(format="WebP")], rules=["bytes"])
    assert (mixed.keeper, mixed.confidence) == (None, "your call")


def test_every_rule_has_a_test_of_its_own() -> None:
    assert {*PAIRS, "bytes"} == set(KEEP_RULES)


def test_the_order_of_the_rules_is_the_users() -> None:
    files = (("/p/a.jpg", SMALL), ("/p/a copy.jpg", LARGE))
    assert of(*files).keeper == 1
    turned = of(*files, rules=("name", "pixels"))
    assert (turned.keeper, turned.reasons) == (0, ("name without “copy”",))
    assert turned.lacks[0].what == ("more pixels (4000 × 3000)",)


@pytest.mark.parametrize(
    "name",
    ["a (12).jpg", "a copy.jpg", "a - Copy (2).jpg", "Kopie von a.jpg", "IMG-20190612-WA0003.jpg"],
)
def test_names_of_copies_are_known_in_many_forms(name: str) -> None:
    assert of((f"/p/{name}", LARGE), ("/p/a very long name.jpg", LARGE)).keeper == 1


@pytest.mark.parametrize(
    ("poor", "good", "rules"),
    [
        (None, LARGE, ("pixels", "path")),
        (LARGE, LARGE._replace(quality=75), ("quality", "path")),
        (LARGE, LARGE._replace(taken_at="2020-01-01"), ("age", "path")),
        (None, LARGE, ("bytes", "path")),
        (None, LARGE, ("whole", "path")),
        (None, LARGE._replace(camera="X"), ("data", "path")),
    ],
)
def test_what_is_not_known_of_a_file_never_speaks_for_it(
    poor: Facts | None, good: Facts, rules: tuple[str, ...]
) -> None:
    for files, keeper in (
        ((("/p/a.jpg", poor), ("/p/longer.jpg", good)), 1),
        ((("/p/longer.jpg", good), ("/p/a.jpg", poor)), 0),
    ):
        assert of(*files, rules=rules).keeper == keeper


def test_a_few_more_pixels_or_a_finer_estimate_are_no_difference() -> None:
    near = Facts(4010, 3000, "JPEG", quality=93)
    found = of(("/p/a.jpg", LARGE._replace(quality=92)), ("/p/bb.jpg", near))
    assert (found.keeper, found.confidence, found.reasons) == (0, "lean", ("shorter path",))


def test_the_pixels_and_bytes_of_what_may_be_an_enlargement_do_not_speak_for_it() -> None:
    doubt = "may be an enlargement: no more detail than 1600 × 1200"
    suspect = LARGE._replace(detail=(1600, 1200))
    small = SMALL._replace(quality=92)
    found = of(("/p/a.jpg", suspect._replace(quality=80)), ("/p/b.jpg", small))
    assert (found.keeper, found.confidence) == (1, "lean")
    assert found.reasons == ("quality 92 against 80",)
    assert found.lacks[0].words == f"more pixels (4000 × 3000; {doubt})"
    dated = suspect._replace(taken_at="2019-06-12", quality=92)
    kept = of(("/p/a.jpg", dated), ("/p/b.jpg", small))
    assert (kept.keeper, kept.confidence) == (0, "lean")
    assert kept.reasons[::2] == ("has capture date, the other has not", doubt)
    files = [entry("/p/aa.jpg", size=900), entry("/p/b.jpg")]
    assert suggestion(files, [suspect, SMALL]).reasons == ("shorter path",)
    open_case = suggestion(files, [suspect, SMALL], rules=["pixels", "bytes"])
    assert (open_case.confidence, open_case.reasons) == (
        "your call",
        (NO_DIFFERENCE, f"aa.jpg {doubt}"),
    )


def test_a_picture_stored_without_loss_is_no_worse_than_a_jpeg_and_is_missed() -> None:
    png = Facts(4000, 3000, "PNG")
    found = of(("/p/a.jpg", LARGE._replace(quality=92, camera="X")), ("/p/b.png", png))
    assert (found.keeper, found.confidence) == (0, "lean")
    assert found.lacks[0].words == "the format PNG"


def test_identical_files_need_no_facts_and_are_told_by_name_age_and_path() -> None:
    files = [
        entry("/p/a (1).jpg", content="x"),
        entry("/p/longer/a.jpg", content="x", mtime=NOON - 10**9 * 86400),
        entry("/p/a.jpg", content="x", tier="similar"),
    ]
    found = suggestion(files, [None] * 3)
    assert (found.keeper, found.confidence) == (1, "identical")
    assert found.reasons == (
        "name without “(1)”",
        "older file: 2019-06-11 against 2019-06-12",
    )
    same = suggestion([files[2], entry("/p/b.jpg", content="x")], [None] * 2)
    assert (same.keeper, same.confidence, same.reasons) == (0, "identical", ("no real difference",))


def test_the_same_pixels_are_identical_unless_something_would_be_missed() -> None:
    files = [entry("/p/a.png", tier="similar"), entry("/p/b.png", tier="same pixels")]
    png = Facts(4000, 3000, "PNG")
    assert suggestion(files, [png, png]).confidence == "identical"
    placed = png._replace(latitude=1.0, longitude=2.0)
    assert suggestion(files, [png, placed])[:2] == (1, "identical")
    stripped = suggestion(files, [png, placed], rules=["path"])
    assert stripped[:2] == (0, "lean")
    assert stripped.lacks[0].words == "GPS"


def test_a_settings_file_that_only_the_copy_has_is_missed() -> None:
    files = [entry("/p/a.jpg", content="x"), entry("/p/b.jpg", content="x")]
    xmp = Attached("b.xmp", "/p/b.xmp", Identity(1, 2, 9, 0), "settings", (files[1].name,))
    assert suggestion(files, [None] * 2, attached=[xmp])[:2] == (1, "identical")
    found = suggestion(files, [None] * 2, rules=["path"], attached=[xmp])
    assert (found.keeper, found.confidence, found.lacks[0].what) == (0, "lean", ("XMP file",))
    both = [xmp, Attached("a.xmp", "/p/a.xmp", Identity(1, 3, 9, 0), "settings", (files[0].name,))]
    assert suggestion(files, [None] * 2, attached=both)[:2] == (0, "identical")


@pytest.mark.parametrize("tier", ["series", "similar"])
def test_what_is_not_sure_to_be_one_picture_is_the_users_call(tier: Tier) -> None:
    found = suggestion([A, entry("/p/b.jpg", tier=tier)], [LARGE, SMALL], ("/p",))
    assert (found.keeper, found.confidence) == (None, "your call")
    assert "look closely" in found.reasons[0]


def test_a_view_of_its_own_is_missed_whichever_is_kept() -> None:
    cropped = entry("/q/b.jpg", changes="cropped to 81 %, scaled to 50 %")
    found = suggestion([A, cropped], [LARGE, SMALL])
    assert (found.keeper, found.confidence) == (0, "lean")
    assert found.lacks[0].words == "a view of its own (cropped to 81 %)"
    turned = suggestion([A, cropped], [SMALL, SMALL], ("/q",))
    assert turned.keeper == 1
    assert turned.lacks[0].words == "the view as it was (kept is what is cropped to 81 %)"
    scaled = entry("/p/b.jpg", changes="scaled to 50 %")
    assert suggestion([A, scaled], [LARGE, SMALL]).confidence == "clear"


def test_everything_that_a_better_copy_has_is_named() -> None:
    rich = Facts(
        4000, 3000, "TIFF", "2019-06-12", camera="X", latitude=1.0, longitude=2.0,
        more_frames=True, depth=16,
    )  # fmt: skip
    files = [entry("/q/a.jpg"), entry("/p/b.tif")]
    [lack] = suggestion(files, [SMALL._replace(depth=8), rich], ("/q",)).lacks
    assert lack.what == (
        "capture date",
        "camera",
        "GPS",
        "more pixels (4000 × 3000)",
        "16 bits per channel",
        "further frames",
        "the format TIFF",
    )
    better = SMALL._replace(quality=95)
    [lack] = suggestion(files, [SMALL._replace(quality=75), better], ("/q",)).lacks
    assert lack.what == ("a higher quality (95)",)


def test_a_file_alone_is_no_group() -> None:
    assert suggestion([A], [LARGE]).confidence == "your call"


def test_folders_preferred_earlier_count_less() -> None:
    files = [entry(os.path.join(folder, "a.jpg")) for folder in ("/p", "/q")]
    found = suggestion(files, [SMALL, SMALL], ("/q", "/p"))
    assert (found.keeper, found.reasons) == (1, ("in the folder preferred last",))
