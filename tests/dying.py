"""The program as it is, but that a power cut ends it before it settles its sixth group."""

import os
import signal
import sys
from unittest import mock

from same_image_locator.cli import main
from same_image_locator.plans import Decision
from same_image_locator.review import Outcome
from same_image_locator.session import Session

SETTLED = 5
_settle = Session.settle
_left = iter(range(SETTLED))


def settle(session: Session, decision: Decision) -> Outcome:
    """Settle a group, or die."""
    if next(_left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)
    return _settle(session, decision)


if __name__ == "__main__":
    with mock.patch.object(Session, "settle", settle):
        sys.exit(main())
