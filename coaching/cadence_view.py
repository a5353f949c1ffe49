"""What the page of cadence is made of: rows, cells, marks and sentences. Pure; shapes, no new numbers.

Words are about sessions, never about the person; order is by name.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import polars as pl

from coaching import numbers
from coaching.cadence import ONE_ON_ONES, is_expected
from coaching.calendar_file import Appointment, next_times
from coaching.intervals import wilson
from coaching.people import SMALLEST_TEAM
from coaching.periods import Calendar, Period, add_months
from coaching.sessions import METHODS

MOST_WEEKS = 53
TILE_KEYS = [
    "cadence_adherence",
    "coaching_coverage",
    "own_manager_coverage",
    "longest_gap_days",
    "coaching_minutes",
    "ask_share",
    "commitments_kept",
    "coach_commitments_kept",
]
TOTAL_KEYS = [*TILE_KEYS, "expected_slots", "met_slots", "next_due_on"]
REP_KEYS = ["expected_slots", "met_slots", "cadence_adherence", "longest_gap_days", "next_due_on", "coaching_minutes"]
TEAM_KEYS = ["cadence_adherence", "expected_slots", "met_slots", "coaching_coverage", "longest_gap_days", "next_due_on"]
BAND_KEYS = ["coaching_coverage", "expected_slots", "met_slots"]

PAST, DUE, RUNNING, MET, EXCUSED, GONE, UNKNOWN = (
    "past",
    "due",
    "running",
    "met",
    "excused",
    "gone",
    "unknown",
)
STANDING_WORDS = {
    PAST: "past the next session",
    DUE: "due now",
    RUNNING: "next one open",
    MET: "held, next one later",
    EXCUSED: "away",
    GONE: "has left",
    UNKNOWN: "no start date",
}
"""How somebody stands with the cadence, in words for a table."""

STATES = ("not_met", "met", "open", "excused")
"""Of a week in the picture, the one that decides first."""
MARKS = ("held", "missed", "moved", "planned", "excused", "not_held", "group", "peer")
KIND_WORDS = {
    "own_manager": "by the own manager",
    "other_coach": "by another coach",
    "peer": "with a peer",
    "group": "in a group",
}
CELLS = {
    "row": pl.Int64,
    "week": pl.Int64,
    "person_id": pl.Int64,
    "state": pl.String,
    "words": pl.String,
}
MARKED = {
    "row": pl.Int64,
    "week": pl.Int64,
    "place": pl.Float64,
    "person_id": pl.Int64,
    "mark": pl.String,
    "words": pl.String,
}


def weeks_of(period: Period, calendar: Calendar) -> list[dt.date]:
    """The first days of the weeks that the period touches, the last 53 of them."""
    last = calendar.week_start(period.end)
    count = (last - calendar.week_start(period.start)).days // 7 + 1
    return [last - dt.timedelta(weeks=back) for back in reversed(range(min(count, MOST_WEEKS)))]


# ---- How everybody stands ------------------------------------------------------------------------------------------


def standing(people: pl.DataFrame, slots: pl.DataFrame, sessions: pl.DataFrame, at: dt.date) -> pl.DataFrame:
    """person_id, standing (one of the words above) and due_on, planned_on (nulls), in the order of ``people``.

    Past = a slot went by without a one-on-one, its tolerance too, and none was held since. Due = the same within the
    tolerance. ``planned_on``: the next one-on-one that is planned for ``at`` or later.
    """
    by_person = slots.partition_by("person_id", as_dict=True)
    coming = sessions.filter((pl.col("status") == "planned") & pl.col("kind").is_in(ONE_ON_ONES) & (pl.col("on") >= at))
    planned = dict(coming.group_by("person_id").agg(pl.col("on").min()).iter_rows())
    rows = []
    for person in people.iter_rows(named=True):
        own = by_person.get((person["person_id"],))
        word, due_on = _stands(person, own.to_dicts() if own is not None else [], at)
        rows.append((person["person_id"], word, due_on, planned.get(person["person_id"])))
    schema = {"person_id": pl.Int64, "standing": pl.String, "due_on": pl.Date, "planned_on": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _stands(person: dict[str, Any], slots: list[dict[str, Any]], at: dt.date) -> tuple[str, dt.date | None]:
    if person["left_on"] is not None and person["left_on"] < at:
        return GONE, None
    if not slots:
        return (UNKNOWN if person["started_on"] is None else RUNNING), None
    over = [slot for slot in slots if slot["ends_on"] <= at and not slot["is_excused"]]
    ahead = [slot for slot in slots if slot["ends_on"] > at]
    now = next((slot for slot in ahead if slot["starts_on"] <= at), None)
    is_met = now is not None and now["met_on"] is not None and now["met_on"] <= at
    open_ = [slot for slot in ahead if not slot["is_excused"] and (slot["met_on"] is None or slot["met_on"] > at)]
    next_due = open_[0]["ends_on"] if open_ else None
    # The slots in a row that went by without a one-on-one, the latest first.
    missing = [] if is_met else list(itertools.takewhile(lambda slot: slot["met_on"] is None, reversed(over)))
    if missing:
        late = [slot for slot in missing if at > slot["ends_on"] + dt.timedelta(days=slot["tolerance_days"])]
        return (PAST, late[0]["ends_on"]) if late else (DUE, missing[0]["ends_on"])
    if is_met:
        return MET, next_due
    if now is not None and now["is_excused"]:
        return EXCUSED, next_due
    return RUNNING, next_due


def verdict(stands: pl.DataFrame, longest_gap: float | None, is_known: bool) -> str:
    """What the page says first. ``stands``: standing; ``is_known``: whether any session is recorded."""
    here = stands.filter(~pl.col("standing").is_in([GONE, UNKNOWN]))
    if not is_known:
        return "No session has been recorded yet, so nothing can be said about the cadence."
    if here.is_empty():
        return "Nobody here has a start date, so no session is expected yet."
    past = here.filter(pl.col("standing") == PAST).height
    due = here.filter(pl.col("standing") == DUE).height
    gap = f"longest gap {numbers.days(longest_gap)}" if longest_gap is not None else ""
    if past:
        verb = "is" if past == 1 else "are"
        first = f"{numbers.count(past)} of {numbers.plural(here.height, 'rep')} {verb} past their next session"
        return "; ".join(part for part in (first, gap) if part) + "."
    first = "Nobody is past their next session"
    more = f"{numbers.plural(due, 'session')} due these days" if due else ""
    return "; ".join(part for part in (first, more, gap) if part) + "."


def team_verdict(name: str, totals: dict[str, Any]) -> str:
    """The same where single reps are not seen. ``totals``: the values of ``TOTAL_KEYS``."""
    expected, met = totals.get("expected_slots"), totals.get("met_slots")
    if expected is None or met is None:
        return f"{name}: no session has been recorded yet, so nothing can be said about the cadence."
    if not expected:
        return f"{name}: no session was expected in this period yet."
    words = f"{name}: {numbers.count(met)} of {numbers.count(expected)} expected sessions were held"
    spread = numbers.interval(totals.get("cadence_adherence_low"), totals.get("cadence_adherence_high"))
    return f"{words} ({numbers.share(met / expected)}, between {spread})."


# ---- The picture of reps by weeks ----------------------------------------------------------------------------------


def cells(
    people: pl.DataFrame, slots: pl.DataFrame, weeks: list[dt.date], calendar: Calendar, at: dt.date
) -> pl.DataFrame:
    """CELLS: what was expected of each week, a row per person and week; weeks without a slot have none.

    The slot that ends in a week decides; in the other weeks the one that runs. ``row`` counts ``people`` from 0.
    """
    rows = people.select("person_id", "name").with_row_index("row")
    week = pl.DataFrame({"start": weeks}, schema={"start": pl.Date}).with_row_index("week")
    if slots.is_empty() or not weeks:
        return pl.DataFrame(schema=CELLS)
    touched = (
        slots.with_columns(
            _week_start("starts_on", calendar).alias("first"), _week_start("ends_on", calendar).alias("last")
        )
        .with_columns(pl.date_ranges("first", "last", interval="7d").alias("start"))
        .explode("start")
        .join(week, on="start")
        .join(rows, on="person_id")
        .with_columns(_state(at).alias("state"), (pl.col("start") == pl.col("last")).alias("ends_here"))
        .with_columns(pl.col("state").cast(pl.Enum(STATES)).alias("order"))
        .sort("row", "week", "ends_here", "order", descending=[False, False, True, False])
        .unique(["row", "week"], keep="first", maintain_order=True)
    )
    words = [_cell_words(row) for row in touched.iter_rows(named=True)]
    return touched.with_columns(pl.Series("words", words, dtype=pl.String)).select(
        pl.col(name).cast(dtype) for name, dtype in CELLS.items()
    )


def _week_start(column: str, calendar: Calendar) -> pl.Expr:
    day = pl.col(column)
    back = (day.dt.weekday().cast(pl.Int32) - 1 - calendar.week_starts_on) % 7
    return (day.cast(pl.Int32) - back).cast(pl.Date)


def _state(at: dt.date) -> pl.Expr:
    closed = (pl.col("ends_on") + pl.duration(days=pl.col("tolerance_days"))) < at
    met = pl.col("met_on").is_not_null()
    return (
        pl.when(pl.col("is_excused"))
        .then(pl.lit("excused"))
        .when(met)
        .then(pl.lit("met"))
        .when(pl.col("has_ended") & closed)
        .then(pl.lit("not_met"))
        .otherwise(pl.lit("open"))
    )


def _cell_words(row: dict[str, Any]) -> str:
    span = numbers.span(row["starts_on"], row["ends_on"])
    became = {
        "excused": "excused: away for half of the working days or more",
        "met": f"held on {numbers.day(row['met_on'])}",
        "not_met": "expected, not held",
        "open": "not over yet",
    }[row["state"]]
    return f"one session due {span}: {became}"


def marks(
    people: pl.DataFrame,
    slots: pl.DataFrame,
    sessions: pl.DataFrame,
    weeks: list[dt.date],
    calendar: Calendar,
    at: dt.date,
) -> pl.DataFrame:
    """MARKED: what became of sessions, and slots that went by; ``place`` = the week's number, several side by side."""
    rows = people.select("person_id", "name").with_row_index("row")
    week = pl.DataFrame({"start": weeks}, schema={"start": pl.Date}).with_row_index("week")
    happened = sessions.with_columns(
        pl.when((pl.col("status") == "held") & pl.col("kind").is_in(["group", "peer"]))
        .then(pl.col("kind"))
        .otherwise(pl.col("status"))
        .alias("mark")
    )
    told = [_mark_words(row) for row in happened.iter_rows(named=True)]
    happened = happened.with_columns(pl.Series("words", told, dtype=pl.String)).select(
        "person_id", "on", "mark", "words"
    )
    missing = slots.filter(_state(at) == "not_met").select(
        "person_id",
        pl.col("ends_on").alias("on"),
        pl.lit("not_held").alias("mark"),
        pl.lit("expected, not held").alias("words"),
    )
    placed = (
        pl.concat([happened, missing])
        .with_columns(_week_start("on", calendar).alias("start"))
        .join(week, on="start")
        .join(rows, on="person_id")
        .sort("row", "week", "on", "mark")
    )
    group = ["row", "week", "mark"]
    # Twice the same in one week is one mark that says both.
    merged = (
        placed.group_by(group, maintain_order=True)
        .agg("person_id", "words", "on")
        .with_columns(
            pl.col("person_id").list.first(),
            pl.col("words").list.unique(maintain_order=True).list.join("; "),
        )
    )
    index, count = pl.int_range(pl.len()).over("row", "week"), pl.len().over("row", "week")
    place = pl.col("week") + (index - (count - 1) / 2) * 0.34
    return merged.with_columns(place.alias("place")).select(pl.col(name).cast(dtype) for name, dtype in MARKED.items())


