"""A photo and its companions come home together, under one name, whatever is taken meanwhile."""

import os
from pathlib import Path

import pytest

from same_image_locator import journal
from same_image_locator.journal import companion_home
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.plans import Act, ActKind, Plan, Purpose

KERNEL = RealKernel()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder of photos with a photo and two companions."""
    (tmp_path / "decide").mkdir()
    (tmp_path / "home").mkdir()
    for name in ("a.jpg", "a.xmp", "a.jpg.xmp"):
        (tmp_path / "home" / name).write_bytes(name.encode())
    return tmp_path / "home"


def act(kind: ActKind, source: Path, target: Path, *owners: Path) -> Act:
    found = KERNEL.status(str(source))
    assert found is not None
    sha = KERNEL.sha256(str(source))
    names = tuple(str(owner) for owner in owners)
    return Act(kind, str(target), str(source), found.identity, sha, owners=names)


def stage(home: Path) -> tuple[Plan, Path]:
    group = home.parent / "decide" / "group_0001_sha_0123456789"
    photo = act(ActKind.STAGE, home / "a.jpg", group / "001_a.jpg")
    others = [
        act(ActKind.STAGE, home / name, group / f"001_{name}", home / "a.jpg")
        for name in ("a.xmp", "a.jpg.xmp")
    ]
    ready = (Act(ActKind.MAKE_FOLDER, str(group)),)
    return Plan("stage", "run/group_0001_sha_0123456789", (ready, (photo, *others))), group


def homecoming(home: Path, group: Path, purpose: Purpose) -> Plan:
    photo = act(ActKind.BRING_HOME, group / "001_a.jpg", home / "a.jpg")
    others = [
        act(ActKind.BRING_HOME, group / f"001_{name}", home / name, group / "001_a.jpg")
        for name in ("a.xmp", "a.jpg.xmp")
    ]
    return Plan(purpose, "run/group_0001_sha_0123456789", ((photo, *others),))


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in os.listdir(folder)}


def test_all_come_home_under_the_photos_new_name(home: Path) -> None:
    plan, group = stage(home)
    with journal.opened(str(home.parent / "decide")) as opened:
        opened.perform([plan])
        (home / "a.jpg").write_bytes(b"newer")
        [receipt] = opened.perform([homecoming(home, group, "settle")])
    assert receipt.done
    assert contents(home) == {
        "a.jpg": b"newer",
        "a (kept).jpg": b"a.jpg",
        "a (kept).xmp": b"a.xmp",
        "a (kept).jpg.xmp": b"a.jpg.xmp",
    }


def test_a_companions_taken_name_moves_the_whole_bundle_on(home: Path) -> None:
    plan, group = stage(home)
    with journal.opened(str(home.parent / "decide")) as opened:
        opened.perform([plan])
        (home / "a.xmp").write_bytes(b"newer")
        (home / "a (kept).jpg.xmp").write_bytes(b"newer too")
        opened.perform([homecoming(home, group, "settle")])
    found = contents(home)
    assert found["a (kept 2).jpg"] == b"a.jpg"
    assert found["a (kept 2).xmp"] == b"a.xmp"
    assert found["a (kept 2).jpg.xmp"] == b"a.jpg.xmp"
    assert found["a.xmp"] == b"newer"


def test_a_bundle_taken_back_stays_together(home: Path) -> None:
    """The last companion vanishes, and something took the photo's name: all go back beside it."""
    plan, _ = stage(home)

    class Foreign(RealKernel):
        def move(self, source: str, target: str) -> None:
            super().move(source, target)
            if source.endswith("home/a.jpg"):
                Path(source).write_bytes(b"foreign")
                (home / "a.jpg.xmp").rename(home / "moved.xmp")

    [receipt] = journal.Journal(str(home.parent / "decide"), Foreign()).perform([plan])
    assert not receipt.done
    assert contents(home) == {
        "a.jpg": b"foreign",
        "a (restored).jpg": b"a.jpg",
        "a (restored).xmp": b"a.xmp",
        "moved.xmp": b"a.jpg.xmp",
    }


def test_a_companion_whose_photo_stays_away_comes_home_by_itself(home: Path) -> None:
    plan, group = stage(home)
    with journal.opened(str(home.parent / "decide")) as opened:
        opened.perform([plan])
        all_back = homecoming(home, group, "undo")
        rest = Plan("undo", plan.subject, (all_back.phases[0][1:],))
        opened.perform([rest])
    assert sorted(contents(home)) == ["a.jpg.xmp", "a.xmp"]


@pytest.mark.parametrize(
    ("companion", "owner", "came", "expected"),
    [
        ("a.xmp", "a.jpg", "a.jpg", "a.xmp"),
        ("a.xmp", "a.jpg", "a (kept).jpg", "a (kept).xmp"),
        ("a.jpg.xmp", "a.jpg", "a (kept 12).jpg", "a (kept 12).jpg.xmp"),
        ("b(1).json", "b.jpg(1)", "b (restored).jpg(1)", "b (restored)(1).json"),
        ("other.json", "photo.jpg", "photo (kept).jpg", "other (kept).json"),
        ("a (1).xmp", "a (1).jpg", "a (1) (kept).jpg", "a (1) (kept).xmp"),
    ],
)
def test_a_companions_home_follows_its_photos(
    companion: str, owner: str, came: str, expected: str
) -> None:
    assert companion_home(f"/p/{companion}", f"/p/{owner}", f"/p/{came}") == f"/p/{expected}"


def test_a_long_name_is_shortened_to_what_a_system_can_hold() -> None:
    stem = "é" * 120
    home = f"/p/{stem} (kept).jpg"
    named = companion_home(f"/p/{stem}.jpg.xmp", f"/p/{stem}.jpg", home)
    assert named.endswith(" (kept).jpg.xmp")
    assert len(os.fsencode(os.path.basename(named))) <= 255
