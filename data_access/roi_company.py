"""What the evidence about a programme reads, over the whole company: closed deals, sellers, spells, lower levels.

Private to data_access: ``queries.roi`` decides who may see what follows from it. Everything is known as of a day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

import coaching.roi
from coaching import frames, numbers
from coaching.attribution import SINCE_EVER
from coaching.cadence import ONE_ON_ONES
from coaching.people import SMALLEST_TEAM, Viewer
from coaching.pooling import t95
from coaching.roi.coach_effects import SESSIONS
from coaching.roi.ladder import Step
from coaching.roi.rep_months import PLACED, SELLERS, WON
from data_access.knowledge import end_of_day, exists_for_readers, knowledge, recorded_by, version_on
from data_access.queries.facts import facts_speak_for
from data_access.settings import company_calendar
from data_access.tables import (
    commitment,
    deal_version,
    fact_rep_period,
    import_run,
    membership,
    observation,
    person,
    person_record,
    plan,
    plan_action,
    plan_revision,
    programme_enrolment,
    pulse,
    pulse_wave,
    score,
    scorecard_item,
    session,
    team,
)

V = deal_version.c
LARGEST_READ = 500
PER_MONTH = 2
"""Sessions a month that keep the usual rhythm."""


def code_version() -> str:
    """A fingerprint of the code that computes the evidence: the estimates, what they rest on, and what reads for them.

    The same on every system: ends of lines do not count.
    """
    estimates = sorted(Path(coaching.roi.__path__[0]).glob("*.py"))
    beside = [Path(coaching.__path__[0]) / name for name in ("pooling.py", "student.py", "beta_binomial.py")]
    here = Path(__file__).parent
    reads = [here / name for name in ("roi_company.py", "queries/roi.py", "queries/programme.py")]
    found = hashlib.sha256()
    for file in (*estimates, *beside, *reads):
        found.update(file.name.encode() + file.read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()[:12]


def last_known_day(connection: sa.Connection, as_of: dt.date) -> dt.date:
    """The last day that the deals known on ``as_of`` speak for: the date of the latest export, at most ``as_of``."""
    runs = import_run.c
    latest = connection.scalar(
        sa.select(sa.func.max(runs.as_of)).where(
            runs.kind == "deals", runs.published_at.is_not(None), runs.as_of <= as_of
        )
    )
    return min(latest, as_of) if latest else as_of


def won_by_month(viewer: Viewer, connection: sa.Connection, as_of: dt.date) -> pl.DataFrame:
    """WON as known on ``as_of``: from the facts where these speak for the day, else from the versions of deals."""
    whole = {"number": pl.Int64, **{name: kind for name, kind in WON.items() if name != "month"}}
    by_facts = facts_speak_for(viewer, connection, as_of)
    statement = _won_in_facts(connection, as_of) if by_facts else _won_in_deals(connection, as_of)
    frame = pl.read_database(statement, connection, schema_overrides=whole)
    return (
        frame.filter(pl.col("closed_count") > 0, pl.col("person_id").is_not_null())
        .with_columns(pl.date(pl.col("number") // 100, pl.col("number") % 100, 1).alias("month"))
        .select(list(WON))
        .sort("person_id", "month")
    )


def _whole(value: sa.ColumnElement[Any], name: str) -> sa.Label[int]:
    # PostgreSQL sums integers as a wider kind; a cast keeps whole numbers whole.
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), sa.BigInteger).label(name)


def _month_number(connection: sa.Connection, day: sa.ColumnElement[dt.date]) -> sa.ColumnElement[int]:
    """202603 for a day in March 2026."""
    if connection.dialect.name == "sqlite":
        # A day is text there; to take it apart as text costs half of what strftime does.
        year, month = (sa.cast(sa.func.substr(day, *where), sa.Integer) for where in ((1, 4), (6, 2)))
    else:
        year, month = (sa.cast(sa.extract(part, day), sa.Integer) for part in ("year", "month"))
    return year * 100 + month


def _won_in_facts(connection: sa.Connection, as_of: dt.date) -> sa.Select[Any]:
    f = fact_rep_period.c
    number = _month_number(connection, f.atom_on)
    return (
        sa.select(
            f.rep_key.label("person_id"),
            number.label("number"),
            _whole(f.won_count + f.lost_count, "closed_count"),
            _whole(f.won_count, "won_count"),
            _whole(f.won_amount_count, "priced_count"),
            _whole(f.won_amount, "amount"),
            _whole(f.margin_count, "costed_count"),
            _whole(f.margin_amount, "costed_amount"),
            _whole(f.margin_cost, "cost"),
        )
        .where(f.atom_on <= as_of, f.rep_key != 0)
        .group_by(f.rep_key, number)
    )


def _won_in_deals(connection: sa.Connection, as_of: dt.date) -> sa.Select[Any]:
    known = knowledge(connection, "deals", as_of)
    number = _month_number(connection, V.closed_on)
    won = V.status == "won"
    # Half of all rows qualify: reading the table in order is twice as fast as hopping there from an index, which
    # SQLite would do for a bare column. Deals without an owner are left out afterwards for the same reason.
    status = sa.func.coalesce(V.status, "")
    priced = sa.and_(won, V.reporting_amount.is_not(None))
    costed = sa.and_(priced, V.reporting_cost.is_not(None))

    def of(condition: sa.ColumnElement[bool], value: sa.ColumnElement[int] | int) -> sa.ColumnElement[int]:
        return sa.case((condition, value), else_=0)

    return (
        sa.select(
            V.owner_id.label("person_id"),
            number.label("number"),
            sa.func.count().label("closed_count"),
            _whole(of(won, 1), "won_count"),
            _whole(of(priced, 1), "priced_count"),
            _whole(of(priced, V.reporting_amount), "amount"),
            _whole(of(costed, 1), "costed_count"),
            _whole(of(costed, V.reporting_amount), "costed_amount"),
            _whole(of(costed, V.reporting_cost), "cost"),
        )
        .where(
            version_on(deal_version, known.known_on),
            V.is_deleted.is_(False),
            status.in_(["won", "lost"]),
            V.closed_on <= as_of,
        )
        .group_by(V.owner_id, number)
    )


def sellers(connection: sa.Connection, starts: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """SELLERS by row number: reps, whoever was enrolled as known on ``as_of``, managers and leaders who own deals.

    ``starts``: person_id, starts_on. The first deal is looked up only where no first day is known.
    """
    owns = sa.exists().where(V.owner_id == person.c.id, exists_for_readers(deal_version))
    zone = company_calendar(connection).time_zone
    enrolled = programme_enrolment.c.person_id == person.c.id
    in_programme = sa.exists().where(enrolled, recorded_by(programme_enrolment, as_of, zone))
    sells = sa.or_(person.c.role == "rep", in_programme, sa.and_(person.c.role.in_(["manager", "leader"]), owns))
    known = knowledge(connection, "deals", as_of)
    first = sa.func.min(sa.func.coalesce(V.opened_on, V.closed_on))
    undated = sa.select(person.c.id).where(person.c.started_on.is_(None))
    seen = (
        sa.select(V.owner_id.label("person_id"), first.label("seen_on"))
        .where(version_on(deal_version, known.known_on), V.is_deleted.is_(False), V.owner_id.in_(undated))
        .group_by(V.owner_id)
        .subquery()
    )
    statement = (
        sa.select(
            person.c.id.label("person_id"),
            person.c.started_on,
            sa.case((person.c.left_on <= as_of, person.c.left_on), else_=sa.null()).label("left_on"),
            seen.c.seen_on,
        )
        .outerjoin(seen, seen.c.person_id == person.c.id)
        .where(exists_for_readers(person), sells)
        .order_by(person.c.id)
    )
    schema = {name: kind for name, kind in SELLERS.items() if name != "coached_on"}
    frame = pl.read_database(statement, connection, schema_overrides=schema)
    dated = starts.select("person_id", pl.col("starts_on").alias("coached_on"))
    return frame.join(dated, on="person_id", how="left", maintain_order="left").select(list(SELLERS))


def spells(connection: sa.Connection, as_of: dt.date) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Home teams and led teams (frames.MEMBERSHIPS), and segments with territories (PLACED), as known on ``as_of``."""
    known = knowledge(connection, "people", as_of)
    m = membership.c
    statement = sa.select(m.person_id, m.team_id, m.starts_on, m.ends_on, m.is_home, m.kind).where(
        m.known_from <= known.known_on, exists_for_readers(membership)
    )
    schema = {**frames.MEMBERSHIPS, "is_home": pl.Boolean, "kind": pl.String}
    rows = pl.read_database(statement, connection, schema_overrides=schema)
    # A move that a younger file tells was not known then: neither its start nor the end it put to the span before.
    ends = pl.when(pl.col("ends_on") <= known.known_on).then("ends_on")
    dated = rows.with_columns(pl.col("starts_on").fill_null(SINCE_EVER), ends.alias("ends_on")).filter(
        pl.col("starts_on") <= known.known_on
    )
    dated = dated.sort("person_id", "starts_on", "team_id")
    homes = dated.filter("is_home").select(list(frames.MEMBERSHIPS))
    leads = dated.filter(pl.col("kind") == "leader").select(list(frames.MEMBERSHIPS))
    r = person_record.c
    said = sa.select(r.person_id, r.known_from.label("starts_on"), r.segment, r.region, r.id.label("row")).where(
        r.known_from <= known.known_on, exists_for_readers(person_record)
    )
    records = pl.read_database(
        said, connection, schema_overrides={**PLACED, "region": pl.String, "row": pl.Int64}
    ).sort("person_id", "starts_on", "row")
    placed = records.unique(["person_id", "starts_on"], keep="last", maintain_order=True).select(
        "person_id",
        "starts_on",
        pl.concat_str(pl.col("segment", "region").fill_null(""), separator=" / ").alias("segment"),
    )
    return homes, leads, placed


