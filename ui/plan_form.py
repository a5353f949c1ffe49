"""What a coach writes about a plan: a first plan, one more objective, a revision. Every field survives a reload.

A button's callback reads the fields when it is pressed: what a run before has drawn may lack what was typed last.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.metrics import Unit, metric
from coaching.periods import add_months
from coaching.plans import (
    LONGEST_ACTION,
    LONGEST_WORDS,
    MOST_ACTIONS,
    TARGET_KINDS,
    ActionDraft,
    ObjectiveDraft,
    PlanDraft,
    normalised,
    target_words,
    usable_metrics,
)
from coaching.sessions import METHODS
from ui import day_formats, drafts, plain_text
from ui.actions import Refused
from ui.actions import plans as actions
from ui.loaders import Sight
from ui.loaders import plans as loaders

FIRST_METRIC = "pipeline_generated"
MONTHS_TO_DUE = 6
ACTIONS_TO_START = 3
_SAID = "plan_said"
_TOUCHED = "touched"


# ---- What became of a save ---------------------------------------------------------------------------------------


def say(place: str = "page") -> None:
    """What the last save at this place led to: shown once."""
    told = st.session_state.get(_SAID)
    if not told or told["place"] != place:
        return
    del st.session_state[_SAID]
    if told["done"]:
        st.success(told["done"], icon=":material/check:")
        return
    st.error("\n\n".join(plain_text.label(problem, 400) for problem in told["problems"]), icon=":material/error:")
    if told["changes"]:
        with st.container(border=True, gap="small"):
            st.markdown("**What changed meanwhile; your own words are still below**")
            for change in told["changes"]:
                st.markdown(plain_text.label(change, 400))


def tell(place: str, result: object, done: str) -> bool:
    """Remember what a save led to; whether it was written. Refusals show at ``place``, successes at the top."""
    if isinstance(result, Refused):
        st.session_state[_SAID] = {
            "place": place,
            "done": "",
            "problems": result.problems,
            "changes": result.changes,
        }
        return False
    st.session_state[_SAID] = {"place": "page", "done": done, "problems": (), "changes": ()}
    return True


def keep(form: str) -> None:
    """Callback of every field here: the form has been touched, and is kept."""
    st.session_state[drafts.key(form, _TOUCHED)] = True
    drafts.keep(form)


def _field(form: str, name: str) -> dict[str, Any]:
    return {"key": drafts.key(form, name), "on_change": keep, "args": (form,)}


# ---- Objectives --------------------------------------------------------------------------------------------------


def objective_defaults(today: dt.date) -> dict[str, Any]:
    """The fields of an objective and what they start with."""
    return {
        "metric": FIRST_METRIC,
        "kind": "relative",
        "amount": None,
        "due": add_months(today, MONTHS_TO_DUE),
        "why_business": "",
        "why_rep": "",
    }


def objective_fields(form: str, sight: Sight, rep_id: int) -> None:
    """The fields, with today's baseline and the value to reach computed as one types."""
    known = {entry.key: entry.label for entry in usable_metrics()}
    if st.session_state[drafts.key(form, "metric")] not in known:
        st.session_state[drafts.key(form, "metric")] = FIRST_METRIC
    key = st.selectbox("What is to change", list(known), format_func=lambda name: known[name], **_field(form, "metric"))
    entry = metric(key)
    base = loaders.baseline(sight, rep_id=rep_id, metric_key=key)
    currency = sight.company.currency
    if base is None:
        st.caption(f"No baseline: {entry.no_data[0].lower()}{entry.no_data[1:]}. Only an absolute target is possible.")
    else:
        n = f", n = {numbers.count(base.count)}" if base.count is not None else ""
        st.caption(
            plain_text.label(
                f"Baseline today: {numbers.value(base.value, entry.unit, currency)}{n}. {base.basis}. It is frozen when"
                " you propose.",
                400,
            )
        )
    kind = st.radio(
        "How the target is meant",
        list(TARGET_KINDS),
        format_func=lambda name: TARGET_KINDS[name].capitalize(),
        horizontal=True,
        **_field(form, "kind"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(_amount_label(kind, key, currency), value=None, width=220, **_field(form, "amount"))
        st.date_input("Until when", format=day_formats.TYPED, width=180, **_field(form, "due"))
    draft = replace(objective_of(form, rep_id, sight.company.today), baseline=base.value if base else None)
    if draft.target is not None:
        st.caption(plain_text.label(_target_caption(draft, currency), 300))
    st.text_area("Why it matters to the business", height=68, max_chars=LONGEST_WORDS, **_field(form, "why_business"))
    st.text_area("Why it matters to the rep", height=68, max_chars=LONGEST_WORDS, **_field(form, "why_rep"))


def objective_of(form: str, rep_id: int, today: dt.date) -> ObjectiveDraft:
    """What stands in the fields of an objective; coach and baseline are for the command to fill in."""
    held = drafts.values(form)
    return ObjectiveDraft(
        rep_id=rep_id,
        coach_id=0,
        metric_key=held["metric"],
        baseline=None,
        target=to_target(held["amount"], held["kind"], held["metric"]),
        target_kind=held["kind"],
        agreed_on=today,
        due_on=_day(held["due"]),
        why_business=held["why_business"] or "",
        why_rep=held["why_rep"] or "",
    )


def _day(value: object) -> dt.date | None:
    """The day of a date field; None where it is empty."""
    return value if isinstance(value, dt.date) else None


def _amount_label(kind: str, key: str, currency: str) -> str:
    entry = metric(key)
    if kind == "relative":
        return "Change in % (100 = double)"
    unit = {Unit.SHARE: "points" if kind == "points" else "%", Unit.MONEY: currency, Unit.DAYS: "days"}.get(entry.unit)
    return f"{'Change in' if kind == 'points' else 'To'} {unit or entry.label.lower()}"


def to_target(amount: float | None, kind: str, key: str) -> float | None:
    """What was typed (per cent, points, or the metric's own unit) as a target: per cent and points are shares."""
    if amount is None:
        return None
    in_hundredths = kind == "relative" or metric(key).unit is Unit.SHARE
    return amount / 100 if in_hundredths else float(amount)


def _target_caption(draft: ObjectiveDraft, currency: str) -> str:
    problems = draft.problems()
    if problems:
        return " ".join(problems)
    entry = metric(draft.metric_key)
    what = target_words(draft.target or 0.0, draft.target_kind, entry, currency)
    words = f"Target: {what}, {numbers.value(draft.value_to_reach, entry.unit, currency)}."
    is_why_only = all("why" in warning for warning in draft.warnings())
    return words if is_why_only else f"{words} {draft.warnings()[0]}"


# ---- Actions -----------------------------------------------------------------------------------------------------


def action_defaults(current: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields of a plan's actions, filled with the current ones."""
    fields: dict[str, Any] = {"count": max(len(current), ACTIONS_TO_START)}
    for place in range(MOST_ACTIONS):
        row = current[place] if place < len(current) else {}
        fields |= {
            f"action_{place}": row.get("action") or "",
            f"skill_{place}": row.get("skill"),
            f"method_{place}": row.get("method"),
            f"repetitions_{place}": row.get("repetitions"),
            f"due_{place}": row.get("due_on"),
        }
    return fields


def action_fields(form: str, sight: Sight, rep_id: int) -> None:
    """A block per action; says where another plan of the coach holds the same."""
    skills = loaders.skills(sight)
    elsewhere = _elsewhere(loaders.actions_elsewhere(sight, rep_id=rep_id))
    count = min(int(st.session_state[drafts.key(form, "count")] or 0), MOST_ACTIONS)
    for place in range(count):
        with st.container(border=True, gap="small"):
            text = st.text_input(
                f"Action {place + 1}", max_chars=LONGEST_ACTION, **_field(form, f"action_{place}"),
                placeholder="What will the rep do?",
            )  # fmt: skip
            same = elsewhere.get(normalised(text)) if text.strip() else None
            if same:
                st.caption(
                    f":material/content_copy: The same words stand in the plan of {plain_text.label(same)}."
                    " What is different here?"
                )
            with st.container(horizontal=True, gap="small"):
                _skill_and_method(form, place, skills)
                st.number_input(
                    "Times", min_value=1, max_value=1000, step=1, value=None, width=110,
                    **_field(form, f"repetitions_{place}"),
                )  # fmt: skip
                st.date_input("Until", format=day_formats.TYPED, value=None, width=150, **_field(form, f"due_{place}"))
    if count < MOST_ACTIONS:
        st.button(
            "One more action",
            key=f"{form}_more",
            icon=":material/add:",
            type="tertiary",
            on_click=_one_more,
            args=(form, count),
        )
    st.caption("An action without words is left out: clear its words to take it out of the plan.")


def actions_of(form: str) -> tuple[ActionDraft, ...]:
    """What stands in the fields of the actions; those without words are left out."""
    held, found = drafts.values(form), []
    for place in range(min(int(held["count"] or 0), MOST_ACTIONS)):
        text, times = held[f"action_{place}"] or "", held[f"repetitions_{place}"]
        if text.strip():
            said = (held[f"skill_{place}"], held[f"method_{place}"], text, int(times) if times else None)
            found.append(ActionDraft(*said, _day(held[f"due_{place}"])))
    return tuple(found)


def _skill_and_method(form: str, place: int, skills: dict[str, str]) -> None:
    for field, known in ((f"skill_{place}", skills), (f"method_{place}", METHODS)):
        # A draft may name what no longer exists.
        if st.session_state[drafts.key(form, field)] not in known:
            st.session_state[drafts.key(form, field)] = None
    st.selectbox(
        "Skill", list(skills), index=None, format_func=lambda slug: plain_text.cell(skills[slug]), width=200,
        placeholder="For which skill", **_field(form, f"skill_{place}"),
    )  # fmt: skip
    st.selectbox(
        "Method", list(METHODS), index=None, format_func=lambda name: METHODS[name], width=160, placeholder="How",
        **_field(form, f"method_{place}"),
    )  # fmt: skip


def _one_more(form: str, count: int) -> None:
    st.session_state[drafts.key(form, "count")] = count + 1
    keep(form)


def _elsewhere(frame: pl.DataFrame) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in frame.select("rep_name", "action").iter_rows():
        found.setdefault(normalised(text), name)
    return found


# ---- The three forms ---------------------------------------------------------------------------------------------


def first_plan(sight: Sight, rep_id: int) -> None:
    """A plan for somebody who has none: its sentence, one objective, the actions."""
    form, today = f"plan:{rep_id}", sight.company.today
    defaults = {"summary": "", "ends": add_months(today, MONTHS_TO_DUE), "with_objective": True}
    saved_at = drafts.start(form, sight, defaults | objective_defaults(today) | action_defaults([]))
    _kept_words(saved_at)
    say(form)
    st.text_area("The plan in a sentence", height=68, max_chars=LONGEST_WORDS, **_field(form, "summary"))
    st.date_input("The plan ends on", format=day_formats.TYPED, width=180, **_field(form, "ends"))
    st.markdown("**The outcome to agree on**")
    objective_fields(form, sight, rep_id)
    st.markdown("**What is done for it**")
    action_fields(form, sight, rep_id)
    st.button(
        "Propose the plan", key=f"{form}_save", type="primary", on_click=_save_plan, args=(form, rep_id, today),
        icon=":material/send:",
    )  # fmt: skip


def _save_plan(form: str, rep_id: int, today: dt.date) -> None:
    held = drafts.values(form)
    draft = PlanDraft(
        rep_id=rep_id,
        coach_id=0,
        starts_on=today,
        ends_on=_day(held["ends"]),
        summary=held["summary"] or "",
        actions=actions_of(form),
        objectives=(objective_of(form, rep_id, today),),
    )
    if tell(form, actions.propose_plan(draft), "The plan is proposed. The rep answers its objective."):
        drafts.finish(form)


def one_more_objective(sight: Sight, plan: dict[str, Any]) -> None:
    """Another objective in a current plan."""
    form = f"objective:{plan['plan_id']}"
    _kept_words(drafts.start(form, sight, objective_defaults(sight.company.today)))
    say(form)
    objective_fields(form, sight, plan["rep_id"])
    st.button(
        "Propose the objective", key=f"{form}_save", type="primary", on_click=_save_objective,
        args=(form, plan["plan_id"], plan["rep_id"], sight.company.today), icon=":material/send:",
    )  # fmt: skip


def _save_objective(form: str, plan_id: int, rep_id: int, today: dt.date) -> None:
    result = actions.propose_objective(plan_id, objective_of(form, rep_id, today))
    if tell(form, result, "The objective is proposed. The rep answers it."):
        drafts.finish(form)


def revision(sight: Sight, plan: dict[str, Any], latest: list[dict[str, Any]], number: int, summary: str) -> None:
    """The plan's actions anew, with the reason. Whoever saves second is told what the first one changed."""
    form = f"revision:{plan['plan_id']}"
    defaults = {"version": plan["version"], "seen": number, "reason": "", "summary": summary} | action_defaults(latest)
    saved_at = drafts.start(form, sight, defaults)
    is_touched = saved_at is not None or st.session_state.get(drafts.key(form, _TOUCHED), False)
    is_older = st.session_state[drafts.key(form, "version")] != plan["version"]
    if is_older and not is_touched:
        # Nobody has written here yet: show the plan as it is now.
        drafts.finish(form)
        drafts.start(form, sight, defaults)
        is_older = False
    _kept_words(saved_at)
    say(form)
    if is_older:
        st.warning("The plan was changed after you began to write. Compare with the versions below, then decide.")
        st.button("Put mine on top of it", key=f"{form}_rebase", on_click=_rebase, args=(form, plan["version"], number))
        st.button("Start from the plan as it is now", key=f"{form}_drop", on_click=drafts.finish, args=(form,))
    st.text_area("Why the plan changes", height=68, max_chars=LONGEST_WORDS, **_field(form, "reason"))
    st.text_area("The plan in a sentence", height=68, max_chars=LONGEST_WORDS, **_field(form, "summary"))
    action_fields(form, sight, plan["rep_id"])
    st.button(
        "Save as a new version", key=f"{form}_save", type="primary", on_click=_save_revision,
        args=(form, plan["plan_id"]), icon=":material/save:",
    )  # fmt: skip


def _save_revision(form: str, plan_id: int) -> None:
    held = drafts.values(form)
    said = (held["reason"] or "", held["summary"] or "")
    result = actions.revise_plan(plan_id, int(held["version"]), int(held["seen"]), *said, actions_of(form))
    if tell(form, result, "The plan has a new version; the earlier ones stay readable."):
        drafts.finish(form)


def _rebase(form: str, version: int, number: int) -> None:
    st.session_state[drafts.key(form, "version")] = version
    st.session_state[drafts.key(form, "seen")] = number
    keep(form)


def _kept_words(saved_at: dt.datetime | None) -> None:
    if saved_at is not None:
        st.caption(":material/draft: You began this earlier; your words were kept.")
