"""What the program says of groups and files, for whoever has to say it in another language."""

import ast
import errno
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PIL import UnidentifiedImageError

import invented
from same_image_locator import journal
from same_image_locator.decode.causes import DecodeError, causes
from same_image_locator.errors import JournalDamagedError, RefusedError
from same_image_locator.hold import check_room
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.journal.log import Log
from same_image_locator.look import ENDED
from same_image_locator.model import Facts
from same_image_locator.plans import Attached
from same_image_locator.review.candidate import Candidate
from same_image_locator.review.folder_copies import REASON
from same_image_locator.review.keep_rules import STAYS, enlarged_words, ordered
from same_image_locator.review.lacks import lacking
from same_image_locator.similar.changes import Changes

_PACKAGE = resources.files("same_image_locator")
_REFUSALS = {"NotAllowed", "Stale", "UnknownGroup", "ActRefusedError", "NotOursError"}
_EDITS = (
    Changes(mirrored=True),
    Changes(quarters=1),
    Changes(tilt=3),
    Changes(share=0.8),
    Changes(share=1.25),
    Changes(size=0.5),
    Changes(added=0.1),
    Changes(gone=0.1),
    Changes(added=0.1, gone=0.1),
    Changes(brighter=20),
    Changes(brighter=-20),
    Changes(later=2.5),
    Changes(another_camera=True),
    Changes(later=-80),
    Changes(formats=("JPEG", "PNG")),
    Changes(qualities=(90, 60)),
)

_OF_DRIVES = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.EIO,
    errno.ENOENT,
    errno.ENAMETOOLONG,
    errno.EFBIG,
    errno.EBUSY,
    errno.ENODEV,
    errno.ENXIO,
    errno.ENOTCONN,
    errno.ESTALE,
    errno.ETIMEDOUT,
    errno.EHOSTDOWN,
    errno.EHOSTUNREACH,
    errno.EMFILE,
    errno.EEXIST,
    errno.ENOTEMPTY,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EINVAL,
    errno.EOPNOTSUPP,
    errno.EXDEV,
    errno.ENOMEM,
)


def changes() -> list[str]:
    """Return each clause about what was done to a picture."""
    return [one.words() for one in _EDITS]


def troubles() -> list[str]:
    """Return what a drive or a decoder may say, as the page is told it."""
    for_people = [os.strerror(number) for number in _OF_DRIVES]
    full = SimpleNamespace(free_bytes=lambda _: 10**6)
    with pytest.raises(RefusedError) as refused:
        check_room([10**9], "/decisions", cast("journal.Disk", full))
    for_people += [str(refused.value), _damage(), ENDED]
    broken = UnidentifiedImageError(), OSError("image file is truncated"), MemoryError()
    for error in (*broken, OSError(errno.EIO, os.strerror(errno.EIO)), OSError("data stream")):
        try:
            with causes("JPEG", 10**6):
                raise error
        except DecodeError as told:
            for_people.append(told.cause)
    return for_people


def _damage() -> str:
    """Return what is said of a journal with a bad line before its end."""
    with tempfile.TemporaryDirectory() as room:
        log = Log(room, RealKernel())
        log.append([{"n": 1}, {"n": 2}])
        Path(log.path).write_bytes(b"?" + Path(log.path).read_bytes())
        with pytest.raises(JournalDamagedError) as told:
            log.load()
    return str(told.value)


def reasons() -> list[str]:
    """Return why a file is better to keep than another, and what it has and the other has not."""
    first, second = invented.group(
        1, ["a/IMG_1.jpg", "a/IMG_1 (2).jpg"], tier="same picture"
    ).entries
    suspect = Facts(4000, 3000, "JPEG", quality=60, detail=(1600, 1200))
    whole = Facts(4000, 3000, "PNG", "2019-06-12T14:03:22", 1, "Camera", 1.0, 2.0, depth=16)
    bare = Facts(1600, 1200, "JPEG", "2020-01-01T00:00:00", quality=60)
    along = Attached(f"{first.origin}.xmp", "x.xmp", first.identity, "0" * 64, (first.name,))
    good = Candidate(0, first, whole._replace(more_frames=True), (along,), 0)
    poor = Candidate(1, replace(second, changes="mirrored"), bare)
    words = [rule.words(good, poor) for rule in (STAYS, *ordered())]
    [lack] = lacking([good, poor], {1})
    suspected = Candidate(0, first, suspect)
    [doubt] = lacking([suspected, poor], {1})
    return [*words, REASON, lack.words, *lack.what, *doubt.what, enlarged_words(suspected)]


def refusals() -> Iterator[str]:
    """Yield each refusal that stands in the code, a number in the place of a value."""
    for folder in ("review", "web_review", "journal"):
        for file in (_PACKAGE / folder).iterdir():
            if file.name.endswith(".py"):
                for node in ast.walk(ast.parse(file.read_text())):
                    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                        yield from _refused(node.exc)


def _refused(call: ast.Call) -> Iterator[str]:
    if isinstance(call.func, ast.Name) and call.func.id in _REFUSALS and call.args:
        said = call.args[0]
        if isinstance(said, ast.Constant):
            yield str(said.value)
        elif isinstance(said, ast.JoinedStr):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "7" for p in said.values)
