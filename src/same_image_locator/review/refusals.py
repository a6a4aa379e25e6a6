"""The ways in which the review says no: each is a sentence for the person who asked."""


class ReviewRefusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The review did not do what was asked, and nothing was changed; ``code`` names the rule."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class UnknownGroup(ReviewRefusal):
    """There is no such group, or no such file in it."""


class Stale(ReviewRefusal):
    """The request was made for an older state of the group than the present one.

    Its code is "changed" (other ticks), "not-open" (it is settled, or being settled),
    "confirmation" (the first confirmation no longer holds), "offer" (an older question), "preview"
    (one that is no longer known) or "bulk-running" (an action on many groups is under way).
    """


class NotAllowed(ReviewRefusal):
    """The rules of the review forbid it here."""


class ReadOnly(ReviewRefusal):
    """Another run works in the decision folder, so that this one may only look."""

    def __init__(self, why: str) -> None:
        super().__init__(why, "read-only")
