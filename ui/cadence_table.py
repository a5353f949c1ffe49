"""Rows of the cadence page: which reps its picture shows, and its table, by name, where a click opens the rep."""

from __future__ import annotations

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.cadence_view import DUE, PAST
from ui import address, tables

SHOWN = {"due": "Past or due", "all": "Everybody"}
MOST_AT_ONCE = 30
"""With more reps the picture starts with those that are past or due."""
MOST_ROWS = 150


def pictured(people: pl.DataFrame, stands: pl.DataFrame) -> pl.DataFrame:
    """The people the picture shows, by name: all of a small team; of a large one what the reader chooses."""
    if people.height <= MOST_AT_ONCE:
        return people
    said = address.text("shown")
    st.session_state["shown_choice"] = said if said in SHOWN else "due"
    chosen = st.radio(
        "Who is shown", list(SHOWN), format_func=SHOWN.get, horizontal=True, key="shown_choice", on_change=_choose_shown
    )
    late = stands.filter(pl.col("standing").is_in([PAST, DUE]))["person_id"].to_list()
    shown = people.filter(pl.col("person_id").is_in(late)) if chosen == "due" else people
    if shown.height > MOST_ROWS:
        st.caption(
            f"The first {MOST_ROWS} of {numbers.plural(shown.height, 'rep')}, by name. A team shows all of its own."
        )
    return shown.head(MOST_ROWS)


def _choose_shown() -> None:
    chosen = st.session_state["shown_choice"]
    address.put(shown=None if chosen == "due" else chosen)


def reps(frame: pl.DataFrame, *, key: str) -> None:
    """``frame`` as coaching.cadence_view.table gives it."""
    date = "D MMM YYYY"
    number = st.column_config.NumberColumn
    day = st.column_config.DateColumn
    tables.openable(
        frame.drop("person_id"),
        frame["person_id"].to_list(),
        key=key,
        alt=f"One row per rep, {frame.height} in all: last and next one-on-one, how many were held, longest gap.",
        columns={
            "standing": st.column_config.TextColumn("Where it stands", width=150),
            "last_on": day("Last one-on-one", format=date, width=112),
            "planned_on": day("Planned", format=date, width=96),
            "next_due_on": day(
                "Next due", format=date, width=96, help="Last day of the first slot that is not over and not met."
            ),
            "held": st.column_config.TextColumn(
                "Held", width=70, help="Expected slots of the period that were met, of those that were expected."
            ),
            "longest_gap_days": number(
                "Longest gap", format="%d d", width=92, help="Most days in a row without a one-on-one in the period."
            ),
            "others": number("Group, peer", format="%d", width=90, help="Sessions held that meet no slot."),
        },
    )


SHADE_WORDS = {
    "met": ":primary-background[slot met]",
    "not_met": ":orange-background[slot not met]",
    "open": ":gray-background[slot not over yet]",
    "excused": ":gray-background[darker: excused slot]",
}
MARK_WORDS = {
    "held": "● one-on-one held",
    "not_held": "✕ expected, not held",
    "missed": "✖ planned and missed",
    "moved": "▷ moved",
    "planned": "○ planned",
    "excused": "– excused session",
    "group": "■ group session",
    "peer": "◆ peer session",
}


def key(cells: pl.DataFrame, marks: pl.DataFrame) -> None:
    """What the shades and symbols in the picture mean. Text, because it has to wrap on a phone."""
    shades = [words for state, words in SHADE_WORDS.items() if state in cells["state"].to_list()]
    symbols = [words for mark, words in MARK_WORDS.items() if mark in marks["mark"].to_list()]
    if shades or symbols:
        joined = [words.replace(" ", numbers.SPACE) for words in (*shades, *symbols)]
        st.caption("Shade = what was expected of a week, symbol = what became of it: " + " · ".join(joined))
