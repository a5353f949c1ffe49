"""A company on the day of a one-on-one: Maya met Ravi two weeks ago, and something of everything has happened since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from coaching.brief import Brief
from coaching.lessons import GapDraft
from coaching.motivation import PreferenceDraft
from coaching.observations import ObservationDraft, ScoreDraft
from coaching.people import Viewer
from coaching.plans import ActionDraft, ObjectiveDraft, PlanDraft
from coaching.sessions import CommitmentDraft, SessionDraft
from data_access.commands import agenda, lessons, motivation, observations, plans, sessions
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import open_engine, reading, writing
from data_access.queries import brief as queries
from data_access.tables import commitment
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone
from tests.databases import sqlite_url

DAY = dt.timedelta(days=1)
LAST_TIME = TODAY - 14 * DAY
THEN = NOW - 14 * DAY
SECRET = "Between you and me: he looks tired"
LONG = "Replacement of the northern harbour's third gantry crane including foundations, phase {}"
"""A title as CRMs hold them; with a number in it, since each deal has one of its own."""


def day(days: int) -> str:
    """So many days from today, as files write it."""
    return (TODAY + days * DAY).isoformat()


def exports(title: str = "{}") -> dict[dt.date, list[dict[str, Any]]]:
    """Ravi's deals as two exports hold them: the day of the last meeting and yesterday. One of each kind of news."""
    then = {
        "harbour": {"amount": 80_000, "expected_close_on": day(20)},
        "quarry": {"amount": 40_000, "expected_close_on": day(-5)},
        "bridge": {"amount": 30_000, "expected_close_on": day(10)},
        "tunnel": {"amount": 20_000, "expected_close_on": day(5)},
        "dock": {"amount": 10_000, "expected_close_on": day(6)},
        "mill": {"amount": 60_000, "expected_close_on": day(30)},
    }
    now = {
        **then,
        "bridge": {"amount": 30_000, "expected_close_on": day(60)},
        "tunnel": {"amount": 21_000, "status": "won", "closed": day(-9)},
        "dock": {"amount": 10_000, "status": "lost", "closed": day(-8), "competitor": "Rival"},
        "fresh": {"amount": 15_000, "opened": day(-7), "expected_close_on": day(80)},
    }
    usual = [deal(f"usual-{n}", status="won", opened="2026-01-10", closed="2026-02-01", amount=5_000) for n in range(3)]
    described: dict[str, Any] = {"account": "Quay Ltd", "next_step": "Call the buyer", "opened": "2026-10-05"}
    return {
        on: [
            *usual,
            deal("wims", "wim", amount=9_000),
            *(deal(key, **{**described, "name": title.format(key), **row}) for key, row in rows.items()),
        ]
        for on, rows in ((LAST_TIME, then), (TODAY - DAY, now))
    }


HISTORY = [
    *(
        {"deal": f"usual-{n}", "stage": stage, "entered_at": on}
        for n in range(3)
        for stage, on in (("Discovery", "2026-01-10"), ("Closed Won", "2026-02-01"))
    ),
    # Won deals spend 22 days in Discovery: 33 are too many, and the mill passes them between the two meetings.
    {"deal": "mill", "stage": "Discovery", "entered_at": day(-40)},
    {"deal": "harbour", "stage": "Discovery", "entered_at": day(-16)},
]


def id_of(engine: sa.Engine, who: str) -> int:
    """The database id of somebody by their id in the files."""
    person_id = someone(engine, who).person_id
    assert person_id is not None
    return person_id


def people_and_deals(engine: sa.Engine, title: str = "{}") -> sa.Engine:
    """Everybody, the scorecard, and the two exports; nothing coached yet."""
    load(engine, "people", [{**row, "started_on": "2024-01-08"} for row in PEOPLE], dt.date(2026, 1, 1))
    for on, rows in exports(title).items():
        load(engine, "deals", rows, on)
    load(engine, "stage-history", HISTORY, TODAY - DAY)
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
    return engine


def met(engine: sa.Engine, *promises: CommitmentDraft, on: dt.datetime = THEN, **more: Any) -> int:
    """Maya wrote up a one-on-one with Ravi; its id."""
    draft = SessionDraft(id_of(engine, "ravi"), held_at=on - dt.timedelta(hours=1), commitments=promises, **more)
    with writing(engine) as connection:
        return sessions.record_session(someone(engine, "maya"), connection, draft, on)


def company(engine: sa.Engine, title: str = "{}") -> sa.Engine:
    """The whole story."""
    people_and_deals(engine, title)
    maya, ravi = someone(engine, "maya"), someone(engine, "ravi")
    rep = id_of(engine, "ravi")
    met(
        engine,
        CommitmentDraft("coach", "Bring the price list", TODAY - 4 * DAY),
        CommitmentDraft("rep", "Call five customers", TODAY - 3 * DAY),
        CommitmentDraft("rep", "Draw the map of the buyers", TODAY + 6 * DAY),
        note=SECRET,
        visibility="private",
    )
    with writing(engine) as connection:
        kept = connection.scalar(_promise("Call five customers"))
        sessions.keep_commitment(ravi, connection, kept, TODAY - 5 * DAY, NOW)
        _observe(connection, maya, rep, "He waited for the answer", "Ask for the date", shared=True, days_ago=6)
        _observe(connection, maya, rep, SECRET, SECRET, shared=False, days_ago=3)
        motivation.state_preferences(ravi, connection, [PreferenceDraft("praise", 4, "Say it at once")], THEN)
        action = ActionDraft("discovery", "role_play", "Practise three openings", 3, TODAY + 9 * DAY)
        made = plans.propose_plan(
            maya, connection, PlanDraft(rep, 0, LAST_TIME, TODAY + 90 * DAY, "Ask more", (action,)), now=THEN
        )
        aim = ObjectiveDraft(
            rep, maya.person_id or 0, "won_count", None, 5, "absolute", LAST_TIME, TODAY + 90 * DAY, "A", "B"
        )
        goal = plans.propose_objective(maya, connection, made, aim, now=THEN)
        plans.answer_objective(ravi, connection, goal, 1, "accept", now=THEN)
        agenda.add_item(ravi, connection, rep_id=rep, kind="topic", body="The new territory", now=NOW)
        gap = lessons.note_gap(maya, connection, rep, GapDraft("Who signs at the harbour?"), THEN)
        lessons.close_gap(ravi, connection, gap, "The plant manager", NOW - 2 * DAY)
        lessons.note_gap(maya, connection, rep, GapDraft("What does a day of delay cost?"), THEN)
    return engine


