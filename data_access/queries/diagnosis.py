"""Diagnoses of reps in scope: gathers what like-for-like peers show and hands it to coaching.diagnosis.

To compare, it reads the company's deals, scores and counts; what leaves this module speaks of people in scope, and of
peers only as medians and quartiles over at least five.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import sqlalchemy as sa
from polars._typing import SchemaDict

from coaching import frames
from coaching.diagnosis import Diagnosis
from coaching.diagnosis import evidence as shapes
from coaching.diagnosis.engine import Company, compare, diagnosis
from coaching.diagnosis.evidence import Evidence
from coaching.people import Viewer
from coaching.periods import Calendar, Period, add_months
from data_access.importers.roles import role_of
from data_access.knowledge import end_of_day, exists_for_readers, knowledge, known_by, recorded_by, version_on
from data_access.openings import opening_owner
from data_access.queries.quotas import quotas
from data_access.queries.skills import skill_list, skill_report
from data_access.scope import operator, reps_in_scope
from data_access.settings import calendar_of, minor_digits, settings
from data_access.tables import (
    account,
    activity,
    deal,
    deal_version,
    import_run,
    knowledge_gap,
    observation,
    person,
    person_record,
    score,
    scorecard_item,
    skill,
    stage_entry,
)

V, E, A, G = deal_version.c, stage_entry.c, activity.c, knowledge_gap.c
REPS_AT_ONCE = 400
OLDEST_LEVEL_DAYS = 180
SCORES_SHOWN = 3
DAYS_TO_THE_FIRST_DEAL = 14
BY_OTHERS = ("coach", "second_rater")
ROWS_BEHIND: SchemaDict = {
    "source_id": pl.String,
    "what": pl.String,
    "account_name": pl.String,
    "status": pl.String,
    "opened_on": pl.Date,
    "closed_on": pl.Date,
    "amount": pl.Int64,
}
"""A row per deal or observation; of an observation closed_on is the day it was observed on."""


@dataclass(frozen=True)
class Peers:
    """What everybody is compared with on a day: the same for every viewer, to be told as medians and quartiles only."""

    people: pl.DataFrame
    """shapes.compared: everybody who sells and is there."""
    company: Company
    """Those of them who are peers of anybody."""
    skills: dict[str, pl.DataFrame]
    """What skill_report gives the operator: levels of the whole company, and how much single scores differ."""


def peers(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date) -> Peers:
    """The company on ``as_of``, made ready for ``diagnoses``; whoever looks gets the same, and no row of it leaves the
    process but through a diagnosis of somebody in their scope."""
    window = shapes.window_until(_told_until(connection, as_of))
    people = shapes.compared(_sellers(connection, as_of), as_of, window)
    report = skill_report(operator(), connection, at=as_of, as_of=as_of, today=today)
    reference = people.filter("is_reference")
    evidence = _evidence(connection, reference, window, as_of, today, report, None)
    return Peers(people, compare(evidence), report)


def diagnoses(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_ids: list[int] | None = None,
    as_of: dt.date,
    today: dt.date,
    known: Peers | None = None,
) -> list[Diagnosis]:
    """One diagnosis per rep in scope who was there on ``as_of``, by id; ``rep_ids`` limits to some.

    As known on ``as_of``: a later file changes nothing. Whoever is out of scope, unknown, gone or does not sell is not
    in the list. Executives and admins get none. Numbers do not depend on who looks or on who else is asked about.
    ``known``: what ``peers`` gives for the day, for whoever has it already.
    """
    inside = pl.read_database(reps_in_scope(viewer, today), connection, schema_overrides={"id": pl.Int64})
    seen = set(inside.to_series().to_list())
    wanted = sorted(seen if rep_ids is None else seen & set(rep_ids))
    if not wanted:
        return []
    known = known or peers(viewer, connection, as_of=as_of, today=today)
    chosen = known.people.filter(pl.col("person_id").is_in(wanted))
    found = {rep_id: diagnosis(known.company, rep_id) for rep_id in chosen.filter("is_reference")["person_id"]}
    # In a large company not everybody is somebody's peer: those are put beside the same peers.
    others = chosen.filter(~pl.col("is_reference"))
    for some in others.iter_slices(REPS_AT_ONCE):
        company = compare(_beside(connection, known, some, as_of, today))
        found |= {rep_id: diagnosis(company, rep_id) for rep_id in some["person_id"]}
    return [_with_scores(connection, found[rep_id], as_of) for rep_id in sorted(found)]


def _beside(connection: sa.Connection, known: Peers, some: pl.DataFrame, as_of: dt.date, today: dt.date) -> Evidence:
    """The peers' evidence with that of ``some`` who are none: only their rows are read."""
    base = known.company.evidence
    own = _evidence(connection, some, base.window, as_of, today, known.skills, base.quota_period)

    def both(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
        return pl.concat([first, second])

    return replace(
        base,
        people=both(base.people, own.people).sort("person_id"),
        closed=both(base.closed, own.closed),
        opened=both(base.opened, own.opened),
        steps=both(base.steps, own.steps),
        stages=both(base.stages, own.stages),
        quotas=both(base.quotas, own.quotas),
        activities=both(base.activities, own.activities),
        gaps=both(base.gaps, own.gaps),
        levels=both(base.levels, own.levels),
    )


def _evidence(
    connection: sa.Connection,
    people: pl.DataFrame,
    window: Period,
    as_of: dt.date,
    today: dt.date,
    report: dict[str, pl.DataFrame],
    period: Period | None,
) -> Evidence:
    """The rows of ``people``. ``period``: the quarters of attainment; None = those that their own deals allow."""
    ids = people["person_id"].to_list()
    values = settings(connection)
    closed, opened, stages = _deals(connection, ids, window, as_of)
    period = period or _quota_period(closed, window, calendar_of(values))
    due = frames.empty(frames.QUOTAS)
    if period is not None:
        due = quotas(operator(), connection, start=period.start, end=period.end, as_of=as_of, today=today, rep_ids=ids)
    return Evidence(
        as_of=as_of,
        window=window,
        people=people,
        closed=closed,
        opened=opened,
        steps=_steps(connection, ids, window, as_of),
        stages=stages,
        quotas=due,
        quota_period=period,
        activities=_activities(connection, ids, window, as_of),
        gaps=_gaps(connection, ids, as_of, str(values["time_zone"])),
        levels=_levels(connection, ids, as_of, report),
        minor=10 ** minor_digits(values["reporting_currency"]),
        currency=values["reporting_currency"] or "",
    )


def _told_until(connection: sa.Connection, as_of: dt.date) -> dt.date:
    """The last deals export up to ``as_of``: after it nothing is known to have happened, which is not nothing."""
    if knowledge(connection, "deals", as_of).is_rebuilt:
        return as_of
    runs = import_run.c
    published = sa.and_(runs.kind == "deals", runs.published_at.is_not(None), runs.as_of <= as_of)
    return connection.scalar(sa.select(sa.func.max(runs.as_of)).where(published)) or as_of


def _quota_period(closed: pl.DataFrame, window: Period, calendar: Calendar) -> Period | None:
    """The last whole fiscal quarters for which deals are known."""
    first = closed["closed_on"].min() if closed.height else None
    if not isinstance(first, dt.date):
        return None
    begin = max(first, window.start)
    quarter = calendar.quarter_start(begin)
    # The first deal on record may have closed some days into a quarter that is on record as a whole.
    if begin <= quarter + dt.timedelta(days=DAYS_TO_THE_FIRST_DEAL):
        begin = quarter
    starts = []
    while quarter <= window.end:
        starts.append(quarter)
        quarter = add_months(quarter, 3)
    return shapes.whole_quarters(Period(begin, window.end), starts) if begin <= window.end else None


def rows_behind(
    viewer: Viewer, connection: sa.Connection, *, source_ids: list[str], as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """ROWS_BEHIND: the deals and observations that a diagnosis names, in its order, as known on ``as_of``.

    Amounts in minor units. What is not in the viewer's scope is left out, whatever the ids say.
    """
    wanted = [source.partition(":") for source in source_ids]
    ids = {name: [int(number) for table, _, number in wanted if table == name] for name in ("deal", "observation")}
    scope = reps_in_scope(viewer, today)
    parts = [pl.DataFrame(schema=ROWS_BEHIND)]
    if ids["deal"]:
        known_on = knowledge(connection, "deals", as_of).known_on
        statement = (
            sa.select(
                (sa.literal("deal:") + sa.cast(V.deal_id, sa.Text)).label("source_id"),
                sa.func.coalesce(V.name, deal.c.external_id).label("what"),
                account.c.name.label("account_name"),
                V.status,
                V.opened_on,
                V.closed_on,
                V.reporting_amount.label("amount"),
            )
            .join(deal, deal.c.id == V.deal_id)
            .outerjoin(account, account.c.id == V.account_id)
            .where(V.deal_id.in_(ids["deal"]), V.owner_id.in_(scope), version_on(deal_version, known_on))
        )
        parts.append(pl.read_database(statement, connection, schema_overrides=ROWS_BEHIND))
    if ids["observation"]:
        o = observation.c
        seen = sa.select(
            (sa.literal("observation:") + sa.cast(o.id, sa.Text)).label("source_id"),
            sa.literal("Observation").label("what"),
            o.observed_on.label("closed_on"),
        ).where(o.id.in_(ids["observation"]), o.person_id.in_(scope), exists_for_readers(observation))
        rows = pl.read_database(seen, connection, schema_overrides=ROWS_BEHIND)
        parts.append(pl.concat([pl.DataFrame(schema=ROWS_BEHIND), rows], how="diagonal"))
    order = pl.DataFrame({"source_id": source_ids}, schema={"source_id": pl.String})
    found = pl.concat([part.select(list(ROWS_BEHIND)) for part in parts]).unique("source_id")
    return order.join(found, on="source_id", how="inner", maintain_order="left")


# ---- Who ------------------------------------------------------------------------------------------------------------


def _sellers(connection: sa.Connection, as_of: dt.date) -> pl.DataFrame:
    """shapes.DIAGNOSED: whoever was called a rep in the people files of the day, or only owned deals by then."""
    known_on = knowledge(connection, "people", as_of).known_on
    r = person_record.c
    records = pl.read_database(
        sa.select(r.person_id, r.role, r.manager_id, r.segment, r.started_on, r.left_on)
        .where(version_on(person_record, known_on))
        .order_by(r.person_id, r.known_from, r.id),
        connection,
        schema_overrides={**shapes.DIAGNOSED, "manager_id": pl.Int64},
    ).unique("person_id", keep="last", maintain_order=True)
    above = dict(records.select("person_id", "manager_id").iter_rows())
    leads = {manager for manager in above.values() if manager is not None}
    leads_managers = {above.get(manager) for manager in leads} - {None}
    roles = [
        role_of(text, person_id in leads, person_id in leads_managers)
        for person_id, text in records.select("person_id", "role").iter_rows()
    ]
    reps = records.with_columns(pl.Series("role", roles, dtype=pl.String)).filter(pl.col("role") == "rep")
    return pl.concat([reps.select(list(shapes.DIAGNOSED)), _unlisted(connection, as_of)]).sort("person_id")


def _unlisted(connection: sa.Connection, as_of: dt.date) -> pl.DataFrame:
    """People whom no people file ever named, and who owned a deal by then: nothing says what else they would be."""
    known_on = knowledge(connection, "deals", as_of).known_on
    named = sa.exists().where(person_record.c.person_id == person.c.id, exists_for_readers(person_record))
    owns = sa.exists().where(V.owner_id == person.c.id, known_by(deal_version, known_on))
    statement = sa.select(
        person.c.id.label("person_id"),
        sa.literal("rep").label("role"),
        person.c.segment,
        person.c.started_on,
        person.c.left_on,
    ).where(exists_for_readers(person), ~named, owns)
    return pl.read_database(statement, connection, schema_overrides=shapes.DIAGNOSED)


# ---- What they did --------------------------------------------------------------------------------------------------


def _deals(
    connection: sa.Connection, ids: list[int], window: Period, as_of: dt.date
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """shapes.CLOSED, OPENED and STAGES of the window as known on ``as_of``, out of one read.

    Where history is rebuilt, a deal still open on ``as_of`` was opened by nobody whom stage history does not date.
    """
    known, history = knowledge(connection, "deals", as_of), knowledge(connection, "stage-history", as_of)
    is_closed = sa.and_(V.status.in_(["won", "lost"]), V.closed_on <= window.end)
    first_named: sa.ColumnElement[int | None] = V.opening_owner_id
    if known.is_rebuilt:
        first_named = sa.case((is_closed, first_named), else_=sa.null())
    opener = opening_owner(connection, history, first_named)
    statement = sa.select(
        V.deal_id,
        V.owner_id.label("person_id"),
        opener.label("opener_id"),
        V.status,
        # Days as text: tens of thousands of them are read in half the time, and polars makes days of them at once.
        sa.cast(V.opened_on, sa.Text).label("opened_on"),
        sa.cast(V.closed_on, sa.Text).label("closed_on"),
        V.reporting_amount.label("amount"),
        V.reporting_list_amount.label("list_amount"),
        sa.or_(V.lost_reason.is_not(None), V.competitor.is_not(None)).label("has_reason"),
        V.competitor.is_not(None).label("to_competitor"),
        _beyond_the_first_stage(max(history.known_on, as_of), as_of).label("is_qualified"),
    ).where(
        version_on(deal_version, known.known_on),
        V.is_deleted.is_(False),
        sa.or_(
            V.opened_on.between(window.start, window.end),
            sa.and_(is_closed, V.closed_on >= window.start),
        ),
        sa.or_(V.owner_id.in_(ids), opener.in_(ids)),
    )
    schema: SchemaDict = {**shapes.CLOSED, "opener_id": pl.Int64, "is_qualified": pl.Boolean}
    rows = _with_days(statement, connection, schema, "opened_on", "closed_on")
    ended = pl.col("status").is_in(["won", "lost"]) & pl.col("closed_on").is_between(window.start, window.end)
    closed = rows.filter(ended & pl.col("person_id").is_in(ids))
    begun = pl.col("opened_on").is_between(window.start, window.end) & pl.col("opener_id").is_in(ids)
    return (
        closed.select(list(shapes.CLOSED)),
        rows.filter(begun).select("deal_id", pl.col("opener_id").alias("person_id"), "opened_on"),
        closed.filter(pl.col("is_qualified").is_not_null()).select(list(shapes.STAGES)),
    )


def _beyond_the_first_stage(known_on: dt.date, as_of: dt.date) -> sa.ColumnElement[bool | None]:
    """Whether the deal of a row of deal_version was seen in several open stages; null without a stage history."""
    return (
        sa.select(sa.func.min(E.stage) != sa.func.max(E.stage))
        .where(E.deal_id == V.deal_id, E.status == "open", E.entered_on <= as_of, known_by(stage_entry, known_on))
        .scalar_subquery()
    )


def _steps(connection: sa.Connection, ids: list[int], window: Period, as_of: dt.date) -> pl.DataFrame:
    """shapes.STEPS of exports up to ``as_of`` that hold a column of next steps; none from before the first export."""
    runs = import_run.c
    telling = sa.select(runs.id).where(
        runs.kind == "deals", runs.published_at.is_not(None), runs.provided.contains('"next_step"')
    )
    missing = sa.case((V.next_step.is_(None), 1.0), else_=0.0)
    statement = (
        sa.select(
            V.deal_id,
            V.owner_id.label("person_id"),
            V.stage,
            sa.cast(sa.func.min(V.known_from), sa.Text).label("seen_on"),
            sa.cast(sa.func.max(V.known_from), sa.Text).label("last_on"),
            sa.func.avg(missing).label("missing_share"),
        )
        .where(
            V.status == "open",
            V.is_deleted.is_(False),
            V.owner_id.in_(ids),
            V.known_from.between(window.start, min(window.end, as_of)),
            sa.or_(V.known_to.is_(None), V.known_to > V.known_from),
            V.import_id.in_(telling),
        )
        .group_by(V.deal_id, V.owner_id, V.stage)
    )
    return _with_days(statement, connection, shapes.STEPS, "seen_on", "last_on")


def _with_days(statement: sa.Select[Any], connection: sa.Connection, schema: SchemaDict, *days: str) -> pl.DataFrame:
    """The rows of a statement that gives ``days`` as text."""
    read = {**schema, **dict.fromkeys(days, pl.String)}
    rows = pl.read_database(statement, connection, schema_overrides=read)
    return rows.with_columns(pl.col(name).str.head(10).str.to_date("%Y-%m-%d") for name in days)


def _activities(connection: sa.Connection, ids: list[int], window: Period, as_of: dt.date) -> pl.DataFrame:
    """shapes.ACTIVITIES of the last 13 weeks."""
    known = knowledge(connection, "activities", as_of)
    middle = window.end - dt.timedelta(days=45)
    block = sa.case((A.happens_on > middle, 0), else_=1)
    statement = (
        sa.select(A.person_id, block.label("block"), sa.func.count().label("done_count"))
        .where(
            version_on(activity, known.known_on),
            A.is_planned.is_(False),
            A.happens_on.between(window.end - dt.timedelta(days=90), window.end),
            A.person_id.in_(ids),
        )
        .group_by(A.person_id, block)
    )
    return pl.read_database(statement, connection, schema_overrides=shapes.ACTIVITIES)


# ---- What they know and can ------------------------------------------------------------------------------------------


def _gaps(connection: sa.Connection, ids: list[int], as_of: dt.date, time_zone: str) -> pl.DataFrame:
    """shapes.GAPS written down by the end of ``as_of``; no word of them."""
    after = end_of_day(as_of, time_zone)
    still = sa.or_(G.closed_at.is_(None), G.closed_at >= after)
    statement = sa.select(G.rep_id, G.id.label("gap_id"), G.noted_at, still.label("is_open")).where(
        G.noted_at < after, G.rep_id.in_(ids)
    )
    schema: SchemaDict = {
        "rep_id": pl.Int64,
        "gap_id": pl.Int64,
        "noted_at": pl.Datetime("us", "UTC"),
        "is_open": pl.Boolean,
    }
    rows = pl.read_database(statement, connection, schema_overrides=schema)
    day = pl.col("noted_at").dt.convert_time_zone(time_zone).dt.date()
    return rows.select(pl.col("rep_id").alias("person_id"), "gap_id", day.alias("noted_on"), "is_open")


def _levels(connection: sa.Connection, ids: list[int], as_of: dt.date, report: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """shapes.LEVELS whose last score is recent, in the order of the scorecard. ``report``: the operator's."""
    reliability = report["agreement"]["reliability"][0]
    error = (1 - reliability) * pl.col("score_deviation") ** 2 / pl.col("level_n")
    recent = pl.col("last_on") >= as_of - dt.timedelta(days=OLDEST_LEVEL_DAYS)
    standings = report["standings"].filter(pl.col("person_id").is_in(ids) & recent)
    named = skill_list(operator(), connection).join(standings, on="skill_id", how="inner", maintain_order="left_right")
    joined = named.join(report["spread"], on="skill_id", how="left", maintain_order="left")
    return joined.with_columns(error.alias("variance")).select(
        pl.col(name).cast(dtype) for name, dtype in shapes.LEVELS.items()
    )


def _with_scores(connection: sa.Connection, found: Diagnosis, as_of: dt.date) -> Diagnosis:
    """A diagnosis with a skill as its focus names the observations that it rests on."""
    if found.focus_kind != "skill":
        return found
    o = observation.c
    zone = str(settings(connection)["time_zone"])
    statement = (
        sa.select(o.id)
        .join(score, score.c.observation_id == o.id)
        .join(scorecard_item, scorecard_item.c.id == score.c.scorecard_item_id)
        .join(skill, skill.c.id == scorecard_item.c.skill_id)
        .where(
            o.person_id == found.rep_id,
            o.kind.in_(BY_OTHERS),
            o.observed_on <= as_of,
            o.released_at < end_of_day(as_of, zone),
            recorded_by(observation, as_of, zone),
            skill.c.slug == found.focus,
        )
        .order_by(o.observed_on.desc(), o.observed_at.desc(), o.id.desc())
        .limit(SCORES_SHOWN)
    )
    ids = connection.scalars(statement).all()
    return Diagnosis(**{**vars(found), "source_ids": tuple(f"observation:{number}" for number in ids)})
