"""The report as one HTML file in both languages: no script, nothing from elsewhere, fit to be printed."""

from collections.abc import Iterator
from html import escape

from search.evaluation.errors import Fault, Faults
from search.evaluation.figures import Share
from search.evaluation.nearness import Mark
from search.evaluation.page_words import LIMITS, METHOD, STYLE, WORDS, Paragraphs
from search.evaluation.printed import share_of
from search.evaluation.tables import Cell, Table
from search.rules.model import Words

_BAR, _HEIGHT = 120, 14


def page_of(
    tables: list[Table], faults: Faults, *, version: str, packs: tuple[str, ...], keywords: int
) -> str:
    """The whole page. Of texts that are not ours it holds the names only."""
    parts = [
        f"<h1>{both(WORDS['title'])}</h1>",
        f"<p class=small>{both(WORDS['about'])}</p>",
        f"<p class=small>{escape(', '.join(packs))}<br>{escape(version)}</p>",
        f"<p class=small>{keywords} {both(WORDS['keywords'])}</p>",
        _paragraphs(METHOD),
        *(part for table in tables for part in _table(table)),
        *_faults(faults),
        _paragraphs(LIMITS),
    ]
    return (
        '<!doctype html>\n<html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(WORDS['title'].vi)} / {escape(WORDS['title'].en)}</title>"
        f"<style>{STYLE}</style></head><body>\n"
        '<input type="radio" name="language" id="in-vi" checked>'
        '<label for="in-vi">Tiếng Việt</label>'
        '<input type="radio" name="language" id="in-en"><label for="in-en">English</label>\n'
        "<main>\n" + "\n".join(parts) + "\n</main></body></html>\n"
    )


def both(words: Words) -> str:
    """Words in both languages, of which the switch shows one."""
    if words.vi == words.en:
        return escape(words.vi)
    return (
        f'<span class="vi" lang="vi">{escape(words.vi)}</span>'
        f'<span class="en" lang="en">{escape(words.en)}</span>'
    )


def _paragraphs(paragraphs: Paragraphs) -> str:
    title, items = paragraphs
    listed = "".join(f"<li>{both(item)}</li>" for item in items)
    return f"<section><h2>{both(title)}</h2><ul>{listed}</ul></section>"


def _table(table: Table) -> Iterator[str]:
    yield f'<section><h2 id="{table.name}">{both(table.title)}</h2>'
    if table.note:
        yield f"<p class=small>{both(table.note)}</p>"
    heads = "".join(f'<th scope="col">{both(column)}</th>' for column in table.columns)
    yield f"<div class=wide><table><thead><tr>{heads}</tr></thead><tbody>"
    for at, (first, *cells) in enumerate(table.rows):
        rare = at in table.rare
        others = "".join(f"<td>{_cell(cell, rare=rare)}</td>" for cell in cells)
        yield f'<tr><th scope="row">{_cell(first, rare=rare)}</th>{others}</tr>'
    yield "</tbody></table></div></section>"


def _cell(cell: Cell, *, rare: bool) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, Words):
        return both(cell)
    if isinstance(cell, float):
        return f"{cell:.1f}"
    if isinstance(cell, str):
        return escape(cell)
    figure = f'<span class="figure">{escape(share_of(cell, per_thousand=rare))}</span>'
    return figure if rare else bar(cell) + figure


def bar(share: Share) -> str:
    """A bar from 0 to 1 with its interval as a line."""
    if not share.of:
        return ""
    low, high = (end * _BAR for end in share.interval)
    return (
        f'<svg width="{_BAR}" height="{_HEIGHT}" viewBox="0 0 {_BAR} {_HEIGHT}" aria-hidden="true">'
        f'<rect width="{_BAR}" height="{_HEIGHT}" class="ground"/>'
        f'<rect width="{share.rate * _BAR:.1f}" height="{_HEIGHT}" class="share"/>'
        f'<path d="M{low:.1f} 7H{high:.1f}M{low:.1f} 3v8M{high:.1f} 3v8" class="interval"/></svg> '
    )


def _faults(faults: Faults) -> Iterator[str]:
    yield f"<section><h2>{both(WORDS['errors'])}</h2>"
    counts = (
        ("missed", faults.all_missed, faults.held_missed),
        ("flagged", faults.all_flagged, faults.held_flagged),
    )
    for name, number, held in counts:
        yield f"<p>{both(WORDS[name])}: {number} ({both(WORDS['held'])}: {held})</p>"
    yield f"<p class=small>{both(WORDS['not-shown'])}</p>"
    for name, found in (("missed", faults.missed), ("flagged", faults.flagged)):
        yield f"<h3>{both(WORDS[name])}</h3>"
        for fault in found:
            yield _fault(fault)
    yield "</section>"


def _fault(fault: Fault) -> str:
    row = fault.row
    score = f"{fault.score} / {fault.threshold}" if fault.threshold else str(fault.score)
    taken = fault.kind.value if fault.kind else "–"
    head = (
        f"<b>{escape(row.id)}</b> {escape(row.label)}, {escape(row.kind)}, {escape(row.style)}; "
        f"{both(WORDS['score'])} {score}; {both(WORDS['taken'])} {escape(taken)}"
        + (f"; {escape(fault.pack)}" if fault.pack else "")
    )
    text = marked(row.text, fault.marks) if row.ours else f"<i>{both(WORDS['theirs'])}</i>"
    reasons = "".join(
        f"<li>{why.weight:+d} <code>{escape(why.signal)}</code> {both(why.words)}</li>"
        for why in fault.reasons[:8]
    )
    return f"<article><p>{head}</p><blockquote>{text}</blockquote><ul>{reasons}</ul></article>"


def marked(text: str, marks: tuple[Mark, ...]) -> str:
    """The text with what was met in it marked; what overlaps is one mark that names all its signals."""
    joined: list[tuple[int, int, list[str]]] = []
    for mark in sorted(marks, key=lambda each: (each.start, each.end)):
        if joined and mark.start < joined[-1][1]:
            start, end, names = joined[-1]
            joined[-1] = (start, max(end, mark.end), [*names, mark.signal])
        else:
            joined.append((mark.start, mark.end, [mark.signal]))
    parts, done = [], 0
    for start, end, names in joined:
        title = escape(", ".join(dict.fromkeys(names)), quote=True)
        parts.append(escape(text[done:start]))
        parts.append(f'<mark title="{title}">{escape(text[start:end])}</mark>')
        done = end
    return "".join([*parts, escape(text[done:])])
