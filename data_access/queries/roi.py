"""The evidence about the coaching programme: computed as of a day, frozen results, and the panel behind both.

Figures of the whole company for executives, leaders, the admin and the operator; nobody else gets anything, and nobody
gets a row about a named rep.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import sqlalchemy as sa
from polars._typing import SchemaDict

from coaching.people import Viewer
from coaching.roi import freezing, lottery
from coaching.roi.clustering import Estimate
from coaching.roi.coach_effects import IN_SEGMENTS, coach_of_months, differ, in_segments
from coaching.roi.evidence import evidence as estimates
from coaching.roi.findings import Given, findings
from coaching.roi.gate import Context
from coaching.roi.guardrails import Guardrails
from coaching.roi.imputation import expected, headline
from coaching.roi.loaded_cost import FIRST_YEAR_MONTHS, LoadedCost, charged_until, loaded_cost
from coaching.roi.lottery_power import smallest_visible_by_plan
from coaching.roi.outcomes import MARGIN
from coaching.roi.panel import CannotEstimate, fingerprint
from coaching.roi.power import calibrated, smallest_visible
from coaching.roi.rep_months import SMOOTHED_SHARE, TENURE_MONTHS, RepMonths, rep_months
from coaching.roi.verdict import lottery_words, verdict
from data_access import roi_company
from data_access.knowledge import exists_for_readers
from data_access.queries import programme
from data_access.scope import reps_in_scope
from data_access.settings import calendar_of, guardrails_of, minor_digits, settings
from data_access.tables import frozen_evidence, person
from data_access.tables import programme as programmes

HIDDEN_WITH_THE_WHOLE = (
    "There is not enough evidence yet to say what coaching changed in the whole company, and so none about one coach."
)
BY_OPERATOR = "the operator"
DEFINITION = 2
"""Counts what the estimates mean; settings that change a figure are part of the version by themselves."""
FROZEN: SchemaDict = {
    "frozen_id": pl.Int64,
    "as_of": pl.Date,
    "frozen_at": pl.Datetime("us", "UTC"),
    "frozen_by": pl.String,
    "reason": pl.String,
    "definition_version": pl.String,
    "data_hash": pl.String,
    "code_version": pl.String,
}
PANEL_ROWS: SchemaDict = {
    "rep": pl.Int64,
    "team": pl.Int64,
    "month": pl.String,
    "outcome": pl.Float64,
    "outcome_as_it_is": pl.Float64,
    "bookings": pl.Float64,
    "coached_from": pl.String,
}


@dataclass(frozen=True)
class Read:
    """What one reading of the database gives."""

    panel: RepMonths
    starts: pl.DataFrame
    values: dict[str, Any]
    guardrails: Guardrails
    won: pl.DataFrame
    until: dt.date
    scale: int


def _read(viewer: Viewer, connection: sa.Connection, as_of: dt.date) -> Read:
    values = settings(connection)
    limits = guardrails_of(values["programme_guardrails"])
    scale = 10 ** minor_digits(values["reporting_currency"])
    until = roi_company.last_known_day(connection, as_of)
    starts = programme.starts(viewer, connection, as_of=as_of)
    won = roi_company.won_by_month(viewer, connection, as_of)
    homes, leads, placed = roi_company.spells(connection, as_of)
    wanted = str(values["programme_outcome"])
    panel = rep_months(
        won,
        roi_company.sellers(connection, starts, as_of),
        homes,
        leads,
        placed,
        until=until,
        scale=scale,
        outcome=None if wanted == "auto" else wanted,
        most_missing=limits.missing_share,
    )
    drawn = np.array(sorted(_drawn(viewer, connection, starts, as_of)), dtype=np.int64)
    panel = panel.as_drawn(np.isin(panel.person, drawn), limits.skip_when_drawn)
    return Read(panel, starts, values, limits, won, until, scale)


def evidence(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date) -> dict[str, Any] | None:
    """Everything about the programme as known on ``as_of``, as plain data (``coaching.roi.findings``), with as_of,
    definition_version, definitions, data_hash, code_version and lotteries. None for whoever sees no programme.

    The same data and settings give the same numbers, on either database.
    """
    if not viewer.sees_programme:
        return None
    as_of = min(as_of, today)
    read = _read(viewer, connection, as_of)
    definitions = _definitions(read)
    version = _definition_version(definitions)
    last = last_frozen(viewer, connection, before=as_of)
    below = roi_company.lower_levels(connection, read.starts, _last_day(read), as_of)
    drawn = _all_drawn(viewer, connection, read, as_of)
    given = Given(
        panel=read.panel,
        cost=_cost(viewer, connection, read, as_of),
        currency=str(read.values["reporting_currency"] or "USD"),
        scale=read.scale,
        guardrails=read.guardrails,
        hours=programme.session_hours(viewer, connection, until=_last_day(read), as_of=as_of),
        deals=roi_company.largest_deals(connection, read.starts, as_of, read.panel.outcome == MARGIN, read.scale),
        margin=_margin(read),
        realisation=float(read.values["programme_realisation"]),
        replacement_cost=read.values["programme_replacement_cost"],
        drawn=drawn,
        definition_changed=last is not None and last["definition_version"] != version,
        coach_is_manager=below.coach_is_manager,
        team_names=roi_company.team_names(connection),
        lower_levels=below.steps,
        learning_coverage=below.learning_coverage,
        application_coverage=below.application_coverage,
    )
    return {
        **findings(given),
        "as_of": as_of.isoformat(),
        "known_until": read.until.isoformat(),
        "drawn": drawn,
        "lotteries": _lotteries(viewer, connection, read, as_of),
        "definitions": definitions,
        "definition_version": version,
        "data_hash": fingerprint(read.panel.panel),
        "code_version": roi_company.code_version(),
    }


def _last_day(read: Read) -> dt.date:
    """Last day of the panel's last month; the last known day where there is no month."""
    if not read.panel.months:
        return read.until
    after = read.panel.months[-1] + dt.timedelta(days=32)
    return after.replace(day=1) - dt.timedelta(days=1)


