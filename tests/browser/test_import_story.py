"""Ada loads her company through the page, in a real browser: real files, a corrected guess, what was rejected."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.waiting import wait_idle
from tests.companies import PEOPLE, csv_bytes

if TYPE_CHECKING:
    from playwright.sync_api import Page

HEADERS = ("Deal ref", "Handled by", "Former seller", "Customer", "Step", "Created", "Closed", "Value", "Currency")
DEALS = [
    ("D-1", "Ravi Nair", "Wim de Boer", "Acme", "Signed", "03/04/2026", "04/05/2026", "1.500", "EUR"),
    ("D-2", "Rosa Marin", "Wim de Boer", "Beta", "Lost", "03/05/2026", "05/06/2026", "2.250", "EUR"),
    ("D-3", "Wanda Król", "Ravi Nair", "Gamma", "Proposal", "05/06/2026", "", "3.000", "EUR"),
    ("D-4", "Rosa Marin", "Ravi Nair", "=cmd()", "Proposal", "last week", "", "4.000", "EUR"),
    ("Total", "", "", "", "", "", "", "", ""),
]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with what Ada has exported: people, and deals as a German spreadsheet writes them."""
    (tmp_path / "people.csv").write_bytes(csv_bytes(PEOPLE))
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEADERS, *DEALS])
    (tmp_path / "deals.csv").write_bytes(text.getvalue().encode("cp1252", errors="replace"))
    return tmp_path


def hand_over(page: Page, file: Path) -> None:
    """Choose a file as the uploader's own dialog would, and wait until the page has read it."""
    from playwright.sync_api import expect

    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_role("heading", name=re.compile("columns are understood|open before"))).to_be_visible()
    wait_idle(page)


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a select box by its label."""
    from playwright.sync_api import expect

    box = page.get_by_role("combobox", name=label, exact=True)
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    expect(box).to_have_value(option)
    # The run that answers the choice begins a moment after it.
    page.wait_for_timeout(300)
    wait_idle(page)


def load_now(page: Page, button: str, headline: str) -> None:
    """Click the button that loads and wait for the result."""
    from playwright.sync_api import expect

    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("heading", name=headline, exact=True)).to_be_visible()
    wait_idle(page)


def test_ada_loads_people_and_deals_corrects_the_guess_and_the_team_page_shows_them(
    browser_page: Page, files: Path
) -> None:
    from playwright.sync_api import expect

    page = browser_page
    page.goto("/admin-imports")
    expect(page.get_by_role("heading", level=1)).to_have_text("Imports")
    wait_idle(page)

    hand_over(page, files / "people.csv")
    load_now(page, "Load 9 people", "9 people loaded")
    expect(page).to_have_url(re.compile("as=admin"))

    page.get_by_role("button", name="Load deals next").click()
    expect(page.get_by_text("File with deals")).to_be_visible()
    wait_idle(page)
    hand_over(page, files / "deals.csv")

    # The dates and the numbers can be read in two ways, and nothing is loaded before somebody has said which.
    expect(page.get_by_role("heading", name=re.compile("questions are open"))).to_be_visible()
    expect(page.get_by_role("button", name="Load", exact=True)).to_be_disabled()
    choose(page, "Dates", "Day first: 31/03/2026")
    choose(page, "Decimal sign", "Comma: 1.234,50")
    choose(page, "Owner", "Handled by")
    choose(page, "Stage", "Step")
    expect(page.get_by_role("heading", name="3 deals would be loaded, 1 row rejected")).to_be_visible()

    # "Signed" is nobody's word for a won deal but this company's.
    signed = page.get_by_role("radiogroup", name=re.compile("^Signed"))
    expect(signed.get_by_role("radio", name="Open")).to_be_checked()
    signed.get_by_text("Won", exact=True).click()
    expect(signed.get_by_role("radio", name="Won")).to_be_checked()
    wait_idle(page)

    load_now(page, "Load 3 deals", "3 deals loaded, 1 row rejected")
    expect(page.get_by_text("1 row holds no deal, such as a report's footer, and was left out.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rejected rows").click()
    rejected = download.value.path().read_text("utf-8-sig")
    assert rejected.startswith("line,reason,raw")
    assert "last week" in rejected

    page.get_by_role("link", name=re.compile("Open the team page as Dana Whitfield")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    wait_idle(page)
    dana = re.search(r"as=(\d+)", page.url)
    assert dana is not None
    page.goto(f"/team-overview?as={dana[1]}&period=this_year")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    wait_idle(page)
    # The one deal that was signed: €1,500, as the comma is the decimal sign; closed on 4 May.
    expect(page.get_by_test_id("stMetric").filter(has_text="Average deal")).to_contain_text("€1.5")


def test_a_click_on_an_earlier_import_opens_its_rejected_rows(browser_page: Page, files: Path) -> None:
    from playwright.sync_api import expect

    page = browser_page
    page.goto("/admin-imports?as=admin")
    expect(page.get_by_role("heading", name="What has been loaded")).to_be_visible()
    wait_idle(page)
    table = page.locator(".st-key-imports_history canvas").first.bounding_box()
    assert table is not None
    # The first row's tick box; the table is a canvas.
    page.mouse.click(table["x"] + 17, table["y"] + 52)
    expect(page.get_by_role("region", name=re.compile("^1 row rejected"))).to_be_visible()
    expect(page.get_by_role("link", name="Download the rejected rows")).to_be_visible()
