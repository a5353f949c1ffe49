"""Files become knowledge: versions only where something changed, late files in their place, nothing half-loaded."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coaching.people import Role
from data_access import rollups
from data_access.__main__ import main
from data_access.checks import faults
from data_access.commands.imports import clear_abandoned_imports
from data_access.commands.settings import change_setting
from data_access.engine import open_engine, reading, writing
from data_access.importers.mapping import Mapping
from data_access.importers.publish import ImportBusy, clear_leftovers, only_one_import
from data_access.importers.refusal import ImportRefused
from data_access.queries.imports import import_result, import_runs, rejections
from data_access.scope import operator
from data_access.settings import SettingRefused, store_setting
from data_access.tables import account, activity, call, deal_version, import_run, metadata, person, product, stage_entry
from data_access.tables import deal as deal_table
from tests.availability import PROJECT
from tests.companies import NOW, PEOPLE, csv_bytes, deal, load, measure, someone, value

D = dt.date
FIRST, SECOND, THIRD = D(2026, 3, 1), D(2026, 4, 1), D(2026, 5, 1)


def count(engine: sa.Engine, table: sa.Table) -> int:
    with reading(engine) as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_same_file_twice_changes_nothing(engine: sa.Engine) -> None:
    rows = [deal("a"), deal("b", status="won", closed="2026-02-01")]
    first = load(engine, "deals", rows, FIRST)
    second = load(engine, "deals", rows, FIRST)
    assert (first.new, second.new, second.unchanged) == (2, 0, 2)
    assert count(engine, deal_version) == 2


def test_the_same_file_twice_changes_nothing_though_no_currency_was_named(engine: sa.Engine) -> None:
    rows = [{name: cell for name, cell in deal(key).items() if name != "currency"} for key in "ab"]
    load(engine, "deals", rows, FIRST)
    assert load(engine, "deals", rows, SECOND).unchanged == 2
    quotas = [{"rep": "ravi", "from": "2026-01-01", "to": "2026-03-31", "amount": 100}]
    load(engine, "quotas", quotas, FIRST)
    assert load(engine, "quotas", quotas, SECOND).unchanged == 1
    products = [{"name": "GTX Pro", "list_amount": 100}]
    load(engine, "products", products, FIRST)
    assert load(engine, "products", products, SECOND).unchanged == 1


def test_a_later_export_writes_versions_only_for_what_changed(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a", amount=100), deal("b", amount=100)], FIRST)
    result = load(engine, "deals", [deal("a", amount=100), deal("b", amount=150), deal("c")], SECOND)
    assert (result.new, result.changed, result.unchanged) == (1, 1, 1)
    assert count(engine, deal_version) == 4
    pipeline = [value(measure(engine, "open_pipeline", as_of=day), "open_pipeline") for day in (FIRST, SECOND)]
    assert pipeline == [200, 350]


def test_an_older_export_loaded_late_changes_only_its_own_days(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a", amount=100)], FIRST)
    load(engine, "deals", [deal("a", amount=300)], THIRD)
    moments = [FIRST, D(2026, 3, 31), SECOND, D(2026, 4, 30), THIRD, D(2026, 6, 1)]
    before = [value(measure(engine, "open_pipeline", as_of=day), "open_pipeline") for day in moments]
    result = load(engine, "deals", [deal("a", amount=200), deal("z", amount=1000)], SECOND)
    after = [value(measure(engine, "open_pipeline", as_of=day), "open_pipeline") for day in moments]
    assert before == [100, 100, 100, 100, 300, 300]
    assert after == [100, 100, 1200, 1200, 300, 300]
    assert (result.stale, result.new, result.changed) == (2, 0, 0)
    assert result.changes_as_of == {"from": "2026-04-01", "to": "2026-04-30"}


def test_an_older_export_does_not_undo_what_a_newer_one_left_unchanged(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a", amount=100)], FIRST)
    load(engine, "deals", [deal("a", amount=100)], THIRD)
    load(engine, "deals", [deal("a", amount=200)], SECOND)
    found = [value(measure(engine, "open_pipeline", as_of=d), "open_pipeline") for d in (FIRST, SECOND, THIRD)]
    assert found == [100, 200, 100]
    with reading(engine) as connection:
        assert faults(connection) == []


def test_history_before_the_first_export_is_rebuilt_from_it(engine: sa.Engine) -> None:
    rows = [
        deal("a", "ravi", opened="2026-01-10", amount=500),
        deal("b", "ravi", status="won", opened="2026-01-05", closed="2026-02-10", amount=700),
        deal("c", "ravi", opened="", amount=50),
    ]
    load(engine, "deals", rows, FIRST)
    found = measure(engine, "open_count open_pipeline won_amount", as_of="2026-02-01")
    # Both dated deals were open then; what they were worth is younger knowledge. The undated one was not seen yet.
    assert value(found, "open_count") == 2
    assert value(found, "open_pipeline") is None
    assert value(found, "won_amount") == 0
    assert value(measure(engine, "won_amount", as_of="2026-02-10"), "won_amount") == 700
    assert value(measure(engine, "open_count", as_of=FIRST), "open_count") == 2


def test_a_deal_still_open_then_takes_no_later_owner(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a", "ravi", opened="2026-01-10")], FIRST)
    by_rep = measure(engine, "open_count", "rep", as_of="2026-02-01")
    assert value(by_rep, "open_count", "ravi") == 0
    assert value(measure(engine, "open_count", "rep", as_of=FIRST), "open_count", "ravi") == 1


def test_stage_history_dates_what_a_rebuilt_deal_was_worth_and_whose_it_was(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a", "ravi", opened="2026-01-10", amount=900)], FIRST)
    history = [
        {"deal": "a", "stage": "Discovery", "entered_at": "2026-01-10", "amount": 300, "owner": "rosa"},
        {"deal": "a", "stage": "Negotiation", "entered_at": "2026-02-15", "amount": 600, "owner": "ravi"},
    ]
    load(engine, "stage-history", history, FIRST)
    found = measure(engine, "open_pipeline open_count", "rep", as_of="2026-02-01")
    assert value(found, "open_pipeline", "rosa") == 300
    assert value(found, "open_count", "ravi") == 0


amounts = st.sampled_from([10, 20, 35])
owners = st.sampled_from(["ravi", "rosa", "wim"])


@st.composite
def exports(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    for key in draw(st.lists(st.sampled_from("abcde"), min_size=1, max_size=4, unique=True)):
        status = draw(st.sampled_from(["open", "won", "lost"]))
        opened = draw(st.dates(D(2026, 1, 1), D(2026, 2, 15)))
        closed = opened + dt.timedelta(days=draw(st.integers(0, 60))) if status != "open" else None
        rows.append(
            deal(
                key,
                draw(owners),
                status=status,
                opened=opened.isoformat(),
                closed=closed.isoformat() if closed else "",
                amount=draw(amounts),
                expected_close_on=draw(st.sampled_from(["", "2026-03-15", "2026-09-01"])),
                next_step=draw(st.sampled_from(["", "Call"])),
                account=draw(st.sampled_from(["", "Acme"])),
            )
        )
    return rows


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    entries = st.tuples(st.sampled_from("abcde"), st.datetimes(dt.datetime(2025, 12, 1), dt.datetime(2026, 6, 30)))
    return [
        {
            "deal": key,
            "stage": "Discovery",
            "entered_at": at.isoformat(),
            "amount": draw(amounts),
            "owner": draw(owners),
        }
        for key, at in draw(st.lists(entries, min_size=1, max_size=5, unique=True))
    ]


KEYS = (
    "won_count lost_count open_count won_amount lost_amount win_rate_count win_rate_value average_deal_size "
    "sales_cycle_days open_pipeline pipeline_generated opened_count crm_hygiene stalled_count accounts_lost"
)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@settings(
    max_examples=20, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(st.tuples(st.dates(D(2026, 2, 1), D(2026, 6, 30)), exports(), histories()), min_size=2, max_size=4),
    st.lists(st.dates(D(2026, 1, 1), D(2026, 7, 31)), min_size=1, max_size=3),
)
def test_a_past_page_does_not_change_after_a_later_dated_import(
    engine: sa.Engine,
    history: list[tuple[dt.date, list[dict[str, Any]], list[dict[str, Any]]]],
    moments: list[dt.date],
) -> None:
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sa.delete(table))
    (first_day, first, first_entries), *rest = history
    load(engine, "people", PEOPLE, first_day)
    load(engine, "deals", first, first_day)
    load(engine, "stage-history", first_entries, first_day)
    for day, rows, entries in rest:
        # A second file of the first one's date corrects it, and with it what is rebuilt from it.
        earlier = [moment for moment in moments if moment < day != first_day]
        before = [past_page(engine, moment) for moment in earlier]
        load(engine, "deals", rows, day)
        load(engine, "stage-history", entries, day)
        assert [past_page(engine, moment) for moment in earlier] == before


def past_page(engine: sa.Engine, as_of: dt.date) -> list[list[dict[str, Any]]]:
    return [measure(engine, KEYS, by, as_of=as_of).to_dicts() for by in ("company", "team", "rep")]


def test_every_row_is_accepted_rejected_or_ignored_and_rejects_keep_their_text(engine: sa.Engine) -> None:
    content = csv_bytes([deal("a"), deal("b", opened="TBD"), deal("c")]) + b"\r\nGrand Totals (3 records)\r\n"
    result = load(engine, "deals", content, FIRST)
    assert result.read == result.accepted + result.rejected + result.ignored
    assert (result.accepted, result.rejected) == (2, 1)
    assert result.import_id is not None
    with reading(engine) as connection:
        kept = rejections(operator(), connection, result.import_id)
        stored = import_result(operator(), connection, result.import_id)
    assert kept["line"].to_list() == [3]
    assert "TBD" in kept["raw"][0]
    assert stored is not None
    assert stored["rejected"] == 1


def test_an_unknown_owner_becomes_a_person_and_is_matched_by_a_later_people_file(engine: sa.Engine) -> None:
    result = load(engine, "deals", [deal("a", "Ravi Nair", status="won", closed="2026-02-01")], FIRST)
    assert result.unmatched == {"owner": ["Ravi Nair"]}
    load(engine, "people", PEOPLE, FIRST)
    found = measure(engine, "won_count", "rep")
    assert value(found, "won_count", "ravi") == 1
    assert count(engine, person) == len(PEOPLE)


def test_a_later_people_file_takes_away_nothing_that_it_does_not_speak_of(engine: sa.Engine) -> None:
    load(engine, "people", [row | {"email": f"{row['id']}@example.com", "started_on": "2025-01-01"} for row in PEOPLE])
    load(engine, "people", [{"id": row["id"], "name": row["name"], "manager": row["manager"]} for row in PEOPLE])
    eve, ravi = someone(engine, "eve"), someone(engine, "ravi")
    assert eve.role is Role.EXECUTIVE
    with reading(engine) as connection:
        kept = connection.execute(
            sa.select(person.c.email, person.c.started_on).where(person.c.id == ravi.person_id)
        ).one()
    assert kept == ("ravi@example.com", D(2025, 1, 1))
    assert value(measure(engine, "quota", "team"), "name", "East") == "East"


def test_a_name_that_two_people_share_is_nobodys_and_is_named(engine: sa.Engine) -> None:
    twins = [
        {"id": "1", "name": "Sam Lee", "manager": "maya", "team": "East"},
        {"id": "2", "name": "Sam Lee", "manager": "maya", "team": "East"},
    ]
    load(engine, "people", twins, FIRST)
    result = load(engine, "deals", [deal("a", "Sam Lee"), deal("b", "2")], FIRST)
    assert result.unmatched["owner"] == ["Sam Lee"]
    assert value(measure(engine, "open_count", "rep"), "open_count", "2") == 1
    assert value(measure(engine, "open_count"), "open_count") == 2


def test_a_product_finds_its_partner_by_its_normalised_name(engine: sa.Engine) -> None:
    load(engine, "products", [{"name": "GTX Pro", "series": "GTX"}], FIRST)
    result = load(engine, "deals", [deal("a", product="GTXPro"), deal("b", product="Nova")], FIRST)
    assert result.unmatched["product"] == ["Nova"]
    assert count(engine, product) == 2
    assert value(measure(engine, "open_count"), "open_count") == 2


def test_a_currency_without_a_rate_is_refused_and_nothing_is_written(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a")], FIRST)
    with pytest.raises(ImportRefused, match=r"rates\.EUR"):
        load(engine, "deals", [deal("b") | {"currency": "EUR"}], SECOND)
    assert count(engine, deal_version) == 1
    assert count(engine, import_run) == 1


def test_with_a_rate_amounts_keep_their_currency_and_add_up_in_the_reporting_one(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a", amount=100)], FIRST)
    load(engine, "deals", [deal("b", amount=100) | {"currency": "EUR"}], FIRST, mapping=Mapping(rates={"EUR": 1.1}))
    assert value(measure(engine, "open_pipeline"), "open_pipeline") == pytest.approx(210)
    with reading(engine) as connection:
        kept = connection.execute(sa.select(deal_version.c.currency, deal_version.c.amount)).all()
    assert sorted(kept) == [("EUR", 10000), ("USD", 10000)]


def test_a_dry_run_writes_nothing(engine: sa.Engine) -> None:
    result = load(engine, "deals", [deal("a", "nobody yet")], FIRST, dry_run=True)
    assert (result.new, result.dry_run, result.import_id) == (1, True, None)
    assert [count(engine, table) for table in (deal_version, person, import_run)] == [0, 0, 0]


def test_overlapping_quotas_are_rejected_with_the_days_they_overlap(engine: sa.Engine) -> None:
    rows = [
        {"rep": "ravi", "from": "2026-01-01", "to": "2026-03-31", "amount": 300, "currency": "USD"},
        {"rep": "ravi", "from": "2026-03-01", "to": "2026-03-31", "amount": 100, "currency": "USD"},
    ]
    result = load(engine, "quotas", rows, FIRST)
    assert (result.accepted, result.rejected) == (1, 1)
    assert "2026-01-01 to 2026-03-31" in result.rejections[0]["reason"]
    assert load(engine, "quotas", rows[:1], FIRST).unchanged == 1


def test_a_later_file_may_cut_quotas_anew_where_it_covers_every_day(engine: sa.Engine) -> None:
    def span(start: str, end: str, amount: int) -> dict[str, Any]:
        return {"rep": "ravi", "from": start, "to": end, "amount": amount, "currency": "USD"}

    months = [
        span("2026-01-01", "2026-01-31", 10),
        span("2026-02-01", "2026-02-28", 20),
        span("2026-03-01", "2026-03-31", 30),
    ]
    load(engine, "quotas", months, FIRST)
    assert load(engine, "quotas", [span("2026-01-01", "2026-03-31", 90)], SECOND).new == 1
    asked: dict[str, Any] = {"start": "2026-01-01", "end": "2026-03-31"}
    found = [value(measure(engine, "quota", as_of=day, **asked), "quota") for day in (FIRST, SECOND)]
    assert found == [pytest.approx(60), pytest.approx(90)]
    # January alone does not cover the quarter: the rest of it would be nobody's.
    partly = load(engine, "quotas", months[:1], THIRD)
    assert (partly.accepted, partly.rejected) == (0, 1)
    assert value(measure(engine, "quota", **asked), "quota") == pytest.approx(90)


def test_readers_see_nothing_of_an_import_that_is_not_published(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a", amount=100)], FIRST)
    # As a killed import leaves it: rows under an unpublished id, and an ending prepared for the old version.
    with writing(engine) as connection:
        run = connection.scalar(
            sa.insert(import_run)
            .values(kind="deals", as_of=SECOND, started_at=NOW, is_base=False)
            .returning(import_run.c.id)
        )
        old = connection.execute(sa.select(deal_version)).mappings().one()
        values = {**old, "id": None, "known_from": SECOND, "import_id": run, "reporting_amount": 99900}
        connection.execute(sa.insert(deal_version).values({k: v for k, v in values.items() if k != "id"}))
        connection.execute(
            sa.update(deal_version).where(deal_version.c.id == old["id"]).values(known_to=SECOND, ended_by=run)
        )
    assert value(measure(engine, "open_pipeline"), "open_pipeline") == 100
    with reading(engine) as connection:
        assert import_runs(operator(), connection).height == 1
        assert rollups.differences(connection).is_empty()
    assert clear_leftovers(engine) == 1
    assert count(engine, deal_version) == 1
    assert value(measure(engine, "open_pipeline"), "open_pipeline") == 100


def test_two_imports_at_once_take_turns(engine: sa.Engine) -> None:
    with only_one_import(engine), pytest.raises(ImportBusy, match="Another import is running"):
        load(engine, "deals", [deal("a")], FIRST)
    assert load(engine, "deals", [deal("a")], FIRST).new == 1


@pytest.mark.slow
def test_an_import_killed_at_any_moment_leaves_everything_as_before_or_complete(
    database_url: str, tmp_path: Path
) -> None:
    engine = open_engine(database_url)
    load(engine, "deals", [deal("a", amount=100)], FIRST)
    rows = [deal(f"d{n}", f"rep {n % 50}", amount=1, account=f"account {n % 900}") for n in range(20_000)]
    file = tmp_path / "deals.csv"
    file.write_bytes(csv_bytes([deal("a", amount=500), *rows]))
    command = [sys.executable, "-m", "data_access", "import", "deals", str(file), "--as-of", SECOND.isoformat()]
    environment = {**os.environ, "COACHING_DATABASE_URL": database_url}
    seen = set()
    for wait in (0.9, 1.1, 1.3, 1.5, 1.8, 2.2):
        child = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
        seen.add(value(measure(engine, "open_pipeline"), "open_pipeline"))
        with reading(engine) as connection:
            assert [fault for fault in faults(connection) if "unfinished" not in fault] == []
    assert seen <= {100.0, 20_500.0}
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
    assert value(measure(engine, "open_pipeline"), "open_pipeline") == 20_500
    with reading(engine) as connection:
        assert faults(connection) == []
    engine.dispose()


def test_a_planned_activity_that_was_done_is_a_new_version_and_the_past_keeps_the_old_one(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a", opened="2026-01-01")], FIRST)
    planned = [{"id": "t1", "deal": "a", "rep": "ravi", "at": "2026-03-20", "kind": "call", "planned": "true"}]
    done = [planned[0] | {"planned": "false"}]
    load(engine, "activities", planned, FIRST)
    load(engine, "activities", done, SECOND)
    stalled = [
        value(measure(engine, "stalled_count", as_of=day), "stalled_count") for day in (FIRST, SECOND, D(2026, 4, 25))
    ]
    # On 1 March a call was planned; on 1 April one was done 12 days ago; by 25 April that is 36 days ago.
    assert stalled == [0, 0, 1]


def test_days_are_days_of_the_company_whatever_zone_the_file_is_in(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        change_setting(operator(), connection, "time_zone", "America/New_York", NOW)
    # Three in the morning in Berlin is still the evening before in New York; a time with a zone needs no help.
    rows = [
        deal("a", status="won", opened="2026-01-01 12:00", closed="2026-04-01 03:00", amount=10),
        deal("b", status="won", opened="2026-01-01 12:00", closed="2026-04-01 03:30", amount=1),
    ]
    load(engine, "deals", rows, FIRST, time_zone="Europe/Berlin")
    assert value(measure(engine, "won_amount", end="2026-03-31"), "won_amount") == 11
    with pytest.raises(ImportRefused, match="Atlantis"):
        load(engine, "deals", rows, FIRST, time_zone="Atlantis")


def test_stage_columns_in_a_file_of_new_deals_become_stage_history(engine: sa.Engine) -> None:
    content = (
        b"Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Create Date,"
        b'"Date entered ""Qualified (Sales)"""\n'
        b"1,D1,Closed Won,2026-03-13,Ann Lee,1200,2026-01-05,2026-01-10\n"
    )
    assert load(engine, "deals", content, FIRST).new == 1
    assert [count(engine, table) for table in (deal_table, stage_entry, person)] == [1, 1, 1]


