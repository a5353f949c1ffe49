"""The brief on the screen: one page of paper, with boxes to tick for whoever holds the one-on-one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from coaching import numbers
from coaching.brief import LEFT, PAGE, RIGHT, Brief, Fact, Section, is_crowded, proposed
from coaching.sessions import LONGEST_NOTE
from ui import (
    address,
    brief_handover,
    brief_sources,
    day_formats,
    downloads,
    drafts,
    plain_text,
    print_style,
    session_form,
)
from ui.loaders import Sight
from ui.loaders import agenda as agenda_reads
from ui.loaders import sessions as session_reads
from ui.places import MY_COACHING, ONE_ON_ONE, SESSION

PAPER_LINES = 5
_HARMLESS = frozenset(" ,.;?!%&'’“”()–-→…")
"""Signs beside letters and digits that no Markdown obeys inside a line."""


def choose(sight: Sight) -> None:
    """Before a rep is chosen: those whom the viewer coaches, the next one-on-one first, each with the way there."""
    found = agenda_reads.prepared(sight).sort("next_on", "name", nulls_last=True)
    if found.is_empty():
        st.markdown("Choose a rep above to read what there is to talk about.")
        return
    st.subheader("Whom do you meet next?", anchor=False)
    with st.container(gap=None, key="meetings"):
        for row in found.iter_rows(named=True):
            _meeting(row, sight.company.today)


def _meeting(row: dict[str, Any], today: dt.date) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"meet_{row['rep_id']}"):
        # A link from a page to itself changes nothing, so the address is changed instead.
        st.button(
            plain_text.label(row["name"]),
            key=f"open_{row['rep_id']}",
            icon=":material/description:",
            type="tertiary",
            on_click=_choose,
            args=(row["rep_id"],),
        )
        st.caption(_meeting_words(row, today), width="content")


def _choose(rep_id: int) -> None:
    address.put(rep=rep_id)


def _meeting_words(row: dict[str, Any], today: dt.date) -> str:
    last = f"last one-on-one {numbers.ago(row['last_on'], today)}" if row["last_on"] else "no one-on-one yet"
    ahead = f"next {numbers.ago(row['next_on'], today)}" if row["next_on"] else "none planned"
    items = row["topic_count"] + row["answer_count"]
    prepared = f"has prepared ({numbers.plural(items, 'item')})" if items else "has not prepared yet"
    return f"{last}, {ahead}; {prepared}"


def way_in(sight: Sight, rep_id: int) -> None:
    """The way to the brief from another page about the rep; nothing for whoever reads no words."""
    if not sight.viewer.reads_words:
        return
    is_own = sight.viewer.person_id == rep_id
    st.page_link(
        ONE_ON_ONE,
        label="My next one-on-one" if is_own else "Prepare one-on-one",
        icon=":material/description:",
        query_params=address.for_links(rep=rep_id),
    )


def show(sight: Sight, found: Brief, as_of: dt.date) -> None:
    """The paper with its buttons, and the rows behind it folded away."""
    print_style.apply()
    holds = _holds(sight, found, as_of)
    form = brief_handover.brief_form(sight.viewer.person_id, found.rep_id)
    if holds:
        drafts.start(form, sight, _fields(found))
    _tools(sight, found, form, as_of, holds)
    size = "brief_crowded" if is_crowded(found) else "brief_usual"
    mark = address.text(brief_sources.FACT)
    if mark is not None:
        brief_sources.one_fact(sight, found, mark, as_of)
    with st.container(key=size, gap=None), st.container(key="brief", gap="small"):
        _head(found)
        left, right = st.columns([2, 1], gap="medium")
        with left, st.container(key="brief_left", gap="small"):
            for key in LEFT:
                _section(found, key, form if holds else None)
        with right, st.container(key="brief_right", gap="small"):
            for key in RIGHT:
                _section(found, key, form if holds else None)
                if key == "preparation":
                    _to_prepare(sight, found)
            _notes(form, holds)
    brief_sources.every_fact(sight, found, as_of)


def _holds(sight: Sight, found: Brief, as_of: dt.date) -> bool:
    """Whether the viewer can hold this one-on-one now: coaches the person, and it is today's brief."""
    viewer = sight.viewer
    return viewer.coaches and viewer.person_id not in {None, found.rep_id} and as_of == sight.company.today


