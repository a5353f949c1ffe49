"""What the rules of attention read, gathered once per kind of row for everybody in view, and what a viewer put off.

Only for those who coach: others get empty frames. Everything is as known on the as-of date.
"""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.attention import cases as shapes
from coaching.attention import weighing
from coaching.attention.cases import Around, cases, middle_quarter
from coaching.attention.levels import moved, skill_rows
from coaching.attention.order import KNOWN, PEOPLE, SNOOZES, Weights, people
from coaching.attention.rules import ALERTS, BY_KEY, alerts
from coaching.attention.selling import earlier_day
from coaching.cadence import ONE_ON_ONES, cadence_on, is_expected
from coaching.cadence_view import last_full_quarter, standing
from coaching.measures import DEFECTED_DAYS, defected_accounts
from coaching.people import Role, Viewer
from coaching.periods import Calendar, Period, add_months
from data_access.knowledge import end_of_day, knowledge, recorded_by, version_on
from data_access.queries import cadence as cadence_queries
from data_access.queries import plans as plan_queries
from data_access.queries import skills as skill_queries
from data_access.queries.coaching_events import holds_coaching
from data_access.queries.deals import account_names, closed_deals, deal_names, open_deals
from data_access.queries.measures import metric_values
from data_access.queries.objective_verdicts import objective_verdicts
from data_access.queries.onboarding import newcomers
from data_access.queries.stalling import WonTimes, stage_times
from data_access.scope import operator, reps_in_scope
from data_access.settings import calendar_of, minor_digits, settings
from data_access.tables import (
    alert_snooze,
    audit_entry,
    commitment,
    deal_version,
    person,
    resistance_step,
    session,
    shadowed_cycle,
    shadowed_stage,
    trigger_use,
)

SINCE_EVER = dt.date(1, 1, 1)
YEAR = dt.timedelta(days=364)
MONTHS_BACK = 12
NEWCOMER_DAYS = 365
PRAISE = ("praise", "recognition")
WAITING_DAYS = 60
"""Planned sessions and promises that are older are no longer what is waited for."""
CHANGE_SETTING = "change setting"
"""What the audit trail calls it."""
UNDO = dt.timedelta(hours=24)
"""So long what was put off is told with the way back."""
MOST_IDS = 30_000
"""So many ids are named one by one; beyond that the scope is asked for as a whole."""

NOW_KEYS = [
    "won_amount",
    "quota",
    "quota_attainment",
    "gap_to_quota",
    "gap_to_date",
    "pipeline_coverage",
    "needed_coverage",
    "days_since_last_session",
    "days_since_last_observation",
]


def attention(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    as_of: dt.date,
    today: dt.date,
    team_id: int | None = None,
    won: WonTimes | None = None,
) -> dict[str, pl.DataFrame]:
    """What the rules find about the reps in view on a day: frames "alerts" (ALERTS), "people" (PEOPLE, by name) and
    "known" (KNOWN).

    Of everybody the viewer coaches, or of ``team_id`` and below. Oneself is not in view, nor is who has left. Nobody
    for viewers who coach nobody. ``won``: what ``stalling.won_times`` gives, for whoever has it already.
    """
    if not viewer.coaches:
        nothing = pl.DataFrame([(False, False)], schema=KNOWN, orient="row")
        return {"alerts": pl.DataFrame(schema=ALERTS), "people": pl.DataFrame(schema=PEOPLE), "known": nothing}
    ask = _asked(viewer, connection, as_of, today, team_id, won)
    facts, around = _facts(ask)
    asked = cases(facts)
    has_quotas = facts["reps"]["quota"].drop_nulls().len() > 0
    return {
        "alerts": alerts(asked, around),
        "people": people(asked, around),
        "known": pl.DataFrame([(has_quotas, around.sessions_known)], schema=KNOWN, orient="row"),
    }


def attention_weights(viewer: Viewer, connection: sa.Connection) -> Weights:
    """What the company set about the order of the list. The same for every viewer."""
    return _weights(settings(connection))


