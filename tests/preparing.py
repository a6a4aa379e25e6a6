"""Brings a whole library into its decision folder, as the main job does while a person decides."""

import contextlib

from same_image_locator.events import Listener
from same_image_locator.handover import HandOver
from same_image_locator.model import Problem, Settings
from same_image_locator.plans import Staged
from same_image_locator.session import Session


def prepare(
    settings: Settings, stack: contextlib.ExitStack, listener: Listener
) -> tuple[Session | None, list[Staged], list[Problem]]:
    """Return the groups that wait for a decision, once all of them are staged."""
    hand_over = HandOver(settings, stack, listener)
    groups = hand_over.begin()
    while hand_over.searching:
        groups += hand_over.first()
    return hand_over.session, groups, hand_over.problems
