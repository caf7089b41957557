"""Nhập bài bằng tay: one post that somebody saw or was told of, with its screenshot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from crawler import discovery, service_posts, trial
from crawler.page import Problem
from crawler.sources import KINDS
from crawler.sources.forms import FieldError, FieldProblem, FormProblems
from crawler.sources.manual import form as manual_form
from crawler.sources.manual import parser as manual
from crawler.sources.page.recognise import platform_of
from foundation.clock import OFFICE_ZONE
from search.models import PostRow
from search.post import Platform, Post
from webui import standing
from webui.errors import messages
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.templating import render
from webui.uploads import Uploads
from webui.views import post_words, source_words
from webui.views.post_parts import first_line

bp = Blueprint("entry", __name__, url_prefix="/entry")
messages(
    {
        "error.entry.same": _l("This address is here already"),
        "error.upload_gone": _l("The file you sent is no longer here. Please choose it again."),
    }
)
HOW: Mapping[str, str] = {
    "seen": _l("I saw it online myself"),
    "citizen": _l("A citizen reported it"),
    "hotline": _l("The hotline recorded it"),
    "agency": _l("Another agency sent it"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, as it was typed; `kept` finds a screenshot that was sent along again."""

    options: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)
    same: tuple[PostRow, ...] = ()
    kept: str = ""
    read: "Read | None" = None


@dataclass(frozen=True, slots=True)
class Read:
    """What the public page at the address gave, and why it gave no more."""

    post: Post | None
    problems: tuple[Problem, ...]


@bp.get("/new")
@allowed("post.enter")
def new() -> str:
    """The empty form; `?url=` fills the address."""
    return _form(Typed({"url": request.args.get("url", ""), "platform": "facebook"}))


@bp.post("/read")
@allowed("post.enter")
def read_page() -> str | tuple[str, int]:
    """Fill the form from the public page at the address; nothing is stored, what cannot be read is said."""
    try:
        address = discovery.whole_address(request.form.get("url", ""))
    except FieldError as error:
        problem = FieldProblem("url", error.message, error.detail)
        return _again({"url": source_words.problem(problem)}, (), _picture()), 422
    told = platform_of(address) or "website"
    kind = KINDS["page"]
    config = kind.form.read({})
    found = trial.try_source(kind, address, Platform(told), config, wiring().settings)
    read = Read(found.posts[0] if found.posts else None, found.problems)
    typed = {**request.form, "url": address, "platform": told, **_filled(read.post)}
    return _again({}, (), _picture(), typed, read)


def _filled(post: Post | None) -> dict[str, str]:
    """What of the form the page fills."""
    if post is None:
        return {}
    moment = post.posted_at.astimezone(OFFICE_ZONE) if post.posted_at else None
    return {
        "url": post.url,
        "text": post.text or post.title,
        "title": post.title if post.text else "",
        "platform": post.platform.value,
        "author": post.author.name,
        "author_url": post.author.url,
        "posted_at": f"{moment:%d/%m/%Y %H:%M}" if moment else "",
    }


@bp.post("/new")
@allowed("post.enter")
def create() -> Response | tuple[str, int]:
    """Enter the post; an address that is here already is shown first, and nothing typed is lost."""
    given, picture = request.form, _picture()
    try:
        entered = manual.read(given, picture)
    except FormProblems as error:
        problems = {found.field: source_words.problem(found) for found in error.problems}
        return _again(problems, (), b"" if "screenshot" in problems else picture), 422
    same = tuple(service_posts.same_address(session(), actor(), entered.post.url))
    if same and given.get("anyway") != "yes":
        return _again({}, same, picture), 409
    number = store(given, entered, picture)
    _drop_kept()
    toast(gettext("The post is stored."))
    return redirect(url_for("posts.show", post_id=number))


def store(given: Mapping[str, str], entered: manual.Entered, picture: bytes) -> int:
    """Store what was entered, in one transaction; returns the id of the post."""
    with writing() as opened:
        source = standing.by_hand(opened, actor(), at=now())
        post = service_posts.enter_post(
            opened,
            wiring().ingestor,
            wiring().files,
            actor(),
            source.id,
            given,
            at=now(),
            screenshot=picture,
            note=str(HOW.get(entered.how, "")),
        )
        return post.id


def uploads() -> Uploads:
    """The files that wait for somebody's decision."""
    return wiring().uploads


def me() -> int:
    """The id of the person; the system does not open pages."""
    return actor().user_id or 0


def _picture() -> bytes:
    """The screenshot that was sent now, else the one that was kept from the try before."""
    sent = request.files.get("screenshot")
    if sent is not None and sent.filename:
        return sent.stream.read(manual.MAX_SCREENSHOT_BYTES + 1)
    if token := request.form.get("kept", ""):
        with uploads().open(me(), token) as stream:
            return stream.read(manual.MAX_SCREENSHOT_BYTES + 1)
    return b""


def _again(
    problems: Mapping[str, str],
    same: tuple[PostRow, ...],
    picture: bytes,
    typed: Mapping[str, str] | None = None,
    read: Read | None = None,
) -> str:
    """The form as it was typed, with the picture kept so that it need not be chosen again."""
    _drop_kept()
    kept = uploads().keep(me(), BytesIO(picture)) if picture else ""
    return _form(Typed(typed or request.form, problems, same, kept, read))


def _drop_kept() -> None:
    if token := request.form.get("kept", ""):
        uploads().drop(me(), token)


def _form(typed: Typed) -> str:
    return render(
        "entry/new.html",
        typed=typed,
        options={option.name: option for option in manual_form.FORM.options},
        platforms=[
            (name, post_words.word(post_words.PLATFORMS, name)) for name, _ in manual_form.PLATFORMS
        ],
        source_words=source_words,
        post_words=post_words,
        first_line=first_line,
    )
