"""Asks how one file's picture lies on another's; what answers is loaded only in the worker."""

from same_image_locator.decode.causes import DecodeError
from same_image_locator.errors import LocatorError
from same_image_locator.similar.alignment import Alignment


def aligned(paths: tuple[str, str]) -> Alignment | str:
    """Answer in a worker process: the alignment of two files, or why one cannot be looked at."""
    # Here, since the process that asks knows this module and needs none of that one.
    from same_image_locator.similar.overlay import overlaid

    try:
        return overlaid(*paths)
    except DecodeError as error:
        return error.cause
    except LocatorError as error:
        return str(error)
