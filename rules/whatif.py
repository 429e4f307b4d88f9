"""`anqi what-if`: matters as JSON lines in, their deadlines as JSON lines out; no database."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, TextIO

from rules.calendar import FIRST_DAY, LAST_ENTERED, OutOfCalendarError
from rules.citing import in_force, lines, local_law, quote
from rules.closing import settled
from rules.differing import differing
from rules.event_types import EventType
from rules.explain import finding_text, steps
from rules.matter import DAYS, Clock, Event, FactValue, Matter
from rules.rulebook import Rulebook, builtin_rulebook
from rules.unstarted import unstarted

_MATTER_FIELDS = ("id", "procedure", "jurisdiction", "facts", "events", "today")
_TIME = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BYTE_ORDER_MARK = "\ufeff"


class UnreadableError(ValueError):
    """A matter that cannot be read: the message names what is wrong and what is known."""


def run(lines: Iterable[str], out: TextIO, today: date, language: str) -> int:
    """Answer each line; status 1 when any of them could not be read."""
    rulebook = builtin_rulebook()
    status = 0
    for line in lines:
        text = line.strip().removeprefix(_BYTE_ORDER_MARK)
        if not text:
            continue
        answer = answer_line(text, rulebook, today, language)
        status = status or int("error" in answer)
        written = json.dumps(answer, ensure_ascii=False)
        # Half a surrogate pair is valid in JSON but in no encoding of a file.
        out.write(written.encode(errors="backslashreplace").decode() + "\n")
    return status


def answer_line(line: str, rulebook: Rulebook, today: date, language: str) -> dict[str, Any]:
    """The answer to one line: `{"id", "deadlines", "findings", "notes"}`, or `{"id", "error"}`."""
    try:
        data = json.loads(line, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"not valid JSON: {error}"}
    if not isinstance(data, dict):
        return {"id": None, "error": "a matter is a JSON object in braces"}
    return answer(data, rulebook, today, language)


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field {twice!r} stands twice in one object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")


def answer(
    data: Mapping[str, Any], rulebook: Rulebook, today: date, language: str
) -> dict[str, Any]:
    """As `answer_line`, for data already read."""
    matter_id = data.get("id")
    try:
        matter, as_of = read_matter(data, rulebook, today)
        return {"id": matter_id, **describe(matter, rulebook, as_of, language)}
    except (UnreadableError, OutOfCalendarError) as error:
        return {"id": matter_id, "error": str(error)}


def describe(matter: Matter, rulebook: Rulebook, today: date, language: str) -> dict[str, Any]:
    """The deadlines with basis and steps, and in words the contradictions in the history
    (`findings`) and what a fact keeps from starting (`notes`)."""
    derivation = settled(matter, rulebook, today)
    return {
        "deadlines": [
            _deadline(clock, matter, rulebook, today, language) for clock in derivation.clocks
        ],
        "findings": [finding_text(one, rulebook, language) for one in derivation.findings],
        "notes": unstarted(matter, derivation, rulebook, language),
    }


def _deadline(
    clock: Clock, matter: Matter, rulebook: Rulebook, today: date, language: str
) -> dict[str, Any]:
    rule = rulebook.policy.rules[clock.rule]
    version = rule.version_on(clock.version)
    entry: dict[str, Any] = {
        "rule": clock.rule,
        "state": clock.status(today),
        "started_on": clock.started_on.isoformat(),
        "raw_due_on": _iso(clock.raw_due_on),
        "due_on": _iso(clock.due_on),
        "provisional": clock.provisional,
        "kind": clock.kind,
        "use": rule.use,
        "version": clock.version.isoformat(),
    }
    if clock.state == "paused":
        entry["days_left"] = clock.days_left
    if clock.due_at is not None:
        entry["due_at"] = clock.due_at
    if clock.ended_on is not None:
        entry["ended_on"] = clock.ended_on.isoformat()
        entry["ended_by"] = clock.ended_by
    if rule.label is not None:
        entry["label"] = rule.label[language]
    local = local_law(rule, matter.jurisdiction, rulebook)
    basis = (*(version.basis if version else ()), *(one for law in local for one in law.basis))
    entry["basis"] = quote(in_force(basis, clock.started_on, rulebook), rulebook, language)
    entry["steps"] = steps(clock, matter, rulebook, language)
    differ = differing(clock, rulebook, language)
    if differ is not None:
        sources = lines(differ.sources, rulebook, language)
        entry["differing"] = {"text": differ.text, "sources": sources}
    return entry


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def read_matter(data: Mapping[str, Any], rulebook: Rulebook, today: date) -> tuple[Matter, date]:
    """A matter and its "today". Raises UnreadableError."""
    _only(data, _MATTER_FIELDS, "field")
    policy = rulebook.policy
    procedure = _one_of(data, "procedure", policy.procedures)
    jurisdiction = _one_of(data, "jurisdiction", policy.jurisdictions)
    as_of = _date(data["today"], "today") if data.get("today") is not None else today
    facts = _facts({} if data.get("facts") is None else data["facts"], rulebook)
    events = data.get("events")
    if not isinstance(events, list):
        raise UnreadableError('events: a list of {"type", "on"} is needed')
    read = [
        _event(one, number, procedure, rulebook, as_of)
        for number, one in enumerate(events, start=1)
    ]
    return Matter(procedure, jurisdiction, tuple(read), facts), as_of


def _only(data: Mapping[str, Any], known: Iterable[str], what: str) -> None:
    listed = list(known)
    for name in data:
        if name not in listed:
            raise UnreadableError(f"unknown {what} {name!r}; known: {', '.join(listed)}")


def _one_of(data: Mapping[str, Any], field: str, known: Iterable[str]) -> str:
    value = data.get(field)
    if not isinstance(value, str) or value not in known:
        shown = "is missing" if value is None else f"{value!r} is unknown"
        raise UnreadableError(f"{field} {shown}; known: {', '.join(known)}")
    return value


def _facts(data: Any, rulebook: Rulebook) -> dict[str, FactValue]:
    if not isinstance(data, dict):
        raise UnreadableError('facts: an object such as {"claimants": 12} is needed')
    known = rulebook.policy.facts
    _only(data, known, "fact")
    for name, value in data.items():
        if not known[name].allows(value):
            raise UnreadableError(f"facts.{name}: {value!r} is not {known[name].expected()}")
    return dict(data)


def _event(data: Any, number: int, procedure: str, rulebook: Rulebook, today: date) -> Event:
    at = f"events[{number}]"
    if not isinstance(data, dict):
        raise UnreadableError(
            f'{at}: an object such as {{"type": "…", "on": "2025-08-18"}} is needed'
        )
    known = rulebook.policy.events.get(str(data.get("type")))
    if known is None:
        raise _unknown_event(at, data.get("type"), procedure, rulebook)
    fields = known.fields.known()
    _only(data, ("type", "on", *fields), f"field of {known.id} in {at}:")
    for name, use in fields.items():
        if use == "required" and data.get(name) is None:
            raise UnreadableError(f"{at}: {known.id} needs {name!r}")
    on = _date(data.get("on"), f"{at}.on")
    if on > today and not known.appointment:
        raise UnreadableError(f"{at}: {known.id} on {on} lies after today, {today}")
    return Event(known.id, on, **_details(data, known, procedure, at, rulebook))


def _unknown_event(at: str, given: Any, procedure: str, rulebook: Rulebook) -> UnreadableError:
    """Names what was given, what it may have meant, and what the procedure knows."""
    events = rulebook.policy.events
    near = get_close_matches(str(given), events, n=1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    known = ", ".join(name for name, event in events.items() if procedure in event.procedures)
    return UnreadableError(f"{at}: unknown event {given!r}; {meant}known for {procedure}: {known}")


def _details(
    data: Mapping[str, Any], known: EventType, procedure: str, at: str, rulebook: Rulebook
) -> dict[str, Any]:
    details: dict[str, Any] = {}
    for name in known.fields.known():
        value = data.get(name)
        if value is None:
            continue
        if name in DAYS:
            value = _date(value, f"{at}.{name}")
        elif name == "days":
            _check_days(value, at)
        elif name == "rule" and (not isinstance(value, str) or value not in rulebook.policy.rules):
            names = ", ".join(rulebook.policy.rules)
            raise UnreadableError(f"{at}.rule: unknown rule {value!r}; known: {names}")
        elif name == "at" and not (isinstance(value, str) and _TIME.fullmatch(value)):
            raise UnreadableError(f"{at}.at: {value!r} is not a time of day such as 17:30")
        elif name == "ground":
            _check_ground(value, known, procedure, at)
        details[name] = value
    return details


def _check_ground(value: Any, known: EventType, procedure: str, at: str) -> None:
    if not isinstance(value, str):
        raise UnreadableError(f"{at}.ground: {value!r} is not a text")
    if not known.knows_ground(procedure, value):
        codes = ", ".join(known.grounds[procedure])
        raise UnreadableError(
            f"{at}.ground: unknown ground {value!r} of {known.id}; known for {procedure}: {codes}"
        )


def _check_days(value: Any, at: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1000:
        raise UnreadableError(f"{at}.days: {value!r} is not a whole number from 1 to 1000")


def _date(value: Any, at: str) -> date:
    """An ISO day. Raises UnreadableError for another form and for days that do not exist."""
    text = value if isinstance(value, str) and _DAY.fullmatch(value) else ""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UnreadableError(f"{at}: {value!r} is not a day such as 2025-08-18") from error
    if not FIRST_DAY <= day <= LAST_ENTERED:
        years = f"{FIRST_DAY.year}–{LAST_ENTERED.year}"
        raise UnreadableError(f"{at}: {value} lies outside {years}, where days can be counted")
    return day
