"""The simulated disk answers as the real one does: same calls, same results, same errors."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from crash.sim_disk import Image, SimKernel
from same_image_locator.journal.kernel import Kernel, RealKernel

_NAMES = ("a", "b", "a/c", "a/d", "b/e", "a/c/f", "b/e/g", "missing/x")

Call = Callable[[Kernel, str], object]


def _what(kernel: Kernel, path: str) -> object:
    found = kernel.status(path)
    if found is None or found.kind != "file":
        return found and found.kind
    return found.kind, found.identity.size, found.links


def _calls(chance: random.Random) -> Call:
    """Return one call with random arguments, to be made on both."""
    one, other = chance.choice(_NAMES), chance.choice(_NAMES)
    data = chance.choice((b"", b"x", b"some bytes", b"other ones"))
    size = chance.randrange(8)
    calls: list[Call] = [
        lambda k, root: k.make_folder(f"{root}/{one}"),
        lambda k, root: k.make_folder(f"{root}/{one}"),
        lambda k, root: k.create(f"{root}/{one}", data),
        lambda k, root: k.create(f"{root}/{one}", data),
        lambda k, root: k.remove_folder(f"{root}/{one}"),
        lambda k, root: k.remove(f"{root}/{one}"),
        lambda k, root: k.append(f"{root}/{one}", data),
        lambda k, root: k.truncate(f"{root}/{one}", size),
        lambda k, root: k.replace(f"{root}/{one}", data),
        lambda k, root: k.sync_file(f"{root}/{one}"),
        lambda k, root: k.sync_folder(f"{root}/{one}"),
        lambda k, root: k.read(f"{root}/{one}"),
        lambda k, root: k.sha256(f"{root}/{one}"),
        lambda k, root: k.names(f"{root}/{one}"),
        lambda k, root: k.same_bytes(f"{root}/{one}", f"{root}/{other}"),
        lambda k, root: k.copy(f"{root}/{one}", f"{root}/{other}"),
        lambda k, root: k.link(f"{root}/{one}", f"{root}/{other}"),
        lambda k, root: k.forget_cached(f"{root}/{one}"),
        lambda k, root: _moved(k, f"{root}/{one}", f"{root}/{other}"),
        lambda k, root: _moved(k, f"{root}/{one}", f"{root}/{other}"),
    ]
    return chance.choice(calls)


def _moved(kernel: Kernel, source: str, target: str) -> None:
    found = kernel.status(source)
    if found is None or found.kind == "file":  # the journal never renames a folder
        kernel.move(source, target)


def _answer(call: Call, kernel: Kernel, root: str) -> object:
    try:
        return call(kernel, root)
    except OSError as error:
        return type(error), error.errno


@pytest.mark.skipif(os.name == "nt", reason="Windows words its errors otherwise")
@pytest.mark.parametrize("seed", range(60))
def test_any_sequence_of_calls_is_answered_alike(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    real, simulated = RealKernel(), SimKernel(Image())
    root = str(tmp_path)
    for folder in [*tmp_path.parents][-2::-1]:
        simulated.make_folder(str(folder))
    simulated.make_folder(root)
    told = []
    for _ in range(80):
        call = _calls(chance)
        left, right = _answer(call, real, root), _answer(call, simulated, root)
        told.append(left)
        assert left == right, call.__code__.co_names
        for name in _NAMES:
            path = f"{root}/{name}"
            assert _what(real, path) == _what(simulated, path), name
    assert len({str(answer) for answer in told}) > 3


@pytest.mark.skipif(os.name == "nt", reason="Windows words its errors otherwise")
def test_a_move_keeps_the_file_and_its_time_on_both(tmp_path: Path) -> None:
    simulated = SimKernel(Image())
    for kernel, root in ((RealKernel(), str(tmp_path)), (simulated, "")):
        kernel.create(f"{root}/a", b"content")
        before = kernel.status(f"{root}/a")
        kernel.move(f"{root}/a", f"{root}/b")
        assert kernel.status(f"{root}/b") == before
        kernel.copy(f"{root}/b", f"{root}/c")
        one, two = kernel.status(f"{root}/b"), kernel.status(f"{root}/c")
        assert one
        assert two
        assert one.identity.mtime_ns == two.identity.mtime_ns
        assert one.identity.inode != two.identity.inode
