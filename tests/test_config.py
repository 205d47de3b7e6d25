"""Settings: where they come from, who wins, and what is said about a wrong one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gateway.config import Settings, keys, load
from gateway.errors import ConfigError


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_anything_it_is_one_process_on_loopback_with_sqlite() -> None:
    settings = load()
    assert (settings.host, settings.port, settings.is_embedded) == ("127.0.0.1", 8080, True)
    assert settings.database.endswith("var/throughline.db")
    assert set(settings.channels) == {"webchat"} and set(settings.sites) == {"demo"}


def test_command_line_wins_over_environment_and_environment_over_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "throughline.toml").write_text('port = 1111\nhost = "::1"\n[rules]\nreopen_days = 3\nundo_seconds = 1\n')
    assert (load().port, load().rules.reopen_days) == (1111, 3)
    monkeypatch.setenv("THROUGHLINE_PORT", "2222")
    monkeypatch.setenv("THROUGHLINE_RULES__REOPEN_DAYS", "4.5")
    assert (load().port, load().host, load().rules.reopen_days, load().rules.undo_seconds) == (2222, "::1", 4.5, 1)
    assert load(port=3333).port == 3333 and load(port=None).port == 2222


def test_the_file_may_be_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.toml").write_text("port = 4444\n")
    monkeypatch.setenv("THROUGHLINE_CONFIG", str(tmp_path / "other.toml"))
    assert load().port == 4444


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("PORT", "-1", "port"), ("PORT", "x", "port"), ("LIMITS__FILE_BYTES", "1", "limits.file_bytes"), ("LOG_FORMAT", "xml", "log_format"),
        ("RULES__REOPEN_DAYS", "nan", "rules.reopen_days"), ("ROUTING__PRESENCE_SECONDS", "1", "routing.presence_seconds"), ("LIMITS__NOTHING", "1", "limits.NOTHING"),
    ],
)  # fmt: skip
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str) -> None:
    monkeypatch.setenv(f"THROUGHLINE_{name}", value)
    with pytest.raises(ConfigError) as error:
        load()
    assert field.lower() in str(error.value).lower()


def test_a_secret_is_in_no_error_and_no_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROUGHLINE_SECRET_KEY", "a very secret key indeed, of enough length")
    monkeypatch.setenv("THROUGHLINE_DATABASE_URL", "postgresql://throughline:hunter2@db/throughline")
    settings = load()
    for text in (repr(settings), str(settings), settings.model_dump_json()):
        assert "hunter2" not in text and "very secret" not in text
    monkeypatch.setenv("THROUGHLINE_PORT", "x")
    with pytest.raises(ConfigError) as error:
        load()
    assert "hunter2" not in str(error.value)


def test_the_key_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "new" / "folder")
    (first,) = keys(settings)
    assert keys(settings) == [first] and len(first) >= 32
    mode = stat.S_IMODE((tmp_path / "new" / "folder" / "secret.key").stat().st_mode)
    assert mode == 0o600


@pytest.mark.parametrize("content", [b"", b"short", b"\n\n   \n", b"\xff\xfe" * 40, "ä".encode() * 40])
def test_a_damaged_key_is_not_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(ConfigError, match=r"secret\.key is damaged"):
        keys(Settings(data=tmp_path))
    assert (tmp_path / "secret.key").read_bytes() == content


def test_a_key_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret.key").mkdir()
    with pytest.raises(ConfigError, match=r"secret\.key"):
        keys(Settings(data=tmp_path))


def test_several_processes_must_be_given_a_key() -> None:
    with pytest.raises(ConfigError, match="THROUGHLINE_SECRET_KEY"):
        keys(Settings(database_url="postgresql://db/throughline"))
    with pytest.raises(ConfigError, match="32"):
        keys(Settings(secret_key="x" * 31))
    assert keys(Settings(secret_key="x" * 32, old_secret_keys=("y" * 40,))) == [b"x" * 32, b"y" * 40]


def test_identity_keys_are_long_and_told_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROUGHLINE_SITES__SHOP__IDENTITY_KEYS", '["a key of the shop that is long enough"]')
    settings = load()
    assert "of the shop" not in repr(settings) + settings.model_dump_json()
    monkeypatch.setenv("THROUGHLINE_SITES__SHOP__IDENTITY_KEYS", '["too short"]')
    with pytest.raises(ConfigError, match="at least 32") as error:
        load()
    assert "too short" not in str(error.value)