def _mark_words(row: dict[str, Any]) -> str:
    kind = KIND_WORDS.get(row["kind"], "")
    day = numbers.day(row["on"])
    if row["status"] == "held":
        length = f", {numbers.count(row['minutes'])} min" if row["minutes"] is not None else ""
        return f"held on {day} {kind}{length}"
    if row["status"] == "missed":
        by = {"rep": " by the rep", "coach": " by the coach"}.get(row["missed_by"] or "", "")
        return f"planned for {day}, missed{by}"
    return {
        "moved": f"planned for {day}, moved",
        "planned": f"planned for {day}",
        "excused": f"planned for {day}, excused",
    }.get(row["status"], f"{row['status']} {day}")


def row_notes(people: pl.DataFrame, weeks: list[dt.date], slots: pl.DataFrame) -> pl.DataFrame:
    """row, week and words where a row of the picture is empty for a reason: no start date, joined later, has left."""
    known = set(slots["person_id"].unique().to_list())
    notes: list[tuple[int, int, str]] = []
    for row, person in enumerate(people.iter_rows(named=True)):
        if person["started_on"] is None:
            notes.append((row, 0, "no start date, so no session is expected"))
        elif weeks and person["started_on"] > weeks[0] + dt.timedelta(days=6):
            notes.append((row, 0, f"joined {numbers.day_and_month(person['started_on'])}"))
        elif person["person_id"] not in known:
            notes.append((row, 0, "no session is expected of this role"))
        if person["left_on"] is not None:
            after = [number for number, start in enumerate(weeks) if start > person["left_on"]]
            if after:
                notes.append((row, after[0], f"left {numbers.day_and_month(person['left_on'])}"))
    return pl.DataFrame(notes, schema={"row": pl.Int64, "week": pl.Int64, "words": pl.String}, orient="row")


