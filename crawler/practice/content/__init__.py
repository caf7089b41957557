"""The made-up content of the practice site, with the truth about every text."""

from crawler.practice.content.loader import load_groups, load_people, load_posts
from crawler.practice.content.shapes import (
    LURE_KINDS,
    ContentError,
    Evasion,
    Group,
    Kind,
    Person,
    Picture,
    PracticeComment,
    PracticePost,
    Scene,
)

__all__ = [
    "LURE_KINDS",
    "ContentError",
    "Evasion",
    "Group",
    "Kind",
    "Person",
    "Picture",
    "PracticeComment",
    "PracticePost",
    "Scene",
    "load_groups",
    "load_people",
    "load_posts",
]
