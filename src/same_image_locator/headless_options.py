"""The options of reports, of the log for programs, and of the verbs that decide without a page."""

import argparse

from same_image_locator import option_types, reports
from same_image_locator.choices import AUTO, KEEP_RULES, report_forms


def add_telling(parser: argparse.ArgumentParser, verb: str) -> None:
    """Add by which rules is suggested, and for ``sil scan`` the form of the report."""
    text = f"suggest by these rules, in this order (default: {','.join(KEEP_RULES)})"
    parser.add_argument("--keep", type=option_types.rules, metavar="RULES", help=text)
    if verb != "scan":
        text = "tell instead how much of each folder lies in each other one, too"
        parser.add_argument("--folders", action="store_true", help=text)
        return
    telling = parser.add_mutually_exclusive_group()
    text = 'write the groups as JSON to FILE, "-" for standard output'
    telling.add_argument("--json", metavar="FILE", help=text)
    text = "tell the groups with their facts, what is suggested and why, and what that would free"
    forms = ",".join(reports.forms())
    telling.add_argument("--report", type=_form, metavar=f"{{{forms}}}", help=text)
    text = "write the report to FILE instead of standard output"
    parser.add_argument("--output", metavar="FILE", help=text)


def _form(text: str) -> str:
    """Return the name of a form; those of other packages are looked up only when asked for."""
    if text not in reports.forms() and text not in (known := report_forms(reports.forms())):
        choices = ", ".join(map(repr, known))
        raise argparse.ArgumentTypeError(f"invalid choice: {text!r} (choose from {choices})")
    return text


def add_json_log(parser: argparse.ArgumentParser) -> None:
    """Add the log of a run."""
    text = "add what the run tells to FILE, which may be a pipe: a JSON object a line"
    parser.add_argument("--json-log", metavar="FILE", help=text)


def add_decide(parser: argparse.ArgumentParser) -> None:
    """Add which groups are decided, and how."""
    text = "the numbers of the groups that are decided, as sil groups tells them"
    parser.add_argument("numbers", metavar="N", nargs="*", type=option_types.number, help=text)
    text = "every group that waits"
    parser.add_argument("--all", dest="everything", action="store_true", help=text)
    text = "the folder that was scanned, or the decision folder itself (default: .)"
    parser.add_argument("--in", dest="root", metavar="PATH", default=".", help=text)
    text = (
        "keep the files of these numbers in their group, as 1,3; or with --suggested the names "
        "of the rules by which is suggested, as folder,age"
    )
    parser.add_argument("--keep", type=option_types.kept, metavar="FILES", help=text)
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--keep-all", action="store_true", help="keep every file")
    text = "keep no file; refused of identical files"
    way.add_argument("--keep-none", action="store_true", help=text)
    text = "keep every file, and remember that no two of a group are the same picture"
    way.add_argument("--not-duplicates", action="store_true", help=text)
    text = "follow suggestions that are so sure; other groups wait on"
    way.add_argument("--suggested", choices=AUTO, help=text)
    text = (
        "keep what lies in this folder and set aside what lies elsewhere, where all is verified to "
        "be one picture and nothing would be missed; other groups wait on"
    )
    way.add_argument("--keep-in", metavar="FOLDER", help=text)
    text = "remember that the files of these numbers are other pictures than the rest; they go home"
    parser.add_argument("--apart", type=option_types.files, metavar="FILES", help=text)
    text = "write what only a file that goes says of the picture into an XMP file beside the kept"
    parser.add_argument("--sidecars", action="store_true", help=text)