def picture_sentence(people: pl.DataFrame, slots: pl.DataFrame, period: Period) -> str:
    """The picture's title: of the slots that ended in the period, those of the people shown."""
    own = slots.filter(pl.col("person_id").is_in(people["person_id"].to_list()))
    ended = own.filter(is_expected() & pl.col("ends_on").is_between(period.start, period.end))
    if own.is_empty():
        return "No session was expected in these weeks"
    if ended.is_empty():
        return "No expected session is over in these weeks yet"
    met = ended["met_on"].drop_nulls().len()
    return f"{numbers.count(met)} of {numbers.plural(ended.height, 'expected session')} held"


# ---- Teams, bands, mixes -------------------------------------------------------------------------------------------


def by_manager(teams: pl.DataFrame, leaders: pl.DataFrame) -> pl.DataFrame:
    """``teams`` (metric values by team) that have no team below them, with ``label`` = manager and team; by label.

    ``leaders``: team_id, leader_name.
    """
    parents = set(teams["parent_id"].drop_nulls().to_list())
    leaves = teams.filter(~pl.col("id").is_in(list(parents)))
    named = leaves.join(leaders.rename({"team_id": "row_id"}), on="row_id", how="left", maintain_order="left")
    labels = [
        f"{numbers.plain_name(leader, 40)} · {numbers.plain_name(name, 40)}" if leader else numbers.plain_name(name, 60)
        for leader, name in named.select("leader_name", "name").iter_rows()
    ]
    return named.with_columns(pl.Series("label", labels, dtype=pl.String)).sort("label", "row_id")


