"""Open questions as cards: the words, why this one, the rep's answer, and a way to note what cannot be answered yet."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from coaching.agenda import LONGEST_ANSWER
from coaching.lessons import LONGEST, GapDraft
from coaching.questions import Chosen
from ui import drafts, plain_text
from ui.actions import Refused
from ui.actions import agenda as agenda_actions
from ui.actions import lessons as lesson_actions
from ui.loaders import Sight

SAID = "questions_said"
"""Session state: what the last button did, as a sentence or as reasons why it did nothing, and what takes it back."""
NARROWEST_CARD = 250
_QUESTION_LENGTH = 300
_WHY_LENGTH = 500


def show(
    sight: Sight,
    rep_id: int,
    chosen: Sequence[Chosen],
    items: pl.DataFrame,
    gaps: pl.DataFrame,
    *,
    writes: bool,
) -> None:
    """A card per question. ``items``: frames.AGENDA; ``gaps``: lessons.GAPS, both of this rep.

    The rep answers; rep and coach note what cannot be answered yet. ``writes``: not on a page about the past.
    """
    if not chosen:
        st.markdown("No question waits: whatever the data points to was talked about in the last one-on-ones.")
        return
    with st.grid(len(chosen), min_column_width=NARROWEST_CARD, gap="small", border=True):
        for each in chosen:
            _card(sight, rep_id, each, items, gaps, writes=writes)


def said() -> None:
    """What the last button did, with the way back; once."""
    done, undo = st.session_state.pop(SAID, (None, None))
    if isinstance(done, str):
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="questions_saved"):
            st.markdown(f":material/check_circle: {done}", width="content")
            if undo is not None:
                st.button("Undo", key="undo_agenda", type="tertiary", on_click=_undo, args=(undo,))
    elif done:
        st.warning(plain_text.label(" ".join(done), 600), icon=":material/error:")


def keep(done: object, sentence: str, *, undo: int | dict[str, Any] | None = None) -> bool:
    """Remember for ``said`` what an action did; whether it did it.

    ``undo``: the item that was added, or the row of frames.AGENDA that was taken off.
    """
    if isinstance(done, Refused):
        st.session_state[SAID] = ((*done.problems, *done.changes), None)
        return False
    st.session_state[SAID] = (sentence, undo)
    return True


def withdraw(row: dict[str, Any]) -> None:
    """Take an item off; ``row`` of frames.AGENDA."""
    keep(agenda_actions.withdraw(row["item_id"]), "Taken off the list.", undo=row)


def _undo(undo: int | dict[str, Any]) -> None:
    if isinstance(undo, int):
        keep(agenda_actions.withdraw(undo), "Taken back.")
    elif undo["kind"] == "topic":
        keep(agenda_actions.add_topic(undo["rep_id"], undo["body"]), "On the list again.")
    else:
        done = agenda_actions.answer(undo["rep_id"], undo["question_key"], undo["about"], undo["body"])
        keep(done, "Your answer is kept again.")


def _card(sight: Sight, rep_id: int, each: Chosen, items: pl.DataFrame, gaps: pl.DataFrame, *, writes: bool) -> None:
    name = _name(each)
    with st.container(gap="small", key=f"question_{name}"):
        st.markdown(f"**{plain_text.label(each.text, _QUESTION_LENGTH)}**")
        st.caption(plain_text.label(each.why, _WHY_LENGTH))
        answer = _answer_to(each, items)
        if answer is not None:
            who = "You" if answer["is_mine"] else plain_text.label(answer["added_by_name"])
            st.markdown(f":material/chat: {who}: {plain_text.label(answer['body'], LONGEST_ANSWER)}")
        if writes and sight.viewer.person_id == rep_id:
            _answer_form(sight, rep_id, each, answer)
        if _is_noted(each, gaps):
            st.caption(":material/help: Noted as an open question.")
        elif writes:
            _gap_form(sight, rep_id, each)


def _name(each: Chosen) -> str:
    """A key for widgets: the same question about another row is another card."""
    return hashlib.sha256(f"{each.question.key}@{each.source_ids[0]}".encode()).hexdigest()[:12]


def _answer_to(each: Chosen, items: pl.DataFrame) -> dict[str, Any] | None:
    found = items.filter(
        (pl.col("kind") == "answer")
        & pl.col("session_id").is_null()
        & (pl.col("question_key") == each.question.key)
        & (pl.col("about").is_null() | (pl.col("about") == each.source_ids[0]))
    )
    return found.row(found.height - 1, named=True) if found.height else None


def _answer_form(sight: Sight, rep_id: int, each: Chosen, answer: dict[str, Any] | None) -> None:
    form = f"answer:{rep_id}:{each.question.key}:{each.source_ids[0]}"
    with st.expander("Change my answer" if answer else "Answer in a few words", type="compact"):
        drafts.start(form, sight, {"answer": answer["body"] if answer else ""})
        st.text_area(
            "My answer",
            key=drafts.key(form, "answer"),
            on_change=drafts.keep,
            args=(form,),
            max_chars=LONGEST_ANSWER,
            placeholder="What comes to mind first is enough.",
            label_visibility="collapsed",
        )
        st.button(
            "Keep the answer",
            key=f"keep_{form}",
            on_click=_save_answer,
            args=(form, rep_id, each.question.key, each.source_ids[0]),
        )
        if answer is not None and answer["is_mine"]:
            st.button(
                "Take it back",
                key=f"back_{form}",
                type="tertiary",
                on_click=_take_back,
                args=(form, answer),
            )


def _save_answer(form: str, rep_id: int, question_key: str, about: str) -> None:
    done = agenda_actions.answer(rep_id, question_key, about, drafts.values(form)["answer"] or "")
    if keep(done, "Your answer is kept.", undo=done if isinstance(done, int) else None):
        drafts.finish(form)


def _take_back(form: str, answer: dict[str, Any]) -> None:
    withdraw(answer)
    drafts.finish(form)


# ---- What cannot be answered yet -----------------------------------------------------------------------------------


def _is_noted(each: Chosen, gaps: pl.DataFrame) -> bool:
    same = gaps.filter(pl.col("closed_at").is_null() & (pl.col("question") == each.text))
    return same.height > 0


def _gap_form(sight: Sight, rep_id: int, each: Chosen) -> None:
    form = f"gap-of:{rep_id}:{each.question.key}:{each.source_ids[0]}"
    with st.expander("Could not be answered yet", type="compact"):
        drafts.start(form, sight, {"where": ""})
        st.text_input(
            "Where to find out",
            key=drafts.key(form, "where"),
            on_change=drafts.keep,
            args=(form,),
            max_chars=LONGEST,
            placeholder="Whom to ask, where to look (optional)",
        )
        st.button(
            "Note it as an open question",
            key=f"note_{form}",
            on_click=_save_gap,
            args=(form, rep_id, each.text, each.situation.deal_id),
        )


def _save_gap(form: str, rep_id: int, question: str, deal_id: int | None) -> None:
    draft = GapDraft(question, drafts.values(form)["where"] or "", deal_id)
    if keep(lesson_actions.note_gap(rep_id, draft), "Noted: the rep closes it once they have found out."):
        drafts.finish(form)
