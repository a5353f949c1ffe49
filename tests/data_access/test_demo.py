"""The demo company: deterministic, referentially sound, plausible, and true to what its truth table says."""

from __future__ import annotations

import datetime as dt
import hashlib
import resource
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
import sqlalchemy as sa

from data_access import rollups, tables
from data_access.columns import UtcDateTime
from data_access.default_scorecard import ensure_default_scorecard
from data_access.demo import DemoRefused, DemoResult, demo_panel, fill_demo
from data_access.demo_market import LEVERS, Simulation, planted_factor
from data_access.demo_people import Request, made_up_name, planned_company
from data_access.demo_timeline import Timeline, day_number
from data_access.engine import open_engine, reading, writing
from data_access.queries import roi
from data_access.scope import operator
from data_access.settings import demo_state
from tests.databases import sqlite_url

TODAY = dt.date(2026, 11, 22)


def fill_small(engine: sa.Engine, **changes: Any) -> DemoResult:
    """A company that is made in less than a second."""
    return fill_demo(engine, **{"reps": 12, "months": 9, "seed": 3, "today": TODAY, **changes})


def numbers(column: pl.Series) -> npt.NDArray[np.float64]:
    """A column as plain numbers."""
    return column.cast(pl.Float64).to_numpy()


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sa.Engine, DemoResult]]:
    """The default demo company on SQLite, read by many tests and changed by none."""
    file = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    shutil.copyfile(sqlite_template, file)
    opened = open_engine(sqlite_url(file))
    yield opened, fill_demo(opened, today=TODAY)
    opened.dispose()


@pytest.fixture(scope="module")
def versions(company: tuple[sa.Engine, DemoResult]) -> pl.DataFrame:
    """Every deal version of the default company, read once."""
    return frame(company[0], sa.select(tables.deal_version))


@pytest.fixture(scope="module")
def decided(versions: pl.DataFrame) -> pl.DataFrame:
    """Its decided deals at the latest knowledge."""
    return versions.filter(pl.col("known_to").is_null() & (pl.col("status") != "open"))


def frame(engine: sa.Engine, statement: sa.Select[tuple[object, ...]]) -> pl.DataFrame:
    """What a select finds, with dates as dates."""
    with reading(engine) as connection:
        return pl.read_database(statement, connection, infer_schema_length=None)


def everything(engine: sa.Engine) -> dict[str, str]:
    """A fingerprint per table over all of its rows."""
    prints = {}
    with reading(engine) as connection:
        for table in tables.metadata.sorted_tables:
            keys = list(table.primary_key.columns)
            rows = connection.execute(sa.select(table).order_by(*keys)).all()
            prints[table.name] = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
    return prints


# ---- The contract --------------------------------------------------------------------------------------------------


def test_the_same_arguments_give_the_same_rows(sqlite_template: Path, tmp_path: Path) -> None:
    prints = []
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        file = tmp_path / f"{name}.sqlite3"
        shutil.copyfile(sqlite_template, file)
        opened = open_engine(sqlite_url(file))
        fill_demo(opened, reps=12, months=9, seed=seed, today=TODAY)
        prints.append(everything(opened))
        opened.dispose()
    assert prints[0] == prints[1]
    differing = {name for name in prints[0] if prints[0][name] != prints[2][name]}
    assert {"person", "deal_version", "session", "score", "demo_truth"} <= differing


def test_both_databases_hold_the_same_company(engine: sa.Engine, sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "beside.sqlite3"
    shutil.copyfile(sqlite_template, file)
    beside = open_engine(sqlite_url(file))
    assert fill_small(engine) == fill_small(beside)
    ours, theirs = everything(engine), everything(beside)
    beside.dispose()
    # Teams and what hangs on them are numbered by the database itself.
    assert {name for name in ours if ours[name] != theirs[name]} == set()


def test_rows_can_be_added_after_the_demo(engine: sa.Engine) -> None:
    """On PostgreSQL, row numbers come from a sequence that has to know about the demo's rows."""
    fill_small(engine)
    with writing(engine) as connection:
        highest = connection.scalar(sa.select(sa.func.max(tables.person.c.id)))
        key = connection.execute(
            sa.insert(tables.person).values(name="New Person", name_key="newperson", role="rep")
        ).inserted_primary_key
    assert key is not None
    assert key[0] == highest + 1


def test_a_database_with_people_is_refused(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        connection.execute(sa.insert(tables.person).values(name="Somebody", name_key="somebody", role="rep"))
    with pytest.raises(DemoRefused, match="already holds people"):
        fill_small(engine)
    with reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.person)) == 1


