"""The command `anqi`: parses and calls. Errors are one line and a status that is not zero."""

import os
import sys
from collections.abc import Sequence

import click

from service.commands import answering, changing, keeping, people, running, working


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="anqi", prog_name="anqi")
def anqi() -> None:
    """Anqi 按期: deadlines of a labour bureau's cases: which one runs, until when, and why.

    Settings come from the environment (ANQI_PORT=8080), from anqi.toml in this directory or
    where ANQI_CONFIG says, or are the defaults; docs/configuration.md has them all.

    \b
    A new installation:   anqi init     then   anqi serve --with-scheduler
    To look around:       make run      or     ANQI_DEMO=1 anqi serve --with-scheduler
    Only to calculate:    echo '{"procedure": "arbitration", …}' | anqi what-if
    """


for _module in (running, working, answering, changing, people, keeping):
    for _command in _module.COMMANDS:
        anqi.add_command(_command)


def _user_errors() -> tuple[type[Exception], ...]:
    """The kinds of mistakes whose message says all; anything else is a defect of ours."""
    from sqlalchemy.exc import OperationalError

    from rules.yaml_lines import PolicyError
    from service.backups import BackupError
    from service.config import ConfigError
    from service.db import DatabaseError
    from service.keys import KeysError

    return (
        ConfigError,
        KeysError,
        DatabaseError,
        BackupError,
        PolicyError,
        OperationalError,
        OSError,
    )


def _one_line(error: Exception) -> str:
    """What went wrong; of a database's message only its own first line, without our SQL."""
    message = str(getattr(error, "orig", None) or error)
    return message.strip().splitlines()[0] if message.strip() else type(error).__name__


def _fail(message: str, status: int) -> int:
    sys.stderr.write(f"anqi: {message}\n")
    return status


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its status. Files it makes are its owner's alone."""
    os.umask(0o077)
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the status: 0, 1 for an error, 2 for wrong usage."""
    try:
        status = anqi.main(arguments, prog_name="anqi", standalone_mode=False)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "anqi"
        return _fail(f"{error.format_message()} (see {path} --help)", 2)
    except click.ClickException as error:
        return _fail(error.format_message(), 1)
    except (click.Abort, KeyboardInterrupt):
        return _fail("stopped", 130)
    except Exception as error:
        if not isinstance(error, _user_errors()):
            raise
        return _fail(_one_line(error), 1)
    return status if isinstance(status, int) else 0
