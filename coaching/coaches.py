"""How coaching is done, coach by coach: volume, skill, asking, promises, plans. Pure: frames in, frames and words out.

Several figures stand side by side and are never merged into one: nobody is graded or ranked here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import frames, numbers
from coaching.cadence import Cadence
from coaching.intervals import wilson_bounds
from coaching.plans import STALE_AFTER_DAYS
from coaching.pulse import QUESTIONS
from coaching.roi import rounding
from coaching.skills import COMPETENT

DAYS_PER_MONTH = 365.25 / 12
SMALLEST_REP_MONTHS = 3.0
"""With fewer rep-months a volume is drawn pale: one session more or less would move it far."""
SMALLEST_LEVEL_N = 2
"""A level that rests on fewer observations is drawn pale."""
SMALLEST_N = 5
"""Shares of fewer cases are drawn pale, and not shown to an executive."""
TEAM_KEYS = [
    "cadence_adherence",
    "expected_slots",
    "met_slots",
    "coaching_coverage",
    "coaching_minutes",
    "ask_share",
    "coach_commitments_kept",
]
TILE_KEYS = ["cadence_adherence", "coaching_coverage", "ask_share", "coach_commitments_kept"]
WARNING = (
    "More coaching is not better in itself: in field studies of sales teams more of it goes with better results where"
    " the coach is skilled, and with worse ones where the coach is not. So where a coach is still learning, help with"
    " the coaching comes before more hours of it. What goes together is no proof of what causes what."
)
VOLUME_MADE = (
    "One-on-ones held in the period with reps of the teams the coach led on that day, divided by rep-months: the months"
    " those reps were there and in the team, summed. Dated by the day held."
)
LEVEL_MADE = (
    "Mean of the last 3 released observations of the coach's own coaching, each the mean of its scores on the coaching"
    " scorecard, from 0 (lowest level) to 100 (highest). Competent from 50. n = observations behind it; 95 % t interval"
    " from 2 on. Without an observation there is no level, which is not a low one."
)
ASK_MADE = (
    "Questions the coach asked out of questions and instructions, over sessions held in the period in which both were"
    " counted; n = those sessions."
)
KEPT_MADE = (
    "Promises the coach made in a session that were kept by their due date, out of those due in the period; 95 %"
    " interval and n = promises due."
)
PLANS_MADE = (
    "Actions of the coach's current plans whose words stand in no other of their current plans; n = actions. Stale:"
    f" neither revised nor worked on in a session for {STALE_AFTER_DAYS} days."
)
OFTEN_MADE = (
    "**Often.** The upright line is the median of all coaches of the company who lead reps, from five such coaches on;"
    " below five it is what the cadence policy asks for. It is a place to look from, not a target."
)
PULSE_MADE = (
    "Three taps after a session, 1 to 5, without a name. Means over the months that ended in the period; n = answers."
    " Only teams with five answers or more, and no total from which fewer than five could be worked out."
)
NOT_OBSERVED = "not observed yet"


# ---- From rows to counts -------------------------------------------------------------------------------------------


def tallied(
    people: pl.DataFrame,
    led: pl.DataFrame,
    homes: pl.DataFrame,
    sellers: pl.DataFrame,
    sessions: pl.DataFrame,
    promises: pl.DataFrame,
    start: dt.date,
    until: dt.date,
) -> pl.DataFrame:
    """frames.COACHES without the level, a row for each of ``people`` (person_id, name); counts are 0 where none was.

    ``led``: coach_id, team_id, team_name, starts_on, ends_on (excluded, null = still so). ``homes``:
    frames.MEMBERSHIPS. ``sellers``: frames.CADENCE_PEOPLE. ``sessions`` and ``promises``: what fell into the span.
    minutes, questions and instructions are null where none were written down.
    """
    together = _together(led, homes, sellers, start, until)
    parts = [
        _names_of_teams(led, until),
        together.group_by("coach_id").agg(
            pl.col("person_id").n_unique().cast(pl.Int64).alias("rep_count"),
            ((pl.col("to_on") - pl.col("from_on")).dt.total_days().sum() / DAYS_PER_MONTH).alias("rep_months"),
        ),
        _one_on_ones(sessions, together),
        _held(sessions),
        _promised(promises, until),
    ]
    table = people
    for part in parts:
        table = table.join(part, left_on="person_id", right_on="coach_id", how="left", maintain_order="left")
    counts = [name for name, kind in frames.COACHES.items() if name.endswith(("_count", "_due", "_kept"))]
    return table.with_columns(
        pl.col(counts).fill_null(0), pl.col("rep_months").fill_null(0.0), pl.col("team_names").fill_null([])
    )


def _together(
    led: pl.DataFrame, homes: pl.DataFrame, sellers: pl.DataFrame, start: dt.date, until: dt.date
) -> pl.DataFrame:
    """coach_id, person_id, from_on, to_on (excluded): when a rep was there, in a team, and the coach led it."""
    day_after = until + dt.timedelta(days=1)
    pairs = (
        led.join(homes, on="team_id", how="inner", suffix="_there")
        .join(sellers.select("person_id", "started_on", "left_on"), on="person_id", how="inner")
        .filter(pl.col("person_id") != pl.col("coach_id"))
    )
    left = pl.col("left_on").cast(pl.Date).dt.offset_by("1d")
    return (
        pairs.select(
            "coach_id",
            "person_id",
            pl.max_horizontal("starts_on", "starts_on_there", "started_on", pl.lit(start)).alias("from_on"),
            pl.min_horizontal("ends_on", "ends_on_there", left, pl.lit(day_after)).alias("to_on"),
        )
        .filter(pl.col("from_on") < pl.col("to_on"))
        .unique()
    )


def _names_of_teams(led: pl.DataFrame, until: dt.date) -> pl.DataFrame:
    holds = (pl.col("starts_on") <= until) & (pl.col("ends_on").is_null() | (pl.col("ends_on") > until))
    return led.filter(holds).group_by("coach_id").agg(pl.col("team_name").unique().sort().alias("team_names"))


def _one_on_ones(sessions: pl.DataFrame, together: pl.DataFrame) -> pl.DataFrame:
    inside = (
        sessions.filter("is_one_on_one")
        .join(together, on=["coach_id", "person_id"], how="inner")
        .filter((pl.col("held_on") >= pl.col("from_on")) & (pl.col("held_on") < pl.col("to_on")))
    )
    return inside.group_by("coach_id").agg(pl.col("session_id").n_unique().cast(pl.Int64).alias("one_on_one_count"))


def _held(sessions: pl.DataFrame) -> pl.DataFrame:
    is_counted = pl.col("questions").is_not_null() & pl.col("instructions").is_not_null()
    counted = pl.col("questions", "instructions").filter(is_counted)
    return sessions.group_by("coach_id").agg(
        pl.len().cast(pl.Int64).alias("session_count"),
        pl.when(pl.col("minutes").is_not_null().any()).then(pl.col("minutes").sum()).alias("minutes"),
        pl.col("minutes").count().cast(pl.Int64).alias("minutes_count"),
        pl.when(is_counted.any()).then(counted.sum()),
        is_counted.sum().cast(pl.Int64).alias("counted_count"),
    )


def _promised(promises: pl.DataFrame, until: dt.date) -> pl.DataFrame:
    kept = pl.col("done_on").is_not_null() & (pl.col("done_on") <= pl.col("due_on"))
    due = promises.filter(pl.col("due_on") <= until)
    return due.group_by("coach_id").agg(
        pl.len().cast(pl.Int64).alias("promises_due"), kept.sum().cast(pl.Int64).alias("promises_kept")
    )


# ---- What a page shows ---------------------------------------------------------------------------------------------


def shown(coaches: pl.DataFrame, sessions_known: bool = True) -> pl.DataFrame:
    """``coaches`` (frames.COACHES) with per_rep_month, ask_share and kept_share (with _low and _high).

    per_rep_month is null without reps of one's own, and for everybody while no session has been recorded at all.
    """
    low, high = wilson_bounds("promises_kept", "promises_due")
    said = pl.col("questions") + pl.col("instructions")
    due = pl.col("promises_due")
    volume = pl.when((pl.col("rep_months") > 0) & sessions_known).then(pl.col("one_on_one_count")) / pl.col(
        "rep_months"
    )
    return coaches.with_columns(
        volume.alias("per_rep_month"),
        pl.when(said > 0).then(pl.col("questions") / said).alias("ask_share"),
        pl.when(due > 0).then(pl.col("promises_kept") / due).alias("kept_share"),
        low.alias("kept_share_low"),
        high.alias("kept_share_high"),
    )


@dataclass(frozen=True)
class Often:
    """From how many one-on-ones per rep and month on somebody coaches often here, and where the line comes from."""

    per_rep_month: float
    words: str


def no_typical() -> pl.DataFrame:
    """The median of nobody: what stands there while no session has been recorded."""
    return pl.DataFrame(schema={"per_rep_month": pl.Float64, "coach_count": pl.Int64})


def often(typical: pl.DataFrame, cadence: Cadence) -> Often:
    """The median of the company's coaches; below five of them what the cadence policy asks for.

    ``typical``: per_rep_month and coach_count, one row or none.
    """
    if typical.height:
        row = typical.row(0, named=True)
        return Often(row["per_rep_month"], f"median of {numbers.plural(row['coach_count'], 'coach', 'coaches')}")
    return Often(DAYS_PER_MONTH / cadence.every_days, "what the policy asks")


def placed(rows: pl.DataFrame) -> pl.DataFrame:
    """Of ``shown`` rows those that have both a level and a volume: the points of the quadrants."""
    return rows.filter(pl.col("level").is_not_null() & pl.col("per_rep_month").is_not_null())


def verdict(rows: pl.DataFrame, line: Often, viewer_id: int | None) -> list[str]:
    """The page's first sentences, what goes well first; about oneself where there is only oneself."""
    if rows.is_empty():
        return ["Nobody in view led reps or held a coaching session in this period."]
    if rows.height == 1 and rows["person_id"][0] == viewer_id:
        return _own_verdict(rows.row(0, named=True))
    observed = rows.filter(pl.col("level").is_not_null())
    good = observed.filter(pl.col("level") >= COMPETENT).height
    waiting = rows.height - observed.height
    if observed.is_empty():
        return [f"None of {numbers.plural(rows.height, 'coach', 'coaches')} has been observed coaching yet."]
    said = [f"{_of(good, observed.height)} competent or better."]
    help_first = needs_help_first(rows, line)
    if help_first == 1:
        said.append("One coaches often and is still learning: help comes before more hours.")
    elif help_first:
        said.append(f"{numbers.count(help_first)} coach often and are still learning: help comes before more hours.")
    if waiting:
        said.append("One has not been observed yet." if waiting == 1 else f"{waiting} have not been observed yet.")
    return said