def test_a_second_demo_is_refused(sqlite_engine: sa.Engine) -> None:
    fill_small(sqlite_engine)
    before = everything(sqlite_engine)
    with pytest.raises(DemoRefused, match="already holds imports"):
        fill_small(sqlite_engine)
    assert everything(sqlite_engine) == before


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"reps": 1}, "2 to 50,000 reps, not 1"),
        ({"reps": 10**6}, "reps, not 1000000"),
        ({"months": 0}, "3 to 120 months of history, not 0"),
        ({"seed": -1}, "from 0 on, not -1"),
        ({"today": dt.date(1200, 1, 1)}, "not on 1200-01-01"),
    ],
)
def test_nonsense_arguments_are_refused(sqlite_engine: sa.Engine, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(DemoRefused, match=message):
        fill_small(sqlite_engine, **wrong)


@pytest.mark.parametrize("reps", [2, 3, 10])
@pytest.mark.parametrize("months", [3, 14])
@pytest.mark.parametrize("today", [dt.date(2026, 1, 1), dt.date(2024, 2, 29), dt.date(2025, 12, 31)])
def test_small_companies_and_awkward_days_work(
    sqlite_engine: sa.Engine, reps: int, months: int, today: dt.date
) -> None:
    result = fill_demo(sqlite_engine, reps=reps, months=months, today=today)
    assert result.reps >= reps
    with reading(sqlite_engine) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert rollups.differences(connection).is_empty()


def test_a_killed_demo_shows_nothing_and_does_not_stand_in_the_way(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Exception):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(rollups, "refresh", killed)
        with pytest.raises(Killed):
            fill_small(engine)
    with reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.deal_version))
        published = sa.select(sa.func.count()).where(tables.import_run.c.published_at.is_not(None))
        assert connection.scalar(published) == 0
        for table in tables.COACHING_TABLES:
            assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0, table.name
    assert fill_small(engine).rows["deal"] > 0


def test_progress_is_told(sqlite_engine: sa.Engine) -> None:
    told: list[tuple[str, int, int | None]] = []
    fill_small(sqlite_engine, progress=lambda what, done, total: told.append((what, done, total)))
    assert [(done, total) for _, done, total in told] == [(12, 12), (12, 12)]
    assert len({what for what, _, _ in told}) == 2


# ---- Soundness -----------------------------------------------------------------------------------------------------


def test_every_reference_leads_somewhere(company: tuple[sa.Engine, DemoResult]) -> None:
    with reading(company[0]) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_every_row_names_a_published_import(company: tuple[sa.Engine, DemoResult]) -> None:
    with reading(company[0]) as connection:
        unpublished = sa.select(sa.func.count()).where(tables.import_run.c.published_at.is_(None))
        assert connection.scalar(unpublished) == 0
        for table in tables.metadata.sorted_tables:
            # The organisation is derived: its rows belong to no single import.
            if "import_id" in table.c and table.name not in {"team", "team_placement", "membership"}:
                without = sa.select(sa.func.count()).where(table.c.import_id.is_(None))
                assert connection.scalar(without) == 0, table.name


def test_the_facts_equal_the_rows(company: tuple[sa.Engine, DemoResult]) -> None:
    with reading(company[0]) as connection:
        assert rollups.stored_facts(connection).height > 500
        assert rollups.differences(connection).is_empty()


def test_the_fingerprint_counts_what_people_recorded(company: tuple[sa.Engine, DemoResult]) -> None:
    engine, result = company
    with reading(engine) as connection:
        state = demo_state(connection)
        assert state is not None
        assert {name: state[name] for name in ("reps", "months", "seed", "today")} == {
            "reps": 60,
            "months": 24,
            "seed": 7,
            "today": "2026-11-22",
        }
        for table in tables.COACHING_TABLES:
            count = connection.scalar(sa.select(sa.func.count()).select_from(table))
            assert state["fingerprint"][table.name] == count == result.rows.get(table.name, 0), table.name


