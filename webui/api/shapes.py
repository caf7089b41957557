"""What goes in and out, as schemas; the document is made of them, so the two cannot differ."""

from collections.abc import Iterable

from marshmallow import RAISE, Schema, fields, validate

from casework.cases.models import Severity
from casework.domain.case_lifecycle import CaseState
from crawler.models import RunState
from crawler.sources.manual.form import HOW, MAX_TEXT
from crawler.sources.manual.parser import MAX_SCREENSHOT_BYTES
from search.models import WorkState
from search.post import Origin, Platform
from search.query import Sort
from search.rules.judgement import Kind, Level

MAX_BASE64 = MAX_SCREENSHOT_BYTES * 4 // 3 + 4


def _one_of(words: Iterable[str]) -> validate.OneOf:
    return validate.OneOf([str(word) for word in words])


class Problem(Schema):
    """Why a request was refused; quote request_id to the administrator."""

    class _Error(Schema):
        key = fields.String(required=True)
        message = fields.String(required=True)
        advice = fields.String(required=True)
        request_id = fields.String(required=True)
        fields_ = fields.Dict(keys=fields.String(), values=fields.String(), data_key="fields")

    error = fields.Nested(_Error, required=True)
    posts = fields.List(fields.Integer(), metadata={"description": "Posts of this address."})


class Me(Schema):
    """Whoever asks, and the token for what changes something."""

    name = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    csrf_token = fields.String(required=True)


class Paged(Schema):
    """Which page of a list."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))
    size = fields.Integer(load_default=25, validate=validate.Range(1, 100))


class PostsQuery(Paged):
    """What posts are searched for; the facets may be given several times."""

    q = fields.String(
        load_default="", validate=validate.Length(max=1000), metadata={"description": "As typed."}
    )
    sort = fields.String(load_default=Sort.RISK.value, validate=_one_of(Sort))
    source = fields.List(fields.String())
    platform = fields.List(fields.String(validate=_one_of(Platform)))
    level = fields.List(fields.String(validate=_one_of(Level)))
    state = fields.List(fields.String(validate=_one_of(WorkState)))
    group = fields.List(fields.String())
    kind = fields.List(fields.String(validate=_one_of(Kind)))
    day = fields.List(fields.String(validate=validate.Regexp(r"^\d{4}-\d{2}-\d{2}$")))


class Contact(Schema):
    """A telephone number, account or link found in a post."""

    kind = fields.String(required=True)
    value = fields.String(required=True)


class PostLine(Schema):
    """A post as lists have it."""

    id = fields.Integer(required=True)
    url = fields.String(required=True)
    page = fields.String(required=True, metadata={"description": "Its page here."})
    source = fields.String(required=True)
    platform = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    author = fields.String(required=True)
    posted_at = fields.DateTime(required=True, allow_none=True)
    seen_at = fields.DateTime(required=True)
    state = fields.String(required=True, validate=_one_of(WorkState))
    score = fields.Integer(required=True)
    level = fields.String(required=True, validate=_one_of(Level))
    kind = fields.String(required=True, validate=_one_of(Kind))
    groups = fields.List(fields.String(), required=True)
    urgent = fields.Boolean(required=True)
    case_id = fields.Integer(required=True, allow_none=True)
    campaign_id = fields.Integer(required=True, allow_none=True)
    origin = fields.String(required=True, validate=_one_of(Origin))
    contacts = fields.List(fields.Nested(Contact), required=True)


class Hit(Schema):
    """One piece of evidence at [start, end) of title, line break, text."""

    signal = fields.String(required=True)
    group = fields.String(required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    text = fields.String(required=True)


class Reason(Schema):
    """Why it was flagged, in both languages."""

    signal = fields.String(required=True)
    group = fields.String(required=True)
    weight = fields.Integer(required=True)
    vi = fields.String(required=True)
    en = fields.String(required=True)


class PostWhole(PostLine):
    """A post with its evidence. A suggestion of the rules, not a decision."""

    hits = fields.List(fields.Nested(Hit), required=True)
    reasons = fields.List(fields.Nested(Reason), required=True)
    matcher_version = fields.String(required=True)
    last_seen_at = fields.DateTime(required=True)


class Posts(Schema):
    """One page of posts."""

    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    size = fields.Integer(required=True)
    posts = fields.List(fields.Nested(PostLine), required=True)


class CasesQuery(Paged):
    """Which cases; `state` not_closed means every state but closed."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    state = fields.String(load_default="", validate=_one_of(["", "not_closed", *CaseState]))
    severity = fields.String(load_default="", validate=_one_of(["", *Severity]))


class CaseLine(Schema):
    """A case as lists have it; nothing of its people."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    title = fields.String(required=True)
    page = fields.String(required=True)
    state = fields.String(required=True, validate=_one_of(CaseState))
    severity = fields.String(required=True, validate=_one_of(Severity))
    owner = fields.String(required=True)
    posts = fields.Integer(required=True)
    opened_at = fields.DateTime(required=True)
    closed_at = fields.DateTime(required=True, allow_none=True)
    next_due = fields.DateTime(required=True, allow_none=True)


class Cases(Schema):
    """One page of cases."""

    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    size = fields.Integer(required=True)
    cases = fields.List(fields.Nested(CaseLine), required=True)


class RunProblem(Schema):
    """One thing that went wrong in a run; the rest went on."""

    at = fields.DateTime(required=True)
    url = fields.String(required=True)
    step = fields.String(required=True)
    reason = fields.String(required=True)
    message = fields.String(required=True)


class RunWhole(Schema):
    """A crawl or import as it stands."""

    id = fields.Integer(required=True)
    source = fields.String(required=True)
    state = fields.String(required=True, validate=_one_of(RunState))
    reason = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    started_at = fields.DateTime(required=True, allow_none=True)
    ended_at = fields.DateTime(required=True, allow_none=True)
    pages = fields.Integer(required=True)
    waiting_pages = fields.Integer(required=True)
    posts = fields.Integer(required=True)
    kept = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    not_kept = fields.Integer(required=True)
    known = fields.Integer(required=True)
    errors = fields.Integer(required=True)
    first_errors = fields.List(fields.Nested(RunProblem), required=True)


class Entry(Schema):
    """A post that a person vouches for. `anyway`: also when its address is here already."""

    class Meta:
        unknown = RAISE

    text = fields.String(required=True, validate=validate.Length(1, MAX_TEXT))
    title = fields.String()
    url = fields.String()
    platform = fields.String(validate=_one_of(Platform))
    author = fields.String()
    author_url = fields.String()
    posted_at = fields.String(metadata={"description": "ISO 8601 or dd/mm/yyyy hh:mm office time"})
    how = fields.String(validate=_one_of([value for value, _ in HOW]))
    screenshot = fields.String(
        validate=validate.Length(max=MAX_BASE64),
        metadata={"description": "PNG, JPEG or WebP in base64"},
    )
    anyway = fields.Boolean(load_default=False)
