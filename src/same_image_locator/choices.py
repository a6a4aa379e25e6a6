"""The words that a user chooses from; ``--help`` loads these and not the types of ``model``."""

HASH_BITS = 64
MODES = ("exact", "ahash", "phash", "similar")
HASHES = ("ahash", "phash")
DISPOSALS = ("quarantine", "trash", "delete")

# What tells which file of a group is best to keep, in the order in which it is asked.
KEEP_RULES = ("folder", "whole", "pixels", "quality", "data", "name", "age", "bytes", "path")

# How sure a suggestion must be for a run to follow it without asking; each takes those before it.
AUTO = ("identical", "clear")
