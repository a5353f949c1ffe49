"""The address is the view: filters stand in the URL as ids, and come along when the page changes.

Streamlit's own binding (``bind="query-params"``) writes the label of an option, and a team's label is its name: names
do not belong into addresses, and two teams may share one. So the URL is read and written here. It is the one truth of
the page that is open; what it held last is remembered only for the menu, whose links say nothing.
"""

from __future__ import annotations

import datetime as dt

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.places import OF_ONE_RECORD, OWN_NAMES

SHARED_NAMES = frozenset({"as", "team", "period", "from", "to", "as_of"})
_IN_LINKS = SHARED_NAMES.union(*OWN_NAMES.values()) - OF_ONE_RECORD
_LAST = "address_last"
LARGEST_ID = 2**63 - 1


def carry_over() -> None:
    """Once per run, before ``st.navigation``: a click on the menu brings no address, so it gets the last one.

    All of it, as it was, and before the page is named, for the sake of the Back button. The browser shows the address
    of the page that is being left until it learns which page comes, and writes an entry into its history for the new
    page and for every address that differs from the one it shows: the same address, told first, makes one entry.
    Told later, or with a name more or less, it makes two of one page.
    """
    last: dict[str, list[str]] = st.session_state.get(_LAST, {})
    if last and not st.query_params and not _is_back_or_forward():
        st.query_params.from_dict(last)
    st.session_state[_LAST] = _everything()


def put(**values: str | int | dt.date | None) -> None:
    """Write values into the address; None takes a name out of it. For callbacks and for links.

    In one message however many values: each message is an entry in the browser's history.
    """
    then = _everything()
    for name, value in values.items():
        if value is None:
            then.pop(name, None)
        else:
            then[name] = [value.isoformat() if isinstance(value, dt.date) else str(value)]
    st.query_params.from_dict(then)
    st.session_state[_LAST] = then


def _everything() -> dict[str, list[str]]:
    """The whole address in its own order, names that nobody knows and repeated ones too."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _is_back_or_forward() -> bool:
    """Whether the run answers the browser's Back or Forward: then an empty address is what was there."""
    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation


def text(name: str) -> str | None:
    """What the address says, or None."""
    return st.query_params.get(name)


def number(name: str) -> int | None:
    """An id from the address; None where there is none or it is not one. Whether it exists is for the data to say."""
    said = st.query_params.get(name, "")
    if not (said.isascii() and said.isdecimal()) or len(said) > 19 or int(said) > LARGEST_ID:
        return None
    return int(said)


def date(name: str) -> dt.date | None:
    """A date (2026-03-31) from the address; None where there is none or it is not one."""
    try:
        return dt.date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return None


def for_links(**more: str | int) -> dict[str, str]:
    """What a link to another page has to say so that the view comes along: every choice, and ``more``.

    In the address's own order, so that a redirect to the same address adds no entry to the history.
    """
    carried = {name: st.query_params[name] for name in st.query_params if name in _IN_LINKS}
    return carried | {name: str(value) for name, value in more.items()}
