"""What other programs may do to the photos at any moment; each act is told as what it changed."""

import hashlib
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from same_image_locator import journal
from same_image_locator.own_names import NEW_SIDECAR

_TEXTS = ("_manifest.tsv", "_group_meta.json", "_review_state.json")
OWN = {*journal.OWN_NAMES, *_TEXTS, *(f"{name}.new" for name in _TEXTS)}


def _is_own(name: str) -> bool:
    return name in OWN or name.startswith(NEW_SIDECAR)


def photos(room: Path) -> list[Path]:
    """Return every regular file of the user's, wherever it lies by now."""
    found = []
    for folder, folders, names in os.walk(room):
        folders.sort()
        paths = (Path(folder, name) for name in sorted(names) if not _is_own(name))
        found += [path for path in paths if path.is_file() and not path.is_symlink()]
    return found


def contents(room: Path) -> Counter[str]:
    """Return how often each content of the user's lies in the room; a file's links count once."""
    inodes = {path.stat().st_ino: path for path in photos(room)}
    return Counter(hashlib.sha256(path.read_bytes()).hexdigest() for path in inodes.values())


def edit(room: Path, path: Path, rng: random.Random) -> None:
    """Write into a photo, as a viewer does that turns it."""
    with path.open("ab") as file:
        file.write(rng.randbytes(3))


def swap(room: Path, path: Path, rng: random.Random) -> None:
    """Change a byte so that size and time stay the same: the hardest change to see."""
    status, data = path.stat(), bytearray(path.read_bytes())
    if data:
        data[rng.randrange(len(data))] ^= 0x55
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def move_away(room: Path, path: Path, rng: random.Random) -> None:
    """Move a photo to where nobody looks for it."""
    away = room / "elsewhere" / f"{rng.getrandbits(40):x}.jpg"
    away.parent.mkdir(exist_ok=True)
    path.rename(away)


def exchange(room: Path, path: Path, rng: random.Random) -> None:
    """Move a photo away and put a new one under its name, as an editor's "save" does."""
    move_away(room, path, rng)
    path.write_bytes(rng.randbytes(20))


def delete(room: Path, path: Path, rng: random.Random) -> None:
    """Delete a photo."""
    path.unlink()


def link(room: Path, path: Path, rng: random.Random) -> None:
    """Give a photo a second name in the library."""
    name = room / "photos" / f"link {rng.getrandbits(40):x}.jpg"
    name.parent.mkdir(exist_ok=True)
    name.hardlink_to(path)


def arrive(room: Path, path: Path, rng: random.Random) -> None:
    """Put a new photo where one may want to come home."""
    home = _vacant(room, rng)
    if home is not None:
        home.write_bytes(rng.randbytes(15))


def block(room: Path, path: Path, rng: random.Random) -> None:
    """Put a folder, or a link that leads nowhere, where a photo may want to come home."""
    home = _vacant(room, rng)
    if home is not None and rng.random() < 0.5:
        home.mkdir()
    elif home is not None:
        home.symlink_to("nowhere")


def divert(room: Path, path: Path, rng: random.Random) -> None:
    """Move a folder of the library away and leave a link in its place."""
    folders = [each for each in sorted((room / "photos").glob("*")) if each.is_dir()]
    folders = [each for each in folders if not each.is_symlink()]
    if folders:
        folder = rng.choice(folders)
        away = room / "elsewhere" / f"folder {rng.getrandbits(40):x}"
        away.parent.mkdir(exist_ok=True)
        folder.rename(away)
        folder.symlink_to(away)


def intrude(room: Path, path: Path, rng: random.Random) -> None:
    """Put a stranger into a folder of ours."""
    folders = [each for each in sorted((room / "decide").rglob("*")) if each.is_dir()]
    if folders:
        (rng.choice(folders) / f"stranger {rng.getrandbits(40):x}.jpg").write_bytes(b"stranger")


def forget(room: Path, path: Path, rng: random.Random) -> None:
    """Remove one of our own texts from a group."""
    texts = sorted((room / "decide").glob("group_*/_*"))
    if texts:
        rng.choice(texts).unlink()


def forbid(room: Path, path: Path, rng: random.Random) -> None:
    """Change permissions of a photo and of its folder."""
    path.chmod(rng.choice((0o400, 0o444, 0o640)))
    path.parent.chmod(rng.choice((0o755, 0o700)))


ACTS: tuple[Callable[[Path, Path, random.Random], None], ...] = (
    *(edit, swap, move_away, exchange, delete, link),
    *(arrive, block, divert, intrude, forget, forbid),
)


def _vacant(room: Path, rng: random.Random) -> Path | None:
    """Return a path in the library that photos of the stories come from and that is free."""
    homes = [
        room / "photos" / folder / name
        for folder in ("a", "b", "b/deep", "c")
        for name in ("one.jpg", "one copy.jpg", "two.jpg", "zwei.jpg", "one (kept).jpg")
        if (room / "photos" / folder).is_dir()
    ]
    free = [home for home in homes if not os.path.lexists(home)]
    return rng.choice(free) if free else None


def anything(room: Path, rng: random.Random, *, tidy: bool = False) -> str:
    """Do one foreign act; returns its name. When ``tidy``, none that takes a way home away."""
    targets = [path for path in photos(room) if not path.is_relative_to(room / "elsewhere")]
    act = rng.choice([act for act in ACTS if not (tidy and act in {divert, forget})])
    if targets:
        act(room, rng.choice(targets), rng)
    return act.__name__


def clear(room: Path) -> None:
    """Remove a room and all in it."""
    shutil.rmtree(room)
