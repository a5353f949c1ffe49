"""The programme's page in a real browser: two sheets of A4 or US letter, no dollar beside a return that is not shown,
one result from two clicks, and nothing sideways on a phone."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching.roi.ladder import Step
from coaching.roi.loaded_cost import LoadedCost, loaded_cost
from coaching.roi.programme_cost import LINES, RATES, TIMES
from data_access.engine import open_engine, reading
from data_access.tables import frozen_evidence
from tests import programme_results as results
from tests.browser.waiting import PATIENCE, wait_idle
from tests.companies import PEOPLE, load
from tests.data_access.programme_companies import enrol_half, load_company
from tests.databases import sqlite_url
from tests.one_on_ones import id_of
from tests.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZES = ("A4", "Letter")
PAGES = re.compile(rb"/Type\s*/Page[^s]")
DRAWN = "all => all.map(one => [Number(one.getAttribute('width')), Number(one.getAttribute('height'))])"
"""Width and height in which pictures were drawn, whatever they are shrunk to."""
NEAR = 250
"""Letters around a word within which a reader puts two things together."""


@dataclass(frozen=True)
class Served:
    """A company whose results are served, and Eve's id in it."""

    address: str
    eve: int
    numbers: dict[str, int]

    def path(self, colour: str, **more: object) -> str:
        asked = {"as": self.eve, "result": self.numbers[colour], **more}
        return "/program-roi?" + "&".join(f"{name}={value}" for name, value in asked.items())


def crowded() -> dict[str, Any]:
    """An amber result with every reason and limit there can be, each as long as the longest."""
    found = results.amber()
    longest = max(found["said"]["cannot_claim"], key=len)
    reason = (
        "With this many reps and months only effects above 21 % of the average can be seen. An effect may be real and"
        " still invisible; more reps or more months bring it into view."
    )
    found["said"]["reason_sentences"] = [reason] * 7
    found["said"]["cannot_claim"] = [*found["said"]["cannot_claim"], *[longest] * 6]
    again: dict[str, Any] = json.loads(json.dumps(found))
    return again


def large() -> dict[str, Any]:
    """A green result as long as that of a thousand reps: every check known, seven costs, long levels and limits."""
    levels = [
        *(Step(0, what, "13,039", n=13_039) for what in ("Coached reps", "Sessions held", "Hours of sessions")),
        Step(1, "Sessions with a promise", "79.0 %", "78–80 %", 13_039),
        Step(1, "Everybody's pulse: being coached was useful (1 to 5)", "3.5", "3.4 to 3.6", 14_657),
        Step(2, "Mean skill level since the start (0 to 100)", "53", "", 682),
        Step(2, "Change of the level since before", "+8.3 points", "+7.8 points to +8.8 points", 679),
        Step(3, "Agreed actions and promises done", "71.4 %", "71–72 %", 12_440),
        Step(3, "Rep-months with 2 sessions or more", "62.3 %", "61–63 %", 7_678),
    ]
    found = results.result(lower_levels=levels, cost=costs_of_every_kind())
    known = [one for one in found["checks"] if one.get("estimate")]
    found["checks"] += [
        {**known[0], "key": f"more_{place}", "label": f"Another way of counting, number {place}"}
        for place in range(14 - len(known))
    ]
    limit = "What more hours would do: hours go to reps in trouble, so hours and results go together either way."
    found["said"]["cannot_claim"] = (found["said"]["cannot_claim"] + [limit] * 9)[:9]
    return found


