"""YAML read with its line numbers, so that a mistake is named by file and line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

Path_ = tuple[str | int, ...]


class PolicyError(ValueError):
    """A policy file is wrong: the message names file, line and reason."""

    def __init__(self, path: Path | str, line: int, reason: str) -> None:
        self.path, self.line, self.reason = Path(path), line, reason
        super().__init__(f"{self.path.name}:{line}: {reason}")


def not_valid(
    path: Path, line_of: Callable[[Path_], int], error: ValidationError, under: Path_ = ()
) -> PolicyError:
    """What does not fit first, with its line; a key nobody knows before the one that is then
    missing. `under` is where in the file the data stand."""
    errors = error.errors()
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    where = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        reason += "; mind its spelling, or take it out"
    return PolicyError(path, line_of((*under, *first["loc"])), f"{where}: {reason}")


# libyaml reads the same language some ten times as fast; every wheel of PyYAML brings it.
_Fastest: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Fastest):  # type: ignore[misc]
    """Refuses a key that stands twice: YAML would silently keep the last."""

    path: Path

    def construct_day(self, node: yaml.ScalarNode) -> Any:
        """A day; one that does not exist is named with its line."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError as error:
            line = node.start_mark.line + 1
            raise PolicyError(self.path, line, f"{node.value}: {error}") from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise PolicyError(self.path, line, f"the key {key!r} stands twice; keep one")
            seen.add(key)
        built: dict[Any, Any] = super().construct_mapping(node, deep)
        return built


_StrictLoader.add_constructor("tag:yaml.org,2002:timestamp", _StrictLoader.construct_day)


def load(path: Path) -> tuple[Any, Callable[[Path_], int]]:
    """The plain data of a file, and a function from a path in it to the line it starts on.

    Raises PolicyError when the file is not YAML.
    """
    try:
        loader = _StrictLoader(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, yaml.reader.ReaderError) as error:
        raise PolicyError(path, 1, f"not a text file in UTF-8: {error}") from error
    loader.path = path
    try:
        node = loader.get_single_node()
        data = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise PolicyError(path, line, f"not valid YAML: {_problem(error)}") from error
    finally:
        loader.dispose()
    if node is None:
        raise PolicyError(path, 1, "the file holds nothing; write its entries, or remove it")
    lines: dict[Path_, int] = {}
    _mark(node, (), lines)
    return data, lambda at: _line(lines, at)


def _problem(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem)
    return f"{problem}; indent with spaces" if "tab" in problem.split() else problem


def _mark(node: yaml.Node, at: Path_, lines: dict[Path_, int]) -> None:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _mark(value, (*at, key.value), lines)
            lines[(*at, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _mark(item, (*at, index), lines)


def _line(lines: dict[Path_, int], at: Path_) -> int:
    """The line of the longest known part of the path."""
    path = tuple(part if isinstance(part, int) else str(part) for part in at)
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
