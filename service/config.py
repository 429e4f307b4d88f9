"""Settings: the environment over `anqi.toml` over defaults. The table is docs/configuration.md."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

LANGUAGES = ("zh_CN", "en")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MAIL_SECURITY = ("none", "starttls", "tls")


class ConfigError(ValueError):
    """A setting cannot be used; the message names it and says what to give instead."""


def _text(value: str) -> str:
    return value


def _required(value: str) -> str:
    if not value:
        raise ValueError("is empty")
    return value


def _path(value: str) -> Path:
    return Path(_required(value)).expanduser().absolute()


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise ValueError(f"{value!r} is not a number from {low} to {high}")
        return number

    return parse


def _yes_no(value: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if value.lower() not in known:
        raise ValueError(f"{value!r} is neither 1 nor 0")
    return known[value.lower()]


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError(f"{value!r} is not known; choose from {', '.join(choices)}")
        return value

    return parse


def _log_level(value: str) -> str:
    return _one_of(*LOG_LEVELS)(value.upper())


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{value!r} is not a time zone; give one like Asia/Shanghai") from None
    return value


def _database_url(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if scheme == "postgresql+psycopg" and urlsplit(value).path.strip("/"):
        return value
    if scheme == "sqlite" and len(rest) > 1 and rest.startswith("/"):
        return value
    # The value itself may hold a password, so it is not repeated.
    raise ValueError(
        "is not a database Anqi knows; give sqlite:////path/to/file or "
        "postgresql+psycopg://user:password@host/name"
    )


def _web_url(value: str) -> str:
    if urlsplit(value).scheme not in ("http", "https"):
        raise ValueError(f"{value!r} does not start with http:// or https://")
    return value.rstrip("/")


def _setting(parse: Callable[[str], Any], default: Any, *, env: str | None = None) -> Any:
    return field(default=default, metadata={"parse": parse, "env": env})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an installation can choose. A setting `x` is ANQI_X or `x` in anqi.toml."""

    data_dir: Path = _setting(  # noqa: RUF009  # a field, whose default never changes
        _path, Path("~/.local/share/anqi").expanduser(), env="ANQI_DATA"
    )
    database: str | None = _setting(_database_url, None, env="ANQI_DATABASE_URL")
    keys: Path | None = _setting(_path, None, env="ANQI_KEYS_FILE")  # noqa: RUF009
    host: str = _setting(_required, "127.0.0.1")
    port: int = _setting(_number(1, 65535), 8000)
    processes: int = _setting(_number(1, 64), 2)
    threads: int = _setting(_number(1, 64), 8)
    public: str | None = _setting(_web_url, None, env="ANQI_PUBLIC_URL")
    secure_cookies: bool = _setting(_yes_no, False)
    behind_proxy: bool = _setting(_yes_no, False)
    idle_minutes: int = _setting(_number(1, 1440), 30)
    jurisdiction: str = _setting(_required, "chongming")
    language: str = _setting(_one_of(*LANGUAGES), "zh_CN")
    time_zone: str = _setting(_time_zone, "Asia/Shanghai")
    log_level: str = _setting(_log_level, "INFO")
    log_file: Path | None = _setting(_path, None)  # noqa: RUF009
    mail_host: str = _setting(_text, "")
    mail_port: int = _setting(_number(1, 65535), 25)
    mail_security: str = _setting(_one_of(*MAIL_SECURITY), "none")
    mail_user: str = _setting(_text, "")
    mail_password: str = _setting(_text, "")
    mail_from: str = _setting(_text, "anqi@localhost")
    demo: bool = _setting(_yes_no, False)

    @property
    def database_url(self) -> str:
        """SQLAlchemy's URL of the database; a SQLite file in the data directory by default."""
        return self.database or f"sqlite:///{self.data_dir / 'anqi.sqlite'}"

    @property
    def keys_file(self) -> Path:
        """The private file with the installation's secret keys."""
        return self.keys or self.data_dir / "keys.json"

    @property
    def public_url(self) -> str:
        """Where people reach the application; links in mail start with it. No slash at the end."""
        return self.public or f"http://{self.host}:{self.port}"

    @property
    def backups_dir(self) -> Path:
        """Where backups go that were not given a place."""
        return self.data_dir / "backups"


def _names(item: Any) -> tuple[str, str]:
    """The environment's and the file's name of a setting."""
    env = item.metadata["env"] or f"ANQI_{item.name.upper()}"
    return env, env.removeprefix("ANQI_").lower()


def setting_names() -> dict[str, str]:
    """Every setting's name in the environment and, beside it, in anqi.toml."""
    return dict(_names(item) for item in fields(Settings))


def _config_file(environ: Mapping[str, str]) -> Path | None:
    named = environ.get("ANQI_CONFIG")
    if named and not Path(named).is_file():
        raise ConfigError(f"ANQI_CONFIG: there is no file {named}")
    path = Path(named) if named else Path("anqi.toml")
    return path if path.is_file() else None


def _read_file(path: Path) -> dict[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    known = list(setting_names().values())
    for name, value in content.items():
        if name not in known:
            raise ConfigError(f"{path}: unknown setting {name!r}; known: {', '.join(known)}")
        if not isinstance(value, str | int):
            raise ConfigError(f"{path}: {name} must be a text, a number, true or false")
    return {name: str(value) for name, value in content.items()}


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of this process.

    Raises ConfigError, one line naming the setting and the way out.
    """
    environ = os.environ if environ is None else environ
    path = _config_file(environ)
    in_file = _read_file(path) if path else {}
    values: dict[str, Any] = {}
    for item in fields(Settings):
        env, name = _names(item)
        # An empty variable counts as not set, as in a systemd EnvironmentFile.
        raw = environ.get(env) or in_file.get(name)
        if raw is None:
            continue
        source = env if environ.get(env) else f"{path}: {name}"
        try:
            values[item.name] = item.metadata["parse"](raw)
        except ValueError as error:
            raise ConfigError(f"{source}: {error}") from None
    return Settings(**values)