def _cost(viewer: Viewer, connection: sa.Connection, read: Read, as_of: dt.date) -> LoadedCost:
    """What was spent from the first day of the programme, or of anybody in it, to the last day of the panel.

    Where the programme began within the panel, what was entered for days before it counts as preparation.
    """
    last = _last_day(read)
    lines = programme.cost_lines(viewer, connection, as_of=as_of)
    begun = read.starts["starts_on"].to_list()
    known = programme.programmes(viewer, connection)["starts_on"].to_list()
    first = min([*begun, *known]) if begun else last + dt.timedelta(days=1)
    # The comparison reaches back five years at most, and so does what is charged for it.
    if begun and read.panel.months and first < read.panel.months[0]:
        first = read.panel.months[0]
    elif begun:
        first = min([first, *lines["starts_on"].to_list()])
    return loaded_cost(
        programme.times(viewer, connection, until=last, as_of=as_of),
        programme.rates(viewer, connection, as_of=as_of),
        lines,
        first,
        last,
        first_year=programme.times(viewer, connection, until=last, as_of=as_of, months=FIRST_YEAR_MONTHS),
        charged_until=charged_until(read.starts["starts_on"], last),
    )


def _margin(read: Read) -> float | None:
    """F3: the margin of what coached reps sold since their start, unless the settings name one; None = not known."""
    if read.values["programme_margin"] is not None:
        return float(read.values["programme_margin"])
    sold = read.won.join(read.starts, on="person_id").filter(pl.col("month") >= pl.col("starts_on").dt.month_start())
    amount, cost = int(sold["costed_amount"].sum()), int(sold["cost"].sum())
    return (amount - cost) / amount if amount > 0 else None


