"""Made-up decisions that follow a habit which the rules do not see: what a second opinion could learn."""

import random
from collections.abc import Iterator
from datetime import timedelta

from casework.triage.models import Verdict
from foundation.clock import Clock
from tests.support.decided import Made

LURES = (
    "đặc khu bên kia sông",
    "có người đón tại bến",
    "giữ giấy tờ giúp",
    "làm tổng đài khách ngoại",
)
HONEST = (
    "phỏng vấn tại công ty",
    "đóng bảo hiểm đầy đủ",
    "xưởng may gần chợ",
    "ký hợp đồng lao động",
)
FILLERS = (
    "tuyển thêm người",
    "ai quan tâm nhắn",
    "đi làm ngay",
    "lương ổn",
    "bao ăn trưa",
    "liên hệ sớm",
)
LEVELS = ("medium", "high")


def habit(clock: Clock, number: int, *, seed: int = 1, noise: float = 0.1) -> Iterator[Made]:
    """Decisions over 80 days: texts with words of LURES are flagged, those of HONEST dismissed, mostly.

    Scores are drawn at random, so the rules' own order tells nothing. Every tenth text has copies.
    """
    pick = random.Random(seed)  # noqa: S311 - made-up texts
    for n in range(number):
        lure = pick.random() < 0.5
        says = pick.choice(LURES if lure else HONEST)
        text = f"{pick.choice(FILLERS)} {says} {pick.choice(FILLERS)} số {seed}-{n}"
        kept = lure if pick.random() >= noise else not lure
        level = pick.choice(LEVELS)
        for _ in range(4 if n % 10 == 0 else 1):
            yield Made(
                (("job/offer", 10),),
                Verdict.KEEP if kept else Verdict.DISMISS,
                at=clock.now() - timedelta(days=80 * (number - n) / number),
                reason="" if kept else "honest_recruiter",
                text=text,
                author=f"nguoi.{n % 50}",
                level=level,
                score=pick.randint(40, 59) if level == "medium" else pick.randint(60, 79),
            )
