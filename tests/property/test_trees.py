"""Random trees: stage and undo, or settle and undo, give back the very same tree.

By default 300 trees are tried; ``SIL_TREES=10000`` tries that many. A failure names its seed.
"""

import os
import random
import shutil
from pathlib import Path

import pytest

import snapshots
from counts import tell
from same_image_locator import journal
from same_image_locator.cache import default_folder, remove
from same_image_locator.events import ignore
from same_image_locator.model import Method, Settings
from same_image_locator.pipeline import find
from same_image_locator.plans import Decision
from same_image_locator.session import Session

_TREES = int(os.environ.get("SIL_TREES", "300"))
_PARTS = 6  # so that two workers share them

_STEMS = (
    *("a", "IMG_0001", "-rf", "caf\u00e9", "cafe\u0301", "A", "\udcff\udcfe", "tab\tand\nline"),
    *(
        " x ",
        "x (kept)",
        "x (restored)",
        "001_a",
        "_manifest.tsv",
        ".hidden",
        "\u202egpj",
        "n" * 200,
    ),
)
_FOLDERS = ("2019", "2019 (copy)", "\udc80", "group_0001_sha_0123456789", ".thumbs", "\u5199\u771f")
_SUFFIXES = (".jpg", ".JPG", ".png", ".heic", ".txt", "")
_TIMES = (0, 1, 1_600_000_000_123_456_789, -1_000_000_001, 4_102_444_800_999_999_999)
_MODES = (0o644, 0o600, 0o444, 0o755, 0o640, 0o6755)


def grow(root: Path, rng: random.Random) -> None:
    """Grow a random tree in which some files are copies, links and folders of all sorts."""
    root.mkdir()
    folders = [root]
    for _ in range(rng.randrange(5)):
        folders.append(rng.choice(folders) / rng.choice(_FOLDERS))
        folders[-1].mkdir(exist_ok=True)
    contents = [rng.randbytes(rng.choice((0, 1, 9, 4096, 5000))) for _ in range(rng.randint(1, 3))]
    files: list[Path] = []
    for _ in range(rng.randint(2, 9)):
        path = rng.choice(folders) / (rng.choice(_STEMS) + rng.choice(_SUFFIXES))
        if os.path.lexists(path):
            continue
        _plant(path, files, contents, rng)
    for folder in folders[1:]:
        folder.chmod(rng.choice((0o755, 0o700, 0o750)))


def _plant(path: Path, files: list[Path], contents: list[bytes], rng: random.Random) -> None:
    dice = rng.random()
    if files and dice < 0.07:
        path.hardlink_to(rng.choice(files))
    elif dice < 0.12:
        path.symlink_to(rng.choice(files) if files else "nowhere")
    else:
        path.write_bytes(rng.choice(contents))
        if rng.random() < 0.3:
            snapshots.mark(str(path), "user.rating", rng.randbytes(5))
        path.chmod(rng.choice(_MODES))
        time = rng.choice(_TIMES) + rng.randrange(3)
        os.utime(path, ns=(time, time))
        files.append(path)


def round_trip(room: Path, seed: int) -> tuple[int, int]:
    """Stage a tree, settle half of the times, undo all; returns how many groups and files moved."""
    rng = random.Random(seed)
    root = room / "photos"
    grow(root, rng)
    before = snapshots.tree(root)
    folder = room / "decide" if rng.random() < 0.5 else root / "decide"
    with journal.opened(str(folder)) as opened:
        session = Session(opened, str(root), ignore)
        wide = rng.random() < 0.5
        settings = Settings(str(root), Method("exact"), str(folder), include_all=wide)
        groups = session.stage(find(settings, ignore).groups)
        if rng.random() < 0.5:
            for group in groups:
                names = [entry.name for entry in group.entries]
                keep = frozenset(rng.sample(names, rng.randint(1, len(names))))
                session.settle(Decision(group.subject, keep))
        session.undo(session.undoable())
        assert not session.problems, session.problems
        assert session.close()
    assert snapshots.tree(root) == before, f"seed {seed}"
    assert sorted(os.listdir(room)) == ["photos"], f"seed {seed}"
    return len(groups), sum(len(group.entries) for group in groups)


@pytest.mark.parametrize("part", range(_PARTS))
def test_a_random_tree_is_the_same_after_stage_settle_and_undo(tmp_path: Path, part: int) -> None:
    groups = files = 0
    seeds = range(part, _TREES, _PARTS)
    for seed in seeds:
        room = tmp_path / str(seed)
        room.mkdir()
        moved = round_trip(room, seed)
        groups, files = groups + moved[0], files + moved[1]
        shutil.rmtree(room)
        remove(
            default_folder()
        )  # the next tree's files may have the inodes, sizes and times of these
    tell(f"{len(seeds)} trees, {groups} groups, {files} files moved and home again: 0 differences")
    assert groups > len(seeds) // 4


def test_attributes_are_compared_where_the_file_system_has_them(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"a")
    if not snapshots.mark(str(path), "user.rating", b"5"):
        pytest.skip("this file system keeps no user attributes: they were not compared")
    assert snapshots.seen(str(path)).attributes == (("user.rating", b"5"),)