def test_versions_of_a_deal_follow_each_other_without_gap(versions: pl.DataFrame) -> None:
    version = tables.deal_version.c
    versions = versions.sort("deal_id", "known_from")
    after = versions.with_columns(
        next_from=pl.col("known_from").shift(-1).over("deal_id"),
        next_import=pl.col("import_id").shift(-1).over("deal_id"),
    )
    assert after.filter(pl.col("known_from") >= pl.col("known_to")).is_empty()
    assert after.filter(~pl.col("known_to").eq_missing(pl.col("next_from"))).is_empty()
    assert after.filter(~pl.col("ended_by").eq_missing(pl.col("next_import"))).is_empty()
    first = versions.group_by("deal_id").agg(
        pl.col("known_from").min(), pl.col("first_known_on").unique(), pl.col("opening_owner_id").n_unique()
    )
    assert first["opening_owner_id"].max() == 1
    assert first.filter(pl.col("first_known_on").list.first() != pl.col("known_from")).is_empty()
    says = [column.name for column in version if column.name not in {"id", "row_hash", "import_id", "ended_by"}]
    told = [name for name in says if not name.startswith("known_")]
    repeated = versions.filter(pl.struct(told).eq(pl.struct(told).shift(1)).over("deal_id"))
    assert repeated.is_empty()


def test_an_export_knows_nothing_of_later_days(company: tuple[sa.Engine, DemoResult], versions: pl.DataFrame) -> None:
    assert versions.filter(pl.col("opened_on") >= pl.col("known_from")).is_empty()
    assert versions.filter(pl.col("closed_on") >= pl.col("known_from")).is_empty()
    assert versions.filter(pl.col("closed_on") < pl.col("opened_on")).is_empty()
    assert versions.filter((pl.col("status") == "open") != pl.col("closed_on").is_null()).is_empty()
    for table in (tables.stage_entry, tables.call):
        day = "entered_on" if table is tables.stage_entry else "started_on"
        rows = frame(company[0], sa.select(table))
        assert rows.filter(pl.col(day) >= pl.col("known_from")).is_empty()
    activities = frame(company[0], sa.select(tables.activity))
    assert activities.filter(pl.col("is_planned") != (pl.col("happens_on") >= TODAY)).is_empty()
    assert activities["is_planned"].sum() > 500


def test_stages_agree_with_versions(company: tuple[sa.Engine, DemoResult], versions: pl.DataFrame) -> None:
    latest = versions.filter(pl.col("known_to").is_null())
    entries = frame(company[0], sa.select(tables.stage_entry)).sort("deal_id", "entered_at")
    last = entries.group_by("deal_id", maintain_order=True).last()
    both = latest.join(last, on="deal_id", suffix="_entered")
    assert both.height == latest.height
    assert both.filter(pl.col("stage") != pl.col("stage_entered")).is_empty()
    closed = both.filter(pl.col("status") != "open")
    assert closed.filter(pl.col("closed_on") != pl.col("entered_on")).is_empty()
    first = entries.group_by("deal_id", maintain_order=True).first().join(latest, on="deal_id")
    assert first.filter(pl.col("entered_on") != pl.col("opened_on")).is_empty()


def test_nothing_recorded_lies_in_the_future(company: tuple[sa.Engine, DemoResult]) -> None:
    ahead = {
        ("session", "planned_on"), ("plan", "ends_on"), ("plan_action", "due_on"), ("objective", "due_on"),
        ("commitment", "due_on"), ("deal_version", "expected_close_on"), ("activity", "happens_on"),
        ("activity", "happens_at"), ("quota", "ends_on"), ("absence", "ends_on"), ("absence", "starts_on"),
        ("holiday", "on_date"),
    }  # fmt: skip
    tomorrow = dt.datetime.combine(TODAY, dt.time(23, 59), dt.UTC)
    with reading(company[0]) as connection:
        for table in tables.metadata.sorted_tables:
            for column in table.c:
                if (table.name, column.name) in ahead or not isinstance(column.type, sa.Date | UtcDateTime):
                    continue
                latest = connection.scalar(sa.select(sa.func.max(column)))
                limit = TODAY if isinstance(latest, dt.date) and not isinstance(latest, dt.datetime) else tomorrow
                assert latest is None or latest <= limit, (table.name, column.name, latest)


