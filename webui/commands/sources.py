"""Commands about sources: what an address would give, before it becomes a source."""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

import click

from crawler.discovery import WHY
from crawler.first_look import FirstLook, first_look, problems_of
from crawler.page import Problem
from crawler.quota import Meter, meter_for
from crawler.reasons import sentence
from crawler.sources import KINDS
from crawler.sources.base import Kind, Way, free
from crawler.sources.forms import FieldError
from foundation.errors import InvalidInput, Unavailable
from foundation.settings import Settings
from search.post import Post
from webui.commands.opening import opened

NOTHING_READ, NO_POSTS = 1, 3
CRAWLED = [name for name, kind in KINDS.items() if kind.way == Way.CRAWL]


@click.group("sources")
def sources_command() -> None:
    """Where posts come from."""


@sources_command.command("try")
@click.argument("address", metavar="URL")
@click.option("--kind", type=click.Choice(CRAWLED), default=None, help="Read it as this kind.")
@click.option(
    "--set", "pairs", multiple=True, help="An option of the kind, e.g. --set preset=xenforo"
)
def try_command(address: str, kind: str | None, pairs: tuple[str, ...]) -> None:
    """Print the first posts of an address as JSON, as they would be stored; nothing is kept.

    Ends with 0 when there are posts, 1 when nothing could be read, 2 when what was asked cannot be taken,
    3 when pages were read but held no post. What went wrong is told in words on standard error.
    """
    settings = Settings.from_env(os.environ)
    options = _options(pairs)
    try:
        look = first_look(address, settings, kind=kind or "", options=options, meters=_meter)
    except FieldError as error:
        raise InvalidInput(str(error), about="url") from error
    posts = look.trial.posts if look.trial else ()
    click.echo(json.dumps([shown(post) for post in posts], ensure_ascii=False, indent=2))
    _tell(look)
    if posts:
        return
    sys.exit(NO_POSTS if look.trial and look.trial.pages and not _failed(look) else NOTHING_READ)


def shown(post: Post) -> dict[str, Any]:
    """One post as `rasoat sources try` prints it; docs/operations/commands.md says what each field is."""
    return {
        "address": post.url,
        "platform": str(post.platform),
        "title": post.title,
        "text": post.text,
        "author": post.author.name,
        "handle": post.author.handle,
        "author_address": post.author.url,
        "time": post.posted_at.isoformat() if post.posted_at else None,
        "zone": post.zone,
        "language": post.language,
        "links": list(post.links),
        "media": [{"url": one.url, "kind": one.kind, "alt": one.alt} for one in post.media],
        "reply_to": post.reply_to,
        "forwarded_from": post.forwarded_from,
        "counts": dict(post.counts),
    }


def _options(pairs: Iterable[str]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise InvalidInput(f"--set wants option=value, not {pair!r}", about="set")
    return dict(pair.split("=", 1) for pair in pairs)


def _meter(kind: Kind) -> Meter | None:
    """Quotas are counted in the deployment's database; where none was made yet, nobody else spends the key's."""
    if kind.cost is free:
        return None
    try:
        wiring = opened("sources")
    except Unavailable:
        return None
    return meter_for(kind, wiring.database, wiring.clock, wiring.settings)


def _failed(look: FirstLook) -> bool:
    """Whether no page of the source itself could be read."""
    trial = look.trial
    return trial is None or len({one.url for one in trial.problems}) >= trial.pages > 0


def _tell(look: FirstLook) -> None:
    if look.taken is not None:
        click.echo(
            f"{look.taken.guess.kind} {look.taken.guess.address}: {WHY[look.taken.why]}", err=True
        )
    elif not look.found.problems:
        click.echo("Nothing was recognised: name the kind with --kind.", err=True)
    for problem in problems_of(look):
        click.echo(f"  {_words(problem)} ({problem.url})", err=True)


def _words(problem: Problem) -> str:
    return sentence(problem.reason, problem.detail)
