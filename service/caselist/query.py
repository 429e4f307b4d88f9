"""The filters of the list as they stand in an address. No personal number ever does.

A search for an ID number or a phone arrives by POST; the address then carries it sealed
(`sealed`), so that paging, sorting and the export still know it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from jobs.periods import month_of, quarter_of, year_of
from models.case import KINDS
from models.encryption import KeyringError, decrypt, encrypt
from rules.commitments import counted
from service.cases.searching import CaseFilter, Due, Sort
from service.cases.textsearch import holds_personal_number
from service.fields import normal
from service.web import rulebook
from service.web.numbers import row_id

_SEAL = "caselist.search"
PARTS = ("numerator", "denominator", "difference")
STATES = ("open", "closed")
_DAYS = ("received_from", "received_to", "closed_from", "closed_to")


@dataclass(frozen=True, slots=True)
class Query:
    """A filter, the same as parts of an address, and what of it could not be read."""

    wanted: CaseFilter
    args: dict[str, Any]
    sealed: bool
    unreadable: tuple[str, ...] = ()


def search_args(text: str) -> dict[str, Any]:
    """What a search text becomes in an address: sealed when it holds somebody's number, whole
    or in part, alone or beside a name."""
    typed = normal(text)
    if not typed:
        return {}
    return {"sealed": encrypt(typed, _SEAL)} if holds_personal_number(typed) else {"text": typed}


def read(args: Mapping[str, str]) -> Query:
    """The filter that an address asks for; what is unknown or cannot be read is left out and
    named."""
    values: dict[str, Any] = {}
    unreadable: list[str] = []
    for name, given in args.items():
        if name in _READERS and not given.strip():
            continue
        try:
            values[name] = _READERS[name](given.strip())
        except (KeyError, ValueError, KeyringError):
            unreadable.append(name)
    if "indicator" in values and not _complete(values):
        for name in _REPORTED:
            values.pop(name, None)
        unreadable.append("indicator")
    kept = {name: args[name] for name in values}
    sealed = "sealed" in values
    if sealed:
        values["text"] = values.pop("sealed")
    return Query(CaseFilter(**_named(values)), kept, sealed, tuple(unreadable))


# The cases behind a number of the report are named by all of these together.
_REPORTED = ("indicator", "part", "period", "starts", "ends")


def _complete(values: dict[str, Any]) -> bool:
    ends = "ends" in values or values.get("period") in _WHOLE_PERIODS
    return ends and "part" in values and "starts" in values


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """The address says `starts` and `ends` where the filter says `period_from`, `period_to`."""
    renamed = {_RENAMED.get(name, name): value for name, value in values.items()}
    whole = _WHOLE_PERIODS.get(renamed.pop("period", ""))
    if whole is not None and "period_from" in renamed:
        renamed.setdefault("period_to", whole(renamed["period_from"]).ends_on)
    return renamed


# A year to date ends where its address says, the others by what they are.
_WHOLE_PERIODS = {"month": month_of, "quarter": quarter_of, "year": year_of}
_RENAMED = {
    "unit": "unit_id",
    "handler": "handler_id",
    "starts": "period_from",
    "ends": "period_to",
}


def _one_of(*known: str) -> Any:
    def read_one(given: str) -> str:
        if given not in known:
            raise ValueError(given)
        return given

    return read_one


def _text(given: str) -> str:
    if holds_personal_number(given):
        raise ValueError("a personal number does not belong in an address")
    return given


def _indicator(given: str) -> str:
    policy = rulebook.current().policy
    if given not in policy.indicators and given not in counted(policy):
        raise ValueError(given)
    return given


def _unseal(given: str) -> str:
    return decrypt(given, _SEAL)


_READERS: dict[str, Any] = {
    "text": _text,
    "sealed": _unseal,
    "kind": _one_of(*KINDS),
    "state": _one_of(*STATES),
    "due": _one_of(*get_args(Due)),
    "sort": _one_of(*get_args(Sort)),
    "part": _one_of(*PARTS),
    "period": _one_of("month", "quarter", "year_to_date", "year"),
    "indicator": _indicator,
    "unit": row_id,
    "handler": row_id,
    "page": row_id,
    "starts": date.fromisoformat,
    "ends": date.fromisoformat,
    **dict.fromkeys(_DAYS, date.fromisoformat),
}