def weight_changes(viewer: Viewer, connection: sa.Connection) -> pl.DataFrame:
    """weighing.CHANGES out of the audit trail, the latest first; who did it is named to admins and coaches only."""
    a = audit_entry.c
    is_named = viewer.loads_data or viewer.coaches
    named = sa.true() if is_named else sa.false()
    statement = (
        sa.select(a.subject, a.detail, a.happened_at, sa.case((named, person.c.name)).label("name"))
        .select_from(audit_entry.outerjoin(person, person.c.id == a.actor_id))
        .where(a.action == CHANGE_SETTING, a.subject.in_([*weighing.RULE_SETTINGS, *weighing.ORDER_SETTINGS]))
        .order_by(a.id.desc())
    )
    rows = [
        (row.subject, json.dumps(told.get("value")), row.happened_at, row.name or told.get("as" if is_named else ""))
        for row in connection.execute(statement)
        for told in [json.loads(row.detail or "{}")]
    ]
    return pl.DataFrame(rows, schema=weighing.CHANGES, orient="row")


def _weights(values: dict[str, Any]) -> Weights:
    return Weights(
        values["attention_weights"], float(values["attention_neglect"]), int(values["attention_floor_weeks"])
    )


def snoozes(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date) -> pl.DataFrame:
    """SNOOZES that the viewer wrote by ``as_of`` and had not taken back by then, in order.

    Only their author reads them: neither the rep nor anybody above.
    """
    s = alert_snooze.c
    zone = calendar_of(settings(connection)).time_zone
    midnight = end_of_day(as_of, zone)
    statement = (
        sa.select(s.id, s.rule_key, s.about_id, s.reason, s.until_on, s.recorded_at)
        .where(
            s.by_id == viewer.person_id,
            s.until_on > as_of,
            s.recorded_at < midnight,
            sa.or_(s.lifted_at.is_(None), s.lifted_at >= midnight),
        )
        .order_by(s.id)
    )
    rows = []
    for row in connection.execute(statement):
        # The rule and how far the fact had gone by then: "stalled_deals:2".
        rule, _, level = row.rule_key.partition(":")
        put_off_on = row.recorded_at.astimezone(zoneinfo.ZoneInfo(zone)).date()
        rows.append((row.id, rule, int(level or 1), row.about_id, row.reason, row.until_on, put_off_on))
    return pl.DataFrame(rows, schema=SNOOZES, orient="row")


def put_off_lately(
    viewer: Viewer, connection: sa.Connection, *, now: dt.datetime, today: dt.date
) -> dict[str, Any] | None:
    """What the viewer put off last, within 24 hours, and has not taken back: snooze_id, name, rule and until_on.

    None where there is nothing of that kind, or about somebody who is out of view by now.
    """
    s = alert_snooze.c
    statement = (
        sa.select(s.id.label("snooze_id"), person.c.name, s.rule_key.label("rule"), s.until_on)
        .join(person, person.c.id == s.about_id)
        .where(
            s.by_id == viewer.person_id,
            s.about_id.in_(reps_in_scope(viewer, today)),
            s.lifted_at.is_(None),
            s.until_on > today,
            s.recorded_at > now - UNDO,
            s.recorded_at <= now,
        )
        .order_by(s.recorded_at.desc(), s.id.desc())
        .limit(1)
    )
    row = connection.execute(statement).mappings().first()
    if row is None:
        return None
    rule = row["rule"].partition(":")[0]
    return {**row, "rule": rule} if rule in BY_KEY else None


# ---- Gathering ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Asked:
    """Who asks about what day, and what every part below needs."""

    viewer: Viewer
    connection: sa.Connection
    as_of: dt.date
    today: dt.date
    team_id: int | None
    calendar: Calendar
    quarter: Period
    currency: str
    minor: int
    """Minor units in a major one."""
    weights: Weights
    won: WonTimes | None

    @property
    def who(self) -> dict[str, Any]:
        """As known when, and whose membership decides."""
        return {"as_of": self.as_of, "today": self.today}

    def known(self, table: sa.FromClause) -> sa.ColumnElement[bool]:
        """Rows that people had written down by the day."""
        return recorded_by(table, self.as_of, self.calendar.time_zone)

    def reps(self) -> sa.SelectBase:
        """Whose rows may be read at all."""
        return reps_in_scope(self.viewer, self.today)

    def values(self, keys: list[str], start: dt.date, end: dt.date, **more: Any) -> pl.DataFrame:
        """Metrics by rep."""
        asked = {"by": "rep", "team_id": self.team_id, **self.who, **more}
        return metric_values(self.viewer, self.connection, keys=keys, start=start, end=end, **asked)


