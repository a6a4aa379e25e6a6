"""The words that a user chooses from; ``--help`` loads these and not the types of ``model``."""

TYPE_CHECKING = False  # as typing has it, which would take longer to load than all that is here
if TYPE_CHECKING:
    from collections.abc import Iterable

HASH_BITS = 64
MODES = ("exact", "ahash", "phash", "similar")
DISPOSALS = ("quarantine", "trash", "delete")

# What tells which file of a group is best to keep, in the order in which it is asked.
KEEP_RULES = ("folder", "whole", "pixels", "quality", "data", "name", "age", "bytes", "path")


# How sure a suggestion must be for a run to follow it without asking; each takes those before it.
AUTO = ("identical", "clear")

SHELLS = ("bash", "zsh", "fish", "powershell")


def modes() -> tuple[str, ...]:
    """Return all modes, those of other packages last."""
    from same_image_locator import plugins

    return tuple(dict.fromkeys((*MODES, *plugins.named("algorithms"))))


def report_forms(own: "Iterable[str]") -> tuple[str, ...]:
    """Return all forms of reports, those of other packages last."""
    from same_image_locator import plugins

    return tuple(dict.fromkeys((*own, *plugins.named("reports"))))


def further_rules() -> tuple[str, ...]:
    """Return the keep rules of other packages."""
    from same_image_locator import plugins

    return tuple(name for name in plugins.named("rules") if name not in KEEP_RULES)
