"""The registry's numbers for reps, teams or the company: gathers narrow rows in scope and hands them to coaching."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import polars as pl
import sqlalchemy as sa
from polars._typing import SchemaDict

from coaching import frames
from coaching.attribution import NO_TEAM, team_closure
from coaching.measures import (
    FROM_ROWS_ONLY,
    HYGIENE_FIELDS,
    Evidence,
    Grouping,
    defected_accounts,
    known_keys,
    measured,
    ramp_months,
)
from coaching.metrics import metric, output_columns
from coaching.people import Role, Viewer
from coaching.periods import Period
from data_access.knowledge import knowledge, version_on
from data_access.queries.cadence import cadence_values
from data_access.queries.coaching_asked import CoachingAsked
from data_access.queries.coaching_events import coaching_events, holds_coaching
from data_access.queries.deals import (
    account_names,
    closed_deals,
    open_deals,
    opened_deals,
)
from data_access.queries.facts import facts, facts_speak_for
from data_access.queries.people import all_teams, home_spans, sellers, teams
from data_access.queries.quotas import quotas
from data_access.queries.skills import skill_slugs, skill_values
from data_access.queries.stalling import stage_times
from data_access.settings import calendar_of, company_calendar, minor_digits, settings
from data_access.tables import activity, deal_version, import_run, stage_entry

SINCE_EVER = dt.date(1, 1, 1)
UNASSIGNED = "unassigned"
ROWS = {"row_id": pl.Int64, "id": pl.String, "name": pl.String, "parent_id": pl.String}


def metric_values(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    by: str,
    keys: list[str],
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    every: str | None = None,
    team_id: int | None = None,
    rep_ids: list[int] | None = None,
    spans: list[Period] | None = None,
) -> pl.DataFrame:
    """One row per rep, team or company and period: row_id, id, name, parent_id, period_start and the metrics.

    Money in major units, shares 0..1, null = no data; counted shares with _low, _high and _n. Flows count from
    ``start`` to ``end`` (both included), stocks hold at the earlier of a period's end and ``as_of``. ``team_id`` limits
    to that team and those below it; ``rep_ids`` to some reps; ``spans`` = these periods, one right after the other,
    instead of those that ``every`` makes. Raises KeyError for an unknown metric, ValueError for an
    unknown grouping or a period that ends before it starts. An empty frame where nothing is in scope.
    """
    keys = known_keys(keys)
    skills = skill_slugs(viewer, connection)
    for key in keys:
        slug = key.partition(":")[2]
        if slug and slug not in skills:
            raise KeyError(f"There is no skill '{slug}'. Known: {', '.join(skills)}")
    if by not in {"rep", "team", "company"}:
        raise ValueError(f"'{by}' is none of rep, team, company")
    values = settings(connection)
    calendar = calendar_of(values)
    whole = Period(start, end)
    periods = spans or (list(whole.split(every, calendar)) if every else [whole])
    grouping = _grouping(viewer, connection, by, min(end, as_of), as_of, today, team_id, rep_ids)
    digits = minor_digits(values["reporting_currency"])
    crm = [key for key in keys if metric(key).source == "crm"]
    # Without a figure of the CRM there is no need to read its facts.
    evidence = _evidence(viewer, connection, set(crm), grouping, periods, as_of, today, rep_ids) if crm else Evidence()
    table = measured(crm, grouping, periods, evidence, as_of, 10**digits)
    for source, values_of in COACHING_SOURCES.items():
        wanted = [key for key in keys if metric(key).source == source]
        if wanted:
            asked = CoachingAsked(wanted, grouping, periods, as_of, today, rep_ids)
            part = values_of(viewer, connection, asked)
            table = table.join(part, on=["row_id", "period_start"], how="left", maintain_order="left")
    return table.select(*ROWS, "period_start", *output_columns(keys))


COACHING_SOURCES = {"cadence": cadence_values, "skills": skill_values}
"""Who computes the figures that come from recorded coaching: frames with row_id, period_start and the columns."""


def _grouping(
    viewer: Viewer,
    connection: sa.Connection,
    by: str,
    at: dt.date,
    as_of: dt.date,
    today: dt.date,
    team_id: int | None,
    rep_ids: list[int] | None,
) -> Grouping:
    if by == "rep":
        return Grouping("rep", _rep_rows(viewer, connection, at, as_of, today, team_id, rep_ids))
    if not viewer.sees_teams:
        return Grouping(by, pl.DataFrame(schema=ROWS))
    homes = home_spans(viewer, connection, as_of, today)
    tree = teams(viewer, connection, at, today)
    everything = viewer.role in {Role.OPERATOR, Role.EXECUTIVE}
    if by == "company":
        company = pl.DataFrame(
            {"row_id": [0], "id": ["company"], "name": ["Company"], "parent_id": [None]}, schema=ROWS
        )
        if everything and team_id is None:
            return Grouping("company", company)
        inside = _closure(connection, viewer, at, today, tree)
        if team_id is not None:
            inside = inside.filter(pl.col("row_id") == team_id)
        only = inside.select(pl.lit(0, pl.Int64).alias("row_id"), "team_id").unique()
        return Grouping("company", company, homes, only)
    closure = _closure(connection, viewer, at, today, tree)
    rows = _team_rows(tree)
    if team_id is not None:
        below = closure.filter(pl.col("row_id") == team_id)["team_id"].to_list()
        rows = rows.filter(pl.col("row_id").is_in(below))
    elif viewer.role is Role.OPERATOR:
        nobody = {"row_id": [NO_TEAM], "id": [UNASSIGNED], "name": ["Unassigned"], "parent_id": [None]}
        rows = pl.concat([rows, pl.DataFrame(nobody, schema=ROWS)])
        closure = pl.concat([closure, pl.DataFrame({"row_id": [NO_TEAM], "team_id": [NO_TEAM]}, schema=closure.schema)])
    return Grouping("team", rows, homes, closure)


def _closure(
    connection: sa.Connection, viewer: Viewer, at: dt.date, today: dt.date, shown: pl.DataFrame
) -> pl.DataFrame:
    """Every shown team with all teams below it, the ones not shown by themselves included."""
    whole = team_closure(all_teams(viewer, connection, at, today))
    return whole.filter(pl.col("row_id").is_in(shown["team_id"].to_list()))


def _team_rows(tree: pl.DataFrame) -> pl.DataFrame:
    parents = tree.select(pl.col("team_id").alias("parent_id"), pl.col("external_id").alias("parent_external"))
    return tree.join(parents, on="parent_id", how="left", maintain_order="left").select(
        pl.col("team_id").alias("row_id"),
        pl.col("external_id").alias("id"),
        "name",
        pl.col("parent_external").alias("parent_id"),
    )


def _rep_rows(
    viewer: Viewer,
    connection: sa.Connection,
    at: dt.date,
    as_of: dt.date,
    today: dt.date,
    team_id: int | None,
    rep_ids: list[int] | None,
) -> pl.DataFrame:
    frame = sellers(viewer, connection, as_of, today)
    if rep_ids is not None:
        frame = frame.filter(pl.col("person_id").is_in(rep_ids))
    if team_id is not None:
        frame = frame.filter(pl.col("person_id").is_in(_members(viewer, connection, team_id, at, as_of, today)))
    return frame.select(
        pl.col("person_id").alias("row_id"),
        pl.coalesce("external_id", "name").alias("id"),
        "name",
        pl.lit(None, pl.String).alias("parent_id"),
    )


def _members(
    viewer: Viewer, connection: sa.Connection, team_id: int, at: dt.date, as_of: dt.date, today: dt.date
) -> list[int]:
    """People whose home team on ``at`` is ``team_id`` or below it."""
    tree = teams(viewer, connection, at, today)
    if team_id not in tree["team_id"].to_list():
        return []
    below = _closure(connection, viewer, at, today, tree).filter(pl.col("row_id") == team_id)["team_id"].to_list()
    homes = home_spans(viewer, connection, as_of, today)
    now = (pl.col("starts_on") <= at) & (pl.col("ends_on").is_null() | (pl.col("ends_on") > at))
    return homes.filter(now & pl.col("team_id").is_in(below))["person_id"].to_list()


def _evidence(
    viewer: Viewer,
    connection: sa.Connection,
    keys: set[str],
    grouping: Grouping,
    periods: list[Period],
    as_of: dt.date,
    today: dt.date,
    rep_ids: list[int] | None,
) -> Evidence:
    start, end = periods[0].start, periods[-1].end
    totals = grouping.by != "rep" or viewer.role is Role.OPERATOR
    who: dict[str, Any] = {"today": today, "for_totals": totals, "rep_ids": rep_ids}
    span: dict[str, Any] = {"start": start, "end": end, "as_of": as_of}
    whole, parts = _by_facts(viewer, connection, keys, start, min(end, as_of), as_of)
    in_facts = frames.empty(frames.FACTS)
    if whole:
        in_facts = facts(viewer, connection, start=whole.start, end=whole.end, by_atom=len(periods) > 1, **who)
    closed = _over(closed_deals, frames.CLOSED_DEALS, viewer, connection, parts, as_of, who)
    needs_open = bool(keys & OPEN_KEYS)
    moments = sorted({min(period.end, as_of) for period in periods})
    standing = (
        open_deals(viewer, connection, start=moments[0], end=moments[-1], as_of=as_of, described=False, **who)
        if needs_open
        else frames.empty({**frames.OPEN_DEALS, "since_on": pl.Date, "until_on": pl.Date})
    )
    empty = Evidence()
    year_closed, year_facts = empty.year_closed, empty.year_facts
    if "needed_coverage" in keys:
        year_closed, year_facts = _year_before(viewer, connection, moments, as_of, who)
    ages = {"days_since_last_session", "days_since_last_observation"}
    return Evidence(
        closed=closed,
        opened=_over(opened_deals, frames.OPENED_DEALS, viewer, connection, parts, as_of, who)
        if keys & OPENED_KEYS
        else empty.opened,
        facts=in_facts,
        open=standing,
        quotas=quotas(viewer, connection, **span, **who) if keys & QUOTA_KEYS else empty.quotas,
        year_closed=year_closed,
        year_facts=year_facts,
        forecast=_forecast(viewer, connection, periods, as_of, who) if "slipped_share" in keys else _no_forecast(),
        stalled=_stalled(viewer, connection, standing, moments, as_of, today)
        if "stalled_count" in keys
        else empty.stalled,
        accounts=_defected(viewer, connection, moments[-1], as_of, who) if "accounts_lost" in keys else empty.accounts,
        ramps=_ramps(viewer, connection, moments[-1], as_of, who) if "ramp_months" in keys else empty.ramps,
        sessions=coaching_events(
            viewer,
            connection,
            start=SINCE_EVER if keys & ages else start,
            end=min(end, as_of),
            as_of=as_of,
            today=today,
            for_totals=totals,
        )
        if keys & SESSION_KEYS
        else empty.sessions,
        known=_known(viewer, connection, as_of),
    )


def _by_facts(
    viewer: Viewer, connection: sa.Connection, keys: set[str], start: dt.date, end: dt.date, as_of: dt.date
) -> tuple[Period | None, list[Period]]:
    """The span that facts answer for, and the days that rows have to. Facts know the latest and only sums."""
    if end < start:
        return None, []
    span = Period(start, end)
    if keys & FROM_ROWS_ONLY or not facts_speak_for(viewer, connection, as_of):
        return None, [span]
    return span.without_atoms(company_calendar(connection))


def _over(
    read: Callable[..., pl.DataFrame],
    schema: SchemaDict,
    viewer: Viewer,
    connection: sa.Connection,
    spans: list[Period],
    as_of: dt.date,
    who: dict[str, Any],
) -> pl.DataFrame:
    """The rows of several spans of days."""
    found = [read(viewer, connection, start=s.start, end=s.end, as_of=as_of, **who) for s in spans]
    return pl.concat([frames.empty(schema), *found])


OPEN_KEYS = {
    "open_count",
    "open_pipeline",
    "open_without_amount_count",
    "pipeline_coverage",
    "sales_velocity",
    "stalled_count",
    "crm_hygiene",
}
OPENED_KEYS = {"opened_count", "pipeline_generated"}
QUOTA_KEYS = {"quota", "quota_attainment", "at_quota_share", "gap_to_quota", "gap_to_date", "pipeline_coverage"}
SESSION_KEYS = {"session_count", "observation_count", "days_since_last_session", "days_since_last_observation"}


def _year_before(
    viewer: Viewer, connection: sa.Connection, moments: list[dt.date], as_of: dt.date, who: dict[str, Any]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Deals closed in the 365 days up to the moments: rows, and for a single moment facts for the whole atoms."""
    start = max(SINCE_EVER + dt.timedelta(days=364), moments[0]) - dt.timedelta(days=364)
    whole, parts = None, [Period(start, moments[-1])]
    if len(moments) == 1:
        whole, parts = _by_facts(viewer, connection, set(), start, moments[-1], as_of)
    inside = frames.empty(frames.FACTS)
    if whole:
        inside = facts(viewer, connection, start=whole.start, end=whole.end, by_atom=False, **who)
    return _over(closed_deals, frames.CLOSED_DEALS, viewer, connection, parts, as_of, who), inside