def by_manager_sentence(teams: pl.DataFrame) -> str:
    """The title of the figure of managers: what all of them share, no first and no last."""
    known = teams.filter(pl.col("cadence_adherence").is_not_null())
    if known.is_empty():
        return "No session was expected of any team yet"
    if known.height == 1:
        return f"{numbers.share(known['cadence_adherence'][0])} of expected sessions held"
    low, high = known["cadence_adherence"].min(), known["cadence_adherence"].max()
    apart = known["cadence_adherence_low"].max() > known["cadence_adherence_high"].min()  # type: ignore[operator]
    spread = f"Between {numbers.share(low)} and {numbers.share(high)} of expected sessions held"  # type: ignore[arg-type]
    return f"{spread}; the intervals {'tell some apart' if apart else 'overlap'}"


BANDS = {"what": pl.String, "band": pl.String, "order": pl.Int64, "people": pl.Int64, "covered": pl.Int64}
BAND_COLUMNS = {
    **BANDS,
    "expected": pl.Int64,
    "met": pl.Int64,
    "coverage": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "adherence": pl.Float64,
}


def bands(values: pl.DataFrame, attainment: pl.DataFrame, started: pl.DataFrame, at: dt.date) -> pl.DataFrame:
    """BAND_COLUMNS: coverage and adherence by performance tier and by tenure, over the reps of ``values``.

    ``values``: row_id and BAND_KEYS; ``attainment``: row_id, quota_attainment of the last full quarter; ``started``:
    person_id, started_on. Tiers are thirds by attainment, bands of figures and no labels on people; none where fewer
    than six reps have one. Reps who were not there in the period count nowhere.
    """
    there = (
        values.filter(pl.col("coaching_coverage").is_not_null())
        .join(attainment.select("row_id", "quota_attainment"), on="row_id", how="left")
        .join(started.select(pl.col("person_id").alias("row_id"), "started_on"), on="row_id", how="left")
    )
    parts = [pl.DataFrame(schema=BANDS | {"expected": pl.Int64, "met": pl.Int64})]
    known = there["quota_attainment"].drop_nulls()
    if known.len() >= 2 * 3:
        lower, upper = known.quantile(1 / 3, "linear"), known.quantile(2 / 3, "linear")
        share = pl.col("quota_attainment")
        top = f"top third (over {numbers.share(upper)} of quota)"
        low = f"lower third (up to {numbers.share(lower)})"
        names = {top: share > upper, "middle third": (share > lower) & (share <= upper), low: share <= lower}
        parts += [_band(there, "tier", name, order, inside) for order, (name, inside) in enumerate(names.items())]
    half, two = add_months(at, -6), add_months(at, -24)
    begun = pl.col("started_on")
    tenures = {
        "under 6 months": begun > half,
        "6 to 24 months": (begun <= half) & (begun >= two),
        "over 24 months": begun < two,
    }
    parts += [_band(there, "tenure", name, order, inside) for order, (name, inside) in enumerate(tenures.items())]
    counted = pl.concat(parts)
    spans = [wilson(hits, trials) for hits, trials in counted.select("covered", "people").iter_rows()]
    return counted.with_columns(
        pl.when(pl.col("people") > 0).then(pl.col("covered") / pl.col("people")).alias("coverage"),
        pl.Series("low", [span[0] if span else None for span in spans], dtype=pl.Float64),
        pl.Series("high", [span[1] if span else None for span in spans], dtype=pl.Float64),
        pl.when(pl.col("expected") > 0).then(pl.col("met") / pl.col("expected")).alias("adherence"),
    ).select(list(BAND_COLUMNS))


