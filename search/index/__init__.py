"""Where posts are found: one Protocol, an embedded engine and one for many machines."""

from pathlib import Path

from search.index.base import (
    FacetCount,
    Hits,
    IndexBusy,
    IndexDocument,
    IndexHealth,
    IndexOutdated,
    IndexUnavailable,
    PageTooDeep,
    Rebuild,
    SearchIndex,
    Versions,
)
from search.index.highlight import marks

__all__ = [
    "FacetCount",
    "Hits",
    "IndexBusy",
    "IndexDocument",
    "IndexHealth",
    "IndexOutdated",
    "IndexUnavailable",
    "PageTooDeep",
    "Rebuild",
    "SearchIndex",
    "Versions",
    "marks",
    "open_index",
]


def open_index(
    kind: str,
    *,
    path: Path | None = None,
    url: str = "",
    prefix: str = "rasoat",
    writer: bool = False,
    expected: Versions | None = None,
) -> SearchIndex:
    """The index of a deployment; only the engine asked for is imported, they are large.

    `kind` is "tantivy" (needs `path`, a folder) or "elasticsearch" (needs `url`; `prefix` names
    its indices). Raises ValueError for anything else, IndexBusy where another process writes.
    """
    if kind == "tantivy" and path is not None:
        from search.index.tantivy import TantivyIndex

        return TantivyIndex(path, writer=writer, expected=expected)
    if kind == "elasticsearch" and url:
        from search.index.elasticsearch import ElasticsearchIndex

        return ElasticsearchIndex(url, prefix=prefix, writer=writer, expected=expected)
    raise ValueError(f"no search index of kind {kind!r} with path {path} and url {url!r}")
