"""The facts equal the rows, whatever was imported in whatever order.

The oracle below reads the files themselves with plain loops and shares no function with the product.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data_access import rollups
from data_access.commands.settings import change_setting
from data_access.engine import reading, writing
from data_access.scope import operator
from data_access.tables import metadata, person, team
from tests.companies import NOW, deal, load

Load = tuple[str, dt.date, list[dict[str, Any]]]
REPS = ["ravi", "rosa", "wim"]
TEAMS = {"East": "maya", "West": "omar"}

dates = st.dates(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
snapshots = st.dates(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


@st.composite
def deal_rows(draw: st.DrawFn) -> dict[str, Any]:
    """One row of a deals export."""
    status = draw(st.sampled_from(["open", "won", "lost"]))
    closed = draw(dates).isoformat() if status != "open" else ""
    amounts: list[float | str] = ["", 0, 10, 250.5, -40]
    amount = draw(st.sampled_from(amounts))
    more = {
        "cost": draw(st.sampled_from(["", 5, 100])),
        "list_amount": draw(st.sampled_from(["", 300])),
        "lost_reason": draw(st.sampled_from(["", "Price"])) if status == "lost" else "",
        "competitor": draw(st.sampled_from(["", "Acme"])) if status == "lost" else "",
    }
    return deal(
        draw(st.sampled_from(["a", "b", "c", "d"])),
        draw(st.sampled_from([*REPS, ""])),
        status=status,
        opened=draw(st.just("") | dates.map(str)),
        closed=closed,
        amount=amount,
        **more,
    )


deal_files = st.lists(deal_rows(), min_size=1, max_size=4, unique_by=lambda row: row["id"])
people_files = st.lists(
    st.tuples(st.sampled_from(REPS), st.sampled_from(sorted(TEAMS)), st.sampled_from(["", "2026-02-10"])),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row[0],
).map(
    lambda rows: [
        {"id": rep, "name": rep.title(), "role": "Rep", "manager": TEAMS[label], "team": label, "started_on": start}
        for rep, label, start in rows
    ]
)
entered = st.datetimes(dt.datetime(2025, 12, 1), dt.datetime(2026, 6, 30)).map(lambda at: at.replace(microsecond=0))
histories = st.lists(
    st.builds(
        lambda key, at, owner: {"deal": key, "stage": "Discovery", "entered_at": at.isoformat(), "owner": owner},
        st.sampled_from(["a", "b", "c", "d"]),
        st.one_of(entered, dates.map(lambda day: dt.datetime.combine(day, dt.time(9)))),
        st.sampled_from([*REPS, ""]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: (row["deal"], row["entered_at"]),
)
loads = st.lists(
    st.one_of(
        st.tuples(st.just("stage-history"), snapshots, histories),
        st.tuples(st.just("deals"), snapshots, deal_files),
        st.tuples(st.just("deals"), snapshots, deal_files),
        st.tuples(st.just("people"), snapshots, people_files),
    ),
    min_size=1,
    max_size=6,
)


# Shrinking a case that writes to a database takes minutes and finds little.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@settings(
    max_examples=30, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(loads)
def test_any_sequence_of_imports_gives_the_facts_that_the_files_say(engine: sa.Engine, history: list[Load]) -> None:
    empty(engine)
    for kind, as_of, rows in history:
        load(engine, kind, rows, as_of)
    with reading(engine) as connection:
        assert rollups.differences(connection).is_empty()
        stored = facts_by_name(connection)
    assert stored == facts_from_the_files(history)
    with writing(engine) as connection:
        rollups.rebuild(connection)
    with reading(engine) as connection:
        assert facts_by_name(connection) == stored


def empty(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sa.delete(table))


def facts_by_name(connection: sa.Connection) -> dict[tuple[str, str, dt.date], dict[str, int]]:
    reps = dict(connection.execute(sa.select(person.c.id, person.c.name_key)).all())
    teams = dict(connection.execute(sa.select(team.c.id, team.c.external_id)).all())
    found = {}
    for row in rollups.stored_facts(connection).iter_rows(named=True):
        key = (reps.get(row["rep_key"], ""), teams.get(row["team_key"], ""), row["atom_on"])
        parts = {name: n for name, n in row.items() if name not in rollups.KEYS and n}
        if parts:
            found[key] = parts
    return found


def facts_from_the_files(history: list[Load]) -> dict[tuple[str, str, dt.date], dict[str, int]]:
    """What the latest knowledge adds up to: the newest row per deal, the team of the event's own date."""
    latest: dict[str, dict[str, Any]] = {}
    opening: dict[str, str] = {}
    first_known: dict[str, dt.date] = {}
    newest: dt.date | None = None
    for kind, as_of, rows in history:
        if kind != "deals":
            continue
        is_late = newest is not None and as_of < newest
        for row in rows:
            # The owner at opening is the first one named; a late file changes nothing that is known of later dates.
            if not is_late or row["id"] not in opening:
                opening[row["id"]] = opening.get(row["id"]) or row["owner"]
            first_known.setdefault(row["id"], as_of)
            if not is_late:
                latest[row["id"]] = row
        newest = max(as_of, newest) if newest else as_of
    facts: dict[tuple[str, str, dt.date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for key, row in latest.items():
        dated = dated_owner(history, row, first_known[key]) if row["opened_on"] else ""
        count_opened(facts, history, row, dated or opening[key])
        count_closed(facts, history, row)
    return {key: dict(parts) for key, parts in facts.items()}


def dated_owner(history: list[Load], row: dict[str, Any], first_known: dt.date) -> str:
    """Whom stage history has owning a deal when it was opened, else before any export held the deal; "" = nobody."""
    told: dict[dt.datetime, str] = {}
    for kind, _, rows in history:
        for entry in rows if kind == "stage-history" else []:
            if entry["deal"] == row["id"]:
                told.setdefault(dt.datetime.fromisoformat(entry["entered_at"]), entry["owner"])
    owners = sorted((at, owner) for at, owner in told.items() if owner)
    opened = dt.date.fromisoformat(row["opened_on"])
    on_the_day = [owner for at, owner in owners if at.date() == opened]
    before_it = [owner for at, owner in owners if at.date() < opened]
    before_exports = [owner for at, owner in owners if at.date() < first_known]
    return next(iter([*on_the_day[:1], *before_it[-1:], *before_exports[:1]]), "")


def cents(value: Any) -> int | None:
    return None if value == "" else round(float(value) * 100)


def count_opened(facts: Any, history: list[Load], row: dict[str, Any], owner: str) -> None:
    if not row["opened_on"]:
        return
    day = dt.date.fromisoformat(row["opened_on"])
    parts = facts[owner, team_on(history, owner, day), atom(day)]
    parts["opened_count"] += 1
    amount = priced(row)
    if amount is not None:
        parts["opened_amount_count"] += 1
        add(parts, "opened_amount", amount)


def priced(row: dict[str, Any]) -> int | None:
    amount = cents(row["amount"])
    return None if row["status"] == "lost" and amount == 0 else amount


def add(parts: dict[str, int], name: str, value: int) -> None:
    if value or name in parts:
        parts[name] += value
        if not parts[name]:
            del parts[name]


def count_closed(facts: Any, history: list[Load], row: dict[str, Any]) -> None:
    if row["status"] == "open":
        return
    day = dt.date.fromisoformat(row["closed_on"])
    status, amount = row["status"], priced(row)
    parts = facts[row["owner"], team_on(history, row["owner"], day), atom(day)]
    parts[f"{status}_count"] += 1
    if amount is not None:
        parts[f"{status}_amount_count"] += 1
        add(parts, f"{status}_amount", amount)
    cost, listed = cents(row["cost"]), cents(row["list_amount"])
    if status == "won" and amount is not None and cost is not None:
        parts["margin_count"] += 1
        add(parts, "margin_amount", amount)
        add(parts, "margin_cost", cost)
    if status == "won" and amount is not None and listed is not None:
        parts["discount_count"] += 1
        add(parts, "discount_amount", amount)
        add(parts, "discount_list_amount", listed)
    if status == "lost" and (row["lost_reason"] or row["competitor"]):
        parts["lost_reason_count"] += 1
    if status == "lost" and row["competitor"]:
        parts["lost_competitor_count"] += 1


def atom(day: dt.date) -> dt.date:
    monday = day - dt.timedelta(days=day.isoweekday() - 1)
    return monday if monday.month == day.month else day.replace(day=1)


def team_on(history: list[Load], rep: str, day: dt.date) -> str:
    """The label that held for the rep on a day, from the people files in order of their dates."""
    told = [
        (as_of, index, row)
        for index, (kind, as_of, rows) in enumerate(history)
        if kind == "people"
        for row in rows
        if row["id"] == rep
    ]
    told.sort(key=lambda item: (item[0], item[1]))
    # Of two files with one date the one loaded last speaks.
    told = [item for n, item in enumerate(told) if n + 1 == len(told) or told[n + 1][0] != item[0]]
    label = ""
    for n, (as_of, _, row) in enumerate(told):
        start = row["started_on"] or "0001-01-01"
        since = dt.date.fromisoformat(start) if n == 0 else as_of
        if since <= day:
            label = row["team"]
    return label


def test_another_week_start_moves_every_atom_and_the_facts_follow(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a", status="won", closed="2026-03-15", amount=10)])
    with writing(engine) as connection:
        change_setting(operator(), connection, "week_starts_on", "6", NOW)
    with reading(engine) as connection:
        assert rollups.differences(connection).is_empty()
        atoms = rollups.stored_facts(connection).filter(won_count=1)["atom_on"].to_list()
    # 15 March 2026 is a Sunday.
    assert atoms == [dt.date(2026, 3, 15)]


def test_a_fact_that_was_tampered_with_is_found(engine: sa.Engine) -> None:
    load(engine, "deals", [deal("a", status="won", closed="2026-03-15", amount=10)])
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE fact_rep_period SET won_count = 2 WHERE won_count = 1"))
    with reading(engine) as connection:
        wrong = rollups.differences(connection)
    assert wrong.select("part", "stored", "computed").rows() == [("won_count", 2, 1)]
