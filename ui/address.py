"""The address is the view: filters stand in the URL as ids, and come along when the page changes.

Streamlit's own binding (``bind="query-params"``) writes the label of an option, and a team's label is its name: names
do not belong into addresses, and two teams may share one. So the URL is read and written here. It is the one truth of
the page that is open; what it held is remembered only to carry the shared names over to the next page.
"""

from __future__ import annotations

import datetime as dt

import streamlit as st

from ui.places import OWN_NAMES

SHARED_NAMES = frozenset({"as", "team", "period", "from", "to", "as_of"})
_PAGE = "address_page"
_REMEMBERED = "address_remembered"
LARGEST_ID = 2**63 - 1


def carry_over(page: str) -> None:
    """Once per run, before the page: after a page change, put what was chosen before back into the address."""
    remembered: dict[str, str] = st.session_state.setdefault(_REMEMBERED, {})
    names = SHARED_NAMES | OWN_NAMES.get(page, frozenset())
    if st.session_state.get(_PAGE) not in (None, page):
        for name in sorted(names):
            if name in remembered and name not in st.query_params:
                st.query_params[name] = remembered[name]
    st.session_state[_PAGE] = page
    for name in names:
        if name in st.query_params:
            remembered[name] = st.query_params[name]
        else:
            remembered.pop(name, None)


def put(**values: str | int | dt.date | None) -> None:
    """Write values into the address; None takes a name out of it. For callbacks and for links."""
    for name, value in values.items():
        if value is None:
            if name in st.query_params:
                del st.query_params[name]
        else:
            st.query_params[name] = value.isoformat() if isinstance(value, dt.date) else str(value)


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
    """What a link to another page has to say so that the view comes along."""
    shared = {name: st.query_params[name] for name in sorted(SHARED_NAMES) if name in st.query_params}
    return shared | {name: str(value) for name, value in more.items()}
