"""The first administrator of a new installation: one account with a one-time password.

`anqi init` and `anqi serve` call `ensure_administrator` and print what it returns; `init`
again where it was lost. Logging in with it leads to choosing an own password, after which it
is of no more use.
"""

from sqlmodel import Session, col, select

from models import Unit, User
from service import people, units

USERNAME = "admin"
# The top of the unit tree where `anqi init` was told none; an administrator can rename it, but
# its code stays: case numbers begin with it.
_TOP = units.UnitInput(code="HQ", name_zh="Anqi", name_en="Anqi", kind="district", parent_id=None)


def top_unit(code: str, name: str) -> units.UnitInput:
    """The bureau itself, the top of the unit tree."""
    return units.UnitInput(code=code, name_zh=name, name_en=name, kind="district", parent_id=None)


def ensure_administrator(
    session: Session, top: units.UnitInput = _TOP, *, renew: bool = True
) -> str | None:
    """A one-time password for the first administrator, who is made if there is none.

    With `renew` another one each time while nobody has used it, else the one that was given
    out stays good; None once an administrator has chosen a password. Commits. `top` is the
    unit to begin with, where there is none yet; raises InvalidInput when its code or name
    cannot be used.
    """
    if _settled(session):
        return None
    user = session.exec(select(User).where(User.username == USERNAME)).one_or_none()
    if user is not None and user.id is not None:
        return people.reset_password(session, None, user.id) if renew else None
    person = people.PersonInput(
        username=USERNAME, name=USERNAME, role="administrator", unit_id=_top(session, top)
    )
    return people.add_person(session, None, person)[1]


def waiting_administrator(session: Session) -> str | None:
    """The name to log in with while no administrator has chosen a password yet."""
    return None if _settled(session) else USERNAME


def _settled(session: Session) -> bool:
    chosen = select(User.id).where(
        User.role == "administrator", col(User.must_change_password).is_(False)
    )
    return session.exec(chosen.limit(1)).first() is not None


def _top(session: Session, top: units.UnitInput) -> int:
    found = session.exec(select(Unit.id).where(col(Unit.parent_id).is_(None))).first()
    made = found if found is not None else units.add_unit(session, None, top).id
    if made is None:
        raise ValueError("the unit was not saved")
    return made
