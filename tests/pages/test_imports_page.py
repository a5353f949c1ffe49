"""Loading files through the page: what is guessed, corrected, asked, refused, loaded and told."""

from __future__ import annotations

import datetime as dt
import io
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from coaching.people import Role
from data_access.commands.imports import Order
from data_access.default_scorecard import ensure_default_scorecard
from data_access.demo import fill_demo
from data_access.engine import reading, writing
from data_access.importers.mapping import mapping_from
from data_access.importers.publish import ImportResult, only_one_import
from data_access.tables import deal_version, import_run, person, session
from tests.companies import PEOPLE, csv_bytes, deal, load
from tests.demo import TODAY
from tests.pages.opening import IMPORTS, opened, said, words
from ui import import_results, uploads
from ui.actions import imports as actions
from ui.import_words import KINDS, field_label

DEALS = [
    deal("a", status="won", closed="2026-02-01"),
    deal("b", status="lost", closed="2026-03-01"),
    deal("c", opened="2026-04-25"),
]


@pytest.fixture
def engine(sqlite_engine: sa.Engine, sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """An empty database that the pages look at."""
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_database_url)
    return sqlite_engine


@pytest.fixture(autouse=True)
def _caches(fresh_caches: None) -> None:
    """Every test here writes."""


def imports(who: str = "admin") -> AppTest:
    return opened(IMPORTS, who)


def handed(app: AppTest, kind: str, content: bytes | Sequence[dict[str, Any]], name: str = "export.csv") -> AppTest:
    """The page after a file was handed to it as a kind."""
    data = content if isinstance(content, bytes) else csv_bytes(content)
    app.radio(key="imports_kind").set_value(kind).run()
    return sound(app.file_uploader[0].set_value((name, data, "text/csv")).run())


def sound(app: AppTest) -> AppTest:
    assert not app.exception, app.exception[0].stack_trace
    return app


def choice(app: AppTest, label: str) -> Any:
    return next(box for box in app.selectbox if box.label == label)


def load_button(app: AppTest) -> Any:
    return next(button for button in app.button if button.label.startswith("Load"))


def loaded(app: AppTest) -> AppTest:
    return sound(load_button(app).click().run())


def warnings(app: AppTest) -> str:
    return " ".join(element.value for element in app.warning).replace("\\", "").replace("\u2060", "")


def errors(app: AppTest) -> str:
    return " ".join(element.value for element in app.error).replace("\\", "").replace("\u2060", "")


def rows(engine: sa.Engine, *columns: sa.Column[Any]) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(sa.select(*columns).order_by(columns[0].table.c.id))]


# --- who and where to begin ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["Maya", "Dana", "Eve", "Ravi"])
def test_only_an_admin_loads_data_and_everybody_else_is_told_so(engine: sa.Engine, who: str) -> None:
    load(engine, "people", PEOPLE)
    app = imports(who)
    assert "Only an admin loads data" in words(app)
    assert "View as" in words(app)
    assert not app.file_uploader


def test_whoever_opens_an_empty_product_is_led_to_the_people_first(engine: sa.Engine) -> None:
    app = opened(IMPORTS)
    assert app.radio(key="imports_kind").value == "people"
    assert [*KINDS][:2] == ["people", "deals"]
    assert "Nothing has been loaded yet" in words(app)


