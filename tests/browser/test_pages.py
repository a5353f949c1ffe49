"""Stories in a real browser: what only a browser can show. Nothing is asked of another host (see ``browser_page``)."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests.availability import PROJECT
from tests.browser.waiting import wait_idle
from tests.databases import sqlite_url
from tests.demo import make_demo
from tests.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page


@pytest.fixture(scope="module")
def app_database_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo company as it is today: the server asks the real clock."""
    file = tmp_path_factory.mktemp("browser") / "demo.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    return make_demo(file, today=dt.datetime.now(dt.UTC).date())


@pytest.fixture(scope="module")
def ids(app_database_url: str) -> dict[str, int]:
    """Ids by first name, of people whose first name is theirs alone, and of teams by name."""
    database = sqlite3.connect(str(sa.make_url(app_database_url).database))
    people = [(name.split()[0], key) for name, key in database.execute("select name, id from person")]
    teams = list(database.execute("select name, id from team"))
    database.close()
    firsts = [first for first, _ in people]
    return {first: key for first, key in people if firsts.count(first) == 1} | dict(teams)


def heading(page: Page, text: str) -> None:
    from playwright.sync_api import expect

    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    wait_idle(page)


def test_the_first_request_after_a_restart_may_be_a_deep_link(
    app_database_url: str, browser: Browser, ids: dict[str, int]
) -> None:
    with serving(app_database_url) as address:
        page = browser.new_page(base_url=address)
        page.goto(f"/rep-progress?as={ids['Maya']}&rep={ids['Ravi']}")
        heading(page, "Ravi Menon")
        # Streamlit's dialog for pages that it does not know.
        assert not page.get_by_role("dialog").count()
        page.close()


def test_an_error_is_a_kind_sentence_with_a_number_and_tells_nothing_of_the_inside(
    sqlite_template: Path, tmp_path: Path, browser: Browser
) -> None:
    from playwright.sync_api import expect

    file = tmp_path / "broken.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    with serving(sqlite_url(file)) as address:
        page = browser.new_page(base_url=address)
        page.goto("/admin-definitions")
        heading(page, "Definitions")
        with sqlite3.connect(file) as database:
            database.execute("drop table data_state")
        database.close()
        page.goto("/admin-definitions")
        message = page.get_by_test_id("stAlert")
        expect(message).to_contain_text(re.compile("The database did not answer.*number [0-9a-f]{8}"))
        shown = page.locator("body").inner_text()
        for inside in ("Traceback", "sqlalchemy", "data_state", str(tmp_path)):
            assert inside not in shown
        page.close()


def test_a_filter_stands_in_the_address_and_a_reload_opens_the_same_view(
    browser_page: Page, ids: dict[str, int]
) -> None:
    from playwright.sync_api import expect

    page = browser_page
    page.goto(f"/team-overview?as={ids['Dana']}")
    heading(page, "Overview")
    page.get_by_role("button", name=re.compile("teams below")).click()
    page.get_by_role("button", name="East", exact=True).click()
    expect(page).to_have_url(re.compile(f"team={ids['East']}"))
    wait_idle(page)
    page.get_by_role("combobox", name="Period").click()
    page.get_by_role("option", name="Last month").click()
    expect(page).to_have_url(re.compile("period=last_month"))
    wait_idle(page)
    crumbs, verdict = page.locator(".st-key-breadcrumb").inner_text(), page.locator("h5").inner_text()
    page.reload()
    heading(page, "Overview")
    assert page.locator(".st-key-breadcrumb").inner_text() == crumbs
    assert page.locator("h5").inner_text() == verdict
    expect(page).to_have_url(re.compile(f"team={ids['East']}.*period=last_month"))


