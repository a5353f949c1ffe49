"""A scorecard as fields of a form: levels as large buttons, what the chosen one looks like, the evidence for it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from coaching import numbers
from coaching.observations import LONGEST_EVIDENCE, Card, CardItem, ScoreDraft
from ui import drafts, plain_text


def defaults(card: Card) -> dict[str, Any]:
    """The fields of a scorecard, all of them empty: "level:<skill>" and "evidence:<skill>"."""
    return {f"level:{item.skill}": None for item in card.items} | {f"evidence:{item.skill}": "" for item in card.items}


def scores(card: Card, values: dict[str, Any]) -> tuple[ScoreDraft, ...]:
    """What was scored, in the card's order."""
    return tuple(
        ScoreDraft(item.skill, values[f"level:{item.skill}"], values[f"evidence:{item.skill}"] or "")
        for item in card.items
        if values.get(f"level:{item.skill}") is not None
    )


def show(form: str, card: Card) -> None:
    """Every skill of the card, to be scored or left alone."""
    chosen = [item for item in card.items if _level(form, item) is not None]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="scorecard_head"):
        st.subheader("What did you see and hear?", anchor=False, width="content")
        st.caption(f"Only what you saw: {numbers.count(len(chosen))} of {len(card.items)} scored.", width="content")
    for item in card.items:
        _skill(form, item)


def _level(form: str, item: CardItem) -> int | None:
    level = st.session_state.get(drafts.key(form, f"level:{item.skill}"))
    return level if level in item.levels else None


def _skill(form: str, item: CardItem) -> None:
    """A skill: its levels as buttons, what the chosen one looks like, all of them one tap away, and the evidence."""
    level = _level(form, item)
    name = plain_text.label(item.name)
    with st.container(key=f"skill_{item.item_id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
            st.markdown(f"**{name}**", width="content")
            with st.popover("Levels", type="tertiary", help=f"What each level of “{name}” looks like"):
                if item.description:
                    st.markdown(plain_text.label(item.description, 300))
                for each in item.levels:
                    st.markdown(f"**{each}** {plain_text.label(item.anchor(each), 400)}")
        with st.container(horizontal=True, gap="xsmall", wrap=False, key=f"levels_{item.item_id}"):
            for each in item.levels:
                st.button(
                    str(each),
                    key=f"level_{item.item_id}_{each}",
                    type="primary" if each == level else "secondary",
                    on_click=_choose_level,
                    args=(form, item.skill, each),
                    width="stretch",
                )
        if level is None:
            return
        if item.anchor(level):
            st.caption(f"{level}: {plain_text.label(item.anchor(level), 400)}")
        st.text_area(
            f"Evidence for “{name}”",
            placeholder="What was said or done, in words (optional)",
            label_visibility="collapsed",
            max_chars=LONGEST_EVIDENCE,
            height=68,
            **drafts.field(form, f"evidence:{item.skill}"),
        )


def _choose_level(form: str, skill: str, level: int) -> None:
    """A second tap on the same level takes it back: not scored."""
    key = drafts.key(form, f"level:{skill}")
    st.session_state[key] = None if st.session_state.get(key) == level else level
    drafts.keep(form)
