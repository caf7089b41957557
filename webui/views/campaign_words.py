"""Words of campaigns (chùm bài): why posts belong together, what made a campaign what it is."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from search.models import CampaignMember, CampaignMerge
from webui import formats
from webui.errors import messages
from webui.views import post_words
from webui.words import Text

BARE: Mapping[str, Text] = {
    "split": _l("A person took it out of another campaign"),
    "again": _l("A person put the two together again"),
    "": _l("Joined before reasons were written down"),
}
messages(
    {
        "error.campaign.alone": _l("This post is in no campaign with others."),
        "error.campaign.undone_before": _l("This was already undone."),
        "error.campaign.other_split": _l(
            "Another split still keeps these campaigns apart. Take that one back first."
        ),
        "error.campaign.no_reason": _l("Say why the posts do not belong together."),
        "error.campaign.other_units": _l(
            "Other units have posts in this campaign, so one unit cannot divide it."
        ),
        "error.triage.earlier_changed": _l(
            "What was decided about the campaign has changed meanwhile. Look again."
        ),
    }
)


def why(row: CampaignMember | CampaignMerge | None) -> str:
    """Why a post belongs, or two campaigns became one, in one sentence."""
    if isinstance(row, CampaignMember) and row.reason == "first":
        return str(gettext("Campaign %(number)s began with it", number=row.home_id))
    if row is None or row.reason in BARE:
        return str(BARE[row.reason if row is not None else ""])
    if row.reason == "copy":
        return str(gettext("Same text as post %(number)s", number=row.other_id))
    if row.reason == "near":
        share = formats.percent(row.share, 1)
        return str(gettext("%(share)s alike to post %(number)s", share=share, number=row.other_id))
    if not row.contact_value:
        return str(gettext("Shared a contact; its post was deleted"))
    kind = post_words.word(post_words.CONTACTS, row.contact_kind).lower()
    value = post_words.contact(row.contact_kind, row.contact_value)
    number = row.other_id
    said = gettext(
        "Shares %(kind)s %(value)s with post %(number)s", kind=kind, value=value, number=number
    )
    return str(said)
