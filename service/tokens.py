"""Tokens of programs for the JSON API: shown once, kept as a hash only."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from models import ApiToken, User
from models.base import utc_now
from service import audit
from service.access import NotFound
from service.cases.problems import invalid

_PREFIX = "anqi_"
_BYTES = 32
_NAME_LIMIT = 64
# How much later a use must be to be written down.
USE_STEP = timedelta(minutes=10)


def create_token(session: Session, user: User, name: str) -> str:
    """A new token with the rights of its owner, shown this once; the caller commits."""
    if not 0 < len(name.strip()) <= _NAME_LIMIT:
        raise invalid("name", "token_name", limit=_NAME_LIMIT)
    token = _PREFIX + secrets.token_urlsafe(_BYTES)
    row = ApiToken(user_id=user.id or 0, name=name.strip(), token_hash=_hash(token))
    session.add(row)
    session.flush()
    audit.record(session, user.id, "token.create", subject=f"token:{row.id}")
    return token


def tokens_of(session: Session, user: User) -> Sequence[ApiToken]:
    """The tokens that still work or have run out, without the revoked, the newest first."""
    query = select(ApiToken).where(ApiToken.user_id == user.id, col(ApiToken.revoked_at).is_(None))
    return session.exec(query.order_by(col(ApiToken.id).desc())).all()


def revoke_token(session: Session, user: User, token_id: int) -> None:
    """Make one's own token useless; the caller commits. Raises NotFound for another's."""
    token = session.get(ApiToken, token_id)
    if token is None or token.user_id != user.id:
        raise NotFound("token")
    token.revoked_at = token.revoked_at or utc_now()
    session.add(token)
    audit.record(session, user.id, "token.revoke", subject=f"token:{token_id}")


def token_owner(session: Session, token: str, now: datetime) -> tuple[User, ApiToken] | None:
    """The person a token acts for, while token and person are valid."""
    query = (
        select(User, ApiToken)
        .join(ApiToken, col(ApiToken.user_id) == User.id)
        .where(
            ApiToken.token_hash == _hash(token),
            col(ApiToken.revoked_at).is_(None),
            or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > now),
            col(User.disabled_at).is_(None),
            col(User.must_change_password).is_(False),
        )
    )
    found = session.exec(query).one_or_none()
    return None if found is None else (found[0], found[1])


def used_long_ago(token: ApiToken, now: datetime) -> bool:
    """Is the last use that is written down older than `USE_STEP`?"""
    return token.last_used_at is None or now - token.last_used_at > USE_STEP


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
