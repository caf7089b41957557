"""Settings are read once, and a wrong one stops the start and says which."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from foundation.errors import SettingsError
from foundation.settings import Settings

SECRET = "0123456789abcdef" * 2


def test_an_empty_environment_gives_the_embedded_stack() -> None:
    settings = Settings.from_env({})
    assert settings.embedded_database
    assert settings.sqlalchemy_url.startswith("sqlite:////")
    assert settings.sqlalchemy_url.endswith("/var/rasoat.db")
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.demo is False


def test_every_kind_of_value_is_read() -> None:
    settings = Settings.from_env(
        {
            "RASOAT_DATA_DIR": "/srv/rasoat",
            "RASOAT_PORT": " 8443 ",
            "RASOAT_DEMO": "Yes",
            "RASOAT_SECRET_KEY": SECRET,
            "RASOAT_PRIVATE_NETWORKS": "10.1.0.0/16, fd00::/8,",
            "RASOAT_PUBLIC_URL": "https://rasoat.office.example/",
            "RASOAT_DEFAULT_LANGUAGE": "en",
        }
    )
    assert settings.data_dir == Path("/srv/rasoat")
    assert settings.port == 8443
    assert settings.demo is True
    assert settings.private_networks == (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
    assert settings.base_url == "https://rasoat.office.example"
    assert settings.default_language == "en"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("RASOAT_PORT", "0"),
        ("RASOAT_PORT", "eighty"),
        ("RASOAT_PORT", "²"),
        ("RASOAT_DEMO", "maybe"),
        ("RASOAT_SECRET_KEY", "short"),
        ("RASOAT_DATABASE_URL", "mysql://localhost/x"),
        ("RASOAT_REDIS_URL", "http://localhost"),
        ("RASOAT_LOG_LEVEL", "LOUD"),
        ("RASOAT_PRIVATE_NETWORKS", "10.0.0.0/99"),
        ("RASOAT_DEFAULT_LANGUAGE", "fr"),
    ],
)
def test_a_wrong_value_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        Settings.from_env({variable: value})


def test_a_misspelt_setting_is_an_error_and_not_ignored() -> None:
    with pytest.raises(SettingsError, match="RASOAT_DATADIR: no such setting"):
        Settings.from_env({"RASOAT_DATADIR": "/srv"})


def test_variables_that_are_no_settings_are_let_through() -> None:
    env = {"RASOAT_ADMIN_EMAIL": "a@office.example", "RASOAT_ADMIN_PASSWORD_FILE": "/run/x"}
    assert Settings.from_env(env) == Settings()


def test_a_secret_is_read_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    assert Settings.from_env({"RASOAT_SECRET_KEY_FILE": str(secret)}).secret_key == SECRET


def test_the_variable_itself_wins_over_its_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("f" * 32, encoding="utf-8")
    env = {"RASOAT_SECRET_KEY": SECRET, "RASOAT_SECRET_KEY_FILE": str(secret)}
    assert Settings.from_env(env).secret_key == SECRET


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match="RASOAT_SECRET_KEY_FILE: cannot read"):
        Settings.from_env({"RASOAT_SECRET_KEY_FILE": str(path)})


@pytest.mark.parametrize("name", ["DATABASE_URL", "RASOAT_DATABASE_URL"])
def test_a_database_address_is_read_under_both_names(name: str) -> None:
    settings = Settings.from_env({name: "postgres://u:p@db/rasoat"})
    assert settings.sqlalchemy_url == "postgresql+psycopg://u:p@db/rasoat"
    assert not settings.embedded_database


def test_our_own_name_wins_over_the_common_one() -> None:
    env = {"REDIS_URL": "redis://common", "RASOAT_REDIS_URL": "redis://ours"}
    assert Settings.from_env(env).redis_url == "redis://ours"


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = Settings.from_env(
        {
            "RASOAT_SECRET_KEY": SECRET,
            "DATABASE_URL": "postgresql://u:hush-hush@db/rasoat",
            "RASOAT_SMTP_URL": "smtp://u:hush-hush@mail",
        }
    )
    assert SECRET not in repr(settings)
    assert "hush-hush" not in repr(settings)


def test_settings_cannot_be_changed_after_the_start() -> None:
    with pytest.raises(AttributeError):
        Settings().port = 1  # type: ignore[misc]
