"""The site as a visitor finds it now: the written content with the operator's changes on top."""

from dataclasses import dataclass
from datetime import datetime

from crawler.practice.content import Group, Person, Picture, load_groups, load_people, load_posts
from crawler.practice.content.loader import slug_of
from crawler.practice.content.shapes import PracticeComment, PracticePost, comment_time
from crawler.practice.state import Added, Change, State, Visibility

POST, COMMENT = "post", "comment"
_UNCHANGED = Change()


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment as it stands now."""

    id: int
    post_id: int
    author: Person
    body: str
    at: datetime
    visibility: Visibility
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post as it stands now."""

    id: int
    slug: str
    author: Person
    group: Group
    title: str
    body: str
    at: datetime
    visibility: Visibility
    edited_at: datetime | None
    picture: Picture | None = None
    comments: tuple[ShownComment, ...] = ()

    @property
    def for_members(self) -> bool:
        """Whether strangers are sent to the login page."""
        return self.group.closed or self.visibility is Visibility.MEMBERS

    @property
    def listed(self) -> bool:
        """Whether strangers see it in lists and feeds."""
        return self.visibility is Visibility.PUBLIC and not self.for_members

    @property
    def heading(self) -> str:
        """The title, or the first words where there is none."""
        first = self.body.split("\n", 1)[0]
        return self.title or (first if len(first) <= 80 else first[:79].rstrip() + "…")


class Site:
    """Reads posts, people and groups; holds nothing but the path of the state."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.people = load_people()
        self.groups = load_groups()
        self._start = state.start()
        self._written = {post.id: post for post in load_posts()}

    def posts(self) -> list[ShownPost]:
        """Every post, newest first, whatever its visibility."""
        changes, remarks = self.state.changes(POST), self.state.changes(COMMENT)
        shown = [self._shown(post, changes, remarks) for post in self._written.values()]
        shown += [self._shown_added(post, changes) for post in self.state.added()]
        return sorted(shown, key=lambda post: (post.at, post.id), reverse=True)

    def listed(self, *, group: str = "", author: str = "") -> list[ShownPost]:
        """What strangers see in lists, newest first, of one group or author where named."""
        return [
            post
            for post in self.posts()
            if post.listed
            and (not group or post.group.slug == group)
            and (not author or post.author.handle == author)
        ]

    def post(self, post_id: int) -> ShownPost | None:
        """One post, or nothing where the id was never given out."""
        return next((post for post in self.posts() if post.id == post_id), None)

    def comment(self, comment_id: int) -> tuple[ShownPost, ShownComment] | None:
        """One comment with its post."""
        post = self.post(comment_id // 100)
        found = (each for each in post.comments if each.id == comment_id) if post else iter(())
        comment = next(found, None)
        return (post, comment) if post and comment else None

    def _shown(
        self, post: PracticePost, changes: dict[int, Change], remarks: dict[int, Change]
    ) -> ShownPost:
        change, at = changes.get(post.id, _UNCHANGED), post.posted_at(self._start)
        comments = (self._remark(each, at, remarks) for each in post.comments)
        return ShownPost(
            id=post.id,
            slug=post.slug,
            author=self.people[post.author],
            group=self.groups[post.group],
            title=post.title,
            body=post.body if change.text is None else change.text,
            at=at,
            visibility=change.visibility,
            edited_at=change.edited_at,
            picture=post.picture,
            comments=tuple(comments),
        )

    def _shown_added(self, post: Added, changes: dict[int, Change]) -> ShownPost:
        change = changes.get(post.id, _UNCHANGED)
        return ShownPost(
            id=post.id,
            slug=slug_of(post.title or post.body),
            author=self.people[post.author],
            group=self.groups[post.group],
            title=post.title,
            body=post.body if change.text is None else change.text,
            at=post.posted_at,
            visibility=change.visibility,
            edited_at=change.edited_at,
        )

    def _remark(
        self, comment: PracticeComment, posted_at: datetime, remarks: dict[int, Change]
    ) -> ShownComment:
        change = remarks.get(comment.id, _UNCHANGED)
        return ShownComment(
            id=comment.id,
            post_id=comment.post_id,
            author=self.people[comment.author],
            body=comment.body if change.text is None else change.text,
            at=comment_time(comment, posted_at, self._start),
            visibility=change.visibility,
            edited_at=change.edited_at,
        )
