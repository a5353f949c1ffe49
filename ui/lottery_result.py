"""Drawn starting orders on their page: progress, result, who starts when, and how anybody draws them again."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.roi import lottery_words as words
from coaching.roi.verdict import TESTED
from ui import address, downloads, figures, loaders, places, plain_text, tables
from ui.loaders import Sight
from ui.loaders import lottery as reads

LONGEST_HYPOTHESIS = 1_000


def show(sight: Sight, drawn: dict[str, Any], chart: Callable[..., Any]) -> None:
    """One drawn order. ``chart`` draws its waves (charts.lottery.waves)."""
    today, number = sight.company.today, drawn["lottery_id"]
    waves = reads.waves(sight, number)
    sentence = words.waves_sentence(waves, today)
    with st.container(border=True, gap="small", key=f"lottery_{number}"):
        locked_on = _day(sight, drawn["locked_at"])
        by = f" by {plain_text.label(drawn['drawn_by'])}" if drawn["drawn_by"] else ""
        st.markdown(f"##### Drawn and locked on {numbers.day(locked_on)}{by}", anchors=False)
        figures.show(
            loaders.drawn(
                chart, words.with_state(waves, today), sentence=sentence, scope=f"as of today, {numbers.day(today)}"
            ),
            key=f"waves_{number}",
            alt=f"{sentence}. One bar per wave; begun = a session was held since the rep's first day.",
        )
        _result(sight, number)
        st.markdown(f"**Expected:** {plain_text.label(drawn['hypothesis'], LONGEST_HYPOTHESIS)}")
        _terms(drawn)
        _order(sight, number)
        _again(sight, drawn)


def _result(sight: Sight, number: int) -> None:
    found, as_of = reads.frozen_results(sight)
    badge, sentence = words.result_words(found.get(number))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if badge:
            st.badge(
                badge,
                color="green" if badge == TESTED else "gray",
                icon=":material/verified:" if badge == TESTED else ":material/hourglass_empty:",
            )
        st.markdown(plain_text.label(sentence, 400), width="content")
    if badge and as_of is not None:
        st.caption(f"From the result that was frozen as of {numbers.day(as_of)}; nothing is computed anew here.")
    else:
        st.caption("The order is tested whenever the programme's result is frozen.")


def _terms(drawn: dict[str, Any]) -> None:
    terms = drawn["terms"]
    parts = []
    if "coach_hours" in terms:
        parts.append(
            f"Coaches had {terms['coach_hours']:g} hours a month and a rep takes {terms['hours_per_rep']:g}, so"
            f" {terms['reps_per_wave']} start at a time."
        )
    if terms.get("visible_share") is not None:
        parts.append(
            f"Fixed before the draw: effects from about {numbers.share(terms['visible_share'])} of average results on"
            f" can be seen with {numbers.plural(terms['months'], 'month')} of results."
        )
    if parts:
        st.markdown(" ".join(parts))


def _order(sight: Sight, number: int) -> None:
    people = reads.drawn_people(sight).get(number)
    if people is None or people.is_empty():
        st.caption("Who starts when is seen by those who lead the reps; here stand counts.")
        return
    named = people["name"].null_count() == 0
    today = sight.company.today
    state = (
        pl.when(pl.col("begun_on").is_not_null())
        .then(pl.lit("has begun"))
        .when(pl.col("left_on") < pl.col("starts_on"))
        .then(pl.lit("left before"))
        .when(pl.col("starts_on") <= today)
        .then(pl.lit("no session yet"))
        .otherwise(pl.lit("to come"))
    )
    shown = people.select(
        "place",
        pl.col("name" if named else "key").map_elements(plain_text.cell, return_dtype=pl.String).alias("who"),
        "wave",
        "starts_on",
        *([state.alias("state"), pl.col("begun_on")] if named else []),
    )
    with st.expander("The drawn order", icon=":material/format_list_numbered:", expanded=shown.height <= 12):
        tables.plain(
            shown,
            key=f"order_{number}",
            alt=f"The drawn order, {shown.height} rows: place, rep, wave and first day.",
            columns={
                "place": st.column_config.NumberColumn("Place", width=60),
                "who": st.column_config.TextColumn("Rep" if named else "Id", width=180),
                "wave": st.column_config.NumberColumn("Wave", width=60),
                "starts_on": st.column_config.DateColumn("First day", format="D MMM YYYY", width=110),
                "state": st.column_config.TextColumn("State", width=120),
                "begun_on": st.column_config.DateColumn("First session", format="D MMM YYYY", width=110),
            },
        )
        st.caption("The place says who starts first, and nothing else: it was drawn.")


def _again(sight: Sight, drawn: dict[str, Any]) -> None:
    number, seed, keys = drawn["lottery_id"], drawn["seed"], drawn["terms"].get("eligible")
    with st.expander("Draw it again yourself", icon=":material/replay:"):
        if drawn["is_repeatable"]:
            st.markdown(
                ":material/check_circle: Drawn again just now from list and seed: the same order, place by place."
            )
        else:
            st.markdown(
                ":material/error: List and seed do not give the order that is stored. Somebody changed the database:"
                " run `python -m data_access check`."
            )
        st.markdown(f"Seed: {plain_text.label(seed)} · {numbers.plural(drawn['reps'], 'id')} in the list")
        st.markdown(words.ALGORITHM)
        if keys is None:
            st.caption("The list of ids is handed out to those who may enrol everybody who was drawn.")
            return
        st.markdown(f"With the list of ids as `{words.IDS_FILE}`, one line prints the order again:")
        st.code(words.command(seed), language=None, wrap_lines=True)
        with st.container(horizontal=True, gap="small"):
            downloads.link(sight, "lottery_ids", "The list of ids", words.IDS_FILE, lottery_id=number)
            downloads.link(sight, "lottery_order", "The order as CSV", "drawn-order.csv", lottery_id=number)


def to_the_return(sight: Sight) -> None:
    """The way to the page that says what the programme changed."""
    st.page_link(
        places.PROGRAMME,
        label="What the programme changed",
        icon=":material/arrow_forward:",
        query_params=address.for_links(),
    )


def _day(sight: Sight, moment: dt.datetime) -> dt.date:
    return moment.astimezone(zoneinfo.ZoneInfo(sight.company.calendar.time_zone)).date()