def test_nobody_works_before_joining_or_after_leaving(company: tuple[sa.Engine, DemoResult]) -> None:
    people = frame(company[0], sa.select(tables.person)).select("id", "started_on", "left_on")
    for table, who, day in (
        (tables.deal_version, "opening_owner_id", "opened_on"),
        (tables.session, "rep_id", "held_on"),
        (tables.observation, "person_id", "observed_on"),
        (tables.plan, "rep_id", "starts_on"),
        (tables.programme_enrolment, "person_id", "starts_on"),
        (tables.shadowed_cycle, "rep_id", None),
    ):
        rows = frame(company[0], sa.select(table)).join(people, left_on=who, right_on="id", suffix="_person")
        assert rows.height > 0
        if day is None:
            continue
        joined = "started_on" if "started_on_person" not in rows.columns else "started_on_person"
        if table is tables.deal_version:
            # Who takes deals over from a leaver before the first export was not there at their opening.
            rows = rows.filter(pl.col("first_known_on") > rows["first_known_on"].min())
        assert rows.filter(pl.col(day) < pl.col(joined)).is_empty(), table.name
        assert rows.filter(pl.col(day) > pl.col("left_on")).is_empty(), table.name


# ---- The story -----------------------------------------------------------------------------------------------------


def test_the_people_of_the_stories_are_there(company: tuple[sa.Engine, DemoResult]) -> None:
    with reading(company[0]) as connection:
        rows = connection.execute(sa.select(tables.person.c.id, tables.person.c.name, tables.person.c.role)).all()
        first = {row.name.split()[0]: row for row in rows if row.name.split()[0] in
                 {"Eve", "Ada", "Dana", "Maya", "Omar", "Ravi"}}  # fmt: skip
        assert {name: row.role for name, row in first.items()} == {
            "Eve": "executive", "Ada": "admin", "Dana": "leader", "Maya": "manager", "Omar": "manager", "Ravi": "rep",
        }  # fmt: skip
        found = connection.execute(sa.select(tables.team.c.name, tables.team.c.leader_id))
        teams = {row.name: row.leader_id for row in found}
        assert teams["East"] == first["Maya"].id
        assert teams["West"] == first["Omar"].id
        parents = connection.execute(
            sa.select(tables.team_placement.c.parent_id)
            .join(tables.team, tables.team.c.id == tables.team_placement.c.team_id)
            .where(tables.team.c.name.in_(["East", "West"]))
        ).scalars()
        leaders = {
            connection.scalar(sa.select(tables.team.c.leader_id).where(tables.team.c.id == parent))
            for parent in parents
        }
        assert leaders == {first["Dana"].id}
        home = connection.scalar(
            sa.select(tables.team.c.name)
            .join(tables.membership, tables.membership.c.team_id == tables.team.c.id)
            .where(tables.membership.c.person_id == first["Ravi"].id, tables.membership.c.ends_on.is_(None))
        )
        assert home == "East"


def test_names_are_unique(company: tuple[sa.Engine, DemoResult]) -> None:
    for table in (tables.person, tables.account):
        names = frame(company[0], sa.select(table.c.name_key))
        assert names["name_key"].is_duplicated().sum() == 0
    many = [made_up_name(7, number) for number in range(60_000)]
    assert len(set(many)) == len(many)


def test_people_come_go_and_move(company: tuple[sa.Engine, DemoResult]) -> None:
    people = frame(company[0], sa.select(tables.person).where(tables.person.c.role == "rep"))
    hired = people.filter(pl.col("started_on") >= dt.date(2024, 11, 1))
    assert hired.height >= 5
    assert 3 <= people["left_on"].is_not_null().sum() <= 25
    records = frame(company[0], sa.select(tables.person_record)).sort("person_id", "known_from")
    moved = records.group_by("person_id").agg(pl.col("manager_id").n_unique(), pl.col("team").n_unique())
    assert moved.filter((pl.col("manager_id") == 2) & (pl.col("team") == 2)).height >= 1
    sizes = (
        frame(company[0], sa.select(tables.membership).where(tables.membership.c.kind == "member"))
        .filter(pl.col("ends_on").is_null())
        .group_by("team_id")
        .len()
    )
    assert numbers(sizes["len"]).min() >= 2
    assert numbers(sizes["len"]).max() <= 12


# ---- Plausible figures ---------------------------------------------------------------------------------------------


def test_deals_look_like_deals(decided: pl.DataFrame) -> None:
    won = decided.filter(pl.col("status") == "won")
    assert 0.28 <= won.height / decided.height <= 0.42
    assert won["amount"].null_count() == 0
    assert 0.01 <= decided.filter(pl.col("status") == "lost")["amount"].null_count() / decided.height <= 0.05
    sizes = numbers(won["amount"])
    assert 1.08 <= sizes.mean() / np.median(sizes) <= 1.4
    low, middle, high = np.percentile(numbers((won["closed_on"] - won["opened_on"]).dt.total_days()), [5, 50, 95])
    assert 27 <= low <= 40
    assert 50 <= middle <= 70
    assert 90 <= high <= 125
    assert 0.55 <= 1 - numbers(won["cost"]).sum() / sizes.sum() <= 0.8
    assert 0.05 <= 1 - sizes.sum() / numbers(won["list_amount"]).sum() <= 0.13
    lost = decided.filter(pl.col("status") == "lost")
    assert 0.2 <= lost["competitor"].count() / lost["lost_reason"].count() <= 0.4
    assert lost["competitor"].n_unique() == 5  # four names and none


