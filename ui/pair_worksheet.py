"""The worksheet of a peer pair: what each tried, what worked, what comes next. Read by the two and the managers above,
written by the two. Survives a reload; the second of two who save is told what the first one changed.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers, pairing
from coaching.pairing import LONGEST_WORDS, MeetingDraft
from ui import day_formats, drafts, plain_text, sign_in
from ui.actions import Refused
from ui.actions import pairs as actions
from ui.loaders import Sight
from ui.loaders import pairs as reads

READERS = (
    "Both of you read this, and so do the managers above each of you. Write about what you tried, not about each other."
)
_SAID = "pair_worksheet_said"
_EDITED = "pair_worksheet_edited"
"""Session state: the worksheet that is being changed, by its id."""


def listed(sight: Sight, pair: dict[str, Any], meetings: pl.DataFrame, *, writes: bool) -> None:
    """The worksheets of one pair, the latest first; ``writes``: whether the viewer may change them here and now."""
    for row in meetings.iter_rows(named=True):
        _worksheet(sight, pair, row, writes)


def heading(meetings: pl.DataFrame) -> str:
    """Over the worksheets of one pair: Worksheets (3), the latest of 19 Nov 2026."""
    return f"Worksheets ({numbers.count(meetings.height)}), the latest of {numbers.day(meetings['met_on'][0])}"


def _worksheet(sight: Sight, pair: dict[str, Any], row: dict[str, Any], writes: bool) -> None:
    with st.container(gap="xsmall", key=f"worksheet_{row['meeting_id']}"):
        if writes and st.session_state.get(_EDITED) == row["meeting_id"]:
            _form(sight, pair, row)
            return
        st.markdown(f"**{numbers.day(row['met_on'])}**")
        for label, words in _answers(sight, pair, row):
            st.markdown(f"{label} {plain_text.label(words, LONGEST_WORDS)}")
        if row["written_by_name"]:
            st.caption(f"Written down by {plain_text.label(row['written_by_name'])}")
        if writes:
            st.button(
                "Change it",
                key=f"edit_worksheet_{row['meeting_id']}",
                icon=":material/edit:",
                type="tertiary",
                on_click=_edit,
                args=(row["meeting_id"],),
            )


def _answers(sight: Sight, pair: dict[str, Any], row: dict[str, Any]) -> list[tuple[str, str]]:
    said = [
        (f"**{_who(sight, pair, 'strong')} tried:**", row["strong_tried"]),
        (f"**{_who(sight, pair, 'learner')} tried:**", row["tried"]),
        ("**Worked:**", row["worked"]),
        ("**Next:**", row["next_step"]),
    ]
    return [(label, words) for label, words in said if words]


def _who(sight: Sight, pair: dict[str, Any], side: str) -> str:
    """You, or a first name."""
    if pair[f"{side}_id"] == sight.viewer.person_id:
        return "You"
    return plain_text.label(numbers.plain_name(pair[f"{side}_name"]).split(" ")[0], 40)


def _edit(meeting_id: int | None) -> None:
    st.session_state[_EDITED] = meeting_id
    st.session_state.pop(_SAID, None)


def new(sight: Sight, pair: dict[str, Any]) -> None:
    """The form for one more meeting."""
    _form(sight, pair, None)


def _form(sight: Sight, pair: dict[str, Any], row: dict[str, Any] | None) -> None:
    meeting_id = row["meeting_id"] if row else None
    form = form_name(pair["pair_id"], meeting_id)
    held = row or {}
    last = min(pair["ends_on"] or sight.company.today, sight.company.today)
    # A new worksheet has none of the three, until what was typed is added to one that the other has written meanwhile.
    defaults = {"met_on": held.get("met_on", last), "version": held.get("version"), "adds_to": None}
    defaults |= {name: held.get(name) or "" for name in ("strong_tried", "tried", "worked", "next_step")}
    drafts.start(form, sight, defaults)
    _within(form, pair["starts_on"], last)
    _problems(form, pair["pair_id"])
    adds_to = drafts.values(form)["adds_to"]
    if adds_to is not None:
        st.caption(":material/info: What you wrote stands below what was there. Saving changes that worksheet.")
    st.date_input(
        "When did you meet?",
        format=day_formats.TYPED,
        min_value=pair["starts_on"],
        max_value=last,
        width=180,
        disabled=adds_to is not None,
        **drafts.field(form, "met_on"),
    )
    sides = [("tried", "learner"), ("strong_tried", "strong")]
    if pair["strong_id"] == sight.viewer.person_id:
        sides.reverse()
    for field, side in sides:
        who = _who(sight, pair, side)
        _answer(form, field, f"What did {'you' if who == 'You' else who} try?", "In which call, and how?")
    _answer(form, "worked", "What worked?", "What did the customer say or do then?")
    _answer(form, "next_step", "What comes next?", "What does each of you try before you meet again?")
    st.caption(READERS)
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Save the worksheet",
            key=f"{form}|save",
            type="primary",
            on_click=_save,
            args=(form, pair["pair_id"], meeting_id),
        )
        if row is not None or adds_to is not None:
            st.button("Leave it as it was", key=f"{form}|close", type="tertiary", on_click=_leave, args=(form,))


def form_name(pair_id: int, meeting_id: int | None) -> str:
    """What the draft is kept under."""
    return f"pair-meeting:{pair_id}:{meeting_id or 'new'}"


def _within(form: str, first: dt.date, last: dt.date) -> None:
    """A day kept in a draft may lie outside of the pair's time by now, and a widget does not take it then."""
    key = drafts.key(form, "met_on")
    met_on = st.session_state[key]
    if isinstance(met_on, dt.date) and not first <= met_on <= last:
        st.session_state[key] = last


