"""The brief in a real browser: two clicks from the overview, one page of A4 or US letter, and on into a session."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
import sqlalchemy as sa

from data_access.engine import open_engine, reading
from data_access.tables import person
from tests.browser.waiting import PATIENCE, wait_idle
from tests.companies import TODAY
from tests.databases import sqlite_url
from tests.demo import make_demo
from tests.one_on_ones import crowded, id_of
from tests.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZES = ("A4", "Letter")
PAGES = re.compile(rb"/Type\s*/Page[^s]")


@pytest.fixture(scope="module")
def app_database_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo company as it is today: the server asks the real clock."""
    file = tmp_path_factory.mktemp("brief") / "demo.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    return make_demo(file, reps=30, months=8, today=dt.datetime.now(dt.UTC).date())


@pytest.fixture(scope="module")
def maya(app_database_url: str) -> int:
    engine = open_engine(app_database_url)
    with reading(engine) as connection:
        found = connection.scalar(sa.select(person.c.id).where(person.c.name.like("Maya %")))
    engine.dispose()
    assert found is not None
    return int(found)


@dataclass(frozen=True)
class Crowded:
    """Where the company with too much of everything is served, and the address of Ravi's brief in it."""

    address: str
    path: str


@pytest.fixture(scope="module")
def crowd(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowded]:
    file = tmp_path_factory.mktemp("crowd") / "company.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(sqlite_url(file))
    crowded(engine)
    who, rep = id_of(engine, "maya"), id_of(engine, "ravi")
    engine.dispose()
    with serving(sqlite_url(file)) as address:
        yield Crowded(address, f"/rep-one_on_one?as={who}&rep={rep}&as_of={TODAY.isoformat()}")


