"""Where each role begins, and what its top bar offers."""

from typing import NamedTuple

from flask import current_app, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam
from sqlmodel import col, func, select

from models import AlertReceipt, plain_rows
from service import access
from service.web import database, identity
from service.web.addresses import url_for

_HOMES = {
    "caseworker": "work.index",
    "supervisor": "team.index",
    "analyst": "reports.index",
    "administrator": "admin.index",
    "auditor": "audit_pages.index",
}


class Entry(NamedTuple):
    """One place in the top bar: its endpoint, label and the action it needs."""

    endpoint: str
    label: LazyString
    action: str


_ENTRIES = (
    Entry("work.index", _l("My work"), "case.record"),
    Entry("team.index", _l("Team"), "team.read"),
    Entry("register.index", _l("Register"), "case.register"),
    Entry("caselist.index", _l("Cases"), "case.read"),
    Entry("reports.index", _l("Reports"), "report.read"),
    Entry("calculator.index", _l("Calculator"), "policy.read"),
    Entry("policy_pages.index", _l("Policy"), "policy.read"),
    Entry("admin.index", _l("Admin"), "admin.people"),
    Entry("audit_pages.index", _l("Audit"), "audit.read"),
)


_UNREAD = select(func.count()).where(
    col(AlertReceipt.user_id) == bindparam("user_id"), col(AlertReceipt.read_at).is_(None)
)


class Link(NamedTuple):
    """An entry as the template shows it."""

    url: str
    label: LazyString
    active: bool


def home() -> str:
    """The address of the first page of this user's role."""
    endpoint = _HOMES[identity.current().role]
    return url_for(endpoint if endpoint in current_app.view_functions else "account.index")


def links() -> list[Link]:
    """The top bar of this user; empty before log-in."""
    if identity.current_or_none() is None:
        return []
    actor = identity.actor()
    return [
        Link(url_for(entry.endpoint), entry.label, _active(entry.endpoint))
        for entry in _ENTRIES
        if entry.endpoint in current_app.view_functions and access.may(actor, entry.action)
    ]


def _active(endpoint: str) -> bool:
    return request.blueprint == endpoint.partition(".")[0]


def unread_alerts() -> int:
    """How many alerts this user has not read."""
    ((unread,),) = plain_rows(database.session(), _UNREAD, {"user_id": identity.current().id})
    return int(unread)
