"""The page's modules in few scripts, so that the browser asks seldom and none waits for another.

Nothing is built or kept: the modules are joined when the page is first served. Each becomes a block
of its own, and what it exports a variable that all blocks see. A block looks for a name in itself
first, as a module does; only the exports of one script must therefore have different names.
"""

import re
from collections.abc import Iterator, Mapping

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"export (?:(const|let) |((?:async )?function|class) )(\w+)")
_LATER = re.compile(r'\bimport\("\./(\w+\.js)"\)')
# Comments of their own lines, and beside code: where no quote follows, they stand in no text.
_COMMENT = re.compile(r"""^ *//.*\n|^ */\*\*(?s:.*?)\*/\n| +// [^"'`\n]*$""", re.MULTILINE)


def scripts(sources: Mapping[str, str], *entries: str) -> dict[str, str]:
    """Return the script of each entry by its name, and of each module that is loaded later.

    A script holds what it needs and no entry before it has.

    Raises:
        ValueError: a module imports or exports in a form that cannot be joined, has a text of
            several lines, or two export one name.
    """
    joined, lies = dict[str, str](), dict[str, str]()
    for entry in entries:
        own = [module for module in _needed(sources, entry, []) if module not in lies]
        joined[entry] = _joined(sources, own, lies)
        lies |= dict.fromkeys(own, entry)
    for name in sorted({name for module in lies for name in _LATER.findall(sources[module])}):
        own = [module for module in _needed(sources, name, []) if module not in lies]
        joined[name] = _joined(sources, own, lies)
    return joined


def _needed(sources: Mapping[str, str], module: str, seen: list[str]) -> Iterator[str]:
    """Yield what a module imports, then itself: the order in which a browser runs them."""
    if module in seen:
        return
    seen.append(module)
    for _, name in _IMPORT.findall(sources[module]):
        yield from _needed(sources, name, seen)
    yield module


def _joined(sources: Mapping[str, str], modules: list[str], lies: Mapping[str, str]) -> str:
    """Return one script; what it needs of other modules, the scripts give it in which they lie."""
    asked, names, blocks = dict[str, set[str]](), list[str](), list[str]()
    for module in modules:
        text, exported = _block(module, sources[module])
        blocks.append(text)
        names += exported
        for wanted, origin in _IMPORT.findall(sources[module]):
            if origin in lies:
                given = {name.strip() for name in wanted.split(",") if name.strip()}
                asked.setdefault(lies[origin], set()).update(given)
    known = [*names, *(name for given in asked.values() for name in given)]
    twice = {name for name in known if known.count(name) > 1}
    if twice:
        raise ValueError(f"two modules of one script export {', '.join(sorted(twice))}")
    head = "".join(
        f'import {{ {", ".join(sorted(given))} }} from "./{script}";\n'
        for script, given in asked.items()
    )
    listed = ", ".join(names)
    return f"{head}let {listed};\n{''.join(blocks)}export {{ {listed} }};\n"


def _block(module: str, source: str) -> tuple[str, list[str]]:
    """Return a module as a block, and the names that it exports."""
    if " as " in "".join(wanted for wanted, _ in _IMPORT.findall(source)):
        raise ValueError(f"{module} imports under another name")
    lines, names, is_open = list[str](), list[str](), False
    for line in _COMMENT.sub("", _IMPORT.sub("", source)).splitlines():
        if found := _EXPORT.match(line):
            variable, kind, name = found.groups()
            names.append(name)
            value = line[found.end() :]
            is_open = not variable
            lines.append(f"{name}{value}" if variable else f"{name} = {kind} {name}{value}")
        elif line.startswith(("import ", "export ")):
            raise ValueError(f"{module} has a line that cannot be joined: {line}")
        else:
            ends = is_open and line == "}"  # of what is now a value, and not a declaration
            if line.count("`") % 2:
                raise ValueError(f"{module} has a text of several lines: {line}")
            lines.append("};" if ends else line.lstrip())
            is_open = is_open and not ends
    return f"{{ // {module}\n" + "\n".join(lines) + "\n}\n", names