# ---- Buttons -------------------------------------------------------------------------------------------------------


def _tools(sight: Sight, found: Brief, form: str, as_of: dt.date, holds: bool) -> None:
    asked = {"rep_id": found.rep_id, "as_of": as_of, "address": brief_sources.base(), "look_as": address.text("as")}
    stem = f"one-on-one-{found.rep_id}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="brief_tools"):
        if holds and st.button("Start session", type="primary", key="start_session", icon=":material/play_arrow:"):
            _start(sight, found, form)
        if not downloads.are_served():
            downloads.how_to_get_them()
            return
        for kind, label, ending, icon in (
            ("brief_paper", "Print", "html", ":material/print:"),
            ("brief_html", "Download", "html", ":material/download:"),
            ("brief_markdown", "Markdown", "md", ":material/markdown:"),
        ):
            downloads.link(sight, kind, label, downloads.dated(stem, as_of, ending), icon=icon, **asked)
        _calendar(sight, found, stem, as_of, asked)


def _calendar(sight: Sight, found: Brief, stem: str, as_of: dt.date, asked: dict[str, Any]) -> None:
    """A calendar entry on a day and at a time that somebody chooses; what is proposed says where it comes from."""
    company = sight.company
    first = proposed(found.usual, found.next_on, company.today)
    with st.popover("Calendar", icon=":material/event:", type="tertiary", key="brief_calendar"):
        # Keyed by person: what was chosen for one is no proposal for the next.
        on = st.date_input(
            "Day", format=day_formats.TYPED, value=first.on, min_value=company.today, key=f"invite_on_{found.rep_id}"
        )
        at = st.time_input(
            "Time",
            value=first.at,
            step=dt.timedelta(minutes=15),
            key=f"invite_at_{found.rep_id}",
            help=f"In {company.calendar.time_zone}, where the company is.",
        )
        st.caption(first.why)
        if isinstance(on, dt.date) and at is not None:
            moment = dt.datetime.combine(on, at)
            label = f"Save for {numbers.day(on)}, {at:%H:%M}"
            name = downloads.dated(stem, on, "ics")
            downloads.link(sight, "brief_invite", label, name, icon=":material/event:", at=moment.isoformat(), **asked)


def _start(sight: Sight, found: Brief, form: str) -> None:
    carried, ticks = found.carried, drafts.values(form)
    record = session_reads.session_record(sight, carried.session_id) if carried.session_id is not None else None
    into = session_form.opened(sight, found.rep_id, record)
    talked = [bool(ticks[brief_handover.topic_mark(fact)]) for fact in found.section("topics").facts]
    brief_handover.hand_over(into, carried, talked, ticks, ticks["notes"] or "")
    where = {"rep": found.rep_id, **({"session": carried.session_id} if record is not None else {})}
    st.switch_page(SESSION, query_params=address.for_links(**where))  # type: ignore[arg-type]


# ---- The paper -----------------------------------------------------------------------------------------------------


def _fields(found: Brief) -> dict[str, Any]:
    ticks: dict[str, Any] = {brief_handover.topic_mark(fact): True for fact in found.section("topics").facts}
    for each in found.carried.questions:
        mark = brief_handover.question_mark(each)
        ticks |= {f"{box}_{mark}": False for box in brief_handover.BOXES}
    return {**ticks, brief_handover.WORKED_ON: False, "notes": ""}


def _head(found: Brief) -> None:
    with st.container(key="brief_title", gap=None):
        title = f"##### One-on-one with {plain_text.label(found.rep_name)}, {numbers.day(found.as_of)}"
        st.markdown(title, anchors=False)
    notice = f"**{plain_text.label(found.notice, 200)}** " if found.notice else ""
    ahead = f"Next one-on-one planned for {numbers.day(found.next_on)}. " if found.next_on else ""
    about, prepared = plain_text.label(found.about, 200), plain_text.label(found.preparation, 160)
    st.markdown(f"{about}. {notice}{ahead}**{prepared}**")


