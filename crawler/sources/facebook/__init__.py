"""Facebook pages that granted access, by the Graph API."""

from crawler.sources.base import Kind, Way
from crawler.sources.facebook.form import FORM
from crawler.sources.facebook.parser import explain, read
from crawler.sources.facebook.recognise import recognise
from crawler.sources.facebook.spider import api_of, start

KIND = Kind(
    name="facebook",
    label="Facebook page",
    help="Posts and comments of pages whose owner granted access, by the Graph API. Needs a token.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
    platform="facebook",
    json=True,
    explain=explain,
    api=api_of,
    credential="facebook",
    needs_credential=True,
    granted=True,
)
