"""The rate of a whole crawl beside bare Scrapy on the same local site, in one run.

    python -m benchmarks.crawl [--pages 300] [--rounds 3]

Ours: leased run, robots.txt, guard, budget, parser, rules, database. Bare: Scrapy with the same limits of
concurrency, which reads the same elements and keeps nothing. Both without a delay, so that the programs are
measured and not their manners. Wanted: at least 0.9.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIST, TEXT = "ul.ds a", "article p"
BARE = """
import json, sys, time
import scrapy
from scrapy.crawler import CrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    start_urls = [sys.argv[1]]
    seen = 0
    def parse(self, response):
        for link in response.css("ul.ds a::attr(href)").getall():
            yield response.follow(link, self.post)
    def post(self, response):
        Bare.seen += bool(response.css("article p::text").getall())

process = CrawlerProcess({settings!r})
began = time.monotonic()
process.crawl(Bare)
process.start()
print(json.dumps([Bare.seen, time.monotonic() - began]))
"""
OURS = """
import json, sys, time
from pathlib import Path
import crawler.scrapy_settings as made
from crawler import scrapy_settings
usual = made.scrapy_settings
made.scrapy_settings = lambda settings: {{**usual(settings), **{settings!r}}}
from tests.crawler.office import Office
from crawler.runner import run
import scrapy.crawler, crawler.spider
office = Office(Path(sys.argv[2]))
options = {{"mode": "detail", "list_item": "ul.ds li", "list_link": "a"}}
options |= {{"detail_item": "article", "detail_text": "p"}}
source = office.source("html_list", sys.argv[1], options)
number = office.run(source)
began = time.monotonic()
run(number, office.database, office.ingestor, office.files, office.clock, office.settings)
took = time.monotonic() - began
done = office.load(number)
print(json.dumps([done.posts, took]))
"""
SPEED = {"AUTOTHROTTLE_ENABLED": False, "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS": 8,
         "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False}  # fmt: skip
SITE = """
import sys
from tests.crawler.sites import page, serving
import time
count = int(sys.argv[1])
links = "".join(f'<li><a href="/{n}">x</a></li>' for n in range(count))
words = "Cho thuê phòng trọ gần chợ, giờ giấc tự do, điện nước giá dân. " * 30
post = "<html><body><article><h1>Bài {0}</h1><p>{1} {0}</p></article></body></html>"
pages = {f"/{n}": page(post.format(n, words)) for n in range(count)}
pages["/"] = page(f"<ul class=ds>{links}</ul>")
with serving(pages) as site:
    print(site.address, flush=True)
    sys.stdin.read()
"""


def measured(code: str, *arguments: str) -> tuple[int, float]:
    """Posts read and seconds, of a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    posts, seconds = json.loads(done.stdout.splitlines()[-1])
    return posts, seconds


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pages", type=int, default=300)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    site = subprocess.Popen(
        [sys.executable, "-c", SITE, str(given.pages)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert site.stdout is not None
    address = site.stdout.readline().strip() + "/"
    ratios = []
    try:
        for _ in range(given.rounds):
            bare, bare_seconds = measured(BARE.format(settings=SPEED), address)
            with tempfile.TemporaryDirectory() as folder:
                ours, our_seconds = measured(OURS.format(settings=SPEED), address, folder)
            assert bare == ours == given.pages, (bare, ours)
            ratios.append(bare_seconds / our_seconds)
            rates = f"ours {ours / our_seconds:6.1f}/s   bare Scrapy {bare / bare_seconds:6.1f}/s"
            print(f"{rates}   ratio {ratios[-1]:.2f}", flush=True)
            time.sleep(0.2)
    finally:
        assert site.stdin is not None
        site.stdin.close()
        site.wait(10)
    print(f"crawl rate: {statistics.median(ratios):.2f} x bare Scrapy (wanted: 0.9)")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
