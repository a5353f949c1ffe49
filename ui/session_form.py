"""The form of a session: plan it, write it up, correct it, settle one that was planned. Survives a reload.

What is typed is kept as the writer's draft; the transcript is not: it is read, counted and forgotten.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any, Literal

import streamlit as st

from coaching import numbers
from coaching.brief import Taken
from coaching.people import Role
from coaching.sessions import (
    ANGLES,
    LONGEST_MEETING,
    LONGEST_NOTE,
    METHODS,
    MOST_COUNTED,
    MOST_TOPICS_THAT_MATTER,
    STATUSES,
    SUGGESTED_TRIGGERS,
    TONES,
    TOPICS_HINT,
    TRIGGERS,
    CommitmentDraft,
    SessionDraft,
)
from ui import address, brief_handover, day_formats, drafts, loaders, plain_text, sign_in, transcript_reader
from ui.actions import Refused
from ui.actions import sessions as actions
from ui.loaders import Sight
from ui.loaders import sessions as reads

PROMISE_ROWS = 5
DAYS_TO_DUE = 7
LONGEST_PROMISE = 300
SAID = "session_said"
"""Session state: what the last button did, for the run after it. Holds ids and sentences of the page, no words."""
_NEW, _FROM_PLANNED, _CORRECTED = (
    ("held", "planned", "missed", "excused"),
    ("held", "moved", "missed", "excused"),
    ("held", "missed", "excused"),
)
_STATUS_WORDS = {"held": "Held", "planned": "Plan one", "moved": "Move it", "missed": "Missed", "excused": "Excused"}
_VISIBILITY = {"shared": "Shared", "private": "Only me"}


def form_name(sight: Sight, rep_id: int | None, session_id: int | None, kind: str = "") -> str:
    """What the draft is kept under. Whose form it is belongs into it: one browser may look as several people."""
    about = f"{session_id}" if session_id is not None else f"new{kind}"
    return f"session:{sight.viewer.person_id}:{rep_id or 'peer'}:{about}"


def write_up(sight: Sight, card: dict[str, Any], record: dict[str, Any] | None) -> None:
    """The form about one rep: a new session, or the viewer's own ``record``."""
    options = _NEW if record is None else _FROM_PLANNED if record["status"] == "planned" else _CORRECTED
    form = form_name(sight, card["person_id"], record["session_id"] if record else None)
    saved_at = drafts.start(form, sight, _defaults(sight, record))
    with st.container(border=True, key="session_form"):
        st.subheader(_title(record), anchor=False)
        _draft_note(form, saved_at)
        _settled(form, "status", options, options[0])
        st.radio(
            "What became of it?" if record else "What do you want to write down?",
            options,
            format_func=lambda status: _STATUS_WORDS[status],
            horizontal=True,
            **drafts.field(form, "status"),
        )
        status = drafts.values(form)["status"]
        if status == "held":
            _held_fields(sight, form, card, record)
        elif status == "planned":
            _planned_fields(sight, form, card)
        else:
            _unheld_fields(sight, form, status, record)
        _buttons(form, card["person_id"], record)


def opened(sight: Sight, rep_id: int, record: dict[str, Any] | None) -> str:
    """The form about one rep, filled as ``write_up`` would find it but not shown: another page fills it further."""
    form = form_name(sight, rep_id, record["session_id"] if record else None)
    drafts.start(form, sight, _defaults(sight, record))
    return form


def meet_colleague(sight: Sight) -> None:
    """A rep's form about a meeting with somebody of their own team; both of them see it."""
    people = reads.colleagues(sight)
    if not people:
        st.markdown("Nobody else belongs to your team today, so there is no colleague to have met.")
        return
    form = form_name(sight, None, None, "peer")
    drafts.start(form, sight, {**_defaults(sight, None), "partner": None})
    _settled(form, "partner", tuple(people), None)
    labels = _labels(people)
    st.selectbox(
        "With whom?",
        list(labels),
        format_func=lambda person_id: labels[person_id],
        placeholder="Choose a colleague",
        **drafts.field(form, "partner"),
    )
    _when(sight, form)
    _skill(sight, form)
    _topics(form, [])
    _note(form, "Your colleague and the managers above can read a shared note.")
    _problems(form)
    st.button("Save", type="primary", key=f"{form}|save", on_click=_save_peer, args=(form,), width="stretch")


