"""Campaigns (chùm bài): exact copies by hash, near copies by MinHash bands that are verified by true Jaccard,
posts that share a contact.

The bands live in the database, so all processes see the same ones. A campaign keeps its id for ever: the
oldest of those that merge stays, the others lead to it, and a person can take apart what a post tied together.
"""

from search.campaigns.contacts import HUB, ties
from search.campaigns.grouping import FULL, Reason
from search.campaigns.placing import forget_bands, own_contacts, place, plan, settle
from search.campaigns.reading import hubs, living, members, near_copies, similar
from search.campaigns.relatives import WINDOW, Placing
from search.campaigns.signature import SIMILAR, Signature, jaccard, shingles, signature

__all__ = [
    "FULL",
    "HUB",
    "SIMILAR",
    "WINDOW",
    "Placing",
    "Reason",
    "Signature",
    "forget_bands",
    "hubs",
    "jaccard",
    "living",
    "members",
    "near_copies",
    "own_contacts",
    "place",
    "plan",
    "settle",
    "shingles",
    "signature",
    "similar",
    "ties",
]
