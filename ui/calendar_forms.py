"""Forms of the coaching calendar: who is away, holidays, policies. Whatever is saved can be taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.cadence import COACHED_ROLES, LONGEST_WORDS, AbsenceDraft, HolidayDraft, PolicyDraft
from ui import day_formats, drafts, empty_states, plain_text
from ui.actions import Refused, calendar
from ui.loaders import Sight
from ui.loaders import cadence as loaders

ABSENCE, HOLIDAY, POLICY = "absence", "holiday", "cadence_policy"
_SAID = "calendar_said"
_ROLE_NAMES = {"rep": "Reps", "manager": "Managers", "leader": "Sales leaders"}
MOST_LISTED = 30


def absences(sight: Sight, people: pl.DataFrame, since: dt.date) -> None:
    """Who is away: the form, and the entries that end from ``since`` on, each with a way back.

    ``people``: person_id, name of those whose calendar the viewer keeps.
    """
    names = {row["person_id"]: plain_text.cell(row["name"]) for row in people.iter_rows(named=True)}
    if not names:
        return
    with st.expander("Who is away", icon=":material/beach_access:", key="absences"):
        st.markdown("A slot is not expected of somebody who is away for at least half of its working days.")
        today = sight.company.today
        drafts.start(ABSENCE, sight, {"person_id": None, "first": today, "last": today, "reason": ""})
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.selectbox(
                "Rep", list(names), index=None, format_func=_named(names), placeholder="Choose a rep", width=220,
                **_kept(ABSENCE, "person_id"),
            )  # fmt: skip
            st.date_input("First day away", format=day_formats.TYPED, width=150, **_kept(ABSENCE, "first"))
            st.date_input("Last day away", format=day_formats.TYPED, width=150, **_kept(ABSENCE, "last"))
            st.text_input("Reason, if you like", max_chars=LONGEST_WORDS, width=220, **_kept(ABSENCE, "reason"))
            st.button("Save", key="absence_save", type="primary", on_click=_save_absence)
        _said(ABSENCE)
        _entries(
            loaders.absences(sight, since=since).filter(pl.col("person_id").is_in(list(names))),
            ABSENCE,
            "Nobody is down as away.",
            lambda row: (
                f"{plain_text.label(row['name'])}, {numbers.span(row['starts_on'], row['ends_on'])}"
                + (f" · {plain_text.label(row['reason'], 120)}" if row["reason"] else "")
            ),
        )


def settings(sight: Sight) -> None:
    """For whoever keeps the company's settings: how often a role is coached, and the holidays. Nothing about people."""
    today = sight.company.today
    st.subheader("How often a role is coached", anchor=False)
    st.markdown("Without an entry, reps are expected to have a one-on-one every 14 days, 3 days late at most.")
    drafts.start(POLICY, sight, {"role": "rep", "every": 14, "tolerance": 3, "first": today})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Role", list(COACHED_ROLES), format_func=lambda role: _ROLE_NAMES[role], width=160, **_kept(POLICY, "role")
        )
        st.number_input("Every … days", min_value=1, max_value=366, step=1, width=140, **_kept(POLICY, "every"))
        st.number_input("Days late", min_value=0, max_value=366, step=1, width=140, **_kept(POLICY, "tolerance"))
        st.date_input("From", format=day_formats.TYPED, width=150, **_kept(POLICY, "first"))
        st.button("Save", key="cadence_policy_save", type="primary", on_click=_save_policy)
    _said(POLICY)
    _entries(
        loaders.policy_entries(sight),
        POLICY,
        "Nothing has been set: the 14 days hold.",
        lambda row: (
            f"{_ROLE_NAMES.get(row['role'], row['role'])}: every {numbers.days(row['every_days'])},"
            f" {numbers.days(row['tolerance_days'])} late at most, "
            + (f"from {numbers.day(row['starts_on'])}" if row["starts_on"] else "since ever")
        ),
    )
    st.subheader("Holidays", anchor=False)
    drafts.start(HOLIDAY, sight, {"day": today, "region": "", "name": ""})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.date_input("Day", format=day_formats.TYPED, width=150, **_kept(HOLIDAY, "day"))
        st.text_input("Region, empty = everywhere", max_chars=LONGEST_WORDS, width=220, **_kept(HOLIDAY, "region"))
        st.text_input("Name", max_chars=LONGEST_WORDS, width=220, **_kept(HOLIDAY, "name"))
        st.button("Save", key="holiday_save", type="primary", on_click=_save_holiday)
    _said(HOLIDAY)
    _entries(
        loaders.holiday_entries(sight, since=today),
        HOLIDAY,
        "No holiday is down from today on.",
        lambda row: (
            numbers.day(row["on_date"])
            + (f" · {plain_text.label(row['name'])}" if row["name"] else "")
            + (f" · {plain_text.label(row['region'])}" if row["region"] else "")
        ),
    )


