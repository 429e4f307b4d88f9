"""From drafts to table rows, with explicit ids, as the product's own use cases would write them."""

from collections import defaultdict
from datetime import date
from operator import itemgetter
from random import Random
from typing import Any

from jobs.deriving import CORRECTION, DEADLINE_COLUMNS
from models import (
    Approval,
    AuditEntry,
    Case,
    CaseCircumstances,
    CaseCounter,
    CaseParty,
    Claim,
    ClassificationDecision,
    Deadline,
    Dispute,
    EmploymentDetails,
    Event,
    InspectionDetails,
    MediationDetails,
    NameGram,
    Party,
    PetitionDetails,
    WageArrearsDetails,
    WorkInjuryDetails,
)
from rules.rulebook import Rulebook
from service.cases.numbering import case_number
from service.demo import classes, people
from service.demo.bulk import BulkWriter
from service.demo.course import Request, Step
from service.demo.data import bureau_data, one_of
from service.demo.drafts import Draft
from service.demo.moments import during
from service.demo.offices import person_name

_DISPUTE_DERIVED = ("received_on", "premediation_offered_on", "closed_on", "outcome")
_CASE_DERIVED = (
    "state",
    "received_on",
    "accepted_on",
    "closed_on",
    "outcome",
    "paused",
    "next_due_on",
    "next_rule",
    "limit_rule",
    "limit_due_on",
    "limit_settled_on",
    "limit_kept",
    "changes_on",
    "derived_with",
)
_DEADLINE_DERIVED = (*DEADLINE_COLUMNS, "alertable", "settled_on")
# The columns of the rows as they are collected. Parents come first: PostgreSQL looks at foreign
# keys after each COPY.
COLUMNS: dict[type[Any], tuple[str, ...]] = {
    Dispute: ("id", "unit_id", *_DISPUTE_DERIVED),
    Party: people.PARTY,
    NameGram: people.NAME_GRAM,
    Case: (
        "id",
        "number",
        "kind",
        "procedure",
        "jurisdiction",
        "unit_id",
        "handler_id",
        "dispute_id",
        "title",
        "summary",
        "worker_count",
        "facts",
        "created_at",
        "created_by_id",
        "revision",
        "voided_at",
        "voided_by_id",
        "void_reason",
        *_CASE_DERIVED,
    ),
    InspectionDetails: ("case_id", "violation", "channel", "reporter_name", "reporter_contact"),
    MediationDetails: ("case_id", "cause", "premediation_offered_on"),
    EmploymentDetails: ("case_id", "category", "skills", "household_size"),
    PetitionDetails: ("case_id", "channel", "subject", "passed_on_by", "reference"),
    WageArrearsDetails: (
        "case_id",
        "channel",
        "passed_on_by",
        "reference",
        "industry",
        "project",
    ),
    WorkInjuryDetails: ("case_id", "injury_kind", "diagnosis"),
    CaseParty: ("id", "case_id", "party_id", "role"),
    CaseCircumstances: ("case_id", "known"),
    ClassificationDecision: (
        "case_id",
        "code",
        "holds",
        "by_rules",
        "reason",
        "decided_at",
        "decided_by_id",
        "taken_back_because",
    ),
    Claim: ("id", "case_id", "kind", "amount", "note"),
    Event: (
        "id",
        "case_id",
        "type",
        "on",
        "recorded_at",
        "recorded_by_id",
        "details",
        "corrects_id",
    ),
    Approval: (
        "id",
        "case_id",
        "event_type",
        "details",
        "reason",
        "state",
        "requested_at",
        "requested_on",
        "requested_by_id",
        "decided_at",
        "decided_on",
        "decided_by_id",
        "decision_note",
        "event_id",
    ),
    Deadline: ("case_id", *_DEADLINE_DERIVED),
    AuditEntry: ("at", "user_id", "action", "case_id", "subject", "detail"),
}
_WITH_IDS: tuple[type[Any], ...] = (Dispute, Party, Case, CaseParty, Claim, Event, Approval)
_COUNTER = ("unit_id", "procedure", "year", "last")


def _of_petition(draft: Draft) -> tuple[str, str, str, str]:
    """Channel, subject, who passed it on, and their number."""
    passed_on = draft.history.course.steps[0].type != "petition_received"
    channel = "transferred" if passed_on else draft.details["channel"]
    by, reference = draft.details["passed_on_by"], draft.details["reference"]
    return (
        channel,
        draft.details["subject"],
        by if passed_on else "",
        reference if passed_on else "",
    )


