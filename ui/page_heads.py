"""The head of pages about a team and of pages about one rep: title, question, filters, and whoever may not stay.

A page goes on below only where there is somebody or something to show; otherwise the script stops here with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import address, choices, empty_states, filters, headings, loaders, looks
from ui.filters import Span, TeamChoice
from ui.loaders import Sight


def of_team(
    sight: Sight,
    span: Span,
    *,
    title: str,
    question: str,
    audience: str,
    otherwise: Callable[[Sight], None] | None = None,
) -> TeamChoice:
    """Title, breadcrumb and time; the team the page is about.

    ``audience``: for whom it is, said to roles that see no team; ``otherwise`` takes the place of saying it.
    """
    headings.page(title, question)
    if empty_states.nothing_loaded(sight):
        st.stop()
    if not sight.viewer.sees_teams:
        if otherwise is not None:
            otherwise(sight)
        else:
            empty_states.not_for_this_role(sight, audience)
        st.stop()
    team = filters.team_from_address(sight, span.as_of)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute", key="filters"):
        filters.breadcrumb(team)
        with st.container(horizontal=True, width="content", gap="small"):
            filters.time_filters(span)
    if not team.is_known:
        empty_states.no_such_team(team.name)
    return team


def of_rep(
    sight: Sight,
    span: Span,
    *,
    page: str,
    title: str,
    question: str,
    audience: str,
    is_seen: bool,
    with_period: bool = False,
) -> dict[str, Any] | None:
    """Title, choice of the rep and time; the rep's card, None where nobody is chosen yet.

    ``page``: the page's address; the rep reads there who looked. ``is_seen``: whether the viewer's role sees such pages
    at all, ``audience``: who does. Somebody out of view reads like somebody who does not exist, whatever the role.
    """
    if not sight.company.has_people or not is_seen:
        headings.page(title, question)
        if not empty_states.nothing_loaded(sight):
            # The same for a rep who exists: an executive or admin learns nothing from the address.
            if address.text("rep") is not None:
                empty_states.no_such_person()
            else:
                empty_states.not_for_this_role(sight, audience)
        st.stop()
    rep_id = choices.rep_from_address(sight)
    card = loaders.person(sight, rep_id, span.as_of) if rep_id is not None else None
    headings.page(card["name"] if card else title, question)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        choices.rep(sight, span.as_of, card)
        if with_period:
            filters.time_filters(span)
        else:
            filters.as_of_filter(span)
    if card is None and address.text("rep") is not None:
        empty_states.no_such_person()
        st.stop()
    if card is not None:
        looks.note(sight, card["person_id"], page)
    return card
