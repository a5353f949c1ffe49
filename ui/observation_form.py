"""The form of an observation, phone first: one column, levels as large buttons with what each looks like in words.

The same form serves a coach, the rep's own view, a second coach's blind scores and a leader about a coach; where the
facts of the call are known already, it begins with the scores. Every field is kept as a draft while it is filled in.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.observation_words import about_words, call_words
from coaching.observations import (
    CHANNELS,
    LIVE_CHANNELS,
    LIVE_MODES,
    LONGEST_WORDS,
    Card,
    ObservationDraft,
    Rating,
)
from coaching.people import Role
from ui import address, day_formats, drafts, empty_states, loaders, plain_text, scorecard_fields
from ui.actions import Refused
from ui.actions import observations as actions
from ui.loaders import Sight
from ui.loaders import observations as reads

SAVED = "observation_saved"
WIDTH = 720
MINUTES = 5
KEPT_FOR_LONG = dt.timedelta(days=3650)
REP_CARD, COACH_CARD = "selling", "coaching"
SHARING = {"shared": "Share the words", "private": "Keep the words to myself"}


@dataclass(frozen=True)
class Subject:
    """Whose conversation is scored, from which seat, on which card."""

    form: str
    """Name of the draft: one per author, person and seat, so that levels never move to somebody else."""
    kind: str
    person_id: int
    person_name: str
    card: Card
    call: dict[str, Any] | None = None
    """A row of frames.CALLS_TO_SCORE where the facts of the call are known already."""

    @property
    def is_rating(self) -> bool:
        """Only scores and words are added to a call that somebody else has written down."""
        return self.kind in {"self", "second_rater"} and self.call is not None


# ---- What is scored --------------------------------------------------------------------------------------------


def call_to_score(waiting: dict[str, pl.DataFrame]) -> dict[str, Any] | None:
    """The call named in the address, where it waits for the viewer's scores."""
    asked = address.number("observation")
    for name in ("own_view", "second_rating", "answer"):
        found = waiting[name].filter(pl.col("observation_id") == (asked if asked is not None else -1))
        if found.height:
            return found.row(0, named=True)
    return None


def subject(sight: Sight, call: dict[str, Any] | None) -> Subject | None:
    """What the form is about: the call, or the person chosen; None (with words on the page) while nobody is chosen."""
    if call is not None:
        card = reads.card_version(sight, call["scorecard_version_id"])
        kind = call["as_kind"]
        if kind == "coach" and card is not None and card.kind == "coach":
            kind = "coach_the_coach"
        return _subject(sight, kind, call["person_id"], call["person_name"], card, call)
    if sight.viewer.role is Role.REP:
        if address.text("rep") is not None and address.number("rep") != sight.viewer.person_id:
            empty_states.no_such_person()
            return None
        card = reads.card(sight, REP_CARD, sight.company.today)
        st.subheader("Look at a conversation of your own", anchor=False)
        return _subject(sight, "self", int(sight.viewer.person_id or 0), sight.viewer.name, card)
    chosen = _chosen_person(sight)
    if chosen is None:
        return None
    kind = _chosen_kind(sight, chosen)
    card = reads.card(sight, COACH_CARD if kind == "coach_the_coach" else REP_CARD, sight.company.today)
    return _subject(sight, kind, chosen["person_id"], chosen["name"], card)


def _subject(
    sight: Sight, kind: str, person_id: int, name: str, card: Card | None, call: dict[str, Any] | None = None
) -> Subject | None:
    if card is None:
        empty_states.say(
            "There is no scorecard in use today",
            "`python -m data_access migrate` puts the default one in place; then reload this page.",
        )
        return None
    about = f"call-{call['observation_id']}" if call else str(person_id)
    return Subject(f"observation-{sight.viewer.person_id}-{kind}-{about}", kind, person_id, name, card, call)


def _chosen_person(sight: Sight) -> dict[str, Any] | None:
    people = reads.people_to_observe(sight)
    if people.is_empty():
        empty_states.say(
            "Nobody reports to you today", "Whom you may observe follows the people files; an admin loads them."
        )
        return None
    rows = {row["person_id"]: row for row in people.iter_rows(named=True)}
    asked = address.number("rep")
    names = [plain_text.cell(row["name"]) for row in rows.values()]
    st.session_state["observe_choice"] = asked if asked in rows else None
    st.selectbox(
        "Whom did you observe?",
        list(rows),
        index=None,
        format_func=lambda person_id: _label(rows[person_id], names),
        key="observe_choice",
        placeholder="Choose a person",
        on_change=_choose_person,
        width=WIDTH,
    )
    if asked in rows:
        return rows[asked]
    # Oneself is in view, but nobody observes oneself here: that is no stranger either.
    if address.text("rep") is not None and asked != sight.viewer.person_id:
        empty_states.no_such_person()
    return None


