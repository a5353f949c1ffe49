"""The forms of the onboarding page: a stage that was seen, and the sign-off to sell."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from coaching.onboarding import CYCLES, LONGEST_NOTE, STAGES, ShadowedStageDraft, next_missing
from ui import day_formats, drafts, plain_text
from ui.actions import Refused
from ui.actions import onboarding as actions
from ui.loaders import Sight

_SAID = "onboarding_said"


def note_stage(sight: Sight, rep_id: int, shadowed: pl.DataFrame, sellers: pl.DataFrame) -> None:
    """The form for one stage; it opens with the first that is missing. ``sellers``: person_id, name."""
    form = f"shadowed:{rep_id}"
    number, stage = next_missing(shadowed)
    defaults = {"number": number, "stage": stage, "seen_on": sight.company.today, "seller": None, "noticed": ""}
    drafts.start(form, sight, defaults)
    _answer()
    names = {row["person_id"]: plain_text.cell(row["name"]) for row in sellers.iter_rows(named=True)}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.selectbox("Cycle", range(1, CYCLES + 1), width=90, **_field(form, "number"))
        st.selectbox("Stage", list(STAGES), format_func=lambda name: STAGES[name], width=160, **_field(form, "stage"))
        st.date_input(
            "Seen on", format=day_formats.TYPED, max_value=sight.company.today, width=150, **_field(form, "seen_on")
        )
        st.selectbox(
            "With whom",
            list(names),
            index=None,
            format_func=lambda person_id: names[person_id],
            placeholder="Choose a colleague",
            width=220,
            **_field(form, "seller"),
        )
    st.text_area(
        "One thing noticed",
        max_chars=LONGEST_NOTE,
        placeholder="What did the seller do, and what happened next?",
        **_field(form, "noticed"),
    )
    st.button("Save the stage", type="primary", on_click=_save_stage, args=(form, rep_id))


def _field(form: str, name: str) -> dict[str, Any]:
    return {"key": drafts.key(form, name), "on_change": drafts.keep, "args": (form,)}


def _save_stage(form: str, rep_id: int) -> None:
    said = drafts.values(form)
    seen_on = said["seen_on"] if isinstance(said["seen_on"], dt.date) else None
    draft = ShadowedStageDraft(said["number"], said["stage"], seen_on, said["seller"], said["noticed"] or "")
    answer = actions.note_stage(rep_id, draft)
    if isinstance(answer, Refused):
        st.session_state[_SAID] = answer
        return
    drafts.finish(form)
    st.session_state[_SAID] = f"Cycle {draft.number}, {STAGES[draft.stage].lower()} is noted."


def sign_off(sight: Sight, rep_id: int) -> None:
    """The form in which a coach signs that the rep may sell."""
    form = f"sign-off:{rep_id}"
    drafts.start(form, sight, {"note": ""})
    st.text_area("What you saw (needed before ten full cycles)", max_chars=LONGEST_NOTE, **_field(form, "note"))
    st.button("Sign off to sell", on_click=_sign, args=(form, rep_id))


def _sign(form: str, rep_id: int) -> None:
    answer = actions.sign_off(rep_id, drafts.values(form)["note"] or "")
    if isinstance(answer, Refused):
        st.session_state[_SAID] = answer
        return
    drafts.finish(form)
    st.session_state[_SAID] = answer


def _take_back(sign_off_id: int) -> None:
    answer = actions.take_back(sign_off_id)
    st.session_state[_SAID] = answer if isinstance(answer, Refused) else "The sign-off was taken back."


def _answer() -> None:
    """What became of the last save, said once; a sign-off can be taken back."""
    said = st.session_state.pop(_SAID, None)
    if isinstance(said, Refused):
        st.warning(plain_text.label(" ".join(said.problems), 600))
    elif isinstance(said, int):
        st.success("Signed off to sell.", icon=":material/check:")
        st.button("Undo", icon=":material/undo:", on_click=_take_back, args=(said,))
    elif said:
        st.success(plain_text.label(str(said)), icon=":material/check:")
