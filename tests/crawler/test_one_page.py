"""One page by its address, through the real crawl: oEmbed, previews, walls, pages made by scripts."""

from urllib.parse import quote

import pytest

from crawler.models import RunState
from crawler.sources.page import KIND
from search.post import Platform
from tests.crawler.office import Office
from tests.crawler.pages import answer, plan
from tests.crawler.sites import Answer, Asked, Handler, page, serving
from tests.crawler.sources import golden
from tests.crawler.words import KEPT_WORD

VIDEO = "/@chihai.viec000/video/7300000000000000001"


def body(case: str) -> str:
    return golden.body("page", case)[0].decode()


@pytest.mark.net
def test_a_video_is_read_by_its_oembed_and_a_short_address_leads_to_it(office: Office) -> None:
    def oembed(asked: Asked) -> Answer:
        if not asked.query["url"].endswith(VIDEO):
            return Answer(body("tiktok_gone"), 400, content_type="application/json")
        return Answer(body("tiktok").replace("nữ", KEPT_WORD), content_type="application/json")

    pages: dict[str, Handler] = {"/oembed": oembed, VIDEO: page("<p>khung trống</p>")}
    pages["/ZS000abc/"] = lambda _asked: Answer("", 301, {"Location": VIDEO + "?_r=1"})
    with serving(pages) as site:
        for path, visits in ((VIDEO, 1), ("/ZS000abc/", 3)):
            began = len(site.visits)
            source = office.source("page", site.address + path, platform=Platform.TIKTOK)
            run = office.crawl(source)
            assert (run.state, run.posts, run.errors) == (RunState.DONE, 1, 0)
            asked = [one for one in site.paths()[began:] if one != "/robots.txt"]
            assert len(asked) == visits
        first, second = office.posts()
        assert first.url == second.url == site.address + VIDEO
        assert (first.platform, first.author_handle) == ("tiktok", "chihai.viec000")
        assert first.posted_at is None
        gone = office.source("page", f"{site.address}/@x/video/1", platform=Platform.TIKTOK)
        run = office.crawl(gone)
        assert (run.posts, office.reasons(run.id)) == (0, ["not_public"])


@pytest.mark.net
def test_a_wall_is_recorded_and_never_read(office: Office) -> None:
    pages: dict[str, Handler] = {
        "/bai": page(body("wall")),
        "/chuyen": lambda _asked: Answer("", 302, {"Location": "/login/?next=/chuyen"}),
        "/login/": page("<form><input type=password></form>"),
    }
    with serving(pages) as site:
        for path in ("/bai", "/chuyen"):
            run = office.crawl(office.source("page", site.address + path, platform="facebook"))
            assert (run.posts, office.reasons(run.id)) == (0, ["login_wall"])


def test_a_page_without_text_is_read_by_the_oembed_that_it_names() -> None:
    link = "/oembed.json?url=" + quote("https://dien-dan.example/v/1", safe="")
    head = f'<link rel="alternate" type="application/json+oembed" href="{link}"><title>V</title>'
    parsed = KIND.read(plan("page"), answer(f"<html><head>{head}</head><body></body>", step="page"))
    (fetch,) = parsed.follow
    assert (fetch.step, fetch.meta["of"]) == ("oembed", "https://dien-dan.example/")
    away = head.replace('href="/', 'href="https://noi-khac.example/')
    assert KIND.read(plan("page"), answer(f"<head>{away}</head>", step="page")).follow == ()


def test_the_chosen_element_is_the_text_and_scripts_are_asked_for_by_an_option() -> None:
    options = {"text": ".loi", "javascript": "on"}
    html = "<meta property=og:description content='Giới thiệu'><p>khác</p><p class=loi>Lời rao</p>"
    (post,) = KIND.read(plan("page", options), answer(html, step="page")).posts
    assert post.text == "Lời rao"
    (fetch,) = KIND.start(plan("page", options))
    assert fetch.meta == {"render": ".loi"}


def test_an_oembed_of_another_shape_is_told() -> None:
    for content, reason in (
        ("[]", "json_shape"),
        ("{", "not_json"),
        ('{"title": 5}', "not_public"),
        ('{"title": ""}', "not_public"),
    ):
        parsed = KIND.read(plan("page"), answer(content, step="oembed", meta={"of": "x"}))
        assert parsed.posts == ()
        assert [one.reason for one in parsed.problems] == [reason]
