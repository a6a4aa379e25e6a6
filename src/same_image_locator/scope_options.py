"""The options that say which files are looked at, and which of them stay where they are."""

import argparse

from same_image_locator import option_types


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of a scope."""
    parser.add_argument(
        "--reference",
        action="append",
        default=[],
        metavar="PATH",
        help="a folder whose files are compared but never moved or set aside; can be given "
        "several times",
    )
    parser.add_argument(
        "--follow-mounts",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="look into other drives that are mounted below the folders, too: their files are "
        "compared but never moved or set aside",
    )
    parser.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="GLOB",
        help="leave out what matches, as in a .gitignore: '*.gif', 'cache/', '/2019/**'; can be "
        "given several times, and stand in a file .silignore in any folder",
    )
    parser.add_argument(
        "--min-size",
        type=option_types.size,
        default=0,
        metavar="SIZE",
        help="leave out files that are smaller, such as 20K or 1M",
    )
