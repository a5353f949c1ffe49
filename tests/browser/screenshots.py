"""Renews the pictures of the documentation from the demo company: ``python -m tests.browser.screenshots``."""

from __future__ import annotations

import datetime as dt
import sqlite3
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tests.availability import PROJECT, chromium_path
from tests.browser.waiting import wait_idle
from tests.databases import make_sqlite_template
from tests.demo import make_demo
from tests.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES = PROJECT / "docs" / "images"
MILLISECONDS_FOR_FIGURES_TO_SETTLE = 1500


@dataclass(frozen=True)
class Picture:
    """One picture: whose view of which page, in which theme and size."""

    name: str
    path: str
    who: str
    rep: str = ""
    scheme: Literal["light", "dark"] = "light"
    width: int = 1280
    height: int = 1500


PICTURES = (
    Picture("overview", "/team-overview", "Dana"),
    Picture("overview-dark", "/team-overview", "Maya", scheme="dark"),
    Picture("overview-executive", "/team-overview", "Eve", height=1300),
    Picture("overview-phone", "/team-overview", "Maya", width=390, height=1800),
    Picture("progress", "/rep-progress", "Maya", rep="Ravi", height=1700),
    Picture("progress-dark", "/rep-progress", "Maya", rep="Ravi", scheme="dark", height=1700),
    Picture("progress-phone", "/rep-progress", "Maya", rep="Ravi", width=390, height=1800),
    Picture("cadence", "/team-cadence", "Maya", height=1500),
    Picture("cadence-dark", "/team-cadence", "Dana", scheme="dark", height=1500),
    Picture("skills", "/team-skills", "Maya", height=1500),
    Picture("brief", "/rep-one_on_one", "Maya", rep="Ravi", height=1500),
    Picture("brief-phone", "/rep-one_on_one", "Maya", rep="Ravi", width=390, height=1800),
    Picture("motivation", "/rep-motivation", "Maya", rep="Ravi", height=1300),
    Picture("observation-phone", "/record-observation", "Maya", rep="Ravi", width=390, height=1800),
    Picture("session", "/record-session", "Maya", rep="Ravi", height=1500),
    Picture("plan", "/record-plan", "Maya", rep="Ravi", height=1500),
    Picture("library", "/team-library", "Ravi", height=1300),
    Picture("my-coaching-phone", "/me-my-coaching", "Ravi", width=390, height=1800),
    Picture("my-coaching-dark", "/me-my-coaching", "Ravi", scheme="dark", height=1500),
    Picture("coaches", "/program-coaches", "Dana", height=1500),
    Picture("programme", "/program-roi", "Eve", height=1500),
    Picture("imports", "/admin-imports", "Ada", height=1100),
    Picture("definitions", "/admin-definitions", "Ravi", height=1100),
)


def main() -> int:
    """Make the demo, open every page, save the pictures; the exit code."""
    from playwright.sync_api import sync_playwright

    chromium = chromium_path()
    if chromium is None:
        print("Pictures need a Chromium on the path.", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "demo.sqlite3"
        make_sqlite_template(file)
        url = make_demo(file, reps=60, months=24, today=dt.datetime.now(dt.UTC).date())
        ids = _ids(file)
        with serving(url) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
            )
            for picture in PICTURES:
                _take(browser, address, picture, ids)
                print(f"docs/images/{picture.name}.png")
            browser.close()
    return 0


def _ids(file: Path) -> dict[str, int]:
    database = sqlite3.connect(file)
    found = {name.split()[0]: key for name, key in database.execute("select name, id from person order by id desc")}
    database.close()
    return found


def _take(browser: Browser, address: str, picture: Picture, ids: dict[str, int]) -> None:
    context = browser.new_context(
        base_url=address,
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.scheme,
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = context.new_page()
    rep = f"&rep={ids[picture.rep]}" if picture.rep else ""
    page.goto(f"{picture.path}?as={ids[picture.who]}{rep}")
    page.get_by_role("heading", level=1).wait_for()
    wait_idle(page, 60_000)
    page.wait_for_timeout(MILLISECONDS_FOR_FIGURES_TO_SETTLE)
    page.screenshot(path=IMAGES / f"{picture.name}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
