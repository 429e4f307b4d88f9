"""Commands that set an installation up and run it."""

import os
from datetime import date
from typing import TYPE_CHECKING

import click

from service.commands.working import on_day

if TYPE_CHECKING:
    from jobs.settings import JobSettings
    from service.config import Settings


def _prepare(settings: "Settings", bureau: tuple[str, str] | None = None) -> None:
    """Everything a server needs before it starts, saying what was done."""
    from service.installation import set_up

    archive = set_up(settings)
    if archive:
        click.echo(f"the database was brought to this version; backup before it: {archive}")
    if settings.demo:
        _load_demo_once(settings)
    else:
        _offer_administrator(settings, bureau)


def _load_demo_once(settings: "Settings") -> None:
    from service.db import open_session
    from service.installation import has_people, opened, today

    with opened(settings) as engine:
        if has_people(engine):
            return
        click.echo("loading the demo bureau; this happens once …")
        from service.demo import loading

        with open_session(engine) as session:
            loading.load(session, today(settings), settings=_demo_jobs(settings))


def _demo_jobs(settings: "Settings") -> "JobSettings":
    """For the demo's own alerts: links to this server, and no mail to invented people."""
    from jobs.settings import JobSettings

    return JobSettings(public_url=settings.public_url)


def _offer_administrator(settings: "Settings", bureau: tuple[str, str] | None) -> None:
    from service.account.first_run import (
        USERNAME,
        ensure_administrator,
        top_unit,
        waiting_administrator,
    )
    from service.cases.problems import InvalidInput
    from service.installation import opened_session

    with opened_session(settings) as session:
        waiting = None
        if bureau is None:
            # What `init` printed stays good when the server starts.
            password = ensure_administrator(session, renew=False)
            waiting = waiting_administrator(session)
        else:
            try:
                password = ensure_administrator(session, top_unit(*bureau))
            except InvalidInput as error:
                raise click.UsageError(error.problems[0].message) from error
    if password:
        click.echo(f"first log-in of the administrator: {USERNAME} / {password}")
    elif waiting:
        click.echo(f"{waiting} has not logged in yet; `anqi init` prints another password")


@click.command()
@click.option("--unit-code", default="HQ", show_default=True, help="Case numbers begin with it.")
@click.option("--unit-name", default="Anqi", show_default=True, help="The bureau's own name.")
def init(unit_code: str, unit_name: str) -> None:
    """Set up a new installation: secret keys, database, the first administrator.

    The bureau becomes the top of the unit tree. On an installation that is set up it only
    brings the database to this version, after a backup.
    """
    from service.config import load_settings

    settings = load_settings()
    _prepare(settings, (unit_code, unit_name))
    click.echo(f"set up in {settings.data_dir}; start it with: anqi serve --with-scheduler")


@click.command()
@click.option("--with-scheduler", is_flag=True, help="Run the scheduler beside the web server.")
def serve(with_scheduler: bool) -> int:
    """Run the web server until Ctrl-C or SIGTERM.

    Sets up or upgrades the installation first. When web server or scheduler ends by itself
    the other is stopped too, and the status is 1.
    """
    from service import serving
    from service.config import load_settings

    settings = load_settings()
    with serving.listening(settings) as listener:
        return serving.serve(
            settings, listener, lambda: _prepare(settings), with_scheduler=with_scheduler
        )


@click.command()
def scheduler() -> None:
    """Run the scheduler alone until Ctrl-C or SIGTERM.

    Several may run on PostgreSQL; each job is done once.
    """
    from jobs import schedule
    from jobs.settings import JobSettings
    from service.config import load_settings
    from service.db import open_session
    from service.installation import opened
    from service.running import in_use
    from service.web import logs

    settings = load_settings()
    logs.install(settings.log_level, settings.log_file)
    with opened(settings) as engine, in_use(settings.data_dir):
        schedule.serve(lambda: open_session(engine), JobSettings.of(settings))


@click.command()
@click.option("--cases", type=click.IntRange(min=1), help="About how many (default: 5,200).")
@on_day
def demo(cases: int | None, day: date | None) -> None:
    """Fill an empty database with the demo bureau: invented people, a year and a half of cases.

    Its log-ins are public. Never use it for real data.
    """
    from service.config import load_settings
    from service.db import open_session
    from service.demo import loading
    from service.installation import has_people, opened, set_up, today

    settings = load_settings()
    set_up(settings)
    with opened(settings) as engine:
        if has_people(engine):
            raise click.ClickException(
                "the database has people already; choose another with ANQI_DATA or "
                "ANQI_DATABASE_URL"
            )
        with open_session(engine) as session:
            loading.load(
                session, day or today(settings), cases=cases, settings=_demo_jobs(settings)
            )
    start = "" if os.environ.get("ANQI_DEMO") else "ANQI_DEMO=1 "
    click.echo(f"loaded; start it with: {start}anqi serve --with-scheduler")


COMMANDS = (serve, scheduler, init, demo)