def _band(there: pl.DataFrame, what: str, name: str, order: int, inside: pl.Expr) -> pl.DataFrame:
    rows = there.filter(inside)
    values = {
        "what": what,
        "band": name,
        "order": order,
        "people": rows.height,
        "covered": int(rows["coaching_coverage"].sum() or 0),
        "expected": int(rows["expected_slots"].sum() or 0),
        "met": int(rows["met_slots"].sum() or 0),
    }
    return pl.DataFrame([values], schema=BANDS | {"expected": pl.Int64, "met": pl.Int64})


def without_small_bands(found: pl.DataFrame) -> pl.DataFrame:
    """For whoever sees no single rep: bands of one to four people keep their name and lose their numbers.

    So does the next smallest band where the hidden ones together are fewer than five: the total is known, and what is
    left of it must not be a handful either.
    """
    hidden: set[tuple[str, str]] = set()
    for what, rows in found.filter(pl.col("people") > 0).sort("people", "order").group_by("what", maintain_order=True):
        count = 0
        for band, people in rows.select("band", "people").iter_rows():
            if people >= SMALLEST_TEAM and not 0 < count < SMALLEST_TEAM:
                break
            hidden.add((str(what[0]), band))
            count += people
    is_hidden = pl.Series([key in hidden for key in found.select("what", "band").iter_rows()], dtype=pl.Boolean)
    numbers_of = [name for name in found.columns if name not in {"what", "band", "order"}]
    return found.with_columns(pl.when(is_hidden).then(None).otherwise(pl.col(name)).alias(name) for name in numbers_of)


