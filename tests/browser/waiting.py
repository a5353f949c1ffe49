"""When a page has come to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 60_000
"""Milliseconds after which what was waited for will not come, on a slow and busy machine either. ``browser_page`` and
every ``expect`` wait this long by default: only a test that fails takes the time."""
AT_REST = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.getAttribute('data-test-script-state') === 'notRunning'
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
}"""


def wait_idle(page: Page, timeout: float = PATIENCE) -> None:
    """Wait until the script has run and nothing on the page is stale.

    There is a gap between a click and the rerun it causes, in which a page looks idle: after an action, first expect
    its outcome (``expect(locator)...``), then wait.
    """
    page.wait_for_selector('[data-testid="stApp"][data-test-connection-state="CONNECTED"]', timeout=timeout)
    page.wait_for_function(AT_REST, timeout=timeout)