def _of(good: int, observed: int) -> str:
    if observed == 1:
        return "The only observed coach is" if good else "The only observed coach is not yet"
    return f"{numbers.count(good)} of {numbers.count(observed)} observed coaches {'is' if good == 1 else 'are'}"


def _own_verdict(row: dict[str, Any]) -> list[str]:
    said = []
    if row["level"] is None:
        said.append("Nobody has scored a session of yours yet: ask your leader to sit in on one.")
    else:
        word = "competent or better" if row["level"] >= COMPETENT else "still learning"
        said.append(
            f"Your coaching stands at {row['level']:.0f} of 100 ({word}), from"
            f" {numbers.plural(row['level_n'], 'observation')}."
        )
    if row["promises_due"]:
        due = numbers.plural(row["promises_due"], "promise")
        said.append(f"You kept {numbers.count(row['promises_kept'])} of {due} in time.")
    return said


def needs_help_first(rows: pl.DataFrame, line: Often) -> int:
    """How many coach often while their level is below competent."""
    coaches_often = pl.col("per_rep_month") >= line.per_rep_month
    return placed(rows).filter(coaches_often & (pl.col("level") < COMPETENT)).height


def quadrant_sentence(rows: pl.DataFrame, line: Often) -> str:
    """The figure's title: how many stand where it is good to stand."""
    points = placed(rows)
    if points.is_empty():
        return "Coaching skill and volume: nobody has both yet"
    coaches_often = pl.col("per_rep_month") >= line.per_rep_month
    both = points.filter(coaches_often & (pl.col("level") >= COMPETENT)).height
    if points.height == 1:
        row = points.row(0, named=True)
        return f"Level {row['level']:.0f} of 100, {per_month(row['per_rep_month'])} one-on-ones per rep and month"
    verb = "coaches" if both == 1 else "coach"
    return f"{numbers.count(both)} of {numbers.count(points.height)} {verb} both well and often"