def bands_sentence(found: pl.DataFrame) -> str:
    """The title of the figure of bands: are the strong and the new coached as well?"""
    shares = {
        (what, order): (covered, people)
        for what, order, covered, people in found.select("what", "order", "covered", "people").iter_rows()
        if people
    }
    words = {("tier", 0): "in the top third", ("tenure", 0): "in their first six months"}
    parts = [
        f"{numbers.count(shares[place][0])} of {numbers.count(shares[place][1])} {words[place]}"
        for place in words
        if place in shares
    ]
    return f"Coached: {', '.join(parts)}" if parts else "Coverage by performance tier and by tenure"


CHANNEL_NAMES = {
    "field": "in the field",
    "phone": "on the phone",
    "video": "video",
    "recorded": "recorded call",
    "role_play": "role-play",
}
METHOD_NAMES = {name: words.lower() for name, words in METHODS.items()}


def mix(found: pl.DataFrame, what: str) -> pl.DataFrame:
    """label, count and share of one kind of mix, the most frequent first; what nobody wrote down comes last."""
    names = CHANNEL_NAMES if what == "channel" else METHOD_NAMES
    rows = found.filter(pl.col("what") == what)
    total = rows["count"].sum()
    labels = [names.get(word, word) if word else "not written down" for word in rows["word"]]
    return (
        rows.with_columns(pl.Series("label", labels, dtype=pl.String), pl.col("word").is_null().alias("last"))
        .with_columns((pl.col("count") / total).alias("share"))
        .sort("last", "count", "label", descending=[False, True, False])
        .select("label", "count", "share")
    )


def mix_sentence(rows: pl.DataFrame, what: str) -> str:
    """The title of a mix."""
    things, verb = ("observation", "recorded") if what == "channel" else ("session", "held")
    if rows.is_empty():
        return f"No {things} was {verb} in this period"
    return f"{numbers.plural(int(rows['count'].sum()), things)}, most often {rows['label'][0]}"


def kinds_sentence(found: pl.DataFrame) -> str:
    """How many one-on-ones, and how many group and peer sessions beside them, which meet no slot."""
    counts = dict(found.filter(pl.col("what") == "kind").select("word", "count").iter_rows())
    own, other = counts.get("own_manager", 0), counts.get("other_coach", 0)
    group, peer = counts.get("group", 0), counts.get("peer", 0)
    if not own + other + group + peer:
        return "No session was held in this period."
    ones = f"{numbers.plural(own + other, 'one-on-one')} held"
    by = f" ({numbers.count(own)} by the own manager, {numbers.count(other)} by another coach)" if own + other else ""
    beside = f"{numbers.plural(group, 'group session')} and {numbers.plural(peer, 'peer session')}"
    return f"{ones}{by}. Beside them {beside}, counted apart: they meet no slot."


# ---- What is to be booked ------------------------------------------------------------------------------------------


def to_book(people: pl.DataFrame, stands: pl.DataFrame) -> pl.DataFrame:
    """person_id, name, due_on of whoever is past due or due next and has nothing planned; the earliest due first.

    ``stands`` as ``standing`` gives them.
    """
    wanted = pl.col("standing").is_in([PAST, DUE, RUNNING]) & pl.col("planned_on").is_null()
    missing = stands.filter(wanted & pl.col("due_on").is_not_null())
    return (
        missing.join(people.select("person_id", "name"), on="person_id")
        .sort("due_on", "name", "person_id")
        .select("person_id", "name", "due_on")
    )


