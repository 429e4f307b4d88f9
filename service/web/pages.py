"""Every blueprint of the application: a page that is not listed here does not exist."""

from flask import Blueprint

from service import account, health

BLUEPRINTS: tuple[Blueprint, ...] = (
    health.blueprint,
    account.blueprint,
)
