"""Selectors for forum programs, after the markup that they write; not yet seen at work on a real forum."""

from crawler.sources.forms import Preset

XENFORO = Preset(
    "xenforo",
    "XenForo 2",
    {
        "mode": "detail",
        "sections": ".node-title a",
        "list_item": "div.structItem--thread",
        "list_link": ".structItem-title a:not(.labelLink)",
        "next": "a.pageNav-jump--next",
        "pages": 50,
        "detail_item": "article.message--post",
        "detail_link": ".message-attribution-main a",
        "detail_title": "h1.p-title-value",
        "detail_text": ".message-body .bbWrapper",
        "detail_author": ".message-name .username",
        "detail_author_link": ".message-name a.username",
        "detail_time": ".message-attribution-main time",
        "detail_next": "a.pageNav-jump--next",
    },
    seen=False,
    platform="forum",
)
VBULLETIN = Preset(
    "vbulletin",
    "vBulletin 3 and 4",
    {
        "mode": "detail",
        "sections": ".forumtitle a, td[id^=f] > div > a[href*=forumdisplay]",
        "list_item": "li.threadbit, td[id^=td_threadtitle_]",
        "list_link": "a.title, a[id^=thread_title_]",
        "next": "a[rel=next]",
        "pages": 50,
        "detail_item": "li.postcontainer, table[id^=post]:has(div[id^=post_message_])",
        "detail_link": "a.postcounter, a[id^=postcount]",
        "detail_title": "#pagetitle .threadtitle, td.navbar strong",
        "detail_text": "div[id^=post_message_]",
        "detail_author": ".username_container .username, a.bigusername",
        "detail_author_link": ".username_container a.username, a.bigusername",
        "detail_time": ".postdate .date, td.thead",
        "detail_next": "a[rel=next]",
    },
    seen=False,
    platform="forum",
)
PHPBB = Preset(
    "phpbb",
    "phpBB 3 (prosilver)",
    {
        "mode": "detail",
        "sections": "a.forumtitle",
        "list_item": "ul.topics > li.row",
        "list_link": "a.topictitle",
        "next": "li.next a, a.right-box[rel=next]",
        "pages": 50,
        "detail_item": "div.post[id^=p]",
        "detail_link": "p.author > a",
        "detail_title": "h2.topic-title",
        "detail_text": ".postbody .content",
        "detail_author": "p.author .username, p.author .username-coloured, p.author strong",
        "detail_author_link": "p.author strong a",
        "detail_time": "p.author",
        "detail_next": "li.next a, a.right-box[rel=next]",
    },
    seen=False,
    platform="forum",
)
FLARUM = Preset(
    "flarum",
    "Flarum (the pages it writes for visitors without JavaScript: no times)",
    {
        "mode": "detail",
        "list_item": "#flarum-content li",
        "list_link": "a",
        "next": '#flarum-content a:contains("»")',
        "pages": 50,
        "detail_item": "#flarum-content article",
        "detail_title": "#flarum-content h1",
        "detail_text": ".Post-body",
        "detail_author": ".PostUser-name",
        "detail_next": '#flarum-content a:contains("»")',
    },
    seen=False,
    platform="forum",
)
FORUMS = (XENFORO, VBULLETIN, PHPBB, FLARUM)
