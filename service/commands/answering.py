"""Commands that answer a question and change nothing."""

import sys
from datetime import date, datetime
from typing import IO
from zoneinfo import ZoneInfo

import click

from service.commands.working import on_day

_BUREAU_TIME = ZoneInfo("Asia/Shanghai")

in_language = click.option(
    "--language", type=click.Choice(["zh_CN", "en"]), help="The language of the answer."
)


@click.command("what-if")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@on_day
@in_language
def what_if(file: IO[str], day: date | None, language: str | None) -> int:
    """The deadlines of matters described in FILE (default: standard input).

    Each line is one matter in JSON, each line of the answer its deadlines. Needs no
    configuration and touches no database. A line that cannot be read is answered with what is
    wrong with it; the status is then 1. docs/events.md lists the events.

    \b
    {"id": "x1", "procedure": "arbitration", "jurisdiction": "national",
     "events": [{"type": "case_accepted", "on": "2025-08-18"}], "today": "2025-10-10"}
    """
    from rules import whatif

    today = day or datetime.now(_BUREAU_TIME).date()
    return whatif.run(file, sys.stdout, today, language or "zh_CN")


@click.command()
@click.argument("case")
@in_language
def explain(case: str, language: str | None) -> int:
    """Why CASE has the deadlines it has: events, days counted, articles."""
    from service import explaining
    from service.config import load_settings
    from service.installation import opened_session, today

    settings = load_settings()
    with opened_session(settings) as session:
        return explaining.explain_case(
            session, case, language or settings.language, sys.stdout, today(settings)
        )


@click.command("check-policy")
@in_language
def check_policy(language: str | None) -> int:
    """Is the policy (rules/policy) complete and free of contradictions?

    A mistake is one line: file, line, what is wrong and what to write instead. Chinese is told what
    is wrong with the shape of a file; how its parts fit together is told in English.
    """
    from rules import check

    return check.run(sys.stdout, language=language or "en")


COMMANDS = (what_if, explain, check_policy)
