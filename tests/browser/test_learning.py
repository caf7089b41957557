"""The pages of learning in a real browser: decisions over months, suggestions, the second opinion; both sizes."""

import json
import random
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from casework.triage.models import Verdict
from casework.triage.verdicts import changes
from foundation.people import Role
from search.learning.counting import count
from search.learning.sightings import look
from search.learning.suggesting import look_for_phrases
from search.learning.training import train
from search.models import PostRow
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import Office
from tests.support.decided import Made, make
from tests.support.lessons import habit

pytestmark = pytest.mark.browser
SAMPLES = Path(__file__).parents[1] / "data" / "samples"
REASONS = ("not_lure", "honest_recruiter", "warning_or_news", "old", "duplicate")
SAID = "vòng xoay hoàng kim"


def samples(office: Office) -> list[Made]:
    """Made-up posts as the rules of today judge them, decided about over ten months, mostly rightly."""
    pick, matcher = random.Random(1), office.wiring.matcher  # noqa: S311
    made = []
    for name in ("labour-export", "online-task", "border-job"):
        for line in (SAMPLES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:60]:
            text = json.loads(line)["text"]
            judgement = matcher.match(text)
            if judgement is None:
                continue
            right = judgement.kind == "lure" and pick.random() < 0.85
            rules = [(one.signal, one.weight) for one in judgement.reasons]
            for n in range(3):
                made.append(
                    Made(
                        rules,
                        Verdict.KEEP if right else Verdict.DISMISS,
                        at=office.wiring.clock.now() - timedelta(days=pick.randrange(300)),
                        reason="" if right else pick.choice(REASONS),
                        text=f"{text} {SAID if right and n == 0 and len(made) % 4 == 0 else ''} {n}",
                        author=f"nguoi.dang.{pick.randrange(200)}",
                        level=judgement.level,
                        score=judgement.score,
                        groups=judgement.groups,
                    )
                )
    return made


def counted(office: Office, made: list[Made]) -> None:
    wiring = office.wiring
    make(wiring.database, wiring.clock, made)
    count(wiring.database, wiring.clock, changes)
    look(wiring.database, wiring.clock, wiring.rules.office.packs)


def opened(office: Office, page: Page, path: str, name: str) -> None:
    page.goto(office.url + path)
    shot(page, name)
    assert axe(page) == []
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) == 0, f"{path} at {width}"
    page.set_viewport_size({"width": 1366, "height": 768})


def test_without_decisions_every_page_says_what_it_needs(office: Office, page: Page) -> None:
    office.log_in(page, office.people(Role.ADMINISTRATOR))
    for path, name in (("", "rules"), ("/phrases", "phrases"), ("/opinion", "opinion")):
        opened(office, page, f"/rules/learning{path}", f"learning-empty-{name}")


def test_rules_with_months_of_decisions_by_keyboard(office: Office, page: Page) -> None:
    counted(office, samples(office))
    office.log_in(page, office.people(Role.INSPECTOR))
    opened(office, page, "/rules/learning", "learning-rules")
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).to_have_attribute("aria-current", "true")
    page.goto(office.url + "/rules/learning?pack=labour-export&sort=share")
    shot(page, "learning-rules-pack")


def test_a_suggestion_is_put_into_a_draft(office: Office, page: Page) -> None:
    counted(office, samples(office))
    look_for_phrases(office.wiring.database, office.wiring.clock, office.wiring.rules.office)
    office.log_in(page, office.people(Role.INSPECTOR))
    opened(office, page, "/rules/learning/phrases", "learning-phrases")
    card = page.locator(".phrase-card", has_text=SAID).first
    card.locator("select").select_option(index=1)
    card.get_by_role("button", name="Đưa vào bản soạn").click()
    expect(page.get_by_text("đã ở trong bản soạn")).to_be_visible()
    shot(page, "learning-phrases-drafted")


def test_the_second_opinion_is_switched_on_and_explains_itself(office: Office, page: Page) -> None:
    wiring = office.wiring
    counted(office, list(habit(wiring.clock, 260, noise=0.05)))
    train(wiring.database, wiring.files, wiring.clock, timedelta(days=90))
    (post,) = make(wiring.database, wiring.clock, [Made((), text="có người đón tại bến, đi ngay")])
    office.log_in(page, office.people(Role.ADMINISTRATOR))
    opened(office, page, "/rules/learning/opinion", "learning-opinion-measured")
    page.get_by_role("button", name="Bật").click()
    expect(page.get_by_text("Đang bật: bản 1")).to_be_visible()
    opened(office, page, "/rules/learning/opinion", "learning-opinion-on")
    page.goto(f"{office.url}/posts/{post}")
    expect(page.get_by_role("heading", name="Ý kiến thứ hai")).to_be_visible()
    assert axe(page) == []
    shot(page, "learning-opinion-post")
    with wiring.database.reading() as session:
        assert session.get_one(PostRow, post).state == "new"