def test_a_database_with_people_is_asked_for_deals_next(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    assert imports("Ada").radio(key="imports_kind").value == "deals"


def test_the_page_names_the_command_line_for_larger_files(engine: sa.Engine) -> None:
    app = imports()
    assert any("data_access import people FILE" in code.value for code in app.code)


# --- loading ------------------------------------------------------------------------------------------------------


def test_a_people_file_is_checked_loaded_and_told_about(engine: sa.Engine) -> None:
    app = handed(imports(), "people", PEOPLE, "people.csv")
    assert "9 people would be loaded, as of 20 Nov 2026" in words(app)
    assert rows(engine, person.c.name) == []
    loaded(app)
    told = words(app)
    assert "9 people loaded" in told
    assert "9 new." in told
    assert "people.csv, the export of 20 Nov 2026." in told
    assert rows(engine, import_run.c.kind, import_run.c.as_of, import_run.c.file_name) == [
        ("people", TODAY, "people.csv")
    ]


def test_whoever_loads_the_first_people_still_looks_as_an_admin_afterwards(engine: sa.Engine) -> None:
    app = loaded(handed(opened(IMPORTS), "people", PEOPLE))
    assert said(app, "as") == str(Role.ADMIN)
    assert "9 people loaded" in words(app)


def test_after_a_load_the_uploader_is_empty_and_a_rerun_loads_nothing(engine: sa.Engine) -> None:
    app = loaded(handed(imports(), "people", PEOPLE))
    assert app.file_uploader[0].value is None
    sound(app.run())
    assert len(rows(engine, import_run.c.id)) == 1
    assert "9 people loaded" in words(app)


def test_a_second_click_on_a_load_that_is_done_does_nothing(engine: sa.Engine) -> None:
    app = handed(imports(), "people", PEOPLE)
    draft = app.session_state["imports_draft"]
    draft.outcome = uploads.Outcome("people", "people.csv", TODAY, _result())
    loaded(app)
    assert rows(engine, import_run.c.id) == []


def test_the_next_step_leads_on_to_the_deals_and_to_the_team_page(engine: sa.Engine) -> None:
    app = loaded(handed(imports(), "people", PEOPLE))
    sound(app.button(key="imports_next").click().run())
    assert app.radio(key="imports_kind").value == "deals"
    app = loaded(handed(app, "deals", DEALS))
    assert "3 deals loaded" in words(app)
    link = next(link for link in app.get("page_link") if "team page" in link.proto.label)
    assert "Dana Whitfield" in link.proto.label.replace("\\", "")


def test_the_date_of_the_export_is_the_one_chosen(engine: sa.Engine) -> None:
    app = imports()
    app.date_input(key="imports_as_of").set_value(dt.date(2026, 3, 31)).run()
    app = loaded(handed(app, "deals", DEALS))
    assert rows(engine, import_run.c.as_of) == [(dt.date(2026, 3, 31),)]
    assert "the export of 31 Mar 2026" in words(app)


def test_the_same_file_again_says_that_nothing_changed(engine: sa.Engine) -> None:
    app = loaded(handed(imports(), "deals", DEALS))
    app = handed(app, "deals", DEALS)
    assert "3 unchanged." in words(app)
    assert "Everything in it was known already, so nothing changed." in words(loaded(app))


def test_an_older_export_names_the_days_that_it_changes(engine: sa.Engine) -> None:
    load(engine, "deals", DEALS, dt.date(2026, 3, 1))
    load(engine, "deals", DEALS, dt.date(2026, 6, 1))
    app = imports()
    app.date_input(key="imports_as_of").set_value(dt.date(2026, 5, 1)).run()
    app = loaded(handed(app, "deals", [*DEALS[:2], deal("c", opened="2026-04-25", amount=900)]))
    assert "it changes only views as of" not in words(app)
    assert "this one changes only views as of 1 May 2026 to 31 May 2026" in words(app)


# --- the mapping --------------------------------------------------------------------------------------------------


def test_the_guess_shows_the_column_and_its_first_values_and_can_be_corrected(engine: sa.Engine) -> None:
    file = b"id,name,office,squad\nr1,Ravi Nair,Harbour,East\nr2,Rosa Marin,Airport,East\n"
    app = handed(imports(), "people", file)
    assert choice(app, "Team").value == "squad"
    assert "Harbour" not in _captions(app)
    sound(choice(app, "Team").set_value("office").run())
    assert "Harbour · Airport" in _captions(app)
    loaded(app)
    with reading(engine) as connection:
        mapping = connection.scalar(sa.select(import_run.c.mapping))
    assert tomllib.loads(str(mapping))["columns"]["team"] == "office"


def test_a_column_can_be_left_out(engine: sa.Engine) -> None:
    app = handed(imports(), "people", PEOPLE)
    sound(choice(app, "Team").set_value("").run())
    loaded(app)
    with reading(engine) as connection:
        mapping = connection.scalar(sa.select(import_run.c.mapping))
    assert tomllib.loads(str(mapping))["columns"]["team"] == ""


def test_what_was_said_of_one_file_is_not_said_of_the_next(engine: sa.Engine) -> None:
    app = handed(imports(), "people", PEOPLE)
    sound(choice(app, "Team").set_value("").run())
    assert choice(app, "Team").value == ""
    assert choice(handed(app, "people", PEOPLE), "Team").value == "team"
    sound(choice(app, "Team").set_value("").run())
    sound(app.radio(key="imports_kind").set_value("accounts").run())
    sound(app.radio(key="imports_kind").set_value("people").run())
    assert choice(app, "Team").value == "team"


def test_ambiguous_dates_are_asked_for_beside_their_control_and_never_guessed(engine: sa.Engine) -> None:
    file = csv_bytes([{**row, "opened_on": "03/04/2026", "closed_on": ""} for row in DEALS])
    app = handed(imports(), "deals", file)
    assert "One question is open" in words(app)
    assert 'Opened on: dates such as "03/04/2026" can be read in two ways.' in warnings(app)
    assert "date_format" not in warnings(app)
    assert load_button(app).disabled
    sound(choice(app, "Dates").set_value("day first").run())
    assert not app.warning
    loaded(app)
    assert {opened_on for (opened_on,) in rows(engine, deal_version.c.opened_on)} == {dt.date(2026, 4, 3)}


@pytest.mark.parametrize("suffix", ["xlsx", "parquet", "tsv"])
def test_workbooks_parquet_and_tab_separated_files_load_as_well(engine: sa.Engine, suffix: str) -> None:
    frame, stream = pl.DataFrame(PEOPLE), io.BytesIO()
    if suffix == "xlsx":
        frame.write_excel(stream, worksheet="Users")
    elif suffix == "parquet":
        frame.write_parquet(stream)
    else:
        frame.write_csv(stream, separator="\t")
    app = handed(imports(), "people", stream.getvalue(), f"people.{suffix}")
    assert [box.value for box in app.text_input] == (["Users"] if suffix == "xlsx" else [])
    assert "9 people loaded" in words(loaded(app))


def test_a_sheet_that_the_workbook_does_not_have_is_refused_beside_its_control(engine: sa.Engine) -> None:
    stream = io.BytesIO()
    pl.DataFrame(PEOPLE).write_excel(stream, worksheet="Users")
    app = handed(imports(), "people", stream.getvalue(), "people.xlsx")
    sound(app.text_input[0].set_value("Nobody").run())
    assert 'The workbook has no sheet "Nobody"; it has: Users.' in errors(app)
    sound(app.text_input[0].set_value("Users").run())
    assert "9 people would be loaded" in words(app)


def test_a_file_that_is_taken_back_leaves_nothing_in_the_session(engine: sa.Engine) -> None:
    app = handed(imports(), "people", PEOPLE)
    sound(app.file_uploader[0].set_value(None).run())
    assert "imports_draft" not in app.session_state
    assert "would be loaded" not in words(app)


def test_an_ambiguous_decimal_sign_is_asked_for(engine: sa.Engine) -> None:
    app = handed(imports(), "deals", [deal("a", amount="1.234"), deal("b", amount="2.500")])
    assert 'Amount: numbers such as "1.234"' in warnings(app)
    sound(choice(app, "Decimal sign").set_value(",").run())
    loaded(app)
    assert [amount for (amount,) in rows(engine, deal_version.c.amount)] == [123_400, 250_000]


def test_several_currencies_need_a_rate_and_a_rate_settles_them(engine: sa.Engine) -> None:
    app = handed(imports(), "deals", [deal("a"), {**deal("b"), "currency": "EUR"}])
    assert "several currencies (EUR, USD), which are never added up." in warnings(app)
    assert load_button(app).disabled
    rate = next(box for box in app.number_input if box.label == "1 EUR in USD")
    sound(rate.set_value(1.25).run())
    assert not app.warning
    loaded(app)
    assert sorted(rows(engine, deal_version.c.reporting_amount)) == [(10_000,), (12_500,)]


def test_a_currency_the_company_does_not_report_in_is_settled_where_it_is_marked(engine: sa.Engine) -> None:
    load(engine, "deals", DEALS)
    app = handed(imports("admin"), "deals", [{**deal("x"), "currency": "EUR"}])
    assert "Amounts are in EUR, the company reports in USD" in errors(app)
    assert load_button(app).disabled
    sound(app.run())
    rate = next(box for box in app.number_input if box.label == "1 EUR in USD")
    sound(rate.set_value(1.1).run())
    assert not app.error
    assert "1 deal loaded" in words(loaded(app))


def test_deals_without_ids_that_repeat_are_asked_about(engine: sa.Engine) -> None:
    row = {name: value for name, value in deal("a").items() if name != "id"}
    app = handed(imports(), "deals", [row, {**row, "amount": 200}])
    assert "have the same owner, account, name and opening date." in warnings(app)
    sound(choice(app, "Deals without an id").set_value("deal").run())
    assert "2 deals loaded" in words(loaded(app))


def test_a_word_for_a_stage_can_be_made_won(engine: sa.Engine) -> None:
    signed = [{**deal("a"), "stage": "Signed at last", "status": ""}, {**deal("b"), "status": ""}]
    app = handed(imports(), "deals", signed)
    stages = {radio.label.split(" :gray")[0]: radio for radio in app.radio if radio.key != "imports_kind"}
    assert {name: radio.value for name, radio in stages.items()} == {"Signed at last": "open", "Discovery": "open"}
    sound(stages["Signed at last"].set_value("won").run())
    loaded(app)
    assert rows(engine, deal_version.c.status) == [("won",), ("open",)]


def test_the_words_of_a_status_column_are_offered_where_there_are_no_stages(engine: sa.Engine) -> None:
    odd = [{"id": "a", "owner": "Ravi", "status": "lost"}, {"id": "b", "owner": "Ravi", "status": "Zugesagt"}]
    app = handed(imports(), "deals", odd)
    labels = [radio.label.split(" :gray")[0] for radio in app.radio if radio.key != "imports_kind"]
    assert sorted(labels) == ["Zugesagt", "lost"]


def test_columns_of_another_kind_are_noticed_and_one_click_mends_it(engine: sa.Engine) -> None:
    app = handed(imports(), "people", DEALS)
    assert "look like deals, not like people" in warnings(app)
    sound(next(button for button in app.button if button.label == "Load it as deals").click().run())
    assert "3 deals would be loaded" in words(app)


def test_the_mapping_shown_is_the_one_the_command_line_reads_and_can_be_handed_back(engine: sa.Engine) -> None:
    app = handed(imports(), "deals", [{**deal("a"), "opened_on": "03/04/2026"}])
    sound(choice(app, "Dates").set_value("month first").run())
    shown = next(code.value for code in app.code if "[columns]" in code.value)
    assert mapping_from(tomllib.loads(shown)).date_format == "month first"
    app = handed(app, "deals", [{**deal("a"), "opened_on": "03/04/2026"}])
    assert choice(app, "Dates").value == ""
    app.text_area[0].set_value(shown)
    sound(next(button for button in app.button if button.label == "Use it").click().run())
    assert choice(app, "Dates").value == "month first"
    assert not app.warning


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("columns = ", "not valid TOML"), ("colums = 1", 'unknown key "colums"'), ("decimal = 'x'", "decimal must be")],
)
def test_a_mapping_that_is_none_is_refused_in_words(engine: sa.Engine, text: str, sentence: str) -> None:
    app = handed(imports(), "deals", DEALS)
    app.text_area[0].set_value(text)
    sound(next(button for button in app.button if button.label == "Use it").click().run())
    assert sentence in errors(app)


