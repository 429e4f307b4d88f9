"""Every blueprint of the application: a page that is not listed here does not exist."""

from flask import Blueprint

from service import (
    account,
    admin,
    api,
    audit_pages,
    calculator,
    caselist,
    casepages,
    dutypages,
    health,
    policy_pages,
    register,
    reports,
    team,
    work,
)
from service.web.forms import csrf

BLUEPRINTS: tuple[Blueprint, ...] = (
    health.blueprint,
    account.blueprint,
    work.blueprint,
    team.blueprint,
    register.blueprint,
    caselist.blueprint,
    casepages.blueprint,
    dutypages.blueprint,
    reports.blueprint,
    calculator.blueprint,
    policy_pages.blueprint,
    admin.blueprint,
    audit_pages.blueprint,
    api.blueprint,
)
# A program has no cookie that another page could use, only its token.
csrf.exempt(api.blueprint)
