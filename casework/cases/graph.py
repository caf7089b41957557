"""The graph of a case: its posts, the contacts they share, the accounts that published them."""

from typing import Any

from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.cases.service import case_posts


def graph(session: Session, case: Case) -> dict[str, list[dict[str, Any]]]:
    """Nodes {id, label, kind, [post_id]} and edges {source, target, label}; each contact and account once."""
    nodes: dict[str, dict[str, Any]] = {}
    edges: list[dict[str, Any]] = []
    for link in case_posts(session, case):
        post = link.post
        mine = f"post:{post.id}"
        label = (
            (post.title or post.text).strip().splitlines()[0][:60] if post.body.strip() else mine
        )
        nodes[mine] = {"id": mine, "label": label, "kind": "post", "post_id": post.id}
        author = post.author_name or post.author_handle
        if author:
            account = f"account:{post.platform}:{post.author_handle or author}"
            nodes[account] = {"id": account, "label": author, "kind": "account"}
            edges.append({"source": mine, "target": account, "label": ""})
        for kind, value in sorted({(one.kind, one.value) for one in post.contacts}):
            contact = f"contact:{kind}:{value}"
            nodes[contact] = {"id": contact, "label": value, "kind": "contact"}
            edges.append({"source": mine, "target": contact, "label": ""})
    return {"nodes": list(nodes.values()), "edges": edges}
