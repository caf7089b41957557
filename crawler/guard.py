"""Addresses on private networks are refused, except those that the deployment's own settings list.

A public page, a redirect or a name that suddenly resolves elsewhere (DNS rebinding) must never lead the
crawler into the office's own network. What is checked is therefore the address that is connected to.
"""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from crawler.reasons import told
from foundation.errors import RasoatError
from foundation.settings import Network

Address = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST, _DOCUMENTATION = IPv6Network("2000::/3"), IPv6Network("3fff::/20")
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")
REFUSED_HOSTS: set[str] = set()
"""Hosts whose every address a crawl of this process refused: the failed connection is told for what it is."""


class PrivateAddress(RasoatError):
    """The host lies on a private, local or reserved network."""

    key = "crawler.private_address"
    status = 422


class NoAddress(RasoatError):
    """The name does not lead to any address."""

    key = "crawler.no_address"
    status = 422


class AddressGuard:
    """Says which addresses may be connected to; the same guard for crawl, look and capture."""

    def __init__(self, allowed: Iterable[Network] = ()) -> None:
        self._allowed = tuple(allowed)

    def allows(self, address: str | Address) -> bool:
        """Whether this numeric address may be connected to. What is no address is refused."""
        try:
            whole = ip_address(str(address).partition("%")[0])
        except ValueError:
            return False
        forms = {whole, embedded(whole)}
        if any(self._listed(form) for form in forms):
            return True
        return all(_is_public(form) for form in forms)

    def resolve(self, host: str, port: int) -> list[tuple[int, str]]:
        """The (family, address) pairs of a host that may be connected to, in the system's order.

        Raises NoAddress, or PrivateAddress when there are addresses and none is allowed.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NoAddress(
                told("unresolved", host=host, error=error), about=host, host=host
            ) from error
        good = [
            (int(family), str(sockaddr[0]))
            for family, _, _, _, sockaddr in found
            if self.allows(str(sockaddr[0]))
        ]
        if not good:
            raise PrivateAddress(told("private", host=host), about=host, host=host)
        return good

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """A connection to an address of the host that was checked; OSError when none answers."""
        failure: OSError = OSError(f"no address of {host} answers")
        for family, address in self.resolve(host, port):
            connection = socket.socket(family, socket.SOCK_STREAM)
            connection.settimeout(timeout)
            try:
                connection.connect((address, port))
            except OSError as error:
                connection.close()
                failure = error
            else:
                return connection
        raise failure

    def _listed(self, address: Address) -> bool:
        return any(address.version == net.version and address in net for net in self._allowed)


def embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address only wraps (mapped, 6to4, NAT64, Teredo), or itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped or address in _NAT64:
            return True  # judged by the address it wraps
        if address in _LOCAL_NAT64 or address not in _GLOBAL_UNICAST or address in _DOCUMENTATION:
            return False  # also site-local and IPv4-compatible ones, which Python calls global
    return address.is_global and not address.is_multicast
