"""How long, how much and how high a visit may become; what goes beyond is left out and said in the capture."""

VISIT_SECONDS = 60.0
"""A visit ends within this time, whatever the page does."""
GRACE_SECONDS = 15.0
"""After this much more the browser itself is ended."""
NAVIGATION_SECONDS = 20.0
LOAD_SECONDS = 8.0
CALMED_SECONDS = 3.0
"""How much longer a page is waited for when its scripts had to be ended."""
QUIET_SECONDS = 3.0
"""How long to wait for the network to come to rest; a page that never rests is taken as it is."""
QUIET_FOR = 0.4
SCROLL_SECONDS = 8.0
IMAGES_SECONDS = 4.0
SCREENSHOT_SECONDS = 8.0
PICTURES_SECONDS = 40.0
ASK_SECONDS = 5.0
"""For one question to the page."""

VIEWPORT = (1280, 900)
PICTURE_HEIGHT = 4_000
"""Pixels of one picture: well under what Chromium can draw in one piece, little memory, and a page to print."""
PAGE_HEIGHT = 320_000
"""Pixels of a page of which pictures are taken."""
SCROLL_HEIGHT = 60_000
"""Pixels to which a page that grows while it is scrolled is followed."""

BODY_BYTES = 50 * 2**20
"""Of one resource."""
VISIT_BYTES = 150 * 2**20
"""Of all resources that are kept."""
PROXY_BYTES = 400 * 2**20
"""What one visit may carry over the network at all."""
RESOURCES = 2_000
HTML_BYTES = 30 * 2**20
TEXT_LENGTH = 5_000_000

NAVIGATIONS = 8
"""Pages that a page may lead to by itself, beside the redirects of the server."""
DIALOGS = 5
CALM_BYTES = 700 * 2**20
"""Memory of the page's processes at which its scripts are stopped."""
DRIVER_HEAP = "--max-old-space-size=256 --max-semi-space-size=1"
"""Of the browser's driver, in megabytes: enough for a page of 30 MB of HTML, and swept early."""
KILL_BYTES = 1_200 * 2**20
"""Memory at which the page is ended."""

MEDIA = 20
"""Pictures of the page that are kept as files of their own."""
MEDIA_WIDTH, MEDIA_HEIGHT = 160, 100
"""Smaller pictures are decoration."""
LISTED = 100
"""How many things that were left out are named one by one."""
