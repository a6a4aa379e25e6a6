"""Folders that no search for photos enters: hidden ones, the system's, and other programs' own."""

import os
from typing import Literal, get_args

Kind = Literal["hidden", "system", "library"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Wastebaskets, snapshots, and the previews that a NAS lays beside every photo; in small letters.
_SYSTEM = frozenset(
    {
        "$recycle.bin",
        "recycler",
        "system volume information",
        "lost+found",
        "__macosx",
        "@eadir",
        "@tmp",
        "@recycle",
        "@recently-snapshot",
        "#recycle",
        "#snapshot",
        "network trash folder",
        "temporary items",
    }
)

# What a photo program keeps as one: a file that is taken out of it, or moved, damages it.
_LIBRARIES = frozenset(
    {
        ".photoslibrary",
        ".photolibrary",
        ".migratedphotolibrary",
        ".aplibrary",
        ".migratedaplibrary",
        ".lrdata",
        ".lrlibrary",
        ".cocatalog",
        ".imovielibrary",
        ".fcpbundle",
    }
)


def kind(name: str) -> Kind | None:
    """Return why a folder of this name is not entered; None for one that is."""
    small = name.lower()
    if os.path.splitext(small)[1] in _LIBRARIES:
        return "library"
    if small in _SYSTEM:
        return "system"
    return "hidden" if name.startswith(".") else None


def library_around(path: str) -> str | None:
    """Return the photo library of another program that a path is, or lies in."""
    while True:
        if kind(os.path.basename(path)) == "library":
            return path
        above = os.path.dirname(path)
        if above == path:
            return None
        path = above
