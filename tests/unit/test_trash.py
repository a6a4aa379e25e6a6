"""The trash: a file leaves what is set aside only once a trash is seen to hold that very file."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from same_image_locator.journal import acts, trash
from same_image_locator.journal.acts import ActRefusedError, TargetTakenError
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.plans import Act, ActKind

pytestmark = pytest.mark.skipif(
    sys.platform in {"win32", "darwin"}, reason="the trash of freedesktop.org is for other systems"
)
KERNEL = RealKernel()


class Trash(RealKernel):
    """A real disk whose trash does what a test wants."""

    def __init__(self, folder: Path, behaviour: str = "works") -> None:
        self.folder, self.behaviour = folder, behaviour
        for name in ("files", "info"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def trash(self, path: str) -> None:
        name = os.path.basename(path)
        match self.behaviour:
            case "works":
                (self.folder / "info" / f"{name}.trashinfo").write_text("[Trash Info]\n")
                os.rename(path, self.folder / "files" / name)
            case "deletes in silence":
                os.remove(path)
            case "does nothing":
                pass
            case "forgets the note":
                os.rename(path, self.folder / "files" / name)
            case _:
                raise OSError(errno.EACCES, os.strerror(errno.EACCES), path)


@pytest.fixture
def act(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Act:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "aside").mkdir()
    (tmp_path / "home").mkdir()
    source = tmp_path / "aside" / "001_a.jpg"
    source.write_bytes(b"photo")
    found = KERNEL.status(str(source))
    assert found is not None
    target = str(tmp_path / "home" / "a.jpg")
    return Act(ActKind.TRASH, target, str(source), found.identity, KERNEL.sha256(str(source)))


def bin_of(tmp_path: Path, behaviour: str = "works") -> Trash:
    return Trash(tmp_path / "data" / "Trash", behaviour)


def test_a_file_in_the_trash_is_no_longer_set_aside(tmp_path: Path, act: Act) -> None:
    acts.trash(bin_of(tmp_path), act, act.target)
    assert (tmp_path / "data/Trash/files/a.jpg").read_bytes() == b"photo"
    assert os.listdir(tmp_path / "aside") == os.listdir(tmp_path / "home") == []
    acts.trash(bin_of(tmp_path), act, act.target)  # again, as after a crash


@pytest.mark.parametrize("behaviour", ["deletes in silence", "does nothing", "refuses"])
def test_a_trash_that_proves_nothing_costs_nothing(
    tmp_path: Path, act: Act, behaviour: str
) -> None:
    with pytest.raises(ActRefusedError, match="stays set aside"):
        acts.trash(bin_of(tmp_path, behaviour), act, act.target)
    assert Path(act.source).read_bytes() == b"photo"
    assert os.listdir(tmp_path / "home") == []


def test_a_file_without_its_note_is_not_in_the_trash(tmp_path: Path, act: Act) -> None:
    with pytest.raises(ActRefusedError, match="did not take it"):
        acts.trash(bin_of(tmp_path, "forgets the note"), act, act.target)
    assert Path(act.source).read_bytes() == b"photo"


def test_a_run_that_died_at_any_moment_goes_on(tmp_path: Path, act: Act) -> None:
    KERNEL.link(act.source, act.target)
    can = bin_of(tmp_path)
    acts.trash(can, act, act.target)
    assert not os.path.exists(act.source)
    os.link(can.folder / "files" / "a.jpg", act.source)
    acts.trash(Trash(can.folder, "refuses"), act, act.target)
    assert not os.path.exists(act.source), "it was proven, so the trash is not asked again"


def test_another_file_under_its_old_name_is_not_trashed(tmp_path: Path, act: Act) -> None:
    Path(act.target).write_bytes(b"newer")
    with pytest.raises(TargetTakenError):
        acts.trash(bin_of(tmp_path), act, act.target)
    assert Path(act.target).read_bytes() == b"newer"


def test_a_file_that_changed_since_it_was_set_aside_is_left(tmp_path: Path, act: Act) -> None:
    Path(act.source).write_bytes(b"edited photo")
    with pytest.raises(ActRefusedError, match="has changed since"):
        acts.trash(bin_of(tmp_path), act, act.target)


def test_the_systems_own_trash_takes_a_file_and_is_seen_to_hold_it(tmp_path: Path) -> None:
    """In a process of its own: the library looks for the home folder when it is loaded."""
    (tmp_path / "home").mkdir()
    photo = tmp_path / "home" / "photo.jpg"
    code = (
        "import os, sys; from same_image_locator.journal.kernel import RealKernel\n"
        "kernel = RealKernel(); path = sys.argv[1]\n"
        "for _ in range(2):\n"
        "    open(path, 'w').close(); found = kernel.status(path)\n"
        "    assert not kernel.trashed(path, found.identity)\n"
        "    kernel.trash(path)\n"
        "    print(os.path.exists(path), kernel.trashed(path, found.identity))\n"
    )
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", code, str(photo)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["False", "True"] * 2, done.stderr


def test_the_systems_trash_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        KERNEL.trash(str(tmp_path / "nowhere.jpg"))


def test_a_mount_of_its_own_has_a_trash_of_its_own(tmp_path: Path) -> None:
    folders = [files for files, _ in trash._trash_folders(str(tmp_path / "a.jpg"))]
    assert any(f".Trash-{os.getuid()}" in folder for folder in folders)


def test_a_file_that_leaves_the_trash_while_we_look_is_not_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"photo")
    found = KERNEL.status(str(tmp_path / "a.jpg"))
    assert found is not None
    (tmp_path / "a.jpg").unlink()
    assert not trash._is(str(tmp_path / "a.jpg"), found.identity)
