"""A process that begins another one that judges, says its number, and waits to be killed."""

import os
import time

from search.judges import Judges
from search.rules.matcher import Matcher
from search.rules.pack import load_pack
from tests.search.test_pack import SOUND


def number(_matcher: Matcher) -> int:
    return os.getpid()


if __name__ == "__main__":
    import tests.search.judging

    judges = Judges(Matcher([load_pack(SOUND)]), 1)
    print(judges.ask(tests.search.judging.number).result(), flush=True)
    time.sleep(60)
