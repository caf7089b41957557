"""The web archive of a capture: records, index and digests as the standards say, and a real player opens it."""

import asyncio
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from warcio.archiveiterator import ArchiveIterator

from crawler.browser import REMEDY, find_browser
from crawler.capture import Capture, camera, limits
from crawler.capture.archive import PageRecord, make_wacz, surt
from crawler.capture.loop import Loop
from crawler.capture.model import Exchange
from crawler.guard import AddressGuard
from foundation.clock import SystemClock
from foundation.files import FolderStore
from foundation.settings import Settings
from tests.browser.running import launch_args
from tests.crawler.child import settings_of
from tests.crawler.player import player
from tests.crawler.sites import Answer, Asked, Handler, Site, page, serving
from tests.crawler.test_guard import LOOPBACK

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ABOUT = {"software": "rasoat 1, Chromium 1", "robots": "allowed"}
WORDS = "Tuyển người đi làm xa, lương cao, gọi 0900 000 123"


def picture(red: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").point(lambda value: (value + red) % 256).save(
        out, kind
    )
    return out.getvalue()


PNG, JPEG = picture(0), picture(90, "JPEG")
STYLE = "h1{color:rgb(200,0,0)}"


def legacy(_: Asked) -> Answer:
    """A frame whose text is no UTF-8, packed."""
    body = gzip.compress("<meta charset=windows-1258><p>Đăng ký</p>".encode("cp1258", "replace"))
    packed = {"Content-Encoding": "gzip"}
    return Answer(body, headers=packed, content_type="text/html; charset=windows-1258")


POST = f"""<!doctype html><html lang=vi><head><meta charset=utf-8><title>Việc nhẹ</title>
<link rel=canonical href="/bai/1"><meta property="og:title" content="Việc nhẹ lương cao">
<meta property="article:published_time" content="2026-11-20T08:00:00+07:00">
<link rel=stylesheet href="/kieu.css"></head><body><h1>{WORDS}</h1>
<img src="/anh.png" alt="Tờ rơi" width=256 height=256>
<div style="height:3000px"></div><img loading=lazy src="/xa.jpg" width=256 height=256>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><img src="/mat.png">
<a href="https://lienhe.example/nhom?utm_source=x">Nhóm</a><iframe src="/khung"></iframe>
<script src="/ma.js"></script></body></html>"""
PAGES: dict[str, Handler] = {
    "/cu": lambda _: Answer(status=301, headers={"Location": "/bai/1"}),
    "/bai/1": page(POST),
    "/kieu.css": page(STYLE, content_type="text/css"),
    "/anh.png": page(PNG, content_type="image/png"),
    "/xa.jpg": page(JPEG, content_type="image/jpeg"),
    "/khung": legacy,
    "/ma.js": page(
        "fetch('/so.json').then(a => a.json()).then(a => { const p = document.createElement('p');"
        "p.id = 'viet'; p.textContent = a.chu; document.body.append(p) });"
        "new Worker('/tho.js')",
        content_type="text/javascript",
    ),
    "/tho.js": page(
        "importScripts('/cong-cu.js'); fetch('/tho.json').then(a => a.text()).then(() => "
        "fetch('/tho-chuyen')).then(a => a.text()).then(postMessage)",
        content_type="text/javascript",
    ),
    "/cong-cu.js": page("const congCu = 1", content_type="text/javascript"),
    "/tho.json": page('{"tho": "việc của thợ"}', content_type="application/json"),
    "/tho-chuyen": lambda _: Answer(status=302, headers={"Location": "/tho-den"}),
    "/tho-den": page("đã đến", content_type="text/plain; charset=utf-8"),
    "/so.json": page('{"chu": "Chữ do mã viết ra"}', content_type="application/json"),
}


@dataclass
class Shot:
    """One capture of the page above, with the site as it was."""

    site: Site
    capture: Capture
    store: FolderStore
    settings: Settings

    def data(self, role: str) -> bytes:
        return self.store.get(self.capture.files.digest_of(role))

    def json(self, role: str) -> Any:
        return json.loads(self.data(role))

    @property
    def wacz(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self.data("wacz")))


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shot]:
    settings = settings_of(tmp_path_factory.mktemp("archive"))
    if find_browser(settings) is None:
        pytest.skip(REMEDY)
    store = FolderStore(settings.data_dir / "files")
    with serving(PAGES) as site:
        with camera(settings, AddressGuard([LOOPBACK]), store, SystemClock()) as shots:
            taken = shots.capture(f"{site.address}/cu")
        yield Shot(site, taken, store, settings)