def costs_of_every_kind() -> LoadedCost:
    """Seven kinds, each with a line of its own in the bridge."""
    kinds = ("coach hours", "rep hours", "preparation", "tools", "training", "management", "evaluation")
    lines = [(kind, results.FIRST, results.LAST, 40_000_000.0) for kind in kinds]
    entered = pl.DataFrame(lines, schema=LINES, orient="row")
    none = pl.DataFrame(schema=TIMES), pl.DataFrame(schema=RATES)
    return loaded_cost(*none, entered, results.FIRST, results.LAST)


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One company with a result of each kind. The server asks the real clock: all of them lie in the past."""
    file = tmp_path_factory.mktemp("programme") / "company.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(sqlite_url(file))
    load(engine, "people", PEOPLE)
    made = {"grey": results.grey, "green": results.result, "amber": results.amber, "crowded": crowded, "large": large}
    numbers = {name: results.keep(engine, make(), reason="Asked for by the board") for name, make in made.items()}
    eve = id_of(engine, "eve")
    engine.dispose()
    with serving(sqlite_url(file)) as address:
        yield Served(address, eve, numbers)


def stands(page: Page) -> None:
    """The verdict and the end of the page are there."""
    from playwright.sync_api import expect

    expect(page.get_by_role("heading", name="What we cannot claim")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE)
    wait_idle(page)


def page_counts(page: Page) -> dict[str, int]:
    """How many sheets the page takes when it is printed, by size of paper."""
    return {
        size: len(PAGES.findall(page.pdf(format=size, print_background=backgrounds)))
        for size in SIZES
        for backgrounds in (True, False)
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_view_for_paper_prints_on_two_sheets_whatever_there_is_to_say(
    browser: Browser, served: Served, scheme: str
) -> None:
    from playwright.sync_api import expect

    page = browser.new_page(base_url=served.address, color_scheme=scheme)  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE)
    for colour in ("green", "crowded", "large") if scheme == "light" else ("green",):
        page.goto(served.path(colour, paper=1))
        stands(page)
        assert page_counts(page) == dict.fromkeys(SIZES, 2), colour
    page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_role("button", name="Back to the page")).to_be_hidden()
    expect(page.get_by_role("heading", name="Method and audit")).to_be_visible()
    white = page.evaluate("getComputedStyle(document.querySelector('[data-testid=\"stApp\"]')).backgroundColor")
    assert white == "rgb(255, 255, 255)"
    page.close()


def test_pictures_are_as_large_on_paper_as_on_the_screen_before_they_are_shrunk(
    browser: Browser, served: Served
) -> None:
    """Some browsers lay the page out anew to print it; pictures must not be measured small and then shrunk again."""
    page = browser.new_page(base_url=served.address, viewport={"width": 794, "height": 1_123})
    page.set_default_timeout(PATIENCE)
    sizes = []
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        page.goto(served.path("large", paper=1))
        stands(page)
        sizes.append(page.locator(".js-plotly-plot .main-svg:first-child").evaluate_all(DRAWN))
    on_screen, on_paper = sizes
    assert len(on_screen) == 8
    assert [high for _, high in on_paper] == [high for _, high in on_screen]
    assert all(abs(wide - other) < 8 for (wide, _), (other, _) in zip(on_paper, on_screen, strict=True))
    page.close()


def test_print_view_and_back_are_one_click_each(browser: Browser, served: Served) -> None:
    from playwright.sync_api import expect

    page = browser.new_page(base_url=served.address)
    page.set_default_timeout(PATIENCE)
    page.goto(served.path("green"))
    stands(page)
    page.get_by_role("button", name="Print view").click()
    expect(page.get_by_role("heading", name="Method and audit")).to_be_visible()
    assert "paper=1" in page.url
    page.get_by_role("button", name="Back to the page").click()
    expect(page.get_by_text("Method, audit and downloads")).to_be_visible()
    assert "paper" not in page.url
    page.close()


def test_in_grey_no_dollar_stands_next_to_roi(browser: Browser, served: Served) -> None:
    page = browser.new_page(base_url=served.address, viewport={"width": 1280, "height": 1800})
    page.set_default_timeout(PATIENCE)
    page.goto(served.path("grey"))
    stands(page)
    for part in ("sure", "pay", "cost", "ladder"):
        page.locator(f".st-key-part_{part} summary").click()
        page.wait_for_timeout(300)
        wait_idle(page)
    shown = page.locator("[data-testid='stMain']").inner_text()
    assert "$" in shown
    places = [found.start() for found in re.finditer(r"\bROI\b", shown)]
    assert len(places) >= 2
    for place in places:
        assert "$" not in shown[max(place - NEAR, 0) : place + NEAR]
    assert "$" not in page.locator(".st-key-verdict").inner_text()
    assert "$" not in page.locator(".st-key-part_pay").inner_text()
    # The same page in green has dollars there: the check can fail.
    page.goto(served.path("green"))
    stands(page)
    assert "$" in page.locator(".st-key-verdict").inner_text()
    page.close()


def test_on_a_phone_nothing_stands_sideways_and_the_verdict_comes_first(browser: Browser, served: Served) -> None:
    page = browser.new_page(base_url=served.address, viewport={"width": 390, "height": 844})
    page.set_default_timeout(PATIENCE)
    page.goto(served.path("amber"))
    stands(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    badge = page.locator(".st-key-verdict .stMarkdownBadge").first.bounding_box()
    assert badge is not None
    assert badge["y"] < 844
    page.close()


def test_two_clicks_freeze_one_result(browser: Browser, sqlite_template: Path, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    file = tmp_path / "company.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(sqlite_url(file))
    load_company(engine, effect=3_000)
    enrol_half(engine)
    eve = id_of(engine, "eve")
    with serving(sqlite_url(file)) as address:
        page = browser.new_page(base_url=address)
        page.set_default_timeout(PATIENCE)
        page.goto(f"/program-roi?as={eve}")
        page.get_by_role("button", name="Freeze the first result").dblclick()
        expect(page.get_by_text("What we cannot claim")).to_be_visible()
        wait_idle(page)
        with reading(engine) as connection:
            kept = connection.execute(sa.select(frozen_evidence.c.as_of)).scalars().all()
        assert kept == [dt.datetime.now(dt.UTC).date()]
        page.close()
    engine.dispose()