def per_month(value: float | None) -> str:
    """1.8; "no data" without one."""
    return numbers.NO_DATA if value is None or not numbers.known(value) else f"{value:.1f}"


def beside_words(rows: pl.DataFrame) -> str:
    """Who is not among the points and why, in a sentence; empty where everybody is."""
    unseen = rows.filter(pl.col("level").is_null())["name"].to_list()
    no_reps = rows.filter(pl.col("level").is_not_null() & pl.col("per_rep_month").is_null())["name"].to_list()
    parts = []
    if unseen:
        parts.append(f"{NOT_OBSERVED.capitalize()}: {_listed(unseen)}.")
    if no_reps:
        parts.append(f"Without reps of their own, so without a volume: {_listed(no_reps)}.")
    return " ".join(parts)


def _listed(names: list[str]) -> str:
    return ", ".join(numbers.plain_name(name, 40) for name in names)


SHARES: SchemaDict = {
    "name": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "n": pl.Int64,
    "words": pl.String,
}


def ask_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """SHARES of asking, by name: n = sessions in which both were counted; without an interval."""
    words = [f"{numbers.plural(n, 'session')}" if n else "not counted" for n in rows["counted_count"]]
    return _shares(rows, "ask_share", None, "counted_count", words)


def kept_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """SHARES of promises kept, by name: n = promises due."""
    words = [
        f"{numbers.count(kept)} of {numbers.count(due)}" if due else "none due"
        for kept, due in rows.select("promises_kept", "promises_due").iter_rows()
    ]
    return _shares(rows, "kept_share", "kept_share", "promises_due", words)