def _definitions(read: Read) -> dict[str, Any]:
    """What the figures mean, by name."""
    values = read.values
    return {
        "outcome": read.panel.outcome,
        "smoothed_at_share": SMOOTHED_SHARE,
        "months_of_tenure_left_out": TENURE_MONTHS,
        "margin": values["programme_margin"],
        "realisation": values["programme_realisation"],
        "assumed_minutes": values["programme_assumed_minutes"],
        **dataclasses.asdict(read.guardrails),
    }


def _definition_version(definitions: dict[str, Any]) -> str:
    text = json.dumps(definitions, sort_keys=True)
    return f"{DEFINITION}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


# ---- Drawn orders --------------------------------------------------------------------------------------------------


def _all_drawn(viewer: Viewer, connection: sa.Connection, read: Read, as_of: dt.date) -> bool:
    """Whether everybody coached in the panel started on the day that was drawn for them."""
    coached = read.panel.units.filter(pl.Series(read.panel.panel.is_coached))["person_id"].unique().to_list()
    return bool(coached) and set(coached) <= _drawn(viewer, connection, read.starts, as_of)


def _drawn(viewer: Viewer, connection: sa.Connection, starts: pl.DataFrame, as_of: dt.date) -> set[int]:
    """Who starts on the day that was drawn for them."""
    drawn = programme.drawn_starts(viewer, connection, as_of=as_of)
    began = starts.select("person_id", "starts_on").iter_rows()
    return {person_id for person_id, day in began if person_id in drawn and drawn[person_id][1] == day}


def _lotteries(viewer: Viewer, connection: sa.Connection, read: Read, as_of: dt.date) -> list[dict[str, Any]]:
    """Per drawn order: what was fixed, and how often chance alone would do as well as its reps did."""
    drawn = programme.drawn_starts(viewer, connection, as_of=as_of)
    found = []
    for one in programme.lotteries(viewer, connection, today=as_of, as_of=as_of):
        members = [person_id for person_id, (lottery_id, _) in drawn.items() if lottery_id == one["lottery_id"]]
        public = {key: one[key] for key in ("lottery_id", "seed", "hypothesis")}
        terms = {key: value for key, value in one["terms"].items() if key != "eligible"}
        locked = one["locked_at"].isoformat()
        found.append({**public, "terms": terms, "locked_at": locked, "reps": len(members), **_tested(read, members)})
    return found


def _tested(read: Read, members: list[int]) -> dict[str, Any]:
    """The effect among those who were drawn, with the permutation p and the verdict of the drawing."""
    nothing: dict[str, Any] = {"estimate": None, "p": None, "draws": None, "badge": None, "words": ""}
    limits = read.guardrails
    if not read.panel.months:
        return {**nothing, "why_not": "There is no month to compare."}
    among = read.panel.panel.of(np.isin(read.panel.person, np.array(members, dtype=np.int64)))
    try:
        value = headline(among, limits.skip_when_drawn, limits.fewest_clean_months).by_rep()
        label = read.panel.person[np.isin(read.panel.person, np.array(members, dtype=np.int64))]
        found = lottery.permutation(among, group=label, skip=limits.skip_when_drawn, fewest=limits.fewest_clean_months)
    except CannotEstimate as reason:
        return {**nothing, "why_not": str(reason)}
    said = verdict(estimates(among, limits, drawn=True), Context(drawn=True), limits)
    return {
        "estimate": _plain(value),
        "p": found.p,
        "draws": found.draws,
        "badge": said.badge,
        "words": lottery_words(found.p),
        "why_not": "",
    }


def _plain(found: Estimate) -> dict[str, Any]:
    return {"estimate": found.value, "se": found.se, "low": found.low, "high": found.high, "clusters": found.clusters}


def lottery_preview(viewer: Viewer, connection: sa.Connection, *, months: int, today: dt.date) -> dict[str, Any] | None:
    """Before a draw: how many are eligible, and the smallest effect that ``months`` months from the first start on
    could show (a share of the average; None = not known yet). None for whoever may draw nothing."""
    if not viewer.sees_programme:
        return None
    there = programme.eligible(viewer, connection, today=today)
    return {
        "eligible": there.height,
        "months": months,
        "visible_share": visible_before(viewer, connection, there.height, months, today),
    }


