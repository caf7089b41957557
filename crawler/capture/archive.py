"""The traffic of a visit as WACZ 1.1.1: a WARC 1.1 of every request and answer, with its index and page list.

Made by hand but for the WARC records, so that the same exchanges give the same bytes: record ids are made from
contents, every time is that of the visit. Bodies stand as the browser had them after content-encoding was
undone; the headers that spoke of the encoding are kept as `x-orig-*`, as other archivers do.
"""

import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urldefrag, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.capture.model import Exchange

MEDIA_TYPE = "application/wacz"
_ENCODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_SPACE_OF_IDS = uuid.UUID("6f6f1d8e-5c0c-5b7a-9a55-0d6e2f3b6a10")


@dataclass(frozen=True, slots=True)
class PageRecord:
    """The page that the archive is of."""

    url: str
    title: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where one answer stands in the WARC."""

    exchange: Exchange
    offset: int
    length: int
    digest: str


def make_wacz(
    exchanges: Sequence[Exchange],
    page: PageRecord,
    about: Mapping[str, str],
    addresses: Mapping[str, str],
) -> bytes:
    """The archive. `about` goes into warcinfo and datapackage; `addresses` are the servers' IPs by host."""
    name = "data.warc.gz"
    warc, entries = _warc(_archived(exchanges), page, about, addresses, name)
    index = _cdxj(entries, name)
    pages = _pages(page)
    parts = {
        f"archive/{name}": warc,
        "indexes/index.cdxj": index,
        "pages/pages.jsonl": pages,
    }
    package = _datapackage(parts, page, about)
    digest = {
        "path": "datapackage.json",
        "hash": "sha256:" + hashlib.sha256(package).hexdigest(),
        "created": _iso(page.at),
        "software": about.get("software", ""),
    }
    parts["datapackage.json"] = package
    parts["datapackage-digest.json"] = json.dumps(digest, indent=2).encode()
    return _zipped(parts, page.at)


