"""What our source may not say: shells, eval, foreign pickles, data in SQL, a feed's words as markup."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "bacatui"
FILES = sorted(SOURCE.rglob("*.py"))
OWNERS = {  # third-party package -> the room that may import it
    "feedparser": "feeds", "httpx": "fetch", "httpcore": "fetch", "lxml": "articles", "readability": "articles",
    "trafilatura": "articles", "sqlite_utils": "store", "textual": "tui", "rich": "tui", "pygments": "tui", "PIL": "work tui",
}  # fmt: skip
WIDGETS = {
    "Static",
    "Label",
    "Button",
    "Checkbox",
    "RadioButton",
    "Option",
    "Collapsible",
    "Digits",
}
PLAIN = {"Content", "_", "ngettext"}  # what makes a value safe to show, or is our own words


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def is_spliced(node: ast.AST) -> bool:
    """Whether a string is put together from parts that are not all literal or constants of ours."""
    match node:
        case ast.JoinedStr(values):
            if dotted_value(values[0]) == "PRAGMA ":
                return False  # takes no parameters, and its names are ours
            return any(
                isinstance(value, ast.FormattedValue) and not is_constant(value.value)
                for value in values
            )
        case ast.BinOp(left, ast.Add(), right):
            return any(
                is_spliced(side) or not (is_constant(side) or is_text(side))
                for side in (left, right)
            )
        case ast.BinOp(left, ast.Mod(), _):
            return is_text(left)
        case ast.Call(ast.Attribute(value, "format" | "format_map")):
            return is_text(value)
        case ast.IfExp(_, body, orelse):
            return is_spliced(body) or is_spliced(orelse)
    return False


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def is_constant(node: ast.AST) -> bool:
    """A name in capitals: a constant, or an entry of a table of constants."""
    node = node.value if isinstance(node, ast.Subscript) else node
    name = dotted(node).rpartition(".")[2]
    return bool(name) and name.upper() == name


def is_shown_as_text(call: ast.Call, safe: set[str]) -> bool:
    """Whether a widget's words are ours, or are told to be text. `safe`: functions that return Content."""
    if any(word.arg == "markup" and dotted_value(word.value) is False for word in call.keywords):
        return True
    words = [
        *call.args[:1],
        *(
            word.value
            for word in call.keywords
            if word.arg in {"content", "label", "prompt", "title"}
        ),
    ]
    return all(is_plain(word, safe) for word in words)


def dotted_value(node: ast.AST) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def is_plain(node: ast.AST, safe: set[str]) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.Call(function):
            names = dotted(function).split(".")
            return bool(safe & {names[0], names[-1]})
        case ast.IfExp(_, body, orelse):
            return is_plain(body, safe) and is_plain(orelse, safe)
    return False


def returning_content(tree: ast.AST) -> set[str]:
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {node.name for node in functions if node.returns and dotted(node.returns) == "Content"}


def faults(tree: ast.AST, room: str) -> Iterator[tuple[int, str]]:
    safe = PLAIN | returning_content(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(function, arguments, words):
                name = dotted(function)
                last = name.rpartition(".")[2]
                if any(
                    word.arg == "shell" and dotted_value(word.value) is not False for word in words
                ):
                    yield node.lineno, "shell=True"
                if name in {
                    "os.system",
                    "os.popen",
                    "eval",
                    "exec",
                    "compile",
                    "__import__",
                    "subprocess.getoutput",
                }:
                    yield node.lineno, name
                if (
                    last in {"execute", "executemany", "executescript"}
                    and arguments
                    and is_spliced(arguments[0])
                ):
                    yield node.lineno, f"data spliced into SQL ({last})"
                if any(word.arg == "markup" and dotted_value(word.value) is True for word in words):
                    yield node.lineno, "markup=True"
                if last in WIDGETS and room == "tui" and not is_shown_as_text(node, safe):
                    yield (
                        node.lineno,
                        f"{last} with words that may be a feed's: give it Content(…) or markup=False",
                    )
            case ast.Import() | ast.ImportFrom():
                modules = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                )
                for module in {module.partition(".")[0] for module in modules}:
                    if module in {
                        "pickle",
                        "marshal",
                        "shelve",
                        "dill",
                        "jsonpickle",
                        "multiprocessing",
                    }:
                        yield node.lineno, f"import {module}"
                    if module in OWNERS and room not in OWNERS[module].split():
                        yield node.lineno, f"import {module} outside {OWNERS[module]}"


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_says_nothing_dangerous(path: Path) -> None:
    found = list(faults(ast.parse(path.read_text(encoding="utf-8")), room_of(path)))
    assert found == []


@pytest.mark.parametrize(
    ("code", "room"),
    [
        ("subprocess.run(x, shell=True)", "cli"), ("subprocess.run(x, shell=wanted)", "cli"), ("os.system(x)", "cli"),
        ("eval(x)", "store"), ("import pickle", "work"), ("from pickle import loads", "work"), ("import feedparser", "sync"),
        ("def f():\n    import lxml.html", "feeds"), ("from textual.app import App", "cli"), ('db.execute(f"select {x}")', "store"),
        ('db.execute("select " + x)', "store"), ('db.execute("select %s" % x)', "store"), ('db.execute("{}".format(x))', "store"),
        ('db.execute("select " + (f"{x}"))', "store"), ("Static(entry.title)", "tui"), ('Label(f"{title}")', "tui"),
        ("Option(row.title, id='1')", "tui"), ("Static(x, markup=True)", "tui"), ('Static(_("{t}").format(t=title))', "tui"),
    ],
)  # fmt: skip
def test_the_check_sees_what_it_is_for(code: str, room: str) -> None:
    assert list(faults(ast.parse(code), room))


@pytest.mark.parametrize(
    ("code", "room"),
    [
        ("subprocess.run([a, b])", "cli"), ("import feedparser", "feeds"), ('db.execute("select ?", (x,))', "store"),
        ('db.execute("select " + COLUMNS + " from x")', "store"), ('db.execute(f"select {_COLUMNS}")', "store"), ("Static()", "tui"),
        ('Static("words")', "tui"), ("Static(Content(title))", "tui"), ('Label(_("Words"))', "tui"), ("Static(x, markup=False)", "tui"),
    ],
)  # fmt: skip
def test_the_check_lets_the_right_way_pass(code: str, room: str) -> None:
    assert not list(faults(ast.parse(code), room))


def test_each_page_that_is_cited_is_in_the_repository() -> None:
    root = SOURCE.parents[1]
    folders = ("src", "tests", "tools", "benchmarks", "docs")
    files = [*root.glob("*.md"), root / "Makefile", root / "pyproject.toml"]
    files += [
        path
        for folder in folders
        for path in (root / folder).rglob("*")
        if path.suffix in {".py", ".toml", ".md"}
    ]
    cited = {
        (str(path.relative_to(root)), name)
        for path in files
        for name in re.findall(
            r"\bdocs/[\w/.-]+\.md\b|\b[A-Z]{4,}\.md\b", path.read_text(encoding="utf-8")
        )
    }
    assert [(path, name) for path, name in sorted(cited) if not (root / name).is_file()] == []


def test_no_source_needs_what_lies_beside_the_repository() -> None:
    assert [
        str(path)
        for path in FILES
        if re.search(r"DESIGN|\.\./shared", path.read_text(encoding="utf-8"))
    ] == []
