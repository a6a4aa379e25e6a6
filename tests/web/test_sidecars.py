"""What the API offers to keep of what is said in files that go, and what becomes of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import said_pictures
from same_image_locator import xmp
from same_image_locator.model import Metadata
from serving import Site, serving

_SAID = Metadata("2019-05-03T14:02:11", (48.25, 16.5), 4, ("lake", "boat"), None)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Site]:
    """A large file that says nothing and a small one of the same picture that says much, served."""
    with serving(said_pictures.two_of_one(tmp_path / "photos"), "similar") as site:
        yield site


def armed(site: Site, name: str) -> Any:
    """Choose the file from this folder and give the first confirmation."""
    group = site.call("GET", "/groups/1").json
    folders = [folder["label"]["own"] for folder in group["folders"]]
    [keep] = [i for i, file in enumerate(group["files"]) if folders[file["folder"]] == name]
    body = {"keep": [keep], "rev": group["rev"]}
    rev = site.call("PUT", "/groups/1/selection", body).json["rev"]
    return site.call("POST", "/groups/1/finish", {"rev": rev}).json


def test_the_offer_tells_what_would_be_written_and_only_a_yes_writes_it(two: Site) -> None:
    photos = two.run.root
    assert armed(two, "backup")["offer"] is None, "the other file says nothing"
    (photos / "phone").mkdir(exist_ok=True)
    theirs = photos / "phone/IMG_1.xmp"
    theirs.write_bytes(b"theirs")
    [file] = armed(two, "phone")["offer"]["files"]
    assert file["why_not"] == "IMG_1.xmp is there already, and stays as it is"
    theirs.unlink()
    first = armed(two, "phone")
    offer = first["offer"]
    assert offer["files"] == [{"folder": "phone", "name": "IMG_1.jpg.xmp", "why_not": ""}]
    words = ("taken_at", "place", "rating", "keywords", "caption")
    assert [offer[word] for word in words] == [
        _SAID.taken_at, [48.25, 16.5], 4, ["lake", "boat"], ""
    ]  # fmt: skip
    no = two.call("POST", "/groups/1/finish/confirm", {"nonce": first["nonce"]}).json
    assert (no["state"], no["sidecars"]) == ("settled", 0)
    assert not list(photos.rglob("*.xmp"))


def test_a_yes_writes_it_beside_the_kept_file_and_undo_takes_it_back(two: Site) -> None:
    photos = two.run.root
    body = {"nonce": armed(two, "phone")["nonce"], "sidecars": True}
    yes = two.call("POST", "/groups/1/finish/confirm", body).json
    assert (yes["state"], yes["sidecars"]) == ("settled", 1)
    [path] = photos.rglob("*.xmp")
    assert path == photos / "phone/IMG_1.jpg.xmp"
    assert xmp.read(path.read_bytes()) == _SAID
    path.write_bytes(path.read_bytes() + b"\n")
    undone = two.call("POST", "/groups/1/undo", {}).json
    assert undone["state"] == "undone"
    assert undone["reason"] == f"{path} was changed since it was written, so it stays"
    assert (photos / "backup/IMG_1.jpg").exists()
