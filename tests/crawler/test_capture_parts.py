"""The parts of a capture that are pure: what is compared, banners, metadata; and TLS with a real server."""

import datetime as dt
import hashlib
import json
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.browser import REMEDY, find_browser
from crawler.capture import Camera, Known, camera, video
from crawler.capture.assembly import complete
from crawler.capture.banners import consent_banners
from crawler.capture.metadata import outgoing, page_metadata
from crawler.capture.model import Visit
from crawler.capture.sameness import compared, plain_address, quiet_text
from crawler.capture.words import with_words
from crawler.guard import AddressGuard
from crawler.guard_proxy import guard_proxy
from foundation.clock import SystemClock
from foundation.files import FolderStore
from search.pictures.reading import find_reader
from tests.crawler.child import settings_of
from tests.crawler.sites import Answer, Handler, page, serving
from tests.crawler.test_guard import LOOPBACK

SAID: dict[str, Any] = {
    "status": 200,
    "final_url": "https://mang.example/bai/1",
    "title": "Việc nhẹ",
    "text": "Tuyển người, gọi 0900 000 123",
    "pictures": ["a" * 64],
    "links": ["https://lienhe.example/nhom"],
}


@pytest.mark.parametrize(
    "noise",
    [
        {"text": SAID["text"] + " 5 phút trước"},
        {"text": SAID["text"] + "\n\n 1.234 lượt xem"},
        {"text": SAID["text"] + " 12:04:33"},
        {"text": SAID["text"] + " 3 hours ago"},
        {"text": SAID["text"] + " Đang online: 17 khách"},
        {"final_url": "https://mang.example/bai/1?utm_source=fb#binh-luan"},
        {"links": ["https://lienhe.example/nhom?fbclid=abc", "https://mang.example/bai/2?token=9"]},
        {"pictures": ["a" * 64, "a" * 64]},
    ],
)
def test_what_changes_at_every_visit_is_not_compared(noise: dict[str, Any]) -> None:
    base = SAID | {
        "text": SAID["text"] + (" Đang online: 3 khách" if "online" in str(noise) else "")
    }
    assert compared(**base) == compared(**(base | noise))


@pytest.mark.parametrize(
    "change",
    [
        {"text": SAID["text"].replace("123", "124")},
        {"text": SAID["text"] + " Lương 30 triệu"},
        {"status": 404},
        {"final_url": "https://mang.example/bai/2"},
        {"title": "Đã gỡ"},
        {"pictures": ["b" * 64]},
        {"links": ["https://lienhe.example/nhom-khac"]},
        {"wall": "login_wall"},
    ],
)
def test_what_says_something_of_the_post_is_compared(change: dict[str, Any]) -> None:
    assert compared(**SAID) != compared(**(SAID | change))


def test_a_wage_or_a_number_is_no_counter() -> None:
    text = "Lương 25 triệu, tuổi 18-35, gọi 0900.000.123, hạn 30/11/2026"
    assert quiet_text(text) == text


def test_an_address_keeps_what_names_the_page() -> None:
    plain = plain_address("https://Mang.Example/xem?id=7&utm_medium=x&sid=44#y")
    assert plain == "https://mang.example/xem?id=7"


def test_consent_banners_are_noted_with_their_words_once() -> None:
    banner = "Chúng tôi dùng cookie để cải thiện dịch vụ. Chấp nhận tất cả"
    found = consent_banners([banner, f"  {banner}\n", "Menu trang chủ", "cookie", f"x {banner}"])
    assert found == [f"x {banner}"]
    assert consent_banners(["Tuyển dụng", "Giỏ hàng"]) == []


def test_metadata_of_a_broken_page_is_what_can_be_read() -> None:
    html = """<html lang=vi><title>A
    b</title><meta property=og:title content="Ồ"><meta name=author content="Người Mẫu">
    <script type=application/ld+json>{"datePublished": "2026-11-01"}</script>
    <script type=application/ld+json>{broken</script><time datetime=2026-11-02>hôm kia</time>
    <link rel=canonical href="javascript:alert(1)"><p><div></span>"""
    told = page_metadata(html, "https://a.example/")
    assert told["title"] == "A b"
    assert told["og"] == {"title": "Ồ"}
    assert told["author"] == "Người Mẫu"
    assert told["published"] == "2026-11-01"
    assert told["times"] == {"time": ["2026-11-02"]}
    assert "canonical" not in told
    assert page_metadata("", "https://a.example/") == {}


def test_links_lead_where_a_reader_could_go() -> None:
    html = "<a href='/x'>1</a><a href='https://zalo.example/g'>2</a><a href='javascript:1'>3</a>"
    assert outgoing(html, "https://a.example/b") == [
        "https://a.example/x",
        "https://zalo.example/g",
    ]


