"""Commands that keep an installation safe: backups, migrations, keys."""

from pathlib import Path

import click

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("archive", type=_FILE, required=False)
def backup(archive: Path | None) -> None:
    """Write database and keys to one ARCHIVE (default: in backups/ of the data directory).

    Anqi may go on running. The archive holds the keys to personal data: keep it as safe as
    the installation.
    """
    from service.backups import back_up, new_archive_path
    from service.config import load_settings

    settings = load_settings()
    archive = archive or new_archive_path(settings, "backup")
    back_up(settings, archive)
    click.echo(f"wrote {archive}")


@click.command()
@click.argument("archive", type=_FILE)
@click.option("--force", is_flag=True, help="Replace the database and keys that are there.")
def restore(archive: Path, force: bool) -> None:
    """Put database and keys of ARCHIVE in place. Stop Anqi first."""
    from service.backups import restore as put_back
    from service.config import load_settings

    settings = load_settings()
    made_at = put_back(settings, archive, force=force)
    click.echo(f"restored the state of {made_at}; an older one is brought up by: anqi migrate")


@click.command()
def migrate() -> None:
    """Bring the database to this version, after a backup."""
    from service.config import load_settings
    from service.db import latest_revision
    from service.installation import set_up

    archive = set_up(load_settings())
    if archive:
        click.echo(f"backup before the upgrade: {archive}")
    click.echo(f"the database is at {latest_revision()}")


@click.command("rotate-keys")
@click.option("--forget-old", is_flag=True, help="Remove the older keys; after the restart.")
def rotate_keys(forget_old: bool) -> None:
    """Encrypt personal data with a new key. Makes a backup first.

    \b
    1. anqi rotate-keys                 adds a key and writes everything with it
    2. restart Anqi's processes         so that they all use it
    3. anqi rotate-keys --forget-old    writes what came in between, drops older keys
    """
    from service import rotation
    from service.config import load_settings

    settings = load_settings()
    done = rotation.forget_old_keys(settings) if forget_old else rotation.rotate(settings)
    click.echo(f"backup before the change: {done.archive}")
    click.echo(f"values written with the new key: {done.values}")
    if not forget_old:
        click.echo("now restart Anqi, then run: anqi rotate-keys --forget-old")


@click.command("check-migrations", hidden=True)
def check_migrations() -> None:
    """Do the migrations make exactly the tables of the models? For developers."""
    from tempfile import TemporaryDirectory

    from service import db

    with TemporaryDirectory() as directory:
        engine = db.engine_for(f"sqlite:///{directory}/check.sqlite")
        db.migrate(engine)
        differences = db.check_schema(engine)
        engine.dispose()
    if differences:
        raise click.ClickException("the migrations lack: " + "; ".join(differences))
    click.echo("migrations and models agree")


COMMANDS = (backup, restore, migrate, rotate_keys, check_migrations)
