"""Runs programs in turn, round after round, so that all of them meet the same weather.

The ratio of two programs in one round says more than the seconds of either: a loaded or a slow
computer changes both. What is reported is the median of the rounds' ratios.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# What `sil scan` ends with when all went well: no duplicates, duplicates, some files had problems.
# Python ends with 1 too when a program breaks off, but not without a traceback.
FINE = frozenset({0, 1, 3})

# An installed program has its byte code; one run from a checkout has it from its second run on.
_NO_BYTE_CODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one whole process took, its children included; ``peak`` is of its largest process."""

    wall: float  # seconds
    cpu: float  # seconds, user and system
    peak: float  # MB

    def figure(self, what: str) -> float:
        """Return one of the three by its name."""
        return {"wall": self.wall, "cpu": self.cpu, "peak": self.peak}[what]


@dataclass(slots=True)
class Runs:
    """All rounds of one program."""

    costs: list[Cost] = field(default_factory=list)

    def median(self, what: str) -> float:
        """Return the median of "wall", "cpu" or "peak" over the rounds."""
        return statistics.median(cost.figure(what) for cost in self.costs)

    def ratio(self, base: "Runs", what: str) -> float:
        """Return the median of the rounds' ratios to another program."""
        return statistics.median(self._ratios(base, what))

    def spread(self, base: "Runs", what: str) -> tuple[float, float]:
        """Return the smallest and the largest of the rounds' ratios."""
        ratios = self._ratios(base, what)
        return min(ratios), max(ratios)

    def _ratios(self, base: "Runs", what: str) -> list[float]:
        pairs = zip(self.costs, base.costs, strict=True)
        return [own.figure(what) / other.figure(what) for own, other in pairs]


def measure(
    commands: Mapping[str, Sequence[str]],
    rounds: int = 5,
    *,
    cores: Mapping[str, int] | None = None,
) -> dict[str, Runs]:
    """Run every command once a round and return what each run took.

    Args:
        commands: name to command line. The order within a round changes from round to round.
        rounds: how often each one runs.
        cores: name to the number of processors that this command may use; else all.

    Raises:
        RuntimeError: a command could not do its work; its last words are in the message.
    """
    names = list(commands)
    for name in names:  # once uncounted: it writes byte code, and fills the system's page cache
        cost(commands[name])
    runs = {name: Runs() for name in names}
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            few = (cores or {}).get(name)
            runs[name].costs.append(cost(commands[name], few))
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return runs


def cost(command: Sequence[str], cores: int | None = None) -> Cost:
    """Run one command and return what it took.

    Raises:
        RuntimeError: it could not do its work.
    """
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - the benchmarks' own command lines
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={name: value for name, value in os.environ.items() if name != _NO_BYTE_CODE},
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),  # noqa: PLW1509 - no threads here
    )
    with process:
        words = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in FINE or b"Traceback (most recent call last)" in words:
        tail = words[-600:].decode(errors="replace")
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {tail}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def table(runs: Mapping[str, Runs], base: str) -> str:
    """Return a table of the medians, and of the ratios to ``base``."""
    wide = max(len(name) for name in runs)
    lines = [f"{'':{wide}}  {'wall s':>8} {'CPU s':>8} {'peak MB':>8}   CPU and wall to {base}"]
    for name, one in runs.items():
        low, high = one.spread(runs[base], "cpu")
        lines.append(
            f"{name:{wide}}  {one.median('wall'):8.2f} {one.median('cpu'):8.2f} "
            f"{one.median('peak'):8.0f}   {one.ratio(runs[base], 'cpu'):.2f} "
            f"({low:.2f} to {high:.2f}), {one.ratio(runs[base], 'wall'):.2f}"
        )
    return "\n".join(lines)
