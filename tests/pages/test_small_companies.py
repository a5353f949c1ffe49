"""Companies with little or strange data: nothing loaded, people without deals, hostile names, no amounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from data_access.engine import open_engine
from tests.companies import PEOPLE, deal, load
from tests.demo import id_of
from tests.pages.opening import DEFINITIONS, OVERVIEW, PROGRESS, figures, opened, tile, words

TODAY = dt.date(2026, 11, 20)
HOSTILE = "![x](http://127.0.0.1:8899/p.png) <script>alert(1)</script> :red[boss] \u202eRavi"


@pytest.fixture
def engine_of_pages(
    sqlite_database_url: str, fresh_caches: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[sa.Engine]:
    """A migrated, empty database that the pages look at."""
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_database_url)
    engine = open_engine(sqlite_database_url)
    yield engine
    engine.dispose()


def test_without_tables_every_page_says_which_command_makes_them(
    tmp_path: Path, fresh_caches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACHING_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    app = opened(None)
    assert [title.value for title in app.title] == ["The database is not ready yet"]
    assert "data_access migrate" in app.code[0].value


def test_in_an_empty_database_the_admin_starts_at_the_imports_and_others_are_told_who_loads(
    engine_of_pages: sa.Engine,
) -> None:
    assert [title.value for title in opened(None).title] == ["Imports"]
    for page in (OVERVIEW, PROGRESS):
        assert "Load your people first" in words(opened(page, "admin"))
        assert "An admin loads the people and deals" in words(opened(page, "executive"))
    assert opened(DEFINITIONS, "executive").markdown


def test_people_without_deals_have_their_rows_and_no_invented_figures(engine_of_pages: sa.Engine) -> None:
    load(engine_of_pages, "people", PEOPLE)
    app = opened(OVERVIEW, "Maya")
    assert "No deals have been loaded yet" in words(app)
    assert list(app.dataframe[0].value["name"]) == ["Ravi Nair", "Rosa Marin"]
    assert {metric.value for metric in app.metric} == {":gray[no data]"}
    rep = opened(PROGRESS, "Maya", rep=id_of("Ravi"))
    assert "No deals have been loaded yet" in words(rep)


def test_a_rep_without_deals_among_others_who_have_some_has_a_page(engine_of_pages: sa.Engine) -> None:
    load(engine_of_pages, "people", PEOPLE)
    load(engine_of_pages, "deals", [deal("D1", "ravi", status="won", opened="2026-10-02", closed="2026-11-02")])
    assert "Rosa Marin has no deal to show" in words(opened(PROGRESS, "Maya", rep=id_of("Rosa")))
    ravi = opened(PROGRESS, "Maya", rep=id_of("Ravi"))
    assert tile(ravi, "Win rate") == ":gray[100 %]"
    assert "n = 1, too few to say much" in words(ravi)


def test_an_export_older_than_the_period_offers_its_own_day(engine_of_pages: sa.Engine) -> None:
    load(engine_of_pages, "people", PEOPLE, as_of=dt.date(2026, 8, 20))
    won = deal("D1", "ravi", status="won", opened="2026-07-02", closed="2026-08-02")
    load(engine_of_pages, "deals", [won], as_of=dt.date(2026, 8, 20))
    app = opened(OVERVIEW, "Maya")
    assert "The latest export is older than this period: it is of 20 Aug 2026" in words(app)
    app.button(key="look_at_latest").click().run()
    assert not app.exception
    assert app.date_input(key="as_of_choice").value == dt.date(2026, 8, 20)
    assert "The latest export is older" not in words(app)
    assert tile(app, "Win rate") == ":gray[100 %]"


def test_without_quotas_and_coaching_the_overview_still_has_a_verdict_and_figures(engine_of_pages: sa.Engine) -> None:
    load(engine_of_pages, "people", PEOPLE)
    rows = [deal(f"W{i}", "ravi", status="won", opened="2026-10-02", closed=f"2026-11-{i:02}") for i in range(1, 7)]
    rows += [deal(f"L{i}", "rosa", status="lost", opened="2026-10-02", closed=f"2026-11-{i:02}") for i in range(1, 7)]
    load(engine_of_pages, "deals", rows)
    app = opened(OVERVIEW, "Maya")
    assert "East wins 50 % of the deals it closes" in words(app)
    assert "Neither quotas nor coaching sessions have been loaded" in words(app)
    titles = [figure["layout"]["title"]["text"] for figure in figures(app)]
    assert len(titles) == 2
    assert "quota" not in " ".join(titles)


def shown_by(app: AppTest) -> list[str]:
    labels = [element.value for element in [*app.title, *app.markdown, *app.caption, *app.subheader]]
    labels += [f"{metric.label}{metric.value}{metric.help}" for metric in app.metric]
    return labels + [button.label for button in app.button]


def test_a_hostile_name_is_shown_as_text_on_every_page(engine_of_pages: sa.Engine) -> None:
    people = [row | ({"name": HOSTILE} if row["id"] in {"ravi", "maya"} else {}) for row in PEOPLE]
    people = [row | ({"team": "[East](javascript:1)"} if row["team"] == "East" else {}) for row in people]
    load(engine_of_pages, "people", people)
    load(
        engine_of_pages,
        "deals",
        [deal("D1", "ravi", status="won", opened="2026-10-02", closed="2026-11-02", account=HOSTILE)],
    )
    dana = opened(OVERVIEW, "Dana")
    app_of_rep = opened(PROGRESS, "Dana", rep=ids_named_hostile()[0])
    for app in (dana, app_of_rep):
        for text in shown_by(app):
            assert "![" not in text
            assert "](javascript" not in text
            assert "<script" not in text.replace(r"\<", "")
            assert "\u202e" not in text
        for figure in figures(app):
            assert "<script" not in str(figure)
    assert any("http" in text for text in shown_by(app_of_rep))


def ids_named_hostile() -> list[int]:
    from tests.demo import sight_of
    from ui import loaders

    people = loaders.people(sight_of("Dana"), TODAY)
    return [row["person_id"] for row in people.iter_rows(named=True) if row["name"].startswith("!") and row["sells"]]


def test_two_people_and_two_teams_of_one_name_can_be_told_apart_and_chosen(engine_of_pages: sa.Engine) -> None:
    twins = [row | ({"name": "Ravi Nair"} if row["id"] in {"ravi", "rosa"} else {}) for row in PEOPLE]
    load(engine_of_pages, "people", twins)
    app = opened(PROGRESS, "Maya")
    options = app.selectbox(key="rep_choice").options
    assert len(options) == len(set(options)) == 2