def _no_forecast() -> pl.DataFrame:
    return frames.empty({**frames.OPEN_DEALS, "period_start": pl.Date})


def _forecast(
    viewer: Viewer, connection: sa.Connection, periods: list[Period], as_of: dt.date, who: dict[str, Any]
) -> pl.DataFrame:
    """What was to close in each period as known at its start; nothing where no export is that old."""
    parts = [_no_forecast()]
    for period in periods:
        if period.start > as_of or knowledge(connection, "deals", period.start).is_rebuilt:
            continue
        rows = open_deals(
            viewer,
            connection,
            start=period.start,
            end=period.start,
            as_of=period.start,
            **who,
        )
        due = rows.filter(pl.col("expected_close_on").is_between(period.start, period.end))
        parts.append(due.select(list(frames.OPEN_DEALS)).with_columns(pl.lit(period.start).alias("period_start")))
    return pl.concat(parts)


def _stalled(
    viewer: Viewer,
    connection: sa.Connection,
    standing: pl.DataFrame,
    moments: list[dt.date],
    as_of: dt.date,
    today: dt.date,
) -> pl.DataFrame:
    times = stage_times(viewer, connection, as_of=as_of, today=today)
    parts = [pl.DataFrame(schema={"deal_id": pl.Int64, "at": pl.Date})]
    for at in moments:
        inside = (pl.col("since_on") <= at) & (pl.col("until_on").is_null() | (pl.col("until_on") > at))
        found = times.stalled(standing.filter(inside), at)
        parts.append(found.select("deal_id", pl.lit(at).alias("at")))
    return pl.concat(parts)


