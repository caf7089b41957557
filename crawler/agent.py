"""How the crawler names itself to the sites it visits."""

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from foundation.settings import Settings


@lru_cache(maxsize=1)
def tool_version() -> str:
    """The version of this distribution."""
    try:
        return version("rasoat")
    except PackageNotFoundError:
        return "0"


def user_agent(settings: Settings) -> str:
    """An honest name with the office's contact, so that a site can complain or refuse."""
    contact = settings.contact or settings.public_url
    return f"RaSoat/{tool_version()}" + (f" (+{contact})" if contact else "")
