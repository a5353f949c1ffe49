"""The question bank on its page: questions by situation, and for an admin what changes, retires and adds them."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.open_questions import LONGEST
from coaching.questions import MOST, SITUATIONS, Edit, Question, bank_sentence, matching, to_undo
from ui import address, drafts, empty_states, loaders, plain_text, sign_in, way_back
from ui.actions import Refused
from ui.actions import questions as actions
from ui.loaders import Sight
from ui.loaders import questions as reads

ALL = "all"
WIDTH = 900
_SAID, _BANK = "bank_said", "bank"
_SITUATION = "bank_situation"
_NO_SKILL = ""


def head(sight: Sight) -> None:
    """How many questions there are, how three of them are chosen, and who changes them."""
    bank = reads.bank(sight)
    rest = numbers.plural(reads.rest_sessions(sight), "one-on-one")
    st.markdown(bank_sentence(bank))
    st.markdown(
        f"For each one-on-one {MOST} questions are chosen by what the rep's data shows: the weightiest situations"
        " first, one of them about the information behind a deal, each with the row that led to it. A rep hears the"
        f" same question again after {rest} at the earliest, and is asked about a loss once."
    )
    if sight.viewer.loads_data:
        st.caption("Open a situation to read its questions; choose it to change them or to add one.")
    else:
        st.caption("An admin changes, retires and adds questions here. A coach reads what may be asked, and when.")
    _answer(sight)


def search(sight: Sight) -> tuple[str | None, str]:
    """The situation (in the address, by its key; None = all) and the words searched for."""
    asked = address.text("situation")
    st.session_state[_SITUATION] = asked if asked in SITUATIONS else ALL
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        words = st.text_input(
            "Search", key="bank_words", placeholder="A word of a question", icon=":material/search:", width=280
        )
        st.selectbox(
            "Situation",
            [ALL, *SITUATIONS],
            format_func=lambda key: SITUATIONS[key].title if key in SITUATIONS else "All situations",
            key=_SITUATION,
            on_change=_choose,
            width=340,
        )
    return (asked if asked in SITUATIONS else None), words or ""


def _choose() -> None:
    chosen = st.session_state[_SITUATION]
    address.put(situation=None if chosen == ALL else chosen)


def show(sight: Sight, situation: str | None, words: str) -> None:
    """What the search leaves, folded by situation; of one situation everything, for an admin to change."""
    bank, history = reads.bank(sight), reads.edits(sight)
    skills = reads.skill_names(sight)
    found = matching(bank, words, situation)
    if not found and situation is None:
        empty_states.say("No question has these words", "Try fewer words, or look at all situations.")
        return
    by_situation = {key: [each for each in found if each.situation == key] for key in SITUATIONS}
    with st.container(width=WIDTH, gap="small", key="bank"):
        if situation is not None:
            _situation(sight, situation, by_situation[situation], skills, history)
            return
        is_searched = bool(words.strip())
        for key, mine in by_situation.items():
            if mine:
                _fold(sight, key, mine, skills, history, is_searched)


def _fold(
    sight: Sight, key: str, mine: list[Question], skills: dict[str, str], history: pl.DataFrame, is_searched: bool
) -> None:
    """One situation among all: closed, unless a search has found something in it."""
    kind, active = SITUATIONS[key], sum(each.is_active for each in mine)
    label = f"{kind.title} ({numbers.count(active)})"
    # Named by the search as well: what was closed opens once something is found in it.
    with st.expander(label, expanded=is_searched, type="compact", key=f"fold_{key}_{is_searched}"):
        st.caption(f"{kind.when}.{_blanks(kind.blanks)}")
        for each in mine:
            _question(sight, each, skills, history, is_open=False)
        if sight.viewer.loads_data:
            st.button(
                "Change these questions",
                key=f"change_{key}",
                type="tertiary",
                icon=":material/edit:",
                on_click=_open,
                args=(key,),
            )


def _open(situation: str) -> None:
    address.put(situation=situation)


def _situation(sight: Sight, key: str, mine: list[Question], skills: dict[str, str], history: pl.DataFrame) -> None:
    kind = SITUATIONS[key]
    st.subheader(kind.title, anchor=False)
    st.caption(f"{kind.when}.{_blanks(kind.blanks)}")
    for each in mine:
        _question(sight, each, skills, history, is_open=True)
    if sight.viewer.loads_data:
        _add_form(sight, key, skills)


def _blanks(blanks: tuple[str, ...]) -> str:
    return f" Filled in: {', '.join(f'{{{name}}}' for name in blanks)}." if blanks else ""


def _question(sight: Sight, each: Question, skills: dict[str, str], history: pl.DataFrame, *, is_open: bool) -> None:
    with st.container(border=is_open, gap="small", key=f"bank_{each.key.replace('.', '-')}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(plain_text.label(each.text, LONGEST + 1), width="content")
            if each.about_skill:
                st.badge(plain_text.label(skills.get(each.about_skill, each.about_skill)), color="gray")
            if each.is_edited:
                st.badge("edited", color="blue")
            if not each.is_active:
                st.badge("retired", color="orange")
        mine = history.filter(pl.col("question_key") == each.key)
        if is_open and mine.height:
            _history(sight, mine)
        if is_open and sight.viewer.loads_data:
            _edit_form(sight, each, skills)


def _history(sight: Sight, edits: pl.DataFrame) -> None:
    with st.expander(f"Changed {numbers.plural(edits.height, 'time')}", type="compact"):
        for row in edits.reverse().iter_rows(named=True):
            day = numbers.day(_day(sight, row["recorded_at"]))
            who = plain_text.label(row["edited_by_name"]) if row["edited_by_name"] else "an admin"
            what = "" if row["is_active"] else "retired: "
            st.markdown(f"{day}, {who}: {what}{plain_text.label(row['body'], LONGEST + 1)}")


def _day(sight: Sight, moment: dt.datetime) -> dt.date:
    return moment.astimezone(zoneinfo.ZoneInfo(sight.company.calendar.time_zone)).date()


# ---- Changing ------------------------------------------------------------------------------------------------------


def _edit_form(sight: Sight, each: Question, skills: dict[str, str]) -> None:
    form = f"question:{each.key}"
    # ``seen`` stays what the form was begun from: whoever saves over somebody else's change is told.
    standing = {"text": each.text, "skill": each.about_skill or _NO_SKILL}
    drafts.start(form, sight, {**standing, "seen": each.edit_id})
    is_typed = _is_typed(form, standing, each.edit_id)
    label = "Change or retire" if each.is_active else "Change or bring back"
    # Named, so that what is said above it does not fold it up.
    with st.expander(label, expanded=is_typed, type="compact", key=f"part_{form}"):
        _refusal(form)
        _fields(form, skills)
        with st.container(horizontal=True, gap="small"):
            st.button("Save the question", key=f"save_{form}", on_click=_save, args=(form, each, True))
            label = "Retire it" if each.is_active else "Bring it back"
            st.button(
                label, key=f"retire_{form}", type="tertiary", on_click=_save, args=(form, each, not each.is_active)
            )


def _is_typed(form: str, standing: dict[str, Any], edit_id: int | None) -> bool:
    """Whether something was typed. A form in which nothing was follows the question, should somebody else change it."""
    said, begun = drafts.values(form), f"{form}|begun"
    typed = {name: said[name] for name in standing}
    if typed not in (standing, st.session_state.get(begun)):
        return True
    for name, value in {**standing, "seen": edit_id}.items():
        # Written only where it differs: a value that is written again would overwrite what is being typed.
        if said[name] != value:
            st.session_state[drafts.key(form, name)] = value
    st.session_state[begun] = standing
    return False


def _add_form(sight: Sight, situation: str, skills: dict[str, str]) -> None:
    form = f"new-question:{situation}"
    drafts.start(form, sight, {"text": "", "skill": _NO_SKILL})
    is_typed = bool(drafts.values(form)["text"])
    with st.expander("Add a question", icon=":material/add:", expanded=is_typed, key=f"part_{form}"):
        _refusal(form)
        _fields(form, skills)
        st.button("Add the question", key=f"save_{form}", on_click=_add, args=(form, situation))


def _fields(form: str, skills: dict[str, str]) -> None:
    st.text_area(
        "The question",
        max_chars=LONGEST,
        height=80,
        **drafts.field(form, "text"),
        help="Open: it begins with what, how, which, where, when, who or Tell me, and no part of it is a yes or no.",
    )
    st.selectbox(
        "About which skill",
        [_NO_SKILL, *skills],
        format_func=lambda slug: plain_text.cell(skills.get(slug, "Any skill, or none")),
        **drafts.field(form, "skill"),
    )


def _save(form: str, each: Question, is_active: bool) -> None:
    said = drafts.values(form)
    # Retiring takes the question off the list as it stands; what was typed beside it is not what anybody meant.
    is_retiring = each.is_active and not is_active
    text = each.text if is_retiring else said["text"] or ""
    skill = each.about_skill if is_retiring else said["skill"] or None
    seen = each.edit_id if is_retiring else said["seen"]
    done = actions.edit(each.key, each.situation, text, skill, is_active, seen)
    _keep(form, done)
    now = _standing(each.key)
    if isinstance(done, Refused):
        if done.changes and not is_retiring:
            # Of the state that was told, so that "my version counts" cannot pass over a third save.
            st.session_state[_SAID]["seen"] = now.edit_id if now else None
    elif now is not None and now.edit_id == seen:
        st.session_state[_SAID] = {"sentence": "The question said that already: nothing is changed."}


def _add(form: str, situation: str) -> None:
    said = drafts.values(form)
    _keep(form, actions.edit(None, situation, said["text"] or "", said["skill"] or None, True, None))


def _keep(form: str, done: str | Refused) -> None:
    if isinstance(done, Refused):
        st.session_state[_SAID] = {"form": form, "problems": (*done.problems, *done.changes)}
        return
    drafts.finish(form)
    st.session_state.pop(_SAID, None)


def _standing(key: str) -> Question | None:
    # Read anew: the button was pressed long after its page was drawn.
    return next((each for each in reads.bank(sign_in.current_sight()) if each.key == key), None)


def _refusal(form: str) -> None:
    """Why the form was not saved, at the form, until it is."""
    said = st.session_state.get(_SAID, {})
    if said.get("form") != form:
        return
    st.warning(plain_text.label(" ".join(said["problems"]), 800), icon=":material/error:")
    if "seen" in said:
        st.button(
            "I have seen it: my version counts", key=f"mine_{form}", on_click=_use_mine, args=(form, said["seen"])
        )


def _use_mine(form: str, seen: int | None) -> None:
    st.session_state[drafts.key(form, "seen")] = seen
    st.session_state.pop(_SAID, None)
    drafts.keep(form)


def _answer(sight: Sight) -> None:
    """What the last click did, said once; and for a day, after a reload too, the way back from one's last change."""
    said = st.session_state.get(_SAID, {})
    if "form" not in said:
        st.session_state.pop(_SAID, None)
        if "problems" in said:
            st.warning(plain_text.label(" ".join(said["problems"]), 800), icon=":material/error:")
        elif "sentence" in said:
            st.success(said["sentence"], icon=":material/check:")
    last = to_undo(reads.edits(sight), sight.viewer.person_id, loaders.now()) if sight.viewer.loads_data else None
    row = way_back.unless_fine(sight, _BANK, "edit_id", {"edit_id": last.edit_id} if last else None)
    if last is None or row is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="bank_saved"):
        st.markdown(f":material/check_circle: {_became(last)}", width="content")
        st.caption(plain_text.label(last.now.text, LONGEST + 1), width="content")
        st.button("Undo", key="undo_bank", type="tertiary", on_click=_undo, args=(last,))
        st.button("Fine", key="bank_fine", type="tertiary", on_click=way_back.fine, args=(_BANK, last.edit_id))


def _became(last: Edit) -> str:
    if last.before is None:
        return "The question is added."
    return "The question is saved." if last.now.is_active else "The question is retired."


def _undo(last: Edit) -> None:
    """Say again what it said before; a question that was new is retired. The history keeps both."""
    told = last.before or last.now
    is_active = last.before is not None and last.before.is_active
    done = actions.edit(told.key, told.situation, told.text, told.about_skill, is_active, last.edit_id)
    if isinstance(done, Refused):
        st.session_state[_SAID] = {"problems": (*done.problems, *done.changes)}
        return
    st.session_state[_SAID] = {"sentence": "Taken back."}
    now = _standing(told.key)
    if now is not None and now.edit_id is not None:
        # Taking back is no change that anybody needs the way back from.
        way_back.fine(_BANK, now.edit_id)
