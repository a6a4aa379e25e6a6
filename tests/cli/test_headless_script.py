"""The ten lines of the how-to, run as they stand there on a real library."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pictures
from program import environment

PAGE = (Path(__file__).parents[2] / "docs/how-to/headless.md").read_text(encoding="utf-8")
SCRIPT = re.search(r"## A whole clean-up in ten lines\n\n```sh\n(.*?)```", PAGE, re.DOTALL)


def test_the_ten_lines_clean_a_library_up_and_lose_nothing(tmp_path: Path) -> None:
    assert SCRIPT
    assert len(SCRIPT[1].splitlines()) == 10
    photos = tmp_path / "my photos"
    pictures.photo(photos / "2019/one.jpg", 1, size=(320, 240))
    pictures.photo(photos / "backup/one (1).jpg", 1, size=(320, 240))
    pictures.photo(photos / "sent/one.jpg", 1, quality=60)
    pictures.photo(photos / "2019/two.jpg", 2, size=(320, 240))
    pictures.photo(photos / "sent/two.jpg", 2, taken="2019:06:12 14:03:22")
    pictures.photo(photos / "2019/alone.jpg", 3)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/sil").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m same_image_locator "$@"\n'
    )
    (tmp_path / "bin/sil").chmod(0o755)
    (tmp_path / "clean-up.sh").write_text(SCRIPT[1])
    done = subprocess.run(
        ["sh", tmp_path / "clean-up.sh", photos],
        env=environment(PATH=f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    home = {path.relative_to(photos).as_posix() for path in photos.rglob("*.jpg")}
    aside = {path for path in home if path.startswith("_DECISION_DUPES/.set-aside/")}
    assert home - aside == {
        "2019/one.jpg",
        "2019/two.jpg",
        "sent/two.jpg",  # only this one knows its date: the suggestion is not sure
        "2019/alone.jpg",
    }
    assert len(aside) == 2, "nothing is deleted on the first day"
    assert "group 1: settled (clear: 320 × 240 against 160 × 120)" in done.stdout
    assert "sent/two.jpg" in done.stdout
    assert "all of 4 contents there" in done.stdout
    assert "nothing was set aside that long ago" in done.stdout
    assert (photos / "same-images.html").stat().st_size > 5000
