"""Settings: read once from the environment, frozen; a wrong value stops the start and says which.

Every variable is RASOAT_<NAME>; RASOAT_<NAME>_FILE names a file that holds the value (for secrets).
DATABASE_URL, REDIS_URL and ELASTICSEARCH_URL are also read under their common names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from foundation.errors import SettingsError

Network = IPv4Network | IPv6Network
COMMON_NAMES = {"database_url", "redis_url", "elasticsearch_url"}


@dataclass(frozen=True, slots=True)
class Settings:
    """One deployment's settings; docs/operations/settings.md explains each."""

    data_dir: Path = Path("var")
    """Folder of the embedded stack: database, index, files, queue."""
    database_url: str = field(default="", repr=False)
    """Empty: SQLite in data_dir. Else a PostgreSQL address."""
    redis_url: str = field(default="", repr=False)
    """Empty: the embedded Valkey. Else any Redis-compatible server."""
    elasticsearch_url: str = field(default="", repr=False)
    """Empty: the embedded index (tantivy). Else Elasticsearch 9."""
    index_prefix: str = "rasoat"
    secret_key: str = field(default="", repr=False)
    """Signs sessions and keys digests; at least 32 characters. Empty: made and kept in data_dir."""
    host: str = "127.0.0.1"
    port: int = 8000
    web_threads: int = 8
    public_url: str = ""
    """Address people reach the office by, for links in invitations; empty: http://host:port."""
    behind_proxy: bool = False
    secure_cookies: bool = False
    agency_name: str = "Sở Văn hóa, Thể thao và Du lịch"
    agency_parent: str = "Ủy ban nhân dân tỉnh"
    agency_place: str = ""
    contact: str = ""
    """Mail address or web page of the office, told to every site that is crawled."""
    private_networks: tuple[Network, ...] = ()
    """Private networks whose addresses may be crawled; none unless listed here."""
    default_language: str = "vi"
    browser_path: str = ""
    capture_video: bool = True
    """Whether a capture also keeps a public video of the page."""
    capture_on_keep: bool = True
    """Whether a post's page is captured at once when an officer keeps the post."""
    removal_distance_seconds: int = 3600
    """How far two sightings of a removal must lie apart to prove it."""
    retention_days: int = 90
    """Days that a post is kept that was dismissed, or that nobody decided on (thời hạn lưu giữ).

    Undecided cries for help, and what people sent, entered or imported, stay until somebody decides.
    """
    judges: int = 0
    """Processes that judge beside the one that imports thousands of posts; 0: one for each core, at most 4."""
    session_hours: int = 10
    demo: bool = False
    log_level: str = "INFO"
    intake: bool = False
    """Whether citizens may send tips by the public form /bao-tin (báo tin)."""
    smtp_url: str = field(default="", repr=False)
    metrics_token: str = field(default="", repr=False)
    """What a monitoring server sends as its bearer token to /metrics; without it only this machine may ask."""
    tsa_url: str = ""
    """Time stamp authority (RFC 3161) that stamps every item of evidence; empty: none."""
    tsa_certificates: Path | None = None
    """PEM file with the authority's root certificates, by which its answers are checked."""
    s3_url: str = ""
    """Bucket of an S3-compatible store for files (https://host/bucket); empty: a folder in data_dir."""
    s3_region: str = "us-east-1"
    s3_access_key: str = field(default="", repr=False)
    s3_secret_key: str = field(default="", repr=False)
    files_quota_gb: int = 0
    """Where the store of files counts as full and warns (hạn mức lưu trữ); 0: the disk itself."""
    youtube_key: str = field(default="", repr=False)
    """Key of the YouTube Data API; without it no YouTube source can be read."""
    youtube_quota: int = 10_000
    """Units of the YouTube Data API that may be spent in a day of its own (Pacific time)."""
    facebook_token: str = field(default="", repr=False)
    """Access token of the Graph API for pages that granted access; without it no page can be read."""
    mastodon_token: str = field(default="", repr=False)
    """Token for Mastodon, `host=token` for one or several servers, or one token for all."""
    law_dir: Path | None = None
    """Folder with the administrator's own law data; overrides the shipped catalogue by id."""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read every setting; SettingsError names the variable and what it wants."""
        values: dict[str, Any] = {}
        known = {f"RASOAT_{name.upper()}" for name in _READERS}
        for name in env:
            if (
                name.startswith("RASOAT_")
                and name.removesuffix("_FILE") not in known | _NOT_SETTINGS
            ):
                raise SettingsError(f"{name}: no such setting", about=name)
        for name, read in _READERS.items():
            raw = _raw(name, env)
            if raw is None:
                continue
            try:
                values[name] = read(raw)
            except ValueError as error:
                raise SettingsError(f"RASOAT_{name.upper()}: {error}", about=name) from error
        return cls(**values)

    @property
    def embedded_database(self) -> bool:
        return not self.database_url or self.database_url.startswith("sqlite")

    @property
    def sqlalchemy_url(self) -> str:
        """The address SQLAlchemy connects to."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir.absolute() / 'rasoat.db'}"
        for scheme in ("postgresql://", "postgres://"):
            if self.database_url.startswith(scheme):
                return "postgresql+psycopg://" + self.database_url.removeprefix(scheme)
        return self.database_url

    @property
    def base_url(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


# Variables with our prefix that tests and scripts read, and that are no settings of a deployment.
_NOT_SETTINGS = {
    "RASOAT_SHARED",
    "RASOAT_CHROMIUM",
    "RASOAT_ADMIN_EMAIL",
    "RASOAT_ADMIN_PASSWORD",
    "RASOAT_SCREENSHOTS",
    "RASOAT_NO_SKIP",
    "RASOAT_TEST_S3",
    "RASOAT_SUPERVISOR_PID",
    "RASOAT_LISTEN_FD",
}


def _raw(name: str, env: Mapping[str, str]) -> str | None:
    names = [f"RASOAT_{name.upper()}"] + ([name.upper()] if name in COMMON_NAMES else [])
    for variable in names:
        if env.get(variable, "").strip():
            return env[variable].strip()
        if path := env.get(f"{variable}_FILE"):
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                why = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
                raise SettingsError(
                    f"{variable}_FILE: cannot read {path}: {why}", about=name
                ) from error
    return None


def _text(raw: str) -> str:
    return raw


def _flag(raw: str) -> bool:
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError(f"wants yes or no, not {raw!r}")


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(raw: str) -> int:
        if not raw.lstrip("-").isdigit() or not low <= int(raw) <= high:
            raise ValueError(f"wants a whole number from {low} to {high}, not {raw!r}")
        return int(raw)

    return read


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if raw not in allowed:
            raise ValueError(f"wants one of {', '.join(allowed)}, not {raw!r}")
        return raw

    return read


def _address(*schemes: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if not raw.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ValueError(f"wants an address that begins with {' or '.join(schemes)}://")
        return raw

    return read


def _secret(raw: str) -> str:
    if len(raw) < 32:
        raise ValueError("wants at least 32 characters; make one with: openssl rand -hex 32")
    return raw


def _token(raw: str) -> str:
    if not raw.isascii() or not raw.isprintable() or " " in raw:
        raise ValueError("wants a key or token: letters, digits and signs without blanks")
    return raw


def _networks(raw: str) -> tuple[Network, ...]:
    return tuple(ip_network(part.strip()) for part in raw.split(",") if part.strip())


_READERS: dict[str, Callable[[str], Any]] = {
    "data_dir": Path,
    "database_url": _address("postgresql", "postgres", "postgresql+psycopg", "sqlite"),
    "redis_url": _address("redis", "rediss", "unix"),
    "elasticsearch_url": _address("http", "https"),
    "index_prefix": _text,
    "secret_key": _secret,
    "host": _text,
    "port": _number(1, 65535),
    "web_threads": _number(1, 128),
    "public_url": _address("http", "https"),
    "behind_proxy": _flag,
    "secure_cookies": _flag,
    "agency_name": _text,
    "agency_parent": _text,
    "agency_place": _text,
    "contact": _text,
    "private_networks": _networks,
    "default_language": _one_of("vi", "en"),
    "browser_path": _text,
    "capture_video": _flag,
    "capture_on_keep": _flag,
    "removal_distance_seconds": _number(0, 30 * 86400),
    "retention_days": _number(1, 3650),
    "session_hours": _number(1, 168),
    "judges": _number(0, 64),
    "demo": _flag,
    "log_level": _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
    "intake": _flag,
    "smtp_url": _address("smtp", "smtps"),
    "metrics_token": _secret,
    "tsa_url": _address("http", "https"),
    "tsa_certificates": Path,
    "s3_url": _address("http", "https"),
    "s3_region": _text,
    "s3_access_key": _text,
    "s3_secret_key": _text,
    "files_quota_gb": _number(0, 1_000_000),
    "youtube_key": _token,
    "youtube_quota": _number(0, 100_000_000),
    "facebook_token": _token,
    "mastodon_token": _text,
    "law_dir": Path,
}
if set(_READERS) != {
    field.name for field in fields(Settings)
}:  # a setting without a reader would be ignored in silence
    raise AssertionError("every setting needs a reader")
