"""Every barrier, order and check that carries weight is taken out in turn: the campaign notices."""

import pytest

from crash.mutants import MUTANTS, SPARE, Mutant
from crash.sim_campaign import Scope, Tally, ends, play
from crash.sim_models import MODELS

pytestmark = pytest.mark.campaign

_SPARE_WORLD = 7  # one group of two: small enough to be cut everywhere


class Noticed(Exception):  # noqa: N818 - it is what the test hopes for
    """The first broken promise ends the search."""


class Hasty(Tally):
    """Stops at the first state that is not as promised."""

    def add(self, where: str, found: list[str]) -> None:
        if found:
            raise Noticed(f"{where}: {found[0]}")


def noticed(mutant: Mutant, worlds: tuple[int, ...], scope: Scope) -> str:
    """Return the first broken promise that the campaign finds in a mutant, or nothing."""
    for world in worlds:
        for name in mutant.lives:
            promised = ends(world, name)
            for model in MODELS:
                try:
                    with mutant.patch():
                        play(world, name, model, scope, Hasty(), promised)
                except Noticed as broken:
                    return str(broken)
    return ""


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_campaign_notices_that_something_is_missing(mutant: Mutant) -> None:
    assert noticed(mutant, mutant.worlds, Scope(cap=3, seconds=2)), f"nobody noticed: {mutant.name}"


@pytest.mark.parametrize("mutant", SPARE, ids=lambda mutant: mutant.name)
def test_what_is_called_spare_is_not_missed(mutant: Mutant) -> None:
    assert not noticed(mutant, (_SPARE_WORLD,), Scope(cap=1, seconds=1)), (
        f"this one carries weight: {mutant.name}"
    )
