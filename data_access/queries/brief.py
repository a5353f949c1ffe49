"""The brief of one rep: what happened since the last one-on-one and everything beside it, and the rows behind facts.

Reads through the queries that other pages use, so both sides bring the same numbers. What is compared with others (how
long is usual, where peers stand) is the company's: nothing here depends on whom else the viewer may see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching import brief as briefs
from coaching import frames, objectives, situations
from coaching.agenda import next_meeting
from coaching.brief import PREFERENCES, Brief, Material, Reader, Since
from coaching.diagnosis import Diagnosis
from coaching.people import Viewer
from coaching.questions import Chosen
from data_access.knowledge import end_of_day, knowledge, version_on
from data_access.queries import agenda as agenda_queries
from data_access.queries import diagnosis as diagnosis_queries
from data_access.queries import lessons, motivation, observations, plans, sessions, skills
from data_access.queries import questions as question_queries
from data_access.queries.baselines import metric_series_of_reps
from data_access.queries.deal_review import SINCE_EVER, deals_to_look_at
from data_access.queries.deals import closed_deals, open_deals
from data_access.queries.people import person_card
from data_access.queries.stalling import WonTimes, stage_times, won_times
from data_access.scope import reps_in_scope
from data_access.settings import company_calendar, minor_digits, settings
from data_access.tables import deal_version, motivation_preference

DAYS_OF_LATE_NEWS = 366
"""A deal that was closed longer ago and is told only now is history, not news."""
MASTERY = "mastery"


def brief(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    as_of: dt.date,
    today: dt.date,
    diagnosed: Diagnosis | None = None,
    standings: pl.DataFrame | None = None,
    chosen: Sequence[Chosen] | None = None,
    to_look_at: pl.DataFrame | None = None,
    won: WonTimes | None = None,
) -> Brief | None:
    """The brief of a rep as known on ``as_of``; None where there is nobody like that in the viewer's scope.

    ``diagnosed``, ``standings`` (frames.SKILL_STANDINGS), ``chosen`` (questions), ``to_look_at`` (deals) and ``won``
    (stalling.won_times): what the queries give, for whoever has it already.
    """
    found = material(
        viewer,
        connection,
        rep_id=rep_id,
        as_of=as_of,
        today=today,
        diagnosed=diagnosed,
        standings=standings,
        chosen=chosen,
        to_look_at=to_look_at,
        won=won,
    )
    return None if found is None else briefs.brief(found)


def material(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    as_of: dt.date,
    today: dt.date,
    diagnosed: Diagnosis | None = None,
    standings: pl.DataFrame | None = None,
    chosen: Sequence[Chosen] | None = None,
    to_look_at: pl.DataFrame | None = None,
    won: WonTimes | None = None,
) -> Material | None:
    """What the brief is made of, see ``brief``."""
    card = person_card(viewer, connection, rep_id, as_of, today)
    if card is None:
        return None
    asked: dict[str, Any] = {"rep_id": rep_id, "as_of": as_of, "today": today}
    values = settings(connection)
    currency = values["reporting_currency"]
    digits = minor_digits(currency)
    reader = Reader(viewer.person_id, rep_id, card["name"], as_of, currency or "", digits, viewer.reads_words)
    held = sessions.sessions(viewer, connection, **asked)
    since = briefs.since_of(held, rep_id, as_of, reader.is_rep)
    plan, goals, actions = _plan(viewer, connection, asked, reader.currency)
    seen: dict[str, Any] = {**asked, "start": since.on + dt.timedelta(days=1), "end": as_of}
    if diagnosed is None:
        known = diagnosis_queries.peers(viewer, connection, as_of=as_of, today=today)
        every = diagnosis_queries.diagnoses(viewer, connection, rep_ids=[rep_id], as_of=as_of, today=today, known=known)
        diagnosed = every[0] if every else None
        standings = known.skills["standings"] if standings is None else standings
    won = won or won_times(viewer, connection, as_of=as_of)
    if to_look_at is None:
        to_look_at = deals_to_look_at(viewer, connection, **asked, won=won)
    if chosen is None:
        focus = situations.focus_of(diagnosed)
        chosen = question_queries.questions_for(viewer, connection, **asked, focus=focus, to_look_at=to_look_at)
    planned = next_meeting(held, as_of)["session_id"].to_list()
    gaps = lessons.knowledge_gaps(viewer, connection, **asked)
    standing = open_deals(viewer, connection, start=as_of, end=as_of, as_of=as_of, today=today, rep_ids=[rep_id])
    return Material(
        reader=reader,
        card=card,
        since=since,
        time_zone=str(values["time_zone"]),
        sessions=held,
        session_topics=sessions.session_topics(viewer, connection, session_ids=planned, today=today),
        changes=deal_changes(viewer, connection, since=since, **asked, won=won),
        views=observations.observations(viewer, connection, **seen),
        scores=observations.observation_scores(viewer, connection, **seen),
        commitments=sessions.commitments(viewer, connection, **asked),
        plan=plan,
        goals=goals,
        actions=actions,
        mastered=_mastered(viewer, connection, rep_id, since.on, as_of, today, standings),
        diagnosis=diagnosed,
        to_look_at=to_look_at,
        notes_next_steps=bool(standing["next_step"].count()),
        questions=tuple(chosen),
        preferences=_preferences(viewer, connection, rep_id, as_of, today),
        uses=motivation.trigger_uses(viewer, connection, **asked),
        agenda=agenda_queries.agenda(viewer, connection, **asked),
        gaps=gaps,
        gone=_gone(viewer, connection, gaps, **asked),
    )


# ---- What became of deals --------------------------------------------------------------------------------------


def deal_changes(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    since: Since,
    as_of: dt.date,
    today: dt.date,
    won: WonTimes | None = None,
) -> pl.DataFrame:
    """brief.DEAL_CHANGES of one rep between two days, each as known on that day; empty out of scope.

    Of deals that the rep owns on ``as_of``. Whether one stood still on the earlier day is told from what was known of
    it then; how long is usual from the deals won by then. ``won``: what ``stalling.won_times`` gives.
    """
    won = won or won_times(viewer, connection, as_of=as_of)
    who: dict[str, Any] = {"today": today, "rep_ids": [rep_id]}
    before = open_deals(viewer, connection, start=since.on, end=since.on, as_of=since.on, **who)
    before = _standing(before, since.on)
    first = since.on - dt.timedelta(days=DAYS_OF_LATE_NEWS)
    after = open_deals(viewer, connection, start=first, end=as_of, as_of=as_of, **who)
    return briefs.deal_changes(
        before,
        after,
        since=since.on,
        as_of=as_of,
        known_before=_known(connection, after["deal_id"].to_list(), since.on),
        stalled_before=_stalled(viewer, connection, before, since.on, today, won),
        stalled_after=_stalled(viewer, connection, _standing(after, as_of), as_of, today, won),
    )


def _standing(deals: pl.DataFrame, at: dt.date) -> pl.DataFrame:
    return deals.filter((pl.col("since_on") <= at) & (pl.col("until_on").is_null() | (pl.col("until_on") > at)))


def _known(connection: sa.Connection, asked: list[int], on: dt.date) -> list[int]:
    """Which of these deals, which the viewer was allowed to read, anything was known of on a day, whoever had them."""
    v = deal_version.c
    known = version_on(deal_version, knowledge(connection, "deals", on).known_on)
    return list(connection.scalars(sa.select(v.deal_id).where(v.deal_id.in_(asked), known).distinct()))


def _gone(
    viewer: Viewer, connection: sa.Connection, gaps: pl.DataFrame, rep_id: int, as_of: dt.date, today: dt.date
) -> dict[int, tuple[str, dt.date]]:
    """Of the deals that open questions are about those won or lost by ``as_of``: which of the two, and when."""
    ids = gaps.filter(pl.col("closed_at").is_null())["deal_id"].drop_nulls()
    if ids.is_empty():
        return {}
    closed = closed_deals(viewer, connection, start=SINCE_EVER, end=as_of, as_of=as_of, today=today, rep_ids=[rep_id])
    rows = closed.filter(pl.col("deal_id").is_in(ids.to_list()))
    return {row["deal_id"]: (row["status"], row["closed_on"]) for row in rows.iter_rows(named=True)}


def _stalled(
    viewer: Viewer, connection: sa.Connection, standing: pl.DataFrame, at: dt.date, today: dt.date, won: WonTimes
) -> list[int]:
    asked = standing["deal_id"].to_list()
    times = stage_times(viewer, connection, as_of=at, today=today, deal_ids=asked, won=won)
    return times.stalled(standing, at)["deal_id"].to_list()


# ---- The plan, skills, what moves ------------------------------------------------------------------------------


def _plan(
    viewer: Viewer, connection: sa.Connection, asked: dict[str, Any], currency: str
) -> tuple[dict[str, Any] | None, tuple[tuple[dict[str, Any], objectives.Assessment], ...], tuple[dict[str, Any], ...]]:
    """The plan that holds with its objectives, judged as on every other page, and the actions of its latest version."""
    current = plans.plans(viewer, connection, **asked).filter(pl.col("status") == "active").to_dicts()
    if not current:
        return None, (), ()
    plan_id, as_of = current[0]["plan_id"], asked["as_of"]
    goals = plans.objectives(viewer, connection, **asked).filter(pl.col("plan_id") == plan_id)
    series: dict[str, pl.DataFrame] = {}
    if goals.height:
        values = metric_series_of_reps(viewer, connection, goals=goals, as_of=as_of, today=asked["today"])
        series = {
            key: values.filter(pl.col("metric_key") == key).select(list(frames.METRIC_SERIES))
            for key in goals["metric_key"]
        }
    judged = tuple(
        (goal, objectives.assess(goal, series[goal["metric_key"]], as_of, currency))
        for goal in goals.iter_rows(named=True)
    )
    actions = plans.actions(viewer, connection, **asked).filter(pl.col("plan_id") == plan_id)
    latest = actions.filter(pl.col("number") == pl.col("number").max())
    return current[0], judged, tuple(latest.to_dicts())


def _mastered(
    viewer: Viewer,
    connection: sa.Connection,
    rep_id: int,
    since: dt.date,
    as_of: dt.date,
    today: dt.date,
    standings: pl.DataFrame | None,
) -> tuple[tuple[str, dt.date], ...]:
    if not viewer.reads_words:
        return ()
    if standings is None:
        standings = skills.skill_report(viewer, connection, at=as_of, as_of=as_of, today=today)["standings"]
    named = skills.skill_list(viewer, connection).join(standings, on="skill_id", how="inner", maintain_order="left")
    reached = named.filter(
        (pl.col("person_id") == rep_id) & (pl.col("state") == MASTERY) & (pl.col("state_since_on") > since)
    )
    return tuple(reached.select("name", "state_since_on").iter_rows())


def _preferences(
    viewer: Viewer, connection: sa.Connection, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """PREFERENCES: the same rows as on the page about motivation, with their ids."""
    if not viewer.reads_words:
        return pl.DataFrame(schema=PREFERENCES)
    said = motivation_preference.c
    midnight = end_of_day(as_of, company_calendar(connection).time_zone)
    statement = (
        sa.select(said.id.label("preference_id"), said.trigger, said.weight, said.words, said.stated_at)
        .where(said.person_id == rep_id, said.person_id.in_(reps_in_scope(viewer, today)), said.stated_at < midnight)
        .order_by(said.stated_at, said.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=PREFERENCES)
    return frame.unique("trigger", keep="last", maintain_order=True).sort("weight", "trigger", descending=[True, False])