def to_book_words(booked: pl.DataFrame) -> str:
    """How many one-on-ones are missing, in a sentence."""
    if booked.is_empty():
        return "Everybody has had their one-on-one or has one planned."
    verb = "is" if booked.height == 1 else "are"
    return f"{numbers.plural(booked.height, 'one-on-one')} {verb} to be held and not planned yet."


def still_here(people: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """``people`` without those who have left."""
    return people.filter(pl.col("left_on").is_null() | (pl.col("left_on") >= today))


def appointments(
    booked: pl.DataFrame, days_off: dict[int, set[dt.date]], today: dt.date, zone: dt.tzinfo
) -> list[Appointment]:
    """A half-hour for each row of ``to_book``, staggered from the next working day on. ``days_off`` by person_id."""
    away = [days_off.get(person_id, set()) for person_id in booked["person_id"]]
    starts = next_times(away, today, zone)
    return [
        Appointment(
            # The same rep and due date give the same entry, so a file loaded twice adds nothing.
            uid=f"one-on-one-{row['person_id']}-{row['due_on']:%Y%m%d}@sideline",
            title=f"One-on-one with {numbers.plain_name(row['name'])}",
            starts_at=start,
        )
        for row, start in zip(booked.iter_rows(named=True), starts, strict=True)
    ]


def last_full_quarter(at: dt.date, calendar: Calendar) -> Period:
    """The last fiscal quarter that was over by ``at``."""
    is_last_day = calendar.period_end(at, "quarter") == at
    start = calendar.quarter_start(at) if is_last_day else add_months(calendar.quarter_start(at), -3)
    return Period(start, add_months(start, 3) - dt.timedelta(days=1))


def table(
    people: pl.DataFrame,
    values: pl.DataFrame,
    stands: pl.DataFrame,
    sessions: pl.DataFrame,
    period: Period,
    at: dt.date,
) -> pl.DataFrame:
    """The page's table, by name: person_id, name, standing, last_on, planned_on, next_due_on, held (3 of 4),
    longest_gap_days, others (group and peer sessions in the period).
    """
    others = (
        sessions.filter(
            (pl.col("status") == "held")
            & ~pl.col("kind").is_in(ONE_ON_ONES)
            & pl.col("on").is_between(period.start, at)
        )
        .group_by("person_id")
        .agg(pl.len().cast(pl.Int64).alias("others"))
    )
    return (
        people.join(stands.rename({"due_on": "stands_since"}), on="person_id", how="left", maintain_order="left")
        .join(
            values.rename({"row_id": "person_id"}).drop("name", "id"), on="person_id", how="left", maintain_order="left"
        )
        .join(others, on="person_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("standing").replace_strict(STANDING_WORDS, default=""),
            pl.format("{} of {}", pl.col("met_slots").cast(pl.Int64), pl.col("expected_slots").cast(pl.Int64)).alias(
                "held"
            ),
            pl.col("others").fill_null(0),
        )
        .select(
            "person_id",
            "name",
            "standing",
            "last_on",
            "planned_on",
            "next_due_on",
            "held",
            "longest_gap_days",
            "others",
        )
    )


def days_off(people: pl.DataFrame, holidays: pl.DataFrame, absences: pl.DataFrame) -> dict[int, set[dt.date]]:
    """Days on which each person is on holiday or absent; absences are cut to two years each."""
    found: dict[int, set[dt.date]] = {}
    everywhere = set(holidays.filter(pl.col("region").is_null())["on_date"])
    for person_id, region in people.select("person_id", "region").iter_rows():
        local: list[dt.date] = holidays.filter(pl.col("region") == region)["on_date"].to_list() if region else []
        found[person_id] = everywhere | set(local)
    for person_id, first, last in absences.select("person_id", "starts_on", "ends_on").iter_rows():
        if person_id in found:
            length = min((last - first).days, 730)
            found[person_id] |= {first + dt.timedelta(days=number) for number in range(length + 1)}
    return found
