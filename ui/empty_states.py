"""What a page says when there is nothing to show: one sentence of its own and a next step. Never a blank, never a 0."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from coaching import numbers
from coaching.people import Role
from coaching.periods import Calendar
from ui import address, plain_text
from ui.loaders import Sight
from ui.places import DEFINITIONS, HOME, IMPORTS, OVERVIEW

DAYS_OF_A_YOUNG_QUARTER = 14
NO_SUCH_PERSON = "There is no such person in your view"
NO_SUCH_TEAM = "There is no such team in your view"


def say(title: str, sentence: str, *, page: str | None = None, step: str = "", icon: str = ":material/info:") -> None:
    """A title, a sentence and, where a page can help, the way there. Texts are constants or escaped by the caller."""
    with st.container(border=True, gap="small"):
        st.markdown(f"**{title}**")
        st.markdown(sentence)
        if page:
            st.page_link(page, label=step, icon=icon, query_params=address.for_links())


def database_not_ready(reason: str) -> None:
    """Instead of every page while the database has no tables or older ones."""
    st.title("The database is not ready yet", anchor=False)
    st.markdown(f"{plain_text.label(reason, 300)} Run this in the project's folder, then reload the page:")
    st.code(".venv/bin/python -m data_access migrate", language=None)
    st.markdown("To browse a made-up company first, run `.venv/bin/python -m data_access demo` after it.")


def this_machine_only() -> None:
    """Instead of every page for somebody on another machine, as long as no sign-in is set up."""
    st.title("Only on the machine itself", anchor=False)
    st.markdown(
        "No sign-in is set up, so anybody here could look as anybody. Until it is, pages are shown only to a browser on"
        " the machine that runs Sideline."
    )


def nothing_loaded(sight: Sight) -> bool:
    """Says so while nobody has been loaded; whether it had to."""
    if sight.company.has_people:
        return False
    if sight.viewer.loads_data:
        say(
            "Nothing has been loaded yet",
            "Load your people first, then your deals: any CRM export will do, the columns are recognised.",
            page=IMPORTS,
            step="Load your people",
            icon=":material/upload_file:",
        )
    else:
        say(
            "Nothing has been loaded yet",
            "An admin loads the people and deals. In local mode, choose *Admin* under *View as* in the sidebar.",
        )
    return True


def no_deals_loaded(sight: Sight) -> bool:
    """Says so where people have been loaded and deals have not; whether it had to."""
    if sight.company.has_deals:
        return False
    sentence = "The people are there, so each row below has a name; the figures need your deals."
    if sight.viewer.loads_data:
        say(
            "No deals have been loaded yet",
            sentence,
            page=IMPORTS,
            step="Load your deals",
            icon=":material/upload_file:",
        )
    else:
        say("No deals have been loaded yet", sentence + " An admin loads them under Imports.")
    return True


def older_than_the_period(sight: Sight, start: dt.date) -> None:
    """Where the latest export is older than the period: says so, and offers the day of that export."""
    last = sight.company.last_snapshot_on
    if last is None or last >= start:
        return
    with st.container(border=True, gap="small"):
        st.markdown(f"**The latest export is older than this period: it is of {numbers.day(last)}**")
        st.markdown("So nothing here has happened yet, as far as the data goes.")
        st.button(
            f"Look as of {numbers.day(last)}",
            key="look_at_latest",
            icon=":material/history:",
            on_click=_look_as_of,
            args=(last, sight.company.calendar),
        )


def _look_as_of(day: dt.date, calendar: Calendar) -> None:
    # In the first days of a quarter the one before has more to say.
    is_young = (day - calendar.quarter_start(day)).days < DAYS_OF_A_YOUNG_QUARTER
    address.put(as_of=day, period="last_quarter" if is_young else None)


def not_for_this_role(sight: Sight, what: str) -> None:
    """A page that shows nothing to a role: what it is for, and where this role's own page is."""
    role = {
        Role.REP: "You see your own figures on your progress page.",
        Role.EXECUTIVE: "You see teams and the company on the overview; single reps are seen by their managers.",
        Role.ADMIN: "You load data and see definitions; figures of people stay with their managers.",
    }.get(sight.viewer.role, "")
    say(what, role, page=HOME[sight.viewer.role], step="Go to your page", icon=":material/arrow_forward:")


def no_such_person() -> None:
    """The same for somebody who does not exist and for somebody out of view, so that nothing can be told from it."""
    say(
        NO_SUCH_PERSON,
        "The link may be old, or the person may have moved to another team. Choose somebody from the overview.",
        page=OVERVIEW,
        step="Open the overview",
        icon=":material/arrow_back:",
    )


def no_such_team(top: str) -> None:
    """The same for a team that does not exist and for one out of view."""
    say(
        NO_SUCH_TEAM,
        f"The link may be old, or the team may stand elsewhere by now. The page shows {plain_text.label(top)} instead.",
    )


def no_sessions_recorded() -> None:
    """Nobody has written down a coaching session by the day asked for."""
    say(
        "No session has been recorded yet",
        "What was expected can be told from the policy and the start dates; what was held cannot. Record one-on-ones"
        " as they are held, or load a file of sessions.",
    )


def nobody_in_team(name: str, day: str) -> None:
    """A team without reps on the day asked for."""
    say(
        f"Nobody who sells belonged to {plain_text.label(name)} {day}",
        "Choose a later day or another team. Who belongs where comes from the people files.",
        page=DEFINITIONS,
        step="How people are placed in teams",
        icon=":material/menu_book:",
    )


def choose_a_rep() -> None:
    """The page of one rep, before one is chosen."""
    say(
        "Whose progress?",
        "Choose a rep above, or open one from the overview's table.",
        page=OVERVIEW,
        step="Open the overview",
        icon=":material/arrow_back:",
    )


def does_not_sell(name: str) -> None:
    """Somebody in view who has no deals and no quota of their own, such as a manager."""
    say(
        f"{plain_text.label(name)} has no sales of their own",
        "Nothing here is loaded under this name: no deals and no quota. Managers' teams are on the overview.",
        page=OVERVIEW,
        step="Open the overview",
        icon=":material/arrow_back:",
    )


def no_deals_of(name: str, span_words: str) -> None:
    """A rep without a deal in the period and without an open one."""
    say(
        f"{plain_text.label(name)} has no deal to show",
        f"No deal was won or lost in {plain_text.label(span_words)}, and none is open. Choose a longer period,"
        " or look whether the deals carry another owner in the CRM.",
    )
