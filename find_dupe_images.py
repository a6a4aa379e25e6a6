"""Run the program from a checkout: ``python find_dupe_images.py /path/to/photos``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from same_image_locator.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
