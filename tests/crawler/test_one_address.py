"""A table of spellings: each line leads to one address, and stays there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.one_address import one_address

SAME = {
    "https://www.facebook.com/permalink.php?story_fbid=112233445566&id=100000000001": [
        "https://m.facebook.com/story.php?story_fbid=112233445566&id=100000000001&refid=17&__tn__=-R",
        "https://mbasic.facebook.com/story.php?id=100000000001&story_fbid=112233445566&eav=Afb&paipv=0",
        "https://facebook.com/permalink.php?id=100000000001&story_fbid=112233445566&fbclid=IwAR0",
    ],
    "https://www.facebook.com/groups/100000000002/posts/200000000003/": [
        "http://m.facebook.com/groups/100000000002/posts/200000000003/?mibextid=Nif5oz",
        "https://web.facebook.com/groups/100000000002/posts/200000000003?__cft__[0]=AZX&__tn__=%2CO",
    ],
    "https://www.facebook.com/groups/100000000002/posts/200000000003/?comment_id=300": [
        "https://m.facebook.com/groups/100000000002/posts/200000000003/?comment_id=300&fbclid=x",
    ],
    "https://www.facebook.com/photo/?fbid=400": [
        "https://m.facebook.com/photo.php?fbid=400&set=a.1&type=3",
        "https://www.facebook.com/photo?fbid=400&set=pcb.5",
    ],
    "https://www.facebook.com/watch/?v=500": ["https://fb.com/watch/?v=500&ref=sharing"],
    "https://www.youtube.com/watch?v=abcDEF12_-4": [
        "https://youtu.be/abcDEF12_-4?si=xyz&t=10",
        "https://m.youtube.com/watch?v=abcDEF12_-4&feature=youtu.be",
        "https://www.youtube.com/shorts/abcDEF12_-4",
        "https://www.youtube-nocookie.com/embed/abcDEF12_-4?rel=0",
        "http://youtube.com/watch?app=desktop&v=abcDEF12_-4&list=PL1",
        "https://www.youtube.com/live/abcDEF12_-4",
    ],
    "https://www.youtube.com/watch?v=abcDEF12_-4&lc=Ugw1": [
        "https://m.youtube.com/watch?lc=Ugw1&v=abcDEF12_-4&pp=x",
    ],
    "https://t.me/viec_bien_mau/77": [
        "https://t.me/s/viec_bien_mau/77",
        "https://telegram.me/viec_bien_mau/77?single",
        "http://t.me/viec_bien_mau/77?embed=1&mode=tme",
    ],
    "https://www.tiktok.com/@nguoimau/video/7000000000000000001": [
        "https://m.tiktok.com/@nguoimau/video/7000000000000000001?_r=1&_t=8",
        "https://tiktok.com/@nguoimau/video/7000000000000000001/?is_from_webapp=1",
    ],
    "https://x.com/nguoimau/status/1700000000000000001": [
        "https://twitter.com/nguoimau/status/1700000000000000001?s=20",
        "https://mobile.twitter.com/nguoimau/status/1700000000000000001/photo/1",
    ],
    "https://bsky.app/profile/nguoi-mau.example/post/3kabc": [
        "https://www.bsky.app/profile/nguoi-mau.example/post/3kabc/?ref_src=embed",
    ],
    "https://www.instagram.com/p/Cabc123/": [
        "https://instagram.com/p/Cabc123?igshid=1",
        "https://www.instagram.com/nguoimau/p/Cabc123/?igsh=x",
    ],
    "https://tin.example/viec-lam/bai-1.html": [
        "https://m.tin.example/viec-lam/bai-1.html?utm_source=zalo&zarsrc=30",
        "https://amp.tin.example/viec-lam/bai-1.amp.html",
        "https://TIN.example:443/viec-lam/bai-1.html?fbclid=IwAR1&gclid=2",
    ],
    "https://tin.example/viec-lam/bai-2/": ["https://tin.example/viec-lam/bai-2/amp/?_gl=1"],
}
APART = [
    ("https://tin.example/bai?id=1", "https://tin.example/bai?id=2"),
    ("https://dien-dan.example/t/1#p2", "https://dien-dan.example/t/1#p3"),
    ("https://t.me/kenh/1", "https://t.me/kenh/2"),
    ("https://t.me/+AbCd", "https://t.me/+EfGh"),
    (
        "https://www.facebook.com/100000000001/posts/1",
        "https://www.facebook.com/100000000001/posts/2",
    ),
    ("https://m.example/1", "https://example/1"),
    ("https://www.youtube.com/playlist?list=A", "https://www.youtube.com/playlist?list=B"),
    ("https://www.facebook.com/l.php?u=a", "https://www.facebook.com/l.php?u=b"),
]


@pytest.mark.parametrize(
    ("spelling", "one"),
    [(spelling, one) for one, many in SAME.items() for spelling in [one, *many]],
)
def test_however_a_post_was_reached_it_is_one(spelling: str, one: str) -> None:
    assert one_address(spelling) == one


def test_on_a_site_of_its_own_a_post_takes_the_host_of_its_source() -> None:
    for home in ("https://www.tin.example/rss", "https://tin.example/"):
        host = home.split("/")[2]
        for spelled in ("www.tin.example", "tin.example", "m.tin.example", "amp.tin.example"):
            assert one_address(f"https://{spelled}/bai/1", home) == f"https://{host}/bai/1"
    assert (
        one_address("https://www.khac.example/1", "https://tin.example/")
        == "https://www.khac.example/1"
    )


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_posts_stay_two(one: str, other: str) -> None:
    assert one_address(one) != one_address(other)


@given(
    st.text(max_size=60),
    st.sampled_from(["", "https://", "https://www.facebook.com/", "https://youtu.be/"]),
)
def test_any_text_has_one_spelling_that_stays(text: str, before: str) -> None:
    once = one_address(before + text)
    assert one_address(once) == once