def records(data: bytes) -> list[tuple[str, str, Any, bytes]]:
    found = []
    for record in ArchiveIterator(io.BytesIO(data), check_digests=True):
        headers = record.rec_headers
        content = record.content_stream().read()
        found.append(
            (record.rec_type, headers.get_header("WARC-Target-URI") or "", record, content)
        )
        assert record.digest_checker is None or record.digest_checker.passed is not False
    return found


@pytest.mark.browser
class TestOfARealPage:
    def test_every_resource_is_in_the_archive_as_it_was_received(self, shot: Shot) -> None:
        warc = shot.wacz.read("archive/data.warc.gz")
        answers = {url: content for kind, url, _, content in records(warc) if kind == "response"}
        site = shot.site.address
        assert answers[f"{site}/bai/1"] == POST.encode()
        assert answers[f"{site}/anh.png"] == PNG
        assert answers[f"{site}/xa.jpg"] == JPEG, "below the fold, loaded by scrolling"
        assert answers[f"{site}/kieu.css"] == STYLE.encode()
        assert answers[f"{site}/so.json"] == PAGES["/so.json"](Asked("/", {}, {})).body.encode()  # type: ignore[union-attr]
        assert answers[f"{site}/khung"] == gzip.decompress(legacy(Asked("/", {}, {})).body)  # type: ignore[arg-type]
        assert answers[f"{site}/cu"] == b""

    def test_what_a_worker_loads_is_in_the_archive_once(self, shot: Shot) -> None:
        """It speaks to the network in a session of its own."""
        warc = shot.wacz.read("archive/data.warc.gz")
        site = shot.site.address
        answers = [
            (url.removeprefix(site), content)
            for kind, url, _, content in records(warc)
            if kind == "response"
        ]
        for path in ("/tho.js", "/cong-cu.js", "/tho.json", "/tho-den"):
            body = PAGES[path](Asked("/", {}, {})).body
            assert isinstance(body, str)
            assert [content for at, content in answers if at == path] == [body.encode()]
        assert [content for at, content in answers if at == "/tho-chuyen"] == [b""]
        assert len(answers) == len({path for path, _ in answers}), "nothing is in it twice"

    def test_records_are_those_of_warc_1_1(self, shot: Shot) -> None:
        warc = shot.wacz.read("archive/data.warc.gz")
        assert gzip.decompress(warc).startswith(b"WARC/1.1\r\n")
        found = records(warc)
        kinds = [kind for kind, _, _, _ in found]
        assert kinds[0] == "warcinfo"
        assert kinds.count("request") == kinds.count("response") >= 8
        ids = [record.rec_headers.get_header("WARC-Record-ID") for _, _, record, _ in found]
        assert len(set(ids)) == len(ids)
        statuses = {
            url: record.http_headers.get_statuscode()
            for kind, url, record, _ in found
            if kind == "response"
        }
        assert statuses[f"{shot.site.address}/cu"] == "301"
        assert statuses[f"{shot.site.address}/mat.png"] == "404"
        frame = next(r for k, u, r, _ in found if k == "response" and u.endswith("/khung"))
        assert frame.http_headers.get_header("x-orig-content-encoding") == "gzip"
        assert frame.http_headers.get_header("content-encoding") is None
        assert frame.rec_headers.get_header("WARC-IP-Address") == "127.0.0.1"
        asked = next(r for k, u, r, _ in found if k == "request" and u.endswith("/bai/1"))
        assert asked.http_headers.get_header("user-agent").startswith("RaSoat/")
        assert asked.http_headers.get_header("cookie") is None

    def test_the_index_points_at_each_record(self, shot: Shot) -> None:
        warc = shot.wacz.read("archive/data.warc.gz")
        lines = shot.wacz.read("indexes/index.cdxj").decode().splitlines()
        assert lines == sorted(lines)
        for line in lines:
            told = json.loads(line.split(" ", 2)[2])
            piece = warc[told["offset"] : told["offset"] + told["length"]]
            ((_, url, _, content),) = records(piece)
            assert url == told["url"]
            assert told["digest"] == "sha256:" + hashlib.sha256(content).hexdigest()

    def test_the_package_names_its_parts_with_their_digests(self, shot: Shot) -> None:
        archive = shot.wacz
        assert archive.testzip() is None
        assert all(one.compress_type == zipfile.ZIP_STORED for one in archive.infolist())
        package = archive.read("datapackage.json")
        described = json.loads(package)
        assert (described["profile"], described["wacz_version"]) == ("data-package", "1.1.1")
        for part in described["resources"]:
            data = archive.read(part["path"])
            assert part["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
            assert part["bytes"] == len(data)
        digest = json.loads(archive.read("datapackage-digest.json"))
        assert digest["hash"] == "sha256:" + hashlib.sha256(package).hexdigest()
        head, shown = map(json.loads, archive.read("pages/pages.jsonl").decode().splitlines())
        assert head["format"] == "json-pages-1.0"
        assert shown["url"] == f"{shot.site.address}/bai/1"
        assert (shown["title"], WORDS in shown["text"]) == ("Việc nhẹ", True)

    def test_beside_it_lie_the_page_as_received_and_what_it_says_of_itself(
        self, shot: Shot
    ) -> None:
        assert shot.data("raw") == POST.encode()
        assert "Chữ do mã viết ra" in shot.data("html").decode()
        assert "Chữ do mã viết ra" not in shot.data("raw").decode()
        told = shot.json("metadata")
        assert told["title"] == "Việc nhẹ"
        assert told["language"] == "vi"
        assert told["canonical"] == f"{shot.site.address}/bai/1"
        assert told["og"] == {"title": "Việc nhẹ lương cao"}
        assert told["published"] == "2026-11-20T08:00:00+07:00"
        assert [step["status"] for step in shot.json("headers")] == [301, 200]
        assert shot.json("tls") == {"tls": False}

    def test_pictures_of_the_page_are_files_of_their_own(self, shot: Shot) -> None:
        media = [file for file in shot.capture.files.files if file.role == "media"]
        assert [file.source.rpartition("/")[2] for file in media] == ["anh.png", "xa.jpg"]
        assert [shot.store.get(file.digest) for file in media] == [PNG, JPEG]
        assert [(file.name, file.media_type) for file in media] == [
            ("anh-01.png", "image/png"),
            ("anh-02.jpg", "image/jpeg"),
        ]

    def test_the_record_says_how_it_was_visible(self, shot: Shot) -> None:
        told = shot.json("record")
        assert (told["login"], told["cookies"]) == (False, False)
        assert told["final_url"] == f"{shot.site.address}/bai/1"
        assert told["servers"] == {"127.0.0.1": "127.0.0.1"}
        assert told["robots"] == "no robots.txt"
        assert told["resources"] >= 8
        assert told["compared"] == shot.capture.files.detail["compared"]

    def test_a_real_player_shows_the_page_with_its_picture_and_the_scripts_words(
        self, shot: Shot, pytestconfig: pytest.Config
    ) -> None:
        cache = Path(str(pytestconfig.cache.mkdir("player")))  # type: ignore[union-attr]
        shown = replayed(shot, player(cache))
        assert shown["title"] == "Việc nhẹ"
        assert WORDS in shown["text"]
        assert "Chữ do mã viết ra" in shown["text"]
        assert shown["color"] == "rgb(200, 0, 0)", "the style sheet comes from the archive"
        assert shown["pictures"][:2] == [256, 256]
        asked_since = [visit for visit in shot.site.visits if "sec-fetch-dest" in visit.headers]
        assert len(asked_since) == shown["before"], "nothing is asked of the site itself"


def replayed(shot: Shot, scripts: dict[str, bytes]) -> dict[str, Any]:
    """What ReplayWeb.page shows of the archive, in Chromium, with the site itself switched off."""
    address = f"{shot.site.address}/bai/1"
    shot.site.pages.clear()
    before = len([visit for visit in shot.site.visits if "sec-fetch-dest" in visit.headers])
    view = (
        "<!doctype html><meta charset=utf-8><style>html,body{height:100%;margin:0}</style>"
        "<script src='/ui.js'></script>"
        f"<replay-web-page source='/chup.wacz' url='{address}' replayBase='/replay/' "
        "embed='replayonly' style='height:100%;display:block'></replay-web-page>"
    )
    pages: dict[str, Handler] = {
        "/": page(view),
        "/ui.js": page(scripts["ui.js"], content_type="text/javascript"),
        "/replay/": page(  # what the service worker answers with, for when it is not there yet
            "<!doctype html><html class=no-overflow><script src=./ui.js></script>"
            "<body><replay-app-main></replay-app-main></body></html>"
        ),
        "/replay/ui.js": page(scripts["ui.js"], content_type="text/javascript"),
        "/replay/sw.js": page(scripts["sw.js"], content_type="text/javascript"),
        "/chup.wacz": lambda asked: part_of(shot.data("wacz"), asked),
    }
    loop = Loop()
    try:
        with serving(pages, host="localhost") as served:
            found = loop.run(_watch(served.address), 90)
    finally:
        loop.close()
    return {**found, "before": before}


def part_of(data: bytes, asked: Asked) -> Answer:
    """A file that can be asked for in parts, as players do."""
    wanted = asked.headers.get("range", "")
    kind = "application/octet-stream"
    if not wanted.startswith("bytes="):
        return Answer(data, headers={"Accept-Ranges": "bytes"}, content_type=kind)
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    start = int(first) if first else max(len(data) - int(last), 0)
    end = min(int(last), len(data) - 1) if first and last else len(data) - 1
    headers = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {start}-{end}/{len(data)}"}
    return Answer(data[start : end + 1], status=206, headers=headers, content_type=kind)


SHOWN = """async () => {
  for (const one of [...document.images].slice(0, 2)) { one.loading = 'eager'; await one.decode() }
  return {title: document.title, text: document.body.innerText,
    color: getComputedStyle(document.querySelector('h1')).color,
    pictures: [...document.images].map(one => one.naturalWidth)}
}"""


async def _watch(address: str) -> dict[str, Any]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_args())
        shown = await browser.new_page()
        said: list[str] = []
        shown.on("console", lambda message: said.append(message.text))
        shown.on("response", lambda answer: said.append(f"{answer.status} {answer.url}"))
        await shown.goto(address)
        for _ in range(300):
            for frame in shown.frames:
                if "mp_/" in frame.url and await frame.query_selector("#viet"):
                    found: dict[str, Any] = await frame.evaluate(SHOWN)
                    await browser.close()
                    return found
            await asyncio.sleep(0.1)
        raise AssertionError(
            "\n".join(["not shown", *(frame.url for frame in shown.frames), *said])
        )


