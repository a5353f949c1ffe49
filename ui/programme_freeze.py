"""Freezing a result on the page: when the quarter's is due, and on demand with a reason. And what to do before any."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching import programme_words as words
from coaching.roi.freezing import LONGEST_REASON, closed_quarter_end, freeze_problems
from ui import address, day_formats, drafts, empty_states, plain_text
from ui.actions import Refused
from ui.actions import programme as actions
from ui.filters import EARLIEST
from ui.loaders import Sight
from ui.loaders import programme as reads

_ASKED, _SAID = "freeze_asked", "freeze_said"
_FORM = "programme_freeze"
WAIT = "Freezing: the panel, the estimates and the checks are computed. A thousand reps take a few seconds."
WHO = "An executive or a sales leader freezes results."


def answer(sight: Sight) -> None:
    """Carries out what was asked for in the last click, and says what became of it. Stands above the verdict."""
    asked = st.session_state.pop(_ASKED, None)
    if asked is not None:
        with st.spinner(WAIT, show_time=True):
            done = actions.freeze(asked["as_of"], asked["reason"], asked["seen"])
        if isinstance(done, Refused):
            st.session_state[_SAID] = {"problems": done.problems}
        else:
            if asked["form"]:
                drafts.finish(_FORM)
            st.session_state[_SAID] = {"as_of": asked["as_of"]}
            address.put(result=None)
        st.rerun()
    told = st.session_state.pop(_SAID, None)
    if told is None:
        return
    if "problems" in told:
        st.warning(plain_text.label(" ".join(told["problems"]), 800), icon=":material/error:")
    else:
        st.success(
            f"Frozen: the result that speaks for {numbers.day(told['as_of'])}. It stays as it is.",
            icon=":material/ac_unit:",
        )


def due(sight: Sight, rows: pl.DataFrame, *, is_live: bool) -> None:
    """A note that the quarter has no result yet, with the button for whoever may; nothing on a past day."""
    if not is_live or not reads.is_due(sight):
        return
    today = sight.company.today
    end = closed_quarter_end(today, sight.company.calendar)
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="freeze_due"):
        st.markdown(
            f":material/event_upcoming: The quarter that ended on {numbers.day(end)} has no frozen result yet.",
            width="content",
        )
        _button(sight, rows, "Freeze this quarter’s result", today, None, key="freeze_quarter")


def on_demand(sight: Sight, rows: pl.DataFrame) -> None:
    """Another result than the quarter's: for a day, with a reason."""
    if not actions.may_freeze(sight.viewer):
        st.caption(WHO)
        return
    today = sight.company.today
    drafts.start(_FORM, sight, {"as_of": today, "reason": ""})
    with st.container(key="freeze_form", gap="small", width=560):
        st.date_input(
            "Speaks for",
            format=day_formats.TYPED,
            min_value=EARLIEST,
            max_value=today,
            help="The result is computed from what was known on that day.",
            width=160,
            **drafts.field(_FORM, "as_of"),
        )
        st.text_input(
            "Why another result?",
            max_chars=LONGEST_REASON,
            placeholder="Licences were missing in the costs",
            help="Kept with the result. One result for each quarter that is over needs no reason.",
            **drafts.field(_FORM, "reason"),
        )
        said = drafts.values(_FORM)
        day = said["as_of"] if isinstance(said["as_of"], dt.date) else today
        problems = freeze_problems(day, said["reason"], rows["as_of"].to_list(), today, sight.company.calendar)
        _button(sight, rows, "Freeze", day, said["reason"], key="freeze_now", off=bool(problems), form=True)
        if problems:
            st.caption(plain_text.label(" ".join(problems), 600))


def _button(
    sight: Sight,
    rows: pl.DataFrame,
    label: str,
    as_of: dt.date,
    reason: str | None,
    *,
    key: str,
    off: bool = False,
    form: bool = False,
) -> None:
    if not actions.may_freeze(sight.viewer):
        st.caption(WHO, width="content")
        return
    seen = max(rows["frozen_id"].to_list(), default=0)
    asked: dict[str, Any] = {"as_of": as_of, "reason": reason, "seen": seen, "form": form}
    kind: Any = "secondary" if form else "primary"
    st.button(label, type=kind, key=key, icon=":material/ac_unit:", disabled=off, on_click=_ask, args=(asked,))


def _ask(asked: dict[str, Any]) -> None:
    # What the page had shown when the button was drawn goes along: a second click asks for the same result.
    st.session_state[_ASKED] = asked


# ---- Before there is a result --------------------------------------------------------------------------------------


def nothing_yet(sight: Sight, rows: pl.DataFrame, as_of: dt.date, *, is_live: bool) -> None:
    """No result speaks for the day: what to do next, or what a comparison would take."""
    later = reads.frozen(sight)
    if later.height:
        first = later["as_of"].min()
        assert isinstance(first, dt.date)
        empty_states.say(
            f"No result speaks for a day up to {numbers.day(as_of)}",
            f"The first one speaks for {numbers.day(first)}. A result says what was known on its day.",
        )
        st.button("Look as of today", key="look_today", icon=":material/today:", on_click=_look_today)
        return
    count = reads.enrolled_count(sight)
    if not count:
        _nobody_enrolled(sight)
        return
    with st.container(border=True, gap="small", key="nothing_frozen"):
        st.markdown("**Nothing has been frozen yet**")
        st.markdown(
            f"{numbers.plural(count, 'person is', 'people are')} enrolled. A result is computed once and kept, with"
            " the data and definitions behind it, so that nobody can look again and again until they like the answer."
            " The page then shows that result, quarter by quarter."
        )
        if is_live:
            reason = None if reads.is_due(sight) else "The first result"
            _button(sight, rows, "Freeze the first result", sight.company.today, reason, key="freeze_first")


def _nobody_enrolled(sight: Sight) -> None:
    with st.container(border=True, gap="small", key="nobody_enrolled"):
        st.badge("Not enough evidence", icon=words.ICONS["grey"], color="gray")
        st.markdown("#### Nobody is enrolled in a programme, so there is nothing to compare", anchors=False)
        st.markdown("\n".join(["A comparison takes", "", *(f"- {one}" for one in words.needed(reads.limits(sight)))]))
        st.markdown(
            "People are enrolled by a sales leader or an admin, best in an order that is drawn: then all get coached,"
            " and whoever starts later shows what would have happened without."
        )


def _look_today() -> None:
    address.put(as_of=None, result=None)