def test_a_mapping_for_other_columns_is_refused_and_can_be_undone(engine: sa.Engine) -> None:
    app = handed(imports(), "deals", DEALS)
    app.text_area[0].set_value('[columns]\nowner = "Nobody has this"')
    sound(next(button for button in app.button if button.label == "Use it").click().run())
    assert 'reads owner from "Nobody has this"' in errors(app)
    sound(next(button for button in app.button if button.label == "Undo all corrections").click().run())
    assert "3 deals would be loaded" in words(app)


# --- rejected, refused, interrupted -------------------------------------------------------------------------------


def test_rejected_rows_are_shown_with_their_reason_and_text_before_and_after_the_load(engine: sa.Engine) -> None:
    app = handed(imports(), "deals", [*DEALS, deal("bad", opened="soon")])
    assert "3 deals would be loaded, 1 row rejected" in words(app)
    before = _rejected(app)
    loaded(app)
    assert "3 deals loaded, 1 row rejected" in words(app)
    assert _rejected(app) == before
    assert before[0][0] == 5
    assert 'opened_on "soon" is not a date' in before[0][1]
    assert before[0][2].startswith("bad,ravi")


def test_a_click_on_an_earlier_import_shows_what_it_rejected(engine: sa.Engine) -> None:
    load(engine, "deals", [*DEALS, deal("bad", opened="soon")])
    app = imports()
    assert not _rejected(app)
    app.session_state["imports_history"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    sound(app.run())
    assert len(_rejected(app)) == 1
    app.session_state["imports_history"] = {"selection": {"rows": [999], "columns": [], "cells": []}}
    assert not _rejected(sound(app.run()))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"MZ\x00\x01\x02", "The file is a Windows program, not a table."),
        (b"", "The file is empty."),
        (b"%PDF-1.7", "The file is a PDF; export the table as CSV, XLSX or Parquet."),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(engine: sa.Engine, content: bytes, sentence: str) -> None:
    app = handed(imports(), "deals", content, "deals.csv")
    assert sentence in errors(app)
    assert "Nothing was written." in words(app)
    assert rows(engine, import_run.c.id) == []