def exchange(url: str, body: bytes | None = b"x", **given: Any) -> Exchange:
    made = Exchange(url, "GET", AT, status=200, reason="OK", body=body)
    made.headers = (("Content-Type", "text/plain"),)
    for name, value in given.items():
        setattr(made, name, value)
    return made


def test_the_same_exchanges_give_the_same_bytes() -> None:
    made = [
        make_wacz(
            [exchange("https://a.example/")],
            PageRecord("https://a.example/", "t", "x", AT),
            ABOUT,
            {},
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]


def test_what_was_not_had_is_left_out_and_what_was_cut_is_marked() -> None:
    exchanges = [
        exchange("https://a.example/"),
        exchange("https://a.example/gone", None, missing="net::ERR_FAILED", status=0),
        exchange("https://a.example/long", b"begin", missing="larger than 50 MB"),
        exchange("https://a.example/"),
    ]
    made = make_wacz(exchanges, PageRecord("https://a.example/", "", "", AT), ABOUT, {})
    warc = zipfile.ZipFile(io.BytesIO(made)).read("archive/data.warc.gz")
    answers = [(url, r) for kind, url, r, _ in records(warc) if kind == "response"]
    assert [url for url, _ in answers] == ["https://a.example/", "https://a.example/long"]
    assert answers[1][1].rec_headers.get_header("WARC-Truncated") == "length"


def test_a_header_cannot_break_out_of_its_line() -> None:
    bad = exchange("https://a.example/", headers=(("X-A", "b\r\nContent-Type: evil\r\n\r\nboo"),))
    made = make_wacz([bad], PageRecord("https://a.example/", "", "", AT), ABOUT, {})
    warc = zipfile.ZipFile(io.BytesIO(made)).read("archive/data.warc.gz")
    ((_, _, record, content),) = [one for one in records(warc) if one[0] == "response"]
    assert content == b"x"
    assert record.http_headers.get_header("content-type") is None


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Mang.example/Bai?b=2&a=1#x", "example,mang,www)/bai?a=1&b=2"),
        ("http://mang.example", "example,mang)/"),
        ("http://127.0.0.1:8083/t/1", "1,0,0,127:8083)/t/1"),
    ],
)
def test_addresses_are_put_in_order_as_indexes_do(url: str, key: str) -> None:
    assert surt(url) == key


@pytest.mark.browser
def test_what_is_too_large_is_cut_and_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(tmp_path)
    if find_browser(settings) is None:
        pytest.skip(REMEDY)
    monkeypatch.setattr(limits, "BODY_BYTES", 20_000)
    store = FolderStore(tmp_path / "files")
    pages = {
        "/": page("<h1>Mã to</h1><script src=/to.js></script><img src=/hong.png>"),
        "/to.js": page("// " + "x" * 60_000, content_type="text/javascript"),
        "/hong.png": page(bytes(90_000), content_type="image/png"),
    }
    with (
        serving(pages) as site,
        camera(settings, AddressGuard([LOOPBACK]), store, SystemClock()) as shots,
    ):
        files = shots.capture(f"{site.address}/").files
    left = {one["url"].rpartition("/")[2]: one["why"] for one in files.detail["left_out"]}
    assert "larger" in left["to.js"]
    assert "of 90000 bytes" in left["hong.png"], "the browser stops reading what is no picture"
