"""What the demo bureau promises: to be quicker than the law in one matter."""

from datetime import date

from sqlmodel import Session, col, select

from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import RuleChange, User
from rules.rulebook import Rulebook
from service.demo.data import bureau_data
from service.demo.moments import opening_of


def promise(session: Session, today: date) -> Rulebook:
    """Enter the promise as an administrator would have on the year's first day; returns the
    rulebook that counts from then on."""
    data = bureau_data()["promise"]
    from_on = date(today.year, 1, 1)
    administrator = session.exec(select(User).where(col(User.role) == "administrator")).first()
    if administrator is None:
        raise LookupError("the demo bureau has no administrator")
    session.add(
        RuleChange(
            kind="promise",
            rule=data["rule"],
            from_on=from_on,
            length=data["length"],
            place=JobSettings().jurisdiction,
            instrument=data["instrument"],
            article=data["article"],
            words=data["words"],
            verified=data["verified"],
            entered_at=opening_of(from_on),
            entered_by_id=administrator.id or 0,
        )
    )
    session.flush()
    return current(session)
