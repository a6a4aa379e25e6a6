"""Keeps processes that decode pictures from printing."""

import os
import warnings


def silence() -> None:
    """Send what decoders print nowhere; it would tear the run's own display and its JSON."""
    warnings.simplefilter("ignore")
    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