def _section(found: Brief, key: str, form: str | None) -> None:
    """A heading and its facts. ``form``: where ticks are kept, for whoever holds the meeting."""
    section = found.section(key)
    heading = f"##### {plain_text.label(section.title, 200)}"
    with st.container(key=f"brief_{section.key}", gap="xsmall"):
        if not section.facts:
            st.markdown(f"{heading}\n{plain_text.label(section.otherwise, 300)}", anchors=False)
        elif section.key == "topics":
            _topics(found, section, heading, form)
        elif section.key == "questions":
            _questions(found, section, heading, form)
        else:
            lines = [f"- {_words(found, mark, fact)}" for mark, fact in section.marked()]
            st.markdown("\n".join([heading, *lines]), anchors=False)
        if section.key == "plan" and form is not None and found.carried.plan_action_id is not None:
            with st.container(key="brief_tick_plan"):
                st.checkbox("Work on it in this session", **drafts.field(form, brief_handover.WORKED_ON))


def _topics(found: Brief, section: Section, heading: str, form: str | None) -> None:
    lines = [
        f"{_words(found, mark, fact)} *{plain_text.label(fact.why, 200)}*" if fact.why else _words(found, mark, fact)
        for mark, fact in section.marked()
    ]
    st.markdown(f"{heading}\n:small[:gray[{section.about}]]", anchors=False)
    if form is None:
        st.markdown("\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1)))
        return
    for number, (fact, line) in enumerate(zip(section.facts, lines, strict=True), start=1):
        with st.container(horizontal=True, wrap=False, gap="xsmall", key=f"brief_topic_{number}"):
            # A box is called by its label as it is written, so that one holds words only; what is read stands beside.
            st.checkbox(
                f"Talk about topic {number}: {_only_words(fact.text)}",
                label_visibility="collapsed",
                width="content",
                **drafts.field(form, brief_handover.topic_mark(fact)),
            )
            st.markdown(f"{number}\\. {line}", anchors=False)


def _only_words(text: str) -> str:
    """A text as the name of a box that nobody sees: without a sign that Markdown would obey."""
    kept = "".join(sign if sign.isalnum() or sign in _HARMLESS else " " for sign in text)
    return numbers.plain_name(kept, 200)


def _questions(found: Brief, section: Section, heading: str, form: str | None) -> None:
    """Each question with the rows that led to it below; boxes for whoever puts them."""
    asked = found.carried.questions
    for number, (mark, fact) in enumerate(section.marked()):
        why = f"  \n   :small[:gray[{plain_text.label(fact.why, 300)}]]" if fact.why else ""
        question = f"{number + 1}. {_words(found, mark, fact)}{why}"
        st.markdown(f"{heading}\n{question}" if number == 0 else question, anchors=False)
        if form is not None:
            brief_handover.boxes(form, brief_handover.question_mark(asked[number]))


def _words(found: Brief, mark: str, fact: Fact) -> str:
    """A fact in Markdown with the way to its rows."""
    label = f"**{plain_text.label(fact.label)}:** " if fact.label else ""
    # A space that does not break: an arrow alone on a line points at nothing.
    address_of_rows = brief_sources.path((PAGE, {"rep": found.rep_id, brief_sources.FACT: mark}))
    link = f'[\u2197]({address_of_rows} "The rows behind this")'
    return f"{label}{brief_sources.as_text(fact.text)}{numbers.SPACE}{link}"


def _to_prepare(sight: Sight, found: Brief) -> None:
    if sight.viewer.person_id == found.rep_id:
        with st.container(key="brief_tick_prepare"):
            st.page_link(MY_COACHING, label="Prepare", icon=":material/edit_note:", query_params=address.for_links())


def _notes(form: str, holds: bool) -> None:
    """A field on the screen, for whoever holds the meeting; lines on paper, for everybody."""
    with st.container(key="brief_lines", gap=None):
        st.markdown("\n\n".join(["##### Notes", *["---"] * PAPER_LINES]), anchors=False)
    if holds:
        with st.container(key="brief_notes", gap="xsmall"):
            st.text_area(
                "Notes for this meeting",
                height=96,
                max_chars=LONGEST_NOTE,
                help="Only you read them. They go along into the session, marked as yours alone, and never on paper.",
                **drafts.field(form, "notes"),
            )