def test_while_another_import_runs_the_page_says_so_and_tries_again(engine: sa.Engine) -> None:
    with only_one_import(engine):
        app = handed(imports(), "deals", DEALS)
        assert "Another import is running." in warnings(app)
    sound(next(button for button in app.button if button.label == "Try again").click().run())
    assert "3 deals would be loaded" in words(app)
    with only_one_import(engine):
        loaded(app)
        assert "Another import is running." in warnings(app)
    assert "3 deals loaded" in words(loaded(app))


def test_a_load_that_was_interrupted_says_that_nothing_was_kept(engine: sa.Engine) -> None:
    app = handed(imports(), "deals", DEALS)
    app.session_state["imports_draft"].state = "running"
    sound(app.run())
    assert "The load was stopped before it was done" in warnings(app)
    assert "3 deals loaded" in words(loaded(app))


def test_sessions_kept_elsewhere_load_with_their_words_and_what_was_rejected(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    file = [
        {"Verkäufer": "ravi", "Coach": "maya", "Durchgeführt am": "13.03.2026", "Dauer in Minuten": "45"},
        {"Verkäufer": "ravi", "Coach": "maya", "Durchgeführt am": "27.03.2026", "Dauer in Minuten": "30"},
        {"Verkäufer": "nobody", "Coach": "maya", "Durchgeführt am": "27.03.2026", "Dauer in Minuten": "30"},
    ]
    app = handed(imports("Ada"), "sessions", file, "gespraeche.csv")
    assert "2 sessions would be loaded, 1 row rejected" in words(app)
    assert [(line, reason.split(";")[0]) for line, reason, _ in _rejected(app)] == [
        (4, 'No person is known as "nobody"')
    ]
    loaded(app)
    assert "2 sessions loaded, 1 row rejected" in words(app)
    assert rows(engine, session.c.minutes) == [(45,), (30,)]
    again = loaded(handed(imports("Ada"), "sessions", file))
    assert "Everything in it was known already, so nothing changed." in words(again)


def test_a_decimal_sign_is_asked_for_where_objectives_leave_it_open(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    days = {"agreed_on": "2026-01-02", "due_on": "2026-06-30"}
    file = [{"rep": "ravi", "coach": "maya", "metric": "won_amount", "baseline": "30.000", "target": "45.000", **days}]
    app = handed(imports("Ada"), "plans", file)
    assert "can be read in two ways" in warnings(app)
    sound(choice(app, "Decimal sign").set_value(",").run())
    assert "1 objective would be loaded" in words(app)


def test_text_from_a_file_is_shown_and_never_obeyed(engine: sa.Engine) -> None:
    image = "![x](http://evil.example/p.png)"
    header = f"Owner {image}"
    row = {**deal("a", owner=image), "stage": image, "status": "", header: image}
    app = handed(imports(), "deals", [row, deal("b", owner=image, opened=image)], f"{image}.csv")
    app = loaded(app)
    sound(app.run())
    markdown = [element.value for element in [*app.markdown, *app.caption, *app.subheader, *app.warning, *app.error]]
    assert any("\\!\\[x\\]" in text for text in markdown)
    assert not any("![" in text for text in markdown)
    assert not any("![" in element.label for element in [*app.radio, *app.button, *app.selectbox])


def test_the_name_of_an_upload_is_never_a_path_and_its_file_does_not_outlive_the_action(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []

    def noting(viewer: Any, opened_engine: sa.Engine, order: Order, *rest: Any) -> ImportResult:
        seen.append(order.path)
        assert order.path.stat().st_uid == order.path.parent.stat().st_uid
        assert order.path.parent.stat().st_mode & 0o077 == 0
        return _result()

    monkeypatch.setattr(actions, "import_file", noting)
    handed(imports(), "people", PEOPLE, "../../outside.csv")
    assert [path.name for path in seen] == ["upload"]
    assert not seen[0].exists()
    assert not seen[0].parent.exists()


def test_rights_are_read_again_when_the_file_is_loaded(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    app = handed(imports("Ada"), "deals", DEALS)
    load(
        engine,
        "people",
        [{**row, "role": "Rep"} if row["id"] == "ada" else row for row in PEOPLE],
        dt.date(2026, 11, 21),
    )
    loaded(app)
    assert "Only an admin loads data" in words(app)
    assert [kind for (kind,) in rows(engine, import_run.c.kind)] == ["people", "people"]


# --- the demo company ---------------------------------------------------------------------------------------------


@pytest.fixture
def small_demo(engine: sa.Engine) -> sa.Engine:
    fill_demo(engine, reps=6, months=6, seed=3, today=TODAY)
    return engine


def test_the_first_file_removes_the_demo_and_the_page_says_so_before_and_after(small_demo: sa.Engine) -> None:
    app = imports()
    assert "This database holds the demo company." in warnings(app)
    app = handed(app, "people", PEOPLE)
    assert "The demo company would be removed." in words(app)
    loaded(app)
    assert "The demo company was removed." in words(app)
    assert "demo" not in warnings(app)
    assert len(rows(small_demo, person.c.id)) == len(PEOPLE)


def test_the_demo_with_recorded_coaching_goes_only_with_a_tick(small_demo: sa.Engine) -> None:
    with writing(small_demo) as connection:
        ensure_default_scorecard(connection)
        row = dict(connection.execute(sa.select(session)).mappings().first() or {})
        connection.execute(sa.insert(session).values({name: value for name, value in row.items() if name != "id"}))
    app = handed(imports(), "people", PEOPLE)
    assert "9 people would be loaded" in words(app)
    assert "Somebody has recorded coaching in the demo company." in warnings(app)
    assert load_button(app).disabled
    box = next(box for box in app.checkbox if box.label == "Replace the demo and what was recorded in it")
    sound(box.check().run())
    assert not load_button(app).disabled
    loaded(app)
    assert "The demo company was removed." in words(app)


# --- words --------------------------------------------------------------------------------------------------------


def _result(**more: Any) -> ImportResult:
    return ImportResult(
        **{"kind": "deals", "as_of": "2026-11-20", "read": 9, "accepted": 9, "rejected": 0, "ignored": 0, **more}
    )


def test_a_result_is_told_in_sentences() -> None:
    lines = import_results.sentences(
        "deals",
        _result(
            new=4,
            changed=3,
            stale=2,
            ignored=1,
            duplicates=1,
            unmatched={"account": [f"A{number}" for number in range(10)]},
            cannot_compute=["margin", "not_in_the_registry"],
        ),
        would=False,
    )
    assert lines == [
        "4 new, 3 changed, 2 older than what is known.",
        "1 row repeats another row of the file and counts once.",
        "1 row holds no deal, such as a report's footer, and was left out.",
        "No account is known yet for A0, A1, A2, A3, A4, A5, A6, A7 and 2 more. These rows are kept and matched once a"
        " file names them.",
        "Figures that this file cannot support, and that say “no data”: Margin, not_in_the_registry.",
    ]


@pytest.mark.parametrize(
    ("what", "done", "total", "seconds", "sentence"),
    [
        ("publishing", 0, None, 3.0, "Publishing …"),
        ("writing deals", 40_000, 120_000, 3.0, "Writing deals: 40,000 of 120,000 rows, about 6\u00a0seconds left"),
        ("writing deals", 40_000, 120_000, 0.5, "Writing deals: 40,000 of 120,000 rows"),
        ("reading", 120_000, 120_000, 9.0, "Reading: 120,000 of 120,000 rows"),
    ],
)
def test_progress_says_rows_done_and_seconds_left(
    what: str, done: int, total: int | None, seconds: float, sentence: str
) -> None:
    assert uploads.progress_words(what, done, total, seconds) == sentence


def test_progress_is_silent_for_two_seconds_and_then_moves() -> None:
    app = AppTest.from_function(_slow_work)
    app.session_state["moments"] = [0.0, 0.5, 1.9]
    assert not app.run().get("progress")
    app.session_state["moments"] = [0.0, 0.5, 2.1, 2.2, 3.0]
    shown = app.run().get("progress")
    assert [element.proto.text for element in shown] == ["Writing: 4 of 4 rows"]


def _slow_work() -> None:
    import streamlit as st

    from ui.uploads import ShownProgress

    moments = iter(st.session_state["moments"])
    progress = ShownProgress(clock=lambda: next(moments))
    for done in range(1, len(st.session_state["moments"])):
        progress("writing", done, 4)


def test_every_field_of_every_kind_has_a_name_of_its_own() -> None:
    for kind in KINDS:
        labels = [field_label(kind, name) for name in actions.known_fields(kind)]
        assert len(set(labels)) == len(labels), kind


def test_the_kinds_of_the_page_are_those_of_the_importers() -> None:
    assert set(KINDS) == set(actions.KINDS)
    for kind, words_of_kind in KINDS.items():
        assert {*words_of_kind.needed, *words_of_kind.useful} <= set(actions.known_fields(kind))


def _captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption).replace("\\", "")


def _rejected(app: AppTest) -> list[tuple[int, str, str]]:
    found = [table.value for table in app.dataframe if list(table.value.columns) == ["line", "reason", "raw"]]
    return [tuple(row) for frame in found for row in frame.itertuples(index=False)]