@pytest.fixture(scope="session")
def story_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole story in one SQLite file, to be copied; made once."""
    file = tmp_path_factory.mktemp("one_on_one") / "company.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(sqlite_url(file))
    company(engine)
    with engine.connect() as connection:
        # What is still in the log beside the file would not be copied.
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


@pytest.fixture
def own_story_url(story_file: Path, tmp_path: Path) -> str:
    """A copy of the story to write into."""
    file = tmp_path / "own.sqlite3"
    file.write_bytes(story_file.read_bytes())
    return sqlite_url(file)


@pytest.fixture
def own_story(own_story_url: str) -> Iterator[sa.Engine]:
    """An engine on a copy of the story to write into."""
    engine = open_engine(own_story_url)
    yield engine
    engine.dispose()


def _promise(words: str) -> sa.Select[Any]:
    return sa.select(commitment.c.id).where(commitment.c.promise == words)


def _observe(
    connection: sa.Connection, maya: Viewer, rep: int, well: str, thing: str, *, shared: bool, days_ago: int
) -> None:
    at = NOW - days_ago * DAY
    draft = ObservationDraft(
        rep,
        None,
        at,
        channel="phone",
        scores=(ScoreDraft("discovery", 4, "Asked what it costs"),),
        went_well=well,
        one_thing=thing,
        visibility="shared" if shared else "private",
    )
    observations.record_observation(maya, connection, draft, at)


def brief_of(engine: sa.Engine, who: str | Viewer = "maya", rep: str = "ravi", as_of: dt.date = TODAY) -> Brief | None:
    """The brief as somebody reads it."""
    viewer = someone(engine, who) if isinstance(who, str) else who
    with reading(engine) as connection:
        return queries.brief(viewer, connection, rep_id=id_of(engine, rep), as_of=as_of, today=TODAY)


def crowded(engine: sa.Engine) -> sa.Engine:
    """The same, but with more of everything than anybody has: thirty deals in the news, long titles, long words."""
    people = [dict(row) for row in PEOPLE]
    people[5]["name"] = "Ravindranath Venkatasubramanian-Nair of the Northern Harbours"
    load(engine, "people", [{**row, "started_on": "2024-01-08"} for row in people], dt.date(2026, 1, 1))
    account = "Consolidated Harbour and Inland Waterway Operations of the Northern Provinces"
    for on, rows in exports().items():
        many = [
            {**row, "id": f"{row['id']}-{n}", "name": LONG.format(f"{row['id']} {n}"), "account": f"{account} {n}"}
            for row in rows
            for n in range(5)
        ]
        load(engine, "deals", [{**row, "next_step": "Agree the day " * 12} for row in many], on)
    history = [{**row, "deal": f"{row['deal']}-{n}"} for row in HISTORY for n in range(5)]
    load(engine, "stage-history", history, TODAY - DAY)
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
    maya, ravi, rep = someone(engine, "maya"), someone(engine, "ravi"), id_of(engine, "ravi")
    due = TODAY - 4 * DAY
    words = "Bring everything that was said about the price, the terms and the day of delivery " * 3
    promises = [
        CommitmentDraft(side, f"{n} {words}"[:300], due + n * DAY) for n in range(9) for side in ("coach", "rep")
    ]
    met(engine, *promises)
    with writing(engine) as connection:
        for promise in connection.scalars(sa.select(commitment.c.id).where(commitment.c.by_id == rep).limit(4)).all():
            sessions.keep_commitment(ravi, connection, promise, TODAY - DAY, NOW)
        for n in range(5):
            _observe(connection, maya, rep, f"{n} {words}", f"{n} {words}", shared=True, days_ago=n + 1)
        said = [PreferenceDraft(name, 4, words[:500]) for name in ("praise", "money", "competition", "recognition")]
        motivation.state_preferences(ravi, connection, said, THEN)
        some = tuple(
            ActionDraft("discovery", "role_play", f"{name} {words}"[:300], 3, TODAY + n * DAY)
            for n, name in enumerate(("First", "Second", "Third", "Fourth"), start=-1)
        )
        made = plans.propose_plan(maya, connection, PlanDraft(rep, 0, LAST_TIME, None, words, some), now=THEN)
        for key in ("won_count", "won_amount", "average_deal_size", "pipeline_generated", "opened_count"):
            aim = ObjectiveDraft(rep, 0, key, None, 5, "absolute", LAST_TIME, TODAY + 9 * DAY, words, words)
            goal = plans.propose_objective(maya, connection, made, aim, now=THEN)
            plans.answer_objective(ravi, connection, goal, 1, "accept", now=THEN)
        for n in range(9):
            agenda.add_item(ravi, connection, rep_id=rep, kind="topic", body=f"{n} {words}"[:200], now=NOW)
            lessons.note_gap(maya, connection, rep, GapDraft(f"{n} {words}?"), THEN)
    return engine