_of_dispute = itemgetter(*_DISPUTE_DERIVED)
_of_case = itemgetter(*_CASE_DERIVED)
_of_deadline = itemgetter(*_DEADLINE_DERIVED)
# In seconds.
_MINUTE, _HOUR = 60, 3_600


class Filler:
    """Collects rows and writes them in chunks; keeps the counters of numbers and ids."""

    def __init__(
        self,
        writer: BulkWriter,
        rng: Random,
        rulebook: Rulebook,
        jurisdiction: str,
        parties: people.Parties,
    ) -> None:
        self.writer, self.rng, self.rulebook = writer, rng, rulebook
        self.jurisdiction, self.parties = jurisdiction, parties
        self.rows: dict[type[Any], list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
        self.last: dict[type[Any], int] = dict.fromkeys(_WITH_IDS, 0)
        self.counters: dict[tuple[int, str, int], int] = defaultdict(int)

    def _id(self, table: type[Any]) -> int:
        self.last[table] += 1
        return self.last[table]

    def case(self, draft: Draft) -> None:
        """A case with all that hangs on it."""
        case_id = self._id(Case)
        created_at = during(self.rng, draft.history.course.steps[0].known_on)
        if draft.founded is not None:
            row = (draft.dispute, draft.office.unit_id, *_of_dispute(draft.founded))
            self.rows[Dispute].append(row)
        self.rows[Case].append(self._case(draft, case_id, created_at))
        self._details(draft, case_id)
        self._parties(draft, case_id)
        self._classes(draft, case_id, created_at)
        self._audit(created_at, draft.handler_id, "case.register", case_id, {})
        recorded = self._events(draft, case_id, created_at)
        for request in draft.history.course.requests:
            self._approval(draft, case_id, request, recorded.get(id(request)))
        self.rows[Deadline] += [
            (case_id, *_of_deadline(one)) for one in draft.history.derived.deadlines
        ]

    def _case(self, draft: Draft, case_id: int, created_at: int) -> tuple[Any, ...]:
        history, office = draft.history, draft.office
        voided = history.void_reason is not None
        return (
            case_id,
            self._number(draft),
            history.kind,
            history.procedure,
            self.jurisdiction,
            office.unit_id,
            draft.handler_id,
            draft.dispute,
            draft.title,
            draft.summary,
            history.worker_count,
            history.course.facts,
            created_at,
            draft.handler_id,
            1,
            created_at + 40 * _MINUTE if voided else None,
            office.supervisor_id if voided else None,
            history.void_reason,
            *_of_case(history.derived.columns),
        )

    def _number(self, draft: Draft) -> str:
        year, procedure = draft.history.received_on.year, draft.history.procedure
        key = (draft.office.unit_id, procedure, year)
        self.counters[key] += 1
        code = self.rulebook.policy.procedures[procedure].code
        return case_number(draft.office.code, code, year, self.counters[key])

    def _details(self, draft: Draft, case_id: int) -> None:
        given = draft.details
        if draft.history.procedure == "inspection":
            named = draft.history.kind == "report" and self.rng.random() < 0.6
            name = person_name(self.rng) if named else None
            contact = f"1990000{int(self.rng.random() * 10_000):04d}" if named else None
            row = (case_id, given["violation"], given["channel"], name, contact)
            self.rows[InspectionDetails].append(row)
        elif draft.history.procedure == "employment":
            employment = (case_id, given["category"], given["skills"], given["household_size"])
            self.rows[EmploymentDetails].append(employment)
        elif draft.history.procedure == "petition":
            self.rows[PetitionDetails].append((case_id, *_of_petition(draft)))
        elif draft.history.procedure == "wage_arrears":
            names = ("channel", "passed_on_by", "reference", "industry", "project")
            self.rows[WageArrearsDetails].append((case_id, *(given[name] for name in names)))
        elif draft.history.procedure == "work_injury":
            injury = (case_id, given["injury_kind"], given["diagnosis"])
            self.rows[WorkInjuryDetails].append(injury)
        else:
            offered_on = draft.history.course.premediation_offered_on
            self.rows[MediationDetails].append((case_id, given["cause"], offered_on))

    def _parties(self, draft: Draft, case_id: int) -> None:
        for known, role in draft.parties:
            self.rows[CaseParty].append((self._id(CaseParty), case_id, known.id, role))
        for kind, amount in draft.claims:
            self.rows[Claim].append((self._id(Claim), case_id, kind, amount, ""))

    def _classes(self, draft: Draft, case_id: int, created_at: int) -> None:
        """By a chance of its own: the rest of the demo does not hang on it."""
        rng = Random(case_id)  # noqa: S311 - an invented bureau
        known = classes.entered(rng, draft.history.kind, [kind for kind, _ in draft.claims])
        if known:
            self.rows[CaseCircumstances].append((case_id, known))
        decision = classes.decided(rng, draft.history.kind, known)
        if decision is not None:
            code, holds, by_rules, reason = decision
            at = created_at + _HOUR
            row = (case_id, code, holds, by_rules, reason, at, draft.handler_id, "")
            self.rows[ClassificationDecision].append(row)
            detail = {"code": code, "holds": holds, "by_rules": by_rules}
            self._audit(at, draft.handler_id, "case.classify", case_id, detail)

    def _events(self, draft: Draft, case_id: int, created_at: int) -> dict[int, int]:
        """The events; returns their ids by the identity of the request they go back to."""
        asked: dict[int, int] = {}
        at, before = created_at, 0
        for number, step in enumerate(draft.history.course.steps):
            day = step.corrected or step.known_on
            at = at if number == 0 or step.brought else max(at + _MINUTE, during(self.rng, day))
            by = draft.handler_id if step.asked is None else draft.office.supervisor_id
            details = {"recorded_with": before} if step.brought else step.details
            if step.mistaken_for is not None:
                self._mistake(draft, case_id, step, at)
            before = self._event(case_id, step.type, step.on, at, by, details)
            if step.asked is not None:
                asked[id(step.asked)] = before
            if number >= draft.history.course.begun and not step.brought:
                detail = {"type": step.type, "event": before}
                self._audit(at, by, "case.event", case_id, detail)
        return asked

    def _mistake(self, draft: Draft, case_id: int, step: Step, at: int) -> None:
        """The step as it was first written down, and the correction that took it back."""
        first = during(self.rng, step.known_on)
        by = draft.handler_id
        wrong = self._event(case_id, step.type, step.mistaken_for, first, by, {})
        note = one_of(self.rng, bureau_data()["correction_notes"])
        details = {"note": note, "replacement_id": wrong + 2}
        self._event(case_id, CORRECTION, step.corrected, at, by, details, wrong)
        self._audit(at, by, "case.correct", case_id, {"event": wrong})

    def _event(
        self,
        case_id: int,
        event: str,
        on: date | None,
        at: int,
        by: int,
        details: dict[str, Any],
        corrects: int | None = None,
    ) -> int:
        event_id = self._id(Event)
        self.rows[Event].append((event_id, case_id, event, on, at, by, details, corrects))
        return event_id

    def _approval(self, draft: Draft, case_id: int, request: Request, event_id: int | None) -> None:
        data = bureau_data()
        kind = "suspension" if request.type == "suspended" else "extension"
        decided = request.decided and (event_id is not None or request.state != "approved")
        judged = decided and request.state != "taken_back"
        approval_id = self._id(Approval)
        by = draft.office.supervisor_id if judged else draft.handler_id
        decided_at = during(self.rng, request.decided_on) if decided else None
        if judged and decided_at is not None:
            detail = {"approval": approval_id, "approved": request.state == "approved"}
            self._audit(decided_at, by, "case.decide", case_id, detail)
        refused = decided and request.state == "refused"
        self.rows[Approval].append(
            (
                approval_id,
                case_id,
                request.type,
                request.details,
                one_of(self.rng, data[f"{kind}_reasons"]),
                request.state if decided else "waiting",
                during(self.rng, request.asked_on) - _HOUR,
                request.asked_on,
                draft.handler_id,
                decided_at,
                request.decided_on if judged else None,
                by if decided else None,
                one_of(self.rng, data["refusal_notes"]) if refused else "",
                event_id,
            )
        )

    def _audit(self, at: int, by: int, action: str, case_id: int, detail: dict[str, Any]) -> None:
        self.rows[AuditEntry].append((at, by, action, case_id, "", detail))

    def flush(self) -> None:
        """Write what has been collected."""
        self.rows[Party], self.parties.rows = self.parties.rows, []
        self.rows[NameGram], self.parties.gram_rows = self.parties.gram_rows, []
        for table, names in COLUMNS.items():
            self.writer.write(table, names, self.rows[table])
            self.rows[table] = []

    def finish(self) -> None:
        """Write the rest and let numbers and ids go on from here."""
        self.flush()
        counted = [(*key, last) for key, last in self.counters.items()]
        self.writer.write(CaseCounter, _COUNTER, counted)
        self.writer.count_on(_WITH_IDS)