def test_quarter_ends_and_holiday_months_show(versions: pl.DataFrame, decided: pl.DataFrame) -> None:
    latest = versions.filter(pl.col("known_to").is_null())
    whole = latest.filter(pl.col("opened_on").is_between(dt.date(2024, 11, 1), dt.date(2026, 10, 31)))
    opened = dict(whole.group_by(pl.col("opened_on").dt.month()).len().iter_rows())
    assert opened[12] < 0.85 * np.mean([opened[month] for month in (1, 2, 3, 9, 10, 11)])
    assert opened[8] < 0.9 * np.mean([opened[month] for month in (4, 5, 6, 9, 10, 11)])
    won = decided.filter((pl.col("status") == "won") & (pl.col("closed_on") >= dt.date(2025, 1, 1)))
    by_month = dict(won.filter(pl.col("closed_on") < dt.date(2026, 10, 1)).group_by(
        (pl.col("closed_on").dt.month() - 1) % 3).len().iter_rows())  # fmt: skip
    assert by_month[2] > 1.15 * by_month[0]


def test_attainment_is_spread_around_quota(company: tuple[sa.Engine, DemoResult], decided: pl.DataFrame) -> None:
    won = decided.filter(pl.col("status") == "won")
    quotas = frame(company[0], sa.select(tables.quota)).filter(
        pl.col("starts_on").is_between(dt.date(2025, 1, 1), dt.date(2026, 9, 30))
    )
    booked = (
        won.join(quotas, left_on="owner_id", right_on="person_id", suffix="_quota")
        .filter(pl.col("closed_on").is_between("starts_on", "ends_on"))
        .group_by("owner_id", "starts_on")
        .agg(pl.col("amount").sum())
    )
    both = quotas.join(booked, left_on=["person_id", "starts_on"], right_on=["owner_id", "starts_on"], how="left",
                       suffix="_won").filter(pl.col("amount") > 0)  # fmt: skip
    booked_amount, quota = numbers(both["amount_won"].fill_null(0)), numbers(both["amount"])
    share = booked_amount / quota
    assert 0.3 <= (share >= 1).mean() <= 0.6
    assert 0.75 <= np.median(share) <= 1.1
    assert 0.2 <= share.std() <= 0.6
    assert 0.8 <= booked_amount.sum() / quota.sum() <= 1.1


def test_some_open_deals_slip_stall_or_lack_a_next_step(versions: pl.DataFrame) -> None:
    still = versions.filter(pl.col("known_to").is_null() & (pl.col("status") == "open"))
    assert 0.05 <= numbers(still["next_step"].is_null()).mean() <= 0.3
    assert 0.02 <= numbers(still["expected_close_on"] < TODAY).mean() <= 0.25
    pushed = versions.group_by("deal_id").agg(pl.col("expected_close_on").n_unique().alias("dates"))
    assert 0.1 <= numbers(pushed["dates"] > 1).mean() <= 0.7


def test_pages_as_of_past_dates_differ(company: tuple[sa.Engine, DemoResult]) -> None:
    with reading(company[0]) as connection:
        runs = connection.execute(
            sa.select(tables.import_run.c.as_of, tables.import_run.c.is_base)
            .where(tables.import_run.c.kind == "deals").order_by(tables.import_run.c.as_of)
        ).all()  # fmt: skip
    days = [row.as_of for row in runs]
    assert [row.is_base for row in runs] == [True] + [False] * (len(runs) - 1)
    assert days[-1] == TODAY
    assert days[-12:] == [TODAY - dt.timedelta(days=7 * back) for back in range(11, -1, -1)]
    assert all(day.day == 1 for day in days[:-12])
    line = Timeline.ending(TODAY, 24)
    assert days[0] == dt.date(2025, 11, 1)
    assert day_number(days[0]) == line.base