def _defected(
    viewer: Viewer, connection: sa.Connection, at: dt.date, as_of: dt.date, who: dict[str, Any]
) -> pl.DataFrame:
    """Accounts lost by ``at`` with their names, as frames.ACCOUNTS_LOST; a moment's stock, so only the last one."""
    everything: dict[str, Any] = {**who, "rep_ids": None}
    closed = closed_deals(viewer, connection, start=SINCE_EVER, end=at, as_of=as_of, **everything)
    standing = open_deals(viewer, connection, start=at, end=at, as_of=as_of, described=False, **everything)
    still = standing.filter(pl.col("until_on").is_null() | (pl.col("until_on") > at))
    rows = defected_accounts(closed, still, at)
    names = account_names(viewer, connection, rows["account_id"].to_list())
    return rows.with_columns(
        pl.col("account_id").replace_strict(names, default=None, return_dtype=pl.String).alias("account_name"),
        pl.col("why").alias("reason"),
    ).select(list(frames.ACCOUNTS_LOST))


def _ramps(viewer: Viewer, connection: sa.Connection, at: dt.date, as_of: dt.date, who: dict[str, Any]) -> pl.DataFrame:
    targets = quotas(viewer, connection, start=SINCE_EVER, end=at, as_of=as_of, **who)
    starters = targets.select("person_id", "started_on").unique("person_id").sort("person_id")
    closed = closed_deals(viewer, connection, start=SINCE_EVER, end=at, as_of=as_of, **who)
    return ramp_months(closed.filter(pl.col("status") == "won"), targets, starters, at)


