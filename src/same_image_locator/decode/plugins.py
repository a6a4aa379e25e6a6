"""Asks the decoders that other packages install: entry points of the group named here.

What such a module offers is said in ``decoders.Decoder``. It is asked about files that the program
itself does not know, in the process that reads the file.
"""

import functools
from types import ModuleType
from typing import NamedTuple, cast

from same_image_locator import plugins
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.sniff import NO_PICTURE, OWN_DECODERS, Kind
from same_image_locator.plugins import PREFIX, PluginError

GROUP = f"{PREFIX}decoders"


class _Installed(NamedTuple):
    modules: dict[str, ModuleType]
    troubles: tuple[str, ...]


@functools.cache
def _modules() -> _Installed:
    modules: dict[str, ModuleType] = {}
    troubles: list[str] = []
    for name, point in plugins.named("decoders").items():
        if name in OWN_DECODERS:
            continue
        try:
            loaded = plugins.load(point)
            if not (callable(getattr(loaded, "sniff", None)) and hasattr(loaded, "opened")):
                raise PluginError(f"{plugins.words(point)} has no functions sniff and opened")  # noqa: TRY301 - told as its other troubles are
        except PluginError as error:
            troubles.append(str(error))
        else:
            modules[name] = cast("ModuleType", loaded)
    return _Installed(modules, tuple(troubles))


def sniff(head: bytes) -> Kind | None:
    """Return the kind that an installed decoder recognises.

    Raises:
        DecodeError: none does, and not all could be asked.
    """
    modules, troubles = _modules()
    for name, module in modules.items():
        try:
            kind: Kind | None = module.sniff(head)
            if kind is not None:
                return kind._replace(decoder=name)
        except Exception as error:  # noqa: BLE001 - others' code may raise whatever it likes
            troubles = (*troubles, f"the plug-in {name} failed: {error}")
    if troubles:
        raise DecodeError(f"{NO_PICTURE} that can be read: {'; '.join(troubles)}", lasting=False)
    return None


def module(name: str) -> ModuleType | None:
    """Return an installed decoder by the name of its entry point."""
    return _modules().modules.get(name)