def _asked(
    viewer: Viewer,
    connection: sa.Connection,
    as_of: dt.date,
    today: dt.date,
    team_id: int | None = None,
    won: WonTimes | None = None,
) -> _Asked:
    values = settings(connection)
    calendar = calendar_of(values)
    start = calendar.quarter_start(as_of)
    return _Asked(
        viewer,
        connection,
        as_of,
        today,
        team_id,
        calendar,
        Period(start, add_months(start, 3) - dt.timedelta(days=1)),
        str(values["reporting_currency"] or "USD"),
        10 ** minor_digits(values["reporting_currency"]),
        _weights(values),
        won,
    )


def _facts(ask: _Asked) -> tuple[dict[str, pl.DataFrame], Around]:
    """Frames of coaching.attention.cases and what all reps share."""
    reps = _figures(ask)
    ids = reps["rep_id"].to_list()
    parts: dict[str, pl.DataFrame] = {}
    deals, reps_deals = _deals(ask, ids)
    sessions, reps_sessions = _one_on_ones(ask, ids)
    months, reps_year = _months(ask, reps)
    parts |= deals | sessions
    for more in (reps_year, reps_deals, reps_sessions, _praised(ask), _newcomers(ask)):
        reps = reps.join(more, on="rep_id", how="left", maintain_order="left")
    reps = reps.select(pl.col(name).cast(dtype) for name, dtype in shapes.REPS.items())
    parts |= {
        "reps": reps,
        "skills": _skills(ask, ids),
        "objectives": _objectives(ask, ids),
        "plans": _plans(ask, ids),
        "promises": _promises(ask, ids),
        "months": months,
    }
    return parts, _around(ask)


def _around(ask: _Asked) -> Around:
    """What all reps share: sums of the whole company, of which no row leaves this function."""
    held = holds_coaching(ask.viewer, ask.connection, ask.as_of)
    asked: dict[str, Any] = {"start": ask.as_of - YEAR, "end": ask.as_of, **ask.who}
    whole = metric_values(
        operator(), ask.connection, by="company", keys=["needed_coverage", "win_rate_count"], **asked
    ).row(0, named=True)
    won = metric_values(operator(), ask.connection, by="rep", keys=["won_amount"], **asked)["won_amount"]
    policies = cadence_queries.policies(ask.viewer, ask.connection, as_of=ask.as_of)
    rivals, recent = _rivals(ask)
    return Around(
        ask.as_of,
        ask.quarter,
        ask.currency,
        needed_coverage=whole["needed_coverage"],
        win_rate=whole["win_rate_count"],
        closed_count=whole["win_rate_count_n"] or 0,
        usual_quarter=middle_quarter(won),
        rival_losses=rivals,
        recent_count=recent,
        sessions_known="sessions" in held,
        observations_known="observations" in held,
        cadence=cadence_on(policies, Role.REP, ask.as_of),
        floor_weeks=ask.weights.floor_weeks,
        viewer_id=ask.viewer.person_id,
    )


def _rivals(ask: _Asked) -> tuple[dict[str, int], int]:
    """Deals that the company lost to each competitor within 90 days, and all it closed, where they have an owner."""
    v = deal_version.c
    statement = (
        sa.select(sa.case((v.status == "lost", v.competitor)).label("rival"), sa.func.count())
        .where(
            version_on(deal_version, knowledge(ask.connection, "deals", ask.as_of).known_on),
            v.is_deleted.is_(False),
            v.status.in_(["won", "lost"]),
            v.closed_on.between(ask.as_of - dt.timedelta(days=shapes.LOSS_DAYS - 1), ask.as_of),
            v.owner_id.is_not(None),
        )
        .group_by("rival")
    )
    counts: dict[str | None, int] = dict(ask.connection.execute(statement).all())
    return {name: count for name, count in counts.items() if name is not None}, sum(counts.values())