def _shares(rows: pl.DataFrame, value: str, bounds: str | None, n: str, words: list[str]) -> pl.DataFrame:
    ends = [pl.col(f"{bounds}_{end}") if bounds else pl.lit(None, pl.Float64) for end in ("low", "high")]
    return rows.select(
        pl.col("name"),
        pl.col(value).alias("value"),
        ends[0].alias("low"),
        ends[1].alias("high"),
        pl.col(n).cast(pl.Int64).alias("n"),
        pl.Series("words", words, dtype=pl.String),
    )


def spread_sentence(rows: pl.DataFrame, what: str, nothing: str) -> str:
    """A title for SHARES: the range they lie in, without a first or a last. ``what``: "of words that ask"."""
    known = rows["value"].drop_nulls()
    if known.is_empty():
        return nothing
    if known.len() == 1:
        return f"{numbers.share(known[0])} {what}"
    return f"Between {numbers.share(known.min())} and {numbers.share(known.max())} {what}"  # type: ignore[arg-type]


# ---- Cadence and plans beside a coach ----------------------------------------------------------------------------


def with_adherence(rows: pl.DataFrame, teams: pl.DataFrame, leaders: dict[int, int | None]) -> pl.DataFrame:
    """``rows`` with adherence, adherence_low, adherence_high and slots of the teams that each leads now.

    ``teams``: metric values by team with expected_slots and met_slots. ``leaders``: team id to who leads it. Of teams
    one below another the upper one alone counts: it holds the lower.
    """
    above = dict(teams.select("id", "parent_id").iter_rows())
    ids = dict(teams.select("id", "row_id").iter_rows())
    met: dict[int, list[float]] = {}
    for row in teams.iter_rows(named=True):
        leader = leaders.get(row["row_id"])
        if leader is None or row["expected_slots"] is None or _led_above(row["id"], leader, above, ids, leaders):
            continue
        counted = met.setdefault(leader, [0.0, 0.0])
        counted[0] += row["met_slots"] or 0
        counted[1] += row["expected_slots"]
    sums = pl.DataFrame(
        [(leader, round(hits), round(slots)) for leader, (hits, slots) in met.items()],
        schema={"person_id": pl.Int64, "slots_met": pl.Int64, "slots": pl.Int64},
        orient="row",
    )
    low, high = wilson_bounds("slots_met", "slots")
    shares = sums.with_columns(
        pl.when(pl.col("slots") > 0).then(pl.col("slots_met") / pl.col("slots")).alias("adherence"),
        low.alias("adherence_low"),
        high.alias("adherence_high"),
    )
    return rows.join(shares, on="person_id", how="left", maintain_order="left")


def _led_above(
    team: str, leader: int, above: dict[str, str | None], ids: dict[str, int], leaders: dict[int, int | None]
) -> bool:
    seen, here = {team}, above.get(team)
    while here is not None and here not in seen:
        if leaders.get(ids.get(here, -1)) == leader:
            return True
        seen.add(here)
        here = above.get(here)
    return False


