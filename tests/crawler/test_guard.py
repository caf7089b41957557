"""Private addresses are refused however they are written, redirected to or resolved."""

import socket
from ipaddress import ip_network
from typing import Any

import pytest

from crawler.guard import REFUSED_HOSTS, AddressGuard, NoAddress, PrivateAddress
from crawler.middlewares import _CheckedReceiver
from crawler.plain_http import NoAnswer, fetch
from tests.crawler.sites import Answer, page, serving

LOOPBACK = ip_network("127.0.0.0/8")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "192.0.2.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "fec0::1",
        "3fff::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "not an address",
        "",
    ],
)
def test_it_refuses_addresses_that_are_not_public(address: str) -> None:
    assert not AddressGuard().allows(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "203.162.4.191", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_it_lets_public_addresses_through(address: str) -> None:
    assert AddressGuard().allows(address)


def test_only_the_networks_of_the_settings_are_excepted() -> None:
    guard = AddressGuard([LOOPBACK])
    assert guard.allows("127.0.0.1")
    assert guard.allows("::ffff:127.0.0.1")
    assert not guard.allows("::1")
    assert not guard.allows("10.0.0.1")


def _resolving_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names resolve to the next of these answers with each question; returns what was asked."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        answer = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in answer]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolving_to(monkeypatch, ["10.0.0.5", "127.0.0.1"])
    with pytest.raises(PrivateAddress, match=r"intranet\.example"):
        AddressGuard().resolve("intranet.example", 80)


def test_of_a_name_with_both_only_public_addresses_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolving_to(monkeypatch, ["10.0.0.5", "8.8.8.8"])
    assert AddressGuard().resolve("both.example", 80) == [(socket.AF_INET, "8.8.8.8")]


def test_a_name_without_an_address_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    with pytest.raises(NoAddress):
        AddressGuard().resolve("nowhere.example", 80)


@pytest.mark.net
def test_it_connects_to_the_address_that_was_checked_and_asks_only_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving({"/": page("chào")}) as site:
        port = int(site.address.rpartition(":")[2])
        asked = _resolving_to(monkeypatch, ["127.0.0.1"], ["10.0.0.5"])
        with AddressGuard([LOOPBACK]).connect("rebinding.example", port, 5) as connection:
            assert connection.getpeername()[0] == "127.0.0.1"
    assert asked == ["rebinding.example"]


@pytest.mark.net
def test_a_page_may_not_redirect_into_the_private_network() -> None:
    away = Answer(status=302, headers={"Location": "http://10.0.0.1/secret"})
    with serving({"/": lambda _: away}) as site, pytest.raises(PrivateAddress):
        fetch(site.address + "/", AddressGuard([LOOPBACK]), "test")


@pytest.mark.net
def test_a_circle_of_redirects_ends() -> None:
    again = Answer(status=302, headers={"Location": "/"})
    with serving({"/": lambda _: again}) as site:
        with pytest.raises(NoAnswer, match="redirects more than"):
            fetch(site.address + "/", AddressGuard([LOOPBACK]), "test")
        assert len(site.visits) == 6


class _Address:
    def __init__(self, host: str) -> None:
        self.host = host


class _Receiver:
    def __init__(self) -> None:
        self.got: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: _Address) -> None:  # noqa: N802
        self.got.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


def test_scrapys_resolver_hands_on_only_checked_addresses() -> None:
    receiver = _Receiver()
    checked = _CheckedReceiver(receiver, "Bad.example", AddressGuard())
    for host in ("192.168.0.1", "::1"):
        checked.addressResolved(_Address(host))
    checked.resolutionComplete()
    assert (receiver.got, receiver.complete) == ([], True)
    assert "bad.example" in REFUSED_HOSTS
    mixed = _CheckedReceiver(receiver, "mixed.example", AddressGuard())
    for host in ("192.168.0.1", "8.8.4.4"):
        mixed.addressResolved(_Address(host))
    mixed.resolutionComplete()
    assert receiver.got == ["8.8.4.4"]
    assert "mixed.example" not in REFUSED_HOSTS
