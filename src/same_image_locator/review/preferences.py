"""What holds for the whole review: preferred folders, which pre-select, auto-finish, keep rules."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from same_image_locator.choices import KEEP_RULES, further_rules
from same_image_locator.plans import Entry

FOLDERS_KEY, AUTO_FINISH_KEY, RULES_KEY = "preferred_folders", "auto_finish", "keep_rules"


@dataclass(frozen=True, slots=True)
class Preferences:
    """Preferred folders, most recent first; auto-finish; keep rules, none for the usual ones."""

    folders: tuple[str, ...] = ()
    auto_finish: bool = False
    rules: tuple[str, ...] = ()

    def toggled(self, folder: str) -> "Preferences":
        """Return the preferences after ``folder`` was chosen: moved to the front, or taken off."""
        return self.with_folder(folder, on=folder not in self.folders)

    def with_folder(self, folder: str, *, on: bool) -> "Preferences":
        """Return the preferences with ``folder`` at the front, or without it."""
        rest = tuple(other for other in self.folders if other != folder)
        return replace(self, folders=(folder, *rest) if on else rest)


def folder_of(entry: Entry) -> str:
    """Return the folder that a staged file came from."""
    return os.path.dirname(os.path.normpath(entry.origin))


def names_from(entries: Sequence[Entry], folder: str) -> frozenset[str]:
    """Return the names of the entries that came from exactly ``folder``."""
    return frozenset(entry.name for entry in entries if folder_of(entry) == folder)


def preselect(entries: Sequence[Entry], preferences: Preferences) -> tuple[frozenset[str], str]:
    """Return the names that the most recent fitting preference selects, and that folder ("")."""
    for folder in preferences.folders:
        names = names_from(entries, folder)
        if names:
            return names, folder
    return frozenset(), ""


def from_json(stored: Mapping[str, Any], group_states: Sequence[Mapping[str, Any]]) -> Preferences:
    """Read the preferences, and those that the first version left in its group states.

    The first version knew no global file: the state of each group named one folder, and later
    groups name more recent choices.
    """
    if stored:
        raw = stored.get(FOLDERS_KEY)
        folders = [name for name in raw if isinstance(name, str)] if isinstance(raw, list) else []
        rules = stored.get(RULES_KEY)
        asked = known_rules(rules if isinstance(rules, list) else [])
        return Preferences(
            _each_once(folders), stored.get(AUTO_FINISH_KEY) is True, _each_once(asked)
        )
    named = [state.get("preferred_folder") for state in reversed(group_states)]
    folders = [os.path.normpath(name) for name in named if isinstance(name, str) and name]
    auto_finish = any(state.get("auto_finish") is True for state in group_states)
    return Preferences(_each_once(folders), auto_finish)


def known_rules(names: Sequence[object]) -> list[str]:
    """Return those of these names that are keep rules, ours or of an installed package."""
    further = () if {*map(str, names)} <= {*KEEP_RULES} else further_rules()
    return [one for one in names if isinstance(one, str) and one in (*KEEP_RULES, *further)]


def _each_once(folders: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folders))


def to_json(preferences: Preferences, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is to be stored; fields that we do not know stay as they were."""
    return {
        **stored,
        FOLDERS_KEY: list(preferences.folders),
        AUTO_FINISH_KEY: preferences.auto_finish,
        RULES_KEY: list(preferences.rules),
    }
