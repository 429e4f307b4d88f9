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
# Days as numbers (ordinals), which can be summed where nobody notices, are for these.
_OF_ORDINALS = ("rules/calendar.py", "rules/counting.py")
# How old a draft and how far apart runs may be are lengths between moments; the invented bureau
# draws its days at random. None of them counts a deadline.
_NO_DEADLINES = ("jobs/drafts.py", "jobs/schedule.py", "service/demo/")


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


def _counts_days(node: ast.AST) -> bool:
    """`timedelta(days=…)`, `(last - first).days`, or a sum with `day.toordinal()`."""
    match node:
        case ast.Call(func=ast.Name(id="timedelta"), args=args, keywords=keywords):
            return bool(args) or any(one.arg in ("days", "weeks") for one in keywords)
        case ast.Attribute(value=ast.BinOp(op=ast.Sub()), attr="days"):
            return True
        case ast.BinOp(op=ast.Add() | ast.Sub(), left=left, right=right):
            return any(
                isinstance(one, ast.Call)
                and isinstance(one.func, ast.Attribute)
                and one.func.attr == "toordinal"
                for one in (left, right)
            )
    return False


@pytest.mark.parametrize(
    "line",
    [
        "today + timedelta(days=7)",
        "today + timedelta(7)",
        "today + timedelta(weeks=1)",
        "(last - first).days",
        "first.toordinal() + 1",
    ],
)
def test_counting_days_by_hand_is_noticed(line: str) -> None:
    assert any(_counts_days(node) for node in ast.walk(ast.parse(line)))


def test_only_the_calendar_counts_days() -> None:
    wrong = {
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name, node in _outside("rules/calendar.py", *_NO_DEADLINES)
        if isinstance(node, ast.expr) and _counts_days(node)
    }
    assert not wrong


def _makes_ordinals(node: ast.AST) -> bool:
    """`day.toordinal()`, `date.fromordinal`: a day as a number, or back."""
    return isinstance(node, ast.Attribute) and node.attr in ("toordinal", "fromordinal")


def _knows_weekends_or_quarters(node: ast.AST) -> bool:
    """`day.weekday() < 5`, `(day.month - 1) // 3`: what a week and a year are made of."""
    match node:
        case ast.Compare(left=ast.Call(func=ast.Attribute(attr="weekday" | "isoweekday"))):
            return True
        case ast.BinOp(op=ast.FloorDiv() | ast.Mod(), left=left):
            return any(
                isinstance(one, ast.Attribute) and one.attr == "month" for one in ast.walk(left)
            )
    return False


@pytest.mark.parametrize("line", ["day.weekday() < 5", "(day.month - 1) // 3", "day.month % 3"])
def test_weekends_and_quarters_by_hand_are_noticed(line: str) -> None:
    assert any(_knows_weekends_or_quarters(node) for node in ast.walk(ast.parse(line)))


def test_only_the_calendar_knows_weekends_and_quarters() -> None:
    wrong = {
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name, node in _outside("rules/calendar.py", *_NO_DEADLINES)
        if isinstance(node, ast.expr) and _knows_weekends_or_quarters(node)
    }
    assert not wrong


def _outside(*but: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node of the code, and where it stands, but for these files and folders."""
    for package in ("rules", "jobs", "service"):
        for path in _modules(package):
            name = str(path.relative_to(_ROOT))
            if not name.startswith(but):
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    yield name, node


def test_an_ordinal_kept_to_be_summed_later_is_noticed() -> None:
    kept = "until = today.toordinal()\nend = until + left"
    assert any(_makes_ordinals(node) for node in ast.walk(ast.parse(kept)))


def test_only_the_calendar_and_counting_make_numbers_of_days() -> None:
    wrong = {
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name, node in _outside(*_OF_ORDINALS, *_NO_DEADLINES)
        if isinstance(node, ast.expr) and _makes_ordinals(node)
    }
    assert not wrong


def test_no_file_of_code_or_law_is_longer_than_400_lines() -> None:
    long = {
        f"{path.relative_to(_ROOT)}: {count}"
        for package in (*_MAY_IMPORT, "tests")
        for path in (*_modules(package), *(_ROOT / package).rglob("*.yaml"))
        if "versions" not in path.parts  # migrations are written by Alembic
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long
