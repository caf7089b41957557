"""From what a visit brought to a capture: judged, compared, and only then stored."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from crawler.capture import limits, video
from crawler.capture.archive import MEDIA_TYPE, PageRecord, make_wacz
from crawler.capture.banners import consent_banners
from crawler.capture.certificate import Handshake, described, handshake, summary
from crawler.capture.metadata import outgoing, page_metadata
from crawler.capture.model import Capture, Exchange, Known, Shown, Visit
from crawler.capture.sameness import compared
from crawler.guard import AddressGuard
from crawler.guard_proxy import GuardProxy
from crawler.sources.markup import decode, parse, plain_text
from crawler.walls import Wall, find_wall
from foundation.files import FileStore
from foundation.settings import Settings
from search.watch import CaptureFile, CaptureFiles

_PICTURES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/avif": "avif",
    "image/svg+xml": "svg",
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How and when the visit was made."""

    started: datetime
    ended: datetime
    tool: str
    agent: str
    robots: str
    asked_by: str
    sandboxed: bool
    refused: tuple[str, ...]
    addresses: Mapping[str, str]
    """The servers' IP addresses by host, as connected to."""
    cut_off: bool
    """The visit carried more than may be carried."""


class Assembly:
    """Puts a capture together; nothing is stored before it is known to show something new."""

    def __init__(
        self, files: FileStore, settings: Settings, guard: AddressGuard, proxy: GuardProxy
    ) -> None:
        self._files = files
        self._settings = settings
        self._guard = guard
        self._proxy = proxy

    def assemble(self, visit: Visit, how: Circumstances, known: Known | None) -> Capture:
        """The capture of this visit, or the known one's files when it shows the same."""
        complete(visit)
        shown = pictures_of(visit)
        wall = _wall(visit)
        same = _compared(visit, shown, wall)
        tls = self._tls(visit)
        detail = self._detail(visit, how, wall) | {"compared": same, "tls": summary(tls)}
        if known is not None and known.compared == same and self._all_there(known):
            return self._unchanged(visit, how, known, detail, shown)
        videos = self._videos(visit) if wall is None else []
        if visit.notes:
            detail["notes"] = visit.notes
        files = [
            *self._page_files(visit),
            self._json("tls", tls),
            self._json("record", _record(visit, how, detail)),
            self._wacz(visit, how),
            *self._media(shown),
            *(self._keep("video", one.media_type, one.data, one.name, one.url) for one in videos),
        ]
        stored = self._capture_files(visit, how, tuple(files), detail)
        return Capture(stored, visit.html, visit.text, pictures=tuple(shown), views=_views(visit))

    def _videos(self, visit: Visit) -> list[video.Video]:
        found = video.fetch(visit, self._settings, self._proxy.address)
        if self._proxy.is_over():
            visit.note("traffic", mb=limits.PROXY_BYTES >> 20)
        return found

    def _unchanged(
        self,
        visit: Visit,
        how: Circumstances,
        known: Known,
        detail: dict[str, Any],
        shown: list[Shown],
    ) -> Capture:
        """The known files, for this moment: what was seen now is the same."""
        since = {"observation": known.observation_id, "at": known.files.started_at}
        files = self._capture_files(
            visit, how, known.files.files, detail | {"unchanged_since": since}
        )
        return Capture(files, visit.html, visit.text, pictures=tuple(shown), unchanged=True)

    def _all_there(self, known: Known) -> bool:
        return bool(known.files.files) and all(
            self._files.exists(file.digest) for file in known.files.files
        )

    def _capture_files(
        self,
        visit: Visit,
        how: Circumstances,
        files: tuple[CaptureFile, ...],
        detail: dict[str, Any],
    ) -> CaptureFiles:
        return CaptureFiles(
            url=visit.url,
            final_url=visit.final_url,
            status=visit.status,
            started_at=how.started.isoformat(),
            ended_at=how.ended.isoformat(),
            tool=how.tool,
            files=files,
            title=visit.title,
            robots=how.robots,
            detail=detail,
        )

    def _page_files(self, visit: Visit) -> list[CaptureFile]:
        found = [
            self._keep("screenshot", "image/png", picture, _numbered("man-hinh", number, visit))
            for number, (picture, _, _) in enumerate(visit.screenshots, start=1)
        ]
        if visit.html:
            found.append(self._keep("html", "text/html; charset=utf-8", _bytes(visit.html)))
        main = visit.main
        if main is not None and main.body:
            found.append(self._keep("raw", main.media_type or "text/html", main.body))
        found += [
            self._keep("text", "text/plain; charset=utf-8", _bytes(visit.text)),
            self._json("metadata", page_metadata(visit.html, visit.final_url)),
            self._json("headers", _chain(visit)),
        ]
        return found

    def _tls(self, visit: Visit) -> dict[str, Any]:
        secure = urlsplit(visit.final_url).scheme == "https"
        own = handshake(visit.final_url, self._guard) if secure else Handshake()
        return described(visit.final_url, visit.certificates, visit.security, own)

    def _wacz(self, visit: Visit, how: Circumstances) -> CaptureFile:
        about = {
            "software": how.tool,
            "format": "WARC File Format 1.1",
            "http-header-user-agent": how.agent,
            "robots": how.robots,
            "isPartOf": visit.url,
            "operator": self._settings.agency_name,
        }
        main = visit.main
        at = main.sent_at if main else how.started
        page = PageRecord(visit.final_url, visit.title, visit.text, at)
        archive = make_wacz(visit.exchanges, page, about, how.addresses)
        return self._keep("wacz", MEDIA_TYPE, archive)

    def _media(self, shown: list[Shown]) -> list[CaptureFile]:
        return [
            self._keep(
                "media",
                one.media_type,
                one.data,
                f"anh-{number:02}.{_PICTURES[one.media_type]}",
                one.url,
            )
            for number, one in enumerate(shown, start=1)
        ]

    def _detail(self, visit: Visit, how: Circumstances, wall: Wall | None) -> dict[str, Any]:
        """How the page was publicly visible, what stood over it, and what is not in the capture."""
        detail: dict[str, Any] = {
            "login": False,
            "cookies": False,
            "user_agent": how.agent,
            "sandbox": how.sandboxed,
            "resources": sum(one.status > 0 for one in visit.exchanges),
            "page_height": visit.page_height,
            "pictures": [[first, last] for _, first, last in visit.screenshots],
        }
        if how.asked_by:
            detail["asked_by"] = how.asked_by
        if wall is not None:
            detail["wall"] = {"kind": str(wall.kind), "sign": wall.sign[:200]}
        if banners := consent_banners(visit.overlays):
            detail["banners"] = banners
        if how.refused:
            detail["refused_hosts"] = list(how.refused[:50])
        if tried := {
            name: count for name, count in visit.counts.items() if count and name != "navigations"
        }:
            detail["tried"] = tried
        if how.cut_off:
            visit.note("traffic", mb=limits.PROXY_BYTES >> 20)
        if visit.notes:
            detail["notes"] = visit.notes
        return detail | _left_out(visit)

    def _keep(
        self, role: str, media_type: str, data: bytes, name: str = "", source: str = ""
    ) -> CaptureFile:
        return CaptureFile(role, self._files.put(data), media_type, len(data), name, source[:2_000])

    def _json(self, role: str, content: object) -> CaptureFile:
        written = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        return self._keep(role, "application/json", _bytes(written))


