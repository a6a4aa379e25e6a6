"""A keep rule: better is the file that still lies where the camera has put it, below DCIM."""

from collections.abc import Sequence

from same_image_locator import Candidate, Rule


def _from_camera(file: Candidate) -> bool:
    folders = file.entry.origin.replace("\\", "/").upper().split("/")[:-1]
    return "DCIM" in folders


def best(files: Sequence[Candidate]) -> list[Candidate]:
    """Return the files that are best by this rule: all of them where it makes no difference."""
    return [file for file in files if _from_camera(file)] or list(files)


def words(_one: Candidate, _other: Candidate) -> str:
    """Return why one file is better than another by this rule."""
    return "in the camera's own folder"


# It tells nothing of the picture itself, so that a suggestion by it alone is no more than a lean.
RULE = Rule("dcim", strong=False, best=best, words=words)
