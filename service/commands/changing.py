"""What a change of the law moves, of every case: for lists that no page can hold."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.commands.answering import in_language
from service.commands.working import day_of, on_day

if TYPE_CHECKING:
    from sqlmodel import Session

    from rules.amendments import Amendment, AmendmentKind
    from service.admin.amending import Sides
    from service.config import Settings


@click.command("what-moves")
@click.argument("rule", required=False)
@click.option("--kind", type=click.Choice(["version", "switch_on", "promise"]), default="version")
@click.option("--from", "from_on", callback=day_of, metavar="YYYY-MM-DD", help="In force from.")
@click.option("--length", type=int, help="The new length, in the unit of the rule.")
@click.option("--cap", type=int, help="The most it may be extended by, in the same unit.")
@click.option("--verified", default="V1", show_default=True, help="How the text was read.")
@click.option("--change", type=int, help="A change that is entered: what taking it back moves.")
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The CSV file to write; it must not be there yet.",
)
@on_day
@in_language
def what_moves(
    rule: str | None,
    kind: "AmendmentKind",
    from_on: date | None,
    length: int | None,
    cap: int | None,
    verified: str,
    change: int | None,
    output: Path,
    day: date | None,
    language: str | None,
) -> None:
    """List all deadlines that a change of RULE would move, of open and closed cases.

    Derives every case that the change reaches, with it and without, a chunk at a time, and changes
    nothing; Anqi may go on running. The administrator's page shows the command for what was typed
    there.

    \b
    anqi what-moves insp_investigation --from 2026-03-01 --length 40 --cap 10 --output moves.csv
    anqi what-moves --change 3 --output moves.csv
    """
    from rules.amendments import Amendment
    from service.admin.amending import NEW
    from service.config import load_settings

    if (change is None) == (rule is None) or (rule is not None and from_on is None):
        raise click.UsageError("give a RULE with --from, or the --change that is entered")
    if output.exists():
        raise click.UsageError(f"there is a file {output} already; name another one")
    settings = load_settings()
    wanted: Amendment | int = change or 0
    if rule is not None and from_on is not None:
        # No date depends on where it stands, so that is not asked for.
        wanted = Amendment(
            id=NEW, kind=kind, rule=rule, from_on=from_on, length=length, cap=cap,
            place=settings.jurisdiction, instrument="–", article="–", words="", verified=verified,
        )  # fmt: skip
    number = _written(settings, wanted, output, day, language or settings.language)
    click.echo(f"{output}: {number} deadlines move" if number else f"{output}: no deadline moves")


def _written(
    settings: "Settings",
    wanted: "Amendment | int",
    output: Path,
    day: date | None,
    language: str,
) -> int:
    """Write the list in a language and say how many there are; only reads."""
    from service import create_app
    from service.admin import changes, moves, moves_sheet
    from service.db import open_session
    from service.installation import opened, today
    from service.web.language import speaking

    with (
        opened(settings) as engine,
        open_session(engine, read_only=True) as session,
        create_app(settings, engine).app_context(),
        speaking(language),
    ):
        sides = _sides(session, wanted)
        rules = {**sides.changed.policy.rules, **sides.usual.policy.rules}
        every = moves.every(session, *sides, day or today(settings))
        return moves_sheet.write_csv(every, partial(changes.obligation, rules), output)


def _sides(session: "Session", wanted: "Amendment | int") -> "Sides":
    from rules.amendments import AmendmentError
    from service.access import NotFound
    from service.admin import amending, changes

    try:
        if isinstance(wanted, int):
            return amending.taking_back(session, amending.wanted(session, wanted))
        return amending.entering(session, wanted)
    except NotFound as error:
        raise click.UsageError(
            f"no change {wanted} is in force; see the page of changes"
        ) from error
    except AmendmentError as error:
        raise click.UsageError(changes.reason(error)) from error


COMMANDS = (what_moves,)