def of_coaches(plans: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Of ``plans`` (frames.PLAN_QUALITY) those of the coaches in ``rows``."""
    return plans.filter(pl.col("coach_id").is_in(rows["person_id"].to_list()))


def levels_of(levels: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Of levels by skill those of the coaches in ``rows``."""
    return levels.filter(pl.col("person_id").is_in(rows["person_id"].to_list()))


def with_plans(rows: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with plan_count, stale_count, action_count and own_share of each coach's current plans.

    ``plans``: frames.PLAN_QUALITY. own_share is null without an action.
    """
    sums = plans.group_by(pl.col("coach_id").alias("person_id")).agg(
        pl.len().cast(pl.Int64).alias("plan_count"),
        pl.col("is_stale").sum().cast(pl.Int64).alias("stale_count"),
        pl.col("action_count").sum().cast(pl.Int64),
        pl.col("copied_count").sum().cast(pl.Int64),
    )
    shares = sums.with_columns(
        pl.when(pl.col("action_count") > 0).then(1 - pl.col("copied_count") / pl.col("action_count")).alias("own_share")
    )
    joined = rows.join(shares, on="person_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("plan_count", "stale_count", "action_count", "copied_count").fill_null(0))


def plans_sentence(plans: pl.DataFrame) -> str:
    """The heading of the plans: how many are their own and alive, then what there is to mend."""
    if plans.is_empty():
        return "No current plan"
    fine = plans.filter(~pl.col("is_stale") & (pl.col("copied_count") == 0)).height
    parts = [f"{numbers.count(fine)} of {numbers.plural(plans.height, 'current plan')} in their own words and alive"]
    copied, stale = plans.filter(pl.col("copied_count") > 0).height, plans.filter("is_stale").height
    if copied:
        parts.append(f"{numbers.count(copied)} {'shares' if copied == 1 else 'share'} actions with another")
    if stale:
        parts.append(f"{numbers.count(stale)} stale")
    return "; ".join(parts)


PLAN_ROWS: SchemaDict = {"rep_id": pl.Int64, "name": pl.String, "coach": pl.String, "why": pl.String}


def plan_rows(plans: pl.DataFrame) -> pl.DataFrame:
    """PLAN_ROWS of the plans that are copied or stale, by rep, each with the reason. ``plans``: frames.PLAN_QUALITY."""
    found = [
        (row["rep_id"], row["rep_name"], numbers.plain_name(row["coach_name"], 40), _why(row))
        for row in plans.filter(pl.col("is_stale") | (pl.col("copied_count") > 0)).iter_rows(named=True)
    ]
    return pl.DataFrame(found, schema=PLAN_ROWS, orient="row").sort("name", "rep_id")


def _why(row: dict[str, Any]) -> str:
    parts = []
    if row["copied_count"]:
        others = _listed(row["copied_from"] or [])
        with_whom = f" with {others}" if others else ""
        actions = numbers.plural(row["action_count"], "action")
        parts.append(f"{numbers.count(row['copied_count'])} of {actions} shared{with_whom}")
    if row["is_stale"]:
        since = f"since {numbers.day(row['touched_on'])}" if row["touched_on"] else "since it was agreed"
        parts.append(f"nobody has worked on it {since}")
    words = "; ".join(parts)
    return words[:1].upper() + words[1:]


TABLE_COLUMNS = ("name", "team", "volume", "level", "asks", "kept", "adherence", "plans")


def table(rows: pl.DataFrame) -> pl.DataFrame:
    """TABLE_COLUMNS by name, as text: each figure with its interval and n, null = no data.

    ``rows``: shown, with_adherence and with_plans.
    """
    found = [
        (
            numbers.plain_name(row["name"]),
            ", ".join(numbers.plain_name(name, 40) for name in row["team_names"] or []) or None,
            _volume_words(row),
            _level_words(row),
            f"{numbers.share(row['ask_share'])} ({numbers.plural(row['counted_count'], 'session')})"
            if row["ask_share"] is not None
            else None,
            _share_words(row["kept_share"], row["kept_share_low"], row["kept_share_high"], row["promises_due"]),
            _share_words(row["adherence"], row["adherence_low"], row["adherence_high"], row["slots"]),
            _plan_words(row),
        )
        for row in rows.sort("name", "person_id").iter_rows(named=True)
    ]
    return pl.DataFrame(found, schema=dict.fromkeys(TABLE_COLUMNS, pl.String), orient="row")


def _volume_words(row: dict[str, Any]) -> str | None:
    if row["per_rep_month"] is None:
        held = numbers.plural(row["session_count"], "session")
        return f"{held}, no own reps" if row["session_count"] else None
    held = f"{numbers.count(row['one_on_one_count'])} with {numbers.plural(row['rep_count'], 'rep')}"
    return f"{per_month(row['per_rep_month'])} ({held})"


def _level_words(row: dict[str, Any]) -> str:
    if row["level"] is None:
        return NOT_OBSERVED
    spread = f"{level_interval(row['level_low'], row['level_high'])}, " if row["level_low"] is not None else ""
    return f"{row['level']:.0f} ({spread}n {row['level_n']})"


def level_interval(low: float, high: float) -> str:
    """A level's interval as far as the scale goes; equal scores have none that means anything."""
    low, high = max(low, 0.0), min(high, 100.0)
    return "equal scores" if high - low < 1 else f"{low:.0f}{numbers.DASH}{high:.0f}"


def _share_words(share: float | None, low: float | None, high: float | None, n: int | None) -> str | None:
    if share is None or not n:
        return None
    return f"{numbers.share(share)} ({numbers.interval(low, high)}, n {numbers.count(n)})"


def _plan_words(row: dict[str, Any]) -> str | None:
    if not row["plan_count"]:
        return None
    parts = [numbers.plural(row["plan_count"], "plan")]
    if row["own_share"] is not None:
        parts.insert(0, f"{numbers.share(row['own_share'])} own (n {numbers.count(row['action_count'])})")
    if row["stale_count"]:
        parts.append(f"{numbers.count(row['stale_count'])} stale")
    return ", ".join(parts)


def skill_rows(levels: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Coaches (rows, by name) by coaching skill (columns s0, s1, ...) as "62 (n 3)", and the skills' names in order.

    ``levels``: data_access.queries.coaches.COACH_SKILLS. An unscored skill is null.
    """
    order = levels.select("position", "skill").unique().sort("position", "skill")
    names = order["skill"].to_list()
    by_person: dict[tuple[str, int], dict[str, str]] = {}
    for row in levels.iter_rows(named=True):
        cells = by_person.setdefault((row["name"], row["person_id"]), {})
        cells[row["skill"]] = f"{row['level']:.0f} (n {row['level_n']})"
    rows = [
        (numbers.plain_name(name), *(cells.get(skill) for skill in names)) for (name, _), cells in by_person.items()
    ]
    schema = {"name": pl.String, **{f"s{place}": pl.String for place in range(len(names))}}
    return pl.DataFrame(rows, schema=schema, orient="row"), names


# ---- Teams: what an executive sees ---------------------------------------------------------------------------------


def team_verdict(totals: dict[str, Any], level: dict[str, Any]) -> list[str]:
    """First sentences about everybody together. ``level``: the company's mean coach level, empty below five coaches."""
    said = []
    if totals.get("cadence_adherence") is not None:
        share, n = totals["cadence_adherence"], totals["cadence_adherence_n"]
        said.append(f"{numbers.share(share, n)} of expected one-on-ones were held (n = {numbers.count(n)}).")
    if level:
        spread = level_interval(level["level_low"], level["level_high"])
        said.append(
            f"Coaches stand at {level['level']:.0f} of 100 on average"
            f" (95 % interval {spread}, n = {numbers.count(level['level_n'])})."
        )
    else:
        said.append("Fewer than five coaches have been observed, so their mean level is not shown.")
    return said


TEAM_COLUMNS = ("name", "adherence", "coverage", "kept", "asks", "minutes")


def team_rows(teams: pl.DataFrame) -> pl.DataFrame:
    """TEAM_COLUMNS for an executive, by name, as text; a share of fewer than five cases says so and no more."""
    found = []
    for row in teams.sort("name", "row_id").iter_rows(named=True):
        cells: list[str | None] = [numbers.plain_name(row["name"])]
        for key in ("cadence_adherence", "coaching_coverage", "coach_commitments_kept"):
            n = round(row[f"{key}_n"] or 0)
            words = _share_words(row[key], row[f"{key}_low"], row[f"{key}_high"], n)
            cells.append("fewer than five" if 0 < n < SMALLEST_N else words)
        asks = None if row["ask_share"] is None else numbers.share(row["ask_share"])
        minutes = None if row["coaching_minutes"] is None else f"{row['coaching_minutes']:,.0f}"
        found.append((*cells, asks, minutes))
    return pl.DataFrame(found, schema=dict.fromkeys(TEAM_COLUMNS, pl.String), orient="row")


def adherence_rows(teams: pl.DataFrame) -> pl.DataFrame:
    """SHARES of expected one-on-ones held by team, by name; fewer than five slots are not shown."""
    is_enough = pl.col("cadence_adherence_n") >= SMALLEST_N
    rows = teams.sort("name", "row_id").select(
        "name",
        *(
            pl.when(is_enough).then(pl.col(f"cadence_adherence{end}")).alias(alias)
            for end, alias in (("", "value"), ("_low", "low"), ("_high", "high"))
        ),
        pl.when(is_enough).then(pl.col("cadence_adherence_n")).cast(pl.Int64).alias("n"),
        "met_slots",
    )
    words = [
        f"{numbers.count(met)} of {numbers.count(n)}" if n is not None else "fewer than five"
        for met, n in rows.select("met_slots", "n").iter_rows()
    ]
    return rows.drop("met_slots").with_columns(pl.Series("words", words, dtype=pl.String))


# ---- The pulse -----------------------------------------------------------------------------------------------------

PULSE_ROWS: SchemaDict = {"name": pl.String, "n": pl.Int64, **dict.fromkeys(QUESTIONS, pl.Float64)}


def pulse_rows(pulses: pl.DataFrame, team_id: int | None, below: list[int]) -> pl.DataFrame:
    """PULSE_ROWS by name: means over the rounds shown, weighted by their answers; n = answers. Null where none is.

    ``pulses``: frames.PULSES. The team itself (None = the company) stands first, then those right below. What is
    withheld stays so: only rounds that are shown by themselves are added up.
    """
    itself = pl.col("team_id").is_null() if team_id is None else pl.col("team_id") == team_id
    chosen = itself | pl.col("team_id").is_in(below)
    means = [
        ((pl.col(f"{name}_mean") * pl.col("answer_count")).sum() / pl.col("answer_count").sum()).alias(name)
        for name in QUESTIONS
    ]
    rows = (
        pulses.filter(chosen)
        .group_by("team_id", pl.col("team_name").fill_null("Company").alias("name"))
        .agg(pl.col("answer_count").sum().cast(pl.Int64).alias("n"), *means)
    )
    has_any = pl.col("n") > 0
    cleared = rows.with_columns(
        pl.when(has_any).then(pl.col("n")).alias("n"),
        *(pl.when(has_any).then(pl.col(name)).alias(name) for name in QUESTIONS),
    )
    return (
        cleared.with_columns(itself.alias("first")).sort(~pl.col("first"), "name", "team_id").select(list(PULSE_ROWS))
    )


def pulse_sentence(rows: pl.DataFrame) -> str:
    """The figure's title."""
    known = rows.filter(pl.col("n").is_not_null())
    if known.is_empty():
        return "The pulse: no team has five answers in a round that is over"
    if known.height == 1:
        row = known.row(0, named=True)
        return f"Coaching was found useful: {row['useful']:.1f} of 5 from {numbers.plural(row['n'], 'answer')}"
    means = sorted(known["useful"].to_list())
    return f"Coaching was found useful: between {means[0]:.1f} and {means[-1]:.1f} of 5"


def pulse_words(rows: pl.DataFrame) -> str:
    """Which teams are not shown, in a sentence; empty where all are."""
    hidden = rows.filter(pl.col("n").is_null())["name"].to_list()
    if not hidden:
        return ""
    return f"Not shown, to keep answers anonymous: {_listed(hidden)}."


# ---- What coaches' reps gained ------------------------------------------------------------------------------------

EFFECTS: SchemaDict = {
    "coach_id": pl.Int64,
    "name": pl.String,
    "expected": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "own": pl.Float64,
    "own_error": pl.Float64,
    "rep_count": pl.Int64,
    "n": pl.Int64,
    "top_third_share": pl.Float64,
}
Z_90 = 1.6449
"""Standard errors from the middle of a normal distribution to either end of its 90 % interval."""
EFFECT_COLUMNS = ("name", "expected", "interval", "own", "reps")
BEST_THIRD = "best_third"
EFFECT_MADE = (
    "What the reps of a coach brought in each month beyond what was expected of them without coaching, as on Programme"
    " ROI. A month counts for whoever held most one-on-ones with the rep in it and in the two before. Each rep weighs"
    " what is known of them, and each coach is pulled towards all coaches of the segment, also those out of view, as"
    " far as chance explains the distance; the line holds 9 of 10 true values. Figures end at the second digit of their"
    " error. All months since the start of coaching, whatever the period above."
)
EXPECTED_MADE = (
    "The coach's own figure, pulled towards all coaches of the segment, also those out of view, as far as chance"
    " explains the distance. So it may lie above the own figure or below it."
)
OWN_MADE = "The mean over the coach's reps before it is pulled towards all coaches of the segment."
PULLED = (
    "What is to be expected of a coach is their own figure pulled towards all coaches of the segment, also those out of"
    " view: it may lie above it or below it."
)
NOT_A_CAUSE = "Who coaches whom was not drawn, so this goes together and proves no cause."
CANNOT_SEPARATE = "Reps kept their coach, so coach, manager and territory cannot be separated."
IN_PART = (
    "Some reps changed their coach, so coach and territory can be told apart in part, the coach and the manager not."
)
BEST_THIRD_MADE = (
    "The chance that a coach's reps truly gained as much as those of the best third. Of eight coaches the one who looks"
    " best is truly the best in about 35 of 100 cases."
)


def effect_segments(effects: pl.DataFrame, rows: pl.DataFrame) -> list[str]:
    """Segments in which a coach of ``rows`` has an interval, by name. ``effects``: coach_effects.IN_SEGMENTS."""
    known = effects.filter(pl.col("coach_id").is_in(rows["person_id"].to_list()), pl.col("low").is_not_null())
    return known["segment"].unique().sort().to_list()


def effects_in(effects: pl.DataFrame, rows: pl.DataFrame, segment: str) -> pl.DataFrame:
    """EFFECTS of the coaches in ``rows`` in one segment who can be compared, by name."""
    mine = pl.col("coach_id").is_in(rows["person_id"].to_list())
    return (
        effects.filter(mine, pl.col("segment") == segment, pl.col("low").is_not_null())
        .sort("name", "coach_id")
        .select(list(EFFECTS))
    )


def effect_sentence(rows: pl.DataFrame, differs: bool, segment: str, currency: str) -> str:
    """The figure's title: whether coaches lie apart at all, never who is first. ``rows``: EFFECTS."""
    where = f" in {segment}" if segment else ""
    if rows.height == 1:
        row = rows.row(0, named=True)
        spread = effect_amounts(row, currency)["interval"]
        return f"{row['name']}'s reps{where}: {spread} a month beyond what was expected"
    if not differs:
        return f"No coach's reps{where} stand apart from the others' by more than chance"
    ends = rows.sort("expected").to_dicts()
    low, high = (effect_amounts(end, currency)["expected"] for end in (ends[0], ends[-1]))
    return f"Reps{where} did not gain the same with every coach: between {low} and {high} a month beyond expected"


def effect_amounts(row: dict[str, Any], currency: str) -> dict[str, str]:
    """expected, interval and own of one row of EFFECTS with a sign, each to the second significant figure of its error.

    The error of what is to be expected is that of a normal distribution with the same 90 % interval.
    """
    error = (row["high"] - row["low"]) / (2 * Z_90)
    low, high = (_amount(row[end], error, currency) for end in ("low", "high"))
    return {
        "expected": _amount(row["expected"], error, currency),
        "interval": f"{low} to {high}",
        "own": _amount(row["own"], row["own_error"], currency),
    }


def _amount(value: float, error: float, currency: str) -> str:
    symbol = numbers.money(1.0, currency).removesuffix("1")
    sign = "+" if rounding.rounded(value, error) > 0 else ""
    return f"{sign}{rounding.Amounts(before=symbol).say(value, error)}"


def effect_words(effects: pl.DataFrame, rows: pl.DataFrame, segment: str) -> str:
    """What may not be read into the figure, and who is not in it."""
    here = effects.filter(pl.col("segment") == segment)
    parts = [PULLED, NOT_A_CAUSE, IN_PART if here["can_separate"].any() else CANNOT_SEPARATE]
    mine = here.filter(pl.col("coach_id").is_in(rows["person_id"].to_list()), pl.col("low").is_null())
    if mine.height:
        parts.append(f"Not shown: {numbers.plural(mine.height, 'coach', 'coaches')} of fewer than three coached reps.")
    return " ".join(parts)


def effect_table(rows: pl.DataFrame, currency: str, with_best_third: bool) -> pl.DataFrame:
    """EFFECT_COLUMNS as text, by name; with BEST_THIRD where it was asked for."""
    found = [
        (
            numbers.plain_name(row["name"]),
            *effect_amounts(row, currency).values(),
            effect_n(row),
            f"{min(max(round(100 * row['top_third_share']), 1), 99)} in 100",
        )
        for row in rows.iter_rows(named=True)
    ]
    whole = pl.DataFrame(found, schema=dict.fromkeys((*EFFECT_COLUMNS, BEST_THIRD), pl.String), orient="row")
    return whole if with_best_third else whole.drop(BEST_THIRD)


def effect_n(row: dict[str, Any]) -> str:
    """6 reps, 51 months"""
    return f"{numbers.plural(row['rep_count'], 'rep')}, {numbers.plural(row['n'], 'month')}"
