"""Settings: throughline.toml and the environment. Secrets, channels and sites are configuration; people and teams are data."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from gateway.clock import SystemClock
from gateway.errors import ConfigError

_ORIGIN = re.compile(r"https?://([a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
FILE = "throughline.toml"
PREFIX = "THROUGHLINE_"
_STORES = {
    "database_url": ("postgresql://", "sqlite:///", "postgres://", "postgresql+psycopg://"),
    "redis_url": ("redis://", "rediss://", "unix://"),
}


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Site(Section):
    """One website with the chat on it: `[sites.<key>]`; the key is what the page's script tag names."""

    title: str = Field("Chat with us", max_length=80, description="Heading of the chat.")
    accent: str = Field(
        "#0b6e4f", pattern=r"^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$", description="Accent colour; the text on it is chosen for contrast."
    )
    greeting: str = Field("Hello! How can we help?", max_length=500, description="First line of an empty chat.")
    position: Literal["left", "right"] = Field("right", description="Corner of the page.")
    locale: str = Field("auto", description="Language of the chat, or “auto” for the visitor's own.")
    suggestions: tuple[str, ...] = Field((), max_length=6, description="Questions offered on first open.")
    origins: tuple[str, ...] = Field((), description="Origins whose pages may show this chat, such as https://shop.example.")
    channel: str = Field("webchat", description="Id of the webchat channel it belongs to.")
    fields: tuple[Literal["name", "mail", "phone"], ...] = Field(
        ("name", "mail"), max_length=3, description="What the form asks while nobody is there: name, mail, phone."
    )
    team: str = Field("", description="Name of the team that answers this site; empty: everybody.")
    hours: dict[str, Any] = Field({}, description="When the site is open: zone, week and holidays; empty: the team's hours, or always.")
    identity_keys: tuple[SecretStr, ...] = Field(
        (), description="Keys with which the site signs who its customers are, 32 characters or more each; any of them verifies."
    )

    @field_validator("identity_keys")
    @classmethod
    def _are_long(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(key.get_secret_value().encode()) < 32 for key in value):
            raise ValueError("use at least 32 random characters for each key")
        return value

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"“{origin}” is not an origin: write it like https://shop.example, in small letters, without a path or a *"
                )
        return value