def pictures_of(visit: Visit) -> list[Shown]:
    """The pictures that the page showed, with the bytes that it was sent; each once."""
    bodies = {
        one.url: one
        for one in visit.exchanges
        if one.status == 200 and one.body and not one.missing
    }
    found: dict[str, Shown] = {}
    for image in visit.images:
        one = bodies.get(str(image.get("url", "")))
        if one is None or one.body is None:
            continue
        media_type = _picture_type(one)
        if media_type in _PICTURES:
            digest = hashlib.sha256(one.body).hexdigest()
            found.setdefault(
                digest, Shown(one.url, one.body, media_type, str(image.get("alt", "")))
            )
    return list(found.values())


def _picture_type(one: Exchange) -> str:
    """By its first bytes; a server may call anything anything."""
    data = one.body or b""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return "image/gif"
    if data[4:12] in {b"ftypavif", b"ftypavis"}:
        return "image/avif"
    return "image/svg+xml" if one.media_type == "image/svg+xml" else ""


def complete(visit: Visit) -> None:
    """Where the page did not answer, its HTML is what it was sent, and its text that of the HTML."""
    main = visit.main
    if not visit.html and main is not None and main.body:
        visit.html = decode(main.body, main.header("content-type"))
        visit.note("html_as_received")
    if not visit.text and visit.unanswered:
        root = parse(visit.html)
        visit.text = plain_text(root) if root is not None else ""
    visit.make_sound()


def _wall(visit: Visit) -> Wall | None:
    main = visit.main
    headers = {name.lower(): value for name, value in main.headers} if main else {}
    return find_wall(visit.url, visit.final_url, visit.status or 0, headers, visit.html)


def _compared(visit: Visit, shown: list[Shown], wall: Wall | None) -> str:
    return compared(
        status=visit.status,
        final_url=visit.final_url,
        title=visit.title,
        text=visit.text,
        pictures=[hashlib.sha256(one.data).hexdigest() for one in shown],
        links=outgoing(visit.html, visit.final_url),
        wall=str(wall.kind) if wall else "",
    )


def _record(visit: Visit, how: Circumstances, detail: Mapping[str, Any]) -> dict[str, Any]:
    """The capture in words for machines: what is nowhere else in its files, and covered by their digests."""
    return {
        "url": visit.url,
        "final_url": visit.final_url,
        "status": visit.status,
        "title": visit.title,
        "started_at": how.started.isoformat(),
        "ended_at": how.ended.isoformat(),
        "tool": how.tool,
        "robots": how.robots,
        "servers": dict(how.addresses),
        **detail,
    }


def _chain(visit: Visit) -> list[dict[str, Any]]:
    """The chain of answers of the page itself with their headers as they came."""
    return [
        {
            "url": one.url,
            "status": one.status,
            "headers": [[name, value] for name, value in one.headers],
        }
        for one in visit.documents
    ]


def _left_out(visit: Visit) -> dict[str, Any]:
    """What the page asked for and the archive does not hold, or not whole."""
    missing = [
        {"url": one.url[:500], "why": one.missing}
        for one in visit.exchanges
        if one.missing and not one.redirect
    ]
    if not missing:
        return {}
    return {"left_out": missing[: limits.LISTED], "left_out_count": len(missing)}


def _views(visit: Visit) -> tuple[bytes, ...]:
    return tuple(picture for picture, _, _ in visit.screenshots[:2])


def _numbered(name: str, number: int, visit: Visit) -> str:
    return f"{name}.png" if len(visit.screenshots) == 1 else f"{name}-{number:02}.png"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
