"""The exceptions that reach a person: what happened, where, what to do, and the exit code."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the program tells the shell."""

    DONE = 0
    DUPLICATES_REMAIN = 1
    USAGE = 2
    PROBLEMS = 3
    REFUSED = 4
    NEEDS_RECOVERY = 5
    INTERRUPTED = 130


class LocatorError(Exception):
    """A trouble that ends the run with one clear line; ``hint`` says what to do about it."""

    exit_code = ExitCode.PROBLEMS

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}. {self.hint}" if self.hint else self.what


class UsageError(LocatorError):
    """An option or a path that cannot be meant as it stands."""

    exit_code = ExitCode.USAGE


class RefusedError(LocatorError):
    """An act that would endanger a photo; nothing was changed."""

    exit_code = ExitCode.REFUSED


class LockedError(RefusedError):
    """Another run works in the decision folder; ``owner`` says which process, where, since when."""

    def __init__(self, folder: str, owner: str) -> None:
        super().__init__(
            f"another run is working in {folder} ({owner})",
            "Finish or stop that one first, or look at its groups with `sil review`; "
            "nothing was changed",
        )
        self.folder, self.owner = folder, owner


class JournalDamagedError(LocatorError):
    """The journal has a bad line before its end, so that it cannot be followed blindly."""

    exit_code = ExitCode.NEEDS_RECOVERY
