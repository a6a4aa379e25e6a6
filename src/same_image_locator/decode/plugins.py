"""Finds decoders that other packages install: entry points of the group named here.

Such an entry point is a module with ``sniff(head: bytes) -> Kind | None``, whose kinds name the
entry point as their decoder, and ``opened(source: Source) -> Opened``. It is asked about files
that the program itself does not know.
"""

import functools
from types import ModuleType

from same_image_locator.decode.sniff import Kind

GROUP = "same_image_locator.decoders"


@functools.cache
def _modules() -> dict[str, ModuleType]:
    # To look through all that is installed takes as long as many small pictures.
    from importlib.metadata import entry_points

    return {point.name: point.load() for point in entry_points(group=GROUP)}


def sniff(head: bytes) -> Kind | None:
    """Return the kind that an installed decoder recognises."""
    kinds = (module.sniff(head) for module in _modules().values())
    return next((kind for kind in kinds if kind is not None), None)


def module(name: str) -> ModuleType | None:
    """Return an installed decoder by the name of its entry point."""
    return _modules().get(name)
