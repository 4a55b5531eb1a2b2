"""Collect every string, merge them into each catalogue, and compile: `make i18n`.

`--check` changes nothing and fails when a catalogue is incomplete, or not what the source makes of it.
"""

from __future__ import annotations

import io
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from bacatui import commands  # noqa: E402
from bacatui.cli.grammar import COMMANDS, OPTIONS, VALUES  # noqa: E402

SOURCE = ROOT / "src" / "bacatui"
FIELDS = SOURCE / "tui" / "fields.toml"
LOCALE = SOURCE / "i18n" / "locale"
CHANGING = tuple(
    f'"{name}'.encode()
    for name in ("POT-", "PO-", "Generated", "Report", "Last-T", "Language-T", "Project")
)
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "NN_": (1, 2)}
# What argparse says by itself, in the words of Python 3.11 to 3.14; it is given our `_` in cli/grammar.py.
ARGPARSE = (
    "expected one argument",
    "argument %(argument_name)s: %(message)s",
    "the following arguments are required: %s",
    "invalid choice: %(value)r (choose from %(choices)s)",
)


def collected() -> Catalog:
    """Every string of the source that is marked for translation."""
    catalogue = Catalog(project="bacatui", charset="utf-8")
    found = extract_from_dir(str(SOURCE), [("**.py", "python")], keywords=KEYWORDS)
    for name, _line, message, comments, _context in sorted(
        found, key=lambda item: (item[0], item[1])
    ):
        catalogue.add(message, None, [(f"src/bacatui/{name}", 0)], auto_comments=comments)
    for message in ARGPARSE:
        catalogue.add(message, None, [("argparse", 0)])
    for told in commands.COMMANDS:
        for message in filter(None, (told.group, told.title, told.hint)):
            catalogue.add(message, None, [("src/bacatui/commands.toml", 0)])
    for label, field in tomllib.loads(FIELDS.read_text("utf-8")).items():
        for message in (
            label,
            field.get("usual", ""),
            field.get("hint", ""),
            *field.get("among", {}).values(),
        ):
            catalogue.add(message, None, [("src/bacatui/tui/fields.toml", 0)]) if message else None
    for message in filter(None, [*told_of_commands(), *OPTIONS.values(), *VALUES.values()]):
        catalogue.add(message, None, [("src/bacatui/cli/grammar.toml", 0)])
    return catalogue


def told_of_commands() -> Iterator[str]:
    """What the help says of each command."""
    for command in COMMANDS.values():
        yield from (command["group"], command["help"], command.get("more", ""))
        yield from (does for _line, does in command.get("examples", ()))


def merged(language: str) -> Catalog:
    """The catalogue of a language, brought up to date with the source; what is gone is dropped."""
    path = LOCALE / f"{language}.po"
    catalogue = Catalog(
        locale=language, project="bacatui", header_comment="# bacatui in other words."
    )
    if path.exists():
        catalogue = read_po(io.BytesIO(path.read_bytes()), locale=language)
    catalogue.update(collected(), no_fuzzy_matching=False, update_header_comment=False)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    """The catalogue as text, without line numbers and dates: only what a translator changes makes a difference."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, omit_header=False, include_lineno=False, sort_by_file=True)
    kept = [
        line for line in out.getvalue().splitlines(keepends=True) if not line.startswith(CHANGING)
    ]
    return b"".join(kept)


def as_mo(catalogue: Catalog) -> bytes:
    """The catalogue compiled, for gettext."""
    out = io.BytesIO()
    compiled = read_po(io.BytesIO(as_po(catalogue)), locale=catalogue.locale)
    compiled.creation_date = compiled.revision_date = datetime(
        2026, 1, 1, tzinfo=UTC
    )  # same strings, same bytes
    write_mo(out, compiled)
    return out.getvalue()


def gaps(catalogue: Catalog) -> list[str]:
    """Strings without a translation, or with one that a change of the source made doubtful."""

    def is_open(string: object) -> bool:
        return not (all(string) if isinstance(string, tuple | list) else string)

    return [str(m.id) for m in catalogue if m.id and (m.fuzzy or is_open(m.string))]


def main() -> int:
    """Update the catalogues, or with --check only judge them."""
    check, bad = "--check" in sys.argv, 0
    for path in sorted(LOCALE.glob("*.po")) or [LOCALE / "id.po"]:
        catalogue = merged(path.stem)
        missing = gaps(catalogue)
        po, mo = as_po(catalogue), as_mo(catalogue)
        if check:
            stale = path.read_bytes() != po or path.with_suffix(".mo").read_bytes() != mo
            bad |= bool(stale or missing)
        else:
            LOCALE.mkdir(exist_ok=True)
            path.write_bytes(po)
            path.with_suffix(".mo").write_bytes(mo)
        print(f"{path.name}: {len(catalogue)} strings, {len(missing)} to translate")
    return bad


if __name__ == "__main__":
    sys.exit(main())
