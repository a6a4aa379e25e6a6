"""Puts the options together: the user's file, the photos' file, .env, environment, command line."""

import argparse
import os
from collections.abc import Sequence

from same_image_locator.config_files import Known, root_layer, user_layer
from same_image_locator.option_layers import NAMES, Layer, apply, environments


class Configured:
    """The options of a call, and the layers that they came from before its command line."""

    def __init__(
        self,
        parser: argparse.ArgumentParser,
        words: Sequence[str],
        options: argparse.Namespace,
        layers: Sequence[Layer],
    ) -> None:
        self.parser, self.words, self.options, self.layers = parser, words, options, layers


def configured(parser: argparse.ArgumentParser, words: Sequence[str], known: Known) -> Configured:
    """Return the options of a call; a lighter layer may say in which folder the next one lies.

    Raises:
        UsageError: a value that cannot be meant, with the place where it stands.
    """
    outside = environments()
    apply(parser, outside)
    options = parser.parse_intermixed_args(words)  # who asks for --help needs no file
    inside: list[Layer] = []
    # A file that is broken must not keep us from telling where it lies.
    if NAMES & {*vars(options)} and vars(options).get("action") != "path":
        for file in (_user, _root):
            if layer := file(known, options):
                inside.append(layer)
                apply(parser, [*inside, *outside])
                options = parser.parse_intermixed_args(words)
    return Configured(parser, words, options, [*inside, *outside])


def _user(known: Known, _options: argparse.Namespace) -> Layer | None:
    return user_layer(known)


def _root(known: Known, options: argparse.Namespace) -> Layer | None:
    root = vars(options).get("root")
    if isinstance(root, list):
        root = root[0] if root else ""  # of several the first says how to look
    return root_layer(known, root) if root and os.path.isdir(root) else None
