"""A sample library to try the program on: painted pictures with known copies among them."""

from collections.abc import Callable

from same_image_locator.demo.catalogue import COPIES, ORIGINALS, Copy, Original

__all__ = ["COPIES", "ORIGINALS", "Copy", "Original", "build", "known"]


def known() -> tuple[Copy, ...]:
    """Return every copy in the library; an original with no copy among them stands alone."""
    return COPIES


def build(folder: str, write: Callable[[str, bytes], None]) -> None:
    """Make the library's 40 files, always the same, and hand each to ``write(path, content)``.

    Nothing is written here. Paths lie in ``folder``, with the system's separators.
    """
    from same_image_locator.demo.library import files

    for path, content in files(folder):
        write(path, content)