def _kept(form: str, field: str) -> dict[str, Any]:
    return {"key": drafts.key(form, field), "on_change": drafts.keep, "args": (form,)}


def _named(names: dict[int, str]) -> Any:
    return lambda person_id: names.get(person_id, "")


def _entries(rows: pl.DataFrame, form: str, nothing: str, words: Any) -> None:
    """The entries, the nearest first, each with the button that takes it back."""
    if rows.is_empty():
        st.caption(nothing)
        return
    for row in rows.head(MOST_LISTED).iter_rows(named=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(words(row), width="stretch")
            st.button(
                "Remove",
                key=f"{form}_remove_{row['entry_id']}",
                type="tertiary",
                on_click=_remove,
                args=(form, row["entry_id"]),
            )
    if rows.height > MOST_LISTED:
        st.caption(f"The first {MOST_LISTED} of {rows.height}.")


def _save_absence() -> None:
    told = drafts.values(ABSENCE)
    draft = AbsenceDraft(told.get("person_id"), told.get("first"), told.get("last"), told.get("reason"))
    _done(ABSENCE, calendar.add_absence(draft), "Saved. It stands below, with a way to take it back.")


def _save_holiday() -> None:
    told = drafts.values(HOLIDAY)
    draft = HolidayDraft(told.get("day"), told.get("region") or None, told.get("name") or None)
    _done(HOLIDAY, calendar.add_holiday(draft), "Saved. Nobody is expected to be coached on that day.")


def _save_policy() -> None:
    told = drafts.values(POLICY)
    draft = PolicyDraft(str(told.get("role")), told.get("every"), told.get("tolerance"), told.get("first"))
    _done(POLICY, calendar.set_policy(draft), "Saved. Slots that begin from that day on follow it.")


def _remove(form: str, entry_id: int) -> None:
    by_form = {ABSENCE: calendar.remove_absence, HOLIDAY: calendar.remove_holiday, POLICY: calendar.remove_policy}
    _say(form, by_form[form](entry_id), "Removed.")


def _done(form: str, result: int | Refused, saved: str) -> None:
    if not isinstance(result, Refused):
        drafts.finish(form)
    _say(form, result, saved)


def _say(form: str, result: Any, done: str) -> None:
    problems = result.problems if isinstance(result, Refused) else ()
    st.session_state[_SAID] = (form, problems, done)


def _said(form: str) -> None:
    """What came of the last click, once."""
    said = st.session_state.get(_SAID)
    if not said or said[0] != form:
        return
    del st.session_state[_SAID]
    for problem in said[1]:
        st.warning(plain_text.label(problem, 300), icon=":material/edit_note:")
    if not said[1]:
        st.success(said[2], icon=":material/check:")


def for_this_role(sight: Sight) -> None:
    """What the page of cadence says to whoever sees no team: the settings for an admin, the way home for a rep."""
    if sight.viewer.loads_data:
        st.markdown("You keep what is expected: the policy and the holidays. What was held stays with those who coach.")
        settings(sight)
    else:
        empty_states.not_for_this_role(sight, "The cadence page is for those who lead a team or the company")
