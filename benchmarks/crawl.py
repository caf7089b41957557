"""The rate of a whole crawl beside bare Scrapy on the same local site, in one run.

    python -m benchmarks.crawl [--pages 1000] [--rounds 5] [--rules shipped]

Ours: leased run, robots.txt, guard, budget, walls, parser, rules, database. Bare: Scrapy with the same limits of
concurrency, which reads the same elements and keeps nothing. Both without a delay, so that the programs are
measured and not their manners. The site answers from memory and in one piece, so that it is not what is waited
for. Rounds change turns; what counts is the median ratio. Besides seconds, those of the processor are compared:
on a machine that has other work they are the steadier figure. Wanted: at least 0.9.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

WANTED = 0.9
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
began, spent = time.monotonic(), time.process_time()
process.crawl(Bare)
process.start()
print(json.dumps([Bare.seen, time.monotonic() - began, time.process_time() - spent]))
"""
OURS = """
import json, sys, time
from pathlib import Path
import crawler.scrapy_settings as made
usual = made.scrapy_settings
made.scrapy_settings = lambda settings: {{**usual(settings), **{settings!r}}}
from tests.crawler.office import Office
from crawler.runner import run
import scrapy.crawler, crawler.spider
office = Office(Path(sys.argv[2]))
if sys.argv[3] == "shipped":
    from search.rules.matcher import Matcher
    from search.rules.pack import shipped_packs
    matcher = Matcher(shipped_packs())
    office.ingestor._matcher = lambda: matcher
options = {{"mode": "detail", "list_item": "ul.ds li", "list_link": "a"}}
options |= {{"detail_item": "article", "detail_text": "p", "max_pages": "100000"}}
source = office.source("html_list", sys.argv[1], options)
number = office.run(source)
began, spent = time.monotonic(), time.process_time()
run(number, office.database, office.ingestor, office.files, office.clock, office.settings)
took, cost = time.monotonic() - began, time.process_time() - spent
done = office.load(number)
assert done.posts == done.kept + done.not_kept and not done.errors, done.reason
print(json.dumps([done.posts, took, cost]))
"""
SPEED = {"AUTOTHROTTLE_ENABLED": False, "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS": 8,
         "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False}  # fmt: skip
SITE = """
import asyncio, sys
count = int(sys.argv[1])
links = "".join(f'<li><a href="/{n}">x</a></li>' for n in range(count))
words = "Cho thuê phòng trọ gần chợ, giờ giấc tự do, điện nước giá dân. " * 30
post = "<html><body><article><h1>Bài {0}</h1><p>{1} {0}</p></article></body></html>"
pages = {f"/{n}": post.format(n, words) for n in range(count)} | {"/": f"<ul class=ds>{links}</ul>"}

class Site(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.waiting = transport, b""

    def data_received(self, data):
        self.waiting += data
        while b"\\r\\n\\r\\n" in self.waiting:
            head, _, self.waiting = self.waiting.partition(b"\\r\\n\\r\\n")
            page = pages.get(head.split(b" ", 2)[1].decode())
            body = (page or "").encode()
            status = "404 Not Found" if page is None else "200 OK"
            answer = f"HTTP/1.1 {status}\\r\\nContent-Type: text/html; charset=utf-8\\r\\n"
            self.transport.write(f"{answer}Content-Length: {len(body)}\\r\\n\\r\\n".encode() + body)

async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Site, "127.0.0.1", 0)
    print("http://127.0.0.1:%d/" % server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)

asyncio.run(main())
"""


def measured(code: str, *arguments: str) -> tuple[int, float, float]:
    """Posts read, seconds and seconds of the processor, of a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    posts, seconds, cost = json.loads(done.stdout.splitlines()[-1])
    return posts, seconds, cost


def both(address: str, pages: int, rules: str, turn: int) -> tuple[float, float]:
    """One round: the ratio of rates, and that of what the processor spent."""
    found = {}
    for name in ("bare", "ours") if turn % 2 else ("ours", "bare"):
        with tempfile.TemporaryDirectory() as folder:
            code = BARE if name == "bare" else OURS
            found[name] = measured(code.format(settings=SPEED), address, folder, rules)
    (bare, bare_seconds, bare_cost), (ours, our_seconds, our_cost) = found["bare"], found["ours"]
    assert bare == ours == pages, (bare, ours)
    rates = f"ours {ours / our_seconds:6.1f}/s   bare Scrapy {bare / bare_seconds:6.1f}/s"
    costs = f"{1000 * our_cost / pages:.2f} ms and {1000 * bare_cost / pages:.2f} ms of processor a page"
    ratios = bare_seconds / our_seconds, bare_cost / our_cost
    print(f"{rates}   ratio {ratios[0]:.2f}   ({costs}: {ratios[1]:.2f})", flush=True)
    return ratios


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pages", type=int, default=1000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--rules", choices=("words", "shipped"), default="shipped")
    given = asked.parse_args()
    site = subprocess.Popen(
        [sys.executable, "-c", SITE, str(given.pages)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert site.stdout is not None
    address = site.stdout.readline().strip()
    try:
        rounds = [both(address, given.pages, given.rules, turn) for turn in range(given.rounds)]
    finally:
        assert site.stdin is not None
        site.stdin.close()
        site.wait(10)
    rate, cost = (statistics.median(one) for one in zip(*rounds, strict=True))
    print(f"crawl rate: {rate:.2f} x bare Scrapy, by processor time {cost:.2f} (wanted: {WANTED})")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
