"""Evidence of one address with Playwright and Chromium (bản chụp): what was publicly shown, in files with digests.

`camera` opens a browser for some captures; `Camera.capture` visits one address. Everything that stands between
the two is in the modules of this folder: the visit, the recorder of its traffic, the pictures, the archive.
"""

from crawler.capture.camera import Camera, camera
from crawler.capture.model import Capture, CaptureFailed, Known

__all__ = ["Camera", "Capture", "CaptureFailed", "Known", "camera"]
