"""The user's folders for what the program keeps: its cache, its data, its configuration."""

import os

TYPE_CHECKING = False  # as typing has it: the options of the command line load this module
if TYPE_CHECKING:
    from typing import Literal

_NAME = "same-image-locator"


def own_folder(variable: str, kind: "Literal['cache', 'data', 'config']") -> str:
    """Return the folder that a variable names, else the system's for one kind of files."""
    if chosen := os.environ.get(variable):
        return chosen
    import platformdirs  # takes a tenth of the time in which a run starts

    return str(getattr(platformdirs, f"user_{kind}_dir")(_NAME, appauthor=False))
