"""Commands over what decisions say of the rules: measure them, train on them."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from webui.commands.rules_office import needed_wiring

if TYPE_CHECKING:
    from search.learning.precision import RuleRecord
    from search.learning.report import Report


@click.command("learn")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--count", "count_now", is_flag=True, help="Count first what was decided since.")
def rules_learn(*, as_json: bool, count_now: bool) -> None:
    """What decisions say of each rule: how often officers agreed, why not, what is never met."""
    from search.learning.report import report

    wiring = needed_wiring()
    try:
        if count_now:
            wiring.jobs.run("learning.count", ())
        with wiring.database.reading() as session:
            found = report(session, wiring.rules.office.packs, at=wiring.clock.now())
    finally:
        wiring.close()
    if as_json:
        click.echo(json.dumps(_as_dict(found), ensure_ascii=False))
        return
    for line in _lines(found):
        click.echo(line)


@click.command("train")
def rules_train() -> None:
    """Train a second opinion on the office's decisions, and say how good it is. Switches nothing on."""
    from datetime import timedelta

    from search.learning.quality import Quality
    from search.learning.training import Material, train

    wiring = needed_wiring()
    try:
        wiring.jobs.run("learning.count", ())
        retention = timedelta(days=wiring.settings.retention_days)
        found = train(wiring.database, wiring.files, wiring.clock, retention)
    finally:
        wiring.close()
    if isinstance(found, Material):
        missing = ", ".join(f"{number} {name}" for name, number in found.missing.items())
        click.echo(f"too few decisions ({found.decisions}, {found.kept} kept); missing: {missing}")
        raise SystemExit(1)
    quality = Quality.from_dict(found.quality)
    click.echo(f"version {found.id}: {found.decisions} decisions, {found.kept} kept")
    click.echo(
        f"held back: {quality.posts} posts, average precision {quality.opinion:.3f}, rules {quality.rules:.3f}, "
        f"difference [{quality.low:+.3f}, {quality.high:+.3f}]; "
        f"first 20: {quality.first_opinion:.3f}, rules {quality.first_rules:.3f}"
    )
    click.echo("it beats the rules" if quality.beats else "it does not beat the rules")
    click.echo("an administrator switches it on, on the page Rules")


def _lines(found: "Report") -> list[str]:
    if found.counted_at is None:
        return ["nothing has been counted yet: rasoat rules learn --count"]
    decided = ", ".join(f"{number} {name}" for name, number in sorted(found.decided.items()))
    lines = [f"as of {found.counted_at:%Y-%m-%d %H:%M} UTC; posts: {decided or 'none'}"]
    for title, records in (
        ("packs", found.packs),
        ("rules", found.records),
        ("only in dismissed posts", found.only_dismissed),
        ("no longer live", found.former),
    ):
        lines += [f"{title}:", *(f"  {_line(one)}" for one in records)] if records else []
    if found.unmet:
        lines.append("never met:")
        lines += [f"  {one.name:<44} since {one.since:%Y-%m-%d}" for one in found.unmet]
    return lines


def _line(one: "RuleRecord") -> str:
    share, posts = one.share, one.posts
    low, high = share.interval
    said = (
        f"too few ({share.right} of {share.total})"
        if share.too_few
        else f"{share.right / share.total:.2f} [{low:.2f}, {high:.2f}] of {share.total}"
    )
    reasons = ", ".join(f"{reason} {number}" for reason, number in one.reasons)
    kept = f"{posts['kept']} kept, {posts['dismissed']} dismissed, {posts['aside']} aside"
    return f"{one.name:<44} {said:<30} {kept}" + (f" ({reasons})" if reasons else "")


def _as_dict(found: "Report") -> dict[str, Any]:
    return {
        "counted_at": found.counted_at.isoformat() if found.counted_at else None,
        "decided": dict(found.decided),
        "packs": [_record(one) for one in found.packs],
        "rules": [_record(one) for one in found.records],
        "former": [_record(one) for one in found.former],
        "only_dismissed": [one.name for one in found.only_dismissed],
        "never_met": [
            {"rule": one.name, "since": one.since.isoformat(), "posts_read": one.seen}
            for one in found.unmet
        ],
    }


def _record(one: "RuleRecord") -> dict[str, Any]:
    share = one.share
    return {
        "rule": one.name,
        "weight": one.weight,
        "right": share.right,
        "decisions": share.total,
        "precision": None if share.too_few else share.value,
        "interval": list(share.interval),
        "posts": dict(one.posts),
        "reasons": dict(one.reasons),
        "months": [asdict(month) for month in one.months],
    }


COMMANDS = (rules_learn, rules_train)