def _archived(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """Those that were answered; the same answer to the same question once."""
    seen: set[tuple[str, str, int, bytes]] = set()
    kept = []
    for one in exchanges:
        key = (
            one.method,
            urldefrag(one.url).url,
            one.status,
            hashlib.sha256(one.body or b"").digest(),
        )
        if not one.status or (one.body is None and not one.redirect) or key in seen:
            continue
        seen.add(key)
        kept.append(one)
    return kept


def _warc(
    exchanges: Sequence[Exchange],
    page: PageRecord,
    about: Mapping[str, str],
    addresses: Mapping[str, str],
    name: str,
) -> tuple[bytes, list[_Entry]]:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    info = "".join(f"{key}: {value}\r\n" for key, value in sorted(about.items()) if value).encode()
    at = _iso(page.at)
    warcinfo = writer.create_warc_record(
        "",
        "warcinfo",
        payload=io.BytesIO(info),
        length=len(info),
        warc_content_type="application/warc-fields",
        warc_headers_dict={
            "WARC-Record-ID": _id("warcinfo", at, info),
            "WARC-Date": at,
            "WARC-Filename": name,
        },
    )
    writer.write_record(warcinfo)
    entries = []
    for number, one in enumerate(exchanges):
        start = out.tell()
        writer.write_record(_response(writer, one, number, addresses))
        length = out.tell() - start
        digest = hashlib.sha256(one.body or b"").hexdigest()
        entries.append(_Entry(one, start, length, digest))
        writer.write_record(_request(writer, one, number))
    return out.getvalue(), entries


def _response(writer: WARCWriter, one: Exchange, number: int, addresses: Mapping[str, str]) -> Any:
    body = one.body or b""
    headers = [
        (f"x-orig-{name.lower()}" if name.lower() in _ENCODED else name, value)
        for name, value in one.headers
        if not name.startswith(":")
    ]
    headers.append(("Content-Length", str(len(body))))
    given = {
        "WARC-Record-ID": _id("response", number, one.url, one.sent_at.isoformat(), body),
        "WARC-Date": _iso(one.sent_at),
        "WARC-Payload-Digest": "sha256:" + hashlib.sha256(body).hexdigest(),
    }
    if address := addresses.get(urlsplit(one.url).hostname or ""):
        given["WARC-IP-Address"] = address
    if one.missing:
        given["WARC-Truncated"] = (
            "length" if "larger" in one.missing or "more" in one.missing else "unspecified"
        )
    return writer.create_warc_record(
        urldefrag(one.url).url,
        "response",
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=StatusAndHeaders(_status_line(one), _printable(headers), protocol="HTTP/1.1"),
        warc_headers_dict=given,
    )


def _request(writer: WARCWriter, one: Exchange, number: int) -> Any:
    parts = urlsplit(one.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [(name, value) for name, value in one.request_headers if not name.startswith(":")]
    if not any(name.lower() == "host" for name, _ in headers):
        headers.insert(0, ("Host", parts.netloc))
    return writer.create_warc_record(
        urldefrag(one.url).url,
        "request",
        payload=io.BytesIO(one.request_body),
        length=len(one.request_body),
        http_headers=StatusAndHeaders(
            f"{one.method} {target} HTTP/1.1", _printable(headers), is_http_request=True
        ),
        warc_headers_dict={
            "WARC-Record-ID": _id("request", number, one.url, one.sent_at.isoformat()),
            "WARC-Date": _iso(one.sent_at),
            "WARC-Concurrent-To": _id(
                "response", number, one.url, one.sent_at.isoformat(), one.body or b""
            ),
        },
    )


def _status_line(one: Exchange) -> str:
    return f"{one.status} {one.reason}".strip()


def _printable(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without line breaks, which would end a header early."""
    return [
        (name.replace("\r", " ").replace("\n", " "), value.replace("\r", " ").replace("\n", " "))
        for name, value in headers
    ]


def _cdxj(entries: Iterable[_Entry], name: str) -> bytes:
    lines = []
    for entry in entries:
        one = entry.exchange
        told = {
            "url": urldefrag(one.url).url,
            "mime": one.media_type or "application/octet-stream",
            "status": one.status,
            "digest": f"sha256:{entry.digest}",
            "length": entry.length,
            "offset": entry.offset,
            "filename": name,
        }
        if one.method != "GET":
            told["method"] = one.method
        stamp = one.sent_at.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
        lines.append(f"{surt(one.url)} {stamp} {json.dumps(told, ensure_ascii=False)}")
    return ("\n".join(sorted(lines)) + "\n").encode("utf-8", "surrogatepass")


def surt(url: str) -> str:
    """The address in the order that indexes sort by: `vn,mang)/bai?x=1`."""
    parts = urlsplit(urldefrag(url).url.lower())
    host = ",".join(reversed((parts.hostname or "").split(".")))
    port = f":{parts.port}" if parts.port and parts.port not in {80, 443} else ""
    query = "?" + "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{host}{port}){parts.path or '/'}{query}"


def _pages(page: PageRecord) -> bytes:
    head = {"format": "json-pages-1.0", "id": "pages", "title": "Pages", "hasText": True}
    shown = {
        "id": str(uuid.uuid5(_SPACE_OF_IDS, f"{page.url} {_iso(page.at)}")),
        "url": page.url,
        "ts": _iso(page.at),
        "title": page.title,
        "text": page.text[:200_000],
        "seed": True,
    }
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in (head, shown)).encode(
        "utf-8", "surrogatepass"
    )


def _datapackage(parts: Mapping[str, bytes], page: PageRecord, about: Mapping[str, str]) -> bytes:
    resources = [
        {
            "name": path.rpartition("/")[2],
            "path": path,
            "hash": "sha256:" + hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
        }
        for path, data in parts.items()
    ]
    package = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": page.title or page.url,
        "created": _iso(page.at),
        "software": about.get("software", ""),
        "mainPageUrl": page.url,
        "mainPageDate": _iso(page.at),
        "resources": resources,
    }
    return json.dumps(package, ensure_ascii=False, indent=2).encode("utf-8", "surrogatepass")


def _zipped(parts: Mapping[str, bytes], at: datetime) -> bytes:
    """Parts one after the other, not packed again: players read the WARC by its offsets."""
    out = io.BytesIO()
    moment = max(at.astimezone(UTC).timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, data in parts.items():
            info = zipfile.ZipInfo(path, moment)
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return out.getvalue()


def _id(*parts: object) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(
            part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        )
        digest.update(b"\0")
    return f"<urn:uuid:{uuid.uuid5(_SPACE_OF_IDS, digest.hexdigest())}>"


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