def _answer(form: str, field: str, label: str, hint: str) -> None:
    st.text_area(label, height=84, max_chars=LONGEST_WORDS, placeholder=hint, **drafts.field(form, field))


def _leave(form: str) -> None:
    drafts.finish(form)
    _edit(None)


def _save(form: str, pair_id: int, meeting_id: int | None) -> None:
    said = drafts.values(form)
    words = (said[name] or "" for name in ("strong_tried", "tried", "worked", "next_step"))
    draft = MeetingDraft(said["met_on"], *words)
    meeting_id = meeting_id or said["adds_to"]
    done = actions.write_meeting(pair_id, draft, meeting_id, said["version"])
    if isinstance(done, Refused):
        told: dict[str, Any] = {"form": form, "problems": done.problems, "changes": done.changes}
        if done.changes and meeting_id is not None:
            # Of the state that the changes describe, so that "my version counts" cannot pass over a third save.
            told["version"] = _current_version(pair_id, meeting_id)
        st.session_state[_SAID] = told
        return
    drafts.finish(form)
    _edit(None)
    st.session_state[_SAID] = {"saved": "The worksheet is saved. Both of you and the managers above you read it."}


def _current_version(pair_id: int, meeting_id: int | None) -> int | None:
    # Who looks, and what stands there, is read anew: the button was pressed long after its page was drawn.
    sight = sign_in.current_sight()
    found = reads.meetings(sight, pair_ids=[pair_id], as_of=sight.company.today)
    return next(iter(found.filter(pl.col("meeting_id") == meeting_id)["version"]), None)


def said() -> None:
    """That a worksheet was saved, once."""
    told = st.session_state.get(_SAID, {})
    if "saved" in told:
        st.success(told["saved"], icon=":material/check:")
        del st.session_state[_SAID]


def _problems(form: str, pair_id: int) -> None:
    told = st.session_state.get(_SAID, {})
    if told.get("form") != form:
        return
    for problem in told["problems"]:
        st.warning(plain_text.label(problem, 600), icon=":material/error:")
    if told["changes"]:
        st.markdown("\n".join(f"- {plain_text.label(change, 400)}" for change in told["changes"]))
        if "version" not in told:
            st.button("Add mine to it", key=f"{form}|add", on_click=_add_mine, args=(form, pair_id))
            return
        st.button(
            "I have seen it: my version counts",
            key=f"{form}|mine",
            on_click=_use_mine,
            args=(form, told.get("version")),
        )


def _add_mine(form: str, pair_id: int) -> None:
    """What was typed goes below what the other has saved about the same day, in the same form."""
    said, sight = drafts.values(form), sign_in.current_sight()
    found = reads.meetings(sight, pair_ids=[pair_id], as_of=sight.company.today)
    st.session_state.pop(_SAID, None)
    for row in found.filter(pl.col("met_on") == said["met_on"]).head(1).iter_rows(named=True):
        values = {**pairing.together(row, said), "adds_to": row["meeting_id"], "version": row["version"]}
        for name, value in values.items():
            st.session_state[drafts.key(form, name)] = value
    drafts.keep(form)


def _use_mine(form: str, version: int | None) -> None:
    st.session_state[drafts.key(form, "version")] = version
    st.session_state.pop(_SAID, None)
    drafts.keep(form)