def test_customers_defect_to_a_competitor(decided: pl.DataFrame) -> None:
    """Former customers whose last three deals went to one competitor: far more than chance would make."""
    last = (
        decided.sort("closed_on", "deal_id")
        .group_by("account_id", maintain_order=True)
        .agg(pl.col("competitor").tail(3), (pl.col("status") == "won").any().alias("has_won"), pl.len())
    )
    gone = last.filter(
        pl.col("has_won") & (pl.col("len") >= 4) & (pl.col("competitor").list.n_unique() == 1)
        & pl.col("competitor").list.first().is_not_null()
    )  # fmt: skip
    assert gone.height >= 8


# ---- Coaching ------------------------------------------------------------------------------------------------------


def truth(engine: sa.Engine) -> pl.DataFrame:
    return frame(engine, sa.select(tables.demo_truth))


def test_the_coached_had_fallen_behind_before() -> None:
    few, many = _dips(demo_panel(today=TODAY).rows), _dips(demo_panel(reps=400, today=TODAY).rows)
    assert len(few) >= 15
    assert np.mean(few) < 0.95
    assert np.mean(np.array(few) < 1) > 0.55
    assert np.mean(many) < 0.92
    assert np.mean(np.array(many) < 1) > 0.65


def _dips(rows: pl.DataFrame) -> list[float]:
    """Per coached rep the mean of the three months before the start over the rep's own mean."""
    found = []
    for (_,), rep in rows.filter(pl.col("coached_on").is_not_null()).group_by(["person_id"], maintain_order=True):
        before = rep.filter(pl.col("month") < pl.col("coached_on")).sort("month")["won_amount"]
        if len(before) >= 6:
            found.append(float(before[-3:].mean() / rep["won_amount"].mean()))  # type: ignore[arg-type, operator]
    return found


def test_a_plain_before_and_after_promises_too_much() -> None:
    """Selection on bad months: in the first three coached months little more than half the effect is there yet."""
    rows = demo_panel(reps=400, today=TODAY).rows
    coached = rows.filter(pl.col("coached_on").is_not_null()).with_columns(
        since=(pl.col("month").dt.year() - pl.col("coached_on").dt.year()) * 12
        + pl.col("month").dt.month().cast(pl.Int32) - pl.col("coached_on").dt.month()
    )  # fmt: skip
    before = coached.filter(pl.col("since").is_between(-3, -1))["won_amount"].mean()
    after = coached.filter(pl.col("since").is_between(0, 2))["won_amount"].mean()
    assert after / before - 1 > 0.12  # type: ignore[operator]


def test_the_true_effect_is_what_the_truth_table_says(company: tuple[sa.Engine, DemoResult]) -> None:
    engine, result = company
    known = {row["key"]: row["value"] for row in truth(engine).filter(pl.col("person_id").is_null()).to_dicts()}
    assert 0.05 <= known["true_att_share"] <= 0.11
    assert known["true_att_share"] == pytest.approx(result.true_effect_share)
    assert known["coached_months"] == result.coached_months
    assert demo_panel(today=TODAY).true_effect_share == pytest.approx(result.true_effect_share)


def test_the_effect_is_in_the_bookings() -> None:
    """Many reps, coached and not, in the same months: the expected difference is the effect that was put in."""
    company_plan = planned_company(Request(1500, 12, 5, TODAY))
    uncoached, coached, won_more = 0.0, 0.0, 0.0
    for seats in company_plan.blocks:
        block = Simulation(company_plan, seats).run()
        touched = block.deals["coached_rate"] > block.deals["uncoached_rate"]
        amount = block.deals["amount"][touched]
        uncoached += float((amount * block.deals["uncoached_rate"][touched]).sum())
        coached += float((amount * block.deals["coached_rate"][touched]).sum())
        won_more += float(amount[block.deals["status"][touched] == 1].sum())
    assert 0.05 <= coached / uncoached - 1 <= 0.11
    assert won_more == pytest.approx(coached, rel=0.04)


