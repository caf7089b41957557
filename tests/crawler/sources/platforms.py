"""A server that answers like ten platforms, with paging, so that whole crawls can be watched.

What is written on them can grow between two runs. Each platform asks for what the real one asks for: a
key, a cursor, a page.
"""

import gzip
import json
from datetime import datetime
from typing import Any

from tests.crawler.sites import Answer, Asked, Handler
from tests.crawler.words import KEPT_WORD

KEY = "AIzaSy-KHOA/bi+mat=000"
TOKEN = "EAAB000maBiMat111"
PER_PAGE = 3


def _json(data: Any, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(json.dumps(data, ensure_ascii=False), status, named, "application/json")


def _at(number: int) -> str:
    """The later the number, the later the time."""
    return f"2026-11-20T{number // 60:02}:{number % 60:02}:00"


class Platforms:
    """`count` posts on each platform, the newest last; `echo` is what a careless server sends back."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.address = ""
        self.keys: list[str] = []

    def pages(self) -> dict[str, Handler]:
        handlers: dict[str, Handler] = {
            "/wp/wp-json/wp/v2/posts": self.wordpress_posts,
            "/wp/wp-json/wp/v2/comments": self.wordpress_comments,
            "/dis/latest.json": self.discourse_list,
            "/bb/api/recent": self.nodebb_list,
            "/s/viecxa000": self.telegram,
            "/xrpc/app.bsky.feed.getAuthorFeed": self.bluesky,
            "/xrpc/app.bsky.feed.getPostThread": self.bluesky_thread,
            "/api/v1/timelines/tag/vieclam": self.mastodon,
            "/youtube/v3/search": self.youtube_search,
            "/youtube/v3/videos": self.youtube_videos,
            "/youtube/v3/commentThreads": self.youtube_comments,
            "/youtube/v3/comments": self.youtube_replies,
            "/v21.0/viecxa000/feed": self.facebook,
            "/w/api.php": self.mediawiki,
            "/map/sitemap.xml": self.sitemap_index,
            "/map/one.xml.gz": self.sitemap,
        }
        for number in range(1, 30):
            handlers[f"/dis/t/{number}.json"] = self.discourse_topic
            handlers[f"/bb/api/topic/{number}/chu-de"] = self.nodebb_topic
            handlers[f"/v21.0/9_{number}/comments"] = self.facebook_comments
            handlers[f"/map/bai-{number}"] = self.sitemap_page
            handlers[f"/api/v1/statuses/{10**17 + number}/context"] = self.mastodon_context
        return handlers

    def newest_first(self) -> list[int]:
        return list(range(self.count, 0, -1))

    def page_of(
        self, asked: Asked, numbers: list[int], name: str = "page"
    ) -> tuple[list[int], int]:
        """The numbers of one page, and how many pages there are."""
        page = int(asked.query.get(name, "1"))
        return numbers[(page - 1) * PER_PAGE : page * PER_PAGE], -(-len(numbers) // PER_PAGE)

    def wordpress_posts(self, asked: Asked) -> Answer:
        since = asked.query.get("modified_after", "")
        numbers = [one for one in self.newest_first() if _at(one) > since]
        shown, pages = self.page_of(asked, numbers)
        author = {
            "author": [
                {"name": "Chị Hậu", "slug": "chi-hau", "link": f"{self.address}/wp/author/x/"}
            ]
        }
        entries = [
            {
                "id": one, "date": _at(one), "date_gmt": _at(one), "modified": _at(one), "status": "publish",
                "link": f"{self.address}/wp/bai-{one}/", "title": {"rendered": f"Bài {one}"},
                "content": {"rendered": f"<p>Nội dung {one} {KEPT_WORD}</p>"}, "_embedded": author,
            }
            for one in shown
        ]  # fmt: skip
        return _json(entries, X_WP_TotalPages=str(pages))

    def wordpress_comments(self, asked: Asked) -> Answer:
        if asked.query.get("after"):
            return _json([], X_WP_TotalPages="0")
        link = f"{self.address}/wp/bai-1/#comment-9"
        comment = {"id": 9, "post": 1, "parent": 0, "author_name": "Ba Tám", "link": link, "date": _at(1),
                   "date_gmt": _at(1), "content": {"rendered": f"<p>Coi chừng {KEPT_WORD}</p>"},
                   "status": "approved", "type": "comment"}  # fmt: skip
        return _json([comment], X_WP_TotalPages="1")

    def discourse_list(self, asked: Asked) -> Answer:
        page = int(asked.query.get("page", "0"))
        numbers = self.newest_first()[page * PER_PAGE : (page + 1) * PER_PAGE]
        more = "/latest?page=1" if (page + 1) * PER_PAGE < self.count else None
        topics = [
            {
                "id": one,
                "slug": "chu-de",
                "posts_count": 21 if one == 1 else 1,
                "bumped_at": f"{_at(one)}.000Z",
            }
            for one in numbers
        ]
        return _json({"topic_list": {"topics": topics, "more_topics_url": more}})

    def discourse_topic(self, asked: Asked) -> Answer:
        number = int(asked.path.rpartition("/")[2].removesuffix(".json"))
        page = int(asked.query.get("page", "1"))
        count = 21 if number == 1 else 1
        entries = [
            {
                "id": number * 100 + one, "post_number": one, "post_type": 1, "username": "co_ut", "name": "Cô Út",
                "cooked": f"<p>Chủ đề {number}, bài {one} {KEPT_WORD}</p>", "created_at": f"{_at(number)}.000Z",
                "reply_to_post_number": None,
            }
            for one in range((page - 1) * 20 + 1, min(count, page * 20) + 1)
        ]  # fmt: skip
        topic = {"id": number, "slug": "chu-de", "title": "Chủ đề", "posts_count": count}
        return _json({**topic, "post_stream": {"posts": entries}})

    def nodebb_list(self, asked: Asked) -> Answer:
        shown, pages = self.page_of(asked, self.newest_first())
        topics = [
            {
                "tid": one,
                "slug": f"{one}/chu-de",
                "lastposttimeISO": f"{_at(one)}.000Z",
                "deleted": 0,
            }
            for one in shown
        ]
        return _json({"topics": topics, "pagination": {"pageCount": pages}})

    def nodebb_topic(self, asked: Asked) -> Answer:
        number = int(asked.path.split("/")[-2])
        user = {"uid": 3, "username": "nam_rau", "displayname": "Năm Râu", "userslug": "nam_rau"}
        entries = [
            {"pid": number * 10 + one, "content": f"<p>{number}.{one} {KEPT_WORD}</p>", "user": user,
             "timestampISO": f"{_at(number)}.000Z", "index": one, "deleted": 0}
            for one in range(2)
        ]  # fmt: skip
        whole = {
            "tid": number,
            "slug": f"{number}/chu-de",
            "mainPid": number * 10,
            "title": "Chủ đề",
        }
        return _json({**whole, "posts": entries, "pagination": {"pageCount": 1}})

    def telegram(self, asked: Asked) -> Answer:
        before = int(asked.query.get("before", self.count + 1))
        numbers = [one for one in range(1, self.count + 1) if one < before][-PER_PAGE:]
        more = (
            f'<a class="tme_messages_more" data-before="{numbers[0]}"></a>'
            if numbers and numbers[0] > 1
            else ""
        )
        messages = "".join(
            f'<div class="tgme_widget_message" data-post="viecxa000/{one}"><div class="tgme_widget_message_text">'
            f"Tin {one}<br/>{KEPT_WORD}</div><time datetime='{_at(one)}+00:00'></time></div>"
            for one in numbers
        )
        return Answer(f'<section class="tgme_channel_history">{more}{messages}</section>')

    def bluesky(self, asked: Asked) -> Answer:
        if asked.query.get("actor") != "chi-na.example":
            return _json({"error": "InvalidRequest", "message": "Profile not found"}, 400)
        start = int(asked.query.get("cursor", "0"))
        numbers = self.newest_first()[start : start + PER_PAGE]
        feed = [{"post": self._bluesky_post(one)} for one in numbers]
        end = start + PER_PAGE >= self.count
        return _json({"feed": feed} if end else {"feed": feed, "cursor": str(start + PER_PAGE)})

    def _bluesky_post(self, number: int) -> dict[str, Any]:
        return {
            "uri": f"at://did:plc:na/app.bsky.feed.post/k{number}",
            "author": {"did": "did:plc:na", "handle": "chi-na.example", "displayName": "Chị Na"},
            "record": {
                "text": f"Bài {number} {KEPT_WORD}",
                "createdAt": f"{_at(number)}.000Z",
                "langs": ["vi"],
            },
            "indexedAt": f"{_at(number)}.000Z",
            "replyCount": 1 if number == 1 else 0,
        }

    def bluesky_thread(self, _asked: Asked) -> Answer:
        reply = {
            "uri": "at://did:plc:hai/app.bsky.feed.post/tra-loi",
            "author": {"did": "did:plc:hai", "handle": "hai.example", "displayName": "Hai"},
            "record": {
                "text": f"Trả lời {KEPT_WORD}", "createdAt": f"{_at(9)}.000Z",
                "reply": {"parent": {"uri": "at://did:plc:na/app.bsky.feed.post/k1"}},
            },
            "indexedAt": f"{_at(9)}.000Z",
        }  # fmt: skip
        return _json(
            {"thread": {"post": self._bluesky_post(1), "replies": [{"post": reply, "replies": []}]}}
        )

    def mastodon(self, asked: Asked) -> Answer:
        base = 10**17
        numbers = self.newest_first()
        if "max_id" in asked.query:
            numbers = [one for one in numbers if base + one < int(asked.query["max_id"])]
        if "min_id" in asked.query:
            numbers = [one for one in numbers if base + one > int(asked.query["min_id"])][
                -PER_PAGE:
            ]
        shown = numbers[:PER_PAGE]
        path = f"{self.address}/api/v1/timelines/tag/vieclam?limit=40"
        link = ""
        if shown:
            link = f'<{path}&max_id={base + shown[-1]}>; rel="next", <{path}&min_id={base + shown[0]}>; rel="prev"'
        return _json([self._status(one) for one in shown], Link=link)

    def _status(self, number: int, **more: Any) -> dict[str, Any]:
        account = {
            "id": "201",
            "acct": "bay_xe",
            "display_name": "Bảy Xe",
            "url": f"{self.address}/@bay_xe",
        }
        return {
            "id": str(10**17 + number), "url": f"{self.address}/@bay_xe/{10**17 + number}", "visibility": "public",
            "created_at": f"{_at(number)}.000Z", "content": f"<p>Bài {number} {KEPT_WORD}</p>", "account": account,
            "replies_count": 1 if number == 1 else 0, "language": "vi", "reblog": None, **more,
        }  # fmt: skip

    def mastodon_context(self, _asked: Asked) -> Answer:
        reply = self._status(
            29,
            in_reply_to_id=str(10**17 + 1),
            in_reply_to_account_id="201",
            url=f"{self.address}/@khac/5",
        )
        return _json({"ancestors": [], "descendants": [reply]})

    def _keyed(self, asked: Asked) -> Answer | None:
        self.keys.append(asked.query.get("key", ""))
        if asked.query.get("key") == KEY:
            return None
        message = f"API key not valid: {asked.query.get('key')}. Please pass a valid API key."
        return _json(
            {"error": {"code": 400, "message": message, "errors": [{"reason": "badRequest"}]}}, 400
        )

    def youtube_search(self, asked: Asked) -> Answer:
        after = asked.query.get("publishedAfter", "")
        numbers = [one for one in self.newest_first() if f"{_at(one)}Z" > after]
        items = [
            {"id": {"videoId": f"video{one:06}"}, "snippet": {"publishedAt": f"{_at(one)}Z"}}
            for one in numbers
        ]
        return self._keyed(asked) or _json({"items": items})

    def youtube_videos(self, asked: Asked) -> Answer:
        items = [
            {
                "id": one, "statistics": {"viewCount": "5", "commentCount": "2"},
                "snippet": {"title": one, "description": f"{KEPT_WORD} khóa {asked.query.get('key')}",
                            "publishedAt": f"{_at(int(one[5:]))}Z", "channelTitle": "Kênh", "channelId": "UCx"},
            }
            for one in asked.query["id"].split(",")
        ]  # fmt: skip
        return self._keyed(asked) or _json({"items": items})

    def _comment(self, number: str, video: str, **more: str) -> dict[str, Any]:
        return {"id": number, "snippet": {"videoId": video, "textOriginal": f"{number} {KEPT_WORD}",
                "authorDisplayName": "@tu", "publishedAt": f"{_at(5)}Z", **more}}  # fmt: skip

    def youtube_comments(self, asked: Asked) -> Answer:
        video = asked.query["videoId"]
        if video == "video000002":
            error = {"code": 403, "message": "disabled", "errors": [{"reason": "commentsDisabled"}]}
            return self._keyed(asked) or _json({"error": error}, 403)
        number = f"c{video[-1]}"
        top = {"topLevelComment": self._comment(number, video), "totalReplyCount": 1}
        return self._keyed(asked) or _json({"items": [{"id": number, "snippet": top}]})

    def youtube_replies(self, asked: Asked) -> Answer:
        parent = asked.query["parentId"]
        return self._keyed(asked) or _json(
            {"items": [self._comment(f"{parent}.r", "", parentId=parent)]}
        )

    def _granted(self, asked: Asked) -> Answer | None:
        self.keys.append(asked.query.get("access_token", ""))
        if asked.query.get("access_token") == TOKEN:
            return None
        return _json({"error": {"code": 190, "message": "Invalid OAuth access token."}}, 400)

    def facebook(self, asked: Asked) -> Answer:
        since = int(asked.query.get("since", "0"))
        numbers = [one for one in self.newest_first() if self._seconds(one) > since]
        start = int(asked.query.get("after", "0"))
        shown = numbers[start : start + PER_PAGE]
        entries = [
            {
                "id": f"9_{one}", "message": f"Bài {one} {KEPT_WORD}", "created_time": f"{_at(one)}+0000",
                "permalink_url": f"https://www.facebook.com/viecxa000/posts/{one}",
                "comments": {"summary": {"total_count": 1 if one == 1 else 0}},
            }
            for one in shown
        ]  # fmt: skip
        following = (
            f"{self.address}/v21.0/viecxa000/feed?access_token={TOKEN}&after={start + PER_PAGE}"
        )
        paging = {"cursors": {"after": str(start + PER_PAGE)}, "next": following}
        end = start + PER_PAGE >= len(numbers)
        return self._granted(asked) or _json({"data": entries, "paging": {} if end else paging})

    def _seconds(self, number: int) -> int:
        return int(datetime.fromisoformat(f"{_at(number)}+00:00").timestamp())

    def facebook_comments(self, asked: Asked) -> Answer:
        comment = {
            "id": "1_5",
            "message": f"Bình luận {KEPT_WORD}",
            "created_time": f"{_at(9)}+0000",
        }
        return self._granted(asked) or _json({"data": [comment]})

    def mediawiki(self, asked: Asked) -> Answer:
        if "revids" in asked.query:
            return self._texts(asked.query["revids"])
        end = asked.query.get("rcend", "")
        numbers = [one for one in self.newest_first() if f"{_at(one)}Z" >= end]
        start = int(asked.query.get("rccontinue", "0"))
        changes = [
            {"type": "edit", "title": "Thảo luận:Việc", "revid": one * 2, "old_revid": one * 2 - 1,
             "user": "Tèo", "timestamp": f"{_at(one)}Z"}
            for one in numbers[start : start + PER_PAGE]
        ]  # fmt: skip
        data: dict[str, Any] = {"query": {"recentchanges": changes}}
        if start + PER_PAGE < len(numbers):
            data["continue"] = {"rccontinue": str(start + PER_PAGE), "continue": "-||"}
        return _json(data)

    def _texts(self, numbers: str) -> Answer:
        revisions = [
            {
                "revid": one, "parentid": one - 1, "user": "Tèo", "timestamp": f"{_at(one // 2)}Z",
                "slots": {"main": {"content": "Cũ" if one % 2 else f"Cũ\nThêm {one} {KEPT_WORD}"}},
            }
            for one in map(int, numbers.split("|"))
        ]  # fmt: skip
        page = {"pageid": 1, "title": "Thảo luận:Việc", "revisions": revisions}
        return _json({"query": {"pages": [page]}})

    def sitemap_index(self, _asked: Asked) -> Answer:
        loc = f"<sitemap><loc>{self.address}/map/one.xml.gz</loc></sitemap>"
        return Answer(f"<sitemapindex>{loc}</sitemapindex>", content_type="application/xml")

    def sitemap(self, _asked: Asked) -> Answer:
        urls = "".join(
            f"<url><loc>{self.address}/map/bai-{one}</loc><lastmod>{_at(one)}+00:00</lastmod></url>"
            for one in range(1, self.count + 1)
        )
        return Answer(
            gzip.compress(f"<urlset>{urls}</urlset>".encode()), content_type="application/x-gzip"
        )

    def sitemap_page(self, asked: Asked) -> Answer:
        text = "Một bài đủ dài để nhận ra là nội dung chính của trang này. " * 3
        return Answer(
            f"<html><title>{asked.path}</title><article><p>{text}{KEPT_WORD}</p></article></html>"
        )
