"""What was written down about a call, every view side by side, and what can be done with it; what waits for an answer;
what the last save changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.library import problems_of_offer
from coaching.observation_words import call_words, gap_sentence, saved_sentence
from coaching.observations import HOURS_TO_UNDO
from ui import address, empty_states, loaders, looks, plain_text
from ui.actions import Refused
from ui.actions import observations as actions
from ui.loaders import Sight
from ui.loaders import observations as reads
from ui.observation_form import SAVED, WIDTH
from ui.places import OBSERVATION, PROGRESS

REFUSED = "observation_refused"
MOST_SHOWN = 3
NO_SUCH_OBSERVATION = "There is no such observation in your view"


def refusals() -> None:
    """Why the last click changed nothing; said once."""
    for problem in st.session_state.pop(REFUSED, []):
        st.warning(plain_text.label(problem, 400))


def _do(action: Callable[..., Refused | None], *arguments: int, then: int | None = None) -> None:
    """Callback of every button here: act, keep the reason of a refusal, and show ``then`` (an observation's id)."""
    result = action(*arguments)
    if isinstance(result, Refused):
        st.session_state[REFUSED] = list(result.problems)
    elif then is not None:
        address.put(observation=then)


def _open(observation_id: int) -> None:
    address.put(observation=observation_id)


# ---- What the last save changed --------------------------------------------------------------------------------


def last_saved(sight: Sight) -> None:
    """What the viewer saved last, with the way to what it changed and an undo; nothing where there is none."""
    saved = st.session_state.get(SAVED)
    if saved is None:
        return
    data = reads.views_of_call(sight, saved)
    mine = data["views"].filter((pl.col("observation_id") == saved) & pl.col("is_mine"))
    if mine.is_empty():
        del st.session_state[SAVED]
        return
    view = mine.row(0, named=True)
    scored = data["scores"].filter(pl.col("observation_id") == saved).height
    company = sight.company
    with st.container(border=True, gap="small", key="saved"):
        words = saved_sentence(view, scored, company.calendar.time_zone, company.today)
        st.markdown(f":material/check_circle: {plain_text.label(words, 500)}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if data["views"].height == 1:
                st.button("Undo", key="undo_saved", icon=":material/undo:", on_click=_do, args=(actions.undo, saved))
            st.button("Look at it", key="open_saved", icon=":material/visibility:", on_click=_open, args=(saved,))
            if view["kind"] != "coach_the_coach":
                st.page_link(
                    PROGRESS,
                    label="See progress",
                    icon=":material/show_chart:",
                    query_params=address.for_links(rep=view["person_id"]),
                )


# ---- What waits ------------------------------------------------------------------------------------------------


def waiting(sight: Sight, found: dict[str, pl.DataFrame]) -> None:
    """What waits for the viewer, each with the way to answer it; nothing where nothing waits."""
    zone = sight.company.calendar.time_zone
    with st.container(width=WIDTH, gap="small", key="waiting"):
        # Whoever comes to write down what they have just seen finds the form without scrolling.
        is_open = address.text("rep") is None
        _group(found["own_view"], "for your own view", lambda call: _own_view(call, zone), True)
        _group(found["second_rating"], "for your blind scores", lambda call: _second_rating(call, zone), is_open)
        _group(found["answer"], "for your scores: the rep went first", lambda call: _to_answer(call, zone), is_open)
        examples = found["examples"]
        for observation_id in examples["observation_id"].unique(maintain_order=True).to_list():
            _example(examples.filter(pl.col("observation_id") == observation_id))


def _group(calls: pl.DataFrame, what: str, row: Callable[[dict[str, Any]], None], is_open: bool) -> None:
    if calls.is_empty():
        return
    verb = "waits" if calls.height == 1 else "wait"
    with st.expander(f"**{numbers.plural(calls.height, 'conversation')} {verb} {what}**", expanded=is_open):
        rows = list(calls.iter_rows(named=True))
        for call in rows[:MOST_SHOWN]:
            row(call)
        if len(rows) > MOST_SHOWN:
            with st.popover(f"{numbers.count(len(rows) - MOST_SHOWN)} more", type="tertiary"):
                for call in rows[MOST_SHOWN:]:
                    row(call)


def _row(sentence: str, *buttons: tuple[str, str, Callable[..., None], tuple[Any, ...]]) -> None:
    """A sentence, then its buttons below: on a phone they would not fit beside it."""
    with st.container(gap="xsmall"):
        st.markdown(sentence)
        with st.container(horizontal=True, gap="small"):
            for number, (label, key, callback, arguments) in enumerate(buttons):
                kind = "secondary" if number == 0 else "tertiary"
                st.button(label, key=key, type=kind, on_click=callback, args=arguments)  # type: ignore[arg-type]


def _own_view(call: dict[str, Any], zone: str) -> None:
    number = call["observation_id"]
    until = f" Opens by itself on {numbers.day(call['opens_on'])}." if call["opens_on"] else ""
    _row(
        f"{plain_text.label(call_words(call, zone), 300)}, scored by {plain_text.label(call['other_name'])}.{until}",
        ("Score it myself", f"own_{number}", _open, (number,)),
        ("Show me without", f"skip_{number}", _skip, (number,)),
    )


def _skip(observation_id: int) -> None:
    _do(actions.skip_own_view, observation_id, then=observation_id)


def _second_rating(call: dict[str, Any], zone: str) -> None:
    number = call["observation_id"]
    name, other = plain_text.label(call["person_name"]), plain_text.label(call["other_name"])
    _row(
        f"{name}: {plain_text.label(call_words(call, zone), 300)}. Asked by {other}.",
        ("Score it", f"second_{number}", _open, (number,)),
        ("Not this time", f"decline_{number}", _do, (actions.decline_second_rating, number)),
    )


def _to_answer(call: dict[str, Any], zone: str) -> None:
    number = call["observation_id"]
    _row(
        f"{plain_text.label(call['person_name'])}: {plain_text.label(call_words(call, zone), 300)}.",
        ("Score the same call", f"answer_{number}", _open, (number,)),
    )


def _example(moments: pl.DataFrame) -> None:
    first = moments.row(0, named=True)
    number = first["observation_id"]
    with st.container(border=True, gap="small"):
        st.markdown(
            f"**{plain_text.label(first['observer_name'])} would like to show others how you did this**, "
            f"from {numbers.day(first['observed_on'])}:"
        )
        for row in moments.iter_rows(named=True):
            skill, said = plain_text.label(row["skill_name"]), plain_text.label(row["evidence"], 600)
            st.markdown(f"{skill} (level {row['level']}): {said}")
        st.caption("Everybody here who sells or coaches could read these lines, with your name. You can take it back.")
        with st.container(horizontal=True, gap="small"):
            st.button("Share it", key=f"agree_{number}", on_click=_do, args=(actions.agree_to_example, number))
            st.button(
                "Keep it between us",
                key=f"keep_{number}",
                type="tertiary",
                on_click=_do,
                args=(actions.take_back_example, number),
            )


# ---- One call --------------------------------------------------------------------------------------------------


def one_call(sight: Sight, observation_id: int | None) -> None:
    """Every view of one call that the viewer may read, and what they can do with it."""
    data = reads.views_of_call(sight, observation_id if observation_id is not None else -1)
    if data["views"].is_empty():
        empty_states.say(
            NO_SUCH_OBSERVATION,
            "The link may be old, it may have been taken back, or the person may have moved to another team.",
            page=OBSERVATION,
            step="Record an observation",
            icon=":material/arrow_back:",
        )
        return
    first = data["views"].row(0, named=True)
    looks.note(sight, first["person_id"], "observation")
    with st.container(width=WIDTH, gap="small", key="one_call"):
        facts = call_words(first, sight.company.calendar.time_zone)
        st.subheader(plain_text.label(first["person_name"]), anchor=False)
        st.markdown(plain_text.label(facts, 300))
        _scores_side_by_side(data["views"], data["scores"])
        for view in data["views"].iter_rows(named=True):
            _words_of(view, data["views"].height > 1)
        _sharing(sight, first, data)
        st.button("Record another one", key="leave_call", icon=":material/add:", type="tertiary", on_click=_leave)


def _leave() -> None:
    address.put(observation=None)


def _who(view: dict[str, Any]) -> str:
    """Whose view it is, in a word that can stand before a level."""
    if view["is_mine"]:
        return "You"
    return "Own view" if view["kind"] == "self" else numbers.plain_name(view["observer_name"], 40)


def _scores_side_by_side(views: pl.DataFrame, scores: pl.DataFrame) -> None:
    rows = {row["observation_id"]: row for row in views.iter_rows(named=True)}
    root = next((row["observation_id"] for row in rows.values() if row["kind"] not in {"self", "second_rater"}), None)
    for row in rows.values():
        if row["observation_id"] != root and root is not None:
            label = "own view" if row["kind"] == "self" else "second coach’s view"
            sentence = gap_sentence(_pairs(scores, root, row["observation_id"]), label)
            st.markdown(f":material/compare_arrows: {plain_text.label(sentence, 300)}")
    for skill in scores.sort("position")["skill"].unique(maintain_order=True).to_list():
        here = scores.filter(pl.col("skill") == skill)
        by_view = {row["observation_id"]: row for row in here.iter_rows(named=True)}
        with st.container(gap="xxsmall"):
            given = [
                f"{plain_text.label(_who(rows[key]))} **{by_view[key]['level']}**" for key in rows if key in by_view
            ]
            name = plain_text.label(here["skill_name"][0])
            st.markdown(f"**{name}** (1 to {here['highest'][0]}): {', '.join(given)}")
            for key in rows:
                if key in by_view and by_view[key]["evidence"]:
                    said = plain_text.label(by_view[key]["evidence"], 2_000)
                    st.caption(f"{plain_text.label(_who(rows[key]))}: {said}")


def _pairs(scores: pl.DataFrame, root: int, other: int) -> pl.DataFrame:
    mine = scores.filter(pl.col("observation_id") == root)
    theirs = scores.filter(pl.col("observation_id") == other)
    both = mine.join(theirs, on="skill", suffix="_other")
    return both.with_columns((pl.col("level_other") - pl.col("level")).alias("gap"))


def _words_of(view: dict[str, Any], is_one_of_several: bool) -> None:
    seat = ", second coach" if view["kind"] == "second_rater" else ""
    who = f" ({plain_text.label(_who(view))}{seat})" if is_one_of_several else ""
    if not view["words_shown"]:
        owner = plain_text.label(view["observer_name"])
        st.caption(f":material/lock: The words to this view are {owner}’s alone; the levels count.")
        return
    for title, field in (("What went well", "went_well"), ("The one thing", "one_thing")):
        if view[field]:
            with st.container(gap="xxsmall"):
                st.markdown(f"**{title}**{who}")
                st.markdown(plain_text.label(view[field], 2_000))
    if view["is_mine"] and view["visibility"] == "private":
        st.caption(":material/lock: Nobody else reads these words.")
    if view["released_at"] is None and view["is_mine"] and view["kind"] != "second_rater":
        name = plain_text.label(view["person_name"])
        waits = "your coach scores the same call" if view["kind"] == "self" else f"{name} has added their own view"
        st.caption(f":material/hourglass_empty: Nobody else sees this until {waits}.")


# ---- What can be done with it ----------------------------------------------------------------------------------


def _sharing(sight: Sight, first: dict[str, Any], data: dict[str, pl.DataFrame]) -> None:
    number, is_about_me = first["observation_id"], first["person_id"] == sight.viewer.person_id
    _raters(sight, first, data["raters"])
    if first["is_example"] and is_about_me:
        _own_example(first)
    elif first["is_mine"] and first["kind"] == "coach":
        _offer(first, data["scores"].filter(pl.col("observation_id") == number))
    if _can_be_undone(first, data["views"].height):
        st.button("Undo this observation", key="undo_call", icon=":material/undo:", on_click=_undo, args=(number,))


def _undo(observation_id: int) -> None:
    _do(actions.undo, observation_id)
    if REFUSED not in st.session_state:
        address.put(observation=None)


def _can_be_undone(view: dict[str, Any], view_count: int) -> bool:
    age: dt.timedelta = loaders.now() - view["recorded_at"]
    is_young = age <= dt.timedelta(hours=HOURS_TO_UNDO)
    return bool(view["is_mine"] and is_young and view_count == 1 and not view["is_imported"])


def _raters(sight: Sight, first: dict[str, Any], asked: pl.DataFrame) -> None:
    number = first["observation_id"]
    for row in asked.iter_rows(named=True):
        state = (
            "has scored it" if row["has_scored"] else "has declined" if row["has_declined"] else "has not scored yet"
        )
        st.caption(f":material/group: Second coach: {plain_text.label(row['name'])} {state}.")
    offered = reads.second_raters(sight, number)
    if offered.is_empty():
        return
    names = {
        row["person_id"]: f"{plain_text.cell(row['name'])}" + (f" ({row['team_name']})" if row["team_name"] else "")
        for row in offered.iter_rows(named=True)
    }
    with st.popover("Ask a second coach", icon=":material/group_add:"):
        st.markdown("They score the same call without seeing your levels. That shows how alike you see things.")
        chosen = st.selectbox(
            "Who?",
            list(names),
            index=None,
            format_func=lambda person_id: plain_text.cell(names[person_id]),
            placeholder="Choose a coach",
            key=f"rater_{number}",
        )
        st.button(
            "Ask",
            key=f"ask_{number}",
            type="primary",
            disabled=chosen is None,
            on_click=_ask,
            args=(number,),
        )


def _ask(number: int) -> None:
    chosen = st.session_state[f"rater_{number}"]
    if chosen is not None:
        _do(actions.ask_second_rating, number, chosen)


def _offer(view: dict[str, Any], scores: pl.DataFrame) -> None:
    number, name = view["observation_id"], plain_text.label(view["person_name"])
    if view["is_example"]:
        state = "is in the library" if view["consented_at"] else f"waits for {name} to agree"
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(f":material/star: Offered as an example: it {state}.", width="content")
            st.button(
                "Withdraw",
                key=f"back_{number}",
                type="tertiary",
                on_click=_do,
                args=(actions.take_back_example, number),
            )
        return
    moments = [(row["level"], row["highest"], row["evidence"]) for row in scores.iter_rows(named=True)]
    if not problems_of_offer(
        moments,
        visibility=view["visibility"],
        is_released=view["released_at"] is not None,
        is_about_a_rep=view["kind"] == "coach",
    ):
        st.button(
            "Offer as an example",
            key=f"offer_{number}",
            icon=":material/star:",
            help=f"For the library of techniques. {name} decides; only then do others see it.",
            on_click=_do,
            args=(actions.offer_example, number),
        )


def _own_example(view: dict[str, Any]) -> None:
    number = view["observation_id"]
    if view["consented_at"] is None:
        st.caption(":material/star: Offered as an example for others; nobody sees it before you agree.")
        with st.container(horizontal=True, gap="small"):
            st.button("Share it", key=f"agree_{number}", on_click=_do, args=(actions.agree_to_example, number))
            st.button(
                "Keep it between us",
                key=f"keep_{number}",
                type="tertiary",
                on_click=_do,
                args=(actions.take_back_example, number),
            )
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f":material/star: In the library since {numbers.day(view['consented_at'].date())}.", width="content")
        st.button(
            "Take it back",
            key=f"back_{number}",
            type="tertiary",
            on_click=_do,
            args=(actions.take_back_example, number),
        )