def test_ids_of_eighteen_digits_stay_apart(engine: sa.Engine) -> None:
    ids = ["501234500000123001", "501234500000123002"]
    load(engine, "people", [{"id": i, "name": f"Name {i}", "manager": "Boss"} for i in ids], FIRST)
    history = [{"deal": f"6{i[1:]}", "stage": "Proposal", "entered_at": "2026-01-05"} for i in ids]
    load(engine, "stage-history", history, FIRST)
    rows = [deal(f"6{i[1:]}", i, status="won", closed="2026-02-02", amount=10 * n) for n, i in enumerate(ids, 1)]
    assert load(engine, "deals", rows, FIRST).unmatched == {}
    found = measure(engine, "won_amount", "rep")
    assert [value(found, "won_amount", i) for i in ids] == [10, 20]
    assert count(engine, deal_table) == 2


def test_ids_that_differ_by_case_alone_are_two_people_whatever_file_comes_first(engine: sa.Engine) -> None:
    ids = ["0055g00000ABCde", "0055g00000ABCDE"]
    load(engine, "deals", [deal(f"d{n}", i, status="won", closed="2026-02-02") for n, i in enumerate(ids)], FIRST)
    load(engine, "people", [{"id": ids[0], "name": "Ann"}, {"id": ids[1], "name": "Bob"}], FIRST)
    found = measure(engine, "won_count", "rep")
    assert [value(found, "won_count", i) for i in ids] == [1, 1]
    assert count(engine, person) == 2