def _known(viewer: Viewer, connection: sa.Connection, as_of: dt.date) -> frozenset[str]:
    """What the data holds at all, as known on ``as_of``: decides whether "none" may be shown as 0."""
    known = knowledge(connection, "deals", as_of)
    v = deal_version.c
    held = sa.and_(version_on(deal_version, known.known_on), v.is_deleted.is_(False))
    closed = sa.and_(held, v.closed_on <= as_of)
    tests = {
        "deals": sa.select(v.id).where(held),
        "lost_amounts": sa.select(v.id).where(closed, v.status == "lost", v.reporting_amount.is_not(None)),
        "account_names": sa.select(v.id).where(held, v.account_id.is_not(None)),
    }
    if not known.is_rebuilt:
        tests["open_amounts"] = sa.select(v.id).where(held, v.status == "open", v.reporting_amount.is_not(None))
    found = {name for name, test in tests.items() if connection.execute(test.limit(1)).first()}
    if _holds_history(connection, as_of):
        found.add("stages_or_activities")
    if _provided(connection, known.known_on) >= HYGIENE_FIELDS and not known.is_rebuilt:
        found.add("hygiene_fields")
    return frozenset(found) | holds_coaching(viewer, connection, as_of)


def _holds_history(connection: sa.Connection, as_of: dt.date) -> bool:
    for kind, table in (("stage-history", stage_entry), ("activities", activity)):
        known = knowledge(connection, kind, as_of)
        test = sa.select(table.c.id).where(table.c.known_from <= known.known_on).limit(1)
        if connection.execute(test).first():
            return True
    return False


def _provided(connection: sa.Connection, known_on: dt.date) -> frozenset[str]:
    """Plain columns that deals exports up to ``known_on`` brought along."""
    rows = connection.scalars(
        sa.select(import_run.c.provided).where(
            import_run.c.kind == "deals", import_run.c.published_at.is_not(None), import_run.c.as_of <= known_on
        )
    )
    return frozenset(name for text in rows if text for name in json.loads(text))
