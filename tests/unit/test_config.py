"""Settings: safe by default, and a deployment that would expose children does not start."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.config import Settings

SMTP = {"mail_url": "smtp://mail.example.org:587"}
TLS = {"public_url": "https://eyes.example.org", **SMTP}


def refusal(**values: Any) -> str:
    """Why settings are refused; empty when they are not."""
    try:
        Settings(**values)
    except ValidationError as error:
        return str(error.errors()[0]["msg"])
    return ""


def test_the_defaults_are_this_machine_alone_and_not_a_demo() -> None:
    settings = Settings()
    assert refusal() == ""
    assert not settings.demo
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.cooling_off_minutes == 24 * 60
    assert settings.trusted_proxies == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://eyes.example.org",
        "http://0.0.0.0:8000",
        "http://192.168.1.5",
        "http://localhost.example.org",
        "http://127.0.0.1@example.org",
        "ftp://127.0.0.2",
        "",
    ],
)
def test_outside_this_machine_only_https_will_do(url: str) -> None:
    assert "https://" in refusal(public_url=url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000", TLS["public_url"]])
def test_this_machine_and_https_will_do(url: str) -> None:
    assert refusal(public_url=url, **SMTP) == ""
    assert Settings(public_url=url, **SMTP).served_over_tls == url.startswith("https")


def test_letters_are_kept_in_clear_on_this_machine_alone() -> None:
    assert "EYES_MAIL_URL must be smtp://" in refusal(public_url=TLS["public_url"])
    assert refusal(**TLS) == refusal() == ""
    assert "EYES_MAIL_URL" in refusal(mail_url="mail.example.org:25")


def test_the_demo_stays_on_this_machine() -> None:
    assert "EYES_DEMO" in refusal(demo=True, **TLS)
    assert refusal(demo=True) == ""


@pytest.mark.parametrize("keyring", ["data/keyring.json", "data", "data/keys/../keyring.json", "other/../data/k.json"])
def test_the_keys_never_lie_with_the_data(tmp_path: Path, keyring: str) -> None:
    assert "EYES_KEYRING" in refusal(data_dir=tmp_path / "data", keyring=tmp_path / keyring)


def test_a_link_does_not_hide_that_the_keys_lie_with_the_data(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "elsewhere").symlink_to(tmp_path / "data")
    assert "EYES_KEYRING" in refusal(data_dir=tmp_path / "data", keyring=tmp_path / "elsewhere" / "keyring.json")


def test_the_keys_lie_beside_the_data(tmp_path: Path) -> None:
    assert refusal(data_dir=tmp_path / "data", keyring=tmp_path / "data-keys" / "keyring.json") == ""


@pytest.mark.parametrize("name", ["revocation_ledger", "backup_key", "backup_keys_dir"])
@pytest.mark.parametrize("folder", ["data_dir", "backup_dir"])
def test_what_outlives_or_opens_the_data_never_lies_with_it(tmp_path: Path, name: str, folder: str) -> None:
    apart = {"keyring": tmp_path / "keys" / "keyring.json", "data_dir": tmp_path / "data", "backup_dir": tmp_path / "b"}
    assert refusal(**apart) == ""
    said = refusal(**apart | {name: str(apart[folder] / "below")})
    assert (f"EYES_{name.upper()}" in said, f"EYES_{folder.upper()}" in said) == (True, True)


def test_what_opens_the_keys_archive_does_not_lie_beside_it(tmp_path: Path) -> None:
    assert "EYES_BACKUP_KEY must" in refusal(backup_keys_dir=tmp_path, backup_key=str(tmp_path / "backup.key"))


def test_the_ledger_and_the_backup_key_lie_beside_the_keyring_when_nothing_else_is_said(tmp_path: Path) -> None:
    settings = Settings(keyring=tmp_path / "keyring.json")
    assert (settings.revocation_file, settings.backup_key_file) == (
        tmp_path / "revocations.log",
        tmp_path / "backup.key",
    )
    elsewhere = Settings(revocation_ledger=str(tmp_path / "a"), backup_key=str(tmp_path / "b"))
    assert (elsewhere.revocation_file, elsewhere.backup_key_file) == (tmp_path / "a", tmp_path / "b")


def test_the_vault_is_never_the_public_bucket() -> None:
    assert "two buckets" in refusal(storage="s3", s3_vault_bucket="eyes", s3_public_bucket="eyes")
    assert refusal(storage="s3") == ""


def test_nginx_hands_over_only_what_lies_on_this_machine() -> None:
    assert "EYES_STORAGE=local" in refusal(storage="s3", x_accel=True)
    assert refusal(x_accel=True) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("answer_months", 61),
        ("answer_months", 0),
        ("cooling_off_minutes", -1),
        ("storage", "ftp"),
        ("trusted_proxies", 9),
    ],
)
def test_values_out_of_bounds_are_refused(name: str, value: Any) -> None:
    assert refusal(**{name: value}) != ""


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EYES_COOLING_OFF_MINUTES", "5")
    monkeypatch.setenv("EYES_UNHEARD_OF", "1")
    assert Settings().cooling_off_minutes == 5


def test_a_secret_does_not_show_when_settings_are_printed() -> None:
    assert "hunter2" not in repr(Settings(s3_secret_key="hunter2"))


def test_without_an_address_the_database_lies_with_the_data(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path).sqlalchemy_url == f"sqlite:///{tmp_path}/eyes.sqlite"
    assert Settings(database_url="postgresql+psycopg://db/eyes").sqlalchemy_url == "postgresql+psycopg://db/eyes"


@pytest.mark.parametrize("country", ["ro", "ROU", "R", "Romania", "R0"])
def test_a_country_that_is_no_code_is_refused(country: str) -> None:
    assert "match pattern" in refusal(country=country)
    assert refusal(country="RO") == refusal(country="") == ""
