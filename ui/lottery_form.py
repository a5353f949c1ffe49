"""The form of the start-order lottery: what it could show comes first, then the terms, then one draw that stays."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.roi import lottery_draw
from coaching.roi import lottery_words as words
from coaching.roi.lottery_draw import LotteryDraft
from coaching.roi.lottery_power import starting_months
from ui import address, day_formats, drafts, plain_text
from ui.actions import Refused
from ui.actions import lottery as actions
from ui.loaders import Sight
from ui.loaders import lottery as reads

FORM = "start-lottery"
_ASKED, _SAID = "lottery_asked", "lottery_said"
_MONTHS = "lottery_months"
MOST_LISTED = 60


def said() -> None:
    """What became of the last click, once."""
    found = st.session_state.pop(_SAID, None)
    if isinstance(found, Refused):
        for problem in found.problems:
            st.warning(plain_text.label(problem, 300), icon=":material/edit_note:")
    elif found is not None:
        st.success(
            "Drawn and locked. Everybody drawn is enrolled with their first day; the order stands below.",
            icon=":material/lock:",
        )


def months() -> int:
    """For how many months after the first start to look: from the address, else two years."""
    asked = address.number("months") or lottery_draw.USUAL_MONTHS
    return min(max(asked, lottery_draw.SHORTEST_MONTHS), lottery_draw.LONGEST_MONTHS)


def visible(sight: Sight, reps: int, draft: LotteryDraft) -> None:
    """The smallest effect that a draw on these terms could show, before it is made, and what would make it smaller."""
    ahead = months()
    share, apart, twice = _visible(sight, reps, draft, ahead)
    st.subheader("First: what could it show?", anchor=False)
    with st.container(border=True, gap="small", key="visible"):
        if draft.waves_needed(reps) < 2 or share == ():
            st.markdown("It is worked out here once the terms below make two waves or more.")
            return
        st.markdown(f"**{words.visible_sentence(reps, draft.waves_needed(reps), ahead, share)}**")
        means = words.visible_means(share, reads.limits(sight))
        st.markdown(f"{means} {words.better_sentence(share, apart, twice)}".strip())
        st.session_state[_MONTHS] = ahead
        st.number_input(
            "Months of results after the first start",
            min_value=lottery_draw.SHORTEST_MONTHS,
            max_value=lottery_draw.LONGEST_MONTHS,
            step=6,
            key=_MONTHS,
            on_change=_choose_months,
            width=260,
        )
        st.caption(
            "Seen = found in 80 of 100 cases. Worked out on made-up companies whose results vary as much as yours did"
            " before anybody was coached, started in just these waves."
        )


def _visible(sight: Sight, reps: int, draft: LotteryDraft, ahead: int) -> tuple[Any, Any, Any]:
    """The share on these terms (an empty tuple where no waves follow from them), with waves further apart as
    (months, share), and with twice the reps."""
    starts = starting_months(reps, draft.first_days, draft.reps_per_wave)
    if not starts:
        return (), None, None
    further = _further_apart(draft.waves_needed(reps), starts)
    apart = None
    if further:
        spread = tuple(place // draft.reps_per_wave * further for place in range(reps))
        apart = (further, reads.visible_share(sight, spread, max(ahead, spread[-1] + 1)))
    return reads.visible_share(sight, starts, ahead), apart, reads.visible_share(sight, starts + starts, ahead)


def _further_apart(waves: int, starts: tuple[int, ...]) -> int:
    """The most months from wave to wave that fit into two years and are more than now; 0 where there are none."""
    now = starts[-1] / max(waves - 1, 1)
    fit = [gap for gap in range(1, lottery_draw.MOST_MONTHS_BETWEEN + 1) if gap > now and gap * (waves - 1) < 23]
    return max(fit, default=0)


def _choose_months() -> None:
    chosen = st.session_state[_MONTHS]
    address.put(months=None if chosen in (None, lottery_draw.USUAL_MONTHS) else int(chosen))


def who(eligible: pl.DataFrame) -> None:
    """Whom the draw is about: names for whoever may see them, ids for an admin."""
    named = eligible["name"].null_count() == 0
    listed = eligible.sort("name") if named else eligible
    with st.expander(f"Who can be drawn: {numbers.plural(eligible.height, 'rep')}", icon=":material/group:"):
        st.markdown("Everybody in view who sells, is there today and is enrolled in no programme yet.")
        shown = listed["name" if named else "key"].head(MOST_LISTED).to_list()
        rest = listed.height - len(shown)
        st.markdown(", ".join(plain_text.label(one) for one in shown) + (f" and {rest} more." if rest else "."))
        if not named:
            st.caption("By the ids of your people file: names stand with those who lead them.")


def begin(sight: Sight, reps: int) -> LotteryDraft:
    """What stands in the form now, or what it proposes; to be called before any other part of it."""
    today = sight.company.today
    drafts.start(
        FORM,
        sight,
        {
            "coach_hours": lottery_draw.proposed_hours(reps),
            "hours_per_rep": lottery_draw.USUAL_HOURS_PER_REP,
            "between": lottery_draw.USUAL_MONTHS_BETWEEN,
            "hypothesis": lottery_draw.HYPOTHESIS,
            "seed": lottery_draw.proposed_seed(today),
            "programme": None,
            **_days(today, lottery_draw.USUAL_MONTHS_BETWEEN),
        },
    )
    return _draft(reps)


def _days(today: dt.date, between: int) -> dict[str, dt.date]:
    days = lottery_draw.proposed_first_days(today, lottery_draw.MOST_WAVES, between)
    return {f"day_{wave + 1}": day for wave, day in enumerate(days)}


def terms(sight: Sight, eligible: pl.DataFrame, draft: LotteryDraft) -> None:
    """Hours, waves with their first days, hypothesis and seed; then the draw, asked for twice."""
    today, reps = sight.company.today, eligible.height
    programmes = reads.programmes(sight)
    st.subheader("Then: the terms", anchor=False)
    with st.container(border=True, gap="small", key="terms"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.number_input(
                "Coaches' hours a month for one wave",
                min_value=0.0,
                step=1.0,
                format="%g",
                width=250,
                help="All coaches together. Put in what they really have: it decides how many start at a time.",
                **drafts.field(FORM, "coach_hours"),
            )
            st.number_input(
                "Hours a month that one rep takes",
                min_value=0.0,
                step=0.5,
                format="%g",
                width=230,
                help="One-on-ones with their preparation, and observations.",
                **drafts.field(FORM, "hours_per_rep"),
            )
            st.number_input(
                "Months from wave to wave",
                min_value=1,
                max_value=lottery_draw.MOST_MONTHS_BETWEEN,
                step=1,
                width=190,
                **{**drafts.field(FORM, "between"), "on_change": _spread, "args": (today,)},
            )
            if programmes.height > 1:
                _programme_choice(programmes)
        plan = words.plan_sentence(reps, draft)
        if plan:
            st.markdown(f"**{plan}**")
        _first_days(draft.waves_needed(reps))
        st.text_area(
            "What you expect, in your own words: it is locked with the draw",
            max_chars=lottery_draw.LONGEST_HYPOTHESIS,
            height=80,
            **drafts.field(FORM, "hypothesis"),
        )
        st.text_input(
            "Seed of the draw",
            max_chars=lottery_draw.LONGEST_SEED,
            width=260,
            help="The order follows from the ids and this text alone. Proposed: today's date, which nobody picked. Any"
            " number somebody else names is as good.",
            **drafts.field(FORM, "seed"),
        )
        _draw_buttons(eligible, draft, today, programmes)


def _spread(today: dt.date) -> None:
    """Callback: other months between the waves propose other first days."""
    between = drafts.values(FORM)["between"] or lottery_draw.USUAL_MONTHS_BETWEEN
    for name, day in _days(today, int(between)).items():
        st.session_state[drafts.key(FORM, name)] = day
    drafts.keep(FORM)


def _programme_choice(programmes: pl.DataFrame) -> None:
    names = dict(programmes.select("programme_id", "name").iter_rows())
    st.selectbox(
        "Programme",
        list(names),
        index=None,
        format_func=lambda number: plain_text.cell(names.get(number, "")),
        placeholder="Choose one",
        width=240,
        **drafts.field(FORM, "programme"),
    )


def _first_days(waves: int) -> None:
    if not 0 < waves <= lottery_draw.MOST_WAVES:
        return
    with st.container(horizontal=True, gap="small", key="first_days"):
        for wave in range(1, waves + 1):
            st.date_input(
                f"Wave {wave} starts", format=day_formats.TYPED, width=150, **drafts.field(FORM, f"day_{wave}")
            )


def proposed(today: dt.date, reps: int) -> LotteryDraft:
    """What the form proposes, for whoever only reads."""
    days = lottery_draw.proposed_first_days(today, lottery_draw.USUAL_WAVES, lottery_draw.USUAL_MONTHS_BETWEEN)
    hours = lottery_draw.proposed_hours(reps)
    return LotteryDraft(
        lottery_draw.HYPOTHESIS, hours, lottery_draw.USUAL_HOURS_PER_REP, days, lottery_draw.proposed_seed(today)
    )


def _draft(reps: int) -> LotteryDraft:
    """What stands in the form now, with as many first days as waves are needed."""
    told = drafts.values(FORM)
    days = [told.get(f"day_{wave}") for wave in range(1, lottery_draw.MOST_WAVES + 1)]
    draft = LotteryDraft(
        hypothesis=told.get("hypothesis") or "",
        coach_hours=float(told.get("coach_hours") or 0),
        hours_per_rep=float(told.get("hours_per_rep") or 0),
        first_days=(),
        seed=told.get("seed") or "",
    )
    asked = days[: draft.waves_needed(reps)]
    return dataclasses.replace(draft, first_days=tuple(day for day in asked if isinstance(day, dt.date)))


def _draw_buttons(eligible: pl.DataFrame, draft: LotteryDraft, today: dt.date, programmes: pl.DataFrame) -> None:
    problems = draft.problems(eligible.height, today)
    if programmes.height > 1 and drafts.values(FORM)["programme"] is None:
        problems.append("There are several programmes: say which one.")
    if not st.session_state.get(_ASKED):
        for problem in problems:
            st.warning(plain_text.label(problem, 300), icon=":material/edit_note:")
        st.button(
            "Draw and lock",
            key="lottery_draw",
            type="primary",
            icon=":material/casino:",
            disabled=bool(problems),
            on_click=_ask,
        )
        return
    with st.container(border=True, gap="small", key="lottery_confirm"):
        st.markdown(f"**Draw the order of {numbers.plural(eligible.height, 'rep')} now?** {words.LOCKED}")
        for problem in problems:
            st.warning(plain_text.label(problem, 300), icon=":material/edit_note:")
        seen = lottery_draw.list_code(eligible["key"].to_list())
        with st.container(horizontal=True, gap="small"):
            st.button(
                "Yes, draw and lock",
                key="lottery_yes",
                type="primary",
                disabled=bool(problems),
                on_click=_draw,
                args=(eligible.height, months(), seen),
            )
            st.button("Not yet", key="lottery_no", on_click=_ask, args=(False,))


def _ask(is_asked: bool = True) -> None:
    st.session_state[_ASKED] = is_asked


def _draw(reps: int, ahead: int, seen: str) -> None:
    told: dict[str, Any] = drafts.values(FORM)
    done = actions.draw(_draft(reps), told["programme"], ahead, seen)
    st.session_state[_ASKED] = False
    st.session_state[_SAID] = done
    if not isinstance(done, Refused):
        drafts.finish(FORM)
