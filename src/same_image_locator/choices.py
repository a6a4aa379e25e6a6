"""The words that a user chooses from; ``--help`` loads these and not the types of ``model``."""

HASH_BITS = 64
MODES = ("exact", "ahash", "phash", "similar")
HASHES = ("ahash", "phash")
DISPOSALS = ("quarantine", "trash", "delete")
