"""The system's own Chromium, for the browser tests and for what ``bench/`` measures in it."""

import shutil

# The shell draws the same page, without the windows around it that take most of the processor.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def found() -> str | None:
    """Return the path of the first that is installed, none when there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
