"""Calls go one way: service to jobs, rules and models; jobs to rules and models."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_MAY_IMPORT: dict[str, set[str]] = {
    "models": set(),
    "rules": set(),
    "jobs": {"rules", "models"},
    "service": {"jobs", "rules", "models"},
}
# "today" is an argument and Flask a matter of the service.
_NOT_IN_RULES = {"flask", "sqlalchemy", "sqlmodel", "alembic"}


def _imports(source: str) -> Iterator[str]:
    """The top-level packages that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used here"
            yield str(node.module).split(".")[0]


def _modules(package: str) -> list[Path]:
    return sorted((_ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", _MAY_IMPORT)
def test_a_layer_imports_only_the_layers_below_it(package: str) -> None:
    foreign = {*_MAY_IMPORT, "tests"} - _MAY_IMPORT[package] - {package}
    wrong = {
        f"{path.relative_to(_ROOT)} imports {name}"
        for path in _modules(package)
        for name in _imports(path.read_text(encoding="utf-8"))
        if name in foreign
    }
    assert not wrong


def test_rules_know_neither_database_nor_web() -> None:
    wrong = {
        f"{path.relative_to(_ROOT)} imports {name}"
        for path in _modules("rules")
        for name in _imports(path.read_text(encoding="utf-8"))
        if name in _NOT_IN_RULES
    }
    assert not wrong


def test_only_the_engine_imports_durable() -> None:
    importers = {
        str(path.relative_to(_ROOT))
        for package in _MAY_IMPORT
        for path in _modules(package)
        for name in _imports(path.read_text(encoding="utf-8"))
        if name.startswith("durable")
    }
    assert importers == {"rules/engine.py"}


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        f"{path.relative_to(_ROOT)}: {count}"
        for package in (*_MAY_IMPORT, "tests")
        for path in _modules(package)
        if "versions" not in path.parts  # migrations are written by Alembic
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long