def test_the_truth_table_is_complete(company: tuple[sa.Engine, DemoResult]) -> None:
    engine, result = company
    rows = truth(engine)
    per_key = dict(rows.group_by("key").len().iter_rows())
    reps = frame(engine, sa.select(tables.person).where(tables.person.c.role == "rep")).height
    assert reps == result.reps
    assert per_key["ability"] == reps
    assert {key for key in per_key if key.startswith("trigger_response:")} == {
        f"trigger_response:{trigger}" for trigger in tables.TRIGGERS
    }
    assert all(per_key[f"trigger_response:{trigger}"] == reps for trigger in tables.TRIGGERS)
    assert per_key["coach_skill"] == result.managers
    enrolled = frame(engine, sa.select(tables.programme_enrolment))
    said = rows.filter(pl.col("key") == "coached_from").select("person_id", pl.col("detail").str.to_date("%Y-%m-%d"))
    both = enrolled.join(said, on="person_id", how="full", coalesce=True)
    assert both.filter(~pl.col("starts_on").eq_missing(pl.col("detail"))).is_empty()
    planted = rows.filter(pl.col("key") == "planted_problem")
    assert 0.12 <= planted.height / reps <= 0.25
    assert set(planted["detail"]) <= set(LEVERS)
    assert planted["detail"].n_unique() >= 5


def test_starts_are_staggered_and_some_are_never_coached(company: tuple[sa.Engine, DemoResult]) -> None:
    enrolled = frame(company[0], sa.select(tables.programme_enrolment))
    assert enrolled["starts_on"].n_unique() >= 8
    assert 0.35 <= enrolled.height / company[1].reps <= 0.75


def test_planted_levers_lie_within_the_noise_of_a_quarter() -> None:
    for lever in LEVERS:
        assert 0.6 < planted_factor(lever) < 1.75, lever
        assert planted_factor(lever) != 1
    rows = demo_panel(reps=400, today=TODAY).rows
    quarterly = rows.group_by("person_id", pl.col("month").dt.truncate("1q")).agg(pl.col("won_amount").sum())
    relative = quarterly.with_columns(pl.col("won_amount") / pl.col("won_amount").mean().over("person_id"))
    # One rep's own quarters vary more than most planted problems shift them.
    assert relative["won_amount"].quantile(0.1) < 0.72  # type: ignore[operator]


def test_better_coaches_score_higher_and_ask_more(company: tuple[sa.Engine, DemoResult]) -> None:
    skill = truth(company[0]).filter(pl.col("key") == "coach_skill").select("person_id", "value")
    scores = frame(
        company[0],
        sa.select(tables.observation.c.person_id, tables.score.c.level)
        .join(tables.score, tables.score.c.observation_id == tables.observation.c.id)
        .where(tables.observation.c.kind == "coach_the_coach"),
    )
    seen = scores.group_by("person_id").agg(pl.col("level").mean()).join(skill, on="person_id")
    assert np.corrcoef(seen["level"], seen["value"])[0, 1] > 0.5
    held = frame(company[0], sa.select(tables.session).where(tables.session.c.status == "held"))
    asked = (
        held.group_by("coach_id")
        .agg(pl.col("questions").sum() / (pl.col("questions") + pl.col("instructions")).sum())
        .join(skill, left_on="coach_id", right_on="person_id")
    )
    assert np.corrcoef(asked["questions"], asked["value"])[0, 1] > 0.5


def test_skills_grow_under_coaching(company: tuple[sa.Engine, DemoResult]) -> None:
    rows = frame(
        company[0],
        sa.select(
            tables.observation.c.person_id, tables.observation.c.observed_on, tables.score.c.scorecard_item_id,
            tables.score.c.level,
        )
        .join(tables.score, tables.score.c.observation_id == tables.observation.c.id)
        .where(tables.observation.c.kind == "coach"),
    )  # fmt: skip
    starts = frame(company[0], sa.select(tables.programme_enrolment)).select("person_id", "starts_on")
    coached = rows.join(starts, on="person_id")
    before = coached.filter(pl.col("observed_on") < pl.col("starts_on"))["level"].mean()
    later = coached.filter(pl.col("observed_on") > pl.col("starts_on").dt.offset_by("6mo"))["level"].mean()
    assert later > before + 0.2  # type: ignore[operator]


def test_the_coaching_loop_is_full(company: tuple[sa.Engine, DemoResult]) -> None:
    rows = company[1].rows
    empty = [table.name for table in tables.COACHING_TABLES if not rows.get(table.name)]
    # The question bank is as delivered until an admin changes it.
    assert empty == ["question_edit"]
    for table in ("programme_cost", "programme_enrolment", "absence", "holiday", "call", "call_supervision"):
        assert rows[table] > 0
    held = frame(company[0], sa.select(tables.session))
    assert set(held["status"]) == {"planned", "held", "moved", "missed", "excused"}
    assert set(held["kind"]) >= {"own_manager", "other_coach", "group"}
    seen = frame(company[0], sa.select(tables.observation))
    assert set(seen["kind"]) == {"coach", "self", "second_rater", "coach_the_coach"}
    paired = seen.filter(pl.col("paired_observation_id").is_not_null()).join(
        seen, left_on="paired_observation_id", right_on="id", suffix="_seen"
    )
    assert paired.filter(pl.col("observed_on") != pl.col("observed_on_seen")).is_empty()
    assert paired.filter(pl.col("person_id") != pl.col("person_id_seen")).is_empty()
    assert paired.filter((pl.col("kind") == "self") & (pl.col("observer_id") != pl.col("person_id"))).is_empty()