def test_the_view_comes_along_to_another_page_and_the_back_button_returns(
    browser_page: Page, ids: dict[str, int]
) -> None:
    from playwright.sync_api import expect

    page = browser_page
    view = f"as={ids['Maya']}&period=last_quarter"
    page.goto(f"/team-overview?{view}")
    heading(page, "Overview")
    for title, path in (("Definitions", "admin-definitions"), ("Skills", "team-skills")):
        before = entries(page)
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
        heading(page, title)
        expect(page).to_have_url(re.compile(re.escape(f"/{path}?{view}") + "$"))
        assert entries(page) == before + 1
    for title, path in (("Definitions", "admin-definitions"), ("Overview", "team-overview")):
        page.go_back()
        heading(page, title)
        expect(page).to_have_url(re.compile(re.escape(f"/{path}?{view}") + "$"))


def test_one_step_back_undoes_one_choice_and_leaves_an_address_that_says_nothing_as_it_was(
    browser_page: Page, ids: dict[str, int]
) -> None:
    from playwright.sync_api import expect

    page = browser_page
    page.goto("/team-overview")
    heading(page, "Overview")
    before = entries(page)
    page.get_by_role("combobox", name="Period").click()
    page.get_by_role("option", name="From and to …").click()
    expect(page).to_have_url(re.compile(r"/team-overview\?period=custom&from=[0-9-]+&to=[0-9-]+$"))
    wait_idle(page)
    assert entries(page) == before + 1
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Definitions").click()
    heading(page, "Definitions")
    for address in (r"/team-overview\?period=custom", "/team-overview$"):
        page.go_back()
        expect(page).to_have_url(re.compile(address))
        heading(page, "Overview")
        expect(page).to_have_url(re.compile(address))


def entries(page: Page) -> int:
    """How many addresses the browser's history holds."""
    return int(page.evaluate("history.length"))


