"""The ways in which the review says no: each is a sentence for the person who asked."""


class ReviewRefusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The review did not do what was asked, and nothing was changed."""


class UnknownGroup(ReviewRefusal):
    """There is no such group, or no such file in it."""


class Stale(ReviewRefusal):
    """The request was made for an older state of the group than the present one."""


class NotAllowed(ReviewRefusal):
    """The rules of the review forbid it here; ``code`` names the rule."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
