"""Who is coached since when: the form for several at once, and everybody in view who is enrolled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.programme import HOURS_TO_UNDO, REASONS
from coaching.roi.lottery_draw import REASON as DRAWN
from ui import address, day_formats, drafts, loaders, places, plain_text, tables
from ui import programme_answers as answers
from ui.actions import Refused
from ui.actions import programme_data as actions
from ui.loaders import Sight
from ui.loaders import lottery as programme_reads
from ui.loaders import programme_data as reads

FORM = "enrolment"
_WHY = {**REASONS, DRAWN: "Drawn by lot"}
MOST_LISTED = 12


def show(sight: Sight) -> None:
    """The whole section."""
    st.subheader("Who is coached since when", anchor=False)
    st.markdown(
        "The first day is what every comparison hangs on: the day from which somebody was meant to be coached, whatever"
        " happened then. It stays, also if coaching lapses."
    )
    eligible = programme_reads.eligible(sight)
    if eligible.height:
        with st.expander(
            f"Enrol somebody: {numbers.plural(eligible.height, 'rep')} can be", icon=":material/add:", key="enrol_form"
        ):
            _form(sight, eligible)
    answers.say("enrolments")
    _table(sight)
    _just_now(sight)
    if eligible.height > 1:
        st.markdown("More reps than coaches have hours for? Where the order is drawn, the result can be tested.")
        st.page_link(
            places.LOTTERY,
            label="Let the order be drawn by lot",
            icon=":material/casino:",
            query_params=address.for_links(),
        )


def _form(sight: Sight, eligible: pl.DataFrame) -> None:
    names = dict(eligible.select("person_id", "name").iter_rows())
    keys = dict(eligible.select("key", "person_id").iter_rows())
    programmes = dict(programme_reads.programmes(sight).select("programme_id", "name").iter_rows())
    drafts.start(
        FORM,
        sight,
        {"people": [], "ids": "", "first": sight.company.today, "reason": "chosen", "programme": None},
    )
    by_name = None not in names.values()
    if by_name:
        st.multiselect(
            "Who",
            list(names),
            format_func=lambda person_id: plain_text.cell(names.get(person_id, "")),
            placeholder="Choose one or several",
            **drafts.field(FORM, "people"),
        )
    else:
        st.text_area(
            "Who, by the ids of your people file: one a line, or with commas",
            height=100,
            placeholder=", ".join(list(keys)[:3]),
            help="An admin keeps the data and reads nothing about people: names stand with those who lead them.",
            **drafts.field(FORM, "ids"),
        )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.date_input("First day", format=day_formats.TYPED, width=150, **drafts.field(FORM, "first"))
        st.selectbox(
            "Why then", list(REASONS), format_func=lambda one: REASONS.get(one, ""), width=260,
            **drafts.field(FORM, "reason"),
        )  # fmt: skip
        if len(programmes) > 1:
            st.selectbox(
                "Programme", list(programmes), index=None, placeholder="Choose one", width=220,
                format_func=lambda number: plain_text.cell(programmes.get(number, "")),
                **drafts.field(FORM, "programme"),
            )  # fmt: skip
        st.button("Enrol", key="enrol_save", type="primary", on_click=_enrol, args=(keys, by_name))
    st.caption(
        "Whoever is chosen for bad months is compared without the three months before. Where the order does not matter"
        " to you, let it be drawn."
    )


def _enrol(keys: dict[str, int], by_name: bool) -> None:
    told = drafts.values(FORM)
    people: Sequence[int] = told["people"] or []
    if not by_name:
        wanted = list(
            dict.fromkeys(part.strip() for part in told["ids"].replace(",", "\n").splitlines() if part.strip())
        )
        unknown = [one for one in wanted if one not in keys]
        if unknown:
            answers.keep("enrolments", Refused((_unknown(unknown),)), "")
            return
        people = [keys[one] for one in wanted]
    done = actions.enrol(people, told["first"], told["reason"], told["programme"])
    many = numbers.plural(len(people), "rep is", "reps are")
    if answers.keep("enrolments", done, f"{many} enrolled.", actions.undo_enrolments, (done,)):
        drafts.finish(FORM)


def _unknown(ids: Sequence[str]) -> str:
    named = ", ".join(ids[:5]) + (" and more" if len(ids) > 5 else "")
    return f"Nobody who can be enrolled has the id {named}: enrolled already, not in view, or misspelt."


def _table(sight: Sight) -> None:
    found = reads.enrolled(sight)
    if found.is_empty():
        st.markdown("Nobody in your view is enrolled yet.")
        return
    named = found["name"].null_count() == 0
    found = found.sort("name" if named else "key", "starts_on")
    zone = sight.company.calendar.time_zone
    shown = found.select(
        pl.col("name" if named else "key").map_elements(plain_text.cell, return_dtype=pl.String).alias("who"),
        "starts_on",
        pl.col("reason").replace(_WHY),
        pl.col("programme").map_elements(plain_text.cell, return_dtype=pl.String),
        pl.when("is_imported").then(pl.lit("a file")).otherwise(pl.col("enrolled_by").fill_null("–")).alias("by"),
        pl.col("recorded_at").dt.convert_time_zone(zone).dt.date().alias("entered_on"),
    )
    drawn = found.filter(pl.col("reason") == DRAWN).height
    st.markdown(
        f"{numbers.plural(found.height, 'rep')} in your view, from {numbers.day(found['starts_on'].min())}"  # type: ignore[arg-type]
        f" to {numbers.day(found['starts_on'].max())}; {drawn} of them drawn by lot."  # type: ignore[arg-type]
    )
    tables.plain(
        shown,
        key="enrolled_table",
        alt=f"{shown.height} enrolments by {'name' if named else 'id'}: who, from when, why, by whom.",
        columns={
            "who": st.column_config.TextColumn("Rep" if named else "Id", pinned=True, width=150),
            "starts_on": st.column_config.DateColumn("First day", format="D MMM YYYY", width=110),
            "reason": st.column_config.TextColumn("Why then", width=205),
            "programme": st.column_config.TextColumn("Programme", width=155),
            "by": st.column_config.TextColumn("Entered by", width=125),
            "entered_on": st.column_config.DateColumn("Entered on", format="D MMM YYYY", width=110),
        },
    )


def _just_now(sight: Sight) -> None:
    """What can still be taken back: entered by hand within a day."""
    since = loaders.now() - dt.timedelta(hours=HOURS_TO_UNDO)
    rows = reads.enrolled(sight).filter(
        pl.col("recorded_at").is_not_null(),
        pl.col("recorded_at") >= since,
        ~pl.col("is_imported"),
        pl.col("reason") != DRAWN,
    )
    if rows.is_empty():
        return
    with st.expander(f"Entered just now: {numbers.plural(rows.height, 'enrolment')}", type="compact"):
        for row in rows.head(MOST_LISTED).iter_rows(named=True):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                who = plain_text.label(row["name"] or row["key"])
                st.markdown(f"{who}, from {numbers.day(row['starts_on'])}", width="stretch")
                st.button(
                    "Take back",
                    key=f"enrolment_back_{row['enrolment_id']}",
                    type="tertiary",
                    on_click=_take_back,
                    args=(row["enrolment_id"],),
                )
        st.caption(
            f"A slip can be taken back for {HOURS_TO_UNDO} hours, unless a result has been frozen with it. After that"
            " the first day stays: moving it once results are known would be choosing the result."
        )


def _take_back(enrolment_id: int) -> None:
    answers.keep("enrolments", actions.undo_enrolments([enrolment_id]), "The enrolment is taken back.")