def test_an_assumed_currency_is_settled_and_never_relabelled_or_added_to_another(engine: sa.Engine) -> None:
    plain = [{name: cell for name, cell in deal("a", amount=1000).items() if name != "currency"}]
    load(engine, "deals", plain, FIRST)
    with pytest.raises(ImportRefused, match=r"rates\.JPY"):
        load(engine, "deals", [deal("b", amount=1000) | {"currency": "JPY"}], SECOND)
    with writing(engine) as connection:
        # Nothing named a currency so far, so the assumption may be mended; after that it may not.
        assert change_setting(operator(), connection, "reporting_currency", "EUR", NOW) == "EUR"
    load(engine, "deals", [deal("b", amount=1) | {"currency": "EUR"}], SECOND)
    with pytest.raises(SettingRefused, match="reported in EUR"), writing(engine) as connection:
        change_setting(operator(), connection, "reporting_currency", "USD", NOW)


def test_what_a_later_people_file_tells_changes_no_earlier_page(engine: sa.Engine) -> None:
    load(engine, "people", [{"name": "Ann", "manager": "M1"}, {"name": "Bob", "manager": "M2"}], D(2026, 1, 1))
    load(engine, "quotas", [{"rep": "Ann", "from": "2026-01-01", "to": "2026-03-31", "amount": 100}], D(2026, 1, 1))
    asked: dict[str, Any] = {"start": "2026-01-01", "end": "2026-03-31", "as_of": "2026-02-01"}
    before = [measure(engine, "quota", by, **asked).to_dicts() for by in ("rep", "team")]
    moved = [{"name": "Ann", "manager": "M2", "started_on": "2026-02-01"}, {"name": "Bob", "manager": "M2"}]
    load(engine, "people", moved, D(2026, 2, 15))
    assert [measure(engine, "quota", by, **asked).to_dicts() for by in ("rep", "team")] == before


