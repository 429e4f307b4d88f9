"""The command `anqi`: help worth reading, errors in one line, right statuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service import cli
from service.cli import anqi


def _command(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the installed command as a user would, from any directory."""
    program = Path(sys.executable).parent / "anqi"
    return subprocess.run(
        [program, *arguments],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd), **(env or {})},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANQI_DATA", str(tmp_path / "data"))


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, command in anqi.commands.items():
        assert command.hidden or f"  {name} " in shown


@pytest.mark.parametrize("name", anqi.commands)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([name, "--help"]) == 0
    assert anqi.commands[name].help
    assert "Usage: anqi" in capsys.readouterr().out


def test_the_help_comes_without_loading_web_or_database(tmp_path: Path) -> None:
    heavy = "import sys, service.cli; print({'flask', 'sqlalchemy', 'durable'} & set(sys.modules))"
    shown = subprocess.run(
        [sys.executable, "-c", heavy], cwd=tmp_path, capture_output=True, text=True
    )
    assert shown.stdout == "set()\n"


def test_it_works_from_any_directory(tmp_path: Path) -> None:
    shown = _command("--version", cwd=tmp_path)
    assert shown.returncode == 0
    assert shown.stdout.startswith("anqi")


@pytest.mark.parametrize(
    ("arguments", "status", "hint"),
    [
        (["sweeep"], 2, "No such command 'sweeep'"),
        (["rates", "--month", "October"], 2, "is not a month like 2026-10"),
        (["sweep", "--today", "31.12."], 2, "is not a day like 2026-11-22"),
        (["user", "add", "li"], 2, "--name"),
        (["sweep"], 1, "with: anqi init"),
        (["explain", "X-1"], 1, "with: anqi init"),
        (["backup"], 1, "no keys file"),
        (["restore", "nothing.tar.gz"], 1, "there is no file nothing.tar.gz"),
        (["rotate-keys"], 1, "anqi init"),
    ],
)
def test_an_error_is_one_line(
    arguments: list[str], status: int, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == status
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert shown.err.startswith("anqi: ")
    assert hint in shown.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANQI_PORT", "many"),
        ("ANQI_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/none"),
        ("ANQI_DATA", "/proc/none"),
    ],
)
def test_what_cannot_work_is_said_in_one_line(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert cli.run(["init"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_new_installation_gets_keys_database_and_an_administrator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["init"]) == 0
    assert "first log-in of the administrator: admin / " in capsys.readouterr().out
    assert (tmp_path / "data" / "keys.json").stat().st_mode & 0o777 == 0o600
    assert cli.run(["sweep"]) == 0
    assert cli.run(["deliver"]) == 0
    assert "no mail server" in capsys.readouterr().out


def test_a_person_added_by_command_gets_a_password_and_a_token(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cli.run(["init"])
    capsys.readouterr()
    add = ["user", "add", "li", "--name", "李", "--role", "caseworker"]
    assert cli.run(add) == 0
    assert "password for the first log-in: " in capsys.readouterr().out
    assert cli.run(["token", "add", "li", "importer"]) == 0
    assert capsys.readouterr().out.startswith("anqi_")
    assert cli.run(add) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert cli.run([*add, "--unit", "nowhere"]) == 1
    assert "there is no unit nowhere; known: HQ" in capsys.readouterr().err
    assert cli.run(["token", "add", "nobody", "x"]) == 1
    assert "nobody with the user name nobody" in capsys.readouterr().err


def test_a_backup_made_by_command_is_restored_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.run(["init"])
    assert cli.run(["backup", "b.tar.gz"]) == 0
    assert cli.run(["restore", "b.tar.gz"]) == 1
    assert "--force" in capsys.readouterr().err
    assert cli.run(["restore", "--force", "b.tar.gz"]) == 0
    assert cli.run(["backup"]) == 0
    assert len(list((tmp_path / "data" / "backups").iterdir())) == 1


def test_what_if_needs_no_configuration(tmp_path: Path) -> None:
    matter = '{"id": "x1", "procedure": "arbitration", "jurisdiction": "national", "events": []}\n'
    shown = _command("what-if", cwd=tmp_path, stdin=matter)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith('{"id"')
    assert list(tmp_path.iterdir()) == []


def test_what_if_answers_the_other_lines_when_one_is_wrong(tmp_path: Path) -> None:
    good = '{"id": "x1", "procedure": "arbitration", "jurisdiction": "national", "events": []}\n'
    shown = _command("what-if", cwd=tmp_path, stdin=f"nonsense\n{good}")
    assert shown.returncode == 1
    assert len(shown.stdout.splitlines()) == 2


def test_the_policy_is_complete(tmp_path: Path) -> None:
    shown = _command("check-policy", cwd=tmp_path)
    assert shown.returncode == 0, shown.stdout
