"""What two people say to each other about a plan: the rep's answers, the coach's steps, and both signatures.

A button's callback reads the fields when it is pressed: what a run before has drawn may lack what was said last.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.metrics import Unit, metric
from coaching.plans import LONGEST_WORDS, RESISTANCE_STEPS, VERDICTS, target_words
from ui import day_formats, drafts, plain_text
from ui.actions import plans as actions
from ui.loaders import Sight
from ui.plan_form import keep, say, tell, to_target

ASKS = {
    "accept": "I agree",
    "counter": "I propose another target",
    "object": "I object",
}


# ---- The rep -----------------------------------------------------------------------------------------------------


def answer(sight: Sight, goal: dict[str, Any]) -> None:
    """The rep's side of one objective: agree, counter or object with a reason; an answer can be changed."""
    form = f"answer:{goal['objective_id']}"
    drafts.start(form, sight, {"answer": "accept", "amount": None, "reason": ""})
    say(form)
    if st.session_state[drafts.key(form, "answer")] not in ASKS:
        st.session_state[drafts.key(form, "answer")] = "accept"
    chosen = st.radio(
        "Your answer", list(ASKS), format_func=lambda name: ASKS[name], horizontal=True,
        key=drafts.key(form, "answer"), on_change=keep, args=(form,),
    )  # fmt: skip
    if chosen == "counter":
        st.number_input(
            _counter_label(goal, sight.company.currency), value=None, width=220,
            key=drafts.key(form, "amount"), on_change=keep, args=(form,),
        )  # fmt: skip
    if chosen != "accept":
        st.text_area(
            "Why? What would make it yours?", height=68, max_chars=LONGEST_WORDS,
            key=drafts.key(form, "reason"), on_change=keep, args=(form,),
        )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        st.button(
            ASKS[chosen] if chosen == "accept" else "Send", key=f"{form}_send", type="primary",
            on_click=_send, args=(form, goal),
        )  # fmt: skip
        if goal["status"] == "countered":
            st.button("Withdraw my counter", key=f"{form}_back", on_click=_take_back, args=(form, goal))


def _counter_label(goal: dict[str, Any], currency: str) -> str:
    entry = metric(goal["metric_key"])
    if goal["target_kind"] == "relative":
        return "Change in %"
    unit = "points" if goal["target_kind"] == "points" else "%"
    return f"Target in {unit if entry.unit is Unit.SHARE else currency if entry.unit is Unit.MONEY else 'numbers'}"


def _send(form: str, goal: dict[str, Any]) -> None:
    held = drafts.values(form)
    chosen = held["answer"]
    amount = held["amount"] if chosen == "counter" else None
    reason = held["reason"] or "" if chosen != "accept" else ""
    value = to_target(amount, goal["target_kind"], goal["metric_key"])
    result = actions.answer_objective(goal["objective_id"], goal["version"], chosen, counter_value=value, reason=reason)
    done = {
        "accept": "Agreed. You can still come back to it with a counter or an objection.",
        "counter": "Your counter is with your coach.",
        "object": "Your objection is with your coach. Listening comes first.",
    }[chosen]
    if tell(form, result, done):
        drafts.finish(form)


def _take_back(form: str, goal: dict[str, Any]) -> None:
    result = actions.answer_objective(goal["objective_id"], goal["version"], "withdraw", counter_value=None, reason="")
    if tell(form, result, "Your counter is withdrawn; the objective waits for your answer again."):
        drafts.finish(form)


# ---- The coach ---------------------------------------------------------------------------------------------------


def meet(sight: Sight, goal: dict[str, Any], history: pl.DataFrame) -> None:
    """The coach's side of an objective: take a counter over, meet resistance step by step, move the date, withdraw."""
    form, currency = f"meet:{goal['objective_id']}", sight.company.currency
    say(form)
    if goal["status"] in {"countered", "objected"}:
        _resistance(sight, form, goal, history, currency)
    with st.container(horizontal=True, gap="small"):
        if goal["status"] != "accepted":
            st.button(
                "Withdraw the proposal", key=f"{form}_drop", type="tertiary", icon=":material/undo:",
                on_click=_withdraw, args=(form, goal),
            )  # fmt: skip
    if goal["status"] in {"accepted", "proposed"}:
        with st.expander("Move the due date", type="compact"):
            _move(sight, goal)


