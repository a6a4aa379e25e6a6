"""What the API offers to keep of what is said in files that go, and what becomes of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pictures
import said_pictures
from same_image_locator import xmp
from same_image_locator.model import Metadata
from serving import Site, serving
from snapshots import tree

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


def packet(words: str, stars: int) -> bytes:
    return said_pictures.packet(said_pictures.keywords(words), f'xmp:Rating="{stars}"')


def test_what_is_said_beside_the_file_that_goes_is_kept_and_undone(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    for folder in ("phone", "backup"):
        pictures.photo(photos / folder / "IMG_1.jpg", 1)
    (photos / "backup/IMG_1.xmp").write_bytes(packet("lake", 4))
    before = tree(photos)
    with serving(photos) as site:
        assert armed(site, "backup")["offer"] is None, "it is kept with what is beside it"
        first = armed(site, "phone")
        assert (first["offer"]["rating"], first["offer"]["keywords"]) == (4, ["lake"])
        body = {"nonce": first["nonce"], "sidecars": True}
        assert site.call("POST", "/groups/1/finish/confirm", body).json["sidecars"] == 1
        [path] = photos.rglob("*.xmp")
        assert path == photos / "phone/IMG_1.jpg.xmp"
        assert xmp.read(path.read_bytes()) == Metadata(rating=4, keywords=("lake",))
        assert site.call("POST", "/groups/1/undo", {}).json["state"] == "undone"
    assert tree(photos) == before


def test_what_is_said_beside_the_kept_file_is_not_missing(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    for folder in ("phone", "backup"):
        pictures.photo(photos / folder / "IMG_1.jpg", 1)
    (photos / "backup/IMG_1.xmp").write_bytes(packet("lake", 4))
    (photos / "phone/IMG_1.jpg.xmp").write_bytes(said_pictures.packet("", 'xmp:Rating="2"'))
    with serving(photos) as site:
        offer = armed(site, "phone")["offer"]
        assert (offer["rating"], offer["keywords"]) == (None, ["lake"])
        assert "is there already" in offer["files"][0]["why_not"]
