"""What is missing before a return can be shown, with the way to where it is done; and the choice of that part."""

from __future__ import annotations

import streamlit as st

from coaching.programme import ENROLMENTS, PARTS, Step, steps_sentence
from ui import address, places, plain_text
from ui.loaders import Sight
from ui.loaders import programme_data as reads

_ICONS = {
    True: ":material/check_circle:",
    False: ":material/radio_button_unchecked:",
    None: ":material/help:",
}
_STATES = {True: "", False: ", missing", None: ", worth a look"}
_PART = "programme_part"


def show(sight: Sight) -> None:
    """The first sentence of the page and the list below it."""
    steps = reads.steps(sight)
    st.markdown(f"##### {plain_text.label(steps_sentence(steps), 300)}", anchors=False)
    with st.container(border=True, gap="xsmall", key="steps"):
        for step in steps:
            _step(step, can_mend=step.section in parts(sight))
        st.page_link(
            places.PROGRAMME,
            label="What the programme changed",
            icon=":material/arrow_forward:",
            query_params=address.for_links(),
        )


def _step(step: Step, can_mend: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f"{_ICONS[step.is_done]} **{step.title}{_STATES[step.is_done]}.** {plain_text.label(step.words, 300)}",
            width="stretch",
        )
        if can_mend and not step.is_done:
            st.button(
                PARTS[step.section],
                key=f"step_{step.key}",
                type="tertiary",
                icon=":material/arrow_downward:",
                on_click=_go_to,
                args=(step.section,),
            )


def parts(sight: Sight) -> list[str]:
    """The parts of the page that the viewer keeps: a leader who starts when, an admin all of it."""
    return list(PARTS) if sight.viewer.loads_data else [ENROLMENTS]


def part(sight: Sight) -> str:
    """The part that is open: what the address says, else the first in which something is missing."""
    offered = parts(sight)
    asked = address.text("part")
    if asked not in offered:
        missing = [step.section for step in reads.steps(sight) if step.is_done is False and step.section in offered]
        asked = (missing or offered)[0]
    if len(offered) > 1:
        st.session_state[_PART] = asked
        st.radio(
            "Part",
            offered,
            format_func=lambda key: PARTS[key],
            key=_PART,
            horizontal=True,
            on_change=_choose,
            label_visibility="collapsed",
        )
    return asked


def _choose() -> None:
    address.put(part=st.session_state[_PART])


def _go_to(section: str) -> None:
    address.put(part=section)
