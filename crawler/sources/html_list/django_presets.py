"""Selectors for forum programs written in Python, each seen at work on a real server of its make."""

from crawler.sources.forms import Preset

SPIRIT = Preset(
    "spirit",
    "Spirit (Django forum)",
    {
        "mode": "detail",
        "list_item": ".layout__topics__topic",
        "list_link": "a.topic__link",
        "next": "ul.paginator li:last-child a:has(> i.fa-chevron-right)",
        "pages": 50,
        "detail_item": ".comments_list__comment",
        "detail_link": "input.comment__footer__share__url::attr(value)",
        "detail_title": "h1.headline",
        "detail_text": ".comment__text",
        "detail_author": "a.comment__info__username__link span",
        "detail_author_link": "a.comment__info__username__link",
        "detail_time": ".comment__info__date li",
        "detail_next": "ul.paginator li:last-child a:has(> i.fa-chevron-right)",
    },
    platform="forum",
)
MISAGO = Preset(
    "misago",
    "Misago (Django forum)",
    {
        "mode": "detail",
        "list_item": "li.threads-list-item",
        "list_link": "a.threads-list-item-title",
        "next": "a[rel=next], link[rel=next]",
        "pages": 50,
        "detail_item": "ul.posts-list > li.post[itemscope]",
        "detail_link": "a.posted-on",
        "detail_title": ".page-header h1",
        "detail_text": ".post-body",
        "detail_author": "[itemprop=author], .media-heading .item-title",
        "detail_author_link": "a.item-title",
        "detail_time": "time[itemprop=datePublished]",
        "detail_next": "a[rel=next], link[rel=next]",
    },
    platform="forum",
)
MACHINA = Preset(
    "machina",
    "django-machina (Django forum)",
    {
        "mode": "detail",
        "sections": "a.forum-name-link",
        "list_item": "td.topic-name",
        "list_link": "a.topic-name-link",
        "next": 'ul.pagination li:not(.disabled) > a.page-link:contains("»")',
        "pages": 50,
        "detail_item": "div.card.post",
        "detail_link": "h4.subject a",
        "detail_title": "div.col-12 > h1",
        "detail_text": ".post-content",
        "detail_author": ".username a",
        "detail_author_link": ".username a",
        "detail_time": ".post-content-wrapper small.text-muted",
        "detail_next": 'ul.pagination li:not(.disabled) > a.page-link:contains("»")',
    },
    platform="forum",
)
PYTHON_FORUMS = (SPIRIT, MISAGO, MACHINA)