def _figures(ask: _Asked) -> pl.DataFrame:
    """Of shapes.REPS the figures of the quarter, of four weeks ago, of a year and of the quarter before."""
    before = last_full_quarter(ask.as_of, ask.calendar)
    spans = [before, ask.quarter] if before != ask.quarter else [before]
    both = ask.values(NOW_KEYS, spans[0].start, spans[-1].end, spans=spans).rename({"row_id": "rep_id"})
    now = both.filter(pl.col("period_start") == ask.quarter.start).drop("id", "parent_id", "period_start")
    attained = both.filter(pl.col("period_start") == before.start).select(
        "rep_id", pl.col("quota_attainment").alias("last_quarter_attainment")
    )
    on = earlier_day(ask.as_of, ask.quarter.start, shapes.WEEKS_BACK)
    earlier = ask.values(["gap_to_date", "won_amount"], ask.quarter.start, ask.quarter.end, as_of=on).select(
        pl.col("row_id").alias("rep_id"),
        pl.col("gap_to_date").alias("earlier_gap"),
        pl.col("won_amount").alias("earlier_won"),
        pl.lit(on, pl.Date).alias("earlier_on"),
    )
    for part in (attained, earlier):
        now = now.join(part, on="rep_id", how="left", maintain_order="left")
    dated = cadence_queries.dated_sellers(ask.viewer, ask.connection, **ask.who)
    here = dated.filter(
        (pl.col("started_on").is_null() | (pl.col("started_on") <= ask.as_of))
        & (pl.col("left_on").is_null() | (pl.col("left_on") >= ask.as_of))
        & (pl.col("person_id") != ask.viewer.person_id)
    ).select(pl.col("person_id").alias("rep_id"), "started_on")
    return now.join(here, on="rep_id", how="inner", maintain_order="left")


