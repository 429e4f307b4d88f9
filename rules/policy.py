"""Loads the policy files and proves that they fit together; what is in force, where and when."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, RootModel, TypeAdapter, ValidationError, model_validator

from rules.calendar import HolidayYear
from rules.common import Text
from rules.event_types import EventType
from rules.holiday_files import FIXED_DAYS, FixedDays, HolidayFile
from rules.indicators import AlertPolicy, Indicators, load_alerts, load_indicators
from rules.languages import misworded
from rules.origins import Jurisdiction, Source
from rules.procedures import ProcedureData
from rules.schema import (
    Assumption,
    Counting,
    Fact,
    Question,
    Rule,
    Statement,
)
from rules.thresholds import ClassificationPolicy, MinimumWage, Threshold
from rules.yaml_lines import PolicyError, load, not_valid

POLICY_DIR = Path(__file__).parent / "policy"

__all__ = ["EventType", "Policy", "PolicyError", "Rule", "load_policy"]

_D = TypeVar("_D", bound=BaseModel)


class _Limit(RootModel[Rule | Statement]):
    """An item of `deadlines/`: a limit, or a statement that there is none."""

    @model_validator(mode="wrap")
    @classmethod
    def _by_use(cls, data: Any, _handler: Any) -> "_Limit":
        """Errors speak of the one that was meant."""
        use = data.get("use") if isinstance(data, dict) else None
        model = Statement if use in ("negative", "dead") else Rule
        return cls.model_construct(root=model.model_validate(data))


@dataclass(frozen=True)
class Policy:
    """All policy data, loaded and checked. Ids are the keys of each mapping."""

    sources: Mapping[str, Source]
    rules: Mapping[str, Rule]
    # Where the law sets no limit, or no longer does.
    statements: Mapping[str, Statement]
    thresholds: Mapping[str, Threshold]
    minimum_wages: tuple[MinimumWage, ...]
    classifications: ClassificationPolicy
    events: Mapping[str, EventType]
    procedures: Mapping[str, ProcedureData]
    jurisdictions: Mapping[str, Jurisdiction]
    facts: Mapping[str, Fact]
    counting: Mapping[str, Counting]
    assumptions: Mapping[str, Assumption]
    years: Mapping[int, HolidayYear]
    # What counts as off in a year without a notice.
    fixed_days: FixedDays
    wording: Mapping[str, Mapping[str, str]]
    book: Mapping[str, Text]
    # What no text read so far answers.
    questions: Mapping[str, Question]
    indicators: Indicators
    alerts: AlertPolicy
    files_digest: str

    def chain(self, jurisdiction: str) -> tuple[str, ...]:
        """The place and those it lies within, from the particular to the general."""
        found: list[str] = []
        at: str | None = jurisdiction
        while at is not None:
            found.append(at)
            at = self.jurisdictions[at].within
        return tuple(found)

    def reading(self, assumption: str) -> str:
        """Which reading of an assumption (A-1 …) is switched on."""
        return self.assumptions[assumption].reading


def events_of(rule: Rule) -> set[str]:
    """Every event the rule speaks of."""
    ends = {end for pause in rule.pauses for end in (pause.from_, pause.to)}
    return {
        *rule.starts_on,
        *rule.discharged_by,
        *rule.cancelled_by,
        *rule.restarts_on,
        *rule.extended_by,
        *ends,
    }


def load_policy(directory: Path = POLICY_DIR) -> Policy:
    """Read and check a policy directory. Raises PolicyError with file, line and reason."""
    reader = _Reader(directory)
    procedures = reader.by_id("procedures.yaml", ProcedureData)
    calendars = reader.each("calendars", HolidayFile, but=FIXED_DAYS)
    rules, statements = reader.rules()
    policy = Policy(
        sources=reader.by_id_in("sources", Source),
        rules=rules,
        statements=statements,
        thresholds=reader.mapping("thresholds.yaml", Threshold),
        minimum_wages=tuple(reader.all_of("minimum_wages.yaml", MinimumWage)),
        classifications=reader.one("classifications.yaml", ClassificationPolicy),
        events=_with_follow_ups(reader.by_procedure("events", EventType, procedures), procedures),
        procedures=procedures,
        jurisdictions=reader.one_a_file("jurisdictions", Jurisdiction),
        facts=reader.mapping("facts.yaml", Fact),
        counting=reader.mapping("counting.yaml", Counting),
        assumptions=reader.mapping("assumptions.yaml", Assumption),
        years={year.year: year.as_year() for year in calendars},
        fixed_days=reader.one(f"calendars/{FIXED_DAYS}", FixedDays),
        wording=reader.wording(),
        book=reader.mapping("book.yaml", Text),
        questions=reader.by_id("questions.yaml", Question),
        indicators=load_indicators(directory),
        alerts=load_alerts(directory),
        files_digest=_digest(directory),
    )
    from rules.consistency import check_consistency

    check_consistency(policy, calendars, directory, reader.line_of)
    return policy


def _with_follow_ups(
    events: dict[str, EventType], procedures: Mapping[str, ProcedureData]
) -> dict[str, EventType]:
    """What an event brings with it stands with the procedure; the event shows it."""
    brings: dict[str, tuple[str, ...]] = {}
    for procedure in procedures.values():
        for event, brought in procedure.follows.items():
            brings[event] = (*brings.get(event, ()), brought)
    return {
        name: event.model_copy(update={"brings": brings.get(name, ())})
        for name, event in events.items()
    }


def _digest(directory: Path) -> str:
    """Changes with any policy file."""
    digest = hashlib.sha256()
    for path in sorted(directory.rglob("*.yaml")):
        digest.update(path.relative_to(directory).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


class _Reader:
    """Reads the files of one directory, remembering where what stands in folders does."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._lines: dict[tuple[str, str], tuple[Path, int]] = {}

    def line_of(self, folder: str, name: str) -> tuple[Path, int]:
        """File and line of what has an id in a folder, for messages."""
        return self._lines[folder, name]

    def by_id(self, name: str, model: type[_D]) -> dict[str, _D]:
        """A file that is a list of items with an `id`."""
        path = self.directory / name
        return _unique(path, self._items(path, model))

    def by_id_in(self, folder: str, model: type[_D]) -> dict[str, _D]:
        """All files of a folder that are lists of items with an `id`, together."""
        return self._joined(folder, self._paths(folder), model)

    def by_procedure(
        self, folder: str, model: type[_D], procedures: Mapping[str, ProcedureData]
    ) -> dict[str, _D]:
        """The same; files that are named after a procedure come in the order of these, others
        before them."""

        def place(path: Path) -> int:
            named = [at for at, one in enumerate(procedures) if path.stem.startswith(one)]
            return named[0] if named else -1

        return self._joined(folder, sorted(self._paths(folder), key=place), model)

    def _joined(self, folder: str, paths: Iterable[Path], model: type[_D]) -> dict[str, _D]:
        found: dict[str, _D] = {}
        for path in paths:
            for line, item in self._items(path, model):
                name = item.model_dump(include={"id"})["id"]
                if name in found:
                    raise PolicyError(path, line, _twice("id", name))
                found[name] = item
                self._lines[folder, name] = path, line
        return found

    def rules(self) -> tuple[dict[str, Rule], dict[str, Statement]]:
        """All files of `deadlines/`, together: the limits, and what has none."""
        rules: dict[str, Rule] = {}
        statements: dict[str, Statement] = {}
        for path in self._paths("deadlines"):
            for line, item in self._items(path, _Limit):
                if ("deadlines", item.root.id) in self._lines:
                    raise PolicyError(
                        path,
                        line,
                        _twice("rule", item.root.id),
                    )
                self._lines["deadlines", item.root.id] = path, line
                if isinstance(item.root, Statement):
                    statements[item.root.id] = item.root
                else:
                    rules[item.root.id] = item.root
        return rules, statements

    def _paths(self, folder: str) -> list[Path]:
        paths = sorted((self.directory / folder).glob("*.yaml"))
        if not paths:
            raise PolicyError(self.directory / folder, 1, "the folder has no files")
        return paths

    def all_of(self, name: str, model: type[_D]) -> list[_D]:
        """A file that is a list of items."""
        return [item for _, item in self._items(self.directory / name, model)]

    def one(self, name: str, model: type[_D]) -> _D:
        """A file that is one item."""
        found: _D = self._valid(self.directory / name, TypeAdapter(model))
        return found

    def mapping(self, name: str, model: type[_D]) -> dict[str, _D]:
        """A file that maps an id to its data."""
        found: dict[str, _D] = self._valid(
            self.directory / name,
            TypeAdapter(dict[str, model]),  # type: ignore[valid-type]
        )
        return found

    def each(self, folder: str, model: type[_D], but: str) -> list[_D]:
        """One item a file, but for one file that is something else."""
        paths = sorted((self.directory / folder).glob("*.yaml"))
        return [self._valid(path, TypeAdapter(model)) for path in paths if path.name != but]

    def one_a_file(self, folder: str, model: type[_D]) -> dict[str, _D]:
        """One item with an `id` a file."""
        found: dict[str, _D] = {}
        for path in sorted((self.directory / folder).glob("*.yaml")):
            item = self._valid(path, TypeAdapter(model))
            if item.id != path.stem:
                line = load(path)[1](("id",))
                raise PolicyError(path, line, f"the id {item.id} is not the name of the file")
            found[item.id] = item
        return found

    def wording(self) -> dict[str, dict[str, str]]:
        """The sentences that explain a date, by code and language."""
        path = self.directory / "wording.yaml"
        texts: dict[str, dict[str, str]] = self._valid(path, TypeAdapter(dict[str, dict[str, str]]))
        for code, text in texts.items():
            if set(text) != {"zh", "en"}:
                raise PolicyError(path, load(path)[1]((code,)), f"{code} needs zh and en")
        return texts

    def _items(self, path: Path, model: type[_D]) -> list[tuple[int, _D]]:
        items: list[_D] = self._valid(path, TypeAdapter(list[model]))  # type: ignore[valid-type]
        line_of = load(path)[1]
        return [(line_of((index,)), item) for index, item in enumerate(items)]

    def _valid(self, path: Path, adapter: TypeAdapter[Any]) -> Any:
        if not path.is_file():
            raise PolicyError(path, 1, "the file is missing")
        data, line_of = load(path)
        try:
            valid = adapter.validate_python(data)
        except ValidationError as error:
            raise not_valid(path, line_of, error) from error
        for at, reason in misworded(data):
            raise PolicyError(path, line_of(at), reason)
        return valid


def _twice(what: str, name: str) -> str:
    return f"the {what} {name} stands twice; give one of them another id"


def _unique(path: Path, items: Iterable[tuple[int, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line, item in items:
        if item.id in found:
            raise PolicyError(path, line, _twice("id", item.id))
        found[item.id] = item
    return found
