"""Observations of one rep on their progress page: what was seen, what went well, the one thing; and what waits."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.observation_words import call_words, count_sentence
from ui import address, plain_text
from ui.filters import Span
from ui.loaders import Sight
from ui.loaders import observations as reads
from ui.places import OBSERVATION

MOST_SHOWN = 2
"""Conversations that stand there at once: a row."""


def observations_of(sight: Sight, card: dict[str, Any], span: Span) -> None:
    """The observations of the period, the latest first, with the rep's own views; an empty period says so.

    ``card``: the rep as frames.PEOPLE tells. For the rep themselves, calls that wait for their own view come first.
    """
    until = span.until
    found = reads.of_rep(sight, rep_id=card["person_id"], start=span.period.start, end=until, as_of=span.as_of)
    sentence = count_sentence(found["views"], _span_words(span))
    st.subheader(sentence or "Observations", anchor=False)
    if card["person_id"] == sight.viewer.person_id:
        _waiting(sight)
    views = found["views"]
    if views.is_empty():
        _nothing_yet(sight, card, span)
        return
    roots = views["root_id"].unique(maintain_order=True).to_list()
    _calls(sight, roots[:MOST_SHOWN], found)
    if len(roots) > MOST_SHOWN:
        with st.expander(f"{numbers.plural(len(roots) - MOST_SHOWN, 'earlier conversation')}", type="compact"):
            _calls(sight, roots[MOST_SHOWN:], found)
    if sight.viewer.coaches and card["person_id"] != sight.viewer.person_id:
        _record_link(card)


def _span_words(span: Span) -> str:
    return numbers.span(span.period.start, span.until)


def _waiting(sight: Sight) -> None:
    for call in reads.waiting(sight)["own_view"].iter_rows(named=True):
        facts = plain_text.label(call_words(call, sight.company.calendar.time_zone), 300)
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"{plain_text.label(call['other_name'])} has scored {facts}. What is your own view?")
            st.page_link(
                OBSERVATION,
                label="Add your own view",
                icon=":material/rate_review:",
                query_params=address.for_links(observation=call["observation_id"]),
            )


def _nothing_yet(sight: Sight, card: dict[str, Any], span: Span) -> None:
    st.markdown(f"Nothing was observed in {_span_words(span)}, as far as you can see. A longer period may hold more.")
    if sight.viewer.coaches and card["person_id"] != sight.viewer.person_id:
        _record_link(card)


def _record_link(card: dict[str, Any]) -> None:
    st.page_link(
        OBSERVATION,
        label="Record an observation",
        icon=":material/rate_review:",
        query_params=address.for_links(rep=card["person_id"]),
    )


def _calls(sight: Sight, roots: list[int], found: dict[str, pl.DataFrame]) -> None:
    grid = st.grid(min(len(roots), 2), min_column_width=320, gap="small", border=True)
    for root in roots:
        with grid.cell(), st.container(gap="xsmall"):
            _call(sight, root, found)


def _call(sight: Sight, root: int, found: dict[str, pl.DataFrame]) -> None:
    """One conversation: who saw it how, the levels (the own view beside them), what went well, the one thing."""
    views = found["views"].filter(pl.col("root_id") == root)
    first = views.sort((pl.col("observation_id") != root).cast(pl.Int8), "observation_id").row(0, named=True)
    scores = found["scores"].filter(pl.col("observation_id") == first["observation_id"]).sort("position")
    own = found["pairs"].filter((pl.col("root_id") == root) & (pl.col("other_kind") == "self"))
    theirs = dict(own.select("skill", "other_level").iter_rows())
    who = "Own view" if first["kind"] == "self" else plain_text.label(first["observer_name"])
    st.markdown(f"**{who}** · {plain_text.label(call_words(first, sight.company.calendar.time_zone), 300)}")
    st.markdown(
        " · ".join(
            f"{plain_text.label(row['skill_name'])} **{row['level']}**"
            + (f" (own view {theirs[row['skill']]})" if row["skill"] in theirs else "")
            for row in scores.iter_rows(named=True)
        )
    )
    if not first["words_shown"]:
        st.caption(f":material/lock: The words are {who}’s alone.")
    for title, field in (("Went well", "went_well"), ("The one thing", "one_thing")):
        if first[field]:
            st.markdown(f"{title}: {plain_text.label(first[field], 600)}")
    st.page_link(
        OBSERVATION,
        label="Open",
        icon=":material/arrow_forward:",
        query_params=address.for_links(observation=first["observation_id"]),
    )