def _choose_person() -> None:
    address.put(rep=st.session_state["observe_choice"], deal=None)


def _label(row: dict[str, Any], names: list[str]) -> str:
    name = plain_text.cell(row["name"])
    return (
        f"{name} · {plain_text.cell(row['team_name'] or 'no team', 30)} ({row['person_id']})"
        if (names.count(name) > 1)
        else name
    )


def _chosen_kind(sight: Sight, person: dict[str, Any]) -> str:
    if sight.viewer.role is not Role.LEADER or not person["leads"]:
        return "coach"
    words = {"coach_the_coach": "How they coach", "coach": "How they sell"}
    return str(
        st.radio(
            "What did you see?",
            list(words),
            format_func=lambda kind: words[kind],
            key=f"observe_kind_{person['person_id']}",
            horizontal=True,
        )
    )


# ---- The form --------------------------------------------------------------------------------------------------


def fill_in(sight: Sight, about: Subject) -> None:
    """The form itself, in the order of a conversation."""
    form = about.form
    saved_at = drafts.start(form, sight, _defaults(sight, about))
    with st.container(key="observation_form", width=WIDTH, gap="small"):
        if saved_at is not None:
            _restored(form, saved_at, _zones(sight)[0])
        if about.call is None:
            _when_and_where(sight, about)
            _what_about(sight, about)
        else:
            _known_call(sight, about)
        scorecard_fields.show(form, about.card)
        _words(about)
        _save_button(about, sight.company.calendar.time_zone)


def _defaults(sight: Sight, about: Subject) -> dict[str, Any]:
    zones = _zones(sight)
    here = loaders.now().astimezone(zoneinfo.ZoneInfo(zones[0]))
    here -= dt.timedelta(minutes=here.minute % MINUTES, seconds=here.second, microseconds=here.microsecond)
    fields: dict[str, Any] = {
        "went_well": "",
        "one_thing": "",
        "visibility": "shared",
        "live": "none",
        "ask_first": True,
        **scorecard_fields.defaults(about.card),
    }
    if about.call is None:
        deal = address.number("deal")
        fields |= {
            "seen_on": here.date(),
            "seen_at": here.time(),
            "zone": zones[0],
            "channel": None,
            "about": f"deal:{deal}" if deal is not None else None,
        }
    return fields


def _zones(sight: Sight) -> list[str]:
    """The browser's time zone first, where it has one, and the company's."""
    companys, browsers = sight.company.calendar.time_zone, st.context.timezone
    known = isinstance(browsers, str) and browsers in zoneinfo.available_timezones()
    return list(dict.fromkeys([browsers, companys])) if known and isinstance(browsers, str) else [companys]


def _restored(form: str, saved_at: dt.datetime, zone: str) -> None:
    there = saved_at.astimezone(zoneinfo.ZoneInfo(zone))
    today = loaders.now().astimezone(zoneinfo.ZoneInfo(zone)).date()
    when = f"{there:%H:%M}" if there.date() == today else f"{numbers.day(there.date())}, {there:%H:%M}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="restored"):
        st.markdown(f":material/history: Draft from {when} restored.", width="content")
        st.button("Start anew", key="start_anew", type="tertiary", on_click=drafts.finish, args=(form,))


def _when_and_where(sight: Sight, about: Subject) -> None:
    form, zones = about.form, _zones(sight)
    latest = (loaders.now() + dt.timedelta(days=1)).date()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="when"):
        st.date_input(
            "Day",
            format=day_formats.TYPED,
            key=drafts.key(form, "seen_on"),
            min_value=latest - KEPT_FOR_LONG,
            max_value=latest,
            on_change=drafts.keep,
            args=(form,),
            width=150,
        )
        st.time_input(
            "Time",
            key=drafts.key(form, "seen_at"),
            step=dt.timedelta(minutes=MINUTES),
            on_change=drafts.keep,
            args=(form,),
            width=120,
        )
        held = st.session_state[drafts.key(form, "zone")]
        offered = zones if held in zones else [*zones, held]
        st.selectbox(
            "Time zone",
            offered,
            format_func=lambda zone: zone.replace("_", " "),
            key=drafts.key(form, "zone"),
            on_change=drafts.keep,
            args=(form,),
            width=200,
        )
    st.radio(
        "How did you see it?" if about.kind != "self" else "How did you talk?",
        list(CHANNELS),
        format_func=lambda channel: CHANNELS[channel],
        key=drafts.key(form, "channel"),
        index=None,
        horizontal=True,
        on_change=drafts.keep,
        args=(form,),
    )
    if about.kind != "self" and st.session_state[drafts.key(form, "channel")] in LIVE_CHANNELS:
        _live_mode(form)


