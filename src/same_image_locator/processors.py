"""Tells how many processors there are for this run: what works in parallel asks here."""

import os


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def keep_products_single() -> None:
    """Have NumPy, if it is not loaded yet, start no thread on each core for products of matrices.

    Ours are small, and there is a worker for each core already: what waits for threads of others
    takes ten times as long.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
