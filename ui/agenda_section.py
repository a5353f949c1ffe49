"""Preparing a one-on-one: the rep's questions, answers and topics, and for the coach who has prepared."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from coaching import agenda as words
from coaching import frames
from coaching.agenda import LONGEST_TOPIC
from ui import plain_text, question_list, tables
from ui.actions import agenda as actions
from ui.loaders import Sight
from ui.loaders import agenda as reads
from ui.loaders import lessons as lesson_reads
from ui.loaders import questions as question_reads
from ui.loaders import sessions as session_reads


def preparation(sight: Sight, rep_id: int, as_of: dt.date) -> None:
    """Questions with answers, and topics, of one rep: for the rep to write and for their coach to read and add to."""
    items = words.still_to_come(reads.agenda(sight, rep_id=rep_id, as_of=as_of))
    chosen = question_reads.questions_for(sight, rep_id=rep_id, as_of=as_of)
    gaps = lesson_reads.knowledge_gaps(sight, rep_id=rep_id, as_of=as_of)
    writes = as_of == sight.company.today
    with st.container(gap="small", key="preparation"):
        st.subheader(words.preparation_sentence(items, _on_own_list(sight, rep_id, as_of)), anchor=False)
        if writes:
            question_list.said()
        if sight.viewer.person_id == rep_id:
            st.caption(
                "Your coach gets the same questions and reads what you write here, as does the line above. They are"
                " asked because of what the data shows, and are yours to answer, or to leave."
            )
        question_list.show(sight, rep_id, chosen, items, gaps, writes=writes)
        _earlier_answers(items, {(each.question.key, each.source_ids[0]) for each in chosen})
        topics(sight, rep_id, as_of)


def _on_own_list(sight: Sight, rep_id: int, as_of: dt.date) -> int:
    """How many topics the rep has put on the list of the next planned one-on-one; nothing is told of another day."""
    if as_of != sight.company.today:
        return 0
    ahead = words.next_meeting(session_reads.planned_sessions(sight, rep_id), as_of)
    found = session_reads.session_topics(sight, ahead["session_id"].to_list())
    return found.filter(pl.col("added_by") == rep_id).height


def _earlier_answers(items: pl.DataFrame, shown: set[tuple[str, str]]) -> None:
    """Answers to questions other than ``shown`` (key and row), so that nothing that was prepared gets lost."""
    for row in items.filter(pl.col("kind") == "answer").iter_rows(named=True):
        if (row["question_key"], row["about"]) in shown or (row["about"] is None and _is_shown(row, shown)):
            continue
        with st.container(border=True, gap="small", key=f"answer_{row['item_id']}"):
            st.markdown(f"**{plain_text.label(row['question'] or 'A question that is not asked any more', 300)}**")
            st.markdown(f":material/chat: {plain_text.label(row['body'], words.LONGEST_ANSWER)}")
            _take_off(row)


def _is_shown(row: dict[str, Any], shown: set[tuple[str, str]]) -> bool:
    return any(key == row["question_key"] for key, _ in shown)


def brought(sight: Sight, rep_id: int) -> None:
    """For a coach, beside a rep's planned sessions: the rep's answers, topics of both sides, and a field for one."""
    items = words.still_to_come(reads.agenda(sight, rep_id=rep_id, as_of=sight.company.today))
    with st.container(gap="small", key="brought"):
        st.subheader("For the next one-on-one", anchor=False)
        question_list.said()
        _earlier_answers(items, set())
        topics(sight, rep_id, sight.company.today, beside_planned=True)


def topics(sight: Sight, rep_id: int, as_of: dt.date, *, beside_planned: bool = False) -> None:
    """Topics of both sides for a rep's next one-on-one, and a field for one more.

    ``beside_planned``: planned sessions stand beside it with lists and fields of their own, which are not repeated.
    """
    items = words.still_to_come(reads.agenda(sight, rep_id=rep_id, as_of=as_of)).filter(pl.col("kind") == "topic")
    writes = as_of == sight.company.today
    with st.container(gap="small", key="topics"):
        st.markdown("**Topics**")
        for row in items.iter_rows(named=True):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f":material/chat: {plain_text.label(row['body'], LONGEST_TOPIC)}", width="content")
                st.caption(
                    "from you" if row["is_mine"] else f"from {plain_text.label(row['added_by_name'])}", width="content"
                )
                if writes:
                    _take_off(row)
        planned = session_reads.planned_sessions(sight, rep_id) if writes else frames.empty(frames.SESSION_RECORDS)
        on_lists = 0 if beside_planned else _of_planned_sessions(sight, planned)
        if not items.height and not on_lists:
            st.caption("None yet. What would make the meeting worth the time?")
        if writes and not (beside_planned and planned.height):
            _topic_form(rep_id)


def _of_planned_sessions(sight: Sight, planned: pl.DataFrame) -> int:
    """What stands on the lists of planned sessions already; how many."""
    found = session_reads.session_topics(sight, planned["session_id"].to_list())
    for row in found.iter_rows(named=True):
        is_mine = row["added_by"] == sight.viewer.person_id
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":material/chat: {plain_text.label(row['topic'], LONGEST_TOPIC)}", width="content")
            who = "you" if is_mine else plain_text.label(row["added_by_name"] or "somebody")
            st.caption(f"from {who}, on the list of the planned session", width="content")
    return found.height


def _take_off(row: dict[str, Any]) -> None:
    if row["is_mine"]:
        st.button(
            "Take it off",
            key=f"off_item_{row['item_id']}",
            type="tertiary",
            on_click=question_list.withdraw,
            args=(row,),
        )


def _topic_form(rep_id: int) -> None:
    key = f"agenda_topic_{rep_id}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input("A topic for the next one-on-one", max_chars=LONGEST_TOPIC, key=key)
        st.button("Add", key=f"add_topic_{rep_id}", on_click=_add, args=(rep_id, key))


def _add(rep_id: int, key: str) -> None:
    done = actions.add_topic(rep_id, st.session_state[key] or "")
    if question_list.keep(done, "The topic is on the list.", undo=done if isinstance(done, int) else None):
        st.session_state[key] = ""


def who_prepared(sight: Sight) -> None:
    """For a coach: who has brought something since their last one-on-one, by name."""
    found = reads.prepared(sight)
    if found.is_empty():
        return
    rows = words.who_rows(found, sight.company.today)
    with st.container(gap="small", key="who_prepared"):
        st.subheader(words.who_sentence(found), anchor=False)
        tables.openable(
            rows.drop("rep_id"),
            rows["rep_id"].to_list(),
            key="who_prepared_table",
            alt=f"One row per rep, {rows.height} in all: the next one-on-one and what was brought for it.",
            columns={
                "next": st.column_config.TextColumn("Next one-on-one", width=220),
                "brought": st.column_config.TextColumn("Brought", width=180, help="Since the last one-on-one."),
            },
        )