def settle(sight: Sight, record: dict[str, Any]) -> None:
    """For somebody who coaches the person and does not hold the session: move it, or say what became of it."""
    form = form_name(sight, record["rep_id"], record["session_id"])
    options = ("moved", "missed", "excused")
    drafts.start(form, sight, {**_defaults(sight, record), "status": "moved"})
    with st.container(border=True, key="session_form"):
        st.subheader(f"Planned for {numbers.day(record['planned_on'])}", anchor=False)
        st.caption(
            f"{plain_text.label(record['coach_name'])} holds this session and writes it up. You can move it, or say"
            " that it was missed or excused."
        )
        _settled(form, "status", options, "moved")
        st.radio(
            "What became of it?",
            options,
            format_func=lambda status: _STATUS_WORDS[status],
            horizontal=True,
            **drafts.field(form, "status"),
        )
        _unheld_fields(sight, form, drafts.values(form)["status"], record)
        _buttons(form, record["rep_id"], record)


# ---- Fields ----------------------------------------------------------------------------------------------------


def _defaults(sight: Sight, record: dict[str, Any] | None) -> dict[str, Any]:
    """What the fields open with: the record as it stands, else now, in the company's time zone."""
    company = sight.company
    zone = zoneinfo.ZoneInfo(company.calendar.time_zone)
    row: dict[str, Any] = record or {}
    moment = (row.get("held_at") or loaders.now()).astimezone(zone)
    at = moment.time().replace(second=0, microsecond=0, tzinfo=None)
    status = row.get("status", "held")
    found: dict[str, Any] = {
        "status": "held" if status == "planned" else status,
        "version": row.get("version"),
        "is_group": row.get("kind") == "group",
        "people": row.get("participants", []),
        "day": moment.date()
        if row.get("held_at") or not row.get("planned_on")
        else min(row["planned_on"], company.today),
        "time": at if row.get("held_at") else at.replace(minute=at.minute // 15 * 15),
        "planned_on": row.get("planned_on") if status != "planned" else None,
        "missed_by": row.get("missed_by"),
        # Without a note, how an empty one was marked says nothing about the next.
        "visibility": row["visibility"] if row.get("note") else "shared",
        "topics": "\n".join(_own_topics(sight, row.get("session_id"))),
        **brief_handover.fields(),
    }
    for name in ("minutes", "preparation_minutes", "method", "angle", "skill", "plan_action_id", "questions"):
        found[name] = row.get(name)
    for name in ("instructions", "trigger", "tone"):
        found[name] = row.get(name)
    found["note"] = row.get("note") or ""
    due = company.today + dt.timedelta(days=DAYS_TO_DUE)
    for side in ("coach", "rep"):
        for number in range(PROMISE_ROWS):
            found[f"{side}_{number}"] = ""
            found[f"{side}_{number}_due"] = due
    return found


def _own_topics(sight: Sight, session_id: int | None) -> list[str]:
    if session_id is None:
        return []
    topics = reads.session_topics(sight, [session_id])
    return [row["topic"] for row in topics.iter_rows(named=True) if row["added_by"] == sight.viewer.person_id]


def _others_topics(sight: Sight, session_id: int | None) -> list[tuple[str, str]]:
    if session_id is None:
        return []
    topics = reads.session_topics(sight, [session_id])
    rows = topics.iter_rows(named=True)
    return [(row["topic"], row["added_by_name"] or "") for row in rows if row["added_by"] != sight.viewer.person_id]


def _settled(form: str, field: str, options: tuple[Any, ...], otherwise: Any) -> None:
    """A choice that is no longer offered (a draft may be older than the list) counts as not made."""
    if st.session_state[drafts.key(form, field)] not in options:
        st.session_state[drafts.key(form, field)] = otherwise


def _within(form: str, field: str, *, earliest: dt.date = dt.date.min, latest: dt.date = dt.date.max) -> None:
    """A day that can no longer be chosen (a draft may be days old) counts as not said."""
    held = st.session_state[drafts.key(form, field)]
    if held is not None and not earliest <= held <= latest:
        st.session_state[drafts.key(form, field)] = None


def _title(record: dict[str, Any] | None) -> str:
    if record is None:
        return "Write up or plan a session"
    if record["status"] == "planned":
        return f"The session planned for {numbers.day(record['planned_on'])}"
    return f"Correct the session of {numbers.day(record['held_on'] or record['planned_on'])}"


def _draft_note(form: str, saved_at: dt.datetime | None) -> None:
    if saved_at is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(":material/edit_note: Your draft is still here.", width="content")
        st.button("Start afresh", key=f"{form}|afresh", type="tertiary", on_click=_give_up, args=(form,))


def _give_up(form: str) -> None:
    drafts.finish(form)
    st.session_state.pop(SAID, None)


def _held_fields(sight: Sight, form: str, card: dict[str, Any], record: dict[str, Any] | None) -> None:
    _group(sight, form, card, record)
    _when(sight, form)
    others = _others_topics(sight, record["session_id"] if record else None)
    _topics(form, others)
    brief_handover.questions(form)
    left, right = st.columns(2)
    with left:
        _choice(form, "method", "Method", METHODS)
    with right:
        _angle(form)
    left, right = st.columns(2)
    with left:
        _skill(sight, form)
    with right:
        _plan_action(sight, form, card["person_id"])
    _asked_and_told(sight, form, card)
    _trigger(form)
    _promises(form, card)
    _note(form, "A shared note is read by the rep and by the managers above. Only me: nobody else reads it, ever.")


def _group(sight: Sight, form: str, card: dict[str, Any], record: dict[str, Any] | None) -> None:
    if record is not None and record["kind"] != "group":
        return
    if record is None:
        st.toggle("Others sat in it as well (a group)", **drafts.field(form, "is_group"))
    if not drafts.values(form)["is_group"]:
        return
    people = loaders.people(sight, sight.company.today)
    offered = {
        row["person_id"]: row["name"]
        for row in people.iter_rows(named=True)
        if row["person_id"] not in {card["person_id"], sight.viewer.person_id}
        and (row["left_on"] is None or row["left_on"] >= sight.company.today)
    }
    key = drafts.key(form, "people")
    st.session_state[key] = [person_id for person_id in st.session_state[key] or [] if person_id in offered]
    labels = _labels(offered)
    st.multiselect(
        "Who else?",
        list(labels),
        format_func=lambda person_id: labels[person_id],
        placeholder="Choose everybody else",
        **drafts.field(form, "people"),
    )


def _labels(people: dict[int, str]) -> dict[int, str]:
    """The browser answers with the label, so two people of one name need two labels."""
    names = [plain_text.cell(name) for name in people.values()]
    return {
        person_id: f"{name} ({person_id})" if names.count(name) > 1 else name
        for person_id, name in zip(people, names, strict=True)
    }


def _when(sight: Sight, form: str) -> None:
    day, time, minutes, preparation = st.columns(4)
    _within(form, "day", latest=sight.company.today)
    with day:
        st.date_input("Day", format=day_formats.TYPED, max_value=sight.company.today, **drafts.field(form, "day"))
    with time:
        st.time_input("Time", step=900, help=f"In {sight.company.calendar.time_zone}.", **drafts.field(form, "time"))
    with minutes:
        st.number_input("Minutes", min_value=1, max_value=LONGEST_MEETING, step=5, **drafts.field(form, "minutes"))
    with preparation:
        st.number_input(
            "Preparation",
            min_value=0,
            max_value=LONGEST_MEETING,
            step=5,
            help="In minutes.",
            **drafts.field(form, "preparation_minutes"),
        )


def _planned_fields(sight: Sight, form: str, card: dict[str, Any]) -> None:
    _group(sight, form, card, None)
    _within(form, "planned_on", earliest=sight.company.today)
    st.date_input(
        "For which day?", format=day_formats.TYPED, min_value=sight.company.today, **drafts.field(form, "planned_on")
    )
    _topics(form, [])


def _unheld_fields(sight: Sight, form: str, status: str, record: dict[str, Any] | None) -> None:
    if status == "moved":
        _within(form, "planned_on", earliest=sight.company.today)
        st.date_input(
            "To which day?", format=day_formats.TYPED, min_value=sight.company.today, **drafts.field(form, "planned_on")
        )
        return
    if record is None:
        st.date_input("Planned for", format=day_formats.TYPED, **drafts.field(form, "planned_on"))
    if status == "missed":
        _settled(form, "missed_by", ("rep", "coach"), None)
        st.radio(
            "Who missed it?",
            ("rep", "coach"),
            index=None,
            format_func=lambda side: {"rep": "The rep", "coach": "The coach"}[side],
            horizontal=True,
            **drafts.field(form, "missed_by"),
        )


def _topics(form: str, others: list[tuple[str, str]]) -> None:
    for topic, name in others:
        st.caption(f":material/chat: {plain_text.label(topic, 300)} (from {plain_text.label(name)})")
    st.text_area(
        "Topics, one per line",
        height=96,
        placeholder="What matters most comes first",
        **drafts.field(form, "topics"),
    )
    count = len(_lines(drafts.values(form)["topics"])) + len(others)
    # A place of its own also while empty: what appears above an open expander would close it.
    with st.container():
        if count > MOST_TOPICS_THAT_MATTER:
            st.caption(f":material/filter_3: {TOPICS_HINT}")


def _choice(form: str, field: str, label: str, options: dict[str, str], **more: Any) -> None:
    _settled(form, field, tuple(options), None)
    st.selectbox(
        label,
        list(options),
        index=None,
        format_func=lambda value: options[value],
        placeholder="Not said",
        **drafts.field(form, field),
        **more,
    )


def _angle(form: str) -> None:
    held = st.session_state[drafts.key(form, "angle")]
    options = list(ANGLES) if held is None or held in ANGLES else [*ANGLES, held]
    st.selectbox(
        "Angle",
        options,
        index=None,
        format_func=lambda value: plain_text.cell(value, 120),
        placeholder="From which side? Choose or write",
        accept_new_options=True,
        **drafts.field(form, "angle"),
    )


def _skill(sight: Sight, form: str) -> None:
    names = {slug: plain_text.cell(name) for slug, name in reads.rep_skills(sight).items()}
    _choice(form, "skill", "Skill", names)


def _plan_action(sight: Sight, form: str, rep_id: int) -> None:
    found = reads.plan_actions(sight, rep_id)
    actions_ = {
        row["plan_action_id"]: plain_text.cell(row["action"], 100) + (" (done)" if row["done_on"] else "")
        for row in found.iter_rows(named=True)
    }
    # The browser answers with the label, so two actions in the same words need two labels.
    texts = list(actions_.values())
    actions_ = {key: f"{text} ({key})" if texts.count(text) > 1 else text for key, text in actions_.items()}
    if not actions_:
        _settled(form, "plan_action_id", (), None)
        st.selectbox("Action of the plan", [], index=None, placeholder="No plan is running", disabled=True)
        return
    _choice(form, "plan_action_id", "Action of the plan", actions_)


def _asked_and_told(sight: Sight, form: str, card: dict[str, Any]) -> None:
    left, right = st.columns(2)
    with left:
        st.number_input(
            "Questions you asked", min_value=0, max_value=MOST_COUNTED, step=1, **drafts.field(form, "questions")
        )
    with right:
        st.number_input(
            "Instructions you gave", min_value=0, max_value=MOST_COUNTED, step=1, **drafts.field(form, "instructions")
        )
    with st.expander("Count them from a transcript", icon=":material/subtitles:", type="compact"):
        found = transcript_reader.show(form, sight.viewer.name, card["name"])
        if found is not None:
            st.button(
                f"Take over {numbers.plural(found[0], 'question')} and {numbers.plural(found[1], 'instruction')}",
                key=f"{form}|take_over",
                on_click=_take_over,
                args=(form, *found),
            )


def _take_over(form: str, questions: int, instructions: int) -> None:
    st.session_state[drafts.key(form, "questions")] = questions
    st.session_state[drafts.key(form, "instructions")] = instructions
    transcript_reader.forget(form)
    drafts.keep(form)


def _trigger(form: str) -> None:
    held = st.session_state[drafts.key(form, "trigger")]
    rare = tuple(key for key in TRIGGERS if key not in SUGGESTED_TRIGGERS)
    offered = {key: TRIGGERS[key] for key in (*SUGGESTED_TRIGGERS, *rare)}
    left, right = st.columns(2)
    with left:
        _choice(form, "trigger", "Motivation used", offered, help="What you appealed to, if anything.")
    with right:
        if held is not None:
            tone = st.session_state[drafts.key(form, "tone")]
            tones = list(TONES) if tone is None or tone in TONES else [*TONES, tone]
            st.selectbox(
                "In which tone",
                tones,
                index=None,
                format_func=lambda value: plain_text.cell(value, 60),
                placeholder="Choose or write",
                accept_new_options=True,
                **drafts.field(form, "tone"),
            )


def _promises(form: str, card: dict[str, Any]) -> None:
    st.markdown("**What did we promise?**")
    for side, label in (("coach", "I promise"), ("rep", f"{plain_text.label(card['name'].split()[0])} promises")):
        values, is_next = drafts.values(form), True
        for number in range(PROMISE_ROWS):
            # A place of its own also while empty: a row that appears would empty the fields below it while one types.
            with st.container():
                if is_next:
                    _promise(form, side, number, label)
            is_next = is_next and bool(values[f"{side}_{number}"] or values.get(f"{side}_{number + 1}"))


def _promise(form: str, side: str, number: int, label: str) -> None:
    visibility: Literal["visible", "collapsed"] = "visible" if number == 0 else "collapsed"
    words, due = st.columns([3, 1])
    with words:
        st.text_input(
            label,
            max_chars=LONGEST_PROMISE,
            label_visibility=visibility,
            placeholder="" if number == 0 else "And",
            **drafts.field(form, f"{side}_{number}"),
        )
    with due:
        st.date_input(
            "Until", format=day_formats.TYPED, label_visibility=visibility, **drafts.field(form, f"{side}_{number}_due")
        )


def _note(form: str, about: str) -> None:
    st.text_area("Note", height=96, max_chars=LONGEST_NOTE, **drafts.field(form, "note"))
    _settled(form, "visibility", tuple(_VISIBILITY), "shared")
    st.radio(
        "Who reads the note?",
        tuple(_VISIBILITY),
        format_func=lambda visibility: _VISIBILITY[visibility],
        horizontal=True,
        help=about,
        **drafts.field(form, "visibility"),
    )


# ---- Buttons and what they do ----------------------------------------------------------------------------------


def _buttons(form: str, rep_id: int, record: dict[str, Any] | None) -> None:
    _problems(form)
    session_id = record["session_id"] if record else None
    st.button(
        "Save", type="primary", key=f"{form}|save", on_click=_save, args=(form, rep_id, session_id), width="stretch"
    )
    if record is not None:
        st.button("Close without saving", key=f"{form}|close", type="tertiary", on_click=_close, args=(form,))


def _close(form: str) -> None:
    drafts.finish(form)
    st.session_state.pop(SAID, None)
    address.put(session=None)


def _problems(form: str) -> None:
    """Why the last save of this form was refused, and what somebody else changed meanwhile."""
    said = st.session_state.get(SAID, {})
    if said.get("form") != form:
        return
    for problem in said["problems"]:
        st.warning(plain_text.label(problem, 600), icon=":material/error:")
    if said["changes"]:
        st.markdown("\n".join(f"- {plain_text.label(change, 400)}" for change in said["changes"]))
        st.button(
            "I have seen it: my version counts",
            key=f"{form}|mine",
            on_click=_use_mine,
            args=(form, said.get("version")),
        )


def _use_mine(form: str, version: int | None) -> None:
    st.session_state[drafts.key(form, "version")] = version
    st.session_state.pop(SAID, None)
    drafts.keep(form)


def _save(form: str, rep_id: int, session_id: int | None) -> None:
    # Who looks is read anew: a button may be pressed long after its page was drawn.
    sight = sign_in.current_sight()
    record = reads.session_record(sight, session_id) if session_id is not None else None
    values = drafts.values(form)
    status = values["status"]
    draft = _draft(sight, form, rep_id)
    done: object
    if status == "planned":
        done, words = actions.plan(draft), "The session is planned."
    elif status == "moved" and record is not None:
        done, words = _moved(record, values), "The session is moved."
    elif record is not None and not record["is_mine"]:
        version = values["version"] or record["version"]
        done = actions.settle(record["session_id"], status, values["missed_by"], version)
        words = "That is written down."
    else:
        taken = brief_handover.taken(form)
        if taken is None:
            done = actions.record(draft, session_id, values["version"])
        else:
            done = actions.record_from_brief(draft, taken, session_id, values["version"])
        words = _saved_words(draft, taken)
    if isinstance(done, Refused):
        _refused(sight, form, done, session_id)
        return
    written = done if isinstance(done, int) else session_id
    brought = rep_id if status == "held" else None
    _saved(form, session_id if status == "moved" else written, words, brought)


def _save_peer(form: str) -> None:
    sight = sign_in.current_sight()
    partner = drafts.values(form)["partner"]
    if partner is None:
        st.session_state[SAID] = {"form": form, "problems": ["Choose the colleague you met."], "changes": []}
        return
    done = actions.record(_draft(sight, form, partner, kind="peer"))
    if isinstance(done, Refused):
        _refused(sight, form, done, None)
    else:
        _saved(form, done, "Written down. Your colleague sees it as well.")


def _moved(record: dict[str, Any], values: dict[str, Any]) -> int | Refused:
    if values["planned_on"] is None:
        return Refused(("Choose the day to which the session is moved.",))
    return actions.move(record["session_id"], values["planned_on"], values["version"] or record["version"])


def _refused(sight: Sight, form: str, refusal: Refused, session_id: int | None) -> None:
    said: dict[str, Any] = {"form": form, "problems": list(refusal.problems), "changes": list(refusal.changes)}
    if refusal.changes and session_id is not None:
        # Of the state that the changes describe, so that "my version counts" cannot pass over a third save.
        fresh = loaders.sight_of(str(sight.viewer.person_id))
        current = reads.session_record(fresh, session_id) if fresh else None
        said["version"] = current["version"] if current else None
    st.session_state[SAID] = said


def _saved(form: str, session_id: int | None, words: str, rep_id: int | None = None) -> None:
    drafts.finish(form)
    if rep_id is not None:
        # The ticks on the brief have done their work.
        drafts.finish(brief_handover.brief_form(sign_in.current_sight().viewer.person_id, rep_id))
    transcript_reader.forget(form)
    st.session_state[SAID] = {"saved": words, "session_id": session_id}
    address.put(session=None)


def _saved_words(draft: SessionDraft, taken: Taken | None = None) -> str:
    if draft.status != "held":
        return f"Written down as {STATUSES[draft.status].lower()}."
    parts = [numbers.plural(len(draft.commitments), "promise")] if draft.commitments else []
    parts += [numbers.plural(len(draft.topics), "topic")] if draft.topics else []
    parts += [f"{numbers.plural(len(taken.asked), 'question')} noted as asked"] if taken and taken.asked else []
    return f"The session is written down{': ' + ', '.join(parts) if parts else ''}."


def _draft(sight: Sight, form: str, rep_id: int, kind: str | None = None) -> SessionDraft:
    """What stands in the fields, as a draft; only what the chosen status asks for."""
    values = drafts.values(form)
    status = values["status"] if kind != "peer" else "held"
    is_group = bool(values["is_group"]) and kind is None
    kind = kind or ("group" if is_group else "own_manager")
    basis = SessionDraft(
        rep_id,
        kind=kind,
        status=status,
        planned_on=values["planned_on"] if status != "held" else None,
        missed_by=values["missed_by"] if status == "missed" else None,
        topics=tuple(_lines(values["topics"])),
        participant_ids=tuple(values["people"] or ()) if is_group else (),
    )
    if status != "held":
        return basis
    has_coach = kind != "peer" and sight.viewer.role is not Role.REP
    return SessionDraft(
        rep_id,
        kind=kind,
        status="held",
        held_at=_held_at(sight, values),
        minutes=values["minutes"],
        method=values["method"],
        angle=values["angle"],
        skill=values["skill"],
        plan_action_id=values["plan_action_id"],
        questions=values["questions"] if has_coach else None,
        instructions=values["instructions"] if has_coach else None,
        topics=basis.topics,
        trigger=values["trigger"] if has_coach else None,
        tone=values["tone"] if has_coach else None,
        note=values["note"] or None,
        visibility=values["visibility"],
        commitments=_commitments(values) if has_coach else (),
        participant_ids=basis.participant_ids,
        preparation_minutes=values["preparation_minutes"],
    )


def _held_at(sight: Sight, values: dict[str, Any]) -> dt.datetime | None:
    if values["day"] is None or values["time"] is None:
        return None
    zone = zoneinfo.ZoneInfo(sight.company.calendar.time_zone)
    return dt.datetime.combine(values["day"], values["time"], zone).astimezone(dt.UTC)


def _commitments(values: dict[str, Any]) -> tuple[CommitmentDraft, ...]:
    return tuple(
        CommitmentDraft(side, values[f"{side}_{number}"], values[f"{side}_{number}_due"])
        for side in ("coach", "rep")
        for number in range(PROMISE_ROWS)
        if (values[f"{side}_{number}"] or "").strip()
    )


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