def visible_before(viewer: Viewer, connection: sa.Connection, reps: int, months: int, today: dt.date) -> float | None:
    """The effect that ``reps`` in ``months`` months would show in 80 of 100 cases, as a share of the average outcome.

    Calibrated to how much results vary in this company. None where nothing is known about that.
    """
    if not viewer.sees_programme or reps < 2:
        return None
    try:
        scenario = calibrated(_read(viewer, connection, today).panel.panel)
    except CannotEstimate:
        return None
    # Made-up companies need months before anybody starts, as the real one has them.
    return smallest_visible(reps, months + scenario.first_start, scenario)


def visible_by_plan(
    viewer: Viewer, connection: sa.Connection, *, starts: Sequence[int], months: int, today: dt.date
) -> float | None:
    """The same for a drawn start in just these waves (``starts``: per rep the months from the first wave's), from
    ``months`` months of results after the first start. None where nothing is known about how results vary."""
    if not viewer.sees_programme or len(starts) < 2:
        return None
    read = _read(viewer, connection, today)
    try:
        scenario = calibrated(read.panel.panel)
    except CannotEstimate:
        return None
    return smallest_visible_by_plan(starts, months, read.panel.panel.months, scenario, read.guardrails)


# ---- Coach by coach ------------------------------------------------------------------------------------------------


def effects_of_coaches(
    viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date
) -> dict[str, Any] | None:
    """How much reps of each coach gained beyond what was expected: rows (coach_effects.IN_SEGMENTS), differs (segments
    in which coaches lie apart by more than chance), verdict, outcome, currency, and why_not (empty where rows may be
    shown). None for anybody but a leader.

    What is expected is learnt from everybody, and coaches are pulled towards all coaches of their segment; rows are of
    the leader and of coaches below them alone. Grey hides them as it hides the effect of the whole.
    """
    if not (viewer.coaches and viewer.sees_programme):
        return None
    as_of = min(as_of, today)
    read = _read(viewer, connection, as_of)
    panel, limits = read.panel, read.guardrails
    drawn = _all_drawn(viewer, connection, read, as_of)
    said = verdict(estimates(panel.panel, limits, drawn), Context(drawn), limits)
    found: dict[str, Any] = {
        "rows": pl.DataFrame(schema=IN_SEGMENTS),
        "differs": [],
        "verdict": said.colour,
        "outcome": panel.outcome,
        "currency": str(read.values["reporting_currency"] or "USD"),
        "why_not": "",
    }
    if not said.shows_estimate:
        return {**found, "why_not": HIDDEN_WITH_THE_WHOLE}
    skips = panel.panel.skips(limits.skip_when_drawn if drawn else limits.skip)
    model = expected(panel.panel, -skips, limits.fewest_clean_months)
    coach = coach_of_months(panel, roi_company.one_on_ones(connection, _last_day(read), as_of))
    mine = sa.or_(person.c.id.in_(reps_in_scope(viewer, today)), person.c.id == (viewer.person_id or 0))
    names = dict(
        connection.execute(sa.select(person.c.id, person.c.name).where(mine, exists_for_readers(person))).all()
    )
    everybody = in_segments(panel, model, coach, names)
    rows = everybody.filter(pl.col("coach_id").is_in(list(names)))
    segments = rows["segment"].unique().sort().to_list()
    differs = [segment for segment in segments if differ(everybody.filter(pl.col("segment") == segment))]
    why = "" if rows["low"].count() else "It takes three coaches with three coached reps each in one segment."
    return {**found, "rows": rows, "differs": differs, "why_not": why}


# ---- Frozen results ------------------------------------------------------------------------------------------------


