"""From the brief into the session's form and back: what was ticked is filled in, and saved together with the session.

The form's draft holds what the brief brought, so a reload loses nothing of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from coaching.brief import Asking, Carried, Fact, Taken
from coaching.questions import MOST
from ui import drafts, plain_text

BROUGHT = "brief"
"""The field of a session's form that holds what its brief brought; no widget."""
BOXES = ("asked", "gap")
WORKED_ON = "worked_on"
"""The box of the plan's next action: only a session that is about it counts as work on it."""
LONGEST_QUESTION = 240


def brief_form(viewer_id: int | None, rep_id: int) -> str:
    """What the ticks on a brief are kept under."""
    return f"brief:{viewer_id}:{rep_id}"


def fields() -> dict[str, Any]:
    """The fields that a session's form has for its brief; empty until one is handed over."""
    return {BROUGHT: None, **question_fields()}


def question_fields() -> dict[str, bool]:
    """Two boxes for each question."""
    return {f"{box}_{number}": False for box in BOXES for number in range(MOST)}


def topic_mark(fact: Fact) -> str:
    """What a topic is ticked by: what it says and of which row, not its place, which the next export may change."""
    return f"topic_{_mark(fact.text, fact.source_ids)}"


def question_mark(asked: Asking) -> str:
    """What the boxes of a question on a brief are called by."""
    return _mark(asked.key, asked.source_ids)


def _mark(about: str, source_ids: Sequence[str]) -> str:
    return f"{zlib.crc32(f'{about} {source_ids[0]}'.encode()):08x}"


def hand_over(form: str, carried: Carried, talked: Sequence[bool], ticks: Mapping[str, Any], note: str) -> None:
    """Fill a session's form that has been started: nothing that stands in it already is overwritten.

    ``talked``: which of the topics are to be talked about; ``ticks``: the boxes of the brief's form.
    """
    topics = [topic for topic, wanted in zip(carried.topics, talked, strict=True) if wanted]
    held = drafts.values(form)
    lines = [line for line in (held["topics"] or "").splitlines() if line.strip()]
    lines += [words for words, _ in topics if words not in lines]
    filled: dict[str, Any] = {
        "topics": "\n".join(lines),
        BROUGHT: {
            "topics": [[words, list(items)] for words, items in topics],
            "questions": [
                [each.key, each.text, list(each.source_ids), each.deal_id, list(each.item_ids)]
                for each in carried.questions
            ],
        },
        **question_fields(),
    }
    for number, each in enumerate(carried.questions):
        for box in BOXES:
            filled[f"{box}_{number}"] = bool(ticks.get(f"{box}_{question_mark(each)}"))
    if ticks.get(WORKED_ON):
        for name, brought in (("plan_action_id", carried.plan_action_id), ("skill", carried.skill)):
            filled[name] = held[name] if held[name] is not None else brought
    if note.strip() and not (held["note"] or "").strip():
        # Notes made before a meeting are nobody else's until their writer says so.
        filled |= {"note": note.strip(), "visibility": "private"}
    for name, value in filled.items():
        st.session_state[drafts.key(form, name)] = value
    drafts.keep(form)


def questions(form: str) -> None:
    """In the session's form: the questions of the brief, to be ticked as asked; nothing where none was brought."""
    asked = _asked(form)
    if not asked:
        return
    st.markdown("**The questions of the brief**")
    for number, each in enumerate(asked):
        st.markdown(plain_text.label(each.text, LONGEST_QUESTION))
        boxes(form, str(number))


def boxes(form: str, mark: str) -> None:
    """Asked, and could not be answered yet. ``mark``: what the question is called by in this form."""
    with st.container(horizontal=True, gap="medium", key=f"brief_tick_{form.split(':')[0]}_{mark}"):
        st.checkbox("Asked", **drafts.field(form, f"asked_{mark}"))
        st.checkbox(
            "Could not answer yet",
            help="Goes on the rep's list of open questions, with where to find out.",
            **drafts.field(form, f"gap_{mark}"),
        )


def taken(form: str) -> Taken | None:
    """What the session took up, as the form says now; None where no brief was handed over."""
    brought, values = drafts.values(form).get(BROUGHT), drafts.values(form)
    if not brought:
        return None
    lines = {line.strip() for line in (values["topics"] or "").splitlines()}
    items = [item for words, of_topic in brought["topics"] if words in lines for item in of_topic]
    asked, unanswered = [], []
    for number, each in enumerate(_asked(form)):
        is_open = bool(values[f"gap_{number}"])
        # What could not be answered has been asked.
        if values[f"asked_{number}"] or is_open:
            asked.append(each)
            items += each.item_ids
        if is_open:
            unanswered.append(each)
    return Taken(tuple(asked), tuple(unanswered), tuple(dict.fromkeys(items)))


def _asked(form: str) -> list[Asking]:
    brought = drafts.values(form).get(BROUGHT) or {}
    return [
        Asking(str(key), str(text), tuple(sources), deal_id, tuple(items))
        for key, text, sources, deal_id, items in brought.get("questions", [])[:MOST]
    ]
