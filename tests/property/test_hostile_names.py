"""Hostile names through the whole way: found, staged, shown, settled or undone, home unchanged."""

import contextlib
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import snapshots
from counts import tell
from hostile_names import COUNT, hostile_names
from preparing import prepare
from program import sil
from same_image_locator.decision_folder import read_manifest
from same_image_locator.events import ignore
from same_image_locator.model import Method, Settings
from same_image_locator.wording import printable
from serving import Site, serving

_JOINERS = "\u200c\u200d"  # they belong to Persian words and to emoji
# What may act on a terminal or deceive the eye.
_UNSHOWABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.fixture
def before(tmp_path: Path) -> snapshots.Tree:
    """Stage each name twice, each file with a content, time, mode and attribute of its own."""
    names = hostile_names()
    assert len(set(names)) == COUNT
    root = tmp_path / "photos"
    for number, name in enumerate(names):
        folder = names[number % 40] if number % 3 else "plain"
        for place in ("one", f"two/{folder}"):
            path = root / place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"%d" % number * 5)
            path.chmod(0o600 + number % 8)
            snapshots.mark(str(path), "user.number", b"%d" % number)
            os.utime(path, ns=(number, 1_500_000_000_000_000_000 + number))
    found = snapshots.tree(root)
    with contextlib.ExitStack() as stack:
        prepare(settings(root), stack, ignore)
    assert not os.listdir(root / "one")
    return found


def settings(root: Path) -> Settings:
    return Settings(str(root), Method("exact"), str(root.parent / "decisions"), include_all=True)


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts(list(value.values()))
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def unshowable(text: str, allowed: str = "") -> set[str]:
    return {
        character
        for character in text
        if unicodedata.category(character) in _UNSHOWABLE and character not in _JOINERS + allowed
    }


def asked(site: Site, method: str, path: str, body: Any = None) -> Any:
    """Ask the page's API; whatever it answers can be shown as it stands."""
    answer = site.call(method, path, body)
    assert answer.status == 200, (path, answer)
    assert not [text for text in texts(answer.json) if unshowable(text)]
    return answer.json


def test_every_hostile_name_is_shown_decided_and_comes_home(
    before: snapshots.Tree, tmp_path: Path
) -> None:
    library = tmp_path / "photos"
    with serving(library) as site:
        origins = {group.number: group for group in site.run.groups}
        rows = asked(site, "GET", "/groups?limit=500")["rows"]
        rows += asked(site, "GET", "/groups?limit=500&offset=500")["rows"]
        assert [row["number"] for row in rows] == sorted(origins) == list(range(1, COUNT + 1))
        shown = set()
        for row in rows:
            group = asked(site, "GET", f"/groups/{row['number']}")
            expected = [os.path.basename(e.origin) for e in origins[row["number"]].entries]
            assert [file["name"] for file in group["files"]] == [*map(printable, expected)]
            thumb = site.ask("GET", group["files"][0]["thumb"])
            assert thumb.status < 500, expected
            shown |= set(expected)
            if row["number"] % 3:
                decide(site, row, undo=row["number"] % 3 == 1)
        assert shown == set(hostile_names())
        asked(site, "GET", "/history")
    # A third waits, a third is settled with its first file home, a third is settled and undone.
    assert len(os.listdir(library / "one")) == 2 * COUNT // 3
    done = sil("undo", "--decision-folder", tmp_path / "decisions")
    assert (done.returncode, done.stderr) == (0, "")
    assert not unshowable(done.stdout, allowed="\n")
    assert len(done.stdout.splitlines()) == 2 * (COUNT // 3) + COUNT // 3 + 1
    assert snapshots.tree(library) == before
    assert sorted(os.listdir(tmp_path)) == ["photos"]
    tell(f"{COUNT} hostile names, {2 * COUNT} files: 0 differences")


def decide(site: Site, row: dict[str, Any], *, undo: bool) -> None:
    """Keep a group's first file through both confirmations, and undo that again."""
    path = f"/groups/{row['number']}"
    rev = asked(site, "PUT", f"{path}/selection", {"keep": [0], "rev": row["rev"]})["rev"]
    armed = asked(site, "POST", f"{path}/finish", {"rev": rev})
    assert armed["homes"][0]["renamed"] is False
    assert asked(site, "POST", f"{path}/finish/confirm", {"nonce": armed["nonce"]})["kept"] == 1
    if undo:
        assert asked(site, "POST", f"{path}/undo", {})["state"] == "undone"


def test_every_manifest_leads_home_by_hand(before: snapshots.Tree, tmp_path: Path) -> None:
    for manifest in sorted((tmp_path / "decisions").glob("group_*/_manifest.tsv")):
        text = manifest.read_bytes().decode("utf-8")  # it is plain UTF-8, whatever the names are
        rows = read_manifest(text, escaped=True)
        assert len(rows) == len(text.rstrip("\n").split("\n")) == 2
        for name, origin in rows:
            assert (manifest.parent / name).is_file()
            (manifest.parent / name).rename(origin)
    assert snapshots.tree(tmp_path / "photos") == before


def test_a_folder_of_the_users_with_a_journals_name_in_it_stays_as_it_is(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg", "mine/.journal.jsonl", "mine/a.jpg", "x/_manifest.tsv"):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"the same")
    before = snapshots.tree(tmp_path)
    with contextlib.ExitStack() as stack:
        session, groups, _ = prepare(settings(tmp_path / "photos"), stack, ignore)
        assert session is not None
        names = [os.path.relpath(e.origin, tmp_path / "photos") for e in groups[0].entries]
        assert names == ["a.jpg", "b.jpg", "x/_manifest.tsv"]
        session.undo(session.undoable())
        session.close()
    assert snapshots.tree(tmp_path) == before
