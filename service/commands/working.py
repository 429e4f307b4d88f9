"""The jobs of the schedule, by hand: what the scheduler does at its times, now."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click


def day_of(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    """The day that an option names; None where it is not given."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a day like 2026-11-22") from None


def _month(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m").date()  # noqa: DTZ007  # a month has no zone
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a month like 2026-10") from None


on_day = click.option(
    "--today",
    "day",
    callback=day_of,
    metavar="YYYY-MM-DD",
    help="Work as on this day (default: today in the bureau's time zone).",
)


def _run(job: Callable[..., dict[str, Any]], day: date | None, **options: Any) -> None:
    """Run a job in a session of the configured installation and print what it did."""
    from jobs.settings import JobSettings
    from service.config import load_settings
    from service.installation import opened_session, today

    settings = load_settings()
    with opened_session(settings) as session:
        try:
            result = job(session, day or today(settings), JobSettings.of(settings), **options)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
    for name, value in result.items():
        click.echo(f"{name}: {value}")


@click.command()
@on_day
def sweep(day: date | None) -> None:
    """Raise the alerts of today: due soon, overdue, escalated.

    Running it again raises none twice.
    """
    from jobs import sweep as job

    _run(job.run, day)


@click.command()
@on_day
def deliver(day: date | None) -> None:
    """Deliver alerts to inboxes and send the mail that waits.

    Without a mail server (ANQI_MAIL_HOST) the outbox keeps the mail.
    """
    from jobs import deliver as job

    _run(job.run, day)


@click.command()
@click.option(
    "--month",
    callback=_month,
    metavar="YYYY-MM",
    help="Compute this month with its quarter and year (default: the present one, and ended "
    "months that were not yet closed).",
)
@on_day
def rates(month: date | None, day: date | None) -> None:
    """Compute the month's indicators; an ended month is closed by it."""
    from jobs import rates as job

    _run(job.run, day, month=month)


@click.command()
@on_day
def recompute(day: date | None) -> None:
    """Derive deadlines anew after a change of policy or calendar.

    Works in chunks; a stopped run is taken up where it ended.
    """
    from jobs import recompute as job

    _run(job.run, day)


COMMANDS = (sweep, deliver, rates, recompute)
