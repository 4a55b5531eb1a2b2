"""Code, in its own lines, with the colours of Pygments."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from bacatui.tui.typeset.lines import Line, Span

LIMIT = 20_000  # characters that are worth their highlighting
LONGEST = 1_000  # characters in a line; what is longer was not written to be read, and goes on in the next
# Lexers that hold on any input: a page may name any language, and some of the rarer ones can be made to hang.
_KNOWN = (
    "bash c console cpp csharp css diff docker elixir go haskell html ini java javascript json kotlin lua makefile "
    "nix ocaml perl php python ruby rust scala sh shell sql swift toml ts typescript xml yaml zig jsx tsx js py rb rs "
)
_NAMES = {
    "Comment": "comment", "Keyword": "keyword", "Literal.String": "string", "Literal.Number": "number",
    "Name.Function": "name", "Name.Class": "name", "Name.Tag": "keyword", "Name.Attribute": "name",
    "Name.Builtin": "name", "Generic.Deleted": "deleted", "Generic.Inserted": "inserted", "Operator.Word": "keyword",
}  # fmt: skip


def code_lines(text: str, language: str, width: int) -> Iterator[Line]:
    """Code as it was written, on its own ground; long lines are scrolled, never wrapped."""
    margin = Span(" " if width > 8 else "", "block")
    wide = any(2 * len(line) > width and cell_len(line) + len(margin.text) > width for line in text.split("\n"))
    row: list[Span] = []
    for style, value in _tokens(text, language.lower()):
        for at, part in enumerate(value.split("\n")):
            if at:
                yield Line((margin, *row), 1, wide=wide, fill="block")
                row = []
            if part and row and _is_one(row[-1].text[-20:], part[:20]):
                row[-1] = row[-1]._replace(text=row[-1].text + part)
            elif part:
                row.append(Span(part, style))
    yield Line((margin, *row), 1, wide=wide, fill="block")


def _is_one(before: str, after: str) -> bool:
    """Whether a lexer cut through a grapheme: the second part begins with no cell of its own, or joins the first."""
    if after[0].isascii():
        return False
    return not cell_len(after[0]) or cell_len(before + after) < cell_len(before) + cell_len(after)


def _tokens(text: str, language: str) -> Iterator[tuple[str, str]]:
    if len(text) > LIMIT or not language or f" {language} " not in f" {_KNOWN}":
        for number, line in enumerate(text.split("\n")):
            for at in range(0, max(1, len(line)), LONGEST):
                yield "block", ("\n" if number or at else "") + line[at : at + LONGEST]
        return
    from pygments.lexers import get_lexer_by_name

    for kind, value in get_lexer_by_name(language, stripnl=False, ensurenl=False).get_tokens(text):
        name = str(kind).removeprefix("Token.")
        yield next((f"block {style}" for prefix, style in _NAMES.items() if name.startswith(prefix)), "block"), value