def largest_deals(
    connection: sa.Connection, starts: pl.DataFrame, as_of: dt.date, is_margin: bool, scale: int
) -> pl.DataFrame:
    """person_id, closed_on, value (major units): the largest won deals of coached reps, each since the month of their
    start."""
    schema = {"person_id": pl.Int64, "closed_on": pl.Date, "value": pl.Int64}
    if starts.is_empty():
        return pl.DataFrame(schema={**schema, "value": pl.Float64})
    known = knowledge(connection, "deals", as_of)
    value = V.reporting_amount - V.reporting_cost if is_margin else V.reporting_amount
    zone = company_calendar(connection).time_zone
    months = starts["starts_on"].dt.month_start().unique().sort().to_list()
    e = programme_enrolment.c
    since = (
        sa.select(e.person_id, sa.func.min(e.starts_on).label("starts_on"))
        .where(recorded_by(programme_enrolment, as_of, zone))
        .group_by(e.person_id)
        .subquery()
    )
    # The first day of the start's month, as both databases can say it: the latest known one that is not later.
    begins = sa.case(*[(since.c.starts_on >= month, month) for month in reversed(months)], else_=months[0])
    statement = (
        sa.select(V.owner_id.label("person_id"), V.closed_on, value.label("value"))
        .join(since, since.c.person_id == V.owner_id)
        .where(
            version_on(deal_version, known.known_on),
            V.is_deleted.is_(False),
            V.status == "won",
            V.closed_on.between(months[0], as_of),
            V.closed_on >= begins,
            value.is_not(None),
        )
        .order_by(value.desc(), V.deal_id)
        .limit(LARGEST_READ)
    )
    found = pl.read_database(statement, connection, schema_overrides=schema)
    return found.with_columns(pl.col("value") / scale)