def _resistance(sight: Sight, form: str, goal: dict[str, Any], history: pl.DataFrame, currency: str) -> None:
    entry = metric(goal["metric_key"])
    drafts.start(form, sight, {"step": "listen_again", "note": ""})
    if goal["counter_value"] is not None:
        what = target_words(goal["counter_value"], goal["target_kind"], entry, currency)
        st.markdown(f"The rep proposes **{plain_text.label(what)}**.")
    if goal["answer_reason"]:
        st.markdown(f"Why: {plain_text.label(goal['answer_reason'], 500)}")
    taken = history.filter(
        (pl.col("objective_id") == goal["objective_id"]) & pl.col("kind").is_in(list(RESISTANCE_STEPS))
    )
    for row in taken.iter_rows(named=True):
        st.caption(
            f"{numbers.day(row['happened_on'])}, {RESISTANCE_STEPS[row['kind']].lower()}:"
            f" {plain_text.label(row['words'], 400)}"
        )
    if goal["status"] == "countered":
        st.button(
            "Take the counter over", key=f"{form}_take", type="primary", icon=":material/handshake:",
            on_click=_take, args=(form, goal),
        )  # fmt: skip
    if st.session_state[drafts.key(form, "step")] not in RESISTANCE_STEPS:
        st.session_state[drafts.key(form, "step")] = "listen_again"
    st.radio(
        "What did you try?", list(RESISTANCE_STEPS), format_func=lambda name: RESISTANCE_STEPS[name], horizontal=True,
        key=drafts.key(form, "step"), on_change=keep, args=(form,),
    )  # fmt: skip
    st.text_area(
        "What came of it", height=68, max_chars=LONGEST_WORDS,
        key=drafts.key(form, "note"), on_change=keep, args=(form,),
    )  # fmt: skip
    st.button("Record the step", key=f"{form}_step", on_click=_step, args=(form, goal))


def _take(form: str, goal: dict[str, Any]) -> None:
    result = actions.take_counter(goal["objective_id"], goal["version"])
    if tell(form, result, "Agreed: the rep's target holds now, from the same baseline."):
        drafts.finish(form)


def _step(form: str, goal: dict[str, Any]) -> None:
    held = drafts.values(form)
    result = actions.meet_resistance(goal["objective_id"], held["step"], held["note"] or "")
    if tell(form, result, "The step is recorded."):
        drafts.finish(form)


def _withdraw(form: str, goal: dict[str, Any]) -> None:
    tell(form, actions.withdraw_objective(goal["objective_id"], goal["version"]), "The proposal is withdrawn.")


def _move(sight: Sight, goal: dict[str, Any]) -> None:
    form = f"due:{goal['objective_id']}"
    drafts.start(form, sight, {"due": goal["due_on"], "reason": ""})
    say(form)
    st.date_input(
        "New due date", format=day_formats.TYPED, width=180, key=drafts.key(form, "due"), on_change=keep, args=(form,)
    )
    st.text_area(
        "Why it moves", height=68, max_chars=LONGEST_WORDS, key=drafts.key(form, "reason"), on_change=keep, args=(form,)
    )
    st.button("Move it", key=f"{form}_save", on_click=_save_due, args=(form, goal))


def _save_due(form: str, goal: dict[str, Any]) -> None:
    held = drafts.values(form)
    result = actions.move_due_date(goal["objective_id"], goal["version"], held["due"], held["reason"] or "")
    if tell(form, result, "The due date is moved in a new version of the plan; the rep answers it."):
        drafts.finish(form)


# ---- Both --------------------------------------------------------------------------------------------------------


def mark_done(action: dict[str, Any]) -> None:
    """Done, or not after all."""
    is_done = action["done_on"] is not None
    st.button(
        "Not done yet" if is_done else "Done",
        key=f"done_{action['action_id']}",
        icon=":material/undo:" if is_done else ":material/check:",
        type="tertiary",
        on_click=_mark,
        args=(action["action_id"], action["version"], not is_done),
    )


def _mark(action_id: int, version: int, done: bool) -> None:
    words = "Marked as done; a click on Not done yet takes it back." if done else "Marked as not done."
    tell("page", actions.set_action_done(action_id, version, done), words)


def verdict(sight: Sight, plan: dict[str, Any], signatures: pl.DataFrame) -> None:
    """The verdict on a plan: two people sign the same one, and with the second the plan is closed."""
    form = f"verdict:{plan['plan_id']}"
    say(form)
    signed = signatures.filter(pl.col("plan_id") == plan["plan_id"]).to_dicts()
    for row in signed:
        st.markdown(
            f"{plain_text.label(row['name'])} signed **{VERDICTS.get(row['verdict'], 'a verdict')}**. It holds once"
            " somebody else signs the same."
        )
    if any(row["person_id"] == sight.viewer.person_id for row in signed):
        st.button("Withdraw my signature", key=f"{form}_back", on_click=_unsign, args=(form, plan["plan_id"]))
        return
    drafts.start(form, sight, {"verdict": signed[0]["verdict"] if signed else "met"})
    if st.session_state[drafts.key(form, "verdict")] not in VERDICTS:
        st.session_state[drafts.key(form, "verdict")] = "met"
    st.radio(
        "Was it reached?", list(VERDICTS), format_func=lambda name: VERDICTS[name], horizontal=True,
        key=drafts.key(form, "verdict"), on_change=keep, args=(form,),
    )  # fmt: skip
    st.button(
        "Sign" if signed else "Sign first", key=f"{form}_sign", icon=":material/draw:",
        on_click=_sign, args=(form, plan["plan_id"]),
    )  # fmt: skip
    st.caption("Two different people sign: rep and coach, or a coach and their leader. Nobody decides this alone.")


def _sign(form: str, plan_id: int) -> None:
    result = actions.sign_verdict(plan_id, drafts.values(form)["verdict"])
    done = "Both have signed: the plan is closed." if result is True else "Signed. Somebody else has to sign the same."
    if tell(form, result, done):
        drafts.finish(form)


def _unsign(form: str, plan_id: int) -> None:
    tell(form, actions.withdraw_signature(plan_id), "Your signature is withdrawn.")
