"""Who needs the viewer now and what there is to be glad of: two short lists, each row with its reasons and the sum
behind its place. Rows lead to the brief; a reason can be put off and taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from coaching import numbers
from coaching.attention import words
from coaching.attention.order import (
    FIRST_ROWS,
    LONGEST_REASON,
    LONGEST_SNOOZE_DAYS,
    Entry,
    Listing,
    Reason,
    SnoozeDraft,
    Weights,
)
from coaching.attention.rules import BY_KEY
from ui import address, day_formats, drafts, plain_text, way_back
from ui.actions import Refused
from ui.actions import attention as actions
from ui.loaders import Sight
from ui.loaders import attention as reads
from ui.places import OBSERVATION, ONBOARDING, ONE_ON_ONE, PLAN, PROGRESS, SESSION

PLACES = {
    "progress": (PROGRESS, "Open progress"),
    "plan": (PLAN, "Open the plan"),
    "session": (SESSION, "Open sessions"),
    "observation": (OBSERVATION, "Open observations"),
    "onboarding": (ONBOARDING, "Open onboarding"),
}
LONGEST = 300
NEWS_FIRST = 5
DAYS_OFFERED = 14
_SAID = "attention_said"
_FORM = "put_off"
"""What it is remembered under that somebody needs no way back any more."""


def show(sight: Sight, title: str, found: Listing, weights: Weights, *, is_live: bool, is_known: bool) -> None:
    """The list of needs, five rows first. ``is_live``: it speaks of today, so that reasons can be put off;
    ``is_known``: anything that rules need has been loaded."""
    with st.container(border=True, gap="small", key="needs_list"):
        st.markdown(f"**{title}**")
        if found.needs:
            st.caption(words.ORDER_WORDS)
        if is_live:
            _said(sight)
        if not found.needs:
            nothing, why = words.nothing_words(found, is_known)
            st.markdown(nothing)
            if why:
                st.caption(why)
        for entry in found.needs[:FIRST_ROWS]:
            _need(sight, entry, weights, is_live)
        rest = found.needs[FIRST_ROWS:]
        if rest:
            more = st.expander(
                f"Show all {numbers.count(len(found.needs))}", type="compact", key="show_all_needs", on_change="rerun"
            )
            if more.open:
                with more:
                    for entry in rest:
                        _need(sight, entry, weights, is_live)
        _put_off(found, is_live)


def news(sight: Sight, found: Listing) -> None:
    """The list of good news, five rows first."""
    with st.container(border=True, gap="small", key="news_list"):
        st.markdown("**Good news**")
        if not found.news:
            st.markdown("Nothing new to be glad of this week.")
            st.caption(
                "Here stand record months and wins, skills and objectives reached, and promises kept: what to praise."
            )
        for entry in found.news[:NEWS_FIRST]:
            _glad(sight, entry)
        rest = found.news[NEWS_FIRST:]
        if rest:
            more = st.expander(
                f"Show all {numbers.count(len(found.news))}", type="compact", key="show_all_news", on_change="rerun"
            )
            if more.open:
                with more:
                    for entry in rest:
                        _glad(sight, entry)


def _text(text: str) -> str:
    """Words for Markdown as text; a number and its unit stay on one line."""
    return numbers.SPACE.join(plain_text.label(part, LONGEST) for part in text.split(numbers.SPACE))


# ---- Rows --------------------------------------------------------------------------------------------------------


def _need(sight: Sight, entry: Entry, weights: Weights, is_live: bool) -> None:
    with st.container(gap=None, key=f"need_row_{entry.rep_id}"):
        _head(entry, f"needs_{entry.rep_id}", words.place_words(entry, sight.company.currency), "orange")
        if entry.is_for_floor:
            st.markdown(f":blue[:material/visibility: {_text(words.floor_words(weights.floor_weeks))}]")
        for reason in words.row_reasons(entry):
            st.caption(_text(reason))
        if words.more_words(entry):
            st.caption(f"and {_text(words.more_words(entry))}")
        made = words.why_words(entry, sight.company.currency)
        why = st.expander(_text(f"Why this rep: {made}"), type="compact", key=f"why_{entry.rep_id}", on_change="rerun")
        if why.open:
            with why:
                _breakdown(sight, entry, is_live)


def _glad(sight: Sight, entry: Entry) -> None:
    with st.container(gap=None, key=f"news_row_{entry.rep_id}"):
        _head(entry, f"glad_{entry.rep_id}", "", "green")
        for reason in words.row_reasons(entry):
            st.caption(_text(reason))
        if words.more_words(entry):
            st.caption(f"and {words.more_words(entry)}")


def _head(entry: Entry, key: str, value: str, colour: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f":{colour}[●]", width="content")
        is_opened = st.button(
            f"**{plain_text.label(entry.name)}**", key=key, type="tertiary", help="Open this rep's progress."
        )
        st.space("stretch")
        if value:
            st.markdown(_text(value), width="content", help="What the list is ordered by; below it is how it is made.")
        is_prepared = st.button("Prepare", key=f"{key}_prepare", help="Open the brief for the one-on-one.")
    if is_opened:
        st.switch_page(PROGRESS, query_params=address.for_links(rep=entry.rep_id))
    if is_prepared:
        st.switch_page(ONE_ON_ONE, query_params=address.for_links(rep=entry.rep_id))


# ---- Why this rep ------------------------------------------------------------------------------------------------


def _breakdown(sight: Sight, entry: Entry, is_live: bool) -> None:
    """Every reason with its part of the sum and the rows it comes from; then what the sum is multiplied by."""
    currency = sight.company.currency
    with st.container(border=True, gap="small"):
        for reason in entry.reasons:
            _reason(entry.rep_id, reason, currency)
        with st.container(gap=None):
            st.caption(_text(words.neglect_words(entry)))
            st.markdown(f"**{_text(words.sum_words(entry, currency))}**")
    if is_live and sight.viewer.coaches:
        _put_off_form(sight, entry)


def _reason(rep_id: int, reason: Reason, currency: str) -> None:
    path, label = PLACES[BY_KEY[reason.rule].place]
    parts = (words.reason_sum_words(reason, currency), words.n_words(reason))
    told = f"{' · '.join(parts)} · from {words.source_words(reason.source_ids)}"
    with st.container(gap=None):
        st.markdown(_text(reason.words))
        st.caption(_text(told))
        is_opened = st.button(
            label, key=f"place_{rep_id}_{reason.rule}", type="tertiary", icon=":material/arrow_forward:"
        )
    if is_opened:
        st.switch_page(path, query_params=address.for_links(rep=rep_id))


# ---- Putting off -------------------------------------------------------------------------------------------------


def _put_off_form(sight: Sight, entry: Entry) -> None:
    form = f"snooze:{entry.rep_id}"
    levels = {reason.rule: reason.level for reason in entry.reasons}
    today = sight.company.today
    drafts.start(
        form,
        sight,
        {"rule": next(iter(levels)), "reason": "", "until": today + dt.timedelta(days=DAYS_OFFERED)},
    )
    if st.session_state[drafts.key(form, "rule")] not in levels:
        # What the draft speaks of no longer holds.
        st.session_state[drafts.key(form, "rule")] = next(iter(levels))
    st.markdown("**Put a reason off**")
    st.caption("Only you read what you write here. It comes back on the day, or earlier if it gets worse.")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Which",
            list(levels),
            format_func=lambda rule: BY_KEY[rule].flag if rule in BY_KEY else "",
            width=180,
            **drafts.field(form, "rule"),
        )
        st.text_input("Why it can wait", max_chars=LONGEST_REASON, width=240, **drafts.field(form, "reason"))
        st.date_input(
            "Until",
            format=day_formats.TYPED,
            min_value=today + dt.timedelta(days=1),
            max_value=today + dt.timedelta(days=LONGEST_SNOOZE_DAYS),
            width=140,
            **drafts.field(form, "until"),
        )
        st.button("Put off", key=f"put_off_{entry.rep_id}", on_click=_save, args=(entry.rep_id, levels))
    said = st.session_state.get(_SAID, {})
    if said.get("rep_id") == entry.rep_id:
        # Beside the fields, where whoever pressed the button is looking.
        for problem in st.session_state.pop(_SAID)["problems"]:
            st.warning(plain_text.label(problem, LONGEST), icon=":material/edit_note:")


def _save(rep_id: int, levels: dict[str, int]) -> None:
    form = f"snooze:{rep_id}"
    told = drafts.values(form)
    rule, until = str(told.get("rule")), told.get("until")
    draft = SnoozeDraft(rule, levels.get(rule, 1), rep_id, str(told.get("reason") or ""), until)
    done = actions.put_off(draft)
    if isinstance(done, Refused):
        st.session_state[_SAID] = {"problems": list(done.problems), "rep_id": rep_id}
        return
    drafts.finish(form)
    st.session_state.pop(_SAID, None)


def _said(sight: Sight) -> None:
    """What was put off last, with the way back for a day, also after a reload; and what the last click did."""
    said: dict[str, Any] = st.session_state.get(_SAID, {})
    for problem in said.get("problems", []) if "rep_id" not in said else []:
        st.warning(plain_text.label(problem, LONGEST), icon=":material/edit_note:")
        st.session_state.pop(_SAID, None)
    last = None if "saved" in said else way_back.unless_fine(sight, _FORM, "snooze_id", reads.put_off_lately(sight))
    if "saved" not in said and last is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="put_off_saved"):
        words_of = said["saved"] if last is None else _saved_words(last)
        st.markdown(f":material/check_circle: {_text(words_of)}", width="content")
        if last is not None:
            number = last["snooze_id"]
            st.button("Undo", key="undo_put_off", type="tertiary", on_click=_take_back, args=(number,))
            st.button("Fine", key="put_off_fine", type="tertiary", on_click=way_back.fine, args=(_FORM, number))
        else:
            st.button("Fine", key="put_off_fine", type="tertiary", on_click=_forget)


def _saved_words(row: dict[str, Any]) -> str:
    return f"{row['name']}, {BY_KEY[row['rule']].flag}: put off until {numbers.day(row['until_on'])}."


def _take_back(snooze_id: int) -> None:
    done = actions.take_back(snooze_id)
    if isinstance(done, Refused):
        st.session_state[_SAID] = {"problems": list(done.problems)}
    else:
        st.session_state[_SAID] = {"saved": "Taken back: it is listed again."}


def _forget() -> None:
    st.session_state.pop(_SAID, None)


def _put_off(found: Listing, is_live: bool) -> None:
    """How much was put off; on demand what, why and until when, with the way back."""
    if not found.put_off:
        return
    later = st.expander(f"{words.put_off_sentence(found)}, show", type="compact", key="show_put_off", on_change="rerun")
    if not later.open:
        return
    with later:
        st.caption(":material/lock: Only you see what you put off and why.")
        for row in found.put_off:
            with st.container(gap=None):
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    name, flag = plain_text.label(row.name), BY_KEY[row.rule].flag
                    st.markdown(f"**{name}**, {flag}, until {numbers.day(row.until_on)}", width="content")
                    if is_live:
                        st.button(
                            "Take back",
                            key=f"take_back_{row.snooze_id}",
                            type="tertiary",
                            on_click=_take_back,
                            args=(row.snooze_id,),
                        )
                st.caption(_text(row.reason))
                st.caption(_text(row.words))
