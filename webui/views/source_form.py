"""The form of a source: what was typed, what trying it gave, and how both are shown again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request

from crawler import trial
from crawler.credentials import SETTINGS, is_set
from crawler.discovery import Discovery
from crawler.quota import Meter, meter_for
from crawler.service_sources import SourceInput
from crawler.sources import KINDS
from crawler.sources.base import Kind
from crawler.sources.forms import FieldProblem, FormProblems
from search.models import Source
from search.post import Platform, Post
from search.rules.judgement import Judgement
from webui.given import whole_or
from webui.requests import wiring
from webui.standing import BASIS
from webui.templating import render
from webui.views import post_words, source_words

VALUES = ("name", "address", "platform", "every_minutes", "purpose")
"""Columns of a source that its form shows as fields of every kind."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed about a source, kept as typed so that nothing is lost on an error."""

    values: Mapping[str, Any]
    options: Mapping[str, Any]
    legal_basis: tuple[str, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a source gave when it was tried: its posts, each with what the rules say."""

    found: trial.Trial
    judged: list[tuple[Post, Judgement | None]]
    site: Discovery | None = None
    """What was found out about the address, when it was pasted."""
    taken: str = ""


def meter(kind: Kind) -> Meter | None:
    """What counts the day's quota, where requests of the kind cost some."""
    return meter_for(kind, wiring().database, wiring().clock, wiring().settings)


def judged(found: trial.Trial) -> list[tuple[Post, Judgement | None]]:
    """The posts, each with what the rules say."""
    return [(post, wiring().matcher.match(post.body)) for post in found.posts]


def given(kind: Kind) -> SourceInput:
    """What was sent; FormProblems where a legal basis is not in the catalogue."""
    form = request.form
    minutes = form.get("every_minutes", "0")
    known = wiring().catalogue.basis_ids()
    for basis in form.getlist("legal_basis"):
        if basis and basis not in known:  # the crawler does not see the law catalogue
            message = "“%(value)s” is not one of the choices."
            raise FormProblems((FieldProblem("legal_basis", message, {"value": basis}),))
    options: dict[str, Any] = {
        option.name: form.get(option.name, "off" if option.kind == "flag" else "")
        for option in kind.form.options
    }
    options["preset"] = form.get("preset", "")
    return SourceInput(
        name=form.get("name", ""),
        kind=kind.name,
        purpose=form.get("purpose", ""),
        legal_basis=form.getlist("legal_basis"),
        address=form.get("address", ""),
        platform=form.get("platform", ""),
        every_minutes=whole_or(minutes, -1),
        options=options,
    )


def typed_again(error: FormProblems) -> Typed:
    """What was sent, as it was sent, with what is wrong at each field."""
    return Typed(
        request.form,
        request.form,
        tuple(request.form.getlist("legal_basis")),
        {found.field: source_words.problem(found) for found in error.problems},
    )


def form(kind: Kind, typed: Typed, source: Source | None, tried: Tried | None = None) -> str:
    """The page of the form; `source` is None where a new one is added."""
    return render(
        "sources/form.html",
        kind=kind,
        typed=typed,
        source=source,
        tried=tried,
        platforms=[(one.value, post_words.word(post_words.PLATFORMS, one)) for one in Platform],
        usual_bases=BASIS,
        bases=[cited(one) for one in sorted(wiring().catalogue.basis_ids())],
        source_words=source_words,
        kinds=KINDS,
        key_wanted=SETTINGS.get(kind.credential, ""),
        key_set=is_set(kind.credential, wiring().settings),
    )


def cited(number: str) -> tuple[str, str]:
    """Id of a legal basis and how it is cited."""
    catalogue = wiring().catalogue
    return number, catalogue.cite(number) if number in catalogue.basis_ids() else number
