"""Many suggestions at once, and the program dies in the middle: every photo is accounted for."""

from collections import Counter
from pathlib import Path

import dying
import reviewing
from program import Program, sil, until
from same_image_locator.decision_folder import REVIEW_STATE

GROUPS = 9


def test_a_kill_in_the_middle_leaves_settled_groups_and_untouched_ones_and_nothing_else(
    tmp_path: Path,
) -> None:
    names = [f"{folder}/{n}.jpg" for n in range(GROUPS) for folder in ("phone", "backup")]
    photos = reviewing.library(tmp_path / "photos", {name: int(name[-5]) for name in names})
    before = reviewing.tree(photos)
    program = Program(photos, cwd=tmp_path, module="dying")
    program.all_found()
    _, begun = program.ask("POST", "/api/bulk/preview", {"auto": "identical"})
    found = until(lambda: program.get(f"/api/jobs/{begun['job']}")["preview"])
    assert (found["accepted"], found["files"]) == (GROUPS, GROUPS)
    program.ask("POST", "/api/bulk/apply", {"preview_token": found["token"]})
    assert program.wait() == -9

    decide = tmp_path / "_DECISION_DUPES"
    waiting = list(decide.glob("group_*"))
    ticked = [one for one in waiting if (one / REVIEW_STATE).exists()]
    assert len(waiting) == GROUPS - dying.SETTLED
    assert len(ticked) == 1, "the group in hand keeps its tick"
    home, aside = reviewing.tree(photos), reviewing.tree(decide / ".set-aside")
    assert len(home) == len(aside) == dying.SETTLED
    assert set(home.values()) == set(aside.values()), "of each settled group one is kept"
    staged = [path.read_bytes() for path in decide.glob("group_*/0*")]
    assert Counter([*home.values(), *aside.values(), *staged]) == Counter(before.values())
    assert sil("undo", photos, cwd=tmp_path).returncode == 0
    assert reviewing.tree(photos) == before
