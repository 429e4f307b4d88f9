"""The audit log: who read or changed what. Entries are added, never changed."""

from typing import Any

from sqlmodel import Session

from models import AuditEntry, Case


def record(
    session: Session,
    user_id: int | None,
    action: str,
    *,
    case: Case | None = None,
    case_id: int | None = None,
    subject: str = "",
    **detail: Any,
) -> None:
    """Add an entry to the caller's transaction.

    `action` is one that has its words in `service.audit_pages` (`case.read`, `user.disable`);
    `subject` names what is not a case (`user:7`). `subject` and `detail` must hold no names, ID
    numbers or phones.
    """
    session.add(
        AuditEntry(
            user_id=user_id,
            action=action,
            case_id=case.id if case else case_id,
            subject=subject,
            detail=detail,
        )
    )
