"""YouTube, by its Data API with the office's key."""

from crawler.sources.base import Kind, Way
from crawler.sources.youtube.form import FORM
from crawler.sources.youtube.look import look
from crawler.sources.youtube.parser import explain, read
from crawler.sources.youtube.recognise import recognise
from crawler.sources.youtube.spider import api_of, cost, start

KIND = Kind(
    name="youtube",
    label="YouTube",
    help="Videos of a search, a channel or a playlist, with their comments, by the Data API. Needs a key.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
    look=look,
    platform="youtube",
    json=True,
    explain=explain,
    api=api_of,
    credential="youtube",
    needs_credential=True,
    granted=True,
    cost=cost,
)
