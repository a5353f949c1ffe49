"""Suggested peer pairs of a team and the proposals made of them: who is strong, who would gain, who could meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers, pairing
from coaching import pair_words as words
from coaching.pairing import Assignment, PairDraft
from coaching.skill_words import MOST_ROWS
from ui import address, empty_states, figures, loaders, pair_answers, plain_text, tables
from ui.actions import pairs as actions
from ui.loaders import Sight
from ui.loaders import pairs as reads

SAME_TEAM = "same_team"
_HELD = "pair_skill_held"
"""Session state: whose pairs are looked at, and the skill that was shown with them."""
LEGEND = (
    "◆ could help: competent or better, and the whole range above the middle. ○ would gain: below competent, or the"
    " whole range below the middle. • in between. A likely level is the mean of the last three scores, pulled towards"
    " the middle of those shown as far as three scores cannot be trusted; the line is its 95 % range."
)
RATERS_DIFFER = " Raters differ between teams: *Less leniency*, at the top, takes that away."


def suggestions(
    sight: Sight, inside: list[int], skill_list: pl.DataFrame, adjusted: bool, chart: Callable[..., Any]
) -> dict[int, pl.DataFrame]:
    """Who is strong, who would gain and who could meet; the comparison of each skill."""
    basis = reads.basis(sight)
    people = basis["people"].filter(pl.col("person_id").is_in(inside))
    if people.height > MOST_ROWS:
        many = numbers.plural(people.height, "rep")
        st.markdown(f"{many} are too many to put together at once: choose a team above to get suggestions.")
        return {}
    if people.height < pairing.FEWEST_COMPARED:
        empty_states.say("Nobody to pair here yet", "A pair needs two people who sell in the team that is looked at.")
        return {}
    compared = reads.compared(sight, person_ids=people["person_id"].to_list(), adjusted=adjusted)
    skill, across = _choices(sight, inside, people, skill_list, compared)
    rows, never = compared[skill["skill_id"]], pairing.resting(basis["pairs"], sight.company.today, basis["rest_weeks"])
    _picture(sight, rows, skill, people["team_id"].n_unique() > 1 and not adjusted, chart)
    at_work = basis["at_work"].filter(pl.col("skill_id") == skill["skill_id"])["person_id"].to_list()
    rest_weeks = basis["rest_weeks"]
    plan = pairing.assigned(
        rows, skill=skill["name"], never=never, at_work=at_work, across=across, rest_weeks=rest_weeks
    )
    _cards(rows, plan, skill, never, across)
    _unmatched(rows, plan)
    return compared


def _choices(
    sight: Sight,
    inside: list[int],
    people: pl.DataFrame,
    skill_list: pl.DataFrame,
    compared: dict[int, pl.DataFrame],
) -> tuple[dict[str, Any], bool]:
    """The skill (in the address, by its slug) and whether people of different teams are put together."""
    skills = {row["slug"]: row for row in skill_list.iter_rows(named=True)}
    asked = address.text("skill")
    # What was shown stays, also when a proposal makes another skill more promising; other people begin anew.
    who = (sight.viewer.person_id, *sorted(inside))
    held_for, held = st.session_state.get(_HELD, (None, None))
    if asked in skills:
        shown = asked
    elif held_for == who and held in skills:
        shown = held
    else:
        promising = pairing.most_promising(compared)
        shown = next(slug for slug, row in skills.items() if row["skill_id"] == promising)
    st.session_state[_HELD] = (who, shown)
    st.session_state["pair_skill"] = shown
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.selectbox(
            "About which skill?",
            list(skills),
            format_func=lambda slug: plain_text.cell(skills[slug]["name"]),
            key="pair_skill",
            on_change=_choose_skill,
            width=280,
        )
        across = True
        if people["team_id"].n_unique() > 1:
            across = address.text("pairs") != SAME_TEAM
            st.session_state["pair_teams"] = "any" if across else SAME_TEAM
            st.radio(
                "Who meets whom",
                ["any", SAME_TEAM],
                format_func=lambda key: "Across teams" if key == "any" else "Within a team",
                key="pair_teams",
                horizontal=True,
                on_change=_choose_teams,
            )
    return skills[st.session_state["pair_skill"]], across


def _choose_skill() -> None:
    address.put(skill=st.session_state["pair_skill"])


def _choose_teams() -> None:
    address.put(pairs=SAME_TEAM if st.session_state["pair_teams"] == SAME_TEAM else None)


def _picture(
    sight: Sight, rows: pl.DataFrame, skill: dict[str, Any], raters_differ: bool, chart: Callable[..., Any]
) -> None:
    sentence = words.compared_sentence(rows, skill["name"])
    known = rows.filter(pl.col("likely").is_not_null())
    if known.is_empty():
        empty_states.say(plain_text.label(sentence, 200), plain_text.label(words.unknown_words(rows), 600))
        return
    scope = f"{numbers.plural(known.height, 'rep')} by name, as of {numbers.day(sight.company.today)}"
    figures.show(
        loaders.drawn(chart, rows, sentence=sentence, scope=scope),
        key="pair_levels",
        alt=f"{sentence}. The table below holds the same values.",
    )
    st.caption(LEGEND + (RATERS_DIFFER if raters_differ else ""))
    if few := words.unknown_words(rows):
        st.caption(plain_text.label(few, 800))
    with st.expander("The same as a table", type="compact"):
        tables.plain(
            words.compared_rows(rows),
            key="pair_levels_table",
            alt=f"{rows.height} reps by name: part, level, scores, likely range, pairs.",
            columns={
                "name": st.column_config.TextColumn("Rep", pinned=True, width=160),
                "team": st.column_config.TextColumn("Team", width=120),
                "part": st.column_config.TextColumn("Part", width=120),
                "level": st.column_config.TextColumn("Level", alignment="right", help="Mean of the last three scores."),
                "n": st.column_config.NumberColumn("Scores", format="%d"),
                "likely": st.column_config.TextColumn("Likely range", alignment="right"),
                "pairs": st.column_config.TextColumn(
                    "Pairs", alignment="right", help="Proposed or under way, of how many at a time."
                ),
            },
        )


def _cards(
    rows: pl.DataFrame, plan: Assignment, skill: dict[str, Any], never: set[tuple[int, int]], across: bool
) -> None:
    """The suggested pairs, each to be changed or proposed."""
    by_id = {row["person_id"]: row for row in rows.iter_rows(named=True)}
    shown = sorted(plan.pairs, key=lambda pair: (by_id[pair.learner_id]["name"], pair.learner_id))
    if not shown:
        return
    # Named by the suggestion as well: another one begins anew, whatever was chosen before.
    chosen = [
        (pair.learner_id, f"helper_{skill['skill_id']}_{pair.learner_id}_{pair.strong_id}_{int(across)}")
        for pair in shown
    ]
    st.markdown(f"**Suggested: {numbers.plural(len(shown), 'pair')}**")
    with st.grid(3, min_column_width=290, gap="small"):
        for pair, choice in zip(shown, chosen, strict=True):
            options = pairing.helpers(rows, pair.learner_id, never=never, across=across)
            with st.container(border=True, gap="xsmall", key=f"suggested_{skill['skill_id']}_{pair.learner_id}"):
                _suggested(skill, by_id, pair.strong_id, options, choice)
    if len(shown) > 1:
        st.button(
            f"Propose all {numbers.count(len(shown))}",
            key="propose_all",
            type="primary",
            on_click=_propose,
            args=(skill["skill_id"], chosen),
        )
    st.caption("A proposal is seen by those who coach both. The two people see it once you start it.")


def _suggested(
    skill: dict[str, Any],
    by_id: dict[int, dict[str, Any]],
    strong_id: int,
    options: list[dict[str, Any]],
    choice: tuple[int, str],
) -> None:
    learner_id, key = choice
    learner = by_id[learner_id]
    names = {row["person_id"]: plain_text.cell(row["name"]) for row in options}
    if st.session_state.get(key) not in names:
        st.session_state[key] = strong_id
    st.markdown(f"**{plain_text.label(learner['name'])}** with")
    with st.container(horizontal=True, gap="small"):
        helper = st.selectbox(
            f"Who helps {plain_text.label(learner['name'])}",
            list(names),
            format_func=lambda person_id: names[person_id],
            key=key,
            label_visibility="collapsed",
        )
        st.button(
            "Propose",
            key=f"propose_{skill['skill_id']}_{learner_id}",
            on_click=_propose,
            args=(skill["skill_id"], [choice]),
        )
    both = f"{words.compared_words(learner)}; {names[helper]}: {words.compared_words(by_id[helper])}"
    st.caption(plain_text.label(words.capitalised(both), 200))


def _propose(skill_id: int, chosen: list[tuple[int, str]]) -> None:
    drafts = [PairDraft(skill_id, st.session_state[key], learner_id) for learner_id, key in chosen]
    pairs = "The pair is" if len(drafts) == 1 else f"{numbers.plural(len(drafts), 'pair')} are"
    pair_answers.tell(actions.propose(drafts), f"{pairs} proposed, below.")


def _unmatched(rows: pl.DataFrame, plan: Assignment) -> None:
    lines = [
        f"**{plain_text.label(row['name'])}**: {plain_text.label(plan.unmatched[row['person_id']], 300)}."
        for row in rows.iter_rows(named=True)
        if row["person_id"] in plan.unmatched
    ]
    if not lines:
        return
    with st.expander(f"Would gain, and no pair is suggested: {numbers.count(len(lines))}", type="compact"):
        for line in lines:
            st.markdown(line)


def proposals(found: pl.DataFrame, compared: dict[int, pl.DataFrame], is_today: bool) -> None:
    """Proposals, each to be started, changed or taken back. ``compared``: what ``suggestions`` answered."""
    if found.is_empty():
        return
    st.markdown(f"**Proposed: {numbers.plural(found.height, 'pair')}**")
    with st.grid(2, min_column_width=300, gap="small"):
        for pair in found.head(pair_answers.MOST_CARDS).iter_rows(named=True):
            with st.container(border=True, gap="small", key=f"proposed_{pair['pair_id']}"):
                pair_answers.line(pair)
                if is_today and pair["is_led"]:
                    _decide(pair, compared.get(pair["skill_id"]))
    pair_answers.more(found)


def _decide(pair: dict[str, Any], rows: pl.DataFrame | None) -> None:
    """Start it, let somebody else help, or take it back."""
    st.caption(f"Proposed on {numbers.day(pair['starts_on'])} by {plain_text.label(pair['proposed_by_name'] or '')}")
    names = {pair["strong_id"]: plain_text.cell(pair["strong_name"])}
    if rows is not None:
        names |= {row["person_id"]: plain_text.cell(row["name"]) for row in _others(rows, pair)}
    key = f"helps_{pair['pair_id']}"
    st.session_state[key] = pair["strong_id"]
    if len(names) > 1:
        st.selectbox(
            "Who helps",
            sorted(names, key=lambda person_id: (names[person_id], person_id)),
            format_func=lambda person_id: names[person_id],
            key=key,
            on_change=_change,
            args=(pair["pair_id"], pair["version"], key),
        )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Start it",
            key=f"start_pair_{pair['pair_id']}",
            type="primary",
            on_click=_start,
            args=(pair["pair_id"], pair["version"]),
        )
        st.button(
            "Take it back",
            key=f"withdraw_pair_{pair['pair_id']}",
            type="tertiary",
            on_click=_withdraw,
            args=(pair["pair_id"], pair["version"]),
        )


def _others(rows: pl.DataFrame, pair: dict[str, Any]) -> list[dict[str, Any]]:
    """Who else could help in a proposal; whether they met too short ago is said when it is tried."""
    return pairing.helpers(rows, pair["learner_id"])


def _change(pair_id: int, version: int, key: str) -> None:
    pair_answers.tell(actions.change(pair_id, version, st.session_state[key]), "The proposal is changed.")


def _start(pair_id: int, version: int) -> None:
    pair_answers.tell(
        actions.accept(pair_id, version),
        "The pair has begun. Both people find it on their own page, with the worksheet.",
    )


def _withdraw(pair_id: int, version: int) -> None:
    pair_answers.tell(actions.withdraw(pair_id, version), "The proposal is taken back.")
