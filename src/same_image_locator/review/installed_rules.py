"""Keep rules of other packages: each entry point is a ``Rule`` and names the word of ``--keep``."""

import functools
from collections.abc import Callable
from importlib.metadata import EntryPoint

from same_image_locator import plugins
from same_image_locator.plugins import PluginError
from same_image_locator.review.candidate import Candidate
from same_image_locator.review.rule import Files, Rule


@functools.cache
def installed(name: str) -> Rule | None:
    """Return the rule of another package; without one that cannot be used the run goes on."""
    point = plugins.named("rules").get(name)
    if point is None:
        return None
    try:
        loaded = plugins.load(point)
        if not isinstance(loaded, Rule):
            raise PluginError(f"{plugins.words(point)} is no Rule")  # noqa: TRY301 - told as its other troubles are
    except PluginError as error:
        plugins.left_out(error)
        return None
    return loaded._replace(
        name=name, best=_guarded_best(point, loaded), words=_guarded_words(point, loaded)
    )


def _guarded_best(point: EntryPoint, rule: Rule) -> Callable[[Files], list[Candidate]]:
    """Return the rule's choice among files, all of them where it fails or chooses none of them."""

    def best(files: Files) -> list[Candidate]:
        try:
            chosen = {file.place for file in rule.best(files)}
        except Exception as error:  # noqa: BLE001 - others' code may raise whatever it likes
            plugins.left_out(plugins.failed(point, error))
            chosen = set()
        return [file for file in files if file.place in chosen] or list(files)

    return best


def _guarded_words(point: EntryPoint, rule: Rule) -> Callable[[Candidate, Candidate], str]:
    def words(one: Candidate, other: Candidate) -> str:
        try:
            return str(rule.words(one, other))
        except Exception as error:  # noqa: BLE001 - likewise
            plugins.left_out(plugins.failed(point, error))
            return f"by the rule {point.name}"

    return words
