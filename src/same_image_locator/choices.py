"""The words that a user chooses from; ``--help`` loads these and not the types of ``model``."""

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


def further_rules() -> tuple[str, ...]:
    """Return the keep rules of other packages."""
    from same_image_locator import plugins

    return tuple(name for name in plugins.named("rules") if name not in KEEP_RULES)