class ChannelSettings(BaseModel):
    """One channel: `[channels.<id>]`. What else may stand there depends on its kind."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: str = Field(description="Which adapter: see docs/adding-a-channel.md.")
    enabled: bool = Field(True, description="Off: its addresses answer 404 and nothing is sent.")


class Routing(Section):
    """How conversations find their agents: `[routing]`."""

    offer_seconds: int = Field(0, ge=0, le=600, description="Time an agent has to accept a conversation; 0 assigns at once.")
    idle_minutes: int = Field(10, ge=1, le=1440, description="A conversation that waits for the customer this long gives its place back.")
    presence_seconds: int = Field(60, ge=10, le=600, description="How long an open inbox counts after its last sign of life.")
    chats: int = Field(3, ge=0, le=100, description="Chats at once for a new agent.")
    texts: int = Field(5, ge=0, le=100, description="Text conversations (SMS, DMs) at once for a new agent.")
    mails: int = Field(10, ge=0, le=1000, description="Mail conversations at once for a new agent.")


class Rules(Section):
    """What happens to conversations: `[rules]`."""

    reopen_days: float = Field(7.0, ge=0, le=365, description="A message this long after the resolve reopens the same conversation.")
    undo_seconds: float = Field(
        5.0, ge=0, le=60, description="How long mail and SMS wait before they are sent; an open widget does not wait."
    )
    category_required: bool = Field(True, description="Whether resolving asks for a category.")
    intake_days: int = Field(30, ge=1, le=365, description="How long raw events are kept for replay and against repeated ones.")


class Limits(Section):
    """Bounds on what comes from outside: `[limits]`."""

    text_chars: int = Field(10_000, ge=100, le=100_000, description="Characters of one message.")
    file_bytes: int = Field(10_000_000, ge=1_000, le=100_000_000, description="Bytes of one file.")
    file_types: tuple[str, ...] = Field(
        (
            "image/png",
            "image/jpeg",
            "image/gif",
            "image/webp",
            "application/pdf",
            "text/plain",
            "text/csv",
            "application/zip",
            "audio/mpeg",
            "video/mp4",
        ),
        description="Media types customers may send.",
    )
    messages_per_minute: int = Field(60, ge=1, le=1_000_000, description="Messages of one visitor.")
    sessions_per_minute: int = Field(30, ge=1, le=1_000_000, description="New widget sessions from one address.")
    files_per_minute: int = Field(20, ge=1, le=1_000_000, description="Uploads of one visitor.")
    connections_per_address: int = Field(200, ge=1, le=100_000, description="TCP connections from one address, proxies excepted.")
    sockets_per_address: int = Field(50, ge=1, le=100_000, description="Widget and inbox sockets from one address.")
    sockets_per_minute: int = Field(60, ge=1, le=1_000_000, description="New sockets from one address.")
    body_seconds: float = Field(15.0, ge=1, le=120, description="Time a request body has to arrive.")


class Settings(BaseSettings):
    """Every setting of the gateway. Environment variables win over the file: THROUGHLINE_PORT, THROUGHLINE_RULES__REOPEN_DAYS, …"""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, toml_file=FILE)

    data: Path = Field(Path("var"), description="Folder of the embedded database, files and keys.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: str = Field("", description="Where the world reaches us, such as https://chat.example. Empty: what the request says.")
    trusted_proxies: tuple[str, ...] = Field((), description="Addresses or networks of reverse proxies whose forwarding headers count.")
    database_url: SecretStr = Field(SecretStr(""), description="postgresql://…; empty: SQLite in the data folder.")
    redis_url: SecretStr = Field(SecretStr(""), description="redis://…, for hints between processes; empty: one process.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs visitors' tokens and references, 32 characters or more; empty: made once in the data folder."
    )
    old_secret_keys: tuple[SecretStr, ...] = Field((), description="Keys that still verify after a change.")
    metrics_token: SecretStr = Field(SecretStr(""), description="Bearer token for /metrics from elsewhere; empty: loopback only.")
    log_format: Literal["text", "json"] = Field("text", description="How log lines are written.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    demo_shop: bool = Field(
        True, description="Serve the demo shop page on a port of its own (next to the gateway's), only while listening on loopback."
    )
    demo_shop_port: int = Field(-1, ge=-1, le=65535, description="Port of the demo shop; -1: the gateway's plus one.")
    channels: dict[str, ChannelSettings] = Field({"webchat": ChannelSettings(kind="webchat", enabled=True)}, description="Channels by id.")
    sites: dict[str, Site] = Field(
        {
            "demo": Site(
                title="Kaarna",
                greeting="Hei! Ask us anything about our furniture.",
                suggestions=("Where is my order?", "Do you deliver to Sweden?"),
            )
        },
        description="Websites with the chat, by key.",
    )
    routing: Routing = Field(Routing(), description="How conversations find their agents.")
    rules: Rules = Field(Rules(), description="What happens to conversations.")
    limits: Limits = Field(Limits(), description="Bounds on what comes from outside.")

    @field_validator("database_url", "redis_url")
    @classmethod
    def _is_known_store(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        known = _STORES[info.field_name or ""]
        url = value.get_secret_value()
        if url and not url.startswith(known):
            raise ValueError(f"write it like {' or '.join(start + '…' for start in known[:2])}")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, os.environ.get(PREFIX + "CONFIG", FILE))

    @property
    def database(self) -> str:
        """The database's URL: the configured one, or SQLite in the data folder."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data.resolve() / 'throughline.db'}"

    @property
    def is_embedded(self) -> bool:
        return self.database.startswith("sqlite:")


def load(**overrides: Any) -> Settings:
    """From overrides (command line), environment and file, in that order. Raises ConfigError with one line per mistake."""
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{os.environ.get(PREFIX + 'CONFIG', FILE)} cannot be read: {error}.") from None
    except ValidationError as error:
        lines = [
            f"  {'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
            for item in error.errors(include_input=False, include_url=False)
        ]
        raise ConfigError("The configuration is not right:\n" + "\n".join(lines)) from None


def keys(settings: Settings) -> list[bytes]:
    """The keys that sign and verify, newest first. Made once in the data folder when none is configured.

    Raises ConfigError for a short key, and for none where several processes must agree on one.
    """
    configured = settings.secret_key.get_secret_value()
    old = [key.get_secret_value().encode() for key in settings.old_secret_keys]
    if configured:
        if len(configured) < 32:
            raise ConfigError("secret_key is too short: use at least 32 random characters.")
        return [configured.encode(), *old]
    if not settings.is_embedded:
        raise ConfigError("Set THROUGHLINE_SECRET_KEY (32 random characters or more): all processes must share it.")
    return [_kept_key(settings.data / "secret.key"), *old]


def _kept_key(path: Path) -> bytes:
    try:
        return _made_or_read(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read or made: {error.strerror}.") from error


def _made_or_read(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(SystemClock().token(48))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    key = path.read_bytes().strip()
    if len(key) < 32 or not key.isascii():
        raise ConfigError(
            f"{path} is damaged: it must hold at least 32 characters. Restore it from a backup; with a new key all widgets start afresh."
        )
    return key
