"""The double confirmation: what the first one needs, and what the second one must match."""

import hmac
import secrets

from same_image_locator.plans import Decision, Sidecar
from same_image_locator.review.commands import Settle
from same_image_locator.review.preferences import Preferences
from same_image_locator.review.record import Confirmation, Record
from same_image_locator.review.refusals import NotAllowed, Stale

CONFIRM_SECONDS = 60.0


def check(one: Record, *, allow_none: bool) -> None:
    """Refuse to finish with nothing ticked, unless the group's mode and the user allow it.

    A file that was told apart from the others is no copy of them that would make up for them.
    """
    bare = [part for part in one.to_decide if not part & one.keep]
    if not bare:
        return
    if len(bare) < len(one.to_decide):
        raise NotAllowed(
            "Some files were told apart from the others: choose one of them to keep, too",
            "keep-none-apart",
        )
    if not one.staged.method.perceptual:
        raise NotAllowed(
            "Choose at least one file to keep: these are identical, and the picture would be gone",
            "keep-none-exact",
        )
    if not allow_none:
        raise NotAllowed("Nothing is chosen to be kept: confirm that expressly", "keep-none")


def check_auto(one: Record, preferences: Preferences) -> None:
    """Refuse auto-finish where it is off, unavailable, or not exactly one file is ticked."""
    if one.staged.method.perceptual:
        raise NotAllowed("Auto-finish is only for groups of identical files", "auto-finish")
    if one.staged.protected:
        raise NotAllowed("Auto-finish is not for groups with a reference folder", "auto-finish")
    if not preferences.auto_finish:
        raise NotAllowed("Auto-finish is switched off", "auto-finish")
    if len(one.keep) != 1:
        raise NotAllowed("Auto-finish needs exactly one chosen file", "auto-finish")


def check_undo(one: Record) -> None:
    """Refuse to undo what this program can no longer bring back, and say where it is."""
    match one.outcome.disposal if one.outcome else "quarantine":
        case "trash":
            raise NotAllowed(
                "The files went to the system's trash: bring them back from there", "undo"
            )
        case "delete":
            raise NotAllowed("The files were removed for good", "undo")
        case _:
            pass


def arm(
    decision: Decision, rev: int, now: float, *, auto: bool, sidecars: tuple[Sidecar, ...] = ()
) -> Confirmation:
    """Return the first confirmation of ``decision`` in revision ``rev``."""
    return Confirmation(
        nonce=new_nonce(),
        rev=rev,
        keep=decision.keep,
        allow_none=decision.allow_none,
        auto=auto,
        expires=now + CONFIRM_SECONDS,
        sidecars=sidecars,
    )


def second(
    one: Record, nonce: str, now: float, preferences: Preferences, *, sidecars: bool = False
) -> Settle:
    """Return the command that the second confirmation releases, with the sidecars if it asks so.

    Raises:
        Stale: there was no first confirmation, or of something else, or too long ago.
        NotAllowed: what was confirmed is no longer allowed.
    """
    first = one.confirmation
    present = (one.rev, one.keep)
    if first is None or not same(nonce, first.nonce) or (first.rev, first.keep) != present:
        raise Stale("The choice was changed or taken back since it was confirmed", "confirmation")
    if now > first.expires:
        raise Stale(
            "The first confirmation is more than a minute old: please finish again", "confirmation"
        )
    check(one, allow_none=first.allow_none)
    if first.auto:
        check_auto(one, preferences)
    wanted = first.sidecars if sidecars else ()
    return Settle(Decision(one.staged.subject, first.keep, first.allow_none, wanted))


def is_for(one: Record, nonce: str) -> bool:
    """Whether ``nonce`` is that of the group's present first confirmation."""
    return one.confirmation is not None and same(nonce, one.confirmation.nonce)


def new_nonce() -> str:
    """Return a number used once."""
    return secrets.token_urlsafe(16)


def same(given: str, expected: str | None) -> bool:
    """Compare nonces without telling by the time it takes how much of them agreed."""
    return expected is not None and hmac.compare_digest(given.encode(), expected.encode())