def test_calls_keep_who_listened_in(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE, FIRST)
    rows = [
        {
            "id": "c1",
            "rep": "ravi",
            "account": "Acme",
            "deal": "",
            "started_at": "2026-02-03T10:00:00Z",
            "seconds": 300,
            "direction": "outbound",
            "supervisor": "maya",
            "mode": "whisper",
        }
    ]
    assert load(engine, "calls", rows, FIRST).new == 1
    assert load(engine, "calls", rows, FIRST).unchanged == 1
    with reading(engine) as connection:
        kept = connection.execute(
            sa.text("SELECT s.mode, p.name FROM call_supervision s JOIN person p ON p.id = s.supervisor_id")
        ).all()
    assert kept == [("whisper", "Maya Lindgren")]
    assert load(engine, "calls", [rows[0] | {"mode": "barge"}], SECOND).changed == 1
    with reading(engine) as connection:
        assert connection.scalar(sa.text("SELECT mode FROM call_supervision")) == "barge"


def supervisions(engine: sa.Engine) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        rows = connection.execute(
            sa.text(
                "SELECT p.name, s.mode FROM call_supervision s JOIN person p ON p.id = s.supervisor_id ORDER BY 1, 2"
            )
        )
        return [tuple(row) for row in rows]


def test_maya_and_dana_listen_to_one_call_of_ravis(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE, FIRST)
    heard = {"id": "c1", "rep": "ravi", "started_at": "2026-02-03T10:00:00Z", "seconds": 300}
    maya, dana = heard | {"supervisor": "maya", "mode": "listen"}, heard | {"supervisor": "dana", "mode": "whisper"}
    result = load(engine, "calls", [maya, dana], FIRST)
    assert (result.accepted, result.rejected, result.new) == (2, 0, 2)
    assert count(engine, call) == 1
    assert supervisions(engine) == [("Dana Whitfield", "whisper"), ("Maya Lindgren", "listen")]
    again = load(engine, "calls", [dana, maya], FIRST)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    barged = load(engine, "calls", [maya | {"mode": "barge"}, maya, dana], SECOND)
    assert barged.accepted == barged.new + barged.changed + barged.unchanged + barged.stale == 3
    assert supervisions(engine) == [
        ("Dana Whitfield", "whisper"),
        ("Maya Lindgren", "barge"),
        ("Maya Lindgren", "listen"),
    ]


