"""Run the program as ``python -m same_image_locator``."""

from same_image_locator.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
