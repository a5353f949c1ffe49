"""Lost-deal lessons and knowledge gaps of one rep, on the progress page: the rep writes, the coach asks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from coaching import lessons, numbers
from coaching.lessons import LONGEST, GapDraft
from ui import drafts, plain_text
from ui.actions import Refused
from ui.actions import lessons as actions
from ui.loaders import Sight
from ui.loaders import lessons as reads

MOST_SHOWN = 6
NARROWEST_CARD = 320
AT_FIRST = 2
"""Lost deals that stand there before more are unfolded: a row."""
_SAID = "lessons_said"


def show(sight: Sight, card: dict[str, Any], as_of: dt.date) -> None:
    """Both lists. Writing is offered as of today only: the past is read, not rewritten."""
    rep_id = card["person_id"]
    deals = reads.lost_deals(sight, rep_id=rep_id, as_of=as_of)
    gaps = reads.knowledge_gaps(sight, rep_id=rep_id, as_of=as_of)
    is_self, writes = sight.viewer.person_id == rep_id, as_of == sight.company.today
    heading = lessons.lessons_sentence(deals) if deals.height else "Lessons from lost deals"
    st.subheader(heading, anchor=False)
    _answer()
    if deals.is_empty():
        st.markdown("No deal was lost in the last twelve months.")
    _lessons(sight, deals, is_self=is_self, writes=writes)
    _gaps(sight, rep_id, gaps, is_self=is_self, writes=writes)


def _lessons(sight: Sight, deals: pl.DataFrame, *, is_self: bool, writes: bool) -> None:
    """For the rep the latest lost deals, to write about; for others what was written. The others are folded."""
    rows = deals.to_dicts()
    first = (rows if is_self else [row for row in rows if row["conclusion"]])[:AT_FIRST]
    ids = {row["deal_id"] for row in first}
    rest = [row for row in rows if row["deal_id"] not in ids]
    _cards(sight, first, is_self=is_self, writes=writes)
    if not rest:
        return
    # What somebody concluded is never out of reach, however long ago the deal was lost.
    listed = [row for place, row in enumerate(rest) if place < MOST_SHOWN or row["conclusion"]]
    one, many = ("more lost deal", "more lost deals") if first else ("lost deal", "lost deals, nothing concluded yet")
    with st.expander(numbers.plural(len(rest), one, many), type="compact"):
        _cards(sight, listed, is_self=is_self, writes=writes)
        if len(listed) < len(rest):
            st.caption(f"The latest {MOST_SHOWN} of {numbers.count(len(rest))} are shown, and every one with a lesson.")


def _cards(sight: Sight, rows: list[dict[str, Any]], *, is_self: bool, writes: bool) -> None:
    if not rows:
        return
    grid = st.grid(min(len(rows), 2), min_column_width=NARROWEST_CARD, gap="small", border=True)
    for row in rows:
        with grid.cell():
            _lesson(sight, row, is_self=is_self, writes=writes)


def _lesson(sight: Sight, row: dict[str, Any], *, is_self: bool, writes: bool) -> None:
    with st.container(gap="small", key=f"lesson_{row['deal_id']}"):
        st.markdown(plain_text.label(lessons.lost_words(row), 300))
        if row["conclusion"]:
            st.markdown(f"**Concludes:** {plain_text.label(row['conclusion'], LONGEST)}")
        elif not is_self:
            st.caption("No conclusion written yet. It is the rep's to write.")
        if row["coach_question"]:
            st.markdown(f"**The coach asks:** {plain_text.label(row['coach_question'], LONGEST)}")
        if writes and is_self:
            _conclude(sight, row)
        elif writes and sight.viewer.coaches and row["lesson_id"] is not None:
            _ask(sight, row)


def _conclude(sight: Sight, row: dict[str, Any]) -> None:
    form = f"lesson:{row['deal_id']}"
    with st.expander("Change what I conclude" if row["conclusion"] else "Write what I conclude", type="compact"):
        drafts.start(form, sight, {"conclusion": row["conclusion"] or ""})
        st.text_area(
            "What do I conclude?",
            key=drafts.key(form, "conclusion"),
            on_change=drafts.keep,
            args=(form,),
            max_chars=LONGEST,
            placeholder="What would I do earlier, more of, or not at all next time?",
        )
        st.button(
            "Save the lesson", key=f"save_{form}", on_click=_save_lesson, args=(form, row["deal_id"], row["version"])
        )


def _save_lesson(form: str, deal_id: int, version: int | None) -> None:
    _keep_answer(form, actions.write(deal_id, drafts.values(form)["conclusion"] or "", version), "The lesson is saved.")


def _ask(sight: Sight, row: dict[str, Any]) -> None:
    form = f"lesson-question:{row['lesson_id']}"
    with st.expander("Ask a question", type="compact"):
        drafts.start(form, sight, {"question": ""})
        st.text_area(
            "A question, not a verdict",
            key=drafts.key(form, "question"),
            on_change=drafts.keep,
            args=(form,),
            max_chars=LONGEST,
        )
        st.button("Save the question", key=f"save_{form}", on_click=_save_question, args=(form, row["lesson_id"]))


def _save_question(form: str, lesson_id: int) -> None:
    _keep_answer(form, actions.ask(lesson_id, drafts.values(form)["question"] or ""), "The question is saved.")


def _gaps(sight: Sight, rep_id: int, gaps: pl.DataFrame, *, is_self: bool, writes: bool) -> None:
    st.subheader(lessons.gaps_sentence(gaps), anchor=False)
    still_open = gaps.filter(pl.col("closed_at").is_null())
    answered = gaps.filter(pl.col("closed_at").is_not_null())
    _gap_cards(still_open.head(MOST_SHOWN * 2), sight, offers=is_self and writes)
    if still_open.height > MOST_SHOWN * 2:
        st.caption(f"The latest {MOST_SHOWN * 2} of {numbers.count(still_open.height)} are shown.")
    with st.container(gap="xsmall"):
        if answered.height:
            with st.expander(f"{numbers.count(answered.height)} answered", type="compact"):
                _gap_cards(answered.head(MOST_SHOWN * 2), sight, offers=False)
                if answered.height > MOST_SHOWN * 2:
                    st.caption(f"The latest {MOST_SHOWN * 2} are shown.")
        if writes:
            _note(sight, rep_id)


def _gap_cards(gaps: pl.DataFrame, sight: Sight, *, offers: bool) -> None:
    if gaps.is_empty():
        return
    grid = st.grid(min(gaps.height, 2), min_column_width=NARROWEST_CARD, gap="small", border=True)
    for row in gaps.iter_rows(named=True):
        with grid.cell(), st.container(gap="small", key=f"gap_{row['gap_id']}"):
            _gap_words(row)
            if offers:
                _close(sight, row["gap_id"])


def _gap_words(row: dict[str, Any]) -> None:
    st.markdown(plain_text.label(row["question"], LONGEST))
    said = f"noted on {numbers.day(row['noted_at'].date())}"
    if row["noted_by"]:
        said += f" by {plain_text.label(row['noted_by'])}"
    if row["deal_name"]:
        said += f" about {plain_text.label(row['deal_name'])}"
    if row["where_to_look"]:
        said += f"; where to find out: {plain_text.label(row['where_to_look'], 300)}"
    st.caption(said[0].upper() + said[1:] + ".")
    if row["closed_at"] is not None:
        st.markdown(f":material/check: {plain_text.label(row['answer'], LONGEST)}")


def _close(sight: Sight, gap_id: int) -> None:
    form = f"gap-answer:{gap_id}"
    with st.expander("I found out", type="compact"):
        drafts.start(form, sight, {"answer": ""})
        st.text_area(
            "What did you find?", key=drafts.key(form, "answer"), on_change=drafts.keep, args=(form,), max_chars=LONGEST
        )
        st.button("Close the question", key=f"save_{form}", on_click=_save_answer, args=(form, gap_id))


def _save_answer(form: str, gap_id: int) -> None:
    answer = actions.close_gap(gap_id, drafts.values(form)["answer"] or "")
    _keep_answer(form, answer, "The question is closed.", undo=gap_id)


def _note(sight: Sight, rep_id: int) -> None:
    form = f"gap:{rep_id}"
    with st.expander("Note a question that could not be answered yet", type="compact"):
        drafts.start(form, sight, {"question": "", "where": ""})
        for field, label in (("question", "The question"), ("where", "Where to find out (optional)")):
            st.text_input(label, key=drafts.key(form, field), on_change=drafts.keep, args=(form,), max_chars=LONGEST)
        st.button("Note the question", key=f"save_{form}", on_click=_save_gap, args=(form, rep_id))


def _save_gap(form: str, rep_id: int) -> None:
    said = drafts.values(form)
    draft = GapDraft(said["question"] or "", said["where"] or "")
    _keep_answer(form, actions.note_gap(rep_id, draft), "The question is noted.")


def _keep_answer(form: str, answer: object, done: str, undo: int | None = None) -> None:
    if isinstance(answer, Refused):
        st.session_state[_SAID] = (answer.problems + answer.changes, None)
        return
    drafts.finish(form)
    st.session_state[_SAID] = (done, undo)


def _answer() -> None:
    said, undo = st.session_state.pop(_SAID, (None, None))
    if isinstance(said, str):
        st.success(said, icon=":material/check:")
        if undo is not None:
            st.button("Undo", key="undo_gap", icon=":material/undo:", on_click=_reopen, args=(undo,))
    elif said:
        st.warning(plain_text.label(" ".join(said), 600))


def _reopen(gap_id: int) -> None:
    actions.reopen_gap(gap_id)