def _live_mode(form: str) -> None:
    st.radio(
        "Your part in the call",
        list(LIVE_MODES),
        format_func=lambda mode: LIVE_MODES[mode],
        horizontal=True,
        **drafts.field(form, "live"),
    )


def _what_about(sight: Sight, about: Subject) -> None:
    """Which deal, account, call or session it was about; nothing where there is none to choose."""
    key = drafts.key(about.form, "about")
    options, moments = _offered(sight, about)
    if st.session_state[key] not in options:
        st.session_state[key] = None
    if not options:
        return
    st.selectbox(
        "Which session was it? (optional)" if about.kind == "coach_the_coach" else "What was it about? (optional)",
        list(options),
        index=None,
        format_func=lambda name: options[name],
        key=key,
        placeholder="Choose a session" if about.kind == "coach_the_coach" else "Deal, account or call",
        on_change=_choose_about,
        args=(about.form, moments, sight.company.calendar.time_zone),
    )


def _offered(sight: Sight, about: Subject) -> tuple[dict[str, str], dict[str, dt.datetime]]:
    """Labels by "deal:17", "account:4", "call:9" or "session:3", and when the calls were."""
    if about.kind == "coach_the_coach":
        sessions = reads.sessions_to_sit_in(sight, about.person_id)
        rows = sessions.iter_rows(named=True)
        labels = {
            f"session:{row['session_id']}": f"{numbers.day(row['held_on'])} · with {plain_text.cell(row['rep_name'])}"
            for row in rows
        }
        return _told_apart(labels), {}
    found = reads.what_it_was_about(sight, about.person_id)
    labels, moments = {}, {}
    for row in found["deals"].iter_rows(named=True):
        status = "" if row["status"] == "open" else f" · {row['status']}"
        labels[f"deal:{row['deal_id']}"] = (
            f"{about_words({'deal_name': row['name'], 'account_name': row['account_name']}) or 'A deal'}{status}"
        )
    for row in found["accounts"].iter_rows(named=True):
        labels[f"account:{row['account_id']}"] = f"Account: {plain_text.cell(row['name'])}"
    zone = zoneinfo.ZoneInfo(_zones(sight)[0])
    for row in found["calls"].iter_rows(named=True):
        there = row["started_at"].astimezone(zone)
        whom = plain_text.cell(row["account_name"] or row["deal_name"]) or "unknown number"
        labels[f"call:{row['call_id']}"] = f"Call of {numbers.day(there.date())}, {there:%H:%M}: {whom}"
        moments[f"call:{row['call_id']}"] = row["started_at"]
    return _told_apart(labels), moments


def _told_apart(labels: dict[str, str]) -> dict[str, str]:
    """The browser answers with the label, so two deals of one name need two labels."""
    texts = list(labels.values())
    return {
        name: f"{text} ({name.partition(':')[2]})" if texts.count(text) > 1 else text for name, text in labels.items()
    }


def _choose_about(form: str, moments: dict[str, dt.datetime], companys_zone: str) -> None:
    """A call brings its time and its channel along."""
    started_at = moments.get(st.session_state[drafts.key(form, "about")] or "")
    if started_at is not None:
        zone = zoneinfo.ZoneInfo(st.session_state[drafts.key(form, "zone")] or companys_zone)
        there = started_at.astimezone(zone)
        st.session_state[drafts.key(form, "seen_on")] = there.date()
        st.session_state[drafts.key(form, "seen_at")] = there.time().replace(second=0, microsecond=0)
        if st.session_state[drafts.key(form, "channel")] not in LIVE_CHANNELS:
            st.session_state[drafts.key(form, "channel")] = "phone"
    drafts.keep(form)


def _known_call(sight: Sight, about: Subject) -> None:
    """The facts of a call that somebody has written down already, and why the scores are given blind."""
    call = about.call or {}
    facts = plain_text.label(call_words(call, sight.company.calendar.time_zone), 300)
    name, other = plain_text.label(about.person_name), plain_text.label(call["other_name"])
    with st.container(border=True, gap="small", key="known_call"):
        st.markdown(f"**{facts if about.kind == 'self' else f'{name}: {facts}'}**")
        if about.kind == "self":
            st.markdown(f"{other} has scored this call. Score it as you saw it; then you both see both views.")
        elif about.kind == "second_rater":
            st.markdown(f"{other} asks for your scores, given without seeing theirs. Then you both see both.")
        else:
            st.markdown(f"{name} has scored this call already. Score it as you saw it; then you both see both views.")
            if call["channel"] in LIVE_CHANNELS:
                _live_mode(about.form)
        st.button("Not now", key="leave_call", type="tertiary", on_click=_leave_call)