def certificate(folder: Path) -> tuple[Path, bytes]:
    """A certificate of our own making for localhost; its file and its DER."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Máy thử")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "may-thu.pem"
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file, made.public_bytes(serialization.Encoding.DER)


class _Secure(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = "<title>Kín</title><p>Trang có TLS</p>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Silent."""


class _Server(HTTPServer):
    def handle_error(self, *_args: object) -> None:
        """A handshake that is broken off is what some do first."""


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[str, bytes]]:
    file, der = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = _Server(("127.0.0.1", 0), _Secure)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_address[1]}/", der
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> FolderStore:
    return FolderStore(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory, store: FolderStore) -> Iterator[Camera]:
    settings = settings_of(tmp_path_factory.mktemp("parts"))
    if find_browser(settings) is None:
        pytest.skip(REMEDY)
    with camera(settings, AddressGuard([LOOPBACK]), store, SystemClock()) as opened:
        yield opened


@pytest.mark.browser
def test_the_certificate_is_kept_and_that_nobody_vouches_for_it(
    shots: Camera, store: FolderStore, secure: tuple[str, bytes]
) -> None:
    address, der = secure
    taken = shots.capture(address)
    assert "Trang có TLS" in taken.text
    told = json.loads(store.get(taken.files.digest_of("tls")))
    first = told["certificates"][0]
    assert first["sha256"] == hashlib.sha256(der).hexdigest()
    assert ssl.PEM_cert_to_DER_cert(first["pem"]) == der
    assert (first["subject"], first["issuer"], first["serial"]) == ("CN=Máy thử",) * 2 + ("7",)
    assert first["names"] == ["localhost"]
    assert told["protocol"] in {"TLS 1.3", "TLSv1.3"}
    assert told["trusted"] is False
    assert "self-signed" in told["distrust"].replace(" ", "-")
    shown = taken.files.detail["tls"]
    assert (shown["sha256"], shown["trusted"]) == (first["sha256"], False)


@pytest.mark.browser
def test_a_page_that_shows_the_same_is_not_stored_again(shots: Camera, store: FolderStore) -> None:
    count = iter(range(100))

    def changing(_: object) -> Any:
        from tests.crawler.sites import Answer

        number = next(count)
        token = f"<meta name=csrf content={number * 7919}><script nonce=n{number}></script>"
        return Answer(f"{token}<h1>Tuyển người</h1><p>{number + 3} phút trước</p>")

    pages = {"/": changing, "/sua": page("<h1>Đã sửa</h1>")}
    with serving(pages) as site:
        first = shots.capture(f"{site.address}/")
        known = Known(17, first.files.detail["compared"], first.files)
        before = set(store.digests())
        second = shots.capture(f"{site.address}/", known)
        assert second.unchanged
        assert set(store.digests()) == before
        assert second.files.files == first.files.files
        since = {"observation": 17, "at": first.files.started_at}
        assert second.files.detail["unchanged_since"] == since
        assert second.files.started_at > first.files.started_at
        site.pages["/"] = site.pages["/sua"]
        third = shots.capture(f"{site.address}/", known)
        assert not third.unchanged
        store.delete(first.files.digest_of("screenshot"))
        site.pages["/"] = changing
        again = shots.capture(f"{site.address}/", known)
        assert not again.unchanged, "what is gone from the store is captured anew"


@pytest.mark.browser
def test_walls_and_banners_stand_in_the_capture(shots: Camera) -> None:
    banner = (
        "<div style='position:fixed;bottom:0'>Chúng tôi dùng cookie. <button>Chấp nhận tất cả"
        "</button></div>"
    )
    login = "<p>Vui lòng đăng nhập để tiếp tục</p><form><input type=password></form>"
    pages = {"/bai": page("<h1>Bài</h1>" + "<p>chữ</p>" * 300 + banner), "/kin": page(login)}
    with serving(pages) as site:
        open_page = shots.capture(f"{site.address}/bai", asked_by="Nguyễn Thử").files.detail
        walled = shots.capture(f"{site.address}/kin").files.detail
    assert "Chấp nhận tất cả" in open_page["banners"][0]
    assert "wall" not in open_page
    assert open_page["asked_by"] == "Nguyễn Thử"
    assert walled["wall"]["kind"] == "login_wall"


@pytest.mark.browser
def test_words_that_stand_only_in_a_picture_are_read(shots: Camera, store: FolderStore) -> None:
    if find_reader() is None:
        pytest.skip("no Tesseract with Vietnamese")
    drawn = (
        "<canvas id=c width=900 height=200></canvas><script>const x = c.getContext('2d');"
        "x.fillStyle = 'white'; x.fillRect(0, 0, 900, 200); x.fillStyle = 'black';"
        "x.font = '44px sans-serif'; x.fillText('Tuyển gấp, gọi 0900 000 123', 20, 90)</script>"
    )
    with serving({"/": page(drawn)}) as site:
        taken = shots.capture(f"{site.address}/")
    assert "0900" not in taken.text
    read = with_words(taken, store)
    assert "0900 000 123" in read.picture_text
    assert store.get(read.files.digest_of("ocr")).decode() == read.picture_text
    assert [file.role for file in read.files.files][-1] == "ocr"


FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(5_000)
PIECES = [bytes([0x47, number, 0, 0x10]) + bytes(184) * 5 for number in range(3)]
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n{}#EXT-X-ENDLIST\n"


def playlist(*addresses: str) -> Handler:
    """What a player of HLS is given: the addresses of the pieces of a film."""
    lines = "".join(f"#EXTINF:2,\n{address}\n" for address in addresses)
    return page(PLAYLIST.format(lines), content_type="application/vnd.apple.mpegurl")


@pytest.mark.browser
def test_public_videos_are_kept_whole_or_in_the_pieces_that_players_get(
    tmp_path: Path, store: FolderStore
) -> None:
    settings = settings_of(tmp_path)
    if find_browser(settings) is None:
        pytest.skip(REMEDY)
    pages = {
        "/": page(
            "<video src=/phim.mp4 preload=none></video><video src=/phim.m3u8 preload=none></video>"
        ),
        "/phim.mp4": page(FILM, content_type="video/mp4"),
        "/phim.m3u8": playlist("/0.ts", "/1.ts", "2.ts"),
        **{
            f"/{number}.ts": page(piece, content_type="video/mp2t")
            for number, piece in enumerate(PIECES)
        },
    }
    with (
        serving(pages) as site,
        camera(settings, AddressGuard([LOOPBACK]), store, SystemClock()) as on,
    ):
        files = on.capture(f"{site.address}/").files
    whole, pieces = [file for file in files.files if file.role == "video"]
    assert store.get(whole.digest) == FILM
    assert (whole.media_type, whole.source) == ("video/mp4", f"{site.address}/phim.mp4")
    assert store.get(pieces.digest) == b"".join(PIECES)
    assert pieces.source == f"{site.address}/phim.m3u8"


@pytest.mark.net
def test_a_video_that_leads_inside_or_lacks_a_piece_is_noted_and_nothing_of_it_kept(
    tmp_path: Path,
) -> None:
    settings = settings_of(tmp_path)
    pages: dict[str, Handler] = {
        "/phim.m3u8": playlist("http://169.254.169.254/latest/meta-data"),
        "/thieu.m3u8": playlist("/0.ts", "/khong-co.ts"),
        "/0.ts": page(PIECES[0], content_type="video/mp2t"),
    }
    with serving(pages) as site, guard_proxy(AddressGuard([LOOPBACK])) as proxy:
        visit = Visit(site.address, videos=[f"{site.address}{path}" for path in pages])
        assert video.fetch(visit, settings, proxy.address) == []
        assert proxy.take_refused() == ["169.254.169.254"]
    inside, lacking = visit.notes
    assert (inside["what"], inside["url"]) == ("video", f"{site.address}/phim.m3u8")
    assert (lacking["what"], lacking["url"]) == ("video", f"{site.address}/thieu.m3u8")
    assert "fragment 2 not found" in lacking["why"]


@pytest.mark.net
def test_a_video_that_does_not_end_in_time_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video, "SECONDS", 2)
    pages: dict[str, Handler] = {
        "/phim.mp4": lambda _: Answer(stream=dripping(), content_type="video/mp4")
    }
    with serving(pages) as site, guard_proxy(AddressGuard([LOOPBACK])) as proxy:
        visit = Visit(site.address, videos=[f"{site.address}/phim.mp4"])
        assert video.fetch(visit, settings_of(tmp_path), proxy.address) == []
    assert [note["why"] for note in visit.notes] == ["not there after 2 s"]


def dripping() -> Iterator[bytes]:
    """A film that comes as slowly as it can, without an end."""
    while True:
        yield bytes(100)
        time.sleep(0.1)


def test_videos_are_left_alone_where_the_settings_say_so(tmp_path: Path) -> None:
    visit = Visit("https://mang.example/", videos=["https://mang.example/phim.mp4"])
    without = replace(settings_of(tmp_path), capture_video=False)
    assert video.fetch(visit, without, "http://127.0.0.1:9") == []
    assert visit.notes == [{"what": "video_off"}]


def test_a_page_that_does_not_say_its_text_has_that_of_its_html() -> None:
    visit = Visit(url="https://mang.example/", html="<p>Báo</p><script>x()</script>")
    visit.note("no_text")
    complete(visit)
    assert visit.text == "Báo"
    silent = Visit(url="https://mang.example/", html="<p hidden>Báo</p>")
    complete(silent)
    assert silent.text == ""  # it said that it shows nothing
