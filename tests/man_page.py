"""Writes the manual page from the parser: python -m man_page > docs/man/sil.1."""

import os
import sys

from argparse_manpage.manpage import Manpage

from same_image_locator.whole_parser import whole_parser


def text() -> str:
    """Return the page, the same on every day and at every width of a terminal."""
    os.environ["COLUMNS"] = "100"
    page = Manpage(
        whole_parser(),
        _data={
            "description": "find the same image wherever it lies twice, and lose none",
            "project_name": "same-image-locator",
            "manual_title": "User Commands",
        },
        format="single-commands-section",
    )
    page.date = ""
    return str(page)


if __name__ == "__main__":
    sys.stdout.write(text())