def team_names(connection: sa.Connection) -> dict[int, str]:
    """Names of teams by row number."""
    return dict(connection.execute(sa.select(team.c.id, team.c.name).where(exists_for_readers(team))).all())


# ---- The levels below results --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LowerLevels:
    """Steps of the ladder from level 0 to 3, and how many of the enrolled have data on levels 2 and 3."""

    steps: tuple[Step, ...]
    learning_coverage: float | None
    application_coverage: float | None
    coach_is_manager: bool | None
    """Whether any session was held by a rep's own manager; None without a session."""


def lower_levels(connection: sa.Connection, starts: pl.DataFrame, until: dt.date, as_of: dt.date) -> LowerLevels:
    """What was put in, liked, learnt and used by those who had started by ``until``, as known on ``as_of``."""
    begun = starts.filter(pl.col("starts_on") <= until)
    if begun.is_empty():
        return LowerLevels((), None, None, None)
    sessions = _sessions(connection, begun, until, as_of)
    learnt = _learning(connection, until, as_of)
    used = _application(connection, begun, until, as_of)
    count = begun.height
    steps = [Step(0, "Coached reps", numbers.count(count), n=count)]
    if sessions.height:
        hours = float(sessions["minutes"].fill_null(0).sum()) / 60
        steps += [
            Step(0, "Sessions held", numbers.count(sessions.height), n=sessions.height),
            Step(0, "Hours of sessions", numbers.count(round(hours)), n=sessions.height),
            _share("Sessions with a promise", 1, sessions["has_promise"]),
        ]
    steps += _pulse(connection, begun, until, as_of)
    return LowerLevels(
        (*steps, *_learning_steps(learnt), *_application_steps(begun, sessions, used, until)),
        learnt.filter(pl.col("after").is_not_null()).height / count,
        used["person_id"].n_unique() / count,
        bool((sessions["kind"] == "own_manager").any()) if sessions.height else None,
    )


