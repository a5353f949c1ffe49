"""Forms that survive a reload: every field writes to a draft when it changes, and opens with what the draft holds.

A form is named by what it is about ("observation:17"), a field by a word; the widget's key is ``key(form, field)``.
Use: ``start(form, sight, defaults)`` before the widgets, ``key=`` and ``on_change=keep, args=(form,)`` on each widget
(``**field(form, name)`` says so, and is needed by a field that only some runs show),
``values(form)`` for what stands in them, ``finish(form)`` once it was saved.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from ui.actions import drafts as actions
from ui.loaders import Sight
from ui.loaders import drafts as reads

_STARTED = "drafts_started"
_KINDS: dict[str, Any] = {"date": dt.date, "time": dt.time}


def key(form: str, field: str) -> str:
    """The widget key of a field."""
    return f"{form}|{field}"


def start(form: str, sight: Sight, defaults: dict[str, Any]) -> dt.datetime | None:
    """Fill the fields that hold nothing yet: from the draft, else with ``defaults``. When the draft was saved, or None.

    Only fields named in ``defaults`` exist; whatever else a draft holds is left alone.
    """
    started: dict[str, tuple[dict[str, Any], dt.datetime | None]] = st.session_state.setdefault(_STARTED, {})
    who = f"{sight.viewer.role}:{sight.viewer.person_id}:{form}"
    if st.session_state.get(f"{form}|whose", who) != who:
        # In local mode one browser looks as several people: nobody finds what another has typed.
        _empty(form)
    st.session_state[f"{form}|whose"] = who
    # The fields of a page that was left have lost their values; what was typed before stands in the draft.
    if who not in started or not any(key(form, field) in st.session_state for field in defaults):
        found = reads.kept(sight, form)
        started[who] = ({name: _decoded(value) for name, value in found[0].items()}, found[1]) if found else ({}, None)
    held, saved_at = started[who]
    unseen: set[str] = st.session_state.setdefault(f"{form}|unseen", set())
    for name, default in defaults.items():
        # Written only where nothing stands: a value that is written again would overwrite what is being typed.
        if key(form, name) not in st.session_state:
            st.session_state[key(form, name)] = held.get(name, default)
            unseen.add(name)
    st.session_state[f"{form}|fields"] = list(defaults)
    return saved_at


def field(form: str, name: str) -> dict[str, Any]:
    """What makes a widget the field of a form: its key, and that a change is kept. To be unpacked where it is drawn.

    A run that does not show the field forgets nothing: should it come back, it finds what stood in it.
    """
    unseen: set[str] = st.session_state.get(f"{form}|unseen", set())
    if name in unseen:
        # The browser is told what stands in a field only in the run that writes it: say it in the first that shows it.
        st.session_state[key(form, name)] = st.session_state[key(form, name)]
        unseen.discard(name)
    return {"key": key(form, name), "on_change": keep, "args": (form,), "persist_state": "page"}


def values(form: str) -> dict[str, Any]:
    """What stands in the fields now."""
    return {field: st.session_state.get(key(form, field)) for field in st.session_state.get(f"{form}|fields", [])}


def keep(form: str) -> None:
    """Callback of every field: remember the whole form. A draft that cannot be kept never stops the writing."""
    said = values(form)
    whose = st.session_state.get(f"{form}|whose")
    if whose in st.session_state.get(_STARTED, {}):
        # A field that the next run does not show loses its value; should it come back, it finds what was typed.
        st.session_state[_STARTED][whose][0].update(said)
    actions.keep(form, {name: _encoded(value) for name, value in said.items()})


def finish(form: str) -> None:
    """The form was saved (or given up): forget the draft and empty the fields."""
    actions.discard(form)
    _empty(form)
    started = st.session_state.get(_STARTED, {})
    for who in [who for who in started if who.endswith(f":{form}")]:
        del started[who]


def _empty(form: str) -> None:
    for name in [name for name in st.session_state if str(name).startswith(f"{form}|")]:
        del st.session_state[name]


def _encoded(value: Any) -> Any:
    for kind, of in _KINDS.items():
        if type(value) is of:
            return {kind: value.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _decoded(value: Any) -> Any:
    if isinstance(value, dict) and len(value) == 1:
        [(kind, text)] = value.items()
        if kind in _KINDS:
            return _KINDS[kind].fromisoformat(text)
    return value
