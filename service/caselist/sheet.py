"""The filtered list as an Excel workbook."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session

from rules.rulebook import Rulebook
from service import audit, excel, wording
from service.access import Actor
from service.cases.searching import COUNT_LIMIT, CaseFilter, CaseRow, find_cases


def workbook(
    session: Session,
    actor: Actor,
    wanted: CaseFilter,
    today: date,
    rulebook: Rulebook,
    language: str,
) -> Any:
    """An open file at its beginning. Titles stand in it, ID numbers and phones never do. That it
    was made is written to the audit log; the caller commits."""
    found = find_cases(session, actor, replace(wanted, page=1), today, size=COUNT_LIMIT)
    audit.record(session, actor.user_id, "case.export", found=len(found.rows))
    rows = (_cells(row, rulebook, language) for row in found.rows)
    return excel.table(_("Cases"), _columns(), rows, [_cut_short()] if found.more else [])


def _cut_short() -> str:
    return _("Only the first %(limit)s cases stand here. Filter further.", limit=COUNT_LIMIT)


def _columns() -> list[excel.Column]:
    return [
        (_("Number"), 22),
        (_("Kind"), 20),
        (_("Title"), 36),
        (_("State"), 10),
        (_("Unit"), 20),
        (_("Handler"), 12),
        (_("Received on"), 12),
        (_("Accepted on"), 12),
        (_("Next due on"), 12),
        (_("Next deadline"), 26),
        (_("Outcome"), 20),
        (_("Closed on"), 10),
    ]


def _cells(row: CaseRow, rulebook: Rulebook, language: str) -> list[excel.Cell]:
    policy = rulebook.policy
    return [
        row.number,
        wording.label(wording.KINDS, row.kind),
        row.title,
        wording.label(wording.STATES, row.state),
        row.unit_name_zh if language == "zh" else row.unit_name_en,
        row.handler_name,
        row.received_on,
        row.accepted_on,
        row.next_due_on,
        policy.rules[row.next_rule].obligation[language] if row.next_rule else None,
        policy.events[row.outcome].label[language] if row.outcome else None,
        row.closed_on,
    ]