def _months(ask: _Asked, reps: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """shapes.MONTHS from the rep's first whole month, and the first in which they won anything, on; and per rep what
    those months and the running one add up to.
    """
    month = ask.as_of.replace(day=1)
    first = add_months(month, -MONTHS_BACK)
    values = ask.values(["won_amount", "won_count", "lost_count"], first, ask.as_of, every="month")
    rows = values.rename({"row_id": "rep_id", "period_start": "month"}).sort("rep_id", "month")
    counts = pl.col("won_count").sum(), pl.col("lost_count").sum()
    year = rows.group_by("rep_id", maintain_order=True).agg(
        pl.col("won_amount").sum().alias("year_won"),
        counts[0].alias("year_won_count"),
        (counts[0] + counts[1]).alias("year_closed_count"),
    )
    share = pl.when(pl.col("year_closed_count") > 0).then(pl.col("year_won_count") / pl.col("year_closed_count"))
    begun = (pl.col("won_amount").fill_null(0.0) > 0).cum_sum().over("rep_id") > 0
    whole = (
        rows.filter(pl.col("month") < month)
        .join(reps.select("rep_id", "started_on"), on="rep_id", how="inner", maintain_order="left")
        .filter(pl.col("started_on").is_null() | (pl.col("month") >= pl.col("started_on")))
        .filter(begun)
        .select(list(shapes.MONTHS))
    )
    return whole, year.with_columns(share.alias("year_win_rate"))


# ---- Deals -------------------------------------------------------------------------------------------------------


def _deals(ask: _Asked, ids: list[int]) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Frames "deals" and "accounts", and per rep the columns that are counts of deals."""
    at = ask.as_of
    # Another rep's later deal keeps a customer, so all deals in the viewer's sight are looked at.
    standing_all = open_deals(ask.viewer, ask.connection, start=at, end=at, for_totals=True, **ask.who)
    standing_all = standing_all.filter(pl.col("until_on").is_null() | (pl.col("until_on") > at))
    closed = closed_deals(ask.viewer, ask.connection, start=SINCE_EVER, end=at, for_totals=True, **ask.who)
    mine = pl.col("owner_id").is_in(ids)
    standing = standing_all.filter(mine)
    counts = standing.group_by(pl.col("owner_id").alias("rep_id")).agg(
        pl.len().cast(pl.Int64).alias("open_count"),
        pl.col("expected_close_on").is_not_null().sum().cast(pl.Int64).alias("dated_count"),
    )
    closed_mine = closed.filter(mine)
    lost = _lost(ask, closed_mine)
    deals = pl.concat([*_standing_still(ask, standing), lost]).sort(
        "rep_id", "amount", "deal_id", descending=[False, True, False], nulls_last=True
    )
    frames_of_deals = {"deals": deals, "accounts": _accounts(ask, closed, standing_all, ids)}
    since = ask.as_of - dt.timedelta(days=shapes.LOSS_DAYS - 1)
    recent = (
        closed_mine.filter(pl.col("closed_on") >= since)
        .group_by(pl.col("owner_id").alias("rep_id"))
        .agg(pl.len().cast(pl.Int64).alias("recent_count"))
    )
    for part in (recent, _best_wins(ask, closed_mine)):
        counts = counts.join(part, on="rep_id", how="full", coalesce=True)
    return frames_of_deals, counts


def _as_deals(rows: pl.DataFrame, kind: str, since_days: pl.Expr, ask: _Asked) -> pl.DataFrame:
    named = {"rep_id": pl.col("owner_id"), "kind": pl.lit(kind), "amount": pl.col("amount") / ask.minor}
    columns = [named.get(name, pl.col(name)).alias(name) for name in shapes.DEALS if name != "since_days"]
    return rows.select(*columns, since_days.alias("since_days")).select(
        pl.col(name).cast(dtype) for name, dtype in shapes.DEALS.items()
    )


def _standing_still(ask: _Asked, standing: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Stalled deals, and of the others those past the day they were to close on."""
    asked = standing["deal_id"].to_list()
    times = stage_times(
        ask.viewer,
        ask.connection,
        deal_ids=asked if len(asked) <= MOST_IDS else None,
        won=ask.won,
        **ask.who,
    ).stalled(standing, ask.as_of)
    stalled = standing.join(times, on="deal_id", how="inner", maintain_order="left")
    in_stage = pl.when(pl.col("why") == "stage").then(pl.col("days_in_stage")).otherwise(pl.col("idle_days"))
    late = standing.join(times, on="deal_id", how="anti", maintain_order="left").filter(
        pl.col("expected_close_on") < ask.as_of
    )
    days = (pl.lit(ask.as_of) - pl.col("expected_close_on")).dt.total_days()
    return _as_deals(stalled, "stalled", in_stage, ask), _as_deals(late, "slipped", days, ask)


def _lost(ask: _Asked, closed: pl.DataFrame) -> pl.DataFrame:
    """Deals of the last 90 days that went to a named competitor."""
    since = ask.as_of - dt.timedelta(days=shapes.LOSS_DAYS - 1)
    lost = closed.filter(
        (pl.col("status") == "lost") & pl.col("competitor").is_not_null() & (pl.col("closed_on") >= since)
    )
    titles = deal_names(ask.viewer, ask.connection, lost["deal_id"].to_list())
    named = lost.with_columns(
        pl.col("deal_id").replace_strict(titles, default=None, return_dtype=pl.String).alias("name"),
        pl.lit(None, pl.String).alias("account_name"),
    )
    days = (pl.lit(ask.as_of) - pl.col("closed_on")).dt.total_days()
    return _as_deals(named, "lost_to_competitor", days, ask)


def _best_wins(ask: _Asked, closed: pl.DataFrame) -> pl.DataFrame:
    """Per rep the largest win of a year, if no other was as large, and how many had an amount."""
    won = closed.filter(
        (pl.col("status") == "won") & pl.col("amount").is_not_null() & (pl.col("closed_on") >= ask.as_of - YEAR)
    ).sort("owner_id", "amount", "deal_id", descending=[False, True, False])
    second = pl.col("amount").get(1, null_on_oob=True)
    best = won.group_by(pl.col("owner_id").alias("rep_id"), maintain_order=True).agg(
        pl.col("deal_id").first().alias("best_win_id"),
        pl.col("closed_on").first().alias("best_win_on"),
        (pl.col("amount").first() / ask.minor).alias("best_win_amount"),
        (pl.col("amount").first() > second.fill_null(-1)).alias("is_alone"),
        pl.len().cast(pl.Int64).alias("priced_win_count"),
    )
    best = best.filter(pl.col("is_alone")).drop("is_alone")
    titles = deal_names(ask.viewer, ask.connection, best["best_win_id"].to_list())
    return best.with_columns(
        pl.col("best_win_id").replace_strict(titles, default=None, return_dtype=pl.String).alias("best_win_name")
    )


def _accounts(ask: _Asked, closed: pl.DataFrame, standing: pl.DataFrame, ids: list[int]) -> pl.DataFrame:
    """shapes.ACCOUNTS of customers that were lost within 90 days, by rep."""
    # With a deal still open the customer is in play, whatever became of the last one.
    in_play = standing["account_id"].drop_nulls().unique().to_list()
    gone = defected_accounts(closed, standing, ask.as_of).filter(
        pl.col("owner_id").is_in(ids) & ~pl.col("account_id").is_in(in_play)
    )
    quiet = pl.col("why") == "quiet"
    gone = gone.with_columns(
        pl.when(quiet).then(pl.col("lost_on") + pl.duration(days=DEFECTED_DAYS)).otherwise("lost_on").alias("gone_on"),
        pl.when(quiet).then(None).otherwise(pl.col("competitor")).alias("competitor"),
    ).filter(pl.col("gone_on") > ask.as_of - dt.timedelta(days=shapes.LOSS_DAYS))
    wins = (
        closed.filter(pl.col("status") == "won").group_by("account_id").agg(pl.len().cast(pl.Int64).alias("won_count"))
    )
    names = account_names(ask.viewer, ask.connection, gone["account_id"].to_list())
    return (
        gone.join(wins, on="account_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("owner_id").alias("rep_id"),
            pl.col("account_id").replace_strict(names, default=None, return_dtype=pl.String).alias("account_name"),
            (pl.col("last_won_amount") / ask.minor).alias("last_won_amount"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in shapes.ACCOUNTS.items())
        .sort("rep_id", "last_won_amount", "account_id", descending=[False, True, False], nulls_last=True)
    )


# ---- One-on-ones, praise, onboarding -----------------------------------------------------------------------------


def _one_on_ones(ask: _Asked, ids: list[int]) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Frame "sessions", and per rep how they stand with the cadence, as the cadence page tells it."""
    since = ask.as_of - YEAR
    found = cadence_queries.slots_in_view(
        ask.viewer, ask.connection, start=since, end=ask.as_of, team_id=ask.team_id, **ask.who
    )
    inside = pl.col("person_id").is_in(ids)
    everybody, slots, sessions = (found[name].filter(inside) for name in ("people", "slots", "sessions"))
    stands = standing(everybody, slots, sessions, ask.as_of)
    ones = sessions.filter(pl.col("kind").is_in(ONE_ON_ONES))
    last = (
        ones.filter(pl.col("status") == "held")
        .sort("held_on", "session_id")
        .group_by("person_id", maintain_order=True)
        .agg(pl.col("session_id").last().alias("last_session_id"))
    )
    missed_in_a_row = pl.col("met_on").is_null().cast(pl.Int64).reverse().cum_prod().sum()
    counted = (
        slots.filter(is_expected())
        .sort("person_id", "starts_on")
        .group_by("person_id", maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("slot_count"), missed_in_a_row.cast(pl.Int64).alias("missed_count"))
    )
    rows = stands.join(everybody.select("person_id", "last_on"), on="person_id", how="left")
    for part in (last, counted):
        rows = rows.join(part, on="person_id", how="left")
    waiting = (
        ones.filter(
            (pl.col("status") == "planned")
            & (pl.col("on") < ask.as_of)
            & (pl.col("on") >= ask.as_of - dt.timedelta(days=WAITING_DAYS))
        )
        .select(pl.col("person_id").alias("rep_id"), "session_id", pl.col("on").alias("planned_on"))
        .sort("rep_id", "planned_on", "session_id")
    )
    return {"sessions": waiting}, rows.rename({"person_id": "rep_id"})


def _praised(ask: _Asked) -> pl.DataFrame:
    """rep_id and praised_on: when praise or recognition was last noted."""
    used = trigger_use.c
    statement = (
        sa.select(used.rep_id, sa.func.max(used.used_on).label("praised_on"))
        .where(
            used.rep_id.in_(ask.reps()),
            used.trigger.in_(PRAISE),
            used.used_on <= ask.as_of,
            sa.or_(used.session_id.is_(None), used.session_id.in_(sa.select(session.c.id).where(ask.known(session)))),
        )
        .group_by(used.rep_id)
    )
    return pl.read_database(statement, ask.connection, schema_overrides={"rep_id": pl.Int64, "praised_on": pl.Date})


def _newcomers(ask: _Asked) -> pl.DataFrame:
    """Per newcomer how far onboarding is; nobody where the company notes no shadowed stages at all."""
    schema = {name: shapes.REPS[name] for name in _ONBOARDING}
    cycle, stage = shadowed_cycle.c, shadowed_stage.c
    if ask.connection.execute(sa.select(stage.id).where(stage.seen_on <= ask.as_of).limit(1)).first() is None:
        return pl.DataFrame(schema=schema)
    since = ask.as_of - dt.timedelta(days=NEWCOMER_DAYS)
    found = newcomers(ask.viewer, ask.connection, since=since, **ask.who)
    statement = (
        sa.select(
            cycle.rep_id,
            sa.func.max(stage.seen_on).label("last_stage_on"),
            sa.func.max(cycle.id).label("last_cycle_id"),
        )
        .join(shadowed_stage, stage.shadowed_cycle_id == cycle.id)
        .where(cycle.rep_id.in_(ask.reps()), stage.seen_on <= ask.as_of)
        .group_by(cycle.rep_id)
    )
    last = pl.read_database(
        statement,
        ask.connection,
        schema_overrides={"rep_id": pl.Int64, "last_stage_on": pl.Date, "last_cycle_id": pl.Int64},
    )
    return (
        found.select(
            pl.col("person_id").alias("rep_id"),
            pl.col("complete_count").alias("cycle_count"),
            "stage_count",
            pl.col("signed_at").is_not_null().alias("is_signed_off"),
        )
        .join(last, on="rep_id", how="left", maintain_order="left")
        .select(list(schema))
    )


_ONBOARDING = ("rep_id", "cycle_count", "stage_count", "is_signed_off", "last_stage_on", "last_cycle_id")


# ---- Skills, objectives, plans, promises -------------------------------------------------------------------------


def _skills(ask: _Asked, ids: list[int]) -> pl.DataFrame:
    """shapes.SKILLS that a rule may speak of, with the observations behind the present level."""
    days = [ask.as_of, ask.as_of - dt.timedelta(days=shapes.BEFORE_DAYS)]
    (now, before), spread, reliability = skill_queries.plain_standings(ask.viewer, ask.connection, days=days, **ask.who)
    skills = skill_queries.skill_list(ask.viewer, ask.connection)
    rows = skill_rows(
        now.filter(pl.col("person_id").is_in(ids)),
        before,
        dict(spread.drop_nulls().iter_rows()),
        reliability,
        skills,
    )
    found = moved(rows)
    if found.is_empty():
        return found
    skill_ids = skills.filter(pl.col("slug").is_in(found["skill"].to_list()))["skill_id"].to_list()
    scores = skill_queries.scores_of(
        ask.viewer, ask.connection, rep_ids=found["rep_id"].unique().to_list(), skill_ids=skill_ids, **ask.who
    )
    behind = (
        scores.join(skills.select("skill_id", pl.col("slug").alias("skill")), on="skill_id")
        .sort("observed_on", "observed_at", "observation_id")
        .group_by(pl.col("person_id").alias("rep_id"), "skill", maintain_order=True)
        .agg(pl.col("observation_id").tail(shapes.LOWEST_SCORES).alias("observation_ids"))
    )
    return (
        found.drop("observation_ids")
        .join(behind, on=["rep_id", "skill"], how="left", maintain_order="left")
        .select(list(shapes.SKILLS))
    )


def _objectives(ask: _Asked, ids: list[int]) -> pl.DataFrame:
    """shapes.OBJECTIVES of current plans, with the verdict that the plan page gives."""
    goals = plan_queries.objectives(ask.viewer, ask.connection, **ask.who).filter(
        (pl.col("plan_status") == "active") & pl.col("rep_id").is_in(ids)
    )
    judged = objective_verdicts(
        ask.viewer, ask.connection, goals.filter(pl.col("status") == "accepted"), currency=ask.currency, **ask.who
    )
    r = resistance_step.c
    steps = dict(
        ask.connection.execute(
            sa.select(r.objective_id, sa.func.max(r.taken_on))
            .where(r.objective_id.in_(goals["objective_id"].to_list()), r.taken_on <= ask.as_of)
            .group_by(r.objective_id)
        ).all()
    )
    answered = pl.col("answered_at").dt.convert_time_zone(ask.calendar.time_zone).dt.date()
    return (
        goals.join(judged, on="objective_id", how="left", maintain_order="left")
        .with_columns(
            answered.alias("answered_on"),
            pl.col("objective_id").replace_strict(steps, default=None, return_dtype=pl.Date).alias("step_on"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in shapes.OBJECTIVES.items())
        .sort("rep_id", "objective_id")
    )


def _plans(ask: _Asked, ids: list[int]) -> pl.DataFrame:
    quality = plan_queries.plan_quality(ask.viewer, ask.connection, **ask.who)
    return quality.filter(pl.col("rep_id").is_in(ids)).select(list(shapes.PLANS)).sort("rep_id", "plan_id")


def _promises(ask: _Asked, ids: list[int]) -> pl.DataFrame:
    """shapes.PROMISES between a rep in view and a coach: due or kept within the last 60 days.

    A coach's open one however long it waits, while they are still with the company.
    """
    c = commitment.c
    by = person.alias("by_person")
    since = ask.as_of - dt.timedelta(days=WAITING_DAYS)
    is_known = sa.or_(
        sa.and_(c.session_id.is_(None), c.made_on <= ask.as_of),
        c.session_id.in_(sa.select(session.c.id).where(ask.known(session))),
    )
    done = sa.case((c.done_on <= ask.as_of, c.done_on))
    lately = sa.or_(c.due_on.between(since, ask.as_of), done >= since)
    still_there = sa.or_(by.c.left_on.is_(None), by.c.left_on >= ask.as_of)
    waiting = sa.and_(c.due_on < since, done.is_(None), still_there)
    parts = [
        sa.select(
            mine.label("rep_id"),
            c.id.label("commitment_id"),
            sa.literal(is_reps).label("is_reps"),
            c.by_id,
            by.c.name.label("by_name"),
            c.promise,
            c.due_on,
            done.label("done_on"),
        )
        .select_from(commitment)
        .join(by, by.c.id == c.by_id)
        .outerjoin(session, session.c.id == c.session_id)
        .where(
            is_known,
            c.made_on <= ask.as_of,
            mine.in_(ask.reps()),
            lately if is_reps else sa.or_(lately, waiting),
            # Within a session its own rep is the rep; the other one is the coach.
            sa.or_(session.c.id.is_(None), session.c.kind == "group", session.c.rep_id == mine),
        )
        for mine, is_reps in ((c.by_id, True), (c.to_id, False))
    ]
    rows = pl.concat([pl.read_database(part, ask.connection, schema_overrides=shapes.PROMISES) for part in parts])
    return (
        rows.filter(pl.col("rep_id").is_in(ids))
        .select(pl.col(name).cast(dtype) for name, dtype in shapes.PROMISES.items())
        .sort("rep_id", "due_on", "commitment_id", nulls_last=True)
    )
