"""The process of one run, as the deployment's own command composes it, for tests that kill it.

`python -m tests.crawler.child FOLDER RUN_ID`: FOLDER holds rasoat.db and files/; loopback may be crawled. What
is asked again after an error is asked again at once: how long a crawl waits is a test of its own.
"""

import os
import sys
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import foundation.audit
import foundation.lifecycle
import foundation.outbox  # noqa: F401
from crawler import manners, scrapy_settings, writer
from crawler.runner import run
from foundation.clock import SystemClock
from foundation.database import Database
from foundation.files import FolderStore
from foundation.settings import Settings
from search.ingest import Ingestor
from search.rules.matcher import Matcher
from search.rules.pack import shipped_packs
from tests.crawler import rebinding
from tests.crawler.words import WordMatcher

KEY = b"k" * 32
RETENTION = timedelta(days=90)
LOOPBACK = (ip_network("127.0.0.0/8"),)


def settings_of(folder: Path) -> Settings:
    """Settings of a deployment that may crawl this machine."""
    names = ("youtube_key", "youtube_quota", "facebook_token", "mastodon_token")
    given = {
        variable: value
        for name in names
        if (value := os.environ.get(variable := f"RASOAT_{name.upper()}"))
    }
    return replace(
        Settings.from_env(given),
        data_dir=folder,
        contact="mailto:office@office.example",
        private_networks=LOOPBACK,
    )


def main() -> int:
    """One run. Options: `--real-rules`; `--no-private` (nothing private may be crawled); `--only-one` (of this
    machine only 127.0.0.1); `--hurried` (no pause between requests, whatever a site asks for; many small
    commits); `--impatient` (a second for each request); `--rebinding` (names lead where that module says).
    """
    manners.BACK_OFF_FIRST_SECONDS = 0.01
    folder, run_id = Path(sys.argv[1]), int(sys.argv[2])
    database = Database(f"sqlite:///{folder / 'rasoat.db'}")
    clock = SystemClock()
    matcher = Matcher(shipped_packs()) if "--real-rules" in sys.argv else WordMatcher()
    ingestor = Ingestor(database, lambda: matcher, clock, KEY, RETENTION)  # type: ignore[arg-type,return-value]
    settings = settings_of(folder)
    if "--no-private" in sys.argv:
        settings = Settings(data_dir=folder)
    if "--only-one" in sys.argv:
        settings = replace(settings, private_networks=(ip_network("127.0.0.1/32"),))
    given: dict[str, Any] = {}
    if "--hurried" in sys.argv:
        given |= {"AUTOTHROTTLE_ENABLED": False, "DOWNLOAD_DELAY": 0}
        writer.FLUSH_SECONDS = 0.05
        _forget_delays()
    if "--impatient" in sys.argv:
        given |= {"DOWNLOAD_TIMEOUT": 1.0}
    usual = scrapy_settings.scrapy_settings
    scrapy_settings.scrapy_settings = lambda settings: {**usual(settings), **given}
    if "--rebinding" in sys.argv:
        rebinding.install()
    state = run(run_id, database, ingestor, FolderStore(folder / "files"), clock, settings)
    sys.stdout.write(f"{state}\n")
    return 0


def _forget_delays() -> None:
    from crawler.middlewares import Manners

    Manners._slow_down = lambda *_: None  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.exit(main())
