"""Makes the documentation whole: each page is in the menu, and the help is what the program says.

MkDocs calls these functions while it builds, as its own documentation names them.
"""

import os
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from same_image_locator.options import VERBS, build_parser

HELP = "reference/help.md"
_COLUMNS = "82"  # as wide as the help is set


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the pages that the menu does not name to the section of their folder."""
    nav: list[dict[str, Any]] = config.nav or []
    for section in nav:
        [pages] = section.values()
        if isinstance(pages, list):
            folder = os.path.dirname(pages[0])
            there = sorted(os.listdir(os.path.join(config.docs_dir, folder)))
            found = [f"{folder}/{name}" for name in there if name.endswith(".md")]
            pages += [page for page in found if page not in pages]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page of what the program says of itself."""
    files.append(File.generated(config, HELP, content=help_page()))
    return files


def help_page() -> str:
    """Return what ``--help`` says, of the main job and of each verb."""
    # It is to be the same wherever it is built.
    os.environ.update(COLUMNS=_COLUMNS, NO_COLOR="1")
    parts = ["# Built-in help\n\nWhat `--help` says; the [command line](cli.md) explains it."]
    for verb in ("", *VERBS):
        title = f"sil {verb}".strip()
        told = build_parser(verb).format_help().strip()
        parts.append(f"## `{title}`\n\n```text\n{told}\n```")
    return "\n\n".join(parts) + "\n"
