"""Selectors for sites of a known make, each seen at work on a real server unless it says otherwise."""

from crawler.sources.forms import Preset
from crawler.sources.html_list.django_presets import PYTHON_FORUMS
from crawler.sources.html_list.forum_presets import FORUMS

LANG_PHO = Preset(
    "lang_pho",
    "Làng Phố (the practice site)",
    {
        "mode": "both",
        "list_item": "article.post",
        "list_link": "a.post-permalink",
        "list_title": ".post-title",
        "list_text": ".post-body",
        "list_author": ".post-author",
        "list_author_link": "a.post-author",
        "list_time": "time.post-time",
        "next": "a.pager-next",
        "pages": 50,
        "detail_item": "li.comment",
        "detail_link": "a.comment-permalink",
        "detail_text": ".comment-body",
        "detail_author": ".comment-author",
        "detail_author_link": "a.comment-author",
        "detail_time": "time.comment-time",
    },
    platform="forum",
)
WORDPRESS = Preset(
    "wordpress",
    "WordPress (its pages)",
    {
        "mode": "detail",
        "list_item": "article.post, article.hentry",
        "list_link": ".entry-title a",
        "next": "a.next.page-numbers, .nav-previous a",
        "pages": 50,
        "detail_item": "article.post, article.hentry, .comment-list .comment-body",
        "detail_link": ".comment-metadata a",
        "detail_title": ".entry-title",
        "detail_text": ".entry-content, .comment-content",
        "detail_author": "a[rel=author], .comment-author .fn",
        "detail_author_link": "a[rel=author], .comment-author .fn a",
        "detail_time": "time.entry-date, .comment-metadata time",
    },
    platform="website",
)
PRESETS = (LANG_PHO, WORDPRESS, *PYTHON_FORUMS, *FORUMS)
