"""Runs the real program and presses Ctrl+C right before its n-th change of the disk.

python -m crash.interrupt_child AT WORDS...
"""

import os
import signal
import sys

from crash.cutting import CUTTER
from same_image_locator.cli import main

if __name__ == "__main__":
    CUTTER.cut = lambda: os.kill(os.getpid(), signal.SIGINT)
    with CUTTER.cutting(int(sys.argv[1])):
        raise SystemExit(main(sys.argv[2:]))
