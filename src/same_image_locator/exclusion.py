"""What a person does not want to be looked at: patterns as in a .gitignore, said or in a file."""

import os
import re
import warnings
from collections.abc import Sequence

from pathspec import GitIgnoreSpec

from same_image_locator.errors import UsageError
from same_image_locator.own_names import IGNORE_FILE

_NOTHING = re.compile(r"!?/+\s*")  # to git that is no path at all
_INSIDE = re.compile(r"/\*\*\s*$")


class Exclusion:
    """The patterns that hold in one folder, from the weakest to the strongest.

    As git has it: the last pattern that matches decides, those of a deeper folder come after those
    of the folders above it, and those of the command line after all. ``!`` takes a match back.
    """

    def __init__(self, said: tuple[str, GitIgnoreSpec], files: tuple["_Rules", ...] = ()) -> None:
        self._said = said
        self._files = files

    @classmethod
    def said(cls, patterns: Sequence[str], root: str) -> "Exclusion":
        """Return the command line's patterns as they hold below a root.

        Raises:
            UsageError: one is no pattern.
        """
        for pattern in patterns:
            try:
                GitIgnoreSpec.from_lines([pattern])
            except ValueError as error:
                raise UsageError(f"--exclude {pattern} is no pattern as in a .gitignore") from error
        return cls((root, _spec(patterns)))

    def within(self, folder: str) -> "Exclusion":
        """Return what holds in a folder that has a file of patterns.

        Raises:
            OSError: it cannot be read.
            ValueError: it holds what is no pattern.
        """
        with open(os.path.join(folder, IGNORE_FILE), "rb") as file:
            lines = os.fsdecode(file.read().removeprefix(b"\xef\xbb\xbf")).splitlines()
        return Exclusion(self._said, (*self._files, (folder, _spec(lines))))

    def excludes(self, path: str, *, is_folder: bool = False) -> bool:
        """Return whether a path is not to be looked at; those above it are taken to be."""
        for base, spec in (self._said, *reversed(self._files)):
            decided = spec.check_file(_below(base, path) + "/" * is_folder).include
            if decided is not None:
                return decided
        return False

    def __bool__(self) -> bool:
        """Whether there is any pattern at all."""
        return bool(len(self._said[1]) or self._files)


_Rules = tuple[str, GitIgnoreSpec]


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    # To git what is in a/** is excluded and not a itself, so that a later !a/b can take b back.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # Python's doubts about [[ in a pattern
        return GitIgnoreSpec.from_lines(
            _INSIDE.sub("/**/*", line) for line in lines if not _NOTHING.fullmatch(line)
        )


def _below(base: str, path: str) -> str:
    inside = path[len(base) :] if base.endswith(os.sep) else path[len(base) + 1 :]
    return inside.replace(os.sep, "/")
