"""What an hour of a coach and of a rep costs: the form with its result shown at once, and the rates that hold."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.programme import HOURS_TO_UNDO, WHO, RateDraft
from ui import day_formats, drafts, loaders, plain_text
from ui import programme_answers as answers
from ui.actions import programme_data as actions
from ui.loaders import Sight
from ui.loaders import programme_data as reads

FORM = "hour-rate"
BY_AMOUNT, BY_SALARY = "amount", "salary"
_WAYS = {BY_SALARY: "Work it out from a salary", BY_AMOUNT: "I know the amount"}


def show(sight: Sight) -> None:
    """The whole section."""
    st.subheader("What an hour costs", anchor=False)
    st.markdown(
        "Hours of sessions, preparation and observations with enrolled reps are counted from what is recorded; a rate"
        " turns them into money. Average figures of the company, never a person's pay."
    )
    _rates(sight)
    with st.expander("Say what an hour costs", icon=":material/add:", key="rate_form"):
        _form(sight)
    answers.say("rates")


def _rates(sight: Sight) -> None:
    found = reads.hour_rates(sight)
    if found.is_empty():
        st.markdown(
            "No rate has been entered yet: the costs of hours that were entered hold. Hours with neither are not free,"
            " and no return is shown."
        )
        return
    with st.container(border=True, gap="xsmall", key="rates"):
        for who, title in WHO.items():
            rows = found.filter(pl.col("who") == who).sort("starts_on", descending=True, nulls_last=True)
            if rows.is_empty():
                st.markdown(f"**{title}**: no rate yet")
            for row in rows.iter_rows(named=True):
                _rate(sight, title, row)


def _rate(sight: Sight, title: str, row: dict[str, Any]) -> None:
    company = sight.company
    since = f"from {numbers.day(row['starts_on'])}" if row["starts_on"] else "since ever"
    amount = exactly(row["reporting_amount"] / 10**company.minor_digits, company.currency)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{title}**: {amount} an hour, {since}", width="content")
        st.caption(plain_text.label(_basis(row), 200), width="content")
        if loaders.now() - row["recorded_at"] <= dt.timedelta(hours=HOURS_TO_UNDO):
            st.button(
                "Take back",
                key=f"rate_back_{row['rate_id']}",
                type="tertiary",
                help=f"Within {HOURS_TO_UNDO} hours; what held before holds again.",
                on_click=_take_back,
                args=(row["rate_id"],),
            )


def _basis(row: dict[str, Any]) -> str:
    by = f"entered by {row['set_by']}" if row["set_by"] else "entered by an admin"
    found = json.loads(row["basis"] or "{}")
    if "salary" not in found:
        return by
    times, hours = 1 + found.get("benefits_share", 0), found["productive_hours"]
    return f"{found['salary']:,.0f} × {times:g} ÷ {hours:,.0f} hours, {by}"


def exactly(amount: float, currency: str) -> str:
    """An amount to the cent: an hour's cost is too small for k and M."""
    return f"{currency}{numbers.SPACE}{amount:,.2f}"


def _form(sight: Sight) -> None:
    drafts.start(
        FORM,
        sight,
        {
            "who": "coach",
            "way": BY_SALARY,
            "hourly": None,
            "salary": None,
            "benefits": 25.0,
            "hours": 1_800.0,
            "currency": sight.company.currency,
            "first": None,
        },
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.radio(
            "Whose hour", list(WHO), format_func=lambda who: WHO[who], horizontal=True, **drafts.field(FORM, "who")
        )
        st.radio("How", list(_WAYS), format_func=lambda way: _WAYS[way], horizontal=True, **drafts.field(FORM, "way"))
    by_salary = drafts.values(FORM)["way"] == BY_SALARY
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if by_salary:
            st.number_input(
                "Salary a year", value=None, min_value=0.0, step=1000.0, format="%.0f", placeholder="140000", width=150,
                **drafts.field(FORM, "salary"),
            )  # fmt: skip
            st.number_input(
                "Benefits, % on top", min_value=0.0, max_value=300.0, step=1.0, format="%g", width=150,
                **drafts.field(FORM, "benefits"),
            )  # fmt: skip
            st.number_input(
                "Hours worked a year", min_value=0.0, step=50.0, format="%.0f", width=160,
                **drafts.field(FORM, "hours"),
            )  # fmt: skip
        else:
            st.number_input(
                "Cost of an hour", value=None, min_value=0.0, step=1.0, format="%.2f", width=160,
                **drafts.field(FORM, "hourly"),
            )  # fmt: skip
        st.text_input("Currency", max_chars=3, width=90, **drafts.field(FORM, "currency"))
        st.date_input(
            "From, empty = since ever", format=day_formats.TYPED, value=None, width=190,
            help="A rate holds until the next one begins. Several with one first day: the latest word holds.",
            **drafts.field(FORM, "first"),
        )  # fmt: skip
    draft = _draft()
    if by_salary:
        st.markdown(_worked_out(draft))
    st.button("Set the rate", key="rate_save", type="primary", on_click=_set)


def _worked_out(draft: RateDraft) -> str:
    """Salary × (1 + benefits) ÷ hours, as it stands in the form."""
    if draft.amount is None or not draft.salary:
        return "140,000 with 25 % benefits over 1,800 hours would be 97.22 an hour."
    share, hours = draft.benefits_share or 0.0, draft.productive_hours or 0.0
    return (
        f"{draft.salary:,.0f} × {1 + share:g} ÷ {hours:,.0f} hours = **{draft.amount:,.2f}** an hour"
        f" in {plain_text.label(draft.currency or '')}"
    )


def _draft() -> RateDraft:
    told = drafts.values(FORM)
    currency = (told["currency"] or "").strip().upper() or None
    if told["way"] == BY_AMOUNT:
        return RateDraft(told["who"], currency, told["first"], hourly=told["hourly"])
    benefits = told["benefits"]
    return RateDraft(
        told["who"],
        currency,
        told["first"],
        salary=told["salary"] or None,
        benefits_share=None if benefits is None else benefits / 100,
        productive_hours=told["hours"],
    )


def _set() -> None:
    done = actions.set_rate(_draft())
    if answers.keep(
        "rates", done, "The rate is set.", actions.undo_rate, (done,), "Taken back; what held before holds."
    ):
        drafts.finish(FORM)


def _take_back(rate_id: int) -> None:
    answers.keep("rates", actions.undo_rate(rate_id), "Taken back; what held before holds again.")
