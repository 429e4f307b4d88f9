"""Who a request of a program acts for: the owner of its bearer token."""

from flask import Request, request
from flask.blueprints import BlueprintSetupState

from models import ApiToken, User
from service import tokens
from service.db import open_session
from service.web import clock, database


def attach(state: BlueprintSetupState) -> None:
    """Tell the application's log-in how the API knows its users."""
    state.app.extensions["anqi_token_user"] = token_user


def token_user(incoming: Request) -> User | None:
    """The owner of the token that a request carries; None without a valid one."""
    scheme, _, token = incoming.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    found = tokens.token_owner(database.session(), token.strip(), clock.now())
    if found is None:
        return None
    user, row = found
    if tokens.used_long_ago(row, clock.now()):
        _note_use(row)
    return user


def _note_use(row: ApiToken) -> None:
    """Write down the use; beside the request where that may only read."""
    if request.method != "GET":
        row.last_used_at = clock.now()
        return
    with open_session(database.engine()) as writing:
        again = writing.get_one(ApiToken, row.id)
        again.last_used_at = clock.now()
        writing.commit()
