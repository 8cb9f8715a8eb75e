"""``python -m tests.manual``: takes the manual's screenshots from the demo, at three widths.

The demo is the one that ``./run setup`` made (TIEUBIEU_INSTANCE); a copy of it is served. Names given
as arguments take only those.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from app.infra.database import db
from app.web.shared.manual import FOLDER, SCREENS
from tests import chromium
from tests.look.serving import copy_of_demo, served
from tests.look.walk import cookies, demo_app
from tests.manual.shots import Shot, shots

IMAGES = FOLDER / "images"
LARGEST_BYTES = 60_000


def main(names: Sequence[str]) -> int:
    """Take the named screenshots, or all; returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="tieubieu-manual-") as folder:
        instance = copy_of_demo(Path(folder))
        app = demo_app(instance)
        keys = cookies(app)
        with app.app_context():
            wanted = [shot for shot in shots(db.session()) if not names or shot.name in names]
        with served(instance) as site, chromium.browser() as browser:
            for shot in wanted:
                take(browser, site, shot, keys[shot.role or "guest"])
    return 0


def take(browser: Browser, site: str, shot: Shot, cookie: str | None) -> None:
    """One screen at every width, as WebP under 60 kB each."""
    for width, height in SCREENS.items():
        context = chromium.context(
            browser,
            viewport={"width": width, "height": height},
            locale="vi-VN",
            reduced_motion="reduce",
            service_workers="block",
        )
        if cookie is not None:
            context.add_cookies([{"name": "session", "value": cookie, "url": site}])
        page = context.new_page()
        answer = page.goto(site + shot.address, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200, f"{shot.address}: {answer.status}"
        page.evaluate("document.fonts.ready")
        picture = packed(page.screenshot(animations="disabled", caret="hide"))
        (IMAGES / f"{shot.name}-{width}.webp").write_bytes(picture)
        print(f"{shot.name}-{width}.webp  {len(picture) / 1000:.0f} kB", flush=True)
        context.close()


def packed(png: bytes) -> bytes:
    """WebP at the best quality that stays under the limit."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in (80, 70, 60, 50, 40, 30, 20, 10):
        target = io.BytesIO()
        image.save(target, "WEBP", quality=quality, method=6)
        if target.tell() <= LARGEST_BYTES:
            break
    return target.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
