"""Accounts and access tokens from the command line."""

import click


@click.group()
def user() -> None:
    """People who may log in."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The person's name, as colleagues know it.")
@click.option(
    "--role",
    required=True,
    type=click.Choice(["caseworker", "supervisor", "analyst", "administrator", "auditor"]),
)
@click.option("--unit", "unit_code", help="The unit's code (default: the top of the tree).")
@click.option("--email", help="Where alerts and reports go by mail.")
@click.option("--reports", is_flag=True, help="Mail the monthly report to this person.")
def add_user(
    username: str, name: str, role: str, unit_code: str | None, email: str | None, reports: bool
) -> None:
    """Add a person; prints the password for their first log-in."""
    from service.commands import accounts
    from service.config import load_settings
    from service.installation import opened_session

    with opened_session(load_settings()) as session:
        password = accounts.add(
            session, accounts.NewPerson(username, name, role, unit_code, email, reports)
        )
    click.echo(f"password for the first log-in: {password}")


@click.group()
def token() -> None:
    """Access tokens of programs for /api/v1."""


@token.command("add")
@click.argument("username")
@click.argument("name")
def add_token(username: str, name: str) -> None:
    """Give a program a token called NAME; it may do what USERNAME may. Shown only now."""
    from service.commands import accounts
    from service.config import load_settings
    from service.installation import opened_session

    with opened_session(load_settings()) as session:
        click.echo(accounts.add_token(session, username, name))


COMMANDS = (user, token)
