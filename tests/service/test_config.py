"""Settings come from the environment, the file, the defaults, in that order."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from service.config import ConfigError, Settings, load_settings, setting_names

_TABLE = Path(__file__).parents[2] / "docs" / "configuration.md"
_ROW = re.compile(r"^\| `(ANQI_\w+)` \| `(\w+)` \| (.*?) \| (.+) \|$", re.MULTILINE)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_everything_has_a_default() -> None:
    settings = load_settings({})
    assert settings == Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.time_zone == "Asia/Shanghai"


def test_the_environment_goes_before_the_file_before_the_default(tmp_path: Path) -> None:
    (tmp_path / "anqi.toml").write_text('port = 8001\nlanguage = "en"\nbehind_proxy = true\n')
    settings = load_settings({"ANQI_PORT": "8002"})
    assert (settings.port, settings.language, settings.behind_proxy) == (8002, "en", True)
    assert settings.jurisdiction == "chongming"


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load_settings({"ANQI_PORT": ""}).port == 8000


def test_the_file_may_be_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text("port = 8003")
    assert load_settings({"ANQI_CONFIG": str(path)}).port == 8003


def test_database_and_keys_lie_in_the_data_directory() -> None:
    settings = load_settings({"ANQI_DATA": "somewhere"})
    assert settings.data_dir.is_absolute()
    assert settings.database_url == f"sqlite:///{settings.data_dir}/anqi.sqlite"
    assert settings.keys_file == settings.data_dir / "keys.json"


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("ANQI_PORT", "http", "1 to 65535"),
        ("ANQI_PORT", "70000", "1 to 65535"),
        ("ANQI_LANGUAGE", "fr", "zh_CN, en"),
        ("ANQI_TIME_ZONE", "Peking", "Asia/Shanghai"),
        ("ANQI_DEMO", "maybe", "neither 1 nor 0"),
        ("ANQI_DATABASE_URL", "mysql://root:hunter2@host/x", "postgresql+psycopg://"),
        ("ANQI_DATABASE_URL", "sqlite://", "sqlite:////"),
        ("ANQI_LOG_LEVEL", "loud", "DEBUG"),
        ("ANQI_MAIL_SECURITY", "ssl3", "starttls"),
        ("ANQI_PUBLIC_URL", "anqi.example", "https://"),
        ("ANQI_CONFIG", "/no/such/file", "/no/such/file"),
    ],
)
def test_a_wrong_value_is_one_line_naming_setting_and_way_out(
    name: str, value: str, hint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings({name: value})
    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    assert hint in message
    assert "\n" not in message
    assert "hunter2" not in message


def test_a_wrong_value_in_the_file_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "anqi.toml").write_text('port = "x"')
    with pytest.raises(ConfigError, match=r"^anqi\.toml: port: 'x' is not a number"):
        load_settings({})


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "anqi.toml").write_text("prot = 8000")
    with pytest.raises(ConfigError, match="unknown setting 'prot'; known: data, "):
        load_settings({})


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "anqi.toml").write_text("port = = 1")
    with pytest.raises(ConfigError, match=r"^anqi\.toml: cannot be read"):
        load_settings({})


def test_the_documented_table_is_the_code() -> None:
    rows = _ROW.findall(_TABLE.read_text(encoding="utf-8"))
    assert {env: name for env, name, _default, _meaning in rows} == setting_names()
    defaults = {env: default.strip().strip("`") for env, _name, default, _meaning in rows}
    for item, env in zip(fields(Settings), setting_names(), strict=True):
        if item.default not in (None, "") and item.name != "data_dir":
            given = int(item.default) if isinstance(item.default, bool) else item.default
            assert defaults[env] == str(given), env