def _share(what: str, level: int, flags: pl.Series) -> Step:
    """A share of rows, whose error follows from reps only roughly; the interval is Wilson's."""
    n, share = len(flags), float(flags.cast(pl.Float64).mean() or 0.0)  # type: ignore[arg-type]
    z2 = 1.959964**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = 1.959964 * ((share * (1 - share) + z2 / (4 * n)) / n) ** 0.5 / (1 + z2 / n)
    return Step(level, what, numbers.share(share, n), numbers.interval(middle - reach, middle + reach), n)


def _sessions(connection: sa.Connection, begun: pl.DataFrame, until: dt.date, as_of: dt.date) -> pl.DataFrame:
    """person_id, held_on, minutes, kind, has_promise of sessions with the enrolled since their first day."""
    s = session.c
    promise = sa.exists().where(commitment.c.session_id == s.id)
    statement = (
        sa.select(s.rep_id.label("person_id"), s.held_on, s.minutes, s.kind, promise.label("has_promise"))
        .where(
            s.status == "held",
            s.held_on <= until,
            s.rep_id.in_(sa.select(programme_enrolment.c.person_id)),
            recorded_by(session, as_of, company_calendar(connection).time_zone),
        )
        .order_by(s.held_on, s.id)
    )
    schema = {
        "person_id": pl.Int64,
        "held_on": pl.Date,
        "minutes": pl.Int64,
        "kind": pl.String,
        "has_promise": pl.Boolean,
    }
    rows = pl.read_database(statement, connection, schema_overrides=schema)
    return rows.join(begun, on="person_id", maintain_order="left").filter(pl.col("held_on") >= pl.col("starts_on"))


