"""What stands around the form of a session: promises, planned sessions and their topics, past ones, the pulse."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.people import Role
from coaching.pulse import ENDS, HIGHEST, LOWEST, QUESTIONS, PulseAnswer
from coaching.sessions import (
    LONGEST_LINE,
    STATUSES,
    TRIGGERS,
    ask_words,
    due_words,
    headline,
    planned_sentence,
    promises_sentence,
)
from ui import address, plain_text, sign_in, way_back
from ui.actions import Refused
from ui.actions import sessions as actions
from ui.loaders import Sight, last_steps
from ui.loaders import sessions as reads
from ui.session_form import SAID

KEPT_LISTED = 5
DAYS_UNTIL_OLD = 60
"""Promises due longer ago are folded away: they are open, and no longer what the next meeting is about."""
PAST_LISTED = 8
_REFUSED = "session_refused"
"""Session state: why a button outside the form did nothing."""
_PULSE = "session_pulse"
_FORM = "session"
"""What it is remembered under that somebody needs no way back any more."""


def close_old_rounds(sight: Sight) -> None:
    """The first visit after a month ends destroys the key of its pulse."""
    if reads.has_round_to_close(sight):
        actions.close_rounds()


def said(sight: Sight | None = None, rep_id: int | None = None) -> None:
    """What the last button did, with the way back.

    With ``sight`` that is still there after a reload, for as long as it is allowed: of what was saved about ``rep_id``,
    or (None) about anybody.
    """
    refused = st.session_state.pop(_REFUSED, None)
    if refused:
        st.warning(plain_text.label(" ".join(refused), 600), icon=":material/error:")
    done = st.session_state.get(SAID, {})
    words = done.get("saved")
    if words and not done.get("was_told"):
        # On a phone the button is far below this line; the toast is seen wherever the reader stands.
        st.toast(plain_text.label(words, 200), icon=":material/check_circle:")
        done["was_told"] = True
    step = _step(sight, done, rep_id)
    if words is None and step is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="session_saved"):
        told = words or _step_words(step or {})
        st.markdown(f":material/check_circle: {plain_text.label(told, 200)}", width="content")
        if step is not None:
            st.button("Undo", key="undo_session", type="tertiary", on_click=_undo, args=(step["session_id"],))
        st.button("Fine", key="session_fine", type="tertiary", on_click=_fine, args=(step and step.get("step_id"),))


def _step(sight: Sight | None, done: dict[str, Any], rep_id: int | None) -> dict[str, Any] | None:
    """What can be taken back: what was just saved, else (after a reload) what was saved last."""
    just_saved = done.get("session_id")
    if "saved" in done and just_saved is None:
        return None
    if sight is None:
        return {"session_id": just_saved} if just_saved is not None else None
    found = last_steps.session_to_undo(sight, rep_id if just_saved is None else None)
    if found is None or just_saved not in {None, found["session_id"]}:
        return None
    return way_back.unless_fine(sight, _FORM, "step_id", found)


def _step_words(step: dict[str, Any]) -> str:
    """What was saved last, after a reload: The session with Ravi Nair is written down."""
    became = {"plan_session": "planned", "move_session": "moved"}.get(step["action"])
    if became is None:
        became = "written down" if step["status"] == "held" else f"written down as {STATUSES[step['status']].lower()}"
    return f"The session with {step['name'] or 'somebody'} is {became}."


def _fine(step_id: int | None) -> None:
    st.session_state.pop(SAID, None)
    if step_id is not None:
        way_back.fine(_FORM, step_id)


def _undo(session_id: int) -> None:
    done = actions.undo(session_id)
    if isinstance(done, Refused):
        st.session_state[_REFUSED] = list(done.problems)
        return
    st.session_state[SAID] = {"saved": "Taken back.", "session_id": None}


# ---- Promises --------------------------------------------------------------------------------------------------


def promises(sight: Sight, rep_id: int | None, *, only_as_rep: bool = False) -> None:
    """Open promises, the viewer's own first, each with one tap to tick it off; the last kept ones below.

    ``only_as_rep``: of the viewer's own those from sessions in which they were coached.
    """
    found = reads.commitments(sight, rep_id, sight.company.today)
    if only_as_rep:
        found = found.filter(pl.col("side") == pl.when("is_mine").then(pl.lit("rep")).otherwise(pl.lit("coach")))
    with st.container(border=True, height="stretch", key="promises"):
        st.subheader("What we promised", anchor=False)
        st.markdown(promises_sentence(found, sight.company.today))
        open_ones = found.filter(pl.col("done_on").is_null())
        long_ago = sight.company.today - dt.timedelta(days=DAYS_UNTIL_OLD)
        is_old = pl.col("due_on").is_not_null() & (pl.col("due_on") < long_ago)
        for row in open_ones.filter(~is_old).iter_rows(named=True):
            _promise(sight, row)
        old = open_ones.filter(is_old)
        if old.height:
            with st.expander(f"Due more than {DAYS_UNTIL_OLD} days ago ({old.height})", type="compact"):
                for row in old.iter_rows(named=True):
                    _promise(sight, row)
        kept = found.filter(pl.col("done_on").is_not_null()).sort("done_on", descending=True, maintain_order=True)
        if kept.height:
            with st.expander(f"Kept lately ({min(kept.height, KEPT_LISTED)} of {kept.height})", type="compact"):
                for row in kept.head(KEPT_LISTED).iter_rows(named=True):
                    _promise(sight, row)


def _promise(sight: Sight, row: dict[str, Any]) -> None:
    binds = sight.viewer.person_id in {row["by_id"], row["to_id"]}
    is_done = row["done_on"] is not None
    who = "You" if row["is_mine"] else plain_text.label(row["by_name"])
    whom = "you" if row["to_id"] == sight.viewer.person_id else plain_text.label(row["to_name"])
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key=f"promise_{row['commitment_id']}"):
        if binds:
            st.button(
                "Done" if not is_done else "Open again",
                key=f"tick_{row['commitment_id']}",
                icon=":material/check:" if not is_done else ":material/undo:",
                on_click=_tick,
                args=(row["commitment_id"], is_done),
                help="Tick it off as kept today." if not is_done else None,
            )
        with st.container(gap=None):
            st.markdown(f"{plain_text.label(row['promise'], LONGEST_LINE)}")
            due = due_words(row["due_on"], row["done_on"], sight.company.today)
            st.caption(f"{who} to {whom}, {due}")


def _tick(commitment_id: int, is_done: bool) -> None:
    sight = sign_in.current_sight()
    done = actions.reopen(commitment_id) if is_done else actions.keep(commitment_id, sight.company.today)
    if isinstance(done, Refused):
        st.session_state[_REFUSED] = list(done.problems)


# ---- Planned sessions ------------------------------------------------------------------------------------------


def planned(sight: Sight, rep_id: int | None = None, open_id: int | None = None) -> None:
    """Planned sessions, those that wait to be written up first; a coach opens one with a tap, a rep adds topics."""
    found = reads.planned_sessions(sight, rep_id)
    if rep_id is None or sight.viewer.role is Role.REP:
        st.markdown(planned_sentence(found, sight.company.today))
    topics = reads.session_topics(sight, found["session_id"].to_list())
    is_brief = rep_id is None and sight.viewer.role is not Role.REP
    for row in found.iter_rows(named=True):
        if row["session_id"] != open_id:
            _planned(sight, row, topics.filter(pl.col("session_id") == row["session_id"]), is_brief)


def _planned(sight: Sight, row: dict[str, Any], topics: pl.DataFrame, is_brief: bool) -> None:
    is_coach = row["is_mine"]
    whom = row["rep_name"] if is_coach else row["coach_name"]
    if sight.viewer.person_id not in {row["coach_id"], row["rep_id"]}:
        whom = f"{row['rep_name'] or 'somebody'} and {row['coach_name']}"
    group = " (group)" if row["kind"] == "group" else ""
    waits = row["planned_on"] < sight.company.today
    day = f"{numbers.day(row['planned_on'])}, {numbers.ago(row['planned_on'], sight.company.today)}"
    with st.container(border=True, gap="small", key=f"planned_{row['session_id']}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{plain_text.label(whom)}**{group} · {day}", width="content")
            if waits:
                st.badge("Not written up", color="orange")
            if is_brief and topics.height:
                st.caption(numbers.plural(topics.height, "topic"), width="content")
            if is_brief:
                _open_button(sight, row)
        if not is_brief:
            for topic in topics.iter_rows(named=True):
                _topic(sight, row["session_id"], topic)
            _topic_form(row["session_id"])
        if sight.viewer.role is not Role.REP and not is_brief:
            _open_button(sight, row)


def _open_button(sight: Sight, row: dict[str, Any]) -> None:
    label = "Move or settle it"
    if row["is_mine"]:
        label = "Write it up" if row["planned_on"] <= sight.company.today else "Move it or write it up"
    st.button(
        label,
        key=f"open_{row['session_id']}",
        icon=":material/edit:",
        on_click=_open,
        args=(row["rep_id"], row["session_id"]),
    )


def _open(rep_id: int, session_id: int) -> None:
    st.session_state.pop(SAID, None)
    address.put(rep=rep_id, session=session_id)


def _topic(sight: Sight, session_id: int, topic: dict[str, Any]) -> None:
    is_mine = topic["added_by"] == sight.viewer.person_id
    who = "you" if is_mine else plain_text.label(topic["added_by_name"] or "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/chat: {plain_text.label(topic['topic'], LONGEST_LINE)}", width="content")
        st.caption(f"from {who}" if who else "", width="content")
        if is_mine:
            st.button(
                "Take it off",
                key=f"off_{session_id}_{topic['position']}",
                type="tertiary",
                on_click=_remove_topic,
                args=(session_id, topic["topic"]),
            )


def _topic_form(session_id: int) -> None:
    key = f"topic_{session_id}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input("What do you want to talk about?", max_chars=LONGEST_LINE, key=key)
        st.button("Add", key=f"add_{session_id}", on_click=_add_topic, args=(session_id, key))


def _add_topic(session_id: int, key: str) -> None:
    done = actions.add_topic(session_id, st.session_state[key])
    if isinstance(done, Refused):
        st.session_state[_REFUSED] = list(done.problems)
    else:
        st.session_state[key] = ""


def _remove_topic(session_id: int, topic: str) -> None:
    done = actions.remove_topic(session_id, topic)
    if isinstance(done, Refused):
        st.session_state[_REFUSED] = list(done.problems)


# ---- Past sessions ---------------------------------------------------------------------------------------------


def past(sight: Sight, rep_id: int) -> None:
    """What became of the sessions with one rep, latest first, with the words that the viewer may read."""
    found = reads.sessions(sight, rep_id, sight.company.today).filter(pl.col("status") != "planned")
    st.subheader("Past sessions", anchor=False)
    if not found.height:
        st.markdown("No session has been written down yet. The first one will stand here.")
        return
    show_all = st.session_state.get(f"all_sessions_{rep_id}", False)
    shown = found if show_all else found.head(PAST_LISTED)
    topics = reads.session_topics(sight, shown["session_id"].to_list())
    made = reads.commitments(sight, rep_id, sight.company.today)
    for row in shown.iter_rows(named=True):
        _past(
            sight,
            row,
            topics.filter(pl.col("session_id") == row["session_id"]),
            made.filter(pl.col("session_id") == row["session_id"]),
        )
    if shown.height < found.height:
        st.button(
            f"Show all {found.height}", key="show_all_sessions", type="tertiary", on_click=_show_all, args=(rep_id,)
        )


def _show_all(rep_id: int) -> None:
    st.session_state[f"all_sessions_{rep_id}"] = True


def _past(sight: Sight, row: dict[str, Any], topics: pl.DataFrame, made: pl.DataFrame) -> None:
    with st.expander(plain_text.label(headline(row, sight.viewer.person_id), 160)):
        for topic in topics.iter_rows(named=True):
            st.markdown(f":material/chat: {plain_text.label(topic['topic'], LONGEST_LINE)}")
        if row["note"]:
            st.text(plain_text.paragraphs(row["note"], 5_000))
            if row["visibility"] == "private":
                st.caption(":material/lock: Only you read this note.")
        details = [
            f"Angle: {plain_text.label(row['angle'], 120)}" if row["angle"] else "",
            f"Action of the plan: {plain_text.label(row['plan_action'], 160)}" if row["plan_action"] else "",
            ask_words(row["questions"], row["instructions"]),
            _trigger_words(row),
        ]
        details = [detail for detail in details if detail]
        if details:
            st.caption(" · ".join(details))
        for promise in made.iter_rows(named=True):
            who = "You" if promise["is_mine"] else plain_text.label(promise["by_name"])
            due = due_words(promise["due_on"], promise["done_on"], sight.company.today)
            st.markdown(f":material/handshake: {who}: {plain_text.label(promise['promise'], LONGEST_LINE)} ({due})")
        if row["is_mine"] and row["kind"] != "peer" and row["status"] in {"held", "missed", "excused"}:
            st.button(
                "Correct it",
                key=f"correct_{row['session_id']}",
                icon=":material/edit:",
                type="tertiary",
                on_click=_open,
                args=(row["rep_id"], row["session_id"]),
            )
        elif not (topics.height or row["note"] or details or made.height):
            st.caption("Nothing more was written down.")


def _trigger_words(row: dict[str, Any]) -> str:
    if not row["trigger"]:
        return ""
    tone = f" ({plain_text.label(row['tone'], 60)})" if row["tone"] else ""
    return f"Motivation used: {TRIGGERS.get(row['trigger'], '').lower()}{tone}"


# ---- The pulse -------------------------------------------------------------------------------------------------


def pulse_is_asked(sight: Sight) -> bool:
    """Whether ``pulse`` has anything to show: its questions, or its thanks."""
    last, has_answered = reads.pulse_asked(sight)
    return _PULSE in st.session_state or (last is not None and not has_answered)


def pulse(sight: Sight) -> None:
    """Three taps about being coached, once a month and after a session of the last 14 days; else nothing."""
    last, has_answered = reads.pulse_asked(sight)
    if st.session_state.pop(_PULSE, False):
        st.markdown(":material/check_circle: Thank you. Nobody can tell which answer is yours.")
        return
    if last is None or has_answered:
        return
    with st.container(border=True, height="stretch", key="pulse"):
        st.subheader("Three taps about being coached", anchor=False)
        st.caption(
            "Without your name: nobody sees who answered or how, your manager included. Means are shown once the month"
            " is over, and only where five or more of a team have answered."
        )
        for name, question in QUESTIONS.items():
            st.radio(
                question,
                list(range(LOWEST, HIGHEST + 1)),
                index=None,
                horizontal=True,
                key=f"pulse_{name}",
            )
        st.caption(f"{LOWEST} = {ENDS[0]}, {HIGHEST} = {ENDS[1]}")
        taps = [st.session_state.get(f"pulse_{name}") for name in QUESTIONS]
        st.button("Send without my name", key="pulse_send", disabled=None in taps, on_click=_send_pulse)


def _send_pulse() -> None:
    taps = [st.session_state.get(f"pulse_{name}") for name in QUESTIONS]
    if None in taps:
        st.session_state[_REFUSED] = ["Tap an answer to each of the three questions."]
        return
    done = actions.answer_pulse(PulseAnswer(*taps))  # type: ignore[arg-type]
    for name in QUESTIONS:
        st.session_state.pop(f"pulse_{name}", None)
    if isinstance(done, Refused):
        st.session_state[_REFUSED] = list(done.problems)
    else:
        st.session_state[_PULSE] = True
