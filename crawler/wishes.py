"""Serves wishes of search.watch: looks at addresses again, captures them, writes what was seen.

The look itself runs outside of any transaction; leasing and observing are each a short one.
"""

import hashlib
import logging
from contextlib import ExitStack
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crawler.agent import user_agent
from crawler.browser import BrowserMissing
from crawler.capture import Camera, Capture, CaptureFailed, Known, camera
from crawler.capture.words import with_words
from crawler.guard import AddressGuard
from crawler.keys import credential_for
from crawler.page import SourcePlan
from crawler.reasons import told
from crawler.recheck import Expected, Look, judge_rendered, look, stands_in
from crawler.recheck_api import Interface, look_by_interface
from crawler.sources import KINDS
from foundation.clock import Clock
from foundation.database import Database
from foundation.files import FileStore
from foundation.files_room import StorageFull
from foundation.people import User
from foundation.settings import Settings
from search import watch
from search.models import Observation, PostRow, Wish, WishKind
from search.pictures.store import NotedPicture, examined, note_pictures, note_text
from search.post import Availability, Platform

log = logging.getLogger(__name__)
_NOT_SEEN = frozenset({Availability.UNREACHABLE, Availability.BLOCKED})
_NOT_SHOWN = frozenset({Availability.REMOVED, Availability.RESTRICTED})
_JUDGED_AGAIN = _NOT_SHOWN | {Availability.EDITED, Availability.UNREACHABLE}
_WALLS = frozenset({Availability.LOGIN_WALL, Availability.BLOCKED})


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one visit brought."""

    look: Look
    capture: Capture | None = None
    note: str = ""
    pictures: tuple[NotedPicture, ...] = ()


def serve_wishes(
    database: Database,
    files: FileStore,
    clock: Clock,
    settings: Settings,
    limit: int = 5,
) -> int:
    """Lease due wishes, do each, write the observations; returns how many were done or put off.

    Both kinds look and, where there is a browser, capture: what was seen must be showable. A CAPTURE without
    a browser is put off with the command that brings one; a LOOK is written without a picture, and says so.
    """
    with database.writing() as session:
        leased = watch.lease(session, at=clock.now(), limit=limit)
        expected = {
            wish.id: _expected(session.get(PostRow, wish.post_id)) if wish.post_id else Expected()
            for wish in leased
        }
    if not leased:
        return 0
    server = _Server(database, files, clock, settings)
    with ExitStack() as stack:
        server.open_camera(stack)
        for wish in leased:
            server.serve(wish, expected[wish.id])
    return len(leased)


class _Server:
    """One batch of wishes: the guard, and a browser if there is one."""

    def __init__(
        self, database: Database, files: FileStore, clock: Clock, settings: Settings
    ) -> None:
        self._database = database
        self._files = files
        self._clock = clock
        self._settings = settings
        self._guard = AddressGuard(settings.private_networks)
        self._agent = user_agent(settings)
        self._camera: Camera | None = None
        self._no_camera = ""

    def open_camera(self, stack: ExitStack) -> None:
        try:
            opened = camera(self._settings, self._guard, self._files, self._clock)
            self._camera = stack.enter_context(opened)
        except (BrowserMissing, CaptureFailed) as error:
            self._no_camera = str(error)
            log.warning("no captures: %s", error)

    def serve(self, wish: Wish, expected: Expected) -> None:
        """Do one wish; what goes wrong with the visit itself puts the wish off.

        Nothing is done where those before it took so long that another crawler has it by now.
        """
        with self._database.writing() as session:
            if not watch.renew(session, wish, at=self._clock.now()):
                return
        try:
            seen = self._visit(wish, expected)
        except StorageFull:
            self._postpone(wish)
            return
        except Exception as error:  # noqa: BLE001 - one wish that fails must not take the others along
            log.warning("wish %s: %s", wish.id, error)
            self._put_off(wish, f"{type(error).__name__}: {error}")
            return
        if wish.kind == WishKind.CAPTURE and seen.capture is None:
            self._put_off(wish, seen.note or seen.look.detail)
            return
        self._observe(wish, seen)

    def _visit(self, wish: Wish, expected: Expected) -> _Seen:
        told_by = self._by_interface(wish, expected)
        first = told_by or look(wish.url, expected, self._guard, self._agent)
        if first.nowhere:
            return _Seen(first)
        if self._camera is None:
            return _Seen(first, note=self._no_camera)
        # Also where the plain look had no answer: a certificate that is not trusted, a server that hangs up
        # on what is no browser. What the page shows to visitors is evidence all the same.
        try:
            capture = self._camera.capture(wish.url, *self._known(wish))
        except CaptureFailed as error:
            return _Seen(first, note=str(error) if first.status is not None else "")
        judged = _judged_again(wish.url, first, capture, expected, by_interface=bool(told_by))
        capture = with_words(capture, self._files)
        return _Seen(judged, capture, pictures=_examined(wish, capture))

    def _by_interface(self, wish: Wish, expected: Expected) -> Look | None:
        """What the interface says that the post came by; None where there is none, or it tells nothing."""
        with self._database.reading() as session:
            post = session.get(PostRow, wish.post_id) if wish.post_id else None
            source = post.source if post is not None and post.url == wish.url else None
            if source is None or source.kind not in KINDS:
                return None
            plan = SourcePlan(source.id, source.address, Platform(source.platform), source.config)
        kind = KINDS[source.kind]
        credential = credential_for(kind, plan, self._settings)
        interface = Interface(kind, plan, credential)
        found = look_by_interface(wish.url, expected, interface, self._guard, self._agent)
        return found if found is not None and found.availability not in _NOT_SEEN else None

    def _known(self, wish: Wish) -> tuple[Known | None, str]:
        """The capture that this one is compared with, and the name of whoever asked for it."""
        with self._database.reading() as session:
            known = watch.last_capture(session, wish)
            asker = session.get(User, wish.created_by_id) if wish.created_by_id else None
            name = asker.name if asker else ""
        return known, name

    def _observe(self, wish: Wish, seen: _Seen) -> None:
        detail = seen.look.detail
        if seen.note:
            detail = told("no_capture", look=detail, why=seen.note)
        with self._database.writing() as session:
            row = session.get_one(Wish, wish.id)
            if not _still_ours(row, wish):
                return
            observed = watch.observe(
                session,
                row.url,
                seen.look.availability,
                at=self._clock.now(),
                wish_row=row,
                capture=seen.capture.files if seen.capture else None,
                final_url=seen.look.final_url,
                status=seen.look.status,
                detail=detail,
                seen_text=seen.look.seen_text,
            )
            self._keep_pictures(session, observed, seen)

    @staticmethod
    def _keep_pictures(session: Session, observed: Observation, seen: _Seen) -> None:
        """What the next capture is compared with, and the pictures with what was read from them."""
        if seen.capture is None or seen.capture.unchanged:
            return
        watch.remember_capture(session, observed, seen.capture.files.detail["compared"])
        if observed.post_id is None:
            return
        at, number = observed.at, observed.id
        note_pictures(session, observed.post_id, seen.pictures, at=at, observation_id=number)
        note_text(
            session,
            observed.post_id,
            seen.capture.picture_text,
            at=at,
            origin="capture",
            observation_id=number,
        )

    def _postpone(self, wish: Wish) -> None:
        """No room for what was captured: nothing of it is kept, and the post is not said to be unreachable."""
        log.warning("wish %s: no room for the capture", wish.id)
        with self._database.writing() as session:
            row = session.get_one(Wish, wish.id)
            if _still_ours(row, wish):
                watch.postpone(row, told("no_room"), at=self._clock.now())

    def _put_off(self, wish: Wish, error: str) -> None:
        with self._database.writing() as session:
            row = session.get_one(Wish, wish.id)
            if _still_ours(row, wish):
                watch.put_off(session, row, error, at=self._clock.now())


def _judged_again(
    url: str, first: Look, capture: Capture, expected: Expected, *, by_interface: bool
) -> Look:
    """A page may hold its text only after its scripts have run; then the rendered page decides.

    What an interface says, its page contradicts in one point only: a post that is shown is not removed.
    """
    status = capture.files.status or 0
    final = capture.files.final_url
    again = judge_rendered(url, final, status, capture.html, expected, capture.text)
    if by_interface:
        shown = stands_in(capture.text, expected)
        return again if shown and first.availability in _NOT_SHOWN else first
    if first.availability is Availability.ONLINE and again.availability in _WALLS:
        return again  # scripts put a wall before it: shown is what a stranger gets to see
    if first.availability not in _JUDGED_AGAIN:
        return first
    return again if again.availability not in _NOT_SEEN else first


def _examined(wish: Wish, capture: Capture) -> tuple[NotedPicture, ...]:
    """The hashes of the pictures of a post's page."""
    if wish.post_id is None or capture.unchanged:
        return ()
    found = (
        examined(one.data, hashlib.sha256(one.data).hexdigest(), one.media_type, one.url)
        for one in capture.pictures
    )
    return tuple(one for one in found if one is not None)


def _expected(post: PostRow | None) -> Expected:
    return Expected(post.title, post.text) if post else Expected()


def _still_ours(row: Wish, leased: Wish) -> bool:
    """False when the lease ran out meanwhile and the wish was given to another, who will write."""
    return row.state == "leased" and row.attempts == leased.attempts
