"""Keys and tokens of APIs: from the settings to the wire, and nowhere else.

A source's address, form, pages and errors never hold one. It is added to a request at the last moment, only
for the hosts of its platform (over TLS), or for a server of the office's own network that the source
names; and taken out of whatever the server sends back.
"""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

from foundation.settings import Network, Settings

HIDDEN = "***"
SETTINGS = {
    "youtube": "RASOAT_YOUTUBE_KEY",
    "facebook": "RASOAT_FACEBOOK_TOKEN",
    "mastodon": "RASOAT_MASTODON_TOKEN",
}
_HOSTS: Mapping[str, frozenset[str]] = {
    "youtube": frozenset({"www.googleapis.com", "youtube.googleapis.com"}),
    "facebook": frozenset({"graph.facebook.com"}),
}
_PARAMETERS = {"youtube": "key", "facebook": "access_token"}
SECRET_PARAMETERS = frozenset({"key", "access_token", "client_secret", "api_key"})


@dataclass(frozen=True, slots=True)
class Credential:
    """One key, the hosts it belongs to, and how it is sent: as a parameter, or as a bearer token."""

    platform: str
    secret: str = field(repr=False)
    hosts: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    """host:port of servers on the office's own networks, where TLS is not asked for."""
    parameter: str = ""

    def belongs_to(self, url: str) -> bool:
        """Whether a request to this address may carry the key."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        host = (parts.hostname or "").lower()
        if parts.scheme == "https" and host in self.hosts and port in (None, 443):
            return True
        return _server(parts.scheme, host, port) in self.own

    def on(self, url: str) -> str:
        """The address with the key, where it is sent as a parameter."""
        if not self.parameter:
            return url
        parts = urlsplit(url)
        pairs = [one for one in _pairs(parts.query) if one[0] != self.parameter]
        query = urlencode([*pairs, (self.parameter, self.secret)])
        return urlunsplit(parts._replace(query=query))

    def headers(self) -> dict[str, str]:
        """What is sent beside the address."""
        return {} if self.parameter else {"Authorization": f"Bearer {self.secret}"}

    def hide(self, text: str) -> str:
        """The text without the key, however it is written in it."""
        for spelling in self._spellings():
            text = text.replace(spelling, HIDDEN)
        return text

    def hide_in(self, body: bytes) -> bytes:
        """The same for an answer; its length may change."""
        for spelling in self._spellings():
            body = body.replace(spelling.encode(), HIDDEN.encode())
        return body

    def _spellings(self) -> tuple[str, ...]:
        quoted = (quote(self.secret, safe=""), quote_plus(self.secret), quote(self.secret))
        escaped = json.dumps(self.secret)[1:-1]
        every = {self.secret, escaped, escaped.replace("/", "\\/"), *quoted}
        return tuple(sorted(every, key=lambda one: (-len(one), one)))


def credential_of(
    platform: str, api: str, settings: Settings, *, address: str = ""
) -> Credential | None:
    """The key for a source whose API lies at `api`, or None where none is set (or none is meant for it)."""
    if not platform:
        return None
    parts = urlsplit(api or address)
    host = (parts.hostname or "").lower()
    secret = _secret(platform, host, settings)
    if not secret:
        return None
    hosts = _HOSTS.get(platform, frozenset({host}))
    own: frozenset[str] = frozenset()
    official = parts.scheme == "https" and host in hosts
    if not official and _is_own(host, settings.private_networks):
        own = frozenset({_server(parts.scheme, host, parts.port)})
    return Credential(platform, secret, hosts, own, _PARAMETERS.get(platform, ""))


def is_set(platform: str, settings: Settings) -> bool:
    """Whether the deployment has a key for the platform."""
    return bool(
        {
            "youtube": settings.youtube_key,
            "facebook": settings.facebook_token,
            "mastodon": settings.mastodon_token,
        }.get(platform, "")
    )


def holds_a_secret(address: str) -> bool:
    """Whether an address names a key or token as a parameter."""
    try:
        query = urlsplit(address).query
    except ValueError:
        return False
    return any(name.lower() in SECRET_PARAMETERS and value for name, value in _pairs(query))


def without_secrets(address: str) -> str:
    """An address without parameters that hold keys or tokens, as APIs put into links to their next page."""
    parts = urlsplit(address)
    pairs = [one for one in _pairs(parts.query) if one[0].lower() not in SECRET_PARAMETERS]
    return urlunsplit(parts._replace(query=urlencode(pairs)))


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _secret(platform: str, host: str, settings: Settings) -> str:
    if platform == "youtube":
        return settings.youtube_key
    if platform == "facebook":
        return settings.facebook_token
    if platform != "mastodon":
        return ""
    general = ""
    for part in settings.mastodon_token.split(","):
        name, sign, token = part.strip().partition("=")
        if sign and token and "." in name and name.lower() == host:
            return token
        if not sign:
            general = name
    return general


def _server(scheme: str, host: str, port: int | None) -> str:
    return f"{host}:{port or (443 if scheme == 'https' else 80)}"


def _is_own(host: str, networks: tuple[Network, ...]) -> bool:
    """Whether every address of the host lies in a network that the settings name as the office's own."""
    if not host or not networks:
        return False
    try:
        every = [ip_address(host.partition("%")[0])]
    except ValueError:
        try:
            found = {str(one[4][0]) for one in socket.getaddrinfo(host, None)}
        except (OSError, UnicodeError):
            return False
        every = [ip_address(one.partition("%")[0]) for one in found]
    return bool(every) and all(
        any(one.version == net.version and one in net for net in networks) for one in every
    )
