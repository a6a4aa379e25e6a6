"""What one walk has to know and has found so far."""

from typing import NamedTuple

from same_image_locator.aliases import Known
from same_image_locator.events import Listener, Noted, Tally, Troubled
from same_image_locator.model import Problem, Scope
from same_image_locator.passed_over import KINDS, Kind
from same_image_locator.photos import Photos

TYPE_CHECKING = False
if TYPE_CHECKING:
    from same_image_locator.exclusion import Exclusion


class Mounted(NamedTuple):
    """A drive below the folders that is to be looked at when all of their own is known."""

    path: str
    device: int
    inode: int
    exclusion: "Exclusion | None"


class Walk:
    """What one walk has to know and has found so far."""

    def __init__(
        self,
        device: int,
        own_folder: str,
        *,
        include_all: bool,
        listener: Listener,
        scope: Scope = Scope(),  # noqa: B008 - it cannot be changed
    ) -> None:
        self.device = device
        self.own_folder = own_folder
        self.include_all = include_all
        self.listener = listener
        self.min_size = scope.min_size
        self.small = 0  # files that would have been candidates, were they larger
        self.excluded: list[str] = []  # files and folders that a pattern leaves out
        self.exclusions: dict[str, Exclusion] = {}  # by folder that is to be listed
        self.passed: dict[Kind, list[str]] = {one: [] for one in KINDS}
        self.photos: list[tuple[bytes, Photos]] = []  # by folder
        self.companions = 0  # files that would have been candidates, were they no companions
        self.problems: list[Problem] = []
        self.mounts: frozenset[str] = frozenset()  # those below the folders
        self.followed = frozenset(scope.mounts)
        self.later: list[Mounted] = []
        self.foreign: dict[str, int] = {}  # by folder that is to be listed on another drive: which
        self.tops: frozenset[str] = frozenset()  # each is a beginning of its own
        self.folders = Known()
        self.tally = Tally("scan", listener)

    def lies_on(self, folder: str, device: int) -> None:
        """Remember of a folder that is to be listed on which drive its files are expected."""
        if device != self.device:
            self.foreign[folder] = device

    def trouble(self, path: str, detail: str) -> None:
        """Remember and tell one file's or folder's problem."""
        self.problems.append(Problem(path, "scan", detail))
        self.listener(Troubled(self.problems[-1]))


def is_elsewhere(path: str, devices: tuple[int, int], walk: Walk) -> bool:
    """Return whether a file cannot be renamed across here; a single file may be mounted too.

    ``devices`` are that of the folder it lies in, and its own.
    """
    if devices[0] == devices[1] and path not in walk.mounts:
        return False
    hint = "scan it by itself, or name it with --reference"
    walk.listener(Noted(f"left out, another drive: {path} ({hint})"))
    return True
