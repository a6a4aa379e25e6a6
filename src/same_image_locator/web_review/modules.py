"""The page's modules in few scripts, so that the browser asks seldom and none waits for another.

Nothing is built or kept: the modules are joined when the page is first served. Each becomes a block
of its own, and what it exports a variable that all blocks see, as "var" makes them. A block looks
for a name in itself first, as a module does; only the exports of one script must have different
names.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"export (?:(?:const|let) (\w+)|((?:async )?function|class) (\w+))")
_LATER = re.compile(r'\bimport\("\./(\w+\.js)"\)')


def scripts(sources: Mapping[str, str], *entries: str) -> dict[str, str]:
    """Return the script of each entry by its name, and of each module that is loaded later.

    A script holds what it needs and no entry before it has.

    Raises:
        ValueError: a module imports or exports in a form that cannot be joined, has a text of
            several lines or one within the value of another, or two export one name.
    """
    held = placed(sources, *entries)
    lies = {module: script for script, modules in held.items() for module in modules}
    asked = {script: _asked(sources, script, lies) for script in held}
    given = {script: set[str]() for script in held}
    for wanted in asked.values():
        for script, names in wanted.items():
            given[script] |= names
    for script in held.keys() - set(entries):  # whoever loads it asks for any of these
        given[script] |= {one or other for one, _, other in _EXPORT.findall(sources[script])}
    return {
        script: _joined(sources, modules, asked[script], given[script])
        for script, modules in held.items()
    }


def placed(sources: Mapping[str, str], *entries: str) -> dict[str, list[str]]:
    """Return the modules of each script, in their order: each after all that it needs."""
    held, known = dict[str, list[str]](), set[str]()

    def place(script: str) -> None:
        held[script] = [one for one in _needed(sources, script, []) if one not in known]
        known.update(held[script])

    for entry in entries:
        place(entry)
    for later in sorted({name for one in known for name in _LATER.findall(sources[one])}):
        place(later)
    return held


def _needed(sources: Mapping[str, str], module: str, seen: list[str]) -> Iterator[str]:
    """Yield what a module imports, then itself: the order in which a browser runs them."""
    if module in seen:
        return
    seen.append(module)
    for _, name in _IMPORT.findall(sources[module]):
        yield from _needed(sources, name, seen)
    yield module


def _asked(sources: Mapping[str, str], script: str, lies: Mapping[str, str]) -> dict[str, set[str]]:
    """Return the names that a script asks of each other one, in which their modules lie."""
    asked = dict[str, set[str]]()
    own = [module for module, place in lies.items() if place == script]
    for names, origin in chain.from_iterable(_IMPORT.findall(sources[module]) for module in own):
        if lies[origin] != script:
            wanted = {name.strip() for name in names.split(",") if name.strip()}
            asked.setdefault(lies[origin], set()).update(wanted)
    return asked


def _joined(
    sources: Mapping[str, str], modules: list[str], asked: dict[str, set[str]], given: set[str]
) -> str:
    blocks, names = zip(*(_block(module, sources[module]) for module in modules), strict=True)
    known = [*chain(*names), *chain(*asked.values())]
    twice = {name for name in known if known.count(name) > 1}
    if twice:
        raise ValueError(f"two modules of one script export {', '.join(sorted(twice))}")
    head = "".join(
        f'import {{ {", ".join(sorted(wanted))} }} from "./{script}";\n'
        for script, wanted in asked.items()
    )
    return f"{head}{''.join(blocks)}export {{ {', '.join(sorted(given))} }};\n"


def _block(module: str, source: str) -> tuple[str, list[str]]:
    """Return a module as a block, and the names that it exports."""
    if " as " in "".join(wanted for wanted, _ in _IMPORT.findall(source)):
        raise ValueError(f"{module} imports under another name")
    lines, names, is_open = list[str](), list[str](), False
    for line in _IMPORT.sub("", source).splitlines():
        _check_texts(module, line)
        if found := _EXPORT.match(line):
            variable, kind, declared = found.groups()
            names.append(variable or declared)
            # Without a name of its own, a function or a class takes that of the variable.
            value = f" = {kind}" if kind else ""
            lines.append(f"var {names[-1]}{value}{line[found.end() :]}")
            is_open = bool(kind)
        elif line.startswith(("import ", "export ")):
            raise ValueError(f"{module} has a line that cannot be joined: {line}")
        else:
            ends = is_open and line == "}"  # of what is now a value, and not a declaration
            lines.append("};" if ends else line)
            is_open = is_open and not ends
    return "{\n" + "\n".join(lines) + "\n}\n", names


def _check_texts(module: str, line: str) -> None:
    """Refuse a text that would be taken for code by whoever takes the spaces out of code."""
    _, *texts = line.split("`")
    if len(texts) % 2:
        raise ValueError(f"{module} has a text of several lines: {line}")
    if any(text.count("{") != text.count("}") for text in texts[::2]):
        raise ValueError(f"{module} has a text within the value of another: {line}")