def test_accounts_and_products_that_come_after_the_deals_name_those_still_without_a_partner(engine: sa.Engine) -> None:
    rows = [deal("a", account="Acme", product="GTX Pro"), deal("b", account="Globex", product="Nova")]
    load(engine, "deals", [*rows, deal("c", account="Initech")], FIRST)
    assert load(engine, "accounts", [{"name": "Acme"}], FIRST).unmatched == {"account": ["Globex", "Initech"]}
    assert load(engine, "accounts", [{"name": "ACME"}, {"name": "Globex"}], FIRST).unmatched == {"account": ["Initech"]}
    assert load(engine, "products", [{"name": "GTX-Pro"}], FIRST, dry_run=True).unmatched == {"product": ["Nova"]}
    assert load(engine, "products", [{"name": "GTX-Pro"}, {"name": "Nova"}], FIRST).unmatched == {}
    # What no deal mentions any more is no gap: the third deal was given another account.
    load(engine, "deals", [*rows, deal("c", account="Acme")], SECOND)
    assert load(engine, "accounts", [{"name": "Acme"}], SECOND).unmatched == {}


def test_a_people_file_that_comes_after_the_deals_names_owners_it_does_not_hold(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a", "Ravi Nair"), deal("b", "Zoe Quist")], FIRST)
    load(engine, "activities", [{"rep": "Yan Abel", "at": "2026-02-03", "kind": "call"}], FIRST)
    assert load(engine, "people", PEOPLE, FIRST).unmatched == {"owner": ["Zoe Quist"], "rep": ["Yan Abel"]}


def test_amounts_in_stage_history_are_worth_what_the_rates_say(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a", opened="2026-01-10", amount=900)], FIRST)
    entry = {"deal": "a", "stage": "Discovery", "entered_at": "2026-01-10", "amount": 300, "currency": "EUR"}
    with pytest.raises(ImportRefused, match=r"rates\.EUR"):
        load(engine, "stage-history", [entry], FIRST)
    load(engine, "stage-history", [entry], FIRST, mapping=Mapping(rates={"EUR": 1.1}))
    assert value(measure(engine, "open_pipeline", as_of="2026-02-01"), "open_pipeline") == pytest.approx(330)


def test_a_stage_history_that_comes_first_settles_the_currency_it_names(engine: sa.Engine) -> None:
    entry = {"deal": "a", "stage": "Discovery", "entered_at": "2026-01-10", "amount": 300}
    load(engine, "stage-history", [entry], FIRST)
    load(engine, "stage-history", [entry | {"deal": "b", "currency": "EUR"}], FIRST)
    with pytest.raises(ImportRefused, match=r"rates\.USD"):
        load(engine, "deals", [deal("a")], FIRST)
    load(engine, "deals", [deal("a") | {"currency": "EUR"}], FIRST)


def test_an_event_about_an_account_makes_no_deal(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("006q000000HddohAAB", opened="2026-01-01")], FIRST)
    about = ["006q000000Hddoh", "001q000000AcmeoAAA", "500q000000Cased", "006q000000Newer", "OPP20260001234"]
    events = [
        {"Id": f"e{n}", "OwnerId": "u1", "WhatId": what, "ActivityDateTime": "2026-02-03T10:00:00Z"}
        for n, what in enumerate(about)
    ]
    result = load(engine, "activities", events, FIRST)
    assert (result.accepted, result.new) == (5, 5)
    assert result.unmatched["deal"] == ["006q000000Newer", "OPP20260001234"]
    assert any("2 rows are related to an account" in note for note in result.notes)
    with reading(engine) as connection:
        linked = connection.execute(
            sa.select(activity.c.source_key, deal_table.c.source_key)
            .outerjoin(deal_table, deal_table.c.id == activity.c.deal_id)
            .order_by(activity.c.source_key)
        ).all()
    assert [key for _, key in linked] == ["006q000000Hddoh", None, None, "006q000000Newer", "OPP20260001234"]


def test_a_call_about_an_account_is_linked_to_it(engine: sa.Engine) -> None:
    load(engine, "accounts", [{"id": "001q000000Acmeo", "name": "Acme"}], FIRST)
    rows = [{"id": "c1", "rep": "ravi", "WhatId": "001q000000Acmeo", "started_at": "2026-02-03T10:00:00Z"}]
    result = load(engine, "calls", rows, FIRST)
    assert set(result.unmatched) == {"rep"}
    assert [count(engine, table) for table in (deal_table, account)] == [0, 1]
    with reading(engine) as connection:
        assert connection.execute(sa.select(account.c.name).join(call, call.c.account_id == account.c.id)).all() == [
            ("Acme",)
        ]


def abandoned(engine: sa.Engine) -> None:
    """An import as a killed process leaves it."""
    with writing(engine) as connection:
        connection.execute(sa.insert(import_run).values(kind="deals", as_of=SECOND, started_at=NOW, is_base=False))


def test_a_start_clears_what_a_killed_import_left_but_not_what_a_running_one_writes(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a")], FIRST)
    abandoned(engine)
    with only_one_import(engine):
        assert clear_abandoned_imports(operator(), engine) == 0
        assert count(engine, import_run) == 2
    assert clear_abandoned_imports(operator(), engine) == 1
    assert (count(engine, import_run), count(engine, deal_version)) == (1, 1)
    assert clear_abandoned_imports(operator(), engine) == 0


def test_migrate_clears_what_a_killed_import_left(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COACHING_DATABASE_URL", database_url)
    engine = open_engine(database_url)
    abandoned(engine)
    assert main(["migrate"]) == 0
    assert "Cleared what 1 unfinished import had left behind." in capsys.readouterr().out
    assert count(engine, import_run) == 0
    engine.dispose()


def test_a_week_of_exports_leaves_one_version_per_change(engine: sa.Engine) -> None:
    for week in range(6):
        rows = [deal("a", amount=100 + 10 * (week // 2)), deal("b", amount=50)]
        load(engine, "deals", rows, FIRST + dt.timedelta(weeks=week))
    with reading(engine) as connection:
        frame = pl.read_database(
            sa.select(deal_version.c.deal_id, deal_version.c.known_from, deal_version.c.known_to), connection
        )
    assert sorted(frame.group_by("deal_id").len()["len"].to_list()) == [1, 3]


def test_quotas_of_a_fiscal_quarter_hold_in_the_companys_fiscal_quarter(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        store_setting(connection, "fiscal_year_starts_in", 2, NOW)
    load(engine, "people", PEOPLE)
    load(engine, "quotas", [{"rep": "ravi", "period": "FY2026 Q2", "amount": 66, "currency": "USD"}])
    found = measure(engine, "quota", "rep", "2025-05-01", "2025-07-31")
    assert value(found, "quota", "ravi") == pytest.approx(66)
