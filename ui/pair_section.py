"""Peer pairs on pages: a team's suggestions, proposals and pairs under way, and one's own pairs with their worksheets.

Managers see levels of their own people; a rep sees their own level and no colleague's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers, pairing
from coaching import pair_words as words
from ui import loaders, pair_answers, pair_suggestions, pair_worksheet, plain_text, tables
from ui.actions import pairs as actions
from ui.loaders import Sight
from ui.loaders import pairs as reads
from ui.loaders import skills as skill_reads
from ui.pair_answers import MOST_CARDS

LIMITS_OFFERED = (0, 1, 2, 3, 4, 5)
CLAIM = (
    "An association, not proof: whoever is chosen for a low level tends to score higher next time without any help, and"
    " other coaching goes on meanwhile. More than chance: more than 1.96 times the error of the difference of the two"
    " levels."
)


# ---- A team ------------------------------------------------------------------------------------------------------


def team(
    sight: Sight,
    as_of: dt.date,
    members: pl.DataFrame,
    skill_list: pl.DataFrame,
    *,
    adjusted: bool,
    chart: Callable[..., Any],
) -> None:
    """Everything about the pairs of ``members`` (a frame with person_id) for who coaches them.

    ``adjusted``: whether levels are shown less their raters' leniency; ``chart``: charts.pairs.compared, handed in by
    the page because the parts of pages draw nothing themselves.
    """
    inside = members["person_id"].to_list()
    near = pl.col("strong_id").is_in(inside) | pl.col("learner_id").is_in(inside)
    found = reads.pairs(sight, as_of=as_of).filter(near)
    st.subheader(words.heading(found), anchor=False)
    st.markdown(
        "One who does it well and one who would like to do it better meet about a skill, and write down what each"
        " tried, what worked and what comes next."
    )
    is_today = as_of == sight.company.today
    pair_answers.answer(sight, is_today=is_today)
    options = pair_suggestions.suggestions(sight, inside, skill_list, adjusted, chart) if is_today else {}
    pair_suggestions.proposals(found.filter(pl.col("status") == "proposed"), options, is_today)
    _begun(sight, as_of, found.filter(pl.col("status") != "proposed"), is_today)
    if is_today:
        _limits(sight, inside)


# ---- Under way and closed ----------------------------------------------------------------------------------------


def _begun(sight: Sight, as_of: dt.date, found: pl.DataFrame, is_today: bool) -> None:
    if found.is_empty():
        return
    running = found.filter(pl.col("status") == "accepted")
    closed = found.filter(pl.col("status") == "closed").sort("ends_on", "pair_id", descending=True)
    shown = pl.concat([running.head(MOST_CARDS), closed.head(MOST_CARDS)])
    meetings = reads.meetings(sight, pair_ids=shown["pair_id"].to_list(), as_of=as_of)
    if running.height:
        st.markdown(f"**Under way: {numbers.plural(running.height, 'pair')}**")
    with st.grid(2, min_column_width=300, gap="small"):
        for pair in running.head(MOST_CARDS).iter_rows(named=True):
            with st.container(border=True, gap="small", key=f"pair_{pair['pair_id']}"):
                _running(sight, pair, meetings.filter(pl.col("pair_id") == pair["pair_id"]), is_today)
    pair_answers.more(running)
    _followed(sight, as_of, shown)
    if closed.height:
        with st.expander(f"Worksheets of {numbers.plural(closed.height, 'closed pair')}", type="compact"):
            for pair in closed.head(MOST_CARDS).iter_rows(named=True):
                pair_answers.line(pair)
                st.caption(plain_text.label(words.capitalised(words.pair_words(pair, sight.company.today)), 200))
                mine = meetings.filter(pl.col("pair_id") == pair["pair_id"])
                pair_worksheet.listed(sight, pair, mine, writes=False)
            pair_answers.more(closed)


def _followed(sight: Sight, as_of: dt.date, shown: pl.DataFrame) -> None:
    outcome = _results(sight, as_of, shown)
    visible = set(loaders.people(sight, as_of)["person_id"])
    st.markdown(f"**{plain_text.label(words.results_sentence(outcome), 300)}**")
    st.caption(CLAIM)
    with st.expander("What followed, for both people of each pair", type="compact"):
        _results_table(shown, outcome, visible)


def _running(sight: Sight, pair: dict[str, Any], meetings: pl.DataFrame, is_today: bool) -> None:
    pair_answers.line(pair)
    st.caption(plain_text.label(words.capitalised(words.pair_words(pair, sight.company.today)), 200))
    if meetings.height:
        with st.expander(f"Worksheets ({numbers.count(meetings.height)})", type="compact"):
            pair_worksheet.listed(sight, pair, meetings, writes=False)
    if is_today:
        _close_button(pair)


def _close_button(pair: dict[str, Any], label: str = "Close the pair") -> None:
    st.button(
        label,
        key=f"close_pair_{pair['pair_id']}",
        type="tertiary",
        icon=":material/task_alt:",
        on_click=_close,
        args=(pair["pair_id"], pair["version"]),
    )


def _close(pair_id: int, version: int) -> None:
    pair_answers.tell(actions.close(pair_id, version), "The pair is closed. What followed stays to be seen.")


def _results(sight: Sight, as_of: dt.date, found: pl.DataFrame) -> pl.DataFrame:
    report = skill_reads.report(sight, at=as_of, as_of=as_of)
    scores = reads.scores(sight, pair_ids=found["pair_id"].to_list(), as_of=as_of)
    return pairing.results(found, scores, report["spread"], report["agreement"]["reliability"][0], as_of)


def _results_table(found: pl.DataFrame, outcome: pl.DataFrame, visible: set[int]) -> None:
    tables.plain(
        words.result_rows(found, outcome, visible),
        key="pair_results",
        alt="Two rows per pair: who worked on the skill and who helped, with the level before and since.",
        columns={
            "name": st.column_config.TextColumn("Rep", pinned=True, width=150),
            "part": st.column_config.TextColumn("Part", width=230),
            "skill": st.column_config.TextColumn("Skill", width=180),
            "since": st.column_config.DateColumn("Since", format="D MMM YYYY", width=100),
            "before": st.column_config.TextColumn(
                "Level before", width=130, help="Last three scores before the start; 95 % interval and n."
            ),
            "after": st.column_config.TextColumn(
                "Level since",
                width=130,
                help=f"Last three scores since the start, until {pairing.WEEKS_AFTER} weeks after the end.",
            ),
            "change": st.column_config.TextColumn("Change", width=150),
        },
    )


# ---- How many pairs somebody takes -------------------------------------------------------------------------------


def _limits(sight: Sight, inside: list[int]) -> None:
    basis = reads.basis(sight)
    people, usual = basis["people"].filter(pl.col("person_id").is_in(inside)), basis["pairs_at_most"]
    if people.is_empty():
        return
    with st.expander("How many pairs somebody takes at a time", type="compact"):
        own = people.filter(pl.col("is_own_limit"))
        st.markdown(f"As a rule {numbers.plural(usual, 'pair')}, proposals included.")
        for row in own.iter_rows(named=True):
            st.markdown(f"{plain_text.label(row['name'])}: {_limit_words(row['pairs_at_most'], usual)}")
        names = {row["person_id"]: plain_text.cell(row["name"]) for row in people.iter_rows(named=True)}
        # Somebody of a team that was looked at before is no choice here.
        if st.session_state.get("pair_limit_of") not in names:
            st.session_state.pop("pair_limit_of", None)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            person_id = st.selectbox(
                "Rep", list(names), format_func=lambda number: names[number], key="pair_limit_of", width=220
            )
            chosen = people.filter(pl.col("person_id") == person_id).row(0, named=True)
            limit = chosen["pairs_at_most"] if chosen["is_own_limit"] else None
            _limit_choice(int(person_id), limit, usual)


def _limit_choice(person_id: int, limit: int | None, usual: int) -> None:
    options = ["usual", *map(str, LIMITS_OFFERED)]
    held = "usual" if limit is None else str(limit)
    if held not in options:
        options.append(held)
    key = f"pair_limit_{person_id}"
    st.session_state[key] = held
    st.selectbox(
        "Pairs at a time",
        options,
        format_func=lambda text: _limit_words(None if text == "usual" else int(text), usual),
        key=key,
        on_change=_set_limit,
        args=(person_id, key),
        width=220,
    )


def _limit_words(limit: int | None, usual: int) -> str:
    if limit is None:
        return f"As usual ({usual})"
    return "None at the moment" if limit == 0 else numbers.plural(limit, "pair")


def _set_limit(person_id: int, key: str) -> None:
    said = st.session_state[key]
    pair_answers.tell(
        actions.set_limit(person_id, None if said == "usual" else int(said)), "The number of pairs is changed."
    )


# ---- One's own ---------------------------------------------------------------------------------------------------


def mine(sight: Sight, as_of: dt.date) -> None:
    """The viewer's own pairs with their worksheets: what a rep finds on their page, on a phone too."""
    is_today = as_of == sight.company.today
    found = reads.pairs(sight, as_of=as_of).filter(pl.col("is_mine"))
    if found.is_empty() and sight.viewer.coaches:
        return
    st.subheader(words.own_heading(found), anchor=False)
    pair_answers.answer(sight, is_today=is_today)
    pair_worksheet.said()
    if found.is_empty():
        st.markdown(
            "Two colleagues meet about one skill: one who does it well, one who would like to do it better. Ask your"
            " manager, if you would like that."
        )
    outcome = _results(sight, as_of, found) if found.height else None
    _own_pairs(sight, as_of, found.filter(pl.col("status") == "accepted"), outcome, is_today)
    closed = found.filter(pl.col("status") == "closed").sort("ends_on", "pair_id", descending=True)
    with st.container(gap="xsmall"):
        if closed.height:
            with st.expander(f"Earlier: {numbers.plural(closed.height, 'closed pair')}", type="compact"):
                _own_pairs(sight, as_of, closed, outcome, is_today)
        if is_today:
            with st.expander("How many pairs I take at a time", type="compact"):
                _limit_choice(sight.viewer.person_id or 0, *reads.own_limit(sight))


