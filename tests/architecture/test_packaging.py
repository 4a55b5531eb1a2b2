"""What is declared is what is imported, and what is shipped is whole."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from tools import size

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def names(requirements: list[str]) -> set[str]:
    """The packages of some requirements, as their index spells them."""
    return {re.split(r"[\[<>=~! ]", one)[0].lower().replace("_", "-") for one in requirements}


def imported() -> set[str]:
    """The modules at the top of other packages that our source imports, wherever it does."""
    found = set[str]()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Import():
                    found |= {name.name.split(".")[0] for name in node.names}
                case ast.ImportFrom(module=str(module), level=0):
                    found.add(module.split(".")[0])
                case ast.Call(
                    func=ast.Name(id="import_module"), args=[ast.Constant(value=str(module))]
                ):
                    found.add(module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"bacatui"}


def test_each_package_that_is_imported_is_declared_and_each_that_is_declared_is_imported() -> None:
    distributions = packages_distributions()
    used = {
        distribution.lower().replace("_", "-")
        for module in imported() - {"keyring"}
        for distribution in distributions[module]
    }
    assert used == names(PROJECT["dependencies"])
    assert "keyring" in imported()
    assert names(PROJECT["optional-dependencies"]["keyring"]) == {"keyring"}


def test_each_declared_package_has_a_lower_and_an_upper_bound() -> None:
    optional = PROJECT["optional-dependencies"]
    for one in [*PROJECT["dependencies"], *optional["keyring"], *optional["test"]]:
        assert re.search(r">=[\d.]+,<[\d.]+$", one), one


def test_the_lock_holds_every_package_that_is_declared() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert names(PROJECT["dependencies"]) <= names(re.findall(r"^[\w.-]+==", lock, re.MULTILINE))


def test_the_annotations_are_shipped() -> None:
    assert (ROOT / "src/bacatui/py.typed").is_file()
    assert "Typing :: Typed" in PROJECT["classifiers"]


@pytest.mark.slow
def test_the_sizes_in_the_docs_are_about_those_of_today() -> None:
    table = size.PAGE.read_text("utf-8").split(size.BEGIN)[1].split(size.END)[0]
    told = {
        name: int(count)
        for name, count in re.findall(r"^\| `?([\w.]+)`? \| (\d+) \|$", table, re.MULTILINE)
    }
    now = size.statements()
    assert abs(told.pop("all") - sum(now.values())) < 300, "run `make docs`"
    assert {name for name, count in told.items() if abs(count - now.get(name, 0)) > 150} == set(), (
        "run `make docs`"
    )
