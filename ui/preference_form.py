"""The form in which a person says what moves them: one choice per trigger, own words where they like."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from coaching.motivation import LONGEST_WORDS, TRIGGER_NAMES, WEIGHT_NAMES, PreferenceDraft
from ui import drafts, plain_text
from ui.actions import Refused
from ui.actions import motivation as actions
from ui.loaders import Sight

FORM = "preferences"
_SAID = "preferences_said"


def show(sight: Sight, said: pl.DataFrame) -> None:
    """The form, opened with what was said last. ``said``: trigger, weight, words."""
    before = {row["trigger"]: row for row in said.iter_rows(named=True)}
    defaults: dict[str, Any] = {}
    for trigger in TRIGGER_NAMES:
        row = before.get(trigger)
        defaults[f"weight_{trigger}"] = WEIGHT_NAMES[row["weight"]] if row else None
        defaults[f"words_{trigger}"] = (row["words"] or "") if row else ""
    drafts.start(FORM, sight, defaults)
    answer = st.session_state.pop(_SAID, None)
    if isinstance(answer, Refused):
        st.warning(plain_text.label(" ".join(answer.problems), 400))
    elif answer:
        st.success("Saved. What you said before stays in your record.", icon=":material/check:")
    for trigger, name in TRIGGER_NAMES.items():
        st.radio(
            f"{name}: how much does it move you?",
            WEIGHT_NAMES,
            key=drafts.key(FORM, f"weight_{trigger}"),
            on_change=drafts.keep,
            args=(FORM,),
            horizontal=True,
        )
        st.text_input(
            f"{name}, in your own words (optional)",
            key=drafts.key(FORM, f"words_{trigger}"),
            on_change=drafts.keep,
            args=(FORM,),
            max_chars=LONGEST_WORDS,
        )
    st.button("Save what moves me", type="primary", on_click=_save, args=(before,))


def _save(before: dict[str, dict[str, Any]]) -> None:
    answer = actions.state(_changed(drafts.values(FORM), before))
    st.session_state[_SAID] = answer if isinstance(answer, Refused) else True
    if not isinstance(answer, Refused):
        drafts.finish(FORM)


def _changed(values: dict[str, Any], before: dict[str, dict[str, Any]]) -> list[PreferenceDraft]:
    """Only what is new: what was said and stays needs no second entry."""
    found = []
    for trigger in TRIGGER_NAMES:
        chosen, words = values[f"weight_{trigger}"], values[f"words_{trigger}"] or ""
        if chosen is None:
            continue
        draft = PreferenceDraft(trigger, WEIGHT_NAMES.index(chosen), words)
        row = before.get(trigger)
        if row is None or (row["weight"], row["words"] or "") != (draft.weight, draft.words):
            found.append(draft)
    return found