def _own_pairs(sight: Sight, as_of: dt.date, found: pl.DataFrame, outcome: pl.DataFrame | None, is_today: bool) -> None:
    if found.is_empty():
        return
    # Side by side from the second on, in equal height.
    grid = st.grid(min(found.height, 2), min_column_width=340, gap="small", border=True)
    for pair in found.iter_rows(named=True):
        with grid.cell():
            _own(sight, as_of, pair, outcome, is_today)


def _own(sight: Sight, as_of: dt.date, pair: dict[str, Any], outcome: pl.DataFrame | None, is_today: bool) -> None:
    side = "strong" if pair["strong_id"] == sight.viewer.person_id else "learner"
    meetings = reads.meetings(sight, pair_ids=[pair["pair_id"]], as_of=as_of)
    with st.container(gap="small", key=f"my_pair_{pair['pair_id']}"):
        st.markdown(_own_line(pair, side))
        st.caption(plain_text.label(words.capitalised(words.pair_words(pair, sight.company.today)), 200))
        if outcome is not None:
            row = outcome.filter((pl.col("pair_id") == pair["pair_id"]) & (pl.col("side") == side)).row(0, named=True)
            st.markdown(plain_text.label(words.own_words(row, pair["skill_name"]), 300))
            if pairing.change_of(row) is not None:
                st.caption("It goes along with the pair; whether it came from it, nobody can tell from one person.")
        is_running = pair["status"] == "accepted"
        with st.container(gap="xsmall"):
            if is_today and is_running:
                with st.expander("Write down a meeting", type="compact"):
                    pair_worksheet.new(sight, pair)
            if meetings.height:
                with st.expander(pair_worksheet.heading(meetings), type="compact"):
                    pair_worksheet.listed(sight, pair, meetings, writes=is_today)
        if is_today and is_running:
            _close_button(pair, "We are done: close it")


def _own_line(pair: dict[str, Any], side: str) -> str:
    about = plain_text.label(pair["skill_name"])
    other = plain_text.label(pair["learner_name" if side == "strong" else "strong_name"])
    if side == "strong":
        return f"**{about}**, with **{other}**: you show how you do it, they try it in their own calls."
    return f"**{about}**, with **{other}**: they show how they do it, you try it in your own calls."