def one_on_ones(connection: sa.Connection, until: dt.date, as_of: dt.date) -> pl.DataFrame:
    """coach_effects.SESSIONS: one-on-ones held by ``until``, as known on ``as_of``."""
    s = session.c
    number = _month_number(connection, s.held_on)
    statement = (
        sa.select(s.rep_id.label("person_id"), s.coach_id, number.label("number"), sa.func.count().label("sessions"))
        .where(
            s.status == "held",
            s.kind.in_(ONE_ON_ONES),
            s.held_on <= min(until, as_of),
            recorded_by(session, as_of, company_calendar(connection).time_zone),
        )
        .group_by(s.rep_id, s.coach_id, number)
    )
    schema = dict.fromkeys(("person_id", "coach_id", "number", "sessions"), pl.Int64)
    rows = pl.read_database(statement, connection, schema_overrides=schema)
    month = pl.date(pl.col("number") // 100, pl.col("number") % 100, 1).alias("month")
    return rows.with_columns(month).select(list(SESSIONS)).sort("person_id", "month", "coach_id")


def _pulse(connection: sa.Connection, begun: pl.DataFrame, until: dt.date, as_of: dt.date) -> list[Step]:
    """What everybody answered in rounds that closed since the first start; answers name nobody, so nor does this."""
    first: dt.date = begun["starts_on"].min()  # type: ignore[assignment]
    statement = (
        sa.select(pulse.c.useful, sa.func.count().label("n"))
        .join(pulse_wave, pulse_wave.c.wave == pulse.c.wave)
        .where(pulse_wave.c.closes_on.between(first, min(until, as_of)))
        .group_by(pulse.c.useful)
    )
    found = pl.read_database(statement, connection, schema_overrides={"useful": pl.Int64, "n": pl.Int64})
    n = int(found["n"].sum())
    if n < SMALLEST_TEAM:
        return []
    mean = float((found["useful"] * found["n"]).sum()) / n
    spread = (float(((found["useful"] - mean) ** 2 * found["n"]).sum()) / (n - 1)) ** 0.5
    reach = float(t95(n - 1)) * spread / n**0.5
    words = f"{mean - reach:.1f} to {mean + reach:.1f}"
    return [Step(1, "Everybody's pulse: being coached was useful (1 to 5)", f"{mean:.1f}", words, n)]


def _learning(connection: sa.Connection, until: dt.date, as_of: dt.date) -> pl.DataFrame:
    """person_id, before, after: each enrolled rep's mean score by others (0 to 100) before and since the first day."""
    o = observation.c
    zone = company_calendar(connection).time_zone
    items = pl.read_database(
        sa.select(scorecard_item.c.id.label("item_id"), scorecard_item.c.lowest, scorecard_item.c.highest),
        connection,
        schema_overrides=dict.fromkeys(("item_id", "lowest", "highest"), pl.Int64),
    )
    since = (
        sa.select(programme_enrolment.c.person_id, sa.func.min(programme_enrolment.c.starts_on).label("starts_on"))
        .where(recorded_by(programme_enrolment, as_of, zone))
        .group_by(programme_enrolment.c.person_id)
        .subquery()
    )
    later = sa.case((o.observed_on >= since.c.starts_on, 1), else_=0).label("later")
    statement = (
        sa.select(
            o.person_id,
            score.c.scorecard_item_id.label("item_id"),
            later,
            sa.cast(sa.func.sum(score.c.level), sa.BigInteger).label("level"),
            sa.func.count().label("n"),
        )
        .join(score, score.c.observation_id == o.id)
        .join(since, since.c.person_id == o.person_id)
        .where(
            o.kind.in_(["coach", "second_rater"]),
            o.released_at < end_of_day(as_of, zone),
            o.observed_on <= until,
            since.c.starts_on <= until,
            recorded_by(observation, as_of, zone),
        )
        .group_by(o.person_id, score.c.scorecard_item_id, later)
    )
    rows = pl.read_database(
        statement,
        connection,
        schema_overrides=dict.fromkeys(("person_id", "item_id", "later", "level", "n"), pl.Int64),
    )
    placed = rows.join(items, on="item_id").filter(pl.col("highest") > pl.col("lowest"))
    scaled = (pl.col("level") - pl.col("n") * pl.col("lowest")) / (pl.col("highest") - pl.col("lowest")) * 100
    means = (
        placed.with_columns(scaled.alias("points"))
        .sort("person_id", "item_id", "later")
        .group_by("person_id", "later", maintain_order=True)
        .agg((pl.col("points").sum() / pl.col("n").sum()).alias("level"))
    )
    before = means.filter(later=0).select("person_id", pl.col("level").alias("before"))
    after = means.filter(later=1).select("person_id", pl.col("level").alias("after"))
    return before.join(after, on="person_id", how="full", coalesce=True).sort("person_id")


def _learning_steps(learnt: pl.DataFrame) -> list[Step]:
    both = learnt.drop_nulls(["before", "after"])
    steps = []
    seen = learnt["after"].drop_nulls()
    if len(seen):
        level = float(seen.mean())  # type: ignore[arg-type]
        steps.append(Step(2, "Mean skill level since the start (0 to 100)", f"{level:.0f}", n=len(seen)))
    if both.height >= 2:
        change = both["after"] - both["before"]
        mean, spread = float(change.mean()), float(change.std())  # type: ignore[arg-type]
        reach = float(t95(both.height - 1)) * spread / both.height**0.5
        words = f"{_points(mean - reach)} to {_points(mean + reach)}"
        steps.append(Step(2, "Change of the level since before", _points(mean), words, both.height))
    return steps


def _points(value: float) -> str:
    return f"{'+' if value > 0 else numbers.MINUS if value < 0 else ''}{abs(value):.1f} points"


def _application(connection: sa.Connection, begun: pl.DataFrame, until: dt.date, as_of: dt.date) -> pl.DataFrame:
    """person_id, due_on, is_done: plan actions and promises of enrolled reps that fell due since their first day."""
    zone = company_calendar(connection).time_zone
    written = sa.and_(
        plan_revision.c.recorded_at < end_of_day(as_of, zone),
        exists_for_readers(plan),
    )
    latest = (
        sa.select(plan_revision.c.plan_id, sa.func.max(plan_revision.c.number).label("number"))
        .join(plan, plan.c.id == plan_revision.c.plan_id)
        .where(written)
        .group_by(plan_revision.c.plan_id)
        .subquery()
    )
    a, c = plan_action.c, commitment.c
    in_programme = sa.select(programme_enrolment.c.person_id)
    actions = (
        sa.select(plan.c.rep_id.label("person_id"), a.due_on, a.done_on)
        .join(plan_revision, plan_revision.c.id == a.plan_revision_id)
        .join(latest, sa.and_(latest.c.plan_id == plan_revision.c.plan_id, latest.c.number == plan_revision.c.number))
        .join(plan, plan.c.id == plan_revision.c.plan_id)
        .where(a.due_on <= until, plan.c.rep_id.in_(in_programme))
    )
    promises = (
        sa.select(c.by_id, c.due_on, c.done_on)
        .join(session, session.c.id == c.session_id)
        .where(
            c.due_on <= until,
            c.by_id == session.c.rep_id,
            c.by_id.in_(in_programme),
            recorded_by(session, as_of, zone),
        )
    )
    schema = {"person_id": pl.Int64, "due_on": pl.Date, "done_on": pl.Date}
    rows = pl.read_database(actions.union_all(promises), connection, schema_overrides=schema)
    placed = rows.join(begun, on="person_id").filter(pl.col("due_on") >= pl.col("starts_on"))
    done = (pl.col("done_on") <= as_of).fill_null(False)
    return placed.select("person_id", "due_on", done.alias("is_done")).sort("person_id", "due_on", "is_done")


def _application_steps(begun: pl.DataFrame, sessions: pl.DataFrame, used: pl.DataFrame, until: dt.date) -> list[Step]:
    steps = []
    if used.height:
        steps.append(_share("Agreed actions and promises done", 3, used["is_done"]))
    months = begun.select(
        "person_id", pl.date_ranges(pl.col("starts_on").dt.month_start(), pl.lit(until), "1mo").alias("month")
    ).explode("month")
    if sessions.height and months.height:
        held = sessions.group_by("person_id", pl.col("held_on").dt.month_start().alias("month")).len()
        kept = months.join(held, on=["person_id", "month"], how="left")["len"].fill_null(0) >= PER_MONTH
        steps.append(_share(f"Rep-months with {PER_MONTH} sessions or more", 3, kept))
    return steps
