"""The best-technique library on the page: per skill the right behaviours in words, and moments that show them."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from coaching import library, numbers
from coaching.observations import CHANNELS
from ui import address, empty_states, plain_text
from ui.places import OBSERVATION

MOST_SHOWN = 3
ALL_SKILLS = "all"
WIDTH = 860


def search(role_models: pl.DataFrame) -> tuple[str | None, str]:
    """The skill (in the address, by its slug) and the words searched for."""
    names = dict(role_models.select("skill", "skill_name").drop_nulls().unique(maintain_order=True).iter_rows())
    asked = address.text("skill")
    st.session_state["library_skill"] = asked if asked in names else ALL_SKILLS
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        words = st.text_input(
            "Search",
            key="library_words",
            placeholder="A word from the text, a name",
            icon=":material/search:",
            width=280,
        )
        st.selectbox(
            "Skill",
            [ALL_SKILLS, *names],
            format_func=lambda slug: plain_text.cell(names.get(slug, "All skills")),
            key="library_skill",
            on_change=_choose_skill,
            width=280,
        )
    return (asked if asked in names else None), words or ""


def _choose_skill() -> None:
    chosen = st.session_state["library_skill"]
    address.put(skill=None if chosen == ALL_SKILLS else chosen)


def show(role_models: pl.DataFrame, examples: pl.DataFrame, skill: str | None, words: str) -> None:
    """The shelf: every skill that the search leaves, in the scorecard's order."""
    texts, moments = library.found(role_models, words, skill), library.found(examples, words, skill)
    if texts.is_empty() and moments.is_empty():
        empty_states.say("Nothing here has these words", "Try fewer words, or look at all skills.")
        return
    names = _names(role_models, examples)
    left = {*texts["skill"].to_list(), *moments["skill"].to_list()}
    with st.container(width=WIDTH, gap="small", key="shelf"):
        for slug, name in names.items():
            if slug in left:
                _skill(name, texts.filter(pl.col("skill") == slug), moments.filter(pl.col("skill") == slug), words)
        for row in texts.filter(pl.col("skill").is_null()).iter_rows(named=True):
            _role_model(row, row["title"])


def _names(role_models: pl.DataFrame, examples: pl.DataFrame) -> dict[str, str]:
    both = [frame.select("skill", "skill_name").drop_nulls() for frame in (role_models, examples)]
    return dict(pl.concat(both).unique("skill", keep="first", maintain_order=True).iter_rows())


def _skill(name: str, texts: pl.DataFrame, moments: pl.DataFrame, words: str) -> None:
    st.subheader(plain_text.label(name), anchor=False)
    for row in texts.iter_rows(named=True):
        _role_model(row, "How it looks at its best")
    rows = list(moments.iter_rows(named=True))
    for row in rows[:MOST_SHOWN]:
        _moment(row)
    if len(rows) > MOST_SHOWN:
        with st.expander(f"{numbers.plural(len(rows) - MOST_SHOWN, 'more example')}", type="compact"):
            for row in rows[MOST_SHOWN:]:
                _moment(row)
    if not rows and not words:
        st.caption("No example has been shared for this skill yet.")


def _role_model(row: dict[str, Any], title: str) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f":material/auto_stories: **{plain_text.label(title)}**")
        if row["description"]:
            st.caption(plain_text.label(row["description"], 300))
        st.markdown(plain_text.label(row["body"], 2_000))


def _moment(row: dict[str, Any]) -> None:
    """What somebody did, in the words of who saw it; the level says what it looked like, not what somebody is like."""
    how = CHANNELS.get(row["channel"] or "", "").lower()
    when = f"{numbers.day(row['observed_on'])}{f', {how}' if how else ''}"
    with st.container(gap="xxsmall"):
        st.markdown(f"\u201c{plain_text.label(row['evidence'], 2_000)}\u201d")
        st.caption(
            f"**{plain_text.label(row['person_name'])}**, {when}, seen by {plain_text.label(row['observer_name'])}."
            f" Level {row['level']} of {row['highest']}: {plain_text.label(row['anchor'], 400)}"
        )


def sentence(examples: pl.DataFrame) -> str:
    """How much has been shared, in a sentence."""
    if examples.is_empty():
        return "No example has been shared yet. The texts say what each skill looks like at its best."
    moments, skills = examples["observation_id"].n_unique(), examples["skill"].n_unique()
    people = numbers.plural(examples["person_id"].n_unique(), "person", "people")
    shows = "shows" if moments == 1 else "show"
    return (
        f"{numbers.plural(moments, 'moment')} from {people} {shows} {numbers.plural(skills, 'skill')} at work,"
        " each shared with the consent of whoever did it."
    )


def how_examples_get_here(coaches: bool) -> None:
    """Where the examples come from, and the way there."""
    if coaches:
        words = "Saw something others should see? Open your observation and offer it; the rep decides."
    else:
        words = "Nothing of yours is shown here unless you have agreed to it, and you can take it back at any time."
    st.caption(words)
    if coaches:
        st.page_link(
            OBSERVATION,
            label="Record an observation",
            icon=":material/rate_review:",
            query_params=address.for_links(),
        )
