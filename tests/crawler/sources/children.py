"""Several runs, each in a process of its own, that share the time it takes to import everything.

`python -m tests.crawler.sources.children FOLDER RUN_ID...`; a process is forked for each run before
anything is opened, three at a time.
"""

import os
import sys

import scrapy.crawler  # noqa: F401 - what every run would import

import crawler.api_access
import crawler.spider  # noqa: F401
from tests.crawler import child

AT_A_TIME = 3


def main() -> int:
    folder, waiting, alive, failed = sys.argv[1], sys.argv[2:], 0, 0
    while waiting or alive:
        if waiting and alive < AT_A_TIME:
            number = waiting.pop(0)
            alive += 1
            if os.fork() == 0:
                sys.argv = ["child", folder, number]
                os._exit(child.main())
            continue
        _, status = os.wait()
        alive -= 1
        failed += status != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