def test_managers_keep_the_rhythm_differently(company: tuple[sa.Engine, DemoResult]) -> None:
    held = frame(company[0], sa.select(tables.session).where(tables.session.c.status == "held"))
    reps = frame(
        company[0], sa.select(tables.person).where(tables.person.c.role == "rep", tables.person.c.left_on.is_(None))
    )
    last = reps.join(held.group_by("rep_id").agg(pl.col("held_on").max()), left_on="id", right_on="rep_id", how="left")
    days = (pl.lit(TODAY) - pl.col("held_on")).dt.total_days()
    since = last.select(days.alias("days"))["days"].drop_nulls()
    assert np.median(numbers(since)) <= 30
    assert numbers(since).max() >= 45
    per_coach = held.group_by("coach_id").len()["len"]
    assert per_coach.max() > 1.3 * per_coach.min()  # type: ignore[operator]


def test_objectives_carry_the_figures_of_the_months_before(
    company: tuple[sa.Engine, DemoResult], decided: pl.DataFrame
) -> None:
    goals = frame(company[0], sa.select(tables.objective, tables.plan.c.rep_id).join(tables.plan))
    rates = goals.filter(pl.col("metric_key") == "win_rate_count")
    assert rates.height >= 5
    for goal in rates.head(8).to_dicts():
        month = goal["agreed_on"].replace(day=1)
        first = (month - dt.timedelta(days=75)).replace(day=1)
        mine = decided.filter(
            (pl.col("owner_id") == goal["rep_id"])
            & pl.col("closed_on").is_between(first, month, closed="left")
        )  # fmt: skip
        assert goal["baseline_count"] == mine.height
        assert goal["baseline_value"] == pytest.approx(numbers(mine["status"] == "won").mean(), abs=1e-6)


def test_the_default_scorecard_is_added_once(engine: sa.Engine) -> None:
    for _ in range(2):
        with writing(engine) as connection:
            ensure_default_scorecard(connection)
    with reading(engine) as connection:
        counts = {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (tables.scorecard, tables.skill, tables.scorecard_item, tables.scorecard_anchor,
                          tables.role_model_template)
        }  # fmt: skip
    assert counts == {
        "scorecard": 2, "skill": 13, "scorecard_item": 13, "scorecard_anchor": 65, "role_model_template": 8,
    }  # fmt: skip


# ---- Size ----------------------------------------------------------------------------------------------------------


def test_the_truth_lies_in_the_interval_of_the_evidence(company: tuple[sa.Engine, DemoResult]) -> None:
    with reading(company[0]) as connection:
        found = roi.evidence(operator(), connection, as_of=TODAY, today=TODAY)
    assert found is not None
    true = truth(company[0]).filter(pl.col("key") == "true_att_amount")["value"][0] / 100
    bookings = next(check["estimate"] for check in found["checks"] if check["key"] == "bookings")
    assert bookings["low"] < true < bookings["high"]
    assert found["sizes"]["people_coached"] > 20
    assert found["sizes"]["missing_share"] == 0
    assert found["cost"]["total"] > 0
    assert all(rung["steps"] for rung in found["ladder"][:4])
    # Sixty reps show effects from 15 % on at best: about 8 % may be real and is not to be turned into money.
    assert found["verdict"] in {"grey", "amber"}
    assert not found["money"]["shown"]


@pytest.mark.slow
def test_a_large_company_streams(sqlite_engine: sa.Engine) -> None:
    before = _peak_megabytes()
    result = fill_demo(sqlite_engine, reps=1000, months=12, today=TODAY)
    assert result.reps > 1000
    assert result.managers > 100
    assert _peak_megabytes() - before < 600
    with reading(sqlite_engine) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        levels = connection.scalar(
            sa.select(sa.func.count()).select_from(tables.person).where(tables.person.c.role == "leader")
        )
    assert levels > 30  # type: ignore[operator]


def _peak_megabytes() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
