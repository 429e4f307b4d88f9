"""From drafts to table rows, with explicit ids, as the product's own use cases would write them."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any

from jobs.deriving import CORRECTION
from models import (
    Approval,
    AuditEntry,
    Case,
    CaseCounter,
    CaseParty,
    Claim,
    Deadline,
    Dispute,
    EmploymentDetails,
    Event,
    InspectionDetails,
    MediationDetails,
    NameGram,
    Party,
)
from rules.rulebook import Rulebook
from service.cases.numbering import case_number
from service.demo.bulk import BulkWriter
from service.demo.course import Request, Step
from service.demo.data import bureau_data
from service.demo.drafts import Draft
from service.demo.moments import during
from service.demo.offices import person_name
from service.demo.people import Parties

# Parents first: PostgreSQL looks at foreign keys after each COPY.
_ORDER: tuple[type[Any], ...] = (
    Dispute,
    Party,
    NameGram,
    Case,
    InspectionDetails,
    MediationDetails,
    EmploymentDetails,
    CaseParty,
    Claim,
    Event,
    Approval,
    Deadline,
    AuditEntry,
)
_WITH_IDS: tuple[type[Any], ...] = (Dispute, Party, Case, CaseParty, Claim, Event, Approval)


class Filler:
    """Collects rows and writes them in chunks; keeps the counters of numbers and ids."""

    def __init__(
        self,
        writer: BulkWriter,
        rng: Random,
        rulebook: Rulebook,
        jurisdiction: str,
        parties: Parties,
    ) -> None:
        self.writer, self.rng, self.rulebook = writer, rng, rulebook
        self.jurisdiction, self.parties = jurisdiction, parties
        self.rows: dict[type[Any], list[dict[str, Any]]] = {table: [] for table in _ORDER}
        self.last: dict[type[Any], int] = defaultdict(int)
        self.counters: dict[tuple[int, str, int], int] = defaultdict(int)

    def _id(self, table: type[Any]) -> int:
        self.last[table] += 1
        return self.last[table]

    def dispute(self, row: dict[str, Any]) -> None:
        """A dispute with its derived columns; its cases follow."""
        self.last[Dispute] = max(self.last[Dispute], row["id"])
        self.rows[Dispute].append(row)

    def case(self, draft: Draft) -> None:
        """A case with all that hangs on it."""
        case_id = self._id(Case)
        created_at = during(self.rng, draft.course.steps[0].known_on)
        self.rows[Case].append(self._case(draft, case_id, created_at))
        self._details(draft, case_id)
        self._parties(draft, case_id)
        self._audit(created_at, draft.handler_id, "case.register", case_id)
        recorded = self._events(draft, case_id, created_at)
        self._approvals(draft, case_id, recorded)
        if draft.derived is None:
            raise ValueError("a draft is derived before it is written")
        self.rows[Deadline] += [
            {"case_id": case_id, **row, "alertable": row["alertable"]}
            for row in draft.derived.deadlines
        ]

    def _case(self, draft: Draft, case_id: int, created_at: datetime) -> dict[str, Any]:
        columns = draft.derived.columns if draft.derived else {}
        voided = draft.void_reason is not None
        return {
            "id": case_id,
            "number": self._number(draft),
            "kind": draft.kind,
            "procedure": draft.procedure,
            "jurisdiction": self.jurisdiction,
            "unit_id": draft.office.unit_id,
            "handler_id": draft.handler_id,
            "dispute_id": draft.dispute,
            "title": draft.title,
            "summary": draft.summary,
            "worker_count": draft.worker_count,
            "facts": {},
            "created_at": created_at,
            "created_by_id": draft.handler_id,
            "revision": 1,
            "voided_at": created_at + timedelta(minutes=40) if voided else None,
            "voided_by_id": draft.office.supervisor_id if voided else None,
            "void_reason": draft.void_reason,
            **columns,
        }

    def _number(self, draft: Draft) -> str:
        year = draft.received_on.year
        key = (draft.office.unit_id, draft.procedure, year)
        self.counters[key] += 1
        code = self.rulebook.policy.procedures[draft.procedure].code
        return case_number(draft.office.code, code, year, self.counters[key])

    def _details(self, draft: Draft, case_id: int) -> None:
        row = {"case_id": case_id, **draft.details}
        if draft.procedure == "inspection":
            named = draft.kind == "report" and self.rng.random() < 0.6
            row["reporter_name"] = person_name(self.rng) if named else None
            row["reporter_contact"] = f"1990000{self.rng.randint(0, 9999):04d}" if named else None
            self.rows[InspectionDetails].append(row)
        elif draft.procedure == "employment":
            self.rows[EmploymentDetails].append(row)
        else:
            row["premediation_offered_on"] = draft.course.premediation_offered_on
            self.rows[MediationDetails].append(row)

    def _parties(self, draft: Draft, case_id: int) -> None:
        for known, role in draft.parties:
            row: dict[str, Any] = {"id": self._id(CaseParty), "case_id": case_id}
            self.rows[CaseParty].append(row | {"party_id": known.id, "role": role})
        for kind, amount in draft.claims:
            claim: dict[str, Any] = {
                "id": self._id(Claim),
                "case_id": case_id,
                "kind": kind,
                "amount": amount,
            }
            self.rows[Claim].append(claim | {"note": ""})

    def _events(self, draft: Draft, case_id: int, created_at: datetime) -> dict[int, int]:
        """The events; returns their ids by the identity of the request they go back to."""
        asked: dict[int, int] = {}
        at, before = created_at, 0
        for number, step in enumerate(draft.course.steps):
            day = step.corrected or step.known_on
            at = at if number == 0 or step.brought else max(at + _MINUTE, during(self.rng, day))
            by = draft.handler_id if step.asked is None else draft.office.supervisor_id
            details = {"recorded_with": before} if step.brought else dict(step.details)
            if step.mistaken_for is not None:
                self._mistake(draft, case_id, step, at)
            before = self._event(case_id, step.type, step.on, at, by, details)
            if step.asked is not None:
                asked[id(step.asked)] = before
            if number and not step.brought:
                detail = {"type": step.type, "event": before}
                self._audit(at, by, "case.event", case_id, detail)
        return asked

    def _mistake(self, draft: Draft, case_id: int, step: Step, at: datetime) -> None:
        """The step as it was first written down, and the correction that took it back."""
        first = during(self.rng, step.known_on)
        by = draft.handler_id
        wrong = self._event(case_id, step.type, step.mistaken_for, first, by, {})
        note = self.rng.choice(bureau_data()["correction_notes"])
        details = {"note": note, "replacement_id": wrong + 2}
        self._event(case_id, CORRECTION, step.corrected, at, by, details, wrong)
        self._audit(at, by, "case.correct", case_id, {"event": wrong})

    def _event(
        self,
        case_id: int,
        event: str,
        on: Any,
        at: datetime,
        by: int,
        details: dict[str, Any],
        corrects: int | None = None,
    ) -> int:
        event_id = self._id(Event)
        self.rows[Event].append(
            {
                "id": event_id,
                "case_id": case_id,
                "type": event,
                "on": on,
                "recorded_at": at,
                "recorded_by_id": by,
                "details": details,
                "corrects_id": corrects,
            }
        )
        return event_id

    def _approvals(self, draft: Draft, case_id: int, recorded: dict[int, int]) -> None:
        for request in draft.course.requests:
            event_id = recorded.get(id(request))
            self.rows[Approval].append(self._approval(draft, case_id, request, event_id))

    def _approval(
        self, draft: Draft, case_id: int, request: Request, event_id: int | None
    ) -> dict[str, Any]:
        data = bureau_data()
        kind = "suspension" if request.type == "suspended" else "extension"
        decided = request.decided and (event_id is not None or request.state != "approved")
        approval_id = self._id(Approval)
        by = draft.handler_id if request.state == "taken_back" else draft.office.supervisor_id
        decided_at = during(self.rng, request.decided_on) if decided else None
        note = self.rng.choice(data["refusal_notes"]) if request.state == "refused" else ""
        if decided_at is not None and request.state != "taken_back":
            detail = {"approval": approval_id, "approved": request.state == "approved"}
            self._audit(decided_at, by, "case.decide", case_id, detail)
        return {
            "id": approval_id,
            "case_id": case_id,
            "event_type": request.type,
            "details": dict(request.details),
            "reason": self.rng.choice(data[f"{kind}_reasons"]),
            "state": request.state if decided else "waiting",
            "requested_at": during(self.rng, request.asked_on) - timedelta(hours=1),
            "requested_by_id": draft.handler_id,
            "decided_at": decided_at,
            "decided_on": request.decided_on if decided and request.state != "taken_back" else None,
            "decided_by_id": by if decided else None,
            "decision_note": note if decided else "",
            "event_id": event_id,
        }

    def _audit(
        self, at: datetime, by: int, action: str, case_id: int, detail: dict[str, Any] | None = None
    ) -> None:
        self.rows[AuditEntry].append(
            {
                "at": at,
                "user_id": by,
                "action": action,
                "case_id": case_id,
                "subject": "",
                "detail": detail or {},
            }
        )

    def flush(self) -> None:
        """Write what has been collected."""
        self.rows[Party], self.parties.rows = self.parties.rows, []
        self.rows[NameGram], self.parties.gram_rows = self.parties.gram_rows, []
        for table in _ORDER:
            self.writer.write(table, self.rows[table])
            self.rows[table] = []

    def finish(self) -> None:
        """Write the rest and let numbers and ids go on from here."""
        self.flush()
        counted = [
            {"unit_id": unit, "procedure": procedure, "year": year, "last": last}
            for (unit, procedure, year), last in self.counters.items()
        ]
        self.writer.write(CaseCounter, counted)
        self.writer.count_on(_WITH_IDS)


_MINUTE = timedelta(minutes=1)