def _leave_call() -> None:
    address.put(observation=None)


# ---- Words, sharing, saving ------------------------------------------------------------------------------------


def _words(about: Subject) -> None:
    form, mine = about.form, about.kind == "self"
    for field, title, hint in (
        ("went_well", "What went well", "First the strength, as concrete as you can"),
        ("one_thing", "The one thing", "One thing to reinforce or to try differently next time"),
    ):
        st.text_area(
            title,
            key=drafts.key(form, field),
            placeholder=hint,
            max_chars=LONGEST_WORDS,
            height=80,
            on_change=drafts.keep,
            args=(form,),
        )
    st.radio(
        "Who reads the words?",
        list(SHARING),
        format_func=lambda choice: SHARING[choice],
        key=drafts.key(form, "visibility"),
        horizontal=True,
        on_change=drafts.keep,
        args=(form,),
        help="Shared: "
        + ("you and your line above" if mine else "the person and the line above")
        + ". To yourself: nobody else, ever. The levels count either way.",
    )
    if about.call is None and not mine:
        st.checkbox(
            f"Ask {plain_text.label(about.person_name, 40)} for their own view before they see mine",
            key=drafts.key(form, "ask_first"),
            on_change=drafts.keep,
            args=(form,),
            help="They score the same call first, or ask to be shown without. After seven days it opens by itself.",
        )


def _save_button(about: Subject, companys_zone: str) -> None:
    problems = st.session_state.get(f"{about.form}|problems", [])
    if problems:
        lines = [f"- {plain_text.label(problem, 400)}" for problem in problems]
        st.error("\n".join(["Not saved yet; everything you typed is still here.", "", *lines]))
    st.button(
        "Save",
        key="save_observation",
        type="primary",
        icon=":material/check:",
        width="stretch",
        on_click=_save,
        args=(about, companys_zone),
    )


def _save(about: Subject, companys_zone: str) -> None:
    values = drafts.values(about.form)
    answer = _written(about, values, companys_zone)
    if isinstance(answer, list):
        st.session_state[f"{about.form}|problems"] = answer
        return
    drafts.finish(about.form)
    st.session_state[SAVED] = answer
    # Two views of one call are looked at side by side; a first view leaves room for the next conversation.
    address.put(observation=answer if about.call is not None else None, deal=None)


def _written(about: Subject, values: dict[str, Any], companys_zone: str) -> int | list[str]:
    """The new id, or why nothing was written."""
    result: int | Refused
    if about.is_rating and about.call is not None:
        record = actions.record_self_view if about.kind == "self" else actions.record_second_rating
        result = record(about.call["observation_id"], _rating(about, values))
    else:
        draft = draft_of(about, values, companys_zone)
        if isinstance(draft, list):
            return draft
        result = actions.record(draft)
    return list(result.problems) if isinstance(result, Refused) else result


def _rating(about: Subject, values: dict[str, Any]) -> Rating:
    scores = scorecard_fields.scores(about.card, values)
    return Rating(scores, values["went_well"] or "", values["one_thing"] or "", values["visibility"] or "")


def draft_of(about: Subject, values: dict[str, Any], companys_zone: str) -> ObservationDraft | list[str]:
    """What stands in the fields as a draft; a list of sentences where the fields do not even name a moment."""
    if about.call is not None:
        moment = about.call["observed_at"]
        zone, channel = about.call["time_zone"], about.call["channel"]
    else:
        if values["seen_on"] is None or values["seen_at"] is None:
            return ["Choose the day and the time of the conversation."]
        zone, channel = values["zone"] or companys_zone, values["channel"]
        moment = dt.datetime.combine(values["seen_on"], values["seen_at"], zoneinfo.ZoneInfo(zone))
    kind_of_thing, _, number = (values.get("about") or "").partition(":")
    things: dict[str, Any] = {f"{kind_of_thing}_id": int(number)} if number.isdecimal() else {}
    draft = ObservationDraft(
        person_id=about.person_id,
        observer_id=None,
        observed_at=moment,
        kind=about.kind,
        channel=channel,
        live_mode=values["live"] if channel in LIVE_CHANNELS and about.kind != "self" else None,
        scorecard=about.card.slug,
        time_zone=None if zone == companys_zone else zone,
        ask_own_view=bool(values["ask_first"]) and about.call is None and about.kind != "self",
        same_call_as=about.call["observation_id"] if about.call is not None else None,
        deal_id=things.get("deal_id"),
        account_id=things.get("account_id"),
        call_id=things.get("call_id"),
        session_id=things.get("session_id"),
    )
    return draft.rated(_rating(about, values))
