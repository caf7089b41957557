"""Records what a page loads: each request and answer with their headers and bytes, over Chromium's own protocol.

Bodies are streamed as they come (`Network.streamResourceContent`), so that a resource without end gives what
was there, nothing is lost when the page crashes, and no text is decoded on the way. What was faster than the
request for its stream is asked for afterwards.
"""

import asyncio
import base64
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from crawler.capture import limits
from crawler.capture.model import Exchange, Headers

if TYPE_CHECKING:
    from playwright.async_api import CDPSession

_NEVER_REST = frozenset({"EventSource", "WebSocket", "Ping", "Preflight"})


class Recorder:
    """The traffic of one page; `stop` gives it as exchanges in the order of their requests."""

    def __init__(self, session: "CDPSession", main_frame: str) -> None:
        self._session = session
        self._main_frame = main_frame
        self._done: list[Exchange] = []
        self._open: dict[str, Exchange] = {}
        self._parts: dict[str, list[bytes]] = defaultdict(list)
        self._length: dict[str, int] = defaultdict(int)
        self._kept: dict[str, int] = defaultdict(int)
        self._all_kept = 0
        self._sent: dict[str, list[Headers]] = defaultdict(list)
        self._received: dict[str, list[tuple[int, Headers]]] = defaultdict(list)
        self._steps: dict[str, list[Exchange]] = defaultdict(list)
        self._busy: dict[str, float] = {}
        self._unanswered: dict[str, tuple[Exchange, int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_event = monotonic()
        self.navigations = 0
        self.dropped = 0
        self.asked: Counter[tuple[str, str]] = Counter()
        """How often each method and address was asked for, and how often the end of that was told."""
        self.told: Counter[tuple[str, str]] = Counter()

    async def start(self) -> None:
        """Listen from now on."""
        on = self._session.on
        on("Network.requestWillBeSent", self._request)
        on("Network.requestWillBeSentExtraInfo", self._request_headers)
        on("Network.responseReceived", self._response)
        on("Network.responseReceivedExtraInfo", self._response_headers)
        on("Network.dataReceived", self._data)
        on("Network.loadingFinished", self._finished)
        on("Network.loadingFailed", self._failed)
        await self._session.send(
            "Network.enable",
            {
                "maxTotalBufferSize": limits.VISIT_BYTES,
                "maxResourceBufferSize": limits.BODY_BYTES,
                "maxPostDataSize": 1_000_000,
            },
        )

    @property
    def has_answer(self) -> bool:
        """Whether the page itself was answered at all."""
        return any(
            one.frame == "main" and one.status and not one.redirect
            for one in (*self._done, *self._open.values())
        )

    async def quiet(self, seconds: float) -> bool:
        """Wait until nothing was on its way for a moment; False when `seconds` passed before."""
        until = monotonic() + seconds
        while monotonic() < until:
            if not self._busy and monotonic() - self._last_event > limits.QUIET_FOR:
                return True
            await asyncio.sleep(0.05)
        return False

    async def stop(self) -> list[Exchange]:
        """Ask for the bodies that are still missing, and give everything."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=3.0)
        for task in self._tasks:
            task.cancel()
        await self._ask_again()
        for key in list(self._open):
            self._close(key, "" if self._whole(key) else "not whole when the visit ended")
        for key, steps in self._steps.items():
            self._wire_headers(key, steps)
        return sorted(self._done, key=lambda one: one.sent_at)

    def _wire_headers(self, key: str, steps: list[Exchange]) -> None:
        """Headers as they went over the wire, which Chromium tells apart from the rest and in its own time."""
        for step, sent in zip(steps, self._sent[key], strict=False):
            step.request_headers = sent
        received = list(self._received[key])
        for step in steps:
            found = next((one for one in received if one[0] == step.status), None)
            if found is not None:
                received.remove(found)
                step.headers = found[1]

    def _request(self, event: Mapping[str, Any]) -> None:
        key, asked = event["requestId"], event["request"]
        self._last_event = monotonic()
        if not asked["url"].startswith(("http://", "https://")):
            return
        self.asked[asked["method"], asked["url"]] += 1
        kind = event.get("type", "")
        main = kind == "Document" and event.get("frameId") == self._main_frame
        if answer := event.get("redirectResponse"):
            self._redirected(key, answer)
        elif main:
            self.navigations += 1
        if len(self._done) + len(self._open) >= limits.RESOURCES:
            self.dropped += 1
            self.told[asked["method"], asked["url"]] += 1
            return
        if kind not in _NEVER_REST:
            self._busy[key] = monotonic()
        self._open[key] = Exchange(
            url=asked["url"],
            method=asked["method"],
            sent_at=datetime.fromtimestamp(event["wallTime"], UTC),
            kind=kind,
            frame="main" if main else event.get("frameId", ""),
            request_headers=tuple(asked["headers"].items()),
            request_body=asked.get("postData", "").encode("utf-8", "surrogateescape"),
        )
        self._steps[key].append(self._open[key])

    def _redirected(self, key: str, answer: Mapping[str, Any]) -> None:
        if before := self._open.get(key):
            self.told[before.method, before.url] += 1
            self._answered(before, answer)
            before.redirect, before.body = True, b""
            self._close(key)

    def _request_headers(self, event: Mapping[str, Any]) -> None:
        self._sent[event["requestId"]].append(tuple(event["headers"].items()))

    def _response_headers(self, event: Mapping[str, Any]) -> None:
        pairs = _raw_headers(event.get("headersText", "")) or _pairs(event["headers"])
        self._received[event["requestId"]].append((event["statusCode"], pairs))

    def _response(self, event: Mapping[str, Any]) -> None:
        key = event["requestId"]
        self._last_event = monotonic()
        if found := self._open.get(key):
            self._answered(found, event["response"])
            if event.get("type") == "EventSource":
                self._busy.pop(key, None)
            self._later(self._stream(key))

    @staticmethod
    def _answered(found: Exchange, answer: Mapping[str, Any]) -> None:
        found.status, found.reason = int(answer["status"]), answer.get("statusText", "")
        found.headers = _pairs(answer["headers"])
        found.protocol = answer.get("protocol", "")

    async def _stream(self, key: str) -> None:
        """Have the body sent piece by piece; what was over before this came is asked for when it has ended."""
        with suppress(Exception):
            begun = await self._session.send("Network.streamResourceContent", {"requestId": key})
            self._keep(key, base64.b64decode(begun.get("bufferedData", "")), first=True)

    def _data(self, event: Mapping[str, Any]) -> None:
        key = event["requestId"]
        self._last_event = monotonic()
        self._length[key] += event["dataLength"]
        if data := event.get("data"):
            self._keep(key, base64.b64decode(data))

    def _keep(self, key: str, data: bytes, *, first: bool = False) -> None:
        room = min(limits.BODY_BYTES - self._kept[key], limits.VISIT_BYTES - self._all_kept)
        if not data or key not in self._open or room <= 0:
            return
        data = data[:room]
        self._parts[key].insert(0 if first else len(self._parts[key]), data)
        self._kept[key] += len(data)
        self._all_kept += len(data)

    def _finished(self, event: Mapping[str, Any]) -> None:
        key = event["requestId"]
        self._last_event = monotonic()
        self._busy.pop(key, None)
        if found := self._open.get(key):
            self.told[found.method, found.url] += 1
            self._later(self._complete(key))

    def _failed(self, event: Mapping[str, Any]) -> None:
        key = event["requestId"]
        self._last_event = monotonic()
        self._busy.pop(key, None)
        why = event.get("blockedReason") or event.get("errorText") or "failed"
        if found := self._open.get(key):
            self.told[found.method, found.url] += 1
            self._close(key, why)

    async def _complete(self, key: str) -> None:
        await asyncio.sleep(0)  # the answer to the request for the stream may stand in line
        found = self._open.get(key)
        if found is not None and not self._whole(key) and self._kept[key] < limits.BODY_BYTES:
            self._unanswered[key] = found, self._length[key]
            with suppress(Exception):
                await self._ask(key)
        whole = self._whole(key)
        self._close(key, "" if whole else self._why_missing(key))

    async def _ask_again(self) -> None:
        """A page whose scripts never return gives its bodies only once they were ended."""
        until = monotonic() + limits.ASK_SECONDS
        for key, (found, length) in self._unanswered.items():
            if (found.body is not None and not found.missing) or monotonic() > until:
                continue
            with suppress(ValueError):
                self._done.remove(found)
            self._open[key], self._length[key] = found, max(length, 1)
            with suppress(Exception):
                await self._ask(key)
            self._close(key, "" if self._whole(key) else self._why_missing(key))

    async def _ask(self, key: str) -> None:
        got = await asyncio.wait_for(
            self._session.send("Network.getResponseBody", {"requestId": key}), limits.ASK_SECONDS
        )
        found = self._open.get(key)
        if found is None:
            return
        if got["base64Encoded"]:
            data = base64.b64decode(got["body"])
        else:
            data = _encoded(got["body"], found.header("content-type"), self._length[key])
        self._all_kept -= self._kept.pop(key, 0)
        self._parts.pop(key, None)
        self._keep(key, data)
        self._length[key] = max(len(data), self._kept[key])

    def _whole(self, key: str) -> bool:
        found = self._open.get(key)
        return bool(found and found.status) and self._kept[key] >= self._length[key]

    def _why_missing(self, key: str) -> str:
        if self._kept[key] >= limits.BODY_BYTES:
            return f"larger than {limits.BODY_BYTES >> 20} MB"
        if self._all_kept >= limits.VISIT_BYTES:
            return f"the page loads more than {limits.VISIT_BYTES >> 20} MB"
        return "the browser no longer had it"

    def _close(self, key: str, missing: str = "") -> None:
        found = self._open.pop(key, None)
        if found is None:
            return
        self._busy.pop(key, None)
        parts = self._parts.pop(key, [])
        if not found.redirect:
            found.body = b"".join(parts) if parts or not missing else None
        found.missing = missing or _short(found)
        self._length.pop(key, None)
        self._kept.pop(key, None)
        self._done.append(found)

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _short(found: Exchange) -> str:
    """Whether less came than the server announced: Chromium leaves off from what it cannot use."""
    announced = found.header("content-length")
    if found.redirect or found.method == "HEAD" or found.status in {204, 304}:
        return ""
    if found.header("content-encoding") or not announced.isdigit():
        return ""
    had = len(found.body or b"")
    return f"only {had} of {announced} bytes" if had < int(announced) else ""


def _pairs(headers: Mapping[str, str]) -> Headers:
    """Headers as Chromium gives them: several of one name stand in one value, line by line."""
    return tuple((name, line) for name, value in headers.items() for line in value.split("\n"))


def _raw_headers(text: str) -> Headers:
    """Headers as they came over the wire (HTTP/1.1 only)."""
    lines = text.replace("\r\n", "\n").split("\n")[1:]
    pairs = [line.partition(":") for line in lines if ":" in line]
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


def _encoded(text: str, content_type: str, length: int) -> bytes:
    """Text that the browser has decoded, as the bytes that it was: known by their number."""
    charset = content_type.lower().partition("charset=")[2].strip(" \"';") or "utf-8"
    for name in (charset, "utf-8", "utf-8-sig"):
        with suppress(LookupError, UnicodeError):
            data = text.encode(name)
            if len(data) == length:
                return data
    return text.encode("utf-8", "surrogatepass")
