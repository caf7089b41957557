"""Places without an end: calendars, drips, entities, hosts written in odd ways; each ends, and is said."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_network

import pytest

from crawler import plain_http
from crawler.guard import AddressGuard, PrivateAddress
from crawler.page import Fetch, Parsed
from crawler.plain_http import NoAnswer, fetch
from crawler.robots import MAX_ROBOTS_BYTES, whole_lines
from crawler.sources import KINDS
from crawler.traps import TRAP_PAGES, Traps, pattern
from tests.crawler.pages import answer, plan
from tests.crawler.sites import Answer, serving

LOOPBACK = AddressGuard([ip_network("127.0.0.0/8")])


def month(number: int) -> str:
    return f"https://lich.example/{2026 + number // 12}/{number % 12 + 1}?ngay={number}"


def test_numbers_and_values_do_not_make_another_pattern() -> None:
    assert pattern(month(1)) == pattern(month(30)) == "lich.example/#/#?ngay"
    assert pattern("https://lich.example/1") != pattern("https://lich.example/1/2")


def test_a_calendar_without_posts_is_left_after_a_while() -> None:
    traps = Traps()
    told = [
        traps.saw(month(n), fresh=False, follow=[Fetch(month(n + 1))])
        for n in range(TRAP_PAGES + 5)
    ]
    assert [index for index, found in enumerate(told) if found] == [TRAP_PAGES - 1]
    assert traps.holds(month(999))
    assert not traps.holds("https://lich.example/bai/1/2")


def test_lists_that_lead_to_posts_and_pages_with_posts_are_no_traps() -> None:
    traps = Traps()
    for n in range(3 * TRAP_PAGES):
        post = f"https://lich.example/bai/{n}"
        assert traps.saw(month(n), fresh=False, follow=[Fetch(post), Fetch(month(n + 1))]) == ""
        assert traps.saw(post, fresh=True, follow=[]) == ""


@contextmanager
def dripping(head: bytes) -> Iterator[str]:
    """A server that sends one byte at a time and never ends."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.recv(4096)
            connection.sendall(head)
            while not over.wait(0.05):
                connection.sendall(b"x")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    finally:
        over.set()
        server.close()
        thread.join(5)


@pytest.mark.net
@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_drips_is_left_when_the_time_is_over(
    monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    monkeypatch.setattr(plain_http, "WHOLE_SECONDS", 0.6)
    began = time.monotonic()
    with dripping(head) as address, suppress(NoAnswer):
        fetch(address, LOOPBACK, "test")
    assert time.monotonic() - began < 3


@pytest.mark.net
@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "localhost"]
)
def test_this_machine_is_refused_however_it_is_written(host: str) -> None:
    with serving({"/": lambda _: Answer("bí mật")}) as site:
        address = site.address.replace("127.0.0.1", host)
        with pytest.raises(PrivateAddress):
            fetch(f"{address}/", AddressGuard(), "test")
        assert site.visits == []


def test_entities_of_xml_are_not_unfolded() -> None:
    names = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">{names}'
        '<!ENTITY file SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item>'
        "<title>&a9;&file;</title><link>https://tin.example/1</link></item></channel></rss>"
    )
    for kind in ("rss", "sitemap"):
        began = time.process_time()
        read: Parsed = KINDS[kind].read(plan(kind), answer(bomb, step="feed"))
        assert time.process_time() - began < 2
        assert all(len(post.body) < 10_000 and "root:" not in post.body for post in read.posts)


def test_a_long_robots_txt_is_read_to_its_last_whole_line() -> None:
    head = b"User-agent: *\n" + b"Disallow: /rieng/muc\n" * 40_000
    assert whole_lines(head[:1000]) == head[:1000]
    for cut in range(MAX_ROBOTS_BYTES, MAX_ROBOTS_BYTES + 25):
        read = whole_lines(head[cut - MAX_ROBOTS_BYTES :])
        assert read.endswith(b"\nDisallow: /rieng/muc\n")
        assert MAX_ROBOTS_BYTES - 25 < len(read) <= MAX_ROBOTS_BYTES
    assert whole_lines(b"x" * (MAX_ROBOTS_BYTES + 1)) == b""
