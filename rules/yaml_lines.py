"""YAML read with its line numbers, so that a mistake is named by file and line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from rules.misshapen import in_words, no_such_day

Path_ = tuple[str | int, ...]


# Their files share names: arbitration has limits and events.
_FOLDERS = frozenset({"calendars", "deadlines", "events", "jurisdictions", "sources"})


def named(path: Path) -> str:
    """A policy file as messages name it, with its folder: `deadlines/inspection.yaml`."""
    folder = path.parent.name
    return f"{folder}/{path.name}" if folder in _FOLDERS else path.name


class PolicyError(ValueError):
    """A policy file is wrong: the message names file, line and reason. `words` are the reason by
    language, where it is said in several."""

    def __init__(
        self, path: Path | str, line: int, reason: str, words: Mapping[str, str] | None = None
    ) -> None:
        self.path, self.line, self.reason = Path(path), line, reason
        self.words = words or {}
        super().__init__(f"{named(self.path)}:{line}: {reason}")

    def told(self, language: str) -> str:
        """The message in a language, in English where there are no other words."""
        reason = self.words.get(language[:2], self.reason)
        return f"{named(self.path)}:{self.line}: {reason}"


class Lines:
    """The lines of a file by the path of what begins there."""

    def __init__(self, node: yaml.Node) -> None:
        self._lines: dict[Path_, int] = {}
        _mark(node, (), self._lines)

    def __call__(self, at: Path_) -> int:
        """The line of the longest known part of the path."""
        return self._lines.get(self.known(at), 1)

    def known(self, at: Path_) -> Path_:
        """The longest part of the path that stands in the file."""
        found: Path_ = ()
        for part in at:
            # A key may look like a number, and is text in the path of its node.
            steps = [(*found, one) for one in (part, str(part))]
            step = next((one for one in steps if one in self._lines), None)
            if step is None:
                break
            found = step
        return found


def not_valid(path: Path, line_of: Lines, error: ValidationError, under: Path_ = ()) -> PolicyError:
    """What does not fit first, with its line; a key nobody knows before the one that is then
    missing. `under` is where in the file the data stand."""
    errors = error.errors()
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    at = line_of.known((*under, *first["loc"]))
    named = at[len(under) :]
    if first["type"] == "missing":
        named = first["loc"]
    else:
        errors = [one for one in errors if line_of.known((*under, *one["loc"])) == at]
    alike = errors if first["type"] not in ("missing", "extra_forbidden") else [first]
    where = ".".join(str(part) for part in named)
    prefix = f"{where}: " if where else ""
    words = {name: f"{prefix}{text}" for name, text in in_words(alike).items()}
    return PolicyError(path, line_of((*under, *first["loc"])), words["en"], words)


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
            words = no_such_day(node.value)
            line = node.start_mark.line + 1
            raise PolicyError(self.path, line, words["en"], words) from error

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


def load(path: Path) -> tuple[Any, Lines]:
    """The plain data of a file, and the lines on which its parts begin.

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
    return data, Lines(node)


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