def frozen(viewer: Viewer, connection: sa.Connection) -> pl.DataFrame:
    """FROZEN, latest first; empty for whoever sees no programme."""
    f = frozen_evidence.c
    statement = (
        sa.select(
            f.id.label("frozen_id"),
            f.as_of,
            f.frozen_at,
            # Without a person it was done at the command line.
            sa.case((f.frozen_by.is_(None), BY_OPERATOR), else_=person.c.name).label("frozen_by"),
            f.reason,
            f.definition_version,
            f.data_hash,
            f.code_version,
        )
        .outerjoin(person, person.c.id == f.frozen_by)
        .where(sa.true() if viewer.sees_programme else sa.false())
        .order_by(f.as_of.desc(), f.id.desc())
    )
    return pl.read_database(statement, connection, schema_overrides=FROZEN)


def frozen_result(viewer: Viewer, connection: sa.Connection, frozen_id: int) -> dict[str, Any] | None:
    """The numbers as they were frozen; None where there is none, or for whoever sees no programme."""
    if not viewer.sees_programme:
        return None
    text = connection.scalar(sa.select(frozen_evidence.c.result).where(frozen_evidence.c.id == frozen_id))
    return None if text is None else dict(json.loads(text))


def last_frozen(viewer: Viewer, connection: sa.Connection, *, before: dt.date | None = None) -> dict[str, Any] | None:
    """The frozen result that speaks for the latest day (``before``: an earlier day than this); None without one.

    Among several for one day the one that was frozen last.
    """
    f = frozen_evidence.c
    if not viewer.sees_programme:
        return None
    text = connection.scalar(
        sa.select(f.result)
        .where(sa.true() if before is None else f.as_of < before)
        .order_by(f.as_of.desc(), f.id.desc())
        .limit(1)
    )
    return None if text is None else dict(json.loads(text))


def changed_since_frozen(viewer: Viewer, connection: sa.Connection, frozen_id: int) -> list[str]:
    """What a frozen result says that the one before it did not, in words; empty for the first one."""
    rows = frozen(viewer, connection)["frozen_id"].to_list()
    if frozen_id not in rows or rows.index(frozen_id) == len(rows) - 1:
        return []
    before = frozen_result(viewer, connection, rows[rows.index(frozen_id) + 1])
    after = frozen_result(viewer, connection, frozen_id)
    return freezing.changes(before, after) if before and after else []


def freeze_is_due(viewer: Viewer, connection: sa.Connection, *, today: dt.date) -> bool:
    """Whether the last fiscal quarter that is over has no frozen result, although somebody was enrolled in it."""
    if not viewer.sees_programme:
        return False
    calendar = calendar_of(settings(connection))
    begun = connection.scalar(sa.select(sa.func.min(programmes.c.starts_on)))
    if begun is None or begun > freezing.closed_quarter_end(today, calendar):
        return False
    return freezing.is_due(frozen(viewer, connection)["as_of"].to_list(), today, calendar)


def panel_rows(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date) -> pl.DataFrame:
    """PANEL_ROWS: the panel without names, for a download; can be given to ``roi --panel``. Reps and teams are numbers
    that mean nothing elsewhere. Empty for whoever sees no programme."""
    if not viewer.sees_programme:
        return pl.DataFrame(schema=PANEL_ROWS)
    found = _read(viewer, connection, min(as_of, today)).panel
    panel = found.panel
    row, column = np.nonzero(panel.there)
    months = [month.isoformat()[:7] for month in found.months]
    started = found.units["coached_from"].dt.strftime("%Y-%m").fill_null("").to_list()
    teams = np.zeros(panel.reps, dtype=np.int64) if panel.team is None else panel.team
    return pl.DataFrame(
        {
            "rep": row + 1,
            "team": teams[row] + 1,
            "month": [months[place] for place in column.tolist()],
            "outcome": panel.outcome[row, column],
            "outcome_as_it_is": found.raw.outcome[row, column],
            "bookings": found.bookings.outcome[row, column],
            "coached_from": [started[place] for place in row.tolist()],
        },
        schema=PANEL_ROWS,
    ).with_columns(pl.col("outcome", "outcome_as_it_is", "bookings").fill_nan(None))
