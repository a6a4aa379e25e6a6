"""Completions for shells, made from the options by shtab; a script that each shell sources."""

import argparse
from collections.abc import Callable

from same_image_locator import reports
from same_image_locator.choices import KEEP_RULES, further_rules, modes, report_forms
from same_image_locator.errors import ExitCode
from same_image_locator.options import VERBS
from same_image_locator.whole_parser import whole_parser

_FOLDERS = frozenset({"PATH", "ROOT", "FOLDER"})
_FILES = frozenset({"FILE", "PICTURE", "A", "B"})

# Options whose words other packages may add to.
_WORDS: dict[str, Callable[[], tuple[str, ...]]] = {
    "mode": modes,
    "keep": lambda: (*KEEP_RULES, *further_rules()),
    "report": lambda: report_forms(reports.forms()),
}

# The first word is a verb or a folder, after which the options go on. Each shell is told so in its
# own way.
_BEFORE = {
    "zsh": f"""\
_sil_verbs=({" ".join(VERBS)})
_sil_options=($_shtab_sil_options)
functions[_sil_describe]=$functions[_shtab_sil_commands]
functions[_sil_begin]=$functions[_shtab_sil]
_shtab_sil_commands() {{ _alternative 'verbs:verb:_sil_describe' 'folders:folder:_files -/' }}
_shtab_sil() {{
  if (( CURRENT == 2 || ${{_sil_verbs[(Ie)$words[2]]}} )); then
    _sil_begin "$@"
  else
    _arguments -s $_sil_options ':folder:_files -/'
  fi
}}
""",
}
_AFTER = {
    "bash": "_shtab_sil_pos_0_COMPGEN=_shtab_compgen_dirs\n",
    "fish": (
        "complete -c sil -n '_shtab_sil_using; and test $_shtab_sil_npos -eq 0' "
        "-a '(__fish_complete_directories)'\n"
    ),
    "powershell": "$_shtab_sil_compgens['_shtab_sil_pos_0'] = '_shtab_powershell_compgen_dirs'\n",
}


def tell(shell: str) -> ExitCode:
    """Print the completions of one shell."""
    print(script(shell), end="")
    return ExitCode.DONE


def script(shell: str) -> str:
    """Return the script by which a shell completes what is typed after ``sil``."""
    import shtab

    parser = whole_parser(root=False)
    _tell_values(parser)
    made = shtab.complete(parser, shell, preamble=_BEFORE.get(shell, ""))
    return f"{made.rstrip()}\n{_AFTER.get(shell, '')}"


def _tell_values(parser: argparse.ArgumentParser) -> None:
    """Say of each option what may follow: a folder, a file, or one of some words."""
    import shtab

    for action in parser._actions:  # noqa: SLF001 - argparse lists its options nowhere else
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - it has no public name
            for verb in action.choices.values():
                _tell_values(verb)
        elif action.metavar in _FOLDERS:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]  # shtab asks for it
        elif action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # likewise
        elif action.dest in _WORDS:
            action.choices = _WORDS[action.dest]()
