"""Settings of the evidence and the thresholds of its verdict: value, default, what it does, who changed it when."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

import streamlit as st

from coaching import guardrail_words, numbers
from coaching.guardrail_words import AMBER, GREY, MAKING, SHARE, WORDS
from coaching.programme import SETTINGS
from coaching.roi.guardrails import DEFAULTS, Guardrails
from ui import drafts, plain_text, way_back
from ui import programme_answers as answers
from ui.actions import programme_data as actions
from ui.loaders import Sight, last_steps
from ui.loaders import lottery as programme_reads
from ui.loaders import programme_data as reads

SETTINGS_FORM, GUARDRAIL_FORM = "programme-settings", "guardrail"
_OUTCOMES = {
    "auto": "Margin where nearly every won deal has its cost, else bookings",
    "margin": "Margin",
    "bookings": "Bookings",
}
_SHARES = ("programme_margin", "programme_realisation")
Changes = dict[str, tuple[str | None, dt.datetime]]


def show(sight: Sight) -> None:
    """The whole section."""
    changes = reads.changes(sight)
    st.subheader("What the figures rest on", anchor=False)
    with st.expander("Settings", icon=":material/tune:", key="programme_settings"):
        _settings(sight, changes)
    answers.say("settings", _last(sight))
    limits = programme_reads.limits(sight)
    changed = [name for name in WORDS if getattr(limits, name) != getattr(DEFAULTS, name)]
    many = f"{len(changed)} changed" if changed else "as delivered"
    with st.expander(f"Thresholds of the verdict: {many}", icon=":material/rule:", key="guardrails"):
        st.markdown(
            "They decide when nothing is shown (grey), when only an association (amber), and how the figures are made."
            " The defaults come from simulated companies in which the true effect was known."
        )
        st.warning(guardrail_words.WARNING, icon=":material/warning:")
        _guardrail_form(sight, limits)
        answers.say("guardrails")
        for group in (GREY, AMBER, MAKING):
            st.markdown(f"**{group}**")
            _guardrail_table(sight, group, limits, changes)


# ---- Settings ------------------------------------------------------------------------------------------------------


def _settings(sight: Sight, changes: Changes) -> None:
    held = reads.settings(sight)
    opened = {key: _percent(held[key]) if key in _SHARES else held[key] for key in SETTINGS}
    # What the form opened with tells what somebody meant to change from what another admin changed meanwhile.
    drafts.start(SETTINGS_FORM, sight, {**opened, "opened": opened})
    st.selectbox(
        SETTINGS["programme_outcome"],
        list(_OUTCOMES),
        format_func=lambda one: _OUTCOMES.get(one, ""),
        width=480,
        **drafts.field(SETTINGS_FORM, "programme_outcome"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _number("programme_margin", "Margin, % of bookings; empty = from the deals", high=100.0)
        _number("programme_realisation", "Invoiced of what is booked, %", low=1.0, high=100.0)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(
            SETTINGS["programme_assumed_minutes"],
            min_value=1,
            max_value=480,
            step=5,
            width=340,
            **drafts.field(SETTINGS_FORM, "programme_assumed_minutes"),
        )
        _number(
            "programme_replacement_cost",
            f"{SETTINGS['programme_replacement_cost']}, {sight.company.currency}",
            step=1000.0,
        )
        _number(
            "programme_hurdle_percent",
            f"{SETTINGS['programme_hurdle_percent']}, % of the cost; empty = none",
            high=1000.0,
        )
    st.caption(
        f"{guardrail_words.WARNING} The cost of replacing a rep and the hurdle do not: the hurdle is a line beside the"
        " returns."
    )
    last = [_changed(sight, SETTINGS[key], changes[key]) for key in SETTINGS if key in changes]
    if last:
        st.caption(" ".join(last))
    st.button("Save the settings", key="settings_save", type="primary", on_click=_save_settings)


def _last(sight: Sight) -> answers.Last | None:
    """The settings that were saved last, for a page that was loaded anew."""
    step = way_back.unless_fine(sight, "settings", "step_id", last_steps.settings_to_undo(sight))
    if step is None:
        return None
    titles = [title for key, title in SETTINGS.items() if key in step["before"]]
    words = "Changed last: " + ", ".join(titles) + "."
    return answers.Last(step["step_id"], words, _undo_settings, (step["before"],), "It is as it was before.")


def _number(key: str, label: str, low: float = 0.0, high: float | None = None, step: float = 1.0) -> None:
    st.number_input(
        label, value=None, min_value=low, max_value=high, step=step, format="%g", width=340,
        **drafts.field(SETTINGS_FORM, key),
    )  # fmt: skip


def _percent(value: float | None) -> float | None:
    return None if value is None else round(value * 100, 6)


def _save_settings() -> None:
    told: dict[str, Any] = drafts.values(SETTINGS_FORM)
    opened = told.pop("opened")
    meant = {key: value for key, value in told.items() if value != opened.get(key)}
    for key in _SHARES:
        if meant.get(key) is not None:
            meant[key] = round(meant[key] / 100, 8)
    done = actions.set_settings(meant)
    said = "Nothing was changed." if done == {} else "The settings are saved."
    undo = _undo_settings if done else None
    if answers.keep("settings", done, said, undo, (done,), "It is as it was before."):
        drafts.finish(SETTINGS_FORM)


def _undo_settings(before: dict[str, Any]) -> Any:
    done = actions.set_settings(before)
    drafts.finish(SETTINGS_FORM)
    return done


# ---- Thresholds ----------------------------------------------------------------------------------------------------


def _guardrail_form(sight: Sight, limits: Guardrails) -> None:
    values = {f"value_{name}": _shown(name, getattr(limits, name)) for name in WORDS}
    drafts.start(GUARDRAIL_FORM, sight, {"name": "visible_grey", **values})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Threshold",
            list(WORDS),
            format_func=lambda name: f"{WORDS[name].title} ({_group(name)})" if name in WORDS else "",
            width=400,
            **drafts.field(GUARDRAIL_FORM, "name"),
        )
        chosen = drafts.values(GUARDRAIL_FORM)["name"]
        name = chosen if chosen in WORDS else "visible_grey"
        whole = guardrail_words.is_whole(name)
        st.number_input(
            f"Value{', %' if WORDS[name].unit == SHARE else ''}",
            min_value=0 if whole else 0.0,
            step=1 if whole else 1.0 if WORDS[name].unit == SHARE else 0.5,
            format="%d" if whole else "%g",
            width=140,
            **drafts.field(GUARDRAIL_FORM, f"value_{name}"),
        )
        st.button("Set it", key="guardrail_save", type="primary", on_click=_set, args=(name,))
        if getattr(limits, name) != getattr(DEFAULTS, name):
            label = f"Back to {guardrail_words.said(name, getattr(DEFAULTS, name))}"
            st.button(label, key="guardrail_reset", on_click=_reset, args=(name, getattr(limits, name)))
    st.caption(WORDS[name].explanation)


def _group(name: str) -> str:
    return {GREY: "grey", AMBER: "amber", MAKING: "how figures are made"}[WORDS[name].group]


def _shown(name: str, value: float) -> float | int:
    """A share in per cent, whole numbers as they are."""
    if guardrail_words.is_whole(name):
        return int(value)
    return round(value * 100, 6) if WORDS[name].unit == SHARE else float(value)


def _set(name: str) -> None:
    told = drafts.values(GUARDRAIL_FORM)[f"value_{name}"]
    if told is None:
        _reset(name, None)
        return
    value = round(told / 100, 8) if WORDS[name].unit == SHARE else told
    _done(name, actions.set_guardrail(name, value), "is set")


def _reset(name: str, before: float | None) -> None:
    _done(name, actions.set_guardrail(name, None), "is as delivered", before)


def _done(name: str, result: Any, what: str, before: float | None = None) -> None:
    undo = None if before is None else _undo_reset
    if answers.keep("guardrails", result, f"“{WORDS[name].title}” {what}.", undo, (name, before), "It is as it was."):
        drafts.finish(GUARDRAIL_FORM)
        # The next run offers the one that was just changed again.
        st.session_state[drafts.key(GUARDRAIL_FORM, "name")] = name


def _undo_reset(name: str, before: float) -> Any:
    done = actions.set_guardrail(name, before)
    drafts.finish(GUARDRAIL_FORM)
    return done


def _guardrail_table(sight: Sight, group: str, limits: Guardrails, changes: Changes) -> None:
    mine = {name: found for name, found in WORDS.items() if found.group == group}
    has_changes = any(name in changes for name in mine)
    heads = ["Threshold", "Value", "Default", "What it does", *(["Last changed"] if has_changes else [])]
    rows = []
    for name, found in mine.items():
        value = guardrail_words.said(name, getattr(limits, name))
        default = guardrail_words.said(name, getattr(DEFAULTS, name))
        cells = [found.title, value if value == default else f"**{value}**", default, found.explanation]
        if has_changes:
            cells.append(plain_text.label(_who_and_when(sight, changes[name])) if name in changes else numbers.DASH)
        rows.append(cells)
    # Not a grid: its cells do not wrap, and what a threshold does takes a sentence.
    st.markdown("\n".join(f"| {' | '.join(row)} |" for row in [heads, ["---"] * len(heads), *rows]))


def _changed(sight: Sight, what: str, found: tuple[str | None, dt.datetime]) -> str:
    return plain_text.label(f"{what}: last changed {_who_and_when(sight, found)}.", 200)


def _who_and_when(sight: Sight, found: tuple[str | None, dt.datetime]) -> str:
    name, moment = found
    day = moment.astimezone(zoneinfo.ZoneInfo(sight.company.calendar.time_zone)).date()
    return f"{numbers.day(day)}, {plain_text.cell(name) if name else 'an admin'}"