def test_a_click_on_a_name_in_the_table_opens_that_rep_however_the_table_is_sorted_and_back_returns(
    browser_page: Page, ids: dict[str, int]
) -> None:
    from playwright.sync_api import expect

    page = browser_page
    page.goto(f"/team-overview?as={ids['Maya']}")
    heading(page, "Overview")
    table = page.get_by_test_id("stDataFrame").locator("canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    names = sorted(_names_in(page))
    # Twice the heading: from the last name to the first.
    for first in (names[0], names[-1]):
        page.mouse.click(box["x"] + 60, box["y"] + 18)
        expect(_cells_with_names(page).first).to_have_text(first)
    page.mouse.click(box["x"] + 60, box["y"] + 54)
    heading(page, names[-1])
    page.go_back()
    heading(page, "Overview")


def _cells_with_names(page: Page) -> Locator:
    """The table draws on a canvas; beside it stands the same as cells for screen readers."""
    return page.get_by_test_id("stDataFrame").locator("[role=gridcell][aria-colindex='1']")


def _names_in(page: Page) -> list[str]:
    cells = _cells_with_names(page)
    cells.first.wait_for(state="attached")
    names = cells.all_inner_texts()
    assert names
    return names


def test_looking_as_somebody_else_shows_their_place_and_their_pages_only(
    browser_page: Page, ids: dict[str, int]
) -> None:
    from playwright.sync_api import expect

    page = browser_page
    page.goto(f"/team-overview?as={ids['Maya']}&team={ids['East']}")
    heading(page, "Overview")
    page.get_by_role("combobox", name="View as").click()
    page.get_by_role("option", name=re.compile("^Executive")).click()
    expect(page).to_have_url(re.compile(f"as={ids['Eve']}(?!.*team=)"))
    wait_idle(page)
    expect(page.locator(".st-key-breadcrumb")).to_contain_text("Company")
    menu = page.get_by_test_id("stSidebarNav").inner_text()
    assert "Overview" in menu
    assert "Progress" not in menu
    assert "Imports" not in menu


def test_a_point_in_the_figure_opens_its_rep(browser_page: Page, ids: dict[str, int]) -> None:
    from playwright.sync_api import expect

    page = browser_page
    page.goto(f"/team-overview?as={ids['Maya']}")
    heading(page, "Overview")
    point = page.locator(".st-key-performance_by_coaching .point").first
    point.wait_for()
    point.click(force=True)
    expect(page).to_have_url(re.compile(r"rep-progress.*rep=\d+"))


def test_the_download_of_the_table_is_a_file_for_spreadsheets(browser_page: Page, ids: dict[str, int]) -> None:
    page = browser_page
    page.goto(f"/team-overview?as={ids['Maya']}")
    heading(page, "Overview")
    link = page.get_by_role("link", name="Download as CSV").get_attribute("href")
    assert link is not None
    base = page.evaluate("location.origin")
    with urllib.request.urlopen(link if link.startswith("http") else base + link, timeout=10) as answer:
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "Ravi Menon" in answer.read().decode("utf-8-sig")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/team-overview", "/rep-progress", "/admin-definitions"])
def test_no_page_is_wider_than_its_window_and_no_figure_is_empty(
    browser: Browser, app_server: str, ids: dict[str, int], path: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        base_url=app_server,
        viewport={"width": width, "height": 2400},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{path}?as={ids['Maya']}&rep={ids['Ravi']}")
    page.get_by_role("heading", level=1).wait_for()
    wait_idle(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth - main.clientWidth") <= 1
    figures = page.locator(".js-plotly-plot")
    # A rep's page has a figure for each objective and each skill beside the one over time.
    fewest = {"/team-overview": 3, "/rep-progress": 4, "/admin-definitions": 0}[path]
    assert figures.count() >= fewest
    for index in range(figures.count()):
        figures.nth(index).locator(".trace, .point").first.wait_for(state="attached")
        # A title that leaves the picture at its upper edge is cut off.
        top = figures.nth(index).locator(".gtitle").evaluate("title => title.getBBox().y")
        assert top >= -1
    context.close()


@pytest.mark.parametrize("path", sorted(set(re.findall(r'url_path="([a-z-]+)"', (PROJECT / "app.py").read_text()))))
def test_nothing_leaves_a_phone_sideways_on_any_page(
    browser: Browser, app_server: str, ids: dict[str, int], path: str
) -> None:
    context = browser.new_context(
        base_url=app_server, viewport={"width": 390, "height": 1600}, color_scheme="dark", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"/{path}?as={ids['Maya']}&rep={ids['Ravi']}")
    page.get_by_role("heading", level=1).wait_for()
    wait_idle(page)
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 1
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    ("path", "who"),
    [("/team-overview", "Dana"), ("/team-cadence", "Maya"), ("/rep-progress", "Maya"), ("/program-coaches", "Eve")],
)
def test_no_word_of_a_tile_is_cut(
    browser: Browser, app_server: str, ids: dict[str, int], path: str, who: str, width: int
) -> None:
    context = browser.new_context(
        base_url=app_server, viewport={"width": width, "height": 1600}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{path}?as={ids[who]}&rep={ids['Ravi']}")
    page.get_by_role("heading", level=1).wait_for()
    wait_idle(page)
    tiles = page.locator(".st-key-tiles")
    assert tiles.get_by_test_id("stMetric").count() >= 4
    cut = tiles.evaluate_all(
        """all => all.flatMap(tiles => [...tiles.querySelectorAll('*')])
            .filter(part => part.textContent && part.scrollWidth > part.clientWidth + 1
                && ['hidden', 'clip'].includes(getComputedStyle(part).overflowX))
            .map(part => part.textContent)"""
    )
    assert cut == []
    # An icon that follows a name stands on the line of its last word, never alone below it.
    alone = tiles.evaluate_all(
        """all => all.flatMap(tiles => [...tiles.querySelectorAll('p:has([data-testid="stTooltipIcon"])')])
            .filter(name => {
                const range = document.createRange();
                range.selectNodeContents(name.firstChild);
                const last = [...range.getClientRects()].pop();
                const icon = name.querySelector('svg').getBoundingClientRect();
                const tile = name.getBoundingClientRect();
                return icon.top > last.bottom - 2 || icon.left < last.left || icon.right > tile.right + 1;
            })
            .map(name => name.textContent)"""
    )
    assert alone == []
    context.close()


SAID = {
    "Topics, one per line": "Two deals that stand still\nThe next quarter",
    "I promise": "Ask finance for the discount table",
    "Ravi promises": "Call the buyer on Monday",
    "Note": "Rehearsed the first question. Went twice as well the second time.",
}


def test_nothing_typed_into_the_session_form_is_lost_when_another_field_runs_the_page_again_or_after_a_reload(
    browser_page: Page, ids: dict[str, int]
) -> None:
    from playwright.sync_api import expect

    page = browser_page
    page.goto(f"/record-session?as={ids['Maya']}&rep={ids['Ravi']}")
    heading(page, "Session")

    def field(label: str) -> Locator:
        return page.get_by_label(label, exact=True).first

    def all_is_there() -> None:
        wait_idle(page)
        for label, words in SAID.items():
            expect(field(label)).to_have_value(words)

    def say_that_it_was(outcome: str) -> None:
        page.get_by_test_id("stRadio").get_by_text(outcome, exact=True).first.click()
        expect(field("Note")).to_have_count(int(outcome == "Held"))
        wait_idle(page)

    def reload() -> None:
        page.reload()
        heading(page, "Session")
        expect(page.get_by_text("Your draft is still here")).to_be_visible()

    # Without waiting in between: every field that is left runs the page again while the next one is being typed in.
    for label, words in SAID.items():
        field(label).press_sequentially(words, delay=15)
    page.get_by_role("combobox", name=re.compile("^Motivation used")).click()
    page.get_by_role("option").first.click()
    # A field that only the answer to another brings.
    expect(page.get_by_role("combobox", name=re.compile("^In which tone"))).to_be_visible()
    all_is_there()
    say_that_it_was("Missed")
    say_that_it_was("Held")
    all_is_there()
    reload()
    all_is_there()
    # Fields that the first run after a reload does not show.
    say_that_it_was("Missed")
    reload()
    say_that_it_was("Held")
    all_is_there()


def test_the_menu_is_walked_by_keyboard_and_shows_where_the_focus_is(browser_page: Page, ids: dict[str, int]) -> None:
    page = browser_page
    page.goto(f"/team-overview?as={ids['Maya']}")
    heading(page, "Overview")
    wait_idle(page)
    menu = page.get_by_test_id("stSidebarNav").get_by_role("link")
    link = menu.filter(has_text="Definitions")
    before = link.screenshot()
    place = [text.strip().endswith("Definitions") for text in menu.all_inner_texts()].index(True)
    menu.nth(place - 1).focus()
    page.keyboard.press("Tab")
    assert link.evaluate("link => link === document.activeElement")
    assert link.screenshot() != before
    page.keyboard.press("Enter")
    heading(page, "Definitions")


def test_a_click_on_a_node_of_the_diagnosis_shows_its_figures_and_a_choice_after_it_holds(
    browser_page: Page, ids: dict[str, int]
) -> None:
    from playwright.sync_api import expect

    page = browser_page
    page.goto(f"/rep-progress?as={ids['Maya']}&rep={ids['Ravi']}")
    heading(page, "Ravi Menon")
    page.get_by_text("How this was found").click()
    chosen = page.locator(".st-key-diagnosis_node").get_by_role("combobox")
    expect(chosen).to_have_value(re.compile("."))
    wait_idle(page)
    at_first = chosen.input_value()
    page.locator(".st-key-diagnosis_figure .xy .scatterlayer .point").last.click(force=True)
    expect(chosen).not_to_have_value(at_first)
    wait_idle(page)
    chosen.click()
    page.get_by_role("option", name=re.compile("^Deals opened")).click()
    expect(page.get_by_text(re.compile(r"^\d+ a quarter, \d+ in all"))).to_be_visible()
    wait_idle(page)
    expect(chosen).to_have_value(re.compile("^Deals opened"))
