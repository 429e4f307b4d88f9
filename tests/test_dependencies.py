"""What is imported is declared, and what is declared is used."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_OURS = ("service", "jobs", "models", "rules")
# gunicorn is started as a program, psycopg by the database's address, and tzdata is read by
# zoneinfo where the system has no time zones.
_NOT_IMPORTED = {"gunicorn", "psycopg", "tzdata"}


def _name(requirement: str) -> str:
    """`psycopg[binary]>=3.3` → `psycopg`, in the one spelling that packages are compared by."""
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def _declared(*, for_tests: bool) -> set[str]:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]["dev"] if for_tests else []
    return {_name(one) for one in [*project["project"]["dependencies"], *groups]}


def _imported(*packages: str) -> set[str]:
    """The distributions that these packages import; the tests' own and Python's left out."""
    modules = {
        name.split(".")[0]
        for package in packages
        for path in (_ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }
    known = packages_distributions()
    foreign = modules - set(sys.stdlib_module_names) - {*_OURS, "tests"}
    return {_name(known[module][0]) for module in foreign}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    return [str(node.module)] if isinstance(node, ast.ImportFrom) else []


def _brought_by(declared: set[str]) -> set[str]:
    """What the declared ones need themselves: Flask is not without Werkzeug and Jinja."""
    return {
        _name(one) for name in declared for one in requires(name) or [] if "extra ==" not in one
    }


def test_what_the_application_imports_is_declared() -> None:
    declared = _declared(for_tests=False)
    assert _imported(*_OURS) <= declared | _brought_by(declared)


def test_what_the_tests_import_is_declared() -> None:
    declared = _declared(for_tests=True)
    assert _imported("tests") <= declared | _brought_by(declared)


def test_what_is_declared_is_used() -> None:
    unused = _declared(for_tests=False) - _imported(*_OURS) - _NOT_IMPORTED
    assert not unused