def stands(page: Page) -> None:
    """The brief is complete."""
    from playwright.sync_api import expect

    for words in ("What moved", "One focus", "Topics, in this order", "One deal to look at", "Three open questions"):
        expect(page.get_by_role("heading", name=words)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Where this comes from")).to_be_visible(timeout=PATIENCE)
    wait_idle(page)


def page_counts(page: Page) -> dict[str, int]:
    """How many sheets the page takes when it is printed, by size of paper."""
    return {size: len(PAGES.findall(page.pdf(format=size))) for size in SIZES}


def paper_address(page: Page, label: str) -> str:
    address = page.get_by_role("link", name=label, exact=True).get_attribute("href")
    assert address is not None
    return urljoin(page.url, address)


def test_two_clicks_lead_from_the_overviews_first_row_to_a_finished_brief(browser_page: Page, maya: int) -> None:
    from playwright.sync_api import expect

    browser_page.goto(f"/team-overview?as={maya}")
    first = browser_page.get_by_role("button", name="Prepare", exact=True).first
    expect(first).to_be_visible(timeout=PATIENCE)
    wait_idle(browser_page)
    name = browser_page.locator("[class*='st-key-need_row_']").first.get_by_role("button").first.inner_text()
    first.click()
    stands(browser_page)
    expect(browser_page.get_by_role("heading", level=1)).to_have_text(name)
    assert "/rep-one_on_one?" in browser_page.url
    # The second click would start the session already.
    browser_page.get_by_role("button", name="Start session").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Session", timeout=PATIENCE)
    topics = browser_page.get_by_label("Topics, one per line")
    expect(topics).not_to_be_empty(timeout=PATIENCE)
    carried = topics.input_value()
    assert len(carried.splitlines()) <= 3
    wait_idle(browser_page)
    browser_page.reload()
    expect(topics).to_have_value(carried, timeout=PATIENCE)
    expect(browser_page.get_by_text("The questions of the brief")).to_be_visible(timeout=PATIENCE)


def test_ticks_survive_a_reload_and_stand_on_no_paper(browser_page: Page, maya: int) -> None:
    from playwright.sync_api import expect

    browser_page.goto(f"/rep-one_on_one?as={maya}")
    browser_page.locator("[class*='st-key-meet_']").get_by_role("button").first.click()
    stands(browser_page)
    box = browser_page.get_by_role("checkbox", name="Asked").first
    browser_page.get_by_text("Asked", exact=True).first.click()
    expect(box).to_be_checked(timeout=PATIENCE)
    wait_idle(browser_page)
    browser_page.reload()
    stands(browser_page)
    expect(browser_page.get_by_role("checkbox", name="Asked").first).to_be_checked(timeout=PATIENCE)
    assert page_counts(browser_page) == dict.fromkeys(SIZES, 1)
    browser_page.emulate_media(media="print")
    expect(browser_page.get_by_text("Asked", exact=True).first).to_be_hidden()
    expect(browser_page.get_by_role("button", name="Start session")).to_be_hidden()
    expect(browser_page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(browser_page.get_by_role("heading", name="Notes")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_more_of_everything_than_anybody_has_still_prints_on_one_page(
    browser: Browser, crowd: Crowded, scheme: str
) -> None:
    page = browser.new_page(base_url=crowd.address, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(crowd.path)
    stands(page)
    assert page_counts(page) == dict.fromkeys(SIZES, 1)
    page.close()


def test_the_file_stands_alone_and_prints_on_one_page(browser: Browser, crowd: Crowded) -> None:
    page = browser.new_page(base_url=crowd.address)
    page.goto(crowd.path)
    stands(page)
    answer = page.request.get(paper_address(page, "Download"))
    assert answer.headers["content-disposition"].startswith("attachment")
    body = answer.text()
    page.close()
    alone = browser.new_page()
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.set_content(body)
    assert "Topics, in this order" in alone.inner_text("body")
    assert page_counts(alone) == dict.fromkeys(SIZES, 1)
    assert not asked
    alone.close()


def test_print_opens_the_paper_and_the_print_dialogue(browser: Browser, crowd: Crowded) -> None:
    context = browser.new_context(base_url=crowd.address)
    context.add_init_script("window.print = () => { document.title = 'printed'; }")
    page = context.new_page()
    blocked: list[str] = []
    page.goto(crowd.path)
    stands(page)
    paper = context.new_page()
    paper.on("console", lambda message: blocked.append(message.text) if message.type == "error" else None)
    paper.goto(paper_address(page, "Print"))
    paper.wait_for_function("document.title === 'printed'", timeout=PATIENCE)
    assert blocked == []
    assert page_counts(paper) == dict.fromkeys(SIZES, 1)
    context.close()


def test_on_a_phone_nothing_stands_sideways_and_the_buttons_are_within_reach(browser: Browser, crowd: Crowded) -> None:
    page = browser.new_page(base_url=crowd.address, viewport={"width": 390, "height": 844})
    page.goto(crowd.path)
    stands(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for role, label in (("link", "Print"), ("link", "Download"), ("link", "Markdown"), ("button", "Calendar")):
        box = page.get_by_role(role, name=label).first.bounding_box()  # type: ignore[arg-type]
        assert box is not None
        assert box["y"] + box["height"] < 844
        assert box["x"] + box["width"] <= 390
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_keyboard_leads_from_a_fact_to_its_rows_and_on_to_the_form_that_holds_one(
    browser: Browser, crowd: Crowded, width: int
) -> None:
    from playwright.sync_api import expect

    context = browser.new_context(base_url=crowd.address, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(crowd.path)
    stands(page)
    arrow = page.locator(".st-key-brief_promises a").first
    box = arrow.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    arrow.focus()
    with context.expect_page() as opening:
        page.keyboard.press("Enter")
    rows = opening.value
    expect(rows.get_by_role("heading", name="Where this comes from")).to_be_visible(timeout=PATIENCE)
    stands_with_rows(rows)
    assert "&fact=promises-" in rows.url
    assert rows.evaluate("document.documentElement.scrollWidth") <= width
    panel = rows.locator(".st-key-fact_rows")
    expect(panel.get_by_role("listitem")).to_have_count(1)
    assert page_counts(rows) == dict.fromkeys(SIZES, 1)
    rows.emulate_media(media="print")
    expect(panel).to_be_hidden()
    rows.emulate_media(media="screen")
    form = panel.get_by_role("link", name="Open the session")
    form.focus()
    with context.expect_page() as opening:
        rows.keyboard.press("Enter")
    expect(opening.value.get_by_role("heading", level=1)).to_have_text("Session", timeout=PATIENCE)
    assert "session=" in opening.value.url
    panel.get_by_role("button", name="Back to the whole brief").click()
    expect(panel).to_be_hidden(timeout=PATIENCE)
    assert "fact=" not in rows.url
    context.close()


def stands_with_rows(page: Page) -> None:
    from playwright.sync_api import expect

    expect(page.get_by_role("heading", name="Three open questions")).to_be_visible(timeout=PATIENCE)
    wait_idle(page)


def test_the_day_and_time_of_the_meeting_are_chosen_before_the_calendar_file_is_saved(
    browser: Browser, crowd: Crowded
) -> None:
    from playwright.sync_api import expect

    page = browser.new_page(base_url=crowd.address)
    page.goto(crowd.path)
    stands(page)
    page.get_by_role("button", name="Calendar").click()
    link = page.get_by_role("link", name="Save for")
    expect(link).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Nothing is planned;")).to_be_visible()
    answer = page.request.get(urljoin(page.url, link.get_attribute("href") or ""))
    assert b"BEGIN:VEVENT" in answer.body()
    page.close()
